"""Dashboards: layout, titles, and the same output every time."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest

from commands.dashboard.references import Block
from modules.observability.resources import MonitoredDistribution
from modules.observability.dashboards.widgets import Chart
from tests.observability.platform import Shape, synthesise_platform

COLUMNS = 24


def _bodies(stacks: Mapping[str, Block]) -> dict[str, Block]:
    named: Mapping[str, Block] = stacks["watching"]["resource"]["aws_cloudwatch_dashboard"]
    return {
        block["dashboard_name"]: json.loads(block["dashboard_body"]) for block in named.values()
    }


@pytest.mark.parametrize(
    "shape",
    [
        Shape(),
        Shape(
            provisioned=False, serverless=False, readers=0, proxy=False, additional_metrics=False
        ),
        Shape(serverless=False, readers=15),
    ],
    ids=str,
)
def test_widgets_fill_the_grid_and_never_overlap(tmp_path: Path, shape: Shape) -> None:
    for body in _bodies(synthesise_platform(tmp_path, shape=shape)).values():
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


def test_each_question_has_its_section(tmp_path: Path) -> None:
    questions = {
        name: [
            widget["properties"]["markdown"].splitlines()[0]
            for widget in body["widgets"]
            if widget["type"] == "text"
        ]
        for name, body in _bodies(synthesise_platform(tmp_path)).items()
    }
    assert questions == {
        "shop-test-health": ["## Is it up?", "## Is it slow?"],
        "shop-test-capacity": ["## Is it full?", "## What does it cost?"],
    }


def test_every_widget_has_a_title_of_its_own_and_every_chart_a_unit(tmp_path: Path) -> None:
    widgets = [
        widget
        for body in _bodies(synthesise_platform(tmp_path)).values()
        for widget in body["widgets"]
        if widget["type"] != "text"
    ]
    titles = [widget["properties"]["title"] for widget in widgets]
    assert len(set(titles)) == len(titles)
    for widget in widgets:
        if widget["type"] == "metric":
            assert widget["properties"]["yAxis"]["left"]["label"]


def test_the_same_platform_gives_the_same_dashboards(tmp_path: Path) -> None:
    first, second = (
        (synthesise_platform(tmp_path / name), tmp_path / name / "stacks/watching/cdk.tf.json")
        for name in ("first", "second")
    )
    assert first[1].read_bytes() == second[1].read_bytes()


def test_a_chart_of_two_units_is_refused() -> None:
    distribution = MonitoredDistribution(id="id")
    series = [
        distribution.metric("Requests", statistic="Sum", label="Requests"),
        distribution.metric("5xxErrorRate", statistic="Average", label="Failed"),
    ]
    with pytest.raises(ValueError, match="Mixed: one chart, one unit; not count, percent"):
        Chart(title="Mixed", series=series, region="eu-west-1")
