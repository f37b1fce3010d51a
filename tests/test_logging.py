"""The logging table and what is synthesised (docs/failures.md)."""

import re
from collections.abc import Iterator
from functools import reduce

from modules.settings import Settings
from modules.toolchain import ROOT
from tests.logging_checks import EDGE_REGION, LogFlow, find_flows
from tests.synthesis import Synthesis


def _rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "logging.md").read_text().splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def _regions(place: str, settings: Settings) -> set[str]:
    """Where the destination of a row is."""
    home, listed = {settings.region}, set(settings.edge.log_regions) - {EDGE_REGION}
    words = place.rpartition("` in ")[2] if "` in " in place else "the home region"
    if words == "the home region":
        return home
    if words == EDGE_REGION:
        return {EDGE_REGION}
    if words == "the home region, where `edge.log_regions` has it":
        return home & listed
    assert words == "each other of `edge.log_regions`", f"no test knows where '{words}' is"
    return listed - home


def _documented(settings: Settings) -> Iterator[LogFlow]:
    for source, place, format_, retention, key, writer in _rows():
        if source == "RDS Proxy" and settings.database.proxy is None:
            continue
        path = re.findall(r"`([a-z_.]+)`", retention)[0].split(".")
        days: int = reduce(getattr, path, settings)  # pyright: ignore[reportAssignmentType]
        name = re.findall(r"`([^`]+)`", place)[0]
        name = name.replace("{prefix}", settings.prefix)
        name = name.replace("{stage}", settings.api.stage_name)
        places = [f"{region} {name}" for region in _regions(place, settings)]
        if place.startswith("log archive"):
            places = [f"log archive {name}"]
        for where in places:
            yield LogFlow(
                source=source, place=where, format=format_, days=days, key=key, writer=writer
            )


def check_logging(synthesis: Synthesis) -> None:
    """Every source arrives as its row of the table says, and nothing else does."""
    assert sorted(find_flows(synthesis)) == sorted(_documented(synthesis.settings))


def test_the_table_says_what_is_synthesised(synthesis: Synthesis) -> None:
    check_logging(synthesis)
