"""Image functions and their configuration."""

import hashlib
import json
from dataclasses import dataclass
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_ecr import ECRClient
from mypy_boto3_iam import IAMClient
from mypy_boto3_lambda import LambdaClient

from tests.local_aws.deployed_functions import allow_lambda_pull

pytestmark = pytest.mark.local_aws

MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": "sha256:" + hashlib.sha256(b"{}").hexdigest(),
            "size": 2,
        },
        "layers": [],
    }
)
DIGEST = "sha256:" + hashlib.sha256(MANIFEST.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Function:
    """A published image function with an alias `live`, inside a VPC."""

    name: str
    image: str
    vpc: str


@pytest.fixture
def function(ec2: EC2Client, ecr: ECRClient, iam: IAMClient, functions: LambdaClient) -> Function:
    name = f"api-{uuid4().hex[:8]}"
    repository = ecr.create_repository(repositoryName=name)["repository"].get("repositoryUri", "")
    allow_lambda_pull(ecr, name)
    ecr.put_image(repositoryName=name, imageManifest=MANIFEST, imageTag="v1")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"].get("VpcId", "")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"].get("SubnetId", "")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]
    functions.create_function(
        FunctionName=name,
        Role=role["Arn"],
        PackageType="Image",
        Code={"ImageUri": f"{repository}@{DIGEST}"},
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": []},
        LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": "WARN"},
        Publish=True,
    )
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return Function(name=name, image=f"{repository}@{DIGEST}", vpc=vpc)


def test_the_digest_of_an_image_is_the_digest_of_its_manifest(
    ecr: ECRClient, function: Function
) -> None:
    images = ecr.describe_images(repositoryName=function.name)["imageDetails"]
    assert [image.get("imageDigest") for image in images] == [DIGEST]


def test_a_function_with_a_missing_image_is_refused(
    functions: LambdaClient, function: Function
) -> None:
    role = functions.get_function_configuration(FunctionName=function.name)["Role"]
    with pytest.raises(ClientError, match="ImageNotFound"):
        functions.create_function(
            FunctionName=f"{function.name}-other",
            Role=role,
            PackageType="Image",
            Code={"ImageUri": function.image.partition("@")[0] + ":missing"},
        )


def test_a_function_returns_its_settings(functions: LambdaClient, function: Function) -> None:
    made = functions.get_function(FunctionName=function.name, Qualifier="live")
    configuration = made["Configuration"]

    assert configuration.get("LoggingConfig") == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "WARN",
        "LogGroup": f"/aws/lambda/{function.name}",
    }
    assert "ImageConfigResponse" not in configuration
    assert configuration.get("VpcConfig", {}).get("VpcId") == function.vpc
    assert made["Code"].get("ResolvedImageUri") == function.image


def test_a_change_applies_to_a_function_but_not_to_its_versions(
    functions: LambdaClient, function: Function
) -> None:
    functions.update_function_configuration(
        FunctionName=function.name,
        LoggingConfig={"LogFormat": "Text", "LogGroup": "/elsewhere"},
        TracingConfig={"Mode": "Active"},
        EphemeralStorage={"Size": 1024},
        KMSKeyArn="arn:aws:kms:eu-west-1:123456789012:key/a",
        ImageConfig={"Command": ["other.handler"]},
    )
    changed = functions.get_function_configuration(FunctionName=function.name)
    version = functions.get_function_configuration(FunctionName=function.name, Qualifier="1")

    assert changed.get("LoggingConfig") == {"LogFormat": "Text", "LogGroup": "/elsewhere"}
    assert changed["TracingConfig"] == {"Mode": "Active"}
    assert changed["EphemeralStorage"] == {"Size": 1024}
    assert changed["KMSKeyArn"] == "arn:aws:kms:eu-west-1:123456789012:key/a"
    assert changed["ImageConfigResponse"].get("ImageConfig", {}).get("Command") == ["other.handler"]
    assert version["TracingConfig"] == {"Mode": "PassThrough"}
    assert version.get("LoggingConfig", {}).get("LogFormat") == "JSON"
