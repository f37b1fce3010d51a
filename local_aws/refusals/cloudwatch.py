"""CloudWatch (API reference, PutMetricAlarm and PutDashboard)."""

import json
from collections.abc import Iterator

from local_aws.refusals.refusal import (
    Parameters,
    Refusal,
    Request,
    as_list,
    as_mapping,
    is_list,
    is_mapping,
    part,
    parts,
)
from review.limits import cloudwatch


def _metrics(parameters: Parameters) -> list[Parameters]:
    queries = [each for each in parts(parameters, "Metrics") if each.get("MetricStat")]
    return [part(each, "MetricStat") for each in queries] or [parameters]


def _find_alarm(request: Request) -> Iterator[str]:
    parameters = request.parameters
    evaluations = int(parameters.get("EvaluationPeriods") or 1)
    for metric in _metrics(parameters):
        seconds = int(metric.get("Period") or cloudwatch.MINUTE_SECONDS)
        is_short = seconds in cloudwatch.SHORT_PERIODS_SECONDS
        if not is_short and (seconds <= 0 or seconds % cloudwatch.MINUTE_SECONDS):
            yield f"The parameter Period must be 10, 20, 30 or a multiple of 60: {seconds}"
        is_long = seconds >= cloudwatch.HOUR_SECONDS
        most = cloudwatch.LONG_WINDOW_SECONDS if is_long else cloudwatch.WINDOW_SECONDS
        if seconds * evaluations > most:
            yield f"Metrics cannot be checked across more than {most} seconds."
    if int(parameters.get("DatapointsToAlarm") or 1) > evaluations:
        yield "The parameter DatapointsToAlarm is greater than EvaluationPeriods."
    if parameters.get("Statistic") and parameters.get("ExtendedStatistic"):
        yield "Statistic and ExtendedStatistic cannot be specified together."


def _find_body(request: Request) -> Iterator[str]:
    try:
        body = as_mapping(json.loads(request.parameters.get("DashboardBody") or ""))
    except ValueError:
        yield "The field DashboardBody must be a valid JSON object"
        return
    if not is_list(body.get("widgets")):
        yield "Should have required property 'widgets'"
    for number, each in enumerate(as_list(body.get("widgets"))):
        widget, place = as_mapping(each), f"/widgets/{number}"
        if widget.get("type") not in cloudwatch.WIDGET_TYPES:
            yield f"{place}/type: Should be equal to one of the allowed values"
        if not is_mapping(widget.get("properties")):
            yield f"{place}: Should have required property 'properties'"
        elif widget.get("type") == "metric":
            yield from _find_metrics(as_mapping(widget["properties"]), place=f"{place}/properties")


def _find_metrics(properties: Parameters, *, place: str) -> Iterator[str]:
    if "dimensions" in properties:
        yield f"{place}: Should NOT have additional properties"
    if not properties.get("region"):
        yield f"{place}: Should have required property 'region'"
    if not all(is_list(each) for each in as_list(properties.get("metrics"))):
        yield f"{place}/metrics: Should be array"


REFUSALS = (
    Refusal(
        service="cloudwatch",
        operations=("PutMetricAlarm",),
        code="ValidationError",
        find=_find_alarm,
    ),
    Refusal(
        service="cloudwatch",
        operations=("PutDashboard",),
        code="InvalidParameterInput",
        find=_find_body,
    ),
)
