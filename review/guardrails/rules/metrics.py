"""Alarms, dashboards and topics."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from review.guardrails.rule import rule
from review.guardrails.rules.keys import keys_of, missing_actions
from review.limits import cloudfront, cloudwatch, kms
from review.terraform import Block, Configuration, NotEvaluableError, Resource, Unknown
from review.terraform.shapes import as_list, as_mapping, as_text, is_list, is_mapping

GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring"
REFERENCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference"
ALARM = "aws_cloudwatch_metric_alarm"
COMPOSITE = "aws_cloudwatch_composite_alarm"
DASHBOARD = "aws_cloudwatch_dashboard"
TOPIC = "aws_sns_topic"
ACTIONS = ("alarm_actions", "ok_actions", "insufficient_data_actions")


def metrics_of(alarm: Resource) -> list[Block]:
    """Return the metrics of an alarm, each with its namespace and dimensions."""
    queries = [
        metric for query in alarm.blocks("metric_query") for metric in query.blocks("metric")
    ]
    return queries or ([alarm] if alarm.is_set("metric_name") else [])


def dimension_problems(
    namespace: object, dimensions: Mapping[str, Any], *, region: str
) -> Iterator[str]:
    """Yield why no metric has these dimensions, as far as is known of the service."""
    if not isinstance(namespace, str):
        return
    known = cloudwatch.DIMENSIONS.get(namespace)
    names = tuple(sorted(dimensions))
    if known is not None and names not in known:
        yield f"{namespace} emits nothing for {', '.join(names) or 'no dimension'}."
    balancer = dimensions.get("LoadBalancer")
    text = balancer.text if isinstance(balancer, Unknown) else balancer
    if isinstance(text, str) and (text.startswith("arn:") or text.endswith(".arn}")):
        yield "LoadBalancer is an ARN; the metrics have its suffix (arn_suffix)."
    if namespace == "AWS/CloudFront":
        if region and region != cloudfront.EDGE_REGION:
            yield f"CloudFront emits its metrics in us-east-1, not in {region}."
        if isinstance(dimensions.get("Region"), str) and dimensions["Region"] != "Global":
            yield "The dimension Region of CloudFront is Global."


@rule(
    "metrics-alarm-dimensions",
    ALARM,
    title="An alarm watches dimensions and a region in which the service emits",
    aws="The alarm is made, and stays in INSUFFICIENT_DATA or OK for ever.",
    fix="Use the dimensions that the service's guide lists.",
    source=f"{GUIDE}/aws-services-cloudwatch-metrics.html",
)
def alarm_dimensions(alarm: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with what services emit."""
    for metric in metrics_of(alarm):
        dimensions = metric.mapping("dimensions")
        yield from dimension_problems(
            metric.known("namespace"), dimensions, region=_region_of(alarm)
        )


def _region_of(resource: Resource) -> str:
    """Return the region; empty if it is not visible."""
    try:
        return resource.region
    except NotEvaluableError:
        return ""


