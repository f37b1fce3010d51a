"""Images that Lambda may not pull are refused."""

from typing import Any
from uuid import uuid4

import pytest
from mypy_boto3_ecr import ECRClient
from mypy_boto3_lambda import LambdaClient

from local_aws import control
from tests.local_aws.deployed_functions import MAY_LOG, DeployedFunctions, allow_lambda_pull

pytestmark = pytest.mark.local_aws

CODE = "exports.handler = async () => 'ran';"
FUNCTIONS = "arn:aws:lambda:eu-west-1:123456789012:function:"


@pytest.fixture
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


def _allow(ecr: ECRClient, repository: str, *functions: str) -> None:
    """Let Lambda pull for these functions only."""
    arns = [f"{FUNCTIONS}{function}" for function in functions]
    allow_lambda_pull(ecr, repository, ArnLike={"aws:SourceArn": arns})


def test_a_function_that_the_repositorys_policy_leaves_out_is_refused(
    deployed: DeployedFunctions, ecr: ECRClient, functions: LambdaClient
) -> None:
    repository = f"images-{uuid4().hex[:8]}"
    request: dict[str, Any] = {
        "Role": deployed.role(MAY_LOG),
        "PackageType": "Image",
        "Code": {"ImageUri": deployed.publish(repository, CODE)},
    }
    admitted, other = f"{repository}-api", f"{repository}-administration"
    _allow(ecr, repository, admitted, f"{admitted}:*")

    functions.create_function(FunctionName=admitted, **request)
    with pytest.raises(functions.exceptions.ClientError) as refusal:
        functions.create_function(FunctionName=other, **request)

    error = refusal.value.response.get("Error", {})
    assert error.get("Code") == "AccessDeniedException"
    assert error.get("Message") == (
        "Lambda does not have permission to access the ECR image. Check the ECR permissions."
    )
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.get_function(FunctionName=other)
    _allow(ecr, repository, admitted, other)
    functions.create_function(FunctionName=other, **request)


def test_new_code_is_refused_once_lambda_may_no_longer_pull(
    deployed: DeployedFunctions, ecr: ECRClient, functions: LambdaClient
) -> None:
    name = deployed.deploy(CODE)
    image = deployed.publish(name, f"{CODE} // changed")
    ecr.delete_repository_policy(repositoryName=name)
    with pytest.raises(functions.exceptions.ClientError, match="does not have permission"):
        functions.update_function_code(FunctionName=name, ImageUri=image)
    allow_lambda_pull(ecr, name, StringEquals={"aws:SourceAccount": "123456789012"})
    functions.update_function_code(FunctionName=name, ImageUri=image)


def test_a_repository_without_a_policy_admits_no_function(
    deployed: DeployedFunctions, ecr: ECRClient, functions: LambdaClient
) -> None:
    repository = f"images-{uuid4().hex[:8]}"
    image = deployed.publish(repository, CODE)
    ecr.delete_repository_policy(repositoryName=repository)
    with pytest.raises(functions.exceptions.ClientError, match="does not have permission"):
        functions.create_function(
            FunctionName=repository,
            Role=deployed.role(MAY_LOG),
            PackageType="Image",
            Code={"ImageUri": image},
        )
