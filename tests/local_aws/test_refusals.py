"""What a guardrail finds in a configuration, the embedded AWS refuses as AWS does.

Each case is named after its guardrail: a request that AWS accepts, a change of it that AWS refuses,
and the error.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from review.guardrails.rules import RULES

pytestmark = pytest.mark.local_aws

Client = Callable[..., Any]
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request, and how it goes wrong."""

    service: str
    call: str
    """The method of boto3's client."""

    good: Mapping[str, Any]
    bad: Mapping[str, Any]
    """What is different in the request that is refused."""

    code: str
    region: str = "eu-west-1"
    accepted: bool = True
    """Whether the good request succeeds here, without anything that it refers to."""


def _alarm(**bad: object) -> Case:
    good = {
        "AlarmName": "errors",
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 3,
        "Threshold": 1,
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Period": 60,
        "Statistic": "Sum",
    }
    return Case(
        service="cloudwatch", call="put_metric_alarm", good=good, bad=bad, code="ValidationError"
    )


def _dashboard(widget: Mapping[str, Any]) -> Case:
    properties = {"region": "eu-west-1", "metrics": [["AWS/Lambda", "Errors"]]}
    good = {"type": "metric", "x": 0, "y": 0, "width": 8, "height": 6, "properties": properties}
    return Case(
        service="cloudwatch",
        call="put_dashboard",
        good={"DashboardName": "shop", "DashboardBody": json.dumps({"widgets": [good]})},
        bad={"DashboardBody": json.dumps({"widgets": [good | dict(widget)]})},
        code="InvalidParameterInput",
    )


def _cluster(code: str = "InvalidParameterValue", **bad: object) -> Case:
    good = {
        "DBClusterIdentifier": "refusals",
        "Engine": "aurora-postgresql",
        "EngineVersion": "16.6",
        "MasterUsername": "dbadmin",
        "ManageMasterUserPassword": True,
        "BackupRetentionPeriod": 7,
    }
    return Case(
        service="rds", call="create_db_cluster", good=good, bad=bad, code=code, accepted=False
    )


def _client(code: str, good: Mapping[str, Any], bad: Mapping[str, Any]) -> Case:
    base = {"UserPoolId": "POOL", "ClientName": "web"}
    return Case(
        service="cognito-idp",
        call="create_user_pool_client",
        good=base | dict(good),
        bad=bad,
        code=code,
    )


def _function(code: str, *, package: Mapping[str, Any] | None = None, **bad: object) -> Case:
    good = {
        "FunctionName": "refusals",
        "Role": "ROLE",
        "Code": {"ZipFile": b"x"},
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Timeout": 10,
    } | dict(package or {})
    return Case(
        service="lambda", call="create_function", good=good, bad=bad, code=code, accepted=False
    )


def _target(**bad: object) -> Case:
    good = {
        "ServiceNamespace": "lambda",
        "ScalableDimension": "lambda:function:ProvisionedConcurrency",
        "ResourceId": "function:api:live",
        "MinCapacity": 1,
        "MaxCapacity": 2,
    }
    return Case(
        service="application-autoscaling",
        call="register_scalable_target",
        good=good,
        bad=bad,
        code="ValidationException",
        accepted=False,
    )


def _group(bad: Mapping[str, Any], *, good: Mapping[str, Any]) -> Case:
    name = {"Name": "refusals"}
    return Case(
        service="elbv2",
        call="create_target_group",
        good=name | dict(good),
        bad=bad,
        code="ValidationError",
    )


ORIGIN = {
    "Id": "site",
    "DomainName": "site.shop.example",
    "CustomOriginConfig": {
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only",
    },
}
BEHAVIOR = {
    "TargetOriginId": "site",
    "ViewerProtocolPolicy": "redirect-to-https",
    "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
}
GROUP = {
    "Id": "pair",
    "FailoverCriteria": {"StatusCodes": {"Quantity": 1, "Items": [502]}},
    "Members": {"Quantity": 2, "Items": [{"OriginId": "site"}, {"OriginId": "spare"}]},
}
EDGE = "arn:aws:lambda:us-east-1:123456789012:function:edge"


def _distribution(code: str, **bad: object) -> Case:
    spare = ORIGIN | {"Id": "spare"}
    good = {
        "CallerReference": "refusals",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 2, "Items": [ORIGIN, spare]},
        "DefaultCacheBehavior": BEHAVIOR,
    }
    return Case(
        service="cloudfront",
        # The provider's call.
        call="create_distribution_with_tags",
        good={"DistributionConfigWithTags": {"DistributionConfig": good, "Tags": {"Items": []}}},
        bad={
            "DistributionConfigWithTags": {"DistributionConfig": good | bad, "Tags": {"Items": []}}
        },
        code=code,
        region="us-east-1",
    )


