"""The logging table and what is synthesised (failure 8)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from commands.setup.layout import ROOT
from modules.settings import Settings
from tests.synthesis import Synthesis

EDGE_REGION = "us-east-1"
ARCHIVE = "log archive"


@dataclass(frozen=True, order=True)
class LogDestination:
    """Where logs go, how long they stay and what encrypts them."""

    place: str
    days: int
    key: str


def _rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "logging.md").read_text().splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def _documented(settings: Settings) -> Iterator[LogDestination]:
    for source, place, _, retention, key, _ in _rows():
        if source == "RDS Proxy" and settings.database.proxy is None:
            continue
        path = re.findall(r"`([a-z_.]+)`", retention)[0].split(".")
        days: int = reduce(getattr, path, settings)  # pyright: ignore[reportAssignmentType]
        name, *where = re.findall(r"`([^`]+)`", place)
        name = name.replace("{prefix}", settings.prefix)
        name = name.replace("{stage}", settings.api.stage_name)
        regions = settings.edge.log_regions if where else (EDGE_REGION,)
        if ARCHIVE in place:
            yield LogDestination(f"{ARCHIVE} {name}", days, key)
        elif " in " in place:
            others = [region for region in regions if not where or region != EDGE_REGION]
            yield from (LogDestination(f"{region} {name}", days, key) for region in others)
        else:
            yield LogDestination(f"{settings.region} {name}", days, key)


def synthesised(synthesis: Synthesis) -> Iterator[LogDestination]:
    """Every log group, and every prefix of the log archive that something writes to."""
    settings = synthesis.settings
    for part, stack in synthesis.stacks.items():
        for group in stack.resources("aws_cloudwatch_log_group").values():
            region = group.get("provider", "aws").partition(".")[2] or settings.region
            place = re.sub(r"\$\{substr\([^}]+\}", "{life}", group["name"])
            place = re.sub(r"\$\{aws_api_gateway_rest_api[^}]+\}", "{api}", place)
            key = "CloudWatch's own"
            if "kms_key_id" in group:
                key = "edge-logs" if part == "edge" else "logs"
            yield LogDestination(f"{region} {place}", group["retention_in_days"], key)
    (rule,) = synthesis.stacks["foundation"].only("aws_s3_bucket_lifecycle_configuration")["rule"]
    (expiration,) = rule["expiration"]
    for prefix in _archive_prefixes(synthesis):
        yield LogDestination(f"{ARCHIVE} {prefix}/", expiration["days"], "S3's own")


def _archive_prefixes(synthesis: Synthesis) -> Iterator[str]:
    for balancer in synthesis.stacks["service"].resources("aws_lb").values():
        logs = balancer.get("access_logs", {})
        if logs.get("enabled"):
            yield logs["prefix"]
    edge = synthesis.stacks["edge"]
    for destination in edge.resources("aws_cloudwatch_log_delivery_destination").values():
        (target,) = destination["delivery_destination_configuration"]
        yield target["destination_resource_arn"].rpartition("/")[2]


def check_logging(synthesis: Synthesis) -> None:
    """The table has exactly what is synthesised."""
    assert sorted(synthesised(synthesis)) == sorted(_documented(synthesis.settings))


def test_the_table_says_what_is_synthesised(synthesis: Synthesis) -> None:
    check_logging(synthesis)
