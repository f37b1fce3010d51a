"""Composite alarms."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.local_aws


def test_a_composite_alarm_exists_until_it_is_deleted(
    connect: Callable[..., Any], region: str
) -> None:
    cloudwatch = connect("cloudwatch", region=region)
    cloudwatch.put_composite_alarm(
        AlarmName="any", AlarmRule="ALARM(a) OR ALARM(b)", AlarmDescription="Any of them"
    )

    found = cloudwatch.describe_alarms(AlarmNames=["any"])
    assert found["MetricAlarms"] == []
    (alarm,) = found["CompositeAlarms"]
    assert alarm["AlarmRule"] == "ALARM(a) OR ALARM(b)"
    assert alarm["AlarmDescription"] == "Any of them"

    cloudwatch.delete_alarms(AlarmNames=["any"])
    assert cloudwatch.describe_alarms(AlarmNames=["any"])["CompositeAlarms"] == []
