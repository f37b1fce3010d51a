"""Prints what a load run measured, as tables."""

import json
from collections import Counter
from collections.abc import Sequence
from statistics import quantiles
from typing import cast

from commands.load.traffic import NO_ANSWER, Answer
from commands.shared.aws import logs_client
from commands.shared.printing import print_table
from commands.shared.terraform import read_outputs
from modules.settings import Settings

OPERATIONS = ("list", "show", "order")


def print_answers(answers: Sequence[Answer], *, seconds: float) -> None:
    """Print rate, latency and statuses of requests, as the customers measured them."""
    rows = [
        _row(operation, [answer for answer in answers if answer.operation == operation], seconds)
        for operation in OPERATIONS
    ]
    print_table(
        title="Through the API, as the customers measured it",
        columns=("operation", "requests", "per second", "p50 ms", "p99 ms", "statuses"),
        rows=[*rows, _row("all", answers, seconds)],
    )


def _row(label: str, answers: Sequence[Answer], seconds: float) -> tuple[str, ...]:
    times = [answer.seconds * 1_000 for answer in answers]
    statuses = Counter(answer.status for answer in answers)
    return (
        label,
        str(len(answers)),
        f"{len(answers) / seconds:.0f}",
        *_percentiles(times),
        ", ".join(
            f"{'no answer' if status == NO_ANSWER else status}: {count}"
            for status, count in sorted(statuses.items())
        ),
    )


def _percentiles(milliseconds: Sequence[float]) -> tuple[str, str]:
    if len(milliseconds) < 2:  # noqa: PLR2004  # `quantiles` needs two
        return ("-", "-")
    cuts = quantiles(milliseconds, n=100)
    return (f"{cuts[49]:.1f}", f"{cuts[98]:.1f}")


def print_durations(durations: Sequence[float], *, seconds: float) -> None:
    """Print rate and duration of invocations, as Lambda reports them."""
    busy = sum(durations) / 1_000
    print_table(
        title="In the function, as Lambda reported it",
        columns=("invocations", "per second", "per second and environment", "p50 ms", "p99 ms"),
        rows=[
            (
                str(len(durations)),
                f"{len(durations) / seconds:.0f}",
                f"{len(durations) / busy:.0f}" if busy else "-",
                *_percentiles(durations),
            )
        ],
    )


def read_durations(*, since_milliseconds: int, settings: Settings) -> list[float]:
    """Read the durations of invocations from the function's log group, in milliseconds."""
    group = str(read_outputs("service", settings=settings)["function_log_group"])
    pages = (
        logs_client(settings=settings)
        .get_paginator("filter_log_events")
        .paginate(logGroupName=group, startTime=since_milliseconds)
    )
    return [
        cast("float", line["record"]["metrics"]["durationMs"])
        for page in pages
        for event in page["events"]
        if '"platform.report"' in event.get("message", "")
        for line in [json.loads(event.get("message", ""))]
    ]
