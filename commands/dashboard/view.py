"""The widgets and alarms, in the words and numbers that the page shows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from commands.dashboard.findings import FoundAlarm, FoundDashboard
from commands.dashboard.references import Block

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#e377c2", "#17becf")
"""Colours of series, roughly in the order in which CloudWatch assigns them."""

_HEADROOM = 1.3
"""Height of a chart, as a multiple of its highest threshold."""

_OPERATORS = {
    "GreaterThanOrEqualToThreshold": "at or above",
    "GreaterThanThreshold": "above",
    "LessThanOrEqualToThreshold": "at or below",
    "LessThanThreshold": "below",
}
_TIME_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_COMPOSED_ALARM = re.compile(r'(?<=ALARM\("{)([^}]+)')
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, kw_only=True)
class SeriesView:
    """One line of a chart, or one input of an expression."""

    label: str
    measure: str
    """Statistic and metric, or the formula of an expression."""

    source: tuple[str, ...]
    """Namespace and dimensions, one on each line; empty for an expression."""

    timing: str
    """Period and region."""

    colour: str | None = None
    """Colour of the line, None for an input that is not drawn."""


def shared_lines(series: Sequence[SeriesView]) -> list[str]:
    """Return the source lines that all metrics have in common; the page shows them once."""
    sources = [each.source for each in series if each.source]
    return [line for line in sources[0] if all(line in each for each in sources)] if sources else []


@dataclass(frozen=True, kw_only=True)
class LineView:
    """A threshold, drawn as a line across a chart."""

    label: str
    value: str
    percent: float
    """Height of the line, in percent of the chart's height."""


