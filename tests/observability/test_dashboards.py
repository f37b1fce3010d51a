"""Dashboards: layout, titles and units; the same input gives the same output."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from modules.observability.dashboards.widgets import Chart
from modules.observability.resources import MonitoredDistribution
from tests.observability.platform import (
    BARE,
    EVERYTHING,
    INSTANCE_CLASS,
    NAME,
    NO_READERS,
    synthesise_platform,
)
from tests.synthesis import Block, Synthesis, synthesise

COLUMNS = 24


def _bodies(platform: Synthesis) -> dict[str, Block]:
    dashboards = platform.stacks["observability"].resources("aws_cloudwatch_dashboard")
    return {
        block["dashboard_name"]: json.loads(block["dashboard_body"])
        for block in dashboards.values()
    }


@pytest.mark.parametrize(
    "variant",
    [{}, BARE | NO_READERS, INSTANCE_CLASS | {"PLATFORM__DATABASE__READERS": "15"}],
    ids=["everything", "bare", "most readers"],
)
def test_widgets_fill_the_grid_and_never_overlap(variant: dict[str, str]) -> None:
    for body in _bodies(synthesise_platform(**variant)).values():
        cells = [
            {
                (x, y)
                for x in range(widget["x"], widget["x"] + widget["width"])
                for y in range(widget["y"], widget["y"] + widget["height"])
            }
            for widget in body["widgets"]
        ]
        assert not any(one & other for one, other in combinations(cells, 2))
        bottom = max(widget["y"] + widget["height"] for widget in body["widgets"])
        assert set().union(*cells) == {(x, y) for x in range(COLUMNS) for y in range(bottom)}
        assert len(body["widgets"]) <= 500  # CloudWatch's limit


def test_each_question_has_its_section(platform: Synthesis) -> None:
    questions = {
        name: [
            widget["properties"]["markdown"].splitlines()[0]
            for widget in body["widgets"]
            if widget["type"] == "text"
        ]
        for name, body in _bodies(platform).items()
    }
    assert questions == {
        f"{NAME}-health": ["## Is it up?", "## Is it slow?"],
        f"{NAME}-capacity": ["## Is it full?", "## What does it cost?"],
    }


def test_every_widget_has_its_own_title_and_every_chart_a_unit(platform: Synthesis) -> None:
    widgets = [
        widget
        for body in _bodies(platform).values()
        for widget in body["widgets"]
        if widget["type"] != "text"
    ]
    titles = [widget["properties"]["title"] for widget in widgets]
    assert len(set(titles)) == len(titles)
    for widget in widgets:
        if widget["type"] == "metric":
            assert widget["properties"]["yAxis"]["left"]["label"]


def test_the_same_settings_give_the_same_stacks(tmp_path: Path, platform: Synthesis) -> None:
    again = synthesise("prod", folder=tmp_path, variables=EVERYTHING)
    assert platform.text() == again.text()


def test_a_chart_of_two_units_is_refused() -> None:
    distribution = MonitoredDistribution(id="id", additional_metrics=False)
    series = [
        distribution.metric("Requests", statistic="Sum", label="Requests"),
        distribution.metric("5xxErrorRate", statistic="Average", label="Failed"),
    ]
    with pytest.raises(ValueError, match="Mixed: one chart, one unit; not count, percent"):
        Chart(title="Mixed", series=series, region="eu-west-1")
