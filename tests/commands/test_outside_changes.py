"""A change outside Terraform matters if a deployment would change it back."""

from typing import Any

from commands.deployment.outside_changes import find_outside_changes


def _change(address: str, before: object, after: object, **unknown: bool) -> dict[str, Any]:
    change = {"before": before, "after": after, "after_unknown": unknown}
    return {"address": address, "change": change}


def test_only_what_a_plan_changes_back_was_changed_outside() -> None:
    plan = {
        "resource_drift": [
            _change("aws_sqs_queue.reverted", {"delay": 1, "url": "a"}, {"delay": 9, "url": "a"}),
            _change("aws_sqs_queue.filled_in", {"delay": 1, "url": ""}, {"delay": 1, "url": "b"}),
            _change("aws_sqs_queue.accepted", {"delay": 1}, {"delay": 9}),
            _change("aws_sqs_queue.gone", {"delay": 1}, None),
        ],
        "resource_changes": [
            _change("aws_sqs_queue.reverted", {"delay": 9, "url": "a"}, {"delay": 1, "url": "a"}),
            _change("aws_sqs_queue.filled_in", {"delay": 1, "url": "b"}, {"delay": 2}, url=True),
            _change("aws_sqs_queue.accepted", {"delay": 9}, {"delay": 9}),
            _change("aws_sqs_queue.gone", None, {"delay": 1}),
            _change("aws_sqs_queue.new", None, {"delay": 1}),
        ],
    }
    assert find_outside_changes(plan) == ["aws_sqs_queue.reverted", "aws_sqs_queue.gone"]
    assert find_outside_changes({}) == []
