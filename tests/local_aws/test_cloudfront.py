"""Distributions, VPC origins and policies."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_ec2 import EC2Client

from local_aws.database.certificates import CertificateAuthority

pytestmark = pytest.mark.local_aws

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


class Cloudfront:
    """A CloudFront client; the project has no types for boto3's."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  # see above
        self.call: Any = client

    def wait_for_vpc_origin(self, vpc_origin: str) -> None:
        """Wait until a VPC origin can be used."""
        while self.call.get_vpc_origin(Id=vpc_origin)["VpcOrigin"]["Status"] != "Deployed":
            time.sleep(0.2)

    def distribute_to(self, *, vpc_origin: str) -> str:
        """Create a distribution that uses a VPC origin, and return its id."""
        origin = {
            "Id": "api",
            "DomainName": "api.example.com",
            "VpcOriginConfig": {"VpcOriginId": vpc_origin},
        }
        config = self.distribute(
            configuration={"Origins": {"Quantity": 1, "Items": [origin]}},
            CachePolicyId=CACHING_DISABLED,
        )
        listed = self.call.list_distributions()["DistributionList"]["Items"]
        (found,) = [it for it in listed if it["Comment"] == config["Comment"]]
        return found["Id"]

    def distribute(
        self, *, configuration: dict[str, Any] | None = None, **behaviour: object
    ) -> dict[str, Any]:
        """Create a distribution and return the configuration that CloudFront has for it."""
        made = self.call.create_distribution(
            DistributionConfig={
                "CallerReference": str(uuid4()),
                "Comment": uuid4().hex,
                "Enabled": True,
                "Origins": {
                    "Quantity": 1,
                    "Items": [
                        {
                            "Id": "api",
                            "DomainName": "api.example.com",
                            "CustomOriginConfig": {
                                "HTTPPort": 80,
                                "HTTPSPort": 443,
                                "OriginProtocolPolicy": "https-only",
                            },
                        }
                    ],
                },
                "DefaultCacheBehavior": {
                    "TargetOriginId": "api",
                    "ViewerProtocolPolicy": "https-only",
                }
                | behaviour,
            }
            | (configuration or {})
        )["Distribution"]
        return self.call.get_distribution_config(Id=made["Id"])["DistributionConfig"]


@pytest.fixture
def cloudfront(connect: Callable[..., Any]) -> Cloudfront:
    return Cloudfront(connect("cloudfront", region="us-east-1"))


def test_a_distribution_returns_its_settings(cloudfront: Cloudfront) -> None:
    edge = {
        "LambdaFunctionARN": "arn:aws:lambda:us-east-1:123456789012:function:edge:1",
        "EventType": "viewer-request",
        "IncludeBody": False,
    }
    config = cloudfront.distribute(
        CachePolicyId=CACHING_DISABLED,
        LambdaFunctionAssociations={"Quantity": 1, "Items": [edge]},
    )

    behaviour = config["DefaultCacheBehavior"]
    assert behaviour["LambdaFunctionAssociations"] == {"Quantity": 1, "Items": [edge]}
    assert behaviour["FunctionAssociations"]["Quantity"] == 0
    assert "ForwardedValues" not in behaviour
    certificate = config["ViewerCertificate"]
    assert certificate["CloudFrontDefaultCertificate"] is True
    assert certificate.keys().isdisjoint({"ACMCertificateArn", "IAMCertificateId"})


def test_a_distribution_returns_its_forwarded_values(cloudfront: Cloudfront) -> None:
    config = cloudfront.distribute(
        ForwardedValues={"QueryString": True, "Cookies": {"Forward": "none"}}
    )
    assert config["DefaultCacheBehavior"]["ForwardedValues"]["QueryString"] is True


