"""What a plan may do that a review approved."""

from typing import Any

from review.changes.agreement import find_disagreements
from review.changes.model import StackReview
from tests.review.changes.plans import Block, change, review


def _stack(*changes: Block, **more: Any) -> StackReview:  # noqa: ANN401  # any JSON
    return review(*changes, **more).stacks[0]


def _update(after: Block, **more: Any) -> Block:  # noqa: ANN401  # any JSON
    return change("aws_sqs_queue.a", "update", before={"delay": 1}, after=after, **more)


def test_the_same_plan_agrees_and_so_does_one_that_does_less() -> None:
    reviewed = _stack(_update({"delay": 2}))
    assert not list(find_disagreements(reviewed=reviewed, planned=reviewed))
    assert not list(find_disagreements(reviewed=reviewed, planned=_stack()))


def test_a_value_that_was_not_known_may_be_anything_and_a_known_one_may_not() -> None:
    unknown = _stack(_update({"delay": None}, unknown={"delay": True}))
    known = _stack(_update({"delay": 2}))
    other = _stack(_update({"delay": 3}))
    assert not list(find_disagreements(reviewed=unknown, planned=known))
    assert list(find_disagreements(reviewed=known, planned=other)) == ["delay of aws_sqs_queue.a"]


def test_another_action_or_object_disagrees() -> None:
    reviewed = _stack(_update({"delay": 2}))
    replaced = _stack(
        change("aws_sqs_queue.a", "delete", "create", before={"delay": 1}, after={"delay": 2})
    )
    assert "replace aws_sqs_queue.a instead of update" in list(
        find_disagreements(reviewed=reviewed, planned=replaced)
    )
    more = _stack(_update({"delay": 2}), change("aws_sqs_queue.b", "create", after={}))
    assert list(find_disagreements(reviewed=reviewed, planned=more)) == ["create aws_sqs_queue.b"]


def test_outputs_and_tags_disagree_too() -> None:
    output = {"address": {"actions": ["update"], "before": "a", "after": "b"}}
    tags = change("aws_sqs_queue.a", "update", before={"tags": {"a": "1"}},
                  after={"tags": {"a": "2"}})  # fmt: skip
    found = find_disagreements(reviewed=_stack(), planned=_stack(tags, output_changes=output))
    assert list(found) == ["tags of aws_sqs_queue.a", "output address"]