def _edge(arn: str) -> dict[str, Any]:
    item = {"LambdaFunctionARN": arn, "EventType": "viewer-request"}
    return {"LambdaFunctionAssociations": {"Quantity": 1, "Items": [item]}}


METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]

CASES: dict[str, Case] = {
    "metrics-alarm-period": _alarm(Period=90),
    "metrics-alarm-window": _alarm(Period=1800, EvaluationPeriods=60),
    "metrics-alarm-datapoints": _alarm(DatapointsToAlarm=4),
    "metrics-alarm-statistic": _alarm(ExtendedStatistic="p99"),
    "metrics-dashboard-widgets": _dashboard({"type": "chart"}),
    "metrics-dashboard-metrics": _dashboard(
        {"properties": {"metrics": [["AWS/Lambda", "Errors"]], "dimensions": {}}}
    ),
    "data-capacity-bounds": _cluster(
        ServerlessV2ScalingConfiguration={"MinCapacity": 8, "MaxCapacity": 4}
    ),
    "data-backup-days": _cluster(BackupRetentionPeriod=36),
    "data-insights-days": _cluster(PerformanceInsightsRetentionPeriod=90),
    "data-reserved-user": _cluster(MasterUsername="admin"),
    "data-password": _cluster("InvalidParameterCombination", MasterUserPassword="correct-horse"),
    "users-client-credentials": _client(
        "InvalidOAuthFlowException",
        {},
        {"AllowedOAuthFlows": ["client_credentials", "code"], "GenerateSecret": True},
    ),
    "users-client-callbacks": _client(
        "InvalidParameterException",
        {"CallbackURLs": ["https://shop.example/"]},
        {"CallbackURLs": ["http://shop.example/"]},
    ),
    "users-domain-words": Case(
        service="cognito-idp",
        call="create_user_pool_domain",
        good={"UserPoolId": "POOL", "Domain": "shop-refusals"},
        bad={"Domain": "aws-shop"},
        code="InvalidParameterException",
    ),
    "function-timeout": _function("ValidationException", Timeout=901),
    "function-memory": _function("ValidationException", MemorySize=10_241),
    "function-environment-reserved": _function(
        "InvalidParameterValueException", Environment={"Variables": {"AWS_REGION": "eu-west-1"}}
    ),
    "function-environment-size": _function(
        "InvalidParameterValueException", Environment={"Variables": {"TEXT": "x" * 4_093}}
    ),
    "function-image-runtime": _function(
        "InvalidParameterValueException",
        package={
            "PackageType": "Image",
            "Code": {"ImageUri": "x"},
            "Runtime": None,
            "Handler": None,
        },
        Runtime="nodejs22.x",
    ),
    "scaling-dimension": _target(ScalableDimension="dynamodb:table:ReadCapacityUnits"),
    "scaling-resource-id": _target(ResourceId="function:api"),
    "scaling-bounds": _target(MinCapacity=3),
    "balancer-function-group": _group(
        {"Port": 80, "Protocol": "HTTP"}, good={"TargetType": "lambda"}
    ),
    "balancer-group-vpc": _group(
        {"TargetType": "ip", "Port": 80, "Protocol": "HTTP"}, good={"TargetType": "lambda"}
    ),
    "logs-retention-value": Case(
        service="logs",
        call="put_retention_policy",
        good={"logGroupName": "/refusals", "retentionInDays": 30},
        bad={"retentionInDays": 45},
        code="InvalidParameterException",
    ),
    "network-block-size": Case(
        service="ec2",
        call="create_vpc",
        good={"CidrBlock": "10.0.0.0/16"},
        bad={"CidrBlock": "10.0.0.0/29"},
        code="InvalidVpc.Range",
    ),
    "security-group-characters": Case(
        service="ec2",
        call="create_security_group",
        good={"GroupName": "refusals", "Description": "The web servers"},
        bad={"GroupName": "refused", "Description": "The shop's web servers"},
        code="InvalidParameterValue",
    ),
    "security-group-ports": Case(
        service="ec2",
        call="authorize_security_group_ingress",
        good={
            "GroupId": "GROUP",
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 1,
                    "ToPort": 2,
                    "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
                }
            ],
        },
        bad={
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 9,
                    "ToPort": 8,
                    "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
                }
            ]
        },
        code="InvalidParameterValue",
    ),
    "security-group-rule-description": Case(
        service="ec2",
        call="authorize_security_group_ingress",
        good={
            "GroupId": "GROUP",
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 3,
                    "ToPort": 3,
                    "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "Everybody"}],
                }
            ],
        },
        bad={
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 4,
                    "ToPort": 4,
                    "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "Everybody's"}],
                }
            ]
        },
        code="InvalidParameterValue",
    ),
    "edge-behavior-origin": _distribution(
        "NoSuchOrigin", DefaultCacheBehavior=BEHAVIOR | {"TargetOriginId": "shop"}
    ),
    "edge-group-member": _distribution(
        "NoSuchOrigin",
        OriginGroups={
            "Quantity": 1,
            "Items": [
                GROUP
                | {"Members": {"Quantity": 2, "Items": [{"OriginId": "site"}, {"OriginId": "x"}]}}
            ],
        },
    ),
    "edge-group-methods": _distribution(
        "InvalidArgument",
        OriginGroups={"Quantity": 1, "Items": [GROUP]},
        DefaultCacheBehavior=BEHAVIOR
        | {"TargetOriginId": "pair", "AllowedMethods": {"Quantity": 7, "Items": METHODS}},
    ),
    "edge-qualified-arn": _distribution(
        "InvalidLambdaFunctionAssociation", DefaultCacheBehavior=BEHAVIOR | _edge(EDGE)
    ),
    "edge-function-region": _distribution(
        "InvalidLambdaFunctionAssociation",
        DefaultCacheBehavior=BEHAVIOR | _edge(f"{EDGE.replace('us-east', 'eu-west')}:1"),
    ),
    "edge-viewer-functions": _distribution(
        "InvalidFunctionAssociation",
        DefaultCacheBehavior=BEHAVIOR
        | _edge(f"{EDGE}:1")
        | {
            "FunctionAssociations": {
                "Quantity": 1,
                "Items": [{"FunctionARN": "rewrite", "EventType": "viewer-request"}],
            }
        },
    ),
    "edge-firewall-scope": _distribution(
        "InvalidWebACLId",
        WebACLId="arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/1",
    ),
    "edge-firewall-region": Case(
        service="wafv2",
        call="create_ip_set",
        good={
            "Name": "refusals",
            "Scope": "REGIONAL",
            "IPAddressVersion": "IPV4",
            "Addresses": [],
        },
        bad={"Scope": "CLOUDFRONT"},
        code="WAFInvalidParameterException",
    ),
    "edge-cache-ttls": Case(
        service="cloudfront",
        call="create_cache_policy",
        good={"CachePolicyConfig": {"Name": "good", "MinTTL": 1, "DefaultTTL": 1, "MaxTTL": 60}},
        bad={"CachePolicyConfig": {"Name": "bad", "MinTTL": 120, "DefaultTTL": 1, "MaxTTL": 60}},
        code="InvalidArgument",
        region="us-east-1",
    ),
}


