"""The table in `docs/logging.md` agrees with the synthesised platform (docs/failures.md)."""

import re
from collections.abc import Iterator
from functools import reduce

from modules.settings import Settings
from modules.settings.edge import EDGE_REGION
from modules.toolchain import ROOT
from tests.logging_checks import LogFlow, find_flows
from tests.synthesis import Synthesis


def _rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "logging.md").read_text().splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def _regions(destination: str, settings: Settings) -> set[str]:
    """Return the regions of a row's destination."""
    home, listed = {settings.region}, set(settings.edge.log_regions) - {EDGE_REGION}
    words = destination.rpartition("` in ")[2] if "` in " in destination else "the home region"
    if words == "the home region":
        return home
    if words == EDGE_REGION:
        return {EDGE_REGION}
    if words == "the home region, if `edge.log_regions` lists it":
        return home & listed
    assert words == "each other region of `edge.log_regions`", f"unknown region: '{words}'"
    return listed - home


def _documented(settings: Settings) -> Iterator[LogFlow]:
    for source, destination, format_, retention, key, writer in _rows():
        if source == "RDS Proxy" and settings.database.proxy is None:
            continue
        path = re.findall(r"`([a-z_.]+)`", retention)[0].split(".")
        days: int = reduce(getattr, path, settings)  # pyright: ignore[reportAssignmentType]
        name = re.findall(r"`([^`]+)`", destination)[0]
        name = name.replace("{prefix}", settings.prefix)
        name = name.replace("{stage}", settings.api.stage_name)
        places = [f"{region} {name}" for region in _regions(destination, settings)]
        if destination.startswith("log archive"):
            places = [f"log archive {name}"]
        for place in places:
            yield LogFlow(
                source=source, destination=place, format=format_, days=days, key=key, writer=writer
            )


def check_logging(synthesis: Synthesis) -> None:
    """Assert that the table has exactly the log flows of an environment."""
    assert sorted(find_flows(synthesis)) == sorted(_documented(synthesis.settings))


def test_the_table_has_exactly_the_synthesised_flows(synthesis: Synthesis) -> None:
    check_logging(synthesis)
