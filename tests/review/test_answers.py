"""What a rule says of configurations that look alike, beside its two fixtures."""

import copy
from typing import Any

import pytest

from review.guardrails.guard import guard
from review.guardrails.rules import RULES
from review.terraform.inputs import read_documents
from tests.review.fixtures import read_fixtures

FIXTURES = read_fixtures()
Path = tuple[str | int, ...]


def _changed(rule: str, kind: str, path: Path, value: object) -> dict[str, Any]:
    document = copy.deepcopy(FIXTURES[rule].good if kind == "good" else FIXTURES[rule].bad)
    body: Any = document
    for step in path[:-1]:
        body = body[step]
    body[path[-1]] = value
    return document


VARIABLES = ("resource", "aws_lambda_function", "api", "environment", "variables")
RULE = ("resource", "aws_s3_bucket_lifecycle_configuration", "logs", "rule", 0)
ALARM = ("resource", "aws_cloudwatch_metric_alarm")
PROVIDERS = [
    {"region": "eu-west-1"},
    {"alias": "other", "region": "eu-west-1", "profile": "other"},
    {"alias": "near", "region": "eu-central-1"},
]


def _role(name: str, provider: str) -> dict[str, Any]:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    return {"name": name, "assume_role_policy": trust, "provider": provider}


def _roles(second: str) -> dict[str, Any]:
    roles = {"one": _role("api", "aws"), "two": _role("api", second)}
    return {"provider": {"aws": PROVIDERS}, "resource": {"aws_iam_role": roles}}


BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "a role's inline policy": (
        "general-wildcard",
        _changed(
            "general-wildcard",
            "good",
            ("resource", "aws_iam_role", "api", "inline_policy"),
            {
                "name": "all",
                "policy": '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
            },
        ),
    ),
    "versions that are not current": (
        "storage-transition-days",
        _changed(
            "storage-transition-days",
            "good",
            (*RULE, "noncurrent_version_transition"),
            {"noncurrent_days": 7, "storage_class": "STANDARD_IA"},
        ),
    ),
    "encryption within a bucket": (
        "storage-balancer-encryption",
        _changed(
            "storage-balancer-policy",
            "good",
            ("resource", "aws_s3_bucket", "logs", "server_side_encryption_configuration"),
            {"rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"}}},
        ),
    ),
    "a variable of a container": (
        "general-secret",
        {
            "resource": {
                "aws_ecs_task_definition": {
                    "api": {
                        "family": "api",
                        "container_definitions": '[{"name": "api", "environment": [{"name": '
                        '"DB_PASSWORD", "value": "correct-horse"}]}]',
                    }
                }
            }
        },
    ),
    "one role's name through two regions": ("general-same-name", _roles("aws.near")),
    "dimensions that RDS does not emit": (
        "metrics-alarm-dimensions",
        _changed(
            "metrics-alarm-dimensions",
            "good",
            (*ALARM, "errors"),
            {
                "alarm_name": "lag",
                "namespace": "AWS/RDS",
                "metric_name": "AuroraReplicaLag",
                "dimensions": {"ClusterIdentifier": "shop"},
                "period": 60,
                "statistic": "Maximum",
                "evaluation_periods": 3,
                "comparison_operator": "GreaterThanThreshold",
            },
        ),
    ),
}

HELD: dict[str, tuple[str, dict[str, Any]]] = {
    "the name of a secret": (
        "general-secret",
        _changed("general-secret", "good", (*VARIABLES, "DB_SECRET"), "prod/database"),
    ),
    "one role's name in two accounts": ("general-same-name", _roles("aws.other")),
}


def _found(document: dict[str, Any]) -> set[str]:
    report = guard(read_documents([("", document)]), rules=RULES)
    return {each.rule.id for each in report.findings}


@pytest.mark.parametrize("case", BROKEN)
def test_a_rule_sees_what_looks_different(case: str) -> None:
    rule, document = BROKEN[case]
    assert rule in _found(document)


@pytest.mark.parametrize("case", HELD)
def test_a_rule_does_not_fire_on_what_looks_alike(case: str) -> None:
    rule, document = HELD[case]
    assert rule not in _found(document)