@pytest.fixture
def balancer(connect: Callable[..., Any], ec2: EC2Client) -> dict[str, Any]:
    """Return an internal load balancer in its own VPC."""
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"].get("VpcId", "")
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}"
        )["Subnet"].get("SubnetId")
        for number, zone in enumerate("ab")
    ]
    elb = connect("elbv2", region="eu-west-1")
    made = elb.create_load_balancer(Name=f"b-{uuid4().hex[:8]}", Subnets=subnets, Scheme="internal")
    return made["LoadBalancers"][0]


def test_cloudfronts_security_group_exists_as_long_as_the_vpc_has_vpc_origins(
    cloudfront: Cloudfront, balancer: dict[str, Any], ec2: EC2Client
) -> None:
    def groups() -> list[str]:
        found = ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [balancer["VpcId"]]}]
        )["SecurityGroups"]
        return sorted(group.get("GroupName", "") for group in found)

    origins = [
        cloudfront.call.create_vpc_origin(
            VpcOriginEndpointConfig={
                "Name": name,
                "Arn": balancer["LoadBalancerArn"],
                "HTTPPort": 80,
                "HTTPSPort": 443,
                "OriginProtocolPolicy": "http-only",
            }
        )
        for name in ("one", "two")
    ]
    for origin in origins:
        assert groups() == ["CloudFront-VPCOrigins-Service-SG", "default"]
        cloudfront.call.delete_vpc_origin(Id=origin["VpcOrigin"]["Id"], IfMatch=origin["ETag"])
    assert groups() == ["default"]


