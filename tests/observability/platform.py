"""`prod` with every optional alarm and metric on, and variants of it.

A variant is a set of environment variables that override settings.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.synthesis import Synthesis, synthesise

NAME = "ecommerce-prod"
RUNBOOK = "https://example.com/runbook.md"

EVERYTHING = {
    "PLATFORM__ALARMS__EMAILS": "[ops@example.com]",
    "PLATFORM__ALARMS__RUNBOOK_URL": RUNBOOK,
    "PLATFORM__ALARMS__THRESHOLDS__WAF_BLOCKED_REQUESTS": "500",
}
ON_DEMAND = {"PLATFORM__FUNCTION__PROVISIONED_CONCURRENCY": "null"}
INSTANCE_CLASS = {"PLATFORM__DATABASE__INSTANCE_CLASS": "db.r6g.large"}
NO_READERS = {"PLATFORM__DATABASE__READERS": "0"}
NO_PROXY = {
    "PLATFORM__DATABASE__PROXY": "null",
    "PLATFORM__FUNCTION__RESERVED_CONCURRENCY": "200",
}
NO_ADDITIONAL_METRICS = {"PLATFORM__EDGE__ADDITIONAL_METRICS": "false"}
BARE = ON_DEMAND | INSTANCE_CLASS | NO_PROXY | NO_ADDITIONAL_METRICS
PAUSING = (
    ON_DEMAND
    | NO_PROXY
    | {
        "PLATFORM__DATABASE__SERVERLESS__MIN_CAPACITY": "0",
        "PLATFORM__FUNCTION__RESERVED_CONCURRENCY": "20",
        "PLATFORM__FUNCTION__CONNECT_TIMEOUT_SECONDS": "20",
    }
)
HOME_IN_EDGE_REGION = {"PLATFORM__REGION": "us-east-1"}


@cache
def synthesise_platform(**variables: str) -> Synthesis:
    """Return the platform with everything on, except as the variables say.

    Tests that change the documents work on a copy: a variant is synthesised once.
    """
    with TemporaryDirectory() as folder:
        return synthesise("prod", folder=Path(folder), variables=EVERYTHING | variables)
