"""KMS (KMS API reference, ScheduleKeyDeletion, CreateKey and PutKeyPolicy)."""

import json
from collections.abc import Iterator

from local_aws.refusals.refusal import (
    Parameters,
    Refusal,
    Request,
    as_items,
    as_mapping,
    outside,
)
from review.limits import kms

POLICIES = ("CreateKey", "PutKeyPolicy")
MANAGING = ("*", "kms:*", "kms:put*", "kms:putkeypolicy")


def _find_days(request: Request) -> Iterator[str]:
    yield from outside(request.parameters, "PendingWindowInDays", kms.DELETION_DAYS)


def _find_policy(request: Request) -> Iterator[str]:
    text = request.parameters.get("Policy")
    if not text:
        return
    try:
        document = as_mapping(json.loads(text))
    except ValueError:
        yield "The policy is not valid JSON."
        return
    statements = as_items(document.get("Statement"))
    if any(not as_mapping(each).get("Principal") for each in statements):
        yield "Policy contains a statement without a principal."
    elif not request.parameters.get("BypassPolicyLockoutSafetyCheck") and not any(
        _lets_manage(as_mapping(each)) for each in statements
    ):
        yield "The new key policy will not allow you to update the key policy in the future."


def _lets_manage(statement: Parameters) -> bool:
    principal = statement.get("Principal")
    actions = {str(each).lower() for each in as_items(statement.get("Action"))}
    return (
        statement.get("Effect") == "Allow"
        and (principal == "*" or bool(as_mapping(principal).get("AWS")))
        and not actions.isdisjoint(MANAGING)
    )


REFUSALS = (
    Refusal(
        service="kms",
        operations=("ScheduleKeyDeletion",),
        code="ValidationException",
        find=_find_days,
    ),
    Refusal(
        service="kms",
        operations=POLICIES,
        code="MalformedPolicyDocumentException",
        find=_find_policy,
    ),
)
