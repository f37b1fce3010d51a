"""Evaluation of IAM policies."""

from typing import Any

import pytest

from local_aws.execution.policies import Request, allows

READ = Request(
    action="s3:GetObject",
    resource="arn:aws:s3:::bucket/key",
    context={"aws:principalaccount": "1", "kms:viaservice": None},
)
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _decide(*statements: dict[str, Any], request: Request = READ) -> bool:
    return allows([{"Statement": statement} for statement in statements], request)


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        (True, {}),
        (True, {"Action": ["s3:Put*", "S3:get?bject"]}),
        (False, {"Action": "s3:GetObjectAcl"}),
        (False, {"Action": "s3.GetObject"}),
        (True, {"Action": None, "NotAction": "s3:Put*"}),
        (False, {"Action": None, "NotAction": ["s3:Get*"]}),
        (True, {"Resource": "arn:aws:s3:::bucket/*"}),
        (False, {"Resource": "arn:aws:s3:::Bucket/*"}),
        (False, {"Resource": None, "NotResource": "arn:aws:s3:::bucket/key"}),
        (True, {"Condition": {"StringEquals": {"AWS:PrincipalAccount": ["2", "1"]}}}),
        (False, {"Condition": {"StringEquals": {"aws:PrincipalAccount": "2"}}}),
        (True, {"Condition": {"StringNotLike": {"aws:PrincipalAccount": "2*"}}}),
        (False, {"Condition": {"StringEquals": {"kms:ViaService": "s3"}}}),
        (True, {"Condition": {"StringEqualsIfExists": {"kms:ViaService": "s3"}}}),
        (True, {"Condition": {"Null": {"kms:ViaService": "true"}}}),
        (True, {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}),
        (True, {"Condition": {"NumericEquals": {"aws:PrincipalAccount": "2"}}}),
    ],
)
def test_a_statement_allows_matching_requests(*, expected: bool, change: dict[str, Any]) -> None:
    statement = {key: value for key, value in (ALLOW | change).items() if value is not None}
    assert _decide(statement) is expected


def test_a_deny_statement_wins_if_its_conditions_are_met() -> None:
    deny = ALLOW | {"Effect": "Deny"}
    met = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "1"}}}
    unmet = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "2"}}}
    unknown = {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}

    assert not _decide(ALLOW, deny)
    assert not _decide(deny | met, ALLOW)
    assert _decide(ALLOW, deny | unmet)
    assert _decide(ALLOW, deny | unknown)
    assert not _decide()


def test_an_unknown_resource_is_denied_only_by_a_wildcard() -> None:
    unknown = Request(action="s3:GetObject", resource=None)
    some = {"Resource": "arn:aws:s3:::bucket/*"}

    assert _decide(ALLOW | some, request=unknown)
    assert _decide(ALLOW, ALLOW | some | {"Effect": "Deny"}, request=unknown)
    assert not _decide(ALLOW, ALLOW | {"Effect": "Deny"}, request=unknown)