@rule(
    "metrics-alarm-period",
    ALARM,
    title="A period is 10, 20 or 30 seconds, or a multiple of 60",
    aws="PutMetricAlarm answers ValidationError.",
    fix="Set period to such a number.",
    source=f"{REFERENCE}/API_PutMetricAlarm.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def alarm_period(alarm: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the possible numbers."""
    for metric in metrics_of(alarm):
        seconds = metric.number("period")
        if seconds is None or seconds in cloudwatch.SHORT_PERIODS_SECONDS:
            continue
        if seconds <= 0 or seconds % cloudwatch.MINUTE_SECONDS:
            yield f"It is {seconds:g} s."


@rule(
    "metrics-alarm-window",
    ALARM,
    title="An alarm looks at a day at most, or at a week with periods of an hour",
    aws="PutMetricAlarm answers ValidationError.",
    fix="Evaluate fewer or shorter periods.",
    source=f"{REFERENCE}/API_PutMetricAlarm.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def alarm_window(alarm: Resource, _all: Configuration) -> Iterator[str]:
    """Multiply period and evaluations."""
    periods = [metric.number("period") or 0 for metric in metrics_of(alarm)]
    seconds = max(periods, default=0)
    evaluations = alarm.number("evaluation_periods") or 0
    is_long = seconds >= cloudwatch.HOUR_SECONDS
    most = cloudwatch.LONG_WINDOW_SECONDS if is_long else cloudwatch.WINDOW_SECONDS
    if seconds * evaluations > most:
        yield f"It looks at {seconds * evaluations:g} s."


@rule(
    "metrics-alarm-datapoints",
    ALARM,
    title="An alarm needs at most as many datapoints as it evaluates",
    aws="PutMetricAlarm answers ValidationError.",
    fix="Lower datapoints_to_alarm.",
    source=f"{REFERENCE}/API_PutMetricAlarm.html",
    applies=lambda alarm, _all: alarm.is_set("datapoints_to_alarm"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def alarm_datapoints(alarm: Resource, _all: Configuration) -> Iterator[str]:
    """Compare both."""
    needed, evaluated = alarm.number("datapoints_to_alarm"), alarm.number("evaluation_periods")
    if needed is not None and evaluated is not None and needed > evaluated:
        yield f"It needs {needed:g} of {evaluated:g}."


@rule(
    "metrics-alarm-statistic",
    ALARM,
    title="An alarm of one metric has a statistic or an extended statistic",
    aws="PutMetricAlarm answers ValidationError.",
    fix="Set one of statistic and extended_statistic.",
    source=f"{REFERENCE}/API_PutMetricAlarm.html",
    applies=lambda alarm, _all: alarm.is_set("metric_name"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def alarm_statistic(alarm: Resource, _all: Configuration) -> Iterator[str]:
    """Count them."""
    has = [alarm.is_set("statistic"), alarm.is_set("extended_statistic")]
    if sum(has) != 1:
        yield "It has both." if all(has) else "It has none."


@rule(
    "metrics-alarm-topic-region",
    ALARM,
    COMPOSITE,
    title="An alarm notifies a topic of its own region",
    aws="PutMetricAlarm answers ValidationError: invalid region.",
    fix="Declare a topic in the alarm's region.",
    source=f"{GUIDE}/AlarmThatSendsEmail.html",
    applies=lambda alarm, everything: bool(topics_of(alarm, everything)),
)
def alarm_topic_region(alarm: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the regions."""
    for topic in topics_of(alarm, everything):
        if topic.region != alarm.region:
            yield f"{topic.address} is in {topic.region or 'another region'}."


def topics_of(alarm: Resource, everything: Configuration) -> list[Resource]:
    """Return the topics that an alarm notifies in any of its states."""
    links = [link for name in ACTIONS for link in everything.links(alarm, name)]
    return list(dict.fromkeys(link.resource for link in links if link.resource.type == TOPIC))


@rule(
    "metrics-composite-alarms",
    COMPOSITE,
    title="A composite alarm names alarms of its own region",
    aws="PutCompositeAlarm answers ValidationError: the alarm does not exist.",
    fix="Take the names from alarms of the same region.",
    source=f"{GUIDE}/Create_Composite_Alarm.html",
)
def composite_alarms(alarm: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the alarms that the rule refers to, and for names of none."""
    links = [
        link
        for link in everything.links(alarm, "alarm_rule")
        if link.resource.type in {ALARM, COMPOSITE}
    ]
    for link in links:
        if link.resource.region != alarm.region:
            yield f"{link.resource.address} is in {link.resource.region or 'another region'}."
    text = alarm.get("alarm_rule")
    if isinstance(text, str):
        names = re.findall(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*[\"']?([^\"')]+)", text)
        if not names and not re.search(r"\b(?:TRUE|FALSE)\b", text):
            yield "It names no alarm."
    elif not links:
        alarm.known("alarm_rule")


@rule(
    "metrics-topic-key",
    TOPIC,
    title="The key of an alarm's topic lets CloudWatch use it",
    aws="The alarm goes off and nobody is told: CloudWatch may not encrypt the message.",
    fix="Allow cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt in a key of your own; "
    "alias/aws/sns never admits it.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    applies=lambda topic, everything: (
        topic.is_set("kms_master_key_id")
        and any(topic in topics_of(alarm, everything) for alarm in everything.of(ALARM, COMPOSITE))
    ),
)
def topic_key(topic: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service in the policy of the key."""
    if topic.get("kms_master_key_id") in ("alias/aws/sns", "aws/sns"):
        yield "Its key is AWS's own."
        return
    for key in keys_of(topic, "kms_master_key_id", everything):
        missing = missing_actions(
            key,
            kms.ALARM_ACTIONS,
            everything,
            admits=lambda one: one.admits("cloudwatch.amazonaws.com"),
        )
        if missing:
            yield f"{key.address} does not allow cloudwatch.amazonaws.com {', '.join(missing)}."


def widgets_of(dashboard: Resource) -> list[Mapping[str, Any]]:
    """Return the widgets of a dashboard.

    Raises:
        NotEvaluableError: The body is not known.
    """
    body = dashboard.document("dashboard_body")
    return [each for each in as_list(as_mapping(body).get("widgets")) if is_mapping(each)]


@rule(
    "metrics-dashboard-widgets",
    DASHBOARD,
    title="The widgets of a dashboard have a known type, a size and properties",
    aws="PutDashboard answers InvalidParameterInput, or the widget stays empty.",
    fix="Write type, width, height and properties as AWS's structure has them.",
    source=f"{REFERENCE}/CloudWatch-Dashboard-Body-Structure.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def dashboard_widgets(dashboard: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with AWS's structure."""
    if "widgets" not in as_mapping(dashboard.document("dashboard_body")):
        yield "Its body has no widgets."
    least, most = cloudwatch.WIDGET_SIZE
    for number, widget in enumerate(widgets_of(dashboard)):
        type_ = widget.get("type")
        if not isinstance(type_, Unknown) and type_ not in cloudwatch.WIDGET_TYPES:
            yield f"Widget {number} has {f'the type {type_}' if type_ else 'no type'}."
        width, height = widget.get("width"), widget.get("height")
        if isinstance(width, int) and not least <= width <= cloudwatch.GRID_WIDTH:
            yield f"Widget {number} is {width} wide."
        if isinstance(height, int) and not least <= height <= most:
            yield f"Widget {number} is {height} high."
        x, y = widget.get("x", 0), widget.get("y", 0)
        if isinstance(x, int) and not 0 <= x < cloudwatch.GRID_WIDTH:
            yield f"Widget {number} begins in column {x}."
        if isinstance(y, int) and y < 0:
            yield f"Widget {number} begins in row {y}."
        if not is_mapping(widget.get("properties")):
            yield f"Widget {number} has no properties."


@rule(
    "metrics-dashboard-metrics",
    DASHBOARD,
    title="A metric of a dashboard is an array: namespace, name, dimensions",
    aws="PutDashboard answers InvalidParameterInput, or the chart stays empty.",
    fix='Write ["AWS/Lambda", "Errors", "FunctionName", NAME], not an object.',
    source=f"{REFERENCE}/CloudWatch-Dashboard-Body-Structure.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def dashboard_metrics(dashboard: Resource, _all: Configuration) -> Iterator[str]:
    """Find metrics of another shape, and dimensions that nothing emits."""
    for number, widget in enumerate(widgets_of(dashboard)):
        if widget.get("type") != "metric":
            continue
        properties = as_mapping(widget.get("properties"))
        region = as_text(properties.get("region"))
        if "dimensions" in properties:
            yield f"Widget {number} has an object dimensions."
        if not region and not isinstance(properties.get("region"), Unknown):
            yield f"Widget {number} has no region."
        before: list[Any] = []
        for metric in as_list(properties.get("metrics")):
            if not is_list(metric):
                yield f"Widget {number} has a metric that is no array."
                continue
            before = _expanded(metric, before)
            yield from (
                f"Widget {number}: {problem}" for problem in _problems(before, region=region)
            )


def _expanded(metric: list[Any], before: list[Any]) -> list[Any]:
    """Return a metric with `.` and `...` replaced by the values of the one before."""
    full: list[Any] = []
    for each in metric:
        if each == "...":
            kept = [value for value in before if not is_mapping(value)]
            full += kept[len(full) : len(kept) - (len(metric) - metric.index(each) - 1)]
        elif each == "." and len(full) < len(before):
            full.append(before[len(full)])
        else:
            full.append(each)
    return full


def _problems(metric: list[Any], *, region: str) -> Iterator[str]:
    """Yield what is wrong with an array of namespace, name, dimensions and options."""
    options = as_mapping(next(filter(is_mapping, metric), None))
    values = [each for each in metric if not is_mapping(each)]
    if "expression" in options or not values:
        return
    if len(values) < 2 or len(values) % 2:  # noqa: PLR2004  # a namespace and a name, then pairs
        yield "a metric has a dimension without a value."
        return
    names = values[2::2]
    if all(isinstance(name, str) for name in names):
        own = as_text(options.get("region")) or region
        dimensions = dict(zip(names, values[3::2], strict=True))
        yield from dimension_problems(values[0], dimensions, region=own)
