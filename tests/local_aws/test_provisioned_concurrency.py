"""Provisioned concurrency of versions and aliases, and what Lambda refuses of it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from tests.local_aws.deployed_functions import DeployedFunctions, eventually

pytestmark = pytest.mark.local_aws

CODE = "exports.handler = async (event) => 'VERSION';"
BROKEN = "throw new Error('cannot start');"


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture
def name(deployed: DeployedFunctions) -> str:
    """Return the name of a function with version 1 and an alias `live` on it."""
    name = deployed.deploy(CODE)
    deployed.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return name


def publish(deployed: DeployedFunctions, name: str, code: str) -> str:
    """Publish a version of a function with this code; return its number."""
    made = deployed.functions.update_function_code(
        FunctionName=name, ImageUri=deployed.publish(name, code), Publish=True
    )
    return made["Version"]


def put(deployed: DeployedFunctions, name: str, qualifier: str, number: int = 1) -> None:
    deployed.functions.put_provisioned_concurrency_config(
        FunctionName=name, Qualifier=qualifier, ProvisionedConcurrentExecutions=number
    )


def get(deployed: DeployedFunctions, name: str, qualifier: str) -> Any:  # noqa: ANN401  # as boto3 answers
    return deployed.functions.get_provisioned_concurrency_config(
        FunctionName=name, Qualifier=qualifier
    )


def wait_until(deployed: DeployedFunctions, name: str, qualifier: str, status: str) -> None:
    eventually(lambda: get(deployed, name, qualifier)["Status"] == status)


def alias_of(deployed: DeployedFunctions, name: str) -> tuple[str, dict[str, float]]:
    """Return the version that the alias points at, and its weights."""
    alias = deployed.functions.get_alias(FunctionName=name, Name="live")
    routing = alias.get("RoutingConfig") or {}
    return alias["FunctionVersion"], dict(routing.get("AdditionalVersionWeights", {}))


def move(deployed: DeployedFunctions, name: str, version: str) -> None:
    deployed.functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)


@pytest.mark.parametrize(("owner", "other"), [("1", "live"), ("live", "1")])
def test_provisioned_concurrency_belongs_to_a_version_or_to_an_alias(
    deployed: DeployedFunctions, name: str, owner: str, other: str
) -> None:
    missing = deployed.functions.exceptions.ProvisionedConcurrencyConfigNotFoundException
    with pytest.raises(missing):
        get(deployed, name, owner)

    put(deployed, name, owner, 2)
    wait_until(deployed, name, owner, "READY")

    kept = get(deployed, name, owner)
    assert kept["RequestedProvisionedConcurrentExecutions"] == 2
    assert kept["AvailableProvisionedConcurrentExecutions"] == 2
    listed = deployed.functions.list_provisioned_concurrency_configs(FunctionName=name)
    arns = [c.get("FunctionArn", "") for c in listed["ProvisionedConcurrencyConfigs"]]
    assert [arn.rpartition(":")[2] for arn in arns] == [owner]
    with pytest.raises(missing):
        get(deployed, name, other)
    refused = deployed.functions.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match="already has"):
        put(deployed, name, other)

    deployed.functions.delete_provisioned_concurrency_config(FunctionName=name, Qualifier=owner)
    with pytest.raises(missing):
        get(deployed, name, owner)


def test_it_is_deleted_with_its_alias(deployed: DeployedFunctions, name: str) -> None:
    put(deployed, name, "live")
    deployed.functions.delete_alias(FunctionName=name, Name="live")
    listed = deployed.functions.list_provisioned_concurrency_configs(FunctionName=name)
    assert listed["ProvisionedConcurrencyConfigs"] == []


def test_it_needs_a_published_version(deployed: DeployedFunctions, name: str) -> None:
    refused = deployed.functions.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match="unpublished"):
        put(deployed, name, "$LATEST")
    with pytest.raises(deployed.functions.exceptions.ResourceNotFoundException):
        put(deployed, name, "absent")


def test_all_versions_together_may_have_the_reserved_concurrency(
    deployed: DeployedFunctions, name: str
) -> None:
    deployed.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=3)
    second = publish(deployed, name, CODE.replace("VERSION", "second"))
    refused = deployed.functions.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match="reservedConcurrentExecution"):
        put(deployed, name, "1", 4)

    put(deployed, name, "1", 2)
    with pytest.raises(refused, match="reservedConcurrentExecution"):
        put(deployed, name, second, 2)
    put(deployed, name, second, 1)
    # A second request replaces the first one of the same version.
    put(deployed, name, "1", 1)


def test_a_version_that_does_not_start_fails(deployed: DeployedFunctions, name: str) -> None:
    broken = publish(deployed, name, BROKEN)

    put(deployed, name, broken)
    wait_until(deployed, name, broken, "FAILED")

    failed = get(deployed, name, broken)
    assert failed["StatusReason"] == "FUNCTION_ERROR_INIT_FAILURE"
    assert failed["AvailableProvisionedConcurrentExecutions"] == 0


def test_the_started_environment_serves_the_first_event(
    deployed: DeployedFunctions, name: str
) -> None:
    put(deployed, name, "1")
    wait_until(deployed, name, "1", "READY")
    answer = deployed.invoke(name, qualifier="live")
    assert answer.payload == "VERSION"
    assert not any("initDurationMs" in line or "Init Duration" in line for line in answer.log)


def test_a_provisioned_alias_routes_by_weights_until_the_new_version_is_ready(
    deployed: DeployedFunctions, name: str
) -> None:
    put(deployed, name, "live")
    wait_until(deployed, name, "live", "READY")
    second = publish(deployed, name, CODE.replace("VERSION", "second"))

    move(deployed, name, second)

    version, weights = alias_of(deployed, name)
    assert (version, list(weights)) == ("1", [second])
    assert get(deployed, name, "live")["Status"] == "IN_PROGRESS"
    with pytest.raises(ClientError, match="already included in routing configuration"):
        move(deployed, name, second)
    with pytest.raises(ClientError, match="Alias with weights can not be used"):
        put(deployed, name, "live", 2)
    eventually(lambda: alias_of(deployed, name) == (second, {}))
    assert get(deployed, name, "live")["Status"] == "READY"


def test_a_provisioned_alias_stays_on_its_version_if_the_new_one_does_not_start(
    deployed: DeployedFunctions, name: str
) -> None:
    put(deployed, name, "live")
    broken = publish(deployed, name, BROKEN)
    move(deployed, name, broken)
    wait_until(deployed, name, "live", "FAILED")
    assert alias_of(deployed, name)[0] == "1"


def test_an_alias_has_either_weights_or_provisioned_concurrency(
    deployed: DeployedFunctions, name: str
) -> None:
    second = publish(deployed, name, CODE.replace("VERSION", "second"))
    put(deployed, name, "live")
    with pytest.raises(ClientError, match="Alias with weights can not be used"):
        deployed.functions.update_alias(
            FunctionName=name,
            Name="live",
            RoutingConfig={"AdditionalVersionWeights": {second: 0.5}},
        )


def test_an_alias_moves_at_once_between_versions_with_provisioned_concurrency(
    deployed: DeployedFunctions, name: str
) -> None:
    second = publish(deployed, name, CODE.replace("VERSION", "second"))
    put(deployed, name, "1")
    put(deployed, name, second)
    move(deployed, name, second)
    assert alias_of(deployed, name) == (second, {})


def test_a_provisioned_alias_does_not_move_to_a_version_with_its_own_configuration(
    deployed: DeployedFunctions, name: str
) -> None:
    second = publish(deployed, name, CODE.replace("VERSION", "second"))
    put(deployed, name, "live")
    put(deployed, name, second)
    with pytest.raises(ClientError, match="already has"):
        move(deployed, name, second)
    assert alias_of(deployed, name) == ("1", {})
