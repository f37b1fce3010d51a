"""Names that a second resource must not have are refused, as AWS refuses them."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.local_aws

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
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}],
    }
)
VISIBILITY = {
    "SampledRequestsEnabled": False,
    "CloudWatchMetricsEnabled": False,
    "MetricName": "twice",
}


def _vpc(client: Callable[[str], Any]) -> str:
    return client("ec2").create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]


def _subnets(client: Callable[[str], Any]) -> list[str]:
    vpc, ec2 = _vpc(client), client("ec2")
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{n}.0/24", AvailabilityZone=zone)["Subnet"][
            "SubnetId"
        ]
        for n, zone in enumerate(("eu-west-1a", "eu-west-1b"))
    ]


def _security_group(client: Callable[[str], Any]) -> Callable[[], object]:
    vpc = _vpc(client)
    return lambda: client("ec2").create_security_group(
        GroupName="twice", Description="twice", VpcId=vpc
    )


def _load_balancer(client: Callable[[str], Any]) -> Callable[[], object]:
    subnets = _subnets(client)
    # AWS returns a load balancer that is the same in every way, so the second one differs.
    schemes = iter(("internal", "internet-facing"))
    return lambda: client("elbv2").create_load_balancer(
        Name="twice", Subnets=subnets, Scheme=next(schemes)
    )


def _listener(client: Callable[[str], Any]) -> Callable[[], object]:
    elb = client("elbv2")
    balancer = elb.create_load_balancer(Name="ports", Subnets=_subnets(client))["LoadBalancers"][0]
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    return lambda: elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[answer],
    )


def _target_group(client: Callable[[str], Any]) -> Callable[[], object]:
    paths = iter(("/health", "/ready"))
    return lambda: client("elbv2").create_target_group(
        Name="twice", TargetType="lambda", HealthCheckPath=next(paths)
    )


def _function(client: Callable[[str], Any], *, name: str = "twice") -> Callable[[], object]:
    iam = client("iam")
    role = iam.create_role(RoleName=f"of-{name}", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.mjs", "export const handler = () => ({});")
    return lambda: client("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
    )


def _permission(client: Callable[[str], Any]) -> Callable[[], object]:
    _function(client, name="permitted")()
    return lambda: client("lambda").add_permission(
        FunctionName="permitted",
        StatementId="twice",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )


def _schedule(client: Callable[[str], Any]) -> Callable[[], object]:
    return lambda: client("scheduler").create_schedule(
        Name="twice",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:lambda:eu-west-1:123456789012:function:f", "RoleArn": ROLE},
    )


ROLE = "arn:aws:iam::123456789012:role/any"

CASES: dict[str, tuple[str, Callable[[Callable[[str], Any]], Callable[[], object]]]] = {
    "security group": ("InvalidGroup.Duplicate", _security_group),
    "load balancer": ("DuplicateLoadBalancerName", _load_balancer),
    "target group": ("DuplicateTargetGroupName", _target_group),
    "listener": ("DuplicateListener", _listener),
    "role": (
        "EntityAlreadyExists",
        lambda client: (
            lambda: client("iam").create_role(RoleName="twice", AssumeRolePolicyDocument=TRUST)
        ),
    ),
    "policy": (
        "EntityAlreadyExists",
        lambda client: (
            lambda: client("iam").create_policy(PolicyName="twice", PolicyDocument=POLICY)
        ),
    ),
    "log group": (
        "ResourceAlreadyExistsException",
        lambda client: lambda: client("logs").create_log_group(logGroupName="twice"),
    ),
    "function": ("ResourceConflictException", _function),
    "permission": ("ResourceConflictException", _permission),
    "web ACL": (
        "WAFDuplicateItemException",
        lambda client: (
            lambda: client("wafv2").create_web_acl(
                Name="twice",
                Scope="REGIONAL",
                DefaultAction={"Allow": {}},
                VisibilityConfig=VISIBILITY,
            )
        ),
    ),
    "schedule": ("ConflictException", _schedule),
    "key alias": (
        "AlreadyExistsException",
        lambda client: (
            lambda: client("kms").create_alias(
                AliasName="alias/twice",
                TargetKeyId=client("kms").create_key()["KeyMetadata"]["KeyId"],
            )
        ),
    ),
    "repository": (
        "RepositoryAlreadyExistsException",
        lambda client: lambda: client("ecr").create_repository(repositoryName="twice"),
    ),
    "secret": (
        "ResourceExistsException",
        lambda client: (
            lambda: client("secretsmanager").create_secret(Name="twice", SecretString="x")
        ),
    ),
    "parameter group": (
        "DBParameterGroupAlreadyExists",
        lambda client: (
            lambda: client("rds").create_db_parameter_group(
                DBParameterGroupName="twice",
                DBParameterGroupFamily="aurora-postgresql16",
                Description="twice",
            )
        ),
    ),
    "cluster parameter group": (
        "DBParameterGroupAlreadyExists",
        lambda client: (
            lambda: client("rds").create_db_cluster_parameter_group(
                DBClusterParameterGroupName="twice",
                DBParameterGroupFamily="aurora-postgresql16",
                Description="twice",
            )
        ),
    ),
    "subnet group": (
        "DBSubnetGroupAlreadyExists",
        lambda client: (
            lambda: client("rds").create_db_subnet_group(
                DBSubnetGroupName="twice",
                DBSubnetGroupDescription="twice",
                SubnetIds=_subnets(client),
            )
        ),
    ),
    "user pool domain": (
        "InvalidParameterException",
        lambda client: (
            lambda: client("cognito-idp").create_user_pool_domain(
                Domain="twice",
                UserPoolId=client("cognito-idp").create_user_pool(PoolName="p")["UserPool"]["Id"],
            )
        ),
    ),
    "bucket": (
        "BucketAlreadyOwnedByYou",
        lambda client: (
            lambda: client("s3").create_bucket(
                Bucket="twice", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
            )
        ),
    ),
    "origin access control": (
        "OriginAccessControlAlreadyExists",
        lambda client: (
            lambda: client("cloudfront").create_origin_access_control(
                OriginAccessControlConfig={
                    "Name": "twice",
                    "SigningProtocol": "sigv4",
                    "SigningBehavior": "always",
                    "OriginAccessControlOriginType": "s3",
                }
            )
        ),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_second_resource_of_the_same_name_is_refused(
    kind: str, connect: Callable[..., Any], region: str
) -> None:
    code, prepare = CASES[kind]
    create = prepare(lambda service: connect(service, region=region))
    create()
    with pytest.raises(ClientError, match=rf"\({code}\)"):
        create()
