"""What a guardrail finds between resources, the embedded AWS refuses as AWS does.

Each case is named after its guardrail. It makes what the requests refer to, and returns the call,
what AWS accepts, what AWS refuses, and the error.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from review.guardrails.rules import RULES

pytestmark = pytest.mark.local_aws

Client = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A call that is refused, and that is accepted with other arguments."""

    call: Callable[..., Any]
    good: Mapping[str, Any]
    bad: Mapping[str, Any]
    code: str


def _new_name(prefix: str = "refusals") -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def _vpc(connect: Client, block: str = "10.0.0.0/16") -> tuple[Any, str]:
    ec2 = connect("ec2")
    return ec2, ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]


def _subnet(ec2: Any, vpc: str, number: int, zone: str = "eu-west-1a") -> str:  # noqa: ANN401  # boto3
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)
    return made["Subnet"]["SubnetId"]


def _block_inside(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    return Case(
        call=ec2.create_subnet,
        good={"VpcId": vpc, "CidrBlock": "10.0.1.0/24"},
        bad={"VpcId": vpc, "CidrBlock": "10.1.1.0/24"},
        code="InvalidSubnet.Range",
    )


def _block_overlap(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    _subnet(ec2, vpc, 1)
    return Case(
        call=ec2.create_subnet,
        good={"VpcId": vpc, "CidrBlock": "10.0.2.0/24"},
        bad={"VpcId": vpc, "CidrBlock": "10.0.1.128/25"},
        code="InvalidSubnet.Conflict",
    )


def _zone_region(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    return Case(
        call=ec2.create_subnet,
        good={"VpcId": vpc, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-1a"},
        bad={"VpcId": vpc, "CidrBlock": "10.0.2.0/24", "AvailabilityZone": "eu-central-1a"},
        code="InvalidParameterValue",
    )


def _subnet_tables(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    used, free = _subnet(ec2, vpc, 1), _subnet(ec2, vpc, 2)
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    ec2.associate_route_table(SubnetId=used, RouteTableId=tables[0])
    return Case(
        call=ec2.associate_route_table,
        good={"SubnetId": free, "RouteTableId": tables[1]},
        bad={"SubnetId": used, "RouteTableId": tables[1]},
        code="Resource.AlreadyAssociated",
    )


def _endpoint_twice(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": True}})
    given = {
        "VpcId": vpc,
        "VpcEndpointType": "Interface",
        "SubnetIds": [_subnet(ec2, vpc, 1)],
        "PrivateDnsEnabled": True,
    }
    secrets = given | {"ServiceName": "com.amazonaws.eu-west-1.secretsmanager"}
    ec2.create_vpc_endpoint(**secrets)
    return Case(
        call=ec2.create_vpc_endpoint,
        good=given | {"ServiceName": "com.amazonaws.eu-west-1.logs"},
        bad=secrets,
        code="InvalidParameter",
    )


def _private_dns_names(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    given = {
        "VpcId": vpc,
        "VpcEndpointType": "Interface",
        "SubnetIds": [_subnet(ec2, vpc, 1)],
        "ServiceName": "com.amazonaws.eu-west-1.logs",
    }
    return Case(
        call=ec2.create_vpc_endpoint,
        good=given | {"PrivateDnsEnabled": False},
        bad=given | {"PrivateDnsEnabled": True},
        code="InvalidParameter",
    )


def _duplicate(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    made = ec2.create_security_group(GroupName=_new_name(), Description="Refusals", VpcId=vpc)

    def rule(port: int) -> dict[str, Any]:
        ranges = [{"CidrIp": "10.0.0.0/8"}]
        ports = {"FromPort": port, "ToPort": port}
        return {
            "GroupId": made["GroupId"],
            "IpPermissions": [{"IpProtocol": "tcp", "IpRanges": ranges, **ports}],
        }

    ec2.authorize_security_group_ingress(**rule(443))
    return Case(
        call=ec2.authorize_security_group_ingress,
        good=rule(8443),
        bad=rule(443),
        code="InvalidPermission.Duplicate",
    )


def _flow_interval(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    bucket = _bucket(connect)
    given = {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
        "LogDestination": f"arn:aws:s3:::{bucket}",
    }
    return Case(
        call=ec2.create_flow_logs,
        good=given | {"MaxAggregationInterval": 60},
        bad=given | {"MaxAggregationInterval": 90},
        code="InvalidParameter",
    )


def _subnet_zones(connect: Client) -> Case:
    ec2, vpc = _vpc(connect)
    one, same, other = (
        _subnet(ec2, vpc, 1),
        _subnet(ec2, vpc, 2),
        _subnet(ec2, vpc, 3, "eu-west-1b"),
    )
    name = {"DBSubnetGroupName": _new_name(), "DBSubnetGroupDescription": "Refusals"}
    return Case(
        call=connect("rds").create_db_subnet_group,
        good=name | {"SubnetIds": [one, other]},
        bad=name | {"SubnetIds": [one, same]},
        code="DBSubnetGroupDoesNotCoverEnoughAZs",
    )


def _bucket(connect: Client) -> str:
    name = _new_name()
    connect("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    return name


def _bucket_name(connect: Client) -> Case:
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    return Case(
        call=connect("s3").create_bucket,
        good=place | {"Bucket": _new_name()},
        bad=place | {"Bucket": "sthree-refusals"},
        code="InvalidBucketName",
    )


def _lifecycle(connect: Client, **bad: object) -> Case:
    bucket = _bucket(connect)
    good = {
        "ID": "age",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Transitions": [
            {"Days": 30, "StorageClass": "STANDARD_IA"},
            {"Days": 60, "StorageClass": "GLACIER"},
        ],
        "Expiration": {"Days": 90},
    }

    def request(rule: Mapping[str, Any]) -> dict[str, Any]:
        return {"Bucket": bucket, "LifecycleConfiguration": {"Rules": [rule]}}

    return Case(
        call=connect("s3").put_bucket_lifecycle_configuration,
        good=request(good),
        bad=request(good | bad),
        code="InvalidArgument",
    )


def _transition_order(connect: Client) -> Case:
    steps = [
        {"Days": 60, "StorageClass": "STANDARD_IA"},
        {"Days": 45, "StorageClass": "GLACIER"},
    ]
    return _lifecycle(connect, Transitions=steps)


def _transition_days(connect: Client) -> Case:
    return _lifecycle(connect, Transitions=[{"Days": 7, "StorageClass": "STANDARD_IA"}])


def _expiration_order(connect: Client) -> Case:
    return _lifecycle(connect, Expiration={"Days": 45})


def _acl_ownership(connect: Client) -> Case:
    s3 = connect("s3")
    owned, open_ = _bucket(connect), _bucket(connect)
    for bucket, ownership in ((owned, "BucketOwnerEnforced"), (open_, "BucketOwnerPreferred")):
        s3.put_bucket_ownership_controls(
            Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]}
        )
    return Case(
        call=s3.put_bucket_acl,
        good={"Bucket": open_, "ACL": "private"},
        bad={"Bucket": owned, "ACL": "private"},
        code="AccessControlListNotSupported",
    )


def _public_policy(connect: Client) -> Case:
    s3, bucket = connect("s3"), _bucket(connect)
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    s3.put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True)
    )

    def request(principal: object) -> dict[str, str]:
        statement = {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/*",
            "Principal": principal,
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        return {"Bucket": bucket, "Policy": json.dumps(policy)}

    return Case(
        call=s3.put_bucket_policy,
        good=request({"AWS": "123456789012"}),
        bad=request("*"),
        code="AccessDenied",
    )


def _deletion_window(connect: Client) -> Case:
    kms = connect("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    return Case(
        call=kms.schedule_key_deletion,
        good={"KeyId": key, "PendingWindowInDays": 7},
        bad={"KeyId": key, "PendingWindowInDays": 31},
        code="ValidationException",
    )


def _alias_name(connect: Client) -> Case:
    kms = connect("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    return Case(
        call=kms.create_alias,
        good={"AliasName": f"alias/{_new_name()}", "TargetKeyId": key},
        bad={"AliasName": _new_name(), "TargetKeyId": key},
        code="ValidationException",
    )


def _key_policy(*, without: str = "", **changes: object) -> dict[str, str]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "kms:*",
        "Resource": "*",
        **changes,
    }
    statement.pop(without, None)
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def _key_principal(connect: Client) -> Case:
    return Case(
        call=connect("kms").create_key,
        good=_key_policy(),
        bad=_key_policy(without="Principal"),
        code="MalformedPolicyDocumentException",
    )


def _locked_out(connect: Client) -> Case:
    return Case(
        call=connect("kms").create_key,
        good=_key_policy(),
        bad=_key_policy(Action="kms:Decrypt"),
        code="MalformedPolicyDocumentException",
    )


def _role_policy(connect: Client, statement: Mapping[str, Any], **bad: object) -> Case:
    iam = connect("iam")
    role = _new_name()
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    given = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    good = {"Version": "2012-10-17", "Statement": [given]}
    changed = {name: each for name, each in (given | dict(statement)).items() if each is not None}
    return Case(
        call=iam.put_role_policy,
        good={"RoleName": role, "PolicyName": "own", "PolicyDocument": json.dumps(good)},
        bad={
            "RoleName": role,
            "PolicyName": "own",
            "PolicyDocument": json.dumps(good | {"Statement": [changed]} | bad),
        },
        code="MalformedPolicyDocument",
    )


def _policy_complete(connect: Client) -> Case:
    return _role_policy(connect, {"Resource": None})


def _policy_version(connect: Client) -> Case:
    return _role_policy(connect, {}, Version="2012-10-18")


def _trust_complete(connect: Client) -> Case:
    def request(**more: object) -> dict[str, str]:
        statement = {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
            **more,
        }
        document = {"Version": "2012-10-17", "Statement": [statement]}
        return {"RoleName": _new_name(), "AssumeRolePolicyDocument": json.dumps(document)}

    return Case(
        call=connect("iam").create_role,
        good=request(),
        bad=request(Resource="*"),
        code="MalformedPolicyDocument",
    )


def _balancer(connect: Client) -> tuple[Any, str, list[str]]:
    ec2, vpc = _vpc(connect)
    subnets = [_subnet(ec2, vpc, 1), _subnet(ec2, vpc, 2, "eu-west-1b"), _subnet(ec2, vpc, 3)]
    elb = connect("elbv2")
    made = elb.create_load_balancer(Name=_new_name(), Subnets=subnets[:2], Scheme="internal")
    return elb, made["LoadBalancers"][0]["LoadBalancerArn"], subnets


def _balancer_zones(connect: Client) -> Case:
    elb, _, subnets = _balancer(connect)
    return Case(
        call=elb.create_load_balancer,
        good={"Name": _new_name(), "Subnets": subnets[:2]},
        bad={"Name": _new_name(), "Subnets": subnets[:1]},
        code="ValidationError",
    )


def _attribute(connect: Client, key: str, good: str, bad: str) -> Case:
    elb, balancer, _ = _balancer(connect)

    def request(value: str) -> dict[str, Any]:
        return {"LoadBalancerArn": balancer, "Attributes": [{"Key": key, "Value": value}]}

    return Case(
        call=elb.modify_load_balancer_attributes,
        good=request(good),
        bad=request(bad),
        code="InvalidConfigurationRequest",
    )


def _idle_timeout(connect: Client) -> Case:
    return _attribute(connect, "idle_timeout.timeout_seconds", "60", "4001")


def _log_prefix(connect: Client) -> Case:
    return _attribute(connect, "access_logs.s3.prefix", "balancer", "AWSLogs")


def _listener(connect: Client, code: str, **bad: object) -> Case:
    elb, balancer, _ = _balancer(connect)
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    good = {
        "LoadBalancerArn": balancer,
        "Protocol": "HTTP",
        "Port": 80,
        "DefaultActions": [fixed],
    }
    return Case(call=elb.create_listener, good=good, bad=good | {"Port": 81} | bad, code=code)


CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"


def _http_certificate(connect: Client) -> Case:
    return _listener(connect, "ValidationError", Certificates=[{"CertificateArn": CERTIFICATE}])


def _https_certificate(connect: Client) -> Case:
    return _listener(connect, "ValidationError", Protocol="HTTPS")


def _priorities(connect: Client) -> Case:
    case = _listener(connect, "")
    listener = case.call(**case.good)["Listeners"][0]["ListenerArn"]
    elb = connect("elbv2")

    def request(priority: int) -> dict[str, Any]:
        return {
            "ListenerArn": listener,
            "Priority": priority,
            "Conditions": [{"Field": "path-pattern", "Values": [f"/{priority}"]}],
            "Actions": case.good["DefaultActions"],
        }

    elb.create_rule(**request(1))
    return Case(call=elb.create_rule, good=request(2), bad=request(1), code="PriorityInUse")


def _firewall_log_name(connect: Client) -> Case:
    waf, logs = connect("wafv2"), connect("logs")
    made = waf.create_web_acl(
        Name=_new_name(),
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig={
            "SampledRequestsEnabled": True,
            "CloudWatchMetricsEnabled": True,
            "MetricName": "refusals",
        },
    )

    def request(name: str) -> dict[str, Any]:
        logs.create_log_group(logGroupName=name)
        group = f"arn:aws:logs:eu-west-1:123456789012:log-group:{name}"
        configuration = {
            "ResourceArn": made["Summary"]["ARN"],
            "LogDestinationConfigs": [group],
        }
        return {"LoggingConfiguration": configuration}

    return Case(
        call=waf.put_logging_configuration,
        good=request(_new_name("aws-waf-logs")),
        bad=request(_new_name("firewall")),
        code="WAFInvalidParameterException",
    )


def _api(connect: Client) -> tuple[Any, str, str]:
    apigateway = connect("apigateway")
    api = apigateway.create_rest_api(name=_new_name())["id"]
    root = apigateway.get_resources(restApiId=api)["items"][0]["id"]
    return apigateway, api, root


def _sibling_paths(connect: Client) -> Case:
    apigateway, api, root = _api(connect)
    given = {"restApiId": api, "parentId": root}
    apigateway.create_resource(**given, pathPart="orders")
    return Case(
        call=apigateway.create_resource,
        good=given | {"pathPart": "products"},
        bad=given | {"pathPart": "orders"},
        code="ConflictException",
    )


def _method_twice(connect: Client) -> Case:
    apigateway, api, root = _api(connect)
    given = {"restApiId": api, "resourceId": root, "authorizationType": "NONE"}
    apigateway.put_method(**given, httpMethod="GET")
    return Case(
        call=apigateway.put_method,
        good=given | {"httpMethod": "POST"},
        bad=given | {"httpMethod": "GET"},
        code="ConflictException",
    )


def _method_authorizer(connect: Client) -> Case:
    apigateway, api, root = _api(connect)
    given = {"restApiId": api, "resourceId": root}
    return Case(
        call=apigateway.put_method,
        good=given | {"httpMethod": "POST", "authorizationType": "NONE"},
        bad=given | {"httpMethod": "GET", "authorizationType": "CUSTOM"},
        code="BadRequestException",
    )


def _integration_timeout(connect: Client) -> Case:
    apigateway, api, root = _api(connect)
    apigateway.put_method(
        restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE"
    )
    given = {"restApiId": api, "resourceId": root, "httpMethod": "GET", "type": "MOCK"}
    return Case(
        call=apigateway.put_integration,
        good=given | {"timeoutInMillis": 29_000},
        bad=given | {"timeoutInMillis": 49},
        code="BadRequestException",
    )


CASES: dict[str, Callable[[Client], Case]] = {
    "api-integration-timeout": _integration_timeout,
    "api-method-authorizer": _method_authorizer,
    "api-method-twice": _method_twice,
    "api-sibling-paths": _sibling_paths,
    "balancer-http-certificate": _http_certificate,
    "balancer-https-certificate": _https_certificate,
    "balancer-idle-timeout": _idle_timeout,
    "balancer-log-prefix": _log_prefix,
    "balancer-priorities": _priorities,
    "balancer-zones": _balancer_zones,
    "data-subnet-zones": _subnet_zones,
    "edge-firewall-log-name": _firewall_log_name,
    "general-policy-complete": _policy_complete,
    "general-policy-version": _policy_version,
    "general-trust-complete": _trust_complete,
    "keys-alias-name": _alias_name,
    "keys-deletion-window": _deletion_window,
    "keys-locked-out": _locked_out,
    "keys-principal": _key_principal,
    "logs-flow-interval": _flow_interval,
    "network-block-inside": _block_inside,
    "network-block-overlap": _block_overlap,
    "network-endpoint-twice": _endpoint_twice,
    "network-private-dns-names": _private_dns_names,
    "network-subnet-tables": _subnet_tables,
    "network-zone-region": _zone_region,
    "security-group-duplicate": _duplicate,
    "storage-acl-ownership": _acl_ownership,
    "storage-expiration-order": _expiration_order,
    "storage-name": _bucket_name,
    "storage-public-policy": _public_policy,
    "storage-transition-days": _transition_days,
    "storage-transition-order": _transition_order,
}


@pytest.mark.parametrize("rule", CASES)
def test_a_part_is_refused(rule: str, connect: Client) -> None:
    case = CASES[rule](partial(connect, region="eu-west-1"))
    with pytest.raises(ClientError) as refused:
        case.call(**case.bad)
    assert refused.value.response.get("Error", {}).get("Code") == case.code
    case.call(**case.good)


def test_every_case_belongs_to_a_guardrail_that_names_it() -> None:
    here = "tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused"
    assert set(CASES) == {rule.id for rule in RULES if rule.refused_locally == here}
