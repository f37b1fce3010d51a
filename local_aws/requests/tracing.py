"""The header that follows a request through AWS (X-Ray Developer Guide, Tracing header)."""

import secrets
import time

from local_aws.requests.messages import Request

TRACE_HEADER = "X-Amzn-Trace-Id"


def trace_of(request: Request) -> str:
    """Return the trace that a request belongs to, a new one unless it names one."""
    sent = request.headers.get(TRACE_HEADER, "")
    return sent if "Root=" in sent else f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