@pytest.fixture
def parameters(connect: Client) -> Callable[[Case, Mapping[str, Any]], dict[str, Any]]:
    """Return a function that fills in what a request refers to."""

    def fill(case: Case, changes: Mapping[str, Any]) -> dict[str, Any]:
        given = deepcopy(dict(case.good) | dict(changes))
        found = {name: value for name, value in given.items() if value is not None}
        region = case.region
        if found.get("UserPoolId") == "POOL":
            client = connect("cognito-idp", region=region)
            found["UserPoolId"] = client.create_user_pool(PoolName="refusals")["UserPool"]["Id"]
        if found.get("GroupId") == "GROUP":
            name = f"refusals-{uuid.uuid4()}"
            group = connect("ec2", region=region).create_security_group(
                GroupName=name, Description="Refusals"
            )
            found["GroupId"] = group["GroupId"]
        if "logGroupName" in found:
            found["logGroupName"] = f"/refusals/{uuid.uuid4()}"
            connect("logs", region=region).create_log_group(logGroupName=found["logGroupName"])
        if case.call == "create_target_group":
            found["Name"] = f"refusals-{uuid.uuid4().hex[:12]}"
        if "DistributionConfigWithTags" in found:
            distribution = found["DistributionConfigWithTags"]["DistributionConfig"]
            distribution["CallerReference"] = str(uuid.uuid4())
        if found.get("Role") == "ROLE":
            found["Role"] = "arn:aws:iam::123456789012:role/missing"
        return found

    return fill


@pytest.mark.parametrize("rule", CASES)
def test_a_request_is_refused(
    rule: str,
    connect: Client,
    parameters: Callable[[Case, Mapping[str, Any]], dict[str, Any]],
) -> None:
    case = CASES[rule]
    call = getattr(connect(case.service, region=case.region), case.call)
    with pytest.raises(ClientError) as refused:
        call(**parameters(case, case.bad))
    error = refused.value.response.get("Error", {})
    assert error.get("Code") == case.code
    answer = _error_of(call, parameters(case, {}))
    if case.accepted:
        assert answer == ""
    else:
        assert answer != error.get("Message")


def _error_of(call: Callable[..., object], given: Mapping[str, Any]) -> str:
    """Return the message of a request's error; empty if it is accepted."""
    try:
        call(**given)
    except ClientError as error:
        return error.response.get("Error", {}).get("Message", "")
    return ""


def test_every_case_belongs_to_a_guardrail_that_names_it() -> None:
    here = "tests/local_aws/test_refusals.py::test_a_request_is_refused"
    named = {rule.id for rule in RULES if rule.refused_locally == here}
    assert set(CASES) == named