@dataclass(frozen=True, kw_only=True)
class WidgetView:
    """One widget, with its position and size on the grid."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    title: str = ""
    text: str = ""
    unit: str = ""
    stacked: bool = False
    series: Sequence[SeriesView] = ()
    lines: Sequence[LineView] = ()
    log_groups: Sequence[str] = ()
    query: Sequence[str] = ()
    alarms: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class AlarmView:
    """One alarm, as a row of the table."""

    name: str
    region: str
    summary: str
    link: str
    condition: str
    """When the alarm goes off."""

    series: Sequence[SeriesView] = ()
    composed_alarms: Sequence[str] = ()
    """Names of the alarms that a composite alarm combines."""


def widget_views(dashboard: FoundDashboard, *, alarms: Sequence[FoundAlarm]) -> list[WidgetView]:
    """Return the widgets of a dashboard.

    Args:
        dashboard: The dashboard.
        alarms: All alarms; widgets that show the state of alarms refer to them.
    """
    names = {f"{alarm.address}.arn": str(alarm.block["alarm_name"]) for alarm in alarms}
    return [_widget(widget, names=names) for widget in dashboard.body["widgets"]]


def _widget(widget: Block, *, names: Mapping[str, str]) -> WidgetView:
    properties: Block = widget["properties"]
    title, _, text = properties.get("markdown", "").partition("\n")
    sources, stages = _split_query(properties.get("query", ""))
    return WidgetView(
        kind=widget["type"],
        x=widget["x"],
        y=widget["y"],
        width=widget["width"],
        height=widget["height"],
        title=properties.get("title") or title.lstrip("# "),
        text=text,
        unit=properties.get("yAxis", {}).get("left", {}).get("label", ""),
        stacked=properties.get("stacked", False),
        series=list(_series(properties.get("metrics", []), region=properties.get("region", ""))),
        lines=_lines(properties.get("annotations", {}).get("horizontal", [])),
        log_groups=sources,
        query=stages,
        alarms=[names.get(arn, arn) for arn in properties.get("alarms", [])],
    )


def _split_query(query: str) -> tuple[list[str], list[str]]:
    parts = query.split(" | ") if query else []
    sources = [part.split("'")[1].strip("{}") for part in parts if part.startswith("SOURCE ")]
    return sources, parts[len(sources) :]


def _series(rows: Sequence[Sequence[object]], *, region: str) -> Iterator[SeriesView]:
    colours = iter(COLOURS * (len(rows) // len(COLOURS) + 1))
    for row in rows:
        options = cast("Block", row[-1] if isinstance(row[-1], dict) else {})
        settings: Block = {"region": region, "stat": "Average", "period": 300, **options}
        colour = next(colours) if settings.get("visible", True) else None
        timing = f"over {_duration(settings['period'])}, {settings['region']}"
        if "expression" in settings:
            yield SeriesView(
                label=settings.get("label", ""),
                measure=settings["expression"],
                source=(),
                timing=timing,
                colour=colour,
            )
            continue
        namespace, name, *pairs = (str(part) for part in row if not isinstance(part, dict))
        yield SeriesView(
            label=settings["id"] if colour is None else settings.get("label", name),
            measure=f"{settings['stat']} of {name}",
            source=_source(namespace, dict(zip(pairs[::2], pairs[1::2], strict=True))),
            timing=timing,
            colour=colour,
        )


def _source(namespace: str, dimensions: Mapping[str, str]) -> tuple[str, ...]:
    return (namespace, *(f"{name} = {value}" for name, value in dimensions.items()))


def _lines(annotations: Sequence[Block]) -> list[LineView]:
    if not annotations:
        return []
    top = max(float(each["value"]) for each in annotations) * _HEADROOM
    return [
        LineView(
            label=each["label"],
            value=f"{each['value']:,}",
            percent=100 * float(each["value"]) / top,
        )
        for each in annotations
    ]


def _duration(seconds: int) -> str:
    size, name = next(
        (size, name) for size, name in _TIME_UNITS if seconds % size == 0 and seconds >= size
    )
    count = seconds // size
    return f"one {name}" if count == 1 else f"{count} {name}s"


def alarm_views(alarms: Sequence[FoundAlarm]) -> list[AlarmView]:
    """Return the alarms in the same order."""
    names = {f"{alarm.address}.alarm_name": str(alarm.block["alarm_name"]) for alarm in alarms}
    return [_alarm(alarm, names=names) for alarm in alarms]


def _alarm(alarm: FoundAlarm, *, names: Mapping[str, str]) -> AlarmView:
    block = alarm.block
    description = str(block.get("alarm_description", ""))
    link = _LINK.search(description)
    composite = "alarm_rule" in block
    return AlarmView(
        name=block["alarm_name"],
        region=alarm.region,
        summary=_LINK.sub("", description).replace(" Runbook: ", " ").strip(),
        link=link[0] if link else "",
        condition=_composite_condition(block["alarm_rule"]) if composite else _condition(block),
        series=[] if composite else list(_alarm_series(block, region=alarm.region)),
        composed_alarms=(
            [
                names.get(address, address)
                for address in _COMPOSED_ALARM.findall(block["alarm_rule"])
            ]
            if composite
            else []
        ),
    )


def _composite_condition(alarm_rule: str) -> str:
    """Return a short text for a rule that only joins alarms by OR; otherwise the rule itself."""
    joints = set(_COMPOSED_ALARM.split(alarm_rule)[2:-1:2])
    return "when any of these is on" if joints == {'}") OR ALARM("{'} else alarm_rule


def _condition(block: Block) -> str:
    queries: list[Block] = block.get("metric_query", [])
    periods = [query["metric"]["period"] for query in queries if "metric" in query]
    period = _duration(block.get("period") or periods[0])
    operator = _OPERATORS[block["comparison_operator"]]
    bad, looked_at = block["datapoints_to_alarm"], block["evaluation_periods"]
    when = f"in {bad} of {looked_at} periods" if looked_at > 1 else "in one period"
    return f"{operator} {block['threshold']:,} {when} of {period}"


def _alarm_series(block: Block, *, region: str) -> Iterator[SeriesView]:
    queries: list[Block] = block.get("metric_query", [])
    rows: list[list[object]] = []
    for query in queries:
        if "expression" in query:
            rows.append([{"expression": query["expression"], "period": _period(queries)}])
            continue
        metric: Block = query["metric"]
        options = {"stat": metric["stat"], "period": metric["period"]}
        rows.append(_row(metric, {**options, "id": query["id"], "visible": False}))
    if "metric_name" in block:
        statistic = block.get("statistic") or block["extended_statistic"]
        rows.append(_row(block, {"stat": statistic, "period": block["period"], "label": ""}))
    yield from _series(rows, region=region)


def _period(queries: Sequence[Block]) -> int:
    return int(next(query["metric"]["period"] for query in queries if "metric" in query))


def _row(metric: Block, options: Block) -> list[object]:
    pairs = [part for pair in metric.get("dimensions", {}).items() for part in pair]
    return [metric["namespace"], metric["metric_name"], *pairs, options]