@pytest.fixture
def vpc_origin(balancer: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a VPC origin, with its own name."""
    return {
        "Name": f"balancer-{uuid4().hex[:8]}",
        "Arn": balancer["LoadBalancerArn"],
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "http-only",
    }


def test_a_vpc_origin_can_be_created_changed_and_deleted(
    cloudfront: Cloudfront, vpc_origin: dict[str, Any]
) -> None:
    made = cloudfront.call.create_vpc_origin(
        VpcOriginEndpointConfig=vpc_origin, Tags={"Items": [{"Key": "Owner", "Value": "me"}]}
    )
    origin = made["VpcOrigin"]
    tags = cloudfront.call.list_tags_for_resource(Resource=origin["Arn"])["Tags"]["Items"]
    assert origin["Status"] == "Deploying"
    assert tags == [{"Key": "Owner", "Value": "me"}]
    cloudfront.wait_for_vpc_origin(origin["Id"])

    with pytest.raises(ClientError, match="InvalidIfMatchVersion"):
        cloudfront.call.delete_vpc_origin(Id=origin["Id"], IfMatch="stale")
    changed = cloudfront.call.update_vpc_origin(
        Id=origin["Id"], IfMatch=made["ETag"], VpcOriginEndpointConfig=vpc_origin | {"HTTPPort": 81}
    )
    kept = cloudfront.call.get_vpc_origin(Id=origin["Id"])
    assert kept["VpcOrigin"]["VpcOriginEndpointConfig"]["HTTPPort"] == 81
    listed = cloudfront.call.list_vpc_origins()["VpcOriginList"]["Items"]
    assert vpc_origin["Name"] in [item["Name"] for item in listed]

    cloudfront.call.delete_vpc_origin(Id=origin["Id"], IfMatch=changed["ETag"])
    with pytest.raises(ClientError, match="EntityNotFound"):
        cloudfront.call.get_vpc_origin(Id=origin["Id"])


def test_a_vpc_origin_in_use_can_be_neither_changed_nor_deleted(
    cloudfront: Cloudfront, vpc_origin: dict[str, Any]
) -> None:
    made = cloudfront.call.create_vpc_origin(VpcOriginEndpointConfig=vpc_origin)
    origin = made["VpcOrigin"]["Id"]
    with pytest.raises(ClientError, match="is not deployed"):
        cloudfront.distribute_to(vpc_origin=origin)
    cloudfront.wait_for_vpc_origin(origin)
    distribution = cloudfront.distribute_to(vpc_origin=origin)

    with pytest.raises(ClientError, match="CannotUpdateEntityWhileInUse"):
        cloudfront.call.update_vpc_origin(
            Id=origin, IfMatch=made["ETag"], VpcOriginEndpointConfig=vpc_origin | {"HTTPPort": 81}
        )
    with pytest.raises(ClientError, match="CannotDeleteEntityWhileInUse"):
        cloudfront.call.delete_vpc_origin(Id=origin, IfMatch=made["ETag"])
    with pytest.raises(ClientError, match="EntityAlreadyExists"):
        cloudfront.call.create_vpc_origin(VpcOriginEndpointConfig=vpc_origin)

    found = cloudfront.call.get_distribution_config(Id=distribution)
    cloudfront.call.delete_distribution(Id=distribution, IfMatch=found["ETag"])
    cloudfront.call.delete_vpc_origin(Id=origin, IfMatch=made["ETag"])


def test_a_policy_in_use_cannot_be_deleted(cloudfront: Cloudfront) -> None:
    made = cloudfront.call.create_cache_policy(
        CachePolicyConfig={"Name": uuid4().hex, "MinTTL": 0, "DefaultTTL": 60, "MaxTTL": 60}
    )
    policy = made["CachePolicy"]["Id"]
    cloudfront.distribute(CachePolicyId=policy)
    with pytest.raises(ClientError, match="CachePolicyInUse"):
        cloudfront.call.delete_cache_policy(Id=policy, IfMatch=made["ETag"])


def test_host_names_need_a_certificate_of_us_east_1_that_covers_them(
    cloudfront: Cloudfront, connect: Callable[..., Any], tmp_path: Path
) -> None:
    issued = CertificateAuthority(folder=tmp_path).issue(["*.shop.example"]).decode()
    key, end, certificate = issued.partition("-----END PRIVATE KEY-----\n")
    here, elsewhere = (
        connect("acm", region=region).import_certificate(
            Certificate=certificate, PrivateKey=key + end
        )["CertificateArn"]
        for region in ("us-east-1", "eu-west-1")
    )

    def distribute(alias: str, arn: str | None) -> None:
        own = {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only"}
        cloudfront.distribute(
            configuration={
                "Aliases": {"Quantity": 1, "Items": [alias]},
                "ViewerCertificate": own if arn else {"CloudFrontDefaultCertificate": True},
            },
            CachePolicyId=CACHING_DISABLED,
        )

    unknown = here.rpartition("/")[0] + f"/{uuid4()}"
    for unusable in (None, elsewhere, unknown):
        with pytest.raises(ClientError, match="InvalidViewerCertificate"):
            distribute("www.shop.example", unusable)
    with pytest.raises(ClientError, match="InvalidViewerCertificate"):
        distribute("www.other.example", here)
    distribute("www.shop.example", here)
    with pytest.raises(ClientError, match="CNAMEAlreadyExists"):
        distribute("www.shop.example", here)


def test_managed_policies_are_found_by_name_and_cannot_be_changed(cloudfront: Cloudfront) -> None:
    managed = cloudfront.call.list_cache_policies(Type="managed")["CachePolicyList"]["Items"]
    ids = {
        item["CachePolicy"]["CachePolicyConfig"]["Name"]: item["CachePolicy"]["Id"]
        for item in managed
    }
    assert ids["Managed-CachingDisabled"] == CACHING_DISABLED

    policy = cloudfront.call.get_cache_policy(Id=CACHING_DISABLED)
    kept = policy["CachePolicy"]["CachePolicyConfig"]
    assert kept["MaxTTL"] == 0
    in_key = kept["ParametersInCacheKeyAndForwardedToOrigin"]
    assert in_key["HeadersConfig"]["HeaderBehavior"] == "none"
    with pytest.raises(ClientError, match="IllegalUpdate"):
        cloudfront.call.delete_cache_policy(Id=CACHING_DISABLED, IfMatch=policy["ETag"])
    with pytest.raises(ClientError, match="NoSuchOriginRequestPolicy"):
        cloudfront.call.get_origin_request_policy(Id=CACHING_DISABLED)


def test_a_custom_policy_can_be_created_changed_and_deleted(cloudfront: Cloudfront) -> None:
    frames = {"FrameOptions": {"Override": True, "FrameOption": "DENY"}}
    wanted = {"Name": "strict", "SecurityHeadersConfig": frames}
    made = cloudfront.call.create_response_headers_policy(ResponseHeadersPolicyConfig=wanted)
    policy = made["ResponseHeadersPolicy"]["Id"]
    with pytest.raises(ClientError, match="ResponseHeadersPolicyAlreadyExists"):
        cloudfront.call.create_response_headers_policy(ResponseHeadersPolicyConfig=wanted)

    changed = cloudfront.call.update_response_headers_policy(
        Id=policy,
        IfMatch=made["ETag"],
        ResponseHeadersPolicyConfig=wanted | {"Comment": "no frames"},
    )
    kept = cloudfront.call.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]
    assert kept["ResponseHeadersPolicyConfig"] == wanted | {"Comment": "no frames"}

    with pytest.raises(ClientError, match="InvalidIfMatchVersion"):
        cloudfront.call.delete_response_headers_policy(Id=policy, IfMatch=made["ETag"])
    cloudfront.call.delete_response_headers_policy(Id=policy, IfMatch=changed["ETag"])
    own = cloudfront.call.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"]
    assert policy not in [item["ResponseHeadersPolicy"]["Id"] for item in own.get("Items", [])]


def test_a_monitoring_subscription_can_be_created_read_and_deleted(cloudfront: Cloudfront) -> None:
    cloudfront.distribute(CachePolicyId=CACHING_DISABLED)
    distribution = cloudfront.call.list_distributions()["DistributionList"]["Items"][-1]["Id"]
    with pytest.raises(ClientError, match="NoSuchMonitoringSubscription"):
        cloudfront.call.get_monitoring_subscription(DistributionId=distribution)
    wanted = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
    cloudfront.call.create_monitoring_subscription(
        DistributionId=distribution, MonitoringSubscription=wanted
    )
    read = cloudfront.call.get_monitoring_subscription(DistributionId=distribution)
    assert read["MonitoringSubscription"] == wanted
    cloudfront.call.delete_monitoring_subscription(DistributionId=distribution)
    with pytest.raises(ClientError, match="NoSuchMonitoringSubscription"):
        cloudfront.call.get_monitoring_subscription(DistributionId=distribution)


@pytest.mark.parametrize(
    ("times", "parameters", "complaint"),
    [
        ((0, 0, 0), {"EnableAcceptEncodingGzip": True}, "EnableAcceptEncodingGzip is invalid"),
        (
            (0, 0, 0),
            {"QueryStringsConfig": {"QueryStringBehavior": "all"}},
            "QueryStringBehavior is invalid for policy with caching disabled",
        ),
        ((0, 60, 30), {}, "DefaultTTL"),
        ((60, 30, 90), {}, "DefaultTTL"),
        ((0, 0, 0), {}, None),
        ((0, 0, 1), {"EnableAcceptEncodingGzip": True}, None),
    ],
)
def test_a_cache_policy_that_caches_nothing_names_no_key(
    cloudfront: Cloudfront,
    times: tuple[int, int, int],
    parameters: dict[str, object],
    complaint: str | None,
) -> None:
    config = {
        "Name": f"policy-{uuid4().hex[:8]}",
        "MinTTL": times[0],
        "DefaultTTL": times[1],
        "MaxTTL": times[2],
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": False,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
        }
        | parameters,
    }
    if complaint is None:
        assert cloudfront.call.create_cache_policy(CachePolicyConfig=config)["ETag"]
        return
    with pytest.raises(ClientError, match=complaint) as refused:
        cloudfront.call.create_cache_policy(CachePolicyConfig=config)
    assert refused.value.response.get("Error", {}).get("Code") == "InvalidArgument"
