"""A checker that finds metrics that would show nothing, or another resource.

It reads the synthesised JSON, not the objects that made it. For each metric it compares
name, dimension set, statistic, region, constants and referenced resources with
`published_metrics.py`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from commands.dashboard.findings import region_of
from commands.dashboard.references import REFERENCE, Block, References
from modules.observability.metrics.metric_definitions import Constant, OwnRegion, Reference
from modules.observability.metrics.published_metrics import NAMESPACES, MetricError, check_metric
from modules.settings.edge import EDGE_REGION

_SOURCE = re.compile(r"SOURCE '(?P<group>[^']*)'")
_ID = re.compile(r"\b[a-z]\w*\b")


@dataclass(frozen=True, kw_only=True)
class UsedMetric:
    """A metric, as a dashboard or an alarm uses it."""

    where: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    region: str


def find_problems(stacks: Mapping[str, Block]) -> list[str]:
    """Return a line for each problem of the dashboards and alarms of all stacks.

    Args:
        stacks: Terraform's JSON of all stacks of an environment, by stack id. Dashboards refer to
            resources of other stacks.
    """
    checker = _Checker(stacks)
    return [problem for id_ in stacks for problem in checker.check_stack(id_)]


def used_metrics(document: Block) -> Iterator[UsedMetric | str]:
    """Yield every metric of a stack's dashboards and alarms, or the problem with its form."""
    resources = document.get("resource", {})
    for name, block in resources.get("aws_cloudwatch_dashboard", {}).items():
        for widget in _widgets(block):
            if widget["type"] == "metric":
                title = widget["properties"].get("title", "without title")
                yield from _widget_metrics(widget["properties"], where=f"{name}, '{title}'")
    for name, block in resources.get("aws_cloudwatch_metric_alarm", {}).items():
        yield from _alarm_metrics(block, where=name, region=region_of(block, document))


def _widgets(dashboard: Block) -> list[Block]:
    return cast("list[Block]", json.loads(dashboard["dashboard_body"])["widgets"])


def _widget_metrics(properties: Block, *, where: str) -> Iterator[UsedMetric | str]:
    ids: list[str] = []
    formulas: list[str] = []
    for row in properties["metrics"]:
        options: Block = row[-1] if isinstance(row[-1], dict) else {}
        ids += [options["id"]] if "id" in options else []
        if "expression" in options:
            formulas.append(options["expression"])
            continue
        namespace, name, *pairs = row[:-1] if options else row
        if "dimensions" in options or not all(isinstance(part, str) for part in pairs):
            yield f"{where}: {namespace} {name}: dimensions are positional pairs, never an object"
            continue
        if len(pairs) % 2:
            yield f"{where}: {namespace} {name}: a dimension without a value"
            continue
        yield UsedMetric(
            where=where,
            namespace=namespace,
            name=name,
            dimensions=tuple(zip(pairs[::2], pairs[1::2], strict=True)),
            statistic=options.get("stat", properties.get("stat", "Average")),
            region=options.get("region", properties["region"]),
        )
    yield from _formula_problems(formulas, ids, where=where)


def _formula_problems(formulas: list[str], ids: list[str], *, where: str) -> Iterator[str]:
    if len(set(ids)) != len(ids):
        yield f"{where}: two metrics have the same id"
    for formula in formulas:
        unknown = set(_ID.findall(formula)) - set(ids)
        if unknown:
            yield f"{where}: '{formula}' uses {', '.join(sorted(unknown))}, which nothing defines"


def _alarm_metrics(alarm: Block, *, where: str, region: str) -> Iterator[UsedMetric | str]:
    queries: list[Block] = alarm.get("metric_query", [])
    formulas = [query["expression"] for query in queries if "expression" in query]
    yield from _formula_problems(formulas, [query["id"] for query in queries], where=where)
    metrics: list[Block] = [query["metric"] for query in queries if "metric" in query]
    for metric in metrics or [alarm]:
        yield UsedMetric(
            where=where,
            namespace=metric["namespace"],
            name=metric["metric_name"],
            dimensions=tuple(metric.get("dimensions", {}).items()),
            statistic=(
                metric.get("stat") or metric.get("statistic") or metric["extended_statistic"]
            ),
            region=region,
        )


