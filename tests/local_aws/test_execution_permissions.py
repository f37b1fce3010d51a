"""Permissions of a function's role, for its code and for Lambda on its behalf."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from local_aws.execution.resource_policy import permits
from tests.local_aws.deployed_functions import MAY_LOG, DeployedFunctions, Statement

pytestmark = pytest.mark.local_aws

CREDENTIALS = "exports.handler = async () => ({ ...process.env });"
ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


def _allow(action: str | list[str], resource: str, **conditions: Mapping[str, str]) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": conditions}


def _credentials(deployed: DeployedFunctions, *statements: Statement) -> dict[str, str]:
    """Return the credentials of a function whose role has these statements."""
    return deployed.invoke(deployed.deploy(CREDENTIALS, role=deployed.role(*statements))).payload


def _read(deployed: DeployedFunctions, credentials: Mapping[str, str], secret: str) -> str:
    client = deployed.client("secretsmanager", credentials)
    return client.get_secret_value(SecretId=secret)["SecretString"]


def _secret(deployed: DeployedFunctions, name: str, **configuration: Any) -> str:  # noqa: ANN401  # as boto3 takes it
    made = deployed.secrets.create_secret(Name=name, SecretString="s", **configuration)
    return made["ARN"]


def test_code_reads_only_the_secret_its_role_allows(deployed: DeployedFunctions) -> None:
    own, masters = _secret(deployed, "own"), _secret(deployed, "master")
    credentials = _credentials(deployed, _allow("secretsmanager:GetSecretValue", own))

    assert _read(deployed, credentials, own) == "s"
    assert _read(deployed, credentials, "own") == "s"
    denied = (
        rf"AccessDeniedException\).* arn:aws:sts::{ACCOUNT}:assumed-role/.* is not authorized to"
        rf" perform: secretsmanager:GetSecretValue on resource: {re.escape(masters)}"
    )
    with pytest.raises(ClientError, match=denied):
        _read(deployed, credentials, masters)
    with pytest.raises(ClientError, match="AccessDenied"):
        _read(deployed, credentials, "master")
    assert deployed.secrets.get_secret_value(SecretId=masters)["SecretString"] == "s"


def test_a_missing_permission_is_denied_in_each_protocol(deployed: DeployedFunctions) -> None:
    credentials = _credentials(deployed, _allow("ec2:DescribeVpcs", "*"))

    assert deployed.client("ec2", credentials).describe_vpcs()["Vpcs"]
    for service, operation in (
        ("ec2", "describe_subnets"),
        ("lambda", "list_functions"),
        ("s3", "list_buckets"),
        ("iam", "list_roles"),
        ("dynamodb", "list_tables"),
    ):
        with pytest.raises(ClientError, match="AccessDenied") as denied:
            getattr(deployed.client(service, credentials), operation)()
        status = denied.value.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        assert status == (400 if service == "dynamodb" else 403)


def test_a_secret_with_a_key_needs_permission_for_the_key(
    deployed: DeployedFunctions,
) -> None:
    key = deployed.kms.create_key()["KeyMetadata"].get("Arn", "")
    secret = _secret(deployed, "keyed", KmsKeyId=key)
    read = _allow("secretsmanager:GetSecretValue", secret)
    via = {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    elsewhere = {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}

    with_key = _credentials(deployed, read, _allow("kms:Decrypt", key, StringEquals=via))
    assert _read(deployed, with_key, secret) == "s"
    for statements in ([read], [read, _allow("kms:Decrypt", key, StringEquals=elsewhere)]):
        without_key = _credentials(deployed, *statements)
        with pytest.raises(ClientError, match="Access to KMS is not allowed"):
            _read(deployed, without_key, secret)
    blob = deployed.kms.encrypt(KeyId=key, Plaintext=b"p")["CiphertextBlob"]
    with pytest.raises(ClientError, match="AccessDenied"):
        deployed.client("kms", with_key).decrypt(KeyId=key, CiphertextBlob=blob)


def test_a_deny_statement_applies_to_the_function_it_names(deployed: DeployedFunctions) -> None:
    def credentials(function: str) -> dict[str, str]:
        denial = {
            "Effect": "Deny",
            "Action": "ec2:*",
            "Resource": "*",
            "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": function}},
        }
        return _credentials(deployed, _allow("ec2:*", "*"), denial)

    everybody = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:function-*"
    with pytest.raises(ClientError, match="AccessDenied"):
        deployed.client("ec2", credentials(everybody)).describe_vpcs()
    somebody = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:other"
    assert deployed.client("ec2", credentials(somebody)).describe_vpcs()["Vpcs"]


def test_variables_need_permission_to_decrypt_them(deployed: DeployedFunctions) -> None:
    key = deployed.kms.create_key()["KeyMetadata"].get("Arn", "")
    configuration = {"KMSKeyArn": key, "Environment": {"Variables": {"A": "1"}}}
    may = deployed.role(_allow("kms:Decrypt", key))
    name = deployed.deploy(CREDENTIALS, role=may, **configuration)
    assert deployed.invoke(name).payload["A"] == "1"

    other = deployed.deploy(CREDENTIALS, role=deployed.role(MAY_LOG), **configuration)
    with pytest.raises(ClientError, match=r"KMSAccessDeniedException.*kms:Decrypt"):
        deployed.invoke(other)


def test_a_role_that_does_not_trust_lambda_is_refused(deployed: DeployedFunctions) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
    name = deployed.deploy(CREDENTIALS, role=deployed.role(MAY_LOG, trust=trust))
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        deployed.invoke(name)


def test_a_function_without_permission_to_log_logs_nothing(deployed: DeployedFunctions) -> None:
    silent = deployed.deploy(CREDENTIALS, role=deployed.role(_allow("s3:*", "*")))
    group = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/given:*"
    writes = _allow(["logs:CreateLogStream", "logs:PutLogEvents"], group)
    into = {"LogFormat": "Text", "LogGroup": "/given"}
    heard = deployed.deploy(CREDENTIALS, role=deployed.role(writes), LoggingConfig=into)

    assert deployed.invoke(silent).log
    assert deployed.invoke(heard).log
    groups = deployed.logs.describe_log_groups()["logGroups"]
    names = {group.get("logGroupName") for group in groups}
    assert names.isdisjoint(
        {f"/aws/lambda/{silent}", "/given"}
    )  # creating a group needs permission too

    deployed.logs.create_log_group(logGroupName="/given")
    deployed.invoke(heard)
    assert deployed.log_messages("/given")


def test_a_resource_policy_lets_one_caller_invoke_one_alias(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(CREDENTIALS)
    deployed.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    source = f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:api1/*/GET/*"
    deployed.functions.add_permission(
        FunctionName=name,
        Qualifier="live",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=source,
    )
    policy = deployed.functions.get_policy(FunctionName=name, Qualifier="live")["Policy"]
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"

    def admitted(arn: str, principal: str = "apigateway", *, source: str | None = source) -> bool:
        return permits(
            json.loads(policy)["Statement"],
            arn=arn,
            principal=f"{principal}.amazonaws.com",
            source_arn=source and source.replace("*", "prod", 1).replace("*", "orders/1"),
            source_account=ACCOUNT,
        )

    assert admitted(f"{function}:live")
    assert not admitted(function)
    assert not admitted(f"{function}:1")
    assert not admitted(f"{function}:live", "elasticloadbalancing")
    assert not admitted(f"{function}:live", source=source.replace("api1", "api2"))
    assert not admitted(f"{function}:live", source=source.replace("GET", "POST"))
    assert not admitted(f"{function}:live", source=None)
