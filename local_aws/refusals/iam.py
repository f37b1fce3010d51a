"""IAM (IAM API reference, CreateRole and UpdateAssumeRolePolicy)."""

import json
from collections.abc import Iterator

from local_aws.refusals.refusal import Refusal, Request, as_items, as_mapping


def _find_trust(request: Request) -> Iterator[str]:
    name = "AssumeRolePolicyDocument" if request.operation == "CreateRole" else "PolicyDocument"
    try:
        document = as_mapping(json.loads(request.parameters.get(name) or "{}"))
    except ValueError:
        return  # moto refuses it
    for each in as_items(document.get("Statement")):
        statement = as_mapping(each)
        if statement.get("Resource") or statement.get("NotResource"):
            yield "Has prohibited field Resource"


REFUSALS = (
    Refusal(
        service="iam",
        operations=("CreateRole", "UpdateAssumeRolePolicy"),
        code="MalformedPolicyDocument",
        find=_find_trust,
    ),
)