class _Checker:
    def __init__(self, stacks: Mapping[str, Block]) -> None:
        self._stacks = stacks
        self._references = References(stacks)

    def check_stack(self, id_: str) -> Iterator[str]:
        document = self._stacks[id_]
        home = region_of({}, document)
        for used in used_metrics(document):
            if isinstance(used, str):
                yield used
                continue
            for problem in self._check_metric(used, stack=id_, home=home):
                yield f"{used.where}: {problem}"
        yield from self._check_log_groups(document, stack=id_)

    def _check_metric(self, used: UsedMetric, *, stack: str, home: str) -> Iterator[str]:
        names = tuple(name for name, _ in used.dimensions)
        try:
            definition = check_metric(
                namespace=used.namespace,
                name=used.name,
                dimensions=names,
                statistic=used.statistic,
                region=used.region,
            )
        except MetricError as error:
            yield str(error)
            return
        where = f"{used.namespace} {used.name}"
        publishing_region = definition.dimension_sets[frozenset(names)]
        expected = home if publishing_region == "home" else EDGE_REGION
        if used.region != expected:
            yield f"{where}: region {used.region}; AWS publishes it in {expected}"
        if definition.needs and not self._all_resources(definition.needs):
            yield f"{where}: AWS publishes it only with a {definition.needs}"
        kinds = NAMESPACES[used.namespace].dimensions
        for name, value in used.dimensions:
            kind = kinds[name]
            if isinstance(kind, Reference):
                problem = self._check_reference(value, kind, stack=stack)
            else:
                problem = _check_constant(value, kind, region=used.region)
            if problem:
                yield f"{where}: {name} {problem}"

    def _check_reference(self, value: str, kind: Reference, *, stack: str) -> str | None:
        matches = list(REFERENCE.finditer(value))
        if not matches:
            return f"is '{value}', which is no reference to a resource"
        form = value
        for match in matches:
            target = self._references.resolve(match["address"], stack=stack)
            if target is None:
                return f"is '{value}', which points at nothing in this platform"
            if (target.type, target.attribute) == ("aws_wafv2_web_acl", "name"):
                # The dimension is the metric name; the name will do only if it is the same.
                metric_name = target.block["visibility_config"]["metric_name"]
                if metric_name != target.block["name"]:
                    return f"is the name of {target.name}, but its metric name is '{metric_name}'"
            form = form.replace(match[0], f"{{{target.type}.{target.attribute}}}")
        if form not in kind.forms:
            return f"is {form}; it should be {' or '.join(kind.forms)}"
        return None

    def _check_log_groups(self, document: Block, *, stack: str) -> Iterator[str]:
        kind = NAMESPACES["AWS/Logs"].dimensions["LogGroupName"]
        assert isinstance(kind, Reference)
        for name, block in document.get("resource", {}).get("aws_cloudwatch_dashboard", {}).items():
            for widget in _widgets(block):
                if widget["type"] != "log":
                    continue
                where = f"{name}, '{widget['properties']['title']}'"
                groups = _SOURCE.findall(widget["properties"]["query"])
                if not groups:
                    yield f"{where}: the query names no log group"
                for group in groups:
                    problem = self._check_reference(group, kind, stack=stack)
                    if problem:
                        yield f"{where}: log group {problem}"

    def _all_resources(self, type_: str) -> list[Block]:
        return [
            block
            for document in self._stacks.values()
            for block in document.get("resource", {}).get(type_, {}).values()
        ]


def _check_constant(value: str, kind: Constant | OwnRegion, *, region: str) -> str | None:
    allowed = (region,) if isinstance(kind, OwnRegion) else kind.values
    return None if value in allowed else f"is '{value}'; it should be {' or '.join(allowed)}"
