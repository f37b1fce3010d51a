"""What is still in use cannot be deleted, as on AWS."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_rds import RDSClient

pytestmark = pytest.mark.local_aws


@pytest.fixture
def vpc(ec2: EC2Client) -> str:
    return ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"].get("VpcId", "")


@pytest.fixture
def subnets(ec2: EC2Client, vpc: str) -> list[str]:
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.30.{number}.0/24", AvailabilityZone=zone)[
            "Subnet"
        ].get("SubnetId", "")
        for number, zone in enumerate(("eu-west-1a", "eu-west-1b"))
    ]


def _group(ec2: EC2Client, vpc: str, name: str) -> str:
    return ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]


def test_a_security_group_stays_as_long_as_a_rule_names_it(ec2: EC2Client, vpc: str) -> None:
    servers, clients = _group(ec2, vpc, "servers"), _group(ec2, vpc, "clients")
    rule: Any = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "UserIdGroupPairs": [{"GroupId": clients}],
    }
    ec2.authorize_security_group_ingress(GroupId=servers, IpPermissions=[rule])
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=clients)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc)
    ec2.revoke_security_group_ingress(GroupId=servers, IpPermissions=[rule])
    for group in (clients, servers):
        ec2.delete_security_group(GroupId=group)
    ec2.delete_vpc(VpcId=vpc)


def test_the_network_of_a_load_balancer_stays_as_long_as_it_exists(
    ec2: EC2Client, vpc: str, subnets: list[str], connect: Callable[..., Any], region: str
) -> None:
    elb, group = connect("elbv2", region=region), _group(ec2, vpc, "balancer")
    balancer = elb.create_load_balancer(
        Name=f"b-{uuid4().hex[:8]}", Subnets=subnets, SecurityGroups=[group]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=group)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnets[0])
    elb.delete_load_balancer(LoadBalancerArn=balancer)
    ec2.delete_security_group(GroupId=group)
    ec2.delete_subnet(SubnetId=subnets[0])


def test_the_network_of_an_endpoint_stays_as_long_as_it_exists(
    ec2: EC2Client, vpc: str, subnets: list[str], region: str
) -> None:
    group = _group(ec2, vpc, "endpoint")
    endpoint = ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{region}.secretsmanager",
        SubnetIds=subnets,
        SecurityGroupIds=[group],
        PrivateDnsEnabled=False,
    )["VpcEndpoint"].get("VpcEndpointId", "")
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=group)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnets[0])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    ec2.delete_security_group(GroupId=group)
    for subnet in subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


def test_a_vpc_stays_as_long_as_it_has_an_internet_gateway(ec2: EC2Client, vpc: str) -> None:
    gateway = ec2.create_internet_gateway()["InternetGateway"].get("InternetGatewayId", "")
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc)


def test_a_target_group_stays_as_long_as_a_listener_forwards_to_it(
    subnets: list[str], connect: Callable[..., Any], region: str
) -> None:
    elb = connect("elbv2", region=region)
    balancer = elb.create_load_balancer(Name=f"b-{uuid4().hex[:8]}", Subnets=subnets)
    group = elb.create_target_group(Name=f"t-{uuid4().hex[:8]}", TargetType="lambda")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    with pytest.raises(ClientError, match="ResourceInUse"):
        elb.delete_target_group(TargetGroupArn=arn)


def test_groups_of_a_cluster_stay_as_long_as_it_exists(
    rds: RDSClient, ec2: EC2Client, vpc: str, subnets: list[str]
) -> None:
    name = f"c-{uuid4().hex[:8]}"
    security_group = _group(ec2, vpc, name)
    rds.create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets
    )
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily="aurora-postgresql16",
        Description=name,
    )
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        MasterUsername="master",
        MasterUserPassword=uuid4().hex,
        DBSubnetGroupName=name,
        DBClusterParameterGroupName=name,
        VpcSecurityGroupIds=[security_group],
    )
    with pytest.raises(ClientError, match="InvalidDBSubnetGroupStateFault"):
        rds.delete_db_subnet_group(DBSubnetGroupName=name)
    with pytest.raises(ClientError, match="InvalidDBParameterGroupState"):
        rds.delete_db_cluster_parameter_group(DBClusterParameterGroupName=name)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=security_group)
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(DBSubnetGroupName=name)
    rds.delete_db_cluster_parameter_group(DBClusterParameterGroupName=name)
    ec2.delete_security_group(GroupId=security_group)


def test_a_web_acl_stays_as_long_as_a_distribution_uses_it(connect: Callable[..., Any]) -> None:
    waf, cloudfront = (connect(name, region="us-east-1") for name in ("wafv2", "cloudfront"))
    acl = waf.create_web_acl(
        Name=uuid4().hex,
        Scope="CLOUDFRONT",
        DefaultAction={"Allow": {}},
        VisibilityConfig={
            "SampledRequestsEnabled": False,
            "CloudWatchMetricsEnabled": False,
            "MetricName": "acl",
        },
    )["Summary"]
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": uuid4().hex,
            "Comment": "",
            "Enabled": True,
            "WebACLId": acl["ARN"],
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
            "DefaultCacheBehavior": {"TargetOriginId": "api", "ViewerProtocolPolicy": "https-only"},
        }
    )

    def delete() -> None:
        waf.delete_web_acl(
            Name=acl["Name"], Scope="CLOUDFRONT", Id=acl["Id"], LockToken=acl["LockToken"]
        )

    with pytest.raises(ClientError, match="WAFAssociatedItemException"):
        delete()
    cloudfront.delete_distribution(Id=made["Distribution"]["Id"], IfMatch=made["ETag"])
    delete()


def test_a_role_stays_as_long_as_it_has_policies(connect: Callable[..., Any], region: str) -> None:
    iam, name = connect("iam", region=region), f"r-{uuid4().hex[:8]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    iam.put_role_policy(
        RoleName=name,
        PolicyName="own",
        PolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",'
        ' "Action": "s3:ListBucket", "Resource": "*"}]}',
    )
    with pytest.raises(ClientError, match="DeleteConflict"):
        iam.delete_role(RoleName=name)


def test_a_log_destination_stays_as_long_as_logs_are_delivered_to_it(
    connect: Callable[..., Any],
) -> None:
    logs, name = connect("logs", region="us-east-1"), f"d-{uuid4().hex[:8]}"
    distribution = f"arn:aws:cloudfront::123456789012:distribution/{name}"
    logs.put_delivery_source(name=name, resourceArn=distribution, logType="ACCESS_LOGS")
    destination = logs.put_delivery_destination(
        name=name,
        deliveryDestinationConfiguration={"destinationResourceArn": f"arn:aws:s3:::{name}"},
    )["deliveryDestination"]["arn"]
    logs.create_delivery(deliverySourceName=name, deliveryDestinationArn=destination)
    for delete in (logs.delete_delivery_source, logs.delete_delivery_destination):
        with pytest.raises(ClientError, match="ConflictException"):
            delete(name=name)
