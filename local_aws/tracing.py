"""The header that identifies a request in every service it passes.

Source: X-Ray Developer Guide, Tracing header.
"""

import secrets
import time

TRACE_HEADER = "X-Amzn-Trace-Id"

_ROOT = "Root="


def trace_of(sent: str | None) -> str:
    """Return the trace header that a service passes on: the one it was sent, or a new one."""
    return sent if sent and _ROOT in sent else _new_trace()


def new_unsampled_trace() -> str:
    """Return the trace header of an invocation that belongs to no request."""
    return f"{_new_trace()};Parent={secrets.token_hex(8)};Sampled=0"


def trace_id_of(header: str) -> str:
    """Return the trace id that a trace header holds."""
    return header.partition(_ROOT)[2].partition(";")[0]


def _new_trace() -> str:
    return f"{_ROOT}1-{int(time.time()):08x}-{secrets.token_hex(12)}"
