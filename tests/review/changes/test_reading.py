"""What a plan says, and how far it can be trusted."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from review.changes.model import Action
from review.changes.reading import read_changes
from review.errors import ReviewError
from tests.review.changes.plans import change, only, plan, review

VALUES = {"name": "orders"}


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (("create",), "create"),
        (("update",), "update"),
        (("delete", "create"), "replace"),
        (("create", "delete"), "replace"),
        (("create", "forget"), "replace"),
        (("delete",), "delete"),
        (("forget",), "forget"),
    ],
)
def test_actions_are_known_by_membership(actions: tuple[str, ...], action: Action) -> None:
    found = only(review(change("aws_sqs_queue.orders", *actions, before=VALUES, after=VALUES)))
    assert found.action == action
    assert found.creates_first == (actions == ("create", "delete"))


def test_moves_imports_and_forgets_are_changes_and_reads_are_not() -> None:
    found = review(
        change("aws_sqs_queue.a", "no-op", before=VALUES, after=VALUES, importing={"id": "x"}),
        change("aws_sqs_queue.b", "no-op", before=VALUES, after=VALUES,
               previous_address="aws_sqs_queue.old"),
        change("aws_sqs_queue.c", "no-op", before=VALUES, after=VALUES),
        change("data.aws_caller_identity.me", "read", after={}, mode="data"),
    )  # fmt: skip
    assert [each.action for each in found.stacks[0].changes] == ["import", "move"]
    assert found.stacks[0].unchanged == 1
    assert found.sentence == "1 imported, 1 moved"


def test_an_old_object_beside_its_successor_is_a_line_of_its_own() -> None:
    found = review(
        change("aws_sqs_queue.a", "update", before={"delay": 1}, after={"delay": 2}),
        change("aws_sqs_queue.a", "delete", before=VALUES, deposed="0a1b2c3d"),
    )
    deposed = [each for each in found.stacks[0].changes if each.deposed]
    assert [each.action for each in deposed] == ["delete"]
    assert len(found.stacks[0].changes) == 2  # both


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"format_version": "2.0"}, "format 2.0"),
        ({"terraform_version": "1.16.0"}, "1.16.0"),
        ({"errored": True}, "error"),
        ({"action_invocations": [{"address": "action.aws_lambda_invoke.a"}]}, "aws_lambda_invoke"),
        ({"deferred_changes": [{"resource_change": {"address": "aws_lb.a"}}]}, "aws_lb.a"),
    ],
)
def test_what_is_missing_cannot_be_judged(more: dict[str, Any], word: str) -> None:
    found = review(**more)
    assert found.verdict == "cannot judge"
    assert word in found.sentence


def test_an_action_that_is_not_known_cannot_be_judged() -> None:
    found = review(change("aws_sqs_queue.a", "transmute", before=VALUES, after=VALUES))
    assert found.verdict == "cannot judge"
    assert "transmute" in found.sentence


def test_a_new_minor_version_is_read() -> None:
    assert review(format_version="1.99").verdict == "safe"


def test_a_plan_of_a_part_and_failed_checks_deserve_less_trust() -> None:
    check = {
        "address": {"to_display": "check.health"},
        "status": "fail",
        "instances": [{"problems": [{"message": "It answers 500."}]}],
    }
    found = review(complete=False, checks=[check])
    assert len(found.stacks[0].trust) == 2  # both
    assert "It answers 500." in found.stacks[0].trust[1]


def test_a_configuration_is_no_plan() -> None:
    with pytest.raises(ReviewError, match="no plan"):
        read_changes({"resource": {}}, name="shop")


def test_changes_of_tags_alone_are_folded() -> None:
    before, after = {"tags": {"a": "1"}, "tags_all": {"a": "1"}}, {"tags": {"a": "2"}}
    found = review(
        change("aws_sqs_queue.a", "update", before=before, after=after | {"tags_all": {"a": "2"}}),
        change("aws_sqs_queue.b", "update", before=before | {"delay": 1},
               after=after | {"tags_all": {"a": "2"}, "delay": 2}),
    )  # fmt: skip
    assert found.stacks[0].tags_only == ("aws_sqs_queue.a",)
    assert [each.addresses for each in found.stacks[0].changes] == [("aws_sqs_queue.b",)]


def test_the_same_change_of_many_objects_is_said_once() -> None:
    changes = [
        change(f"aws_sqs_queue.a[{index}]", "update", before={"delay": 1}, after={"delay": 2})
        for index in range(9)
    ]
    found = only(review(*changes))
    assert len(found.addresses) == len(changes)


def _policy(*statements: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": "a"}  # fmt: skip
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "a"}


def test_a_policy_is_compared_by_statement_and_order_does_not_count() -> None:
    turned = READ | {"Action": ["s3:ListBucket", "s3:GetObject"]}
    changed = WRITE | {"Action": ["s3:PutObject", "s3:DeleteObject"]}
    found = only(
        review(
            change(
                "aws_iam_role_policy.a",
                "update",
                before={"policy": _policy(READ, WRITE)},
                after={"policy": _policy(changed, turned)},
            )
        )
    )
    (difference,) = found.differences
    assert difference.path == "policy: statement Sid=Write"
    assert "s3:DeleteObject" in (difference.after or "")
    assert "s3:DeleteObject" not in (difference.before or "")


def test_hashes_timestamps_and_computed_values_are_folded() -> None:
    before = {"delay": 1, "hash": "a" * 64, "at": "2026-01-01T00:00:00Z", "arn": "arn:old"}
    after = {"delay": 2, "hash": "b" * 64, "at": "2026-02-01T00:00:00Z"}
    found = only(
        review(change("aws_sqs_queue.a", "update", before=before, after=after,
                      unknown={"arn": True}))
    )  # fmt: skip
    assert [each.path for each in found.differences] == ["delay"]
    assert found.folded == 3  # hash, at, arn


def test_a_replacement_that_only_an_unknown_value_causes_is_marked_so() -> None:
    found = only(
        review(
            change(
                "aws_subnet.a",
                "delete",
                "create",
                before={"vpc_id": "vpc-1"},
                after={},
                unknown={"vpc_id": True},
                replace_paths=[["vpc_id"]],
            )
        )
    )
    assert any("not known until the deployment" in why for why in found.why)


HIDDEN = "correct-horse-battery"


def test_a_secret_is_hidden_by_its_place_and_wherever_its_value_stands() -> None:
    before = {"password": "old-" + HIDDEN, "url": "x"}
    after = {"password": HIDDEN, "url": f"postgres://dbadmin:{HIDDEN}@host/db"}
    found = review(
        change("aws_db_instance.a", "update", before=before, after=after,
               before_sensitive={"password": True}, after_sensitive={"password": True}),
        output_changes={
            "copy": {"actions": ["create"], "before": None, "after": f"it is {HIDDEN}",
                     "after_sensitive": False},
        },
    )  # fmt: skip
    said = repr(found)
    assert HIDDEN not in said
    assert "(sensitive)" in said


def test_a_secret_in_a_document_is_hidden_without_any_mark() -> None:
    def task(value: str) -> dict[str, str]:
        variables = [{"name": "DB_PASSWORD", "value": value}]
        return {"container_definitions": json.dumps([{"name": "a", "environment": variables}])}

    document = plan(
        change("aws_ecs_task_definition.a", "update", before=task("first-value"),
               after=task(HIDDEN)),
        variables={"password": {"value": HIDDEN}},
    )  # fmt: skip
    document["configuration"]["root_module"]["variables"] = {"password": {"sensitive": True}}
    found = review(*document["resource_changes"], variables=document["variables"],
                   configuration=document["configuration"])  # fmt: skip
    assert HIDDEN not in repr(found)


def test_a_short_output_that_only_its_plan_marks_is_hidden() -> None:
    found = review(
        output_changes={"key": {"actions": ["create"], "before": None, "after": "bar"}},
        planned_values={"outputs": {"key": {"sensitive": True, "value": "bar"}}},
    )
    assert found.stacks[0].outputs[0].after == "(sensitive)"


def test_outputs_are_reviewed() -> None:
    found = review(
        output_changes={
            "address": {"actions": ["update"], "before": "a", "after": "b"},
            "same": {"actions": ["no-op"], "before": "a", "after": "a"},
        }
    )
    (output,) = found.stacks[0].outputs
    assert (output.name, output.before, output.after) == ("address", "a", "b")
    assert found.sentence == "1 output"
