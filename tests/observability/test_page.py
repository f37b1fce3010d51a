"""The page of `make dashboard`, which shows dashboards and alarms before a deployment."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from commands.dashboard import render_page
from commands.dashboard.findings import FoundDashboard, find_alarms, find_dashboards
from tests.observability.platform import EVERYTHING, NAME, RUNBOOK
from tests.synthesis import API_FUNCTION, Block, Stack, Synthesis, synthesise

OUTSIDE = re.compile(r"https?://|//|@import|url\(", re.IGNORECASE)


class _Page(HTMLParser):
    """The texts, styles and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.styles: list[str] = []
        self._tag = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        (self.styles if self._tag == "style" else self.texts).append(data)

    @property
    def text(self) -> str:
        """All the text of the page, with single spaces."""
        return re.sub(r"\s+", " ", "".join(self.texts))


def _render(platform: Synthesis) -> str:
    stacks = platform.documents()
    return render_page(dashboards=find_dashboards(stacks), alarms=find_alarms(stacks), title=NAME)


@pytest.fixture
def page(platform: Synthesis) -> _Page:
    """Return the page of the platform."""
    return _Page(_render(platform))


def _widgets(observability: Stack) -> Iterator[Block]:
    for block in observability.resources("aws_cloudwatch_dashboard").values():
        yield from json.loads(block["dashboard_body"])["widgets"]


def test_it_shows_every_widget_at_its_place(observability: Stack, page: _Page) -> None:
    places = [value for _, name, value in page.attributes if name == "style" and "grid" in value]
    expected = [
        f"grid-column: {each['x'] + 1} / span {each['width']}; "
        f"grid-row: {each['y'] + 1} / span {each['height']}"
        for each in _widgets(observability)
    ]
    assert sorted(places) == sorted(expected)
    for widget in _widgets(observability):
        properties = widget["properties"]
        assert (properties.get("title") or properties["markdown"].split("\n")[1]) in page.text
        for row in properties.get("metrics", []):
            options = row[-1]
            measure = options.get("expression") or f"{options['stat']} of {row[1]}"
            assert measure in page.text
        for line in properties.get("annotations", {}).get("horizontal", []):
            assert f"{line['label']}: {line['value']:,}" in page.text


def test_it_shows_every_alarm_with_its_limit_and_its_runbook(
    platform: Synthesis, page: _Page
) -> None:
    links = {value for tag, name, value in page.attributes if (tag, name) == ("a", "href")}
    for alarm in find_alarms(platform.documents()):
        name = alarm.block["alarm_name"]
        assert name in page.text
        assert f"{RUNBOOK}#{name.removeprefix(f'{NAME}-')}" in links
    assert "above 2 in 3 of 5 periods of one minute" in page.text
    assert "Limit: 2 percent." in page.text
    assert "when any of these is on" in page.text


def test_references_are_addresses_of_resources_not_tokens(platform: Synthesis, page: _Page) -> None:
    function = platform.stacks["service"].reference(
        "aws_lambda_function", "function_name", within=API_FUNCTION
    )
    cluster = platform.stacks["data"].reference("aws_rds_cluster", "cluster_identifier")
    assert f"FunctionName = {function.strip('${}')}" in page.text
    assert f"DBClusterIdentifier = {cluster.strip('${}')}" in page.text
    assert "${" not in page.text
    assert "terraform_remote_state" not in page.text


def test_it_says_that_there_is_no_data(page: _Page) -> None:
    assert "there is no data on this page" in page.text


def test_it_loads_nothing_from_anywhere(page: _Page) -> None:
    assert not OUTSIDE.search(" ".join(page.styles))
    for tag, name, value in page.attributes:
        assert tag not in {"iframe", "img", "link", "object", "script"}
        if OUTSIDE.search(value):
            # Links are followed by people; the page loads nothing from them.
            assert (tag, name) == ("a", "href")


def test_text_of_a_dashboard_never_becomes_markup() -> None:
    widget: Block = {
        "type": "metric", "x": 0, "y": 0, "width": 24, "height": 6,
        "properties": {"title": "<script>alert(1)</script>", "region": "eu-west-1", "metrics": []},
    }  # fmt: skip
    dashboards = [FoundDashboard(name="own", body={"widgets": [widget]})]
    page = _Page(render_page(dashboards=dashboards, alarms=[], title="<b>"))
    assert "<script>alert(1)</script>" in page.text
    assert not any(tag == "script" for tag, _, _ in page.attributes)


def test_the_same_settings_give_the_same_page(tmp_path: Path, platform: Synthesis) -> None:
    again = synthesise("prod", folder=tmp_path, variables=EVERYTHING)
    assert _render(platform) == _render(again)
