"""IAM policies and roles, written with types rather than as JSON strings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy (IAM User Guide, IAM JSON policy elements).

    `services` and `accounts` are its principals, for trust and resource policies; `everybody` makes
    it hold for all principals.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ()
    effect: Literal["Allow", "Deny"] = "Allow"
    services: Sequence[str] = ()
    accounts: Sequence[str] = ()
    everybody: bool = False
    conditions: Conditions = field(default_factory=dict[str, Mapping[str, str | Sequence[str]]])


def policy_document(*statements: Statement) -> str:
    """Return a policy as JSON, readable in the synthesised output and in a plan."""
    document = {
        "Version": "2012-10-17",
        "Statement": [_render(statement) for statement in statements],
    }
    return json.dumps(document)


def _render(statement: Statement) -> dict[str, object]:
    principals = {
        kind: list(names)
        for kind, names in (("Service", statement.services), ("AWS", statement.accounts))
        if names
    }
    rendered: dict[str, object] = {
        "Sid": statement.sid,
        "Effect": statement.effect,
        "Principal": "*" if statement.everybody else principals,
        "Action": list(statement.actions),
        "Resource": list(statement.resources),
        "Condition": statement.conditions,
    }
    return {key: value for key, value in rendered.items() if value}


class ServiceRole(Construct):
    """A role that AWS services assume, with exactly the permissions given."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        services: Sequence[str],
        description: str,
        statements: Sequence[Statement] = (),
        managed_policies: Sequence[str] = (),
        source_account: str | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create the role.

        Args:
            name: Name of the role, at most 64 characters (IAM User Guide, IAM and STS quotas).
            services: Principals that may assume the role, such as `lambda.amazonaws.com`.
            statements: Inline policy of the role.
            managed_policies: ARNs of policies to attach.
            source_account: The only account on whose behalf a service may assume the role (IAM User
                Guide, The confused deputy problem). None where the service does not send it: the
                service could not assume the role.
            provider: Provider of the role; None for the stack's own.
        """
        super().__init__(scope, id_)
        conditions: Conditions = (
            {"StringEquals": {"aws:SourceAccount": source_account}} if source_account else {}
        )
        role = IamRole(
            self,
            "role",
            provider=provider,
            name=name,
            description=description,
            assume_role_policy=policy_document(
                Statement(
                    sid="AssumeRole",
                    actions=["sts:AssumeRole"],
                    services=services,
                    conditions=conditions,
                )
            ),
        )
        self.name = role.name
        self.arn = role.arn
        # Resources that need the permissions at their creation depend on these.
        self.grants: list[IamRolePolicyAttachment | IamRolePolicy] = [
            IamRolePolicyAttachment(
                self, f"managed-{index}", provider=provider, role=self.name, policy_arn=policy
            )
            for index, policy in enumerate(managed_policies)
        ]
        if statements:
            policy = policy_document(*statements)
            self.grants.append(
                IamRolePolicy(
                    self,
                    "policy",
                    provider=provider,
                    name="policy",
                    role=self.name,
                    policy=policy,
                )
            )
