"""Security group rules and NAT gateways."""

import pytest
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_ec2.type_defs import SecurityGroupRuleTypeDef

pytestmark = pytest.mark.local_aws


def test_a_rule_that_names_a_group_keeps_its_description(ec2: EC2Client) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"].get("VpcId", "")
    servers, clients = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("servers", "clients")
    )
    ec2.authorize_security_group_ingress(
        GroupId=servers,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "UserIdGroupPairs": [{"GroupId": clients, "Description": "HTTPS"}],
            }
        ],
    )

    def rule() -> SecurityGroupRuleTypeDef:
        rules = ec2.describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": [servers]}]
        )["SecurityGroupRules"]
        return next(r for r in rules if not r.get("IsEgress"))

    assert rule().get("Description") == "HTTPS"
    ec2.modify_security_group_rules(
        GroupId=servers,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": rule().get("SecurityGroupRuleId", ""),
                "SecurityGroupRule": {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "ReferencedGroupId": clients,
                    "Description": "TLS",
                },
            }
        ],
    )
    assert rule().get("Description") == "TLS"


def test_deleting_a_nat_gateway_deletes_its_network_interface(ec2: EC2Client) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"].get("VpcId", "")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.2.0.0/24")["Subnet"].get("SubnetId", "")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]

    ec2.delete_nat_gateway(NatGatewayId=made.get("NatGatewayId", ""))

    interfaces = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert interfaces["NetworkInterfaces"] == []
    (freed,) = ec2.describe_addresses(AllocationIds=[address])["Addresses"]
    assert not freed.get("AssociationId")


def test_a_request_with_the_same_client_token_makes_no_second_resource(ec2: EC2Client) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"].get("VpcId", "")
    first, again, other = (
        ec2.create_route_table(VpcId=vpc, ClientToken=token)["RouteTable"].get("RouteTableId")
        for token in ("one", "one", "two")
    )
    assert first == again
    assert first != other
