"""How the catalogue describes a namespace: metrics, dimension sets and what dimensions point at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from modules.settings.edge import EDGE_REGION

Statistic = Literal["Average", "Maximum", "Minimum", "Sum", "p50", "p90", "p99"]
Unit = Literal[
    "ACU", "GB-seconds", "LCU", "bytes", "connections", "count", "gibibytes", "mebibytes",
    "microseconds", "milliseconds", "percent", "ratio", "seconds",
]  # fmt: skip
Residence = Literal["home", "us-east-1"]
"""Where AWS publishes a metric: in the resource's own region, or in us-east-1 only."""

US_EAST_1 = EDGE_REGION

LATENCY: tuple[Statistic, ...] = ("Average", "Maximum", "p50", "p90", "p99")
LEVEL: tuple[Statistic, ...] = ("Average", "Maximum", "Minimum")
TOTAL: tuple[Statistic, ...] = ("Sum",)


@dataclass(frozen=True)
class Constant:
    """A dimension whose value AWS fixes."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A dimension that identifies a resource.

    Each form is the value with its references written as `{type.attribute}`, so that
    `{aws_lb.arn_suffix}` stands for `${aws_lb.main.arn_suffix}`.
    """

    forms: tuple[str, ...]


@dataclass(frozen=True)
class OwnRegion:
    """A dimension that repeats the region the metric lives in."""


DimensionKind = Constant | OwnRegion | Reference


@dataclass(frozen=True, kw_only=True)
class MetricDefinition:
    """What AWS publishes under one metric name."""

    unit: Unit
    statistics: tuple[Statistic, ...]
    """The statistics that mean something for it."""

    dimension_sets: Mapping[frozenset[str], Residence]
    """The exact sets of dimension names it is published under, and where."""

    needs: str | None = None
    """Type of the resource without which AWS does not publish it."""


@dataclass(frozen=True, kw_only=True)
class NamespaceDefinition:
    """One AWS namespace: its dimensions and its metrics, as far as this platform uses them."""

    dimensions: Mapping[str, DimensionKind]
    metrics: Mapping[str, MetricDefinition]


def sets(*names: str, residence: Residence = "home") -> dict[frozenset[str], Residence]:
    """Dimension sets that share a residence, each written `Name+Name`."""
    return {frozenset(name.split("+")): residence for name in names}


def alike(
    *names: str,
    unit: Unit,
    statistics: tuple[Statistic, ...],
    dimension_sets: Mapping[frozenset[str], Residence],
    needs: str | None = None,
) -> dict[str, MetricDefinition]:
    """Metrics that differ in their name only."""
    definition = MetricDefinition(
        unit=unit, statistics=statistics, dimension_sets=dimension_sets, needs=needs
    )
    return dict.fromkeys(names, definition)
