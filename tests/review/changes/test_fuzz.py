"""A review never fails on any JSON, and says the same twice."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.changes.knowledge.data import STORES
from review.changes.rendering.html import render_html
from review.changes.rendering.markdown import COMMENT, render_markdown
from review.errors import ReviewError
from tests.review.changes.plans import change, review

pytestmark = pytest.mark.slow

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner,
                                                                  max_size=3),
    max_leaves=12,
)  # fmt: skip
NAMES = st.sampled_from(
    ["policy", "ingress", "tags", "deletion_protection", "retention_in_days", "kms_key_id",
     "assume_role_policy", "force_destroy", "inline_policy", "cidr_blocks", "x"]
)  # fmt: skip
VALUES = st.dictionaries(NAMES, JSON, max_size=5)
TYPES = st.sampled_from(
    [*STORES, "aws_security_group", "aws_iam_role", "aws_iam_role_policy", "aws_flow_log",
     "aws_vpc_endpoint", "aws_appautoscaling_target", "acme_thing"]
)  # fmt: skip
ACTIONS = st.lists(
    st.sampled_from(["no-op", "create", "read", "update", "delete", "forget", "new"]), max_size=3
)


@st.composite
def changes_of_any_kind(draw: st.DrawFn) -> dict[str, Any]:
    """Return a change with any values in it."""
    return change(
        f"{draw(TYPES)}.a",
        *draw(ACTIONS),
        before=draw(VALUES | st.none()),
        after=draw(VALUES | st.none()),
        unknown=draw(VALUES),
        after_sensitive=draw(JSON),
        replace_paths=draw(JSON),
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(changes_of_any_kind(), max_size=4),
    more=st.fixed_dictionaries(
        {"resource_drift": JSON, "output_changes": JSON, "checks": JSON, "variables": JSON}
    ),
)
def test_any_plan_is_reviewed(changes: list[dict[str, Any]], more: dict[str, Any]) -> None:
    try:
        found = review(*changes, **more)
    except ReviewError:
        return
    assert render_markdown(found, limit=COMMENT)
    assert render_html(found)
    assert review(*changes, **more) == found
