"""The list of an account's resources."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_iam import IAMClient
from mypy_boto3_kms import KMSClient

from local_aws import control
from local_aws.access.credentials import read_credentials
from local_aws.inventory import list_resources

pytestmark = pytest.mark.local_aws

REGIONS = ("eu-west-1", "us-east-1")


def test_the_inventory_lists_only_created_resources(
    own_folder: Path, port: int, connect: Callable[..., object]
) -> None:
    server = control.start(port=port, folder=own_folder)
    inventory = partial(
        list_resources,
        url=server.url,
        credentials=read_credentials(server.credentials_file),
    )
    assert inventory(regions=REGIONS) == []

    ec2 = cast("EC2Client", connect("ec2", server=server, region="eu-west-1"))
    kms = cast("KMSClient", connect("kms", server=server, region="us-east-1"))
    iam = cast("IAMClient", connect("iam", server=server, region="us-east-1"))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"].get("VpcId", "")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    iam.create_role(RoleName="left-over", AssumeRolePolicyDocument="{}")
    iam.create_service_linked_role(AWSServiceName="rds.amazonaws.com")

    assert inventory(regions=REGIONS) == [
        f"eu-west-1 ec2 describe_vpcs {vpc}",
        "us-east-1 iam list_roles left-over",
        f"us-east-1 kms list_keys {key}",
    ]
    assert not any(key in line for line in inventory(regions=["eu-west-1"]))

    ec2.delete_vpc(VpcId=vpc)
    iam.delete_role(RoleName="left-over")
    kms.schedule_key_deletion(KeyId=key)
    assert inventory(regions=REGIONS) == []
