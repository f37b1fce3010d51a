"""The vocabulary in which `published_metrics.py` describes a namespace of CloudWatch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Statistic = Literal["Average", "Maximum", "Minimum", "Sum", "p50", "p90", "p99"]
Unit = Literal[
    "ACU", "GB-seconds", "LCU", "bytes", "connections", "count", "gibibytes", "mebibytes",
    "microseconds", "milliseconds", "percent", "ratio", "seconds",
]  # fmt: skip
PublishingRegion = Literal["home", "edge"]
"""Where AWS publishes a metric: in the region of its resource, or in EDGE_REGION only."""

LATENCY: tuple[Statistic, ...] = ("Average", "Maximum", "p50", "p90", "p99")
LEVEL: tuple[Statistic, ...] = ("Average", "Maximum", "Minimum")
TOTAL: tuple[Statistic, ...] = ("Sum",)


@dataclass(frozen=True)
class Constant:
    """A dimension whose value AWS fixes."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A dimension that identifies a resource."""

    forms: tuple[str, ...]
    """The accepted values, with each reference written as `{type.attribute}`: `{aws_lb.arn_suffix}`
    stands for `${aws_lb.main.arn_suffix}`."""


@dataclass(frozen=True)
class OwnRegion:
    """A dimension that repeats the region in which AWS publishes the metric."""


DimensionKind = Constant | OwnRegion | Reference


@dataclass(frozen=True, kw_only=True)
class MetricDefinition:
    """What AWS publishes under one metric name."""

    unit: Unit
    statistics: tuple[Statistic, ...]
    """The statistics that are meaningful for this metric."""

    dimension_sets: Mapping[frozenset[str], PublishingRegion]
    """The exact sets of dimension names that the metric has, and where AWS publishes each."""

    needs: str | None = None
    """Type of the resource that makes AWS publish the metric; None if it always does."""


@dataclass(frozen=True, kw_only=True)
class NamespaceDefinition:
    """One namespace: those of its dimensions and metrics that this platform uses."""

    dimensions: Mapping[str, DimensionKind]
    metrics: Mapping[str, MetricDefinition]


def sets(*names: str, region: PublishingRegion = "home") -> dict[frozenset[str], PublishingRegion]:
    """Return dimension sets published in the same region; each is written `Name+Name`."""
    return {frozenset(name.split("+")): region for name in names}


def alike(
    *names: str,
    unit: Unit,
    statistics: tuple[Statistic, ...],
    dimension_sets: Mapping[frozenset[str], PublishingRegion],
    needs: str | None = None,
) -> dict[str, MetricDefinition]:
    """Return metrics that differ only in their names."""
    definition = MetricDefinition(
        unit=unit, statistics=statistics, dimension_sets=dimension_sets, needs=needs
    )
    return dict.fromkeys(names, definition)
