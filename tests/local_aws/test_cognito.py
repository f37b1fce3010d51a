"""User pools: settings are returned, and deletion protection works."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.local_aws


@pytest.fixture
def cognito(connect: Callable[..., Any]) -> Any:  # noqa: ANN401  # its types are not installed
    return connect("cognito-idp", region="eu-west-1")


def test_an_update_changes_its_settings_and_keeps_those_of_user_names(
    cognito: Any,  # noqa: ANN401
) -> None:
    made = cognito.create_user_pool(
        PoolName="people",
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        UserPoolTags={"Owner": "me"},
    )["UserPool"]
    assert made["UserPoolTier"] == "ESSENTIALS"

    cognito.update_user_pool(UserPoolId=made["Id"], MfaConfiguration="OFF", UserPoolTier="PLUS")
    kept = cognito.describe_user_pool(UserPoolId=made["Id"])["UserPool"]
    assert kept["UserPoolTier"] == "PLUS"
    assert kept["UsernameAttributes"] == ["email"]
    assert kept["UsernameConfiguration"] == {"CaseSensitive": False}
    assert kept["UserPoolTags"] == {"Owner": "me"}


def test_one_time_codes_can_be_made_optional_and_required(cognito: Any) -> None:  # noqa: ANN401
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    for wanted in ("OPTIONAL", "ON"):
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool,
            MfaConfiguration=wanted,
            SoftwareTokenMfaConfiguration={"Enabled": True},
        )
        assert cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["MfaConfiguration"] == wanted


def test_a_pool_is_tagged(cognito: Any) -> None:  # noqa: ANN401
    pool = cognito.create_user_pool(PoolName="people", UserPoolTags={"Owner": "me"})["UserPool"]
    cognito.tag_resource(ResourceArn=pool["Arn"], Tags={"Team": "shop"})
    cognito.untag_resource(ResourceArn=pool["Arn"], TagKeys=["Owner"])
    assert cognito.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"] == {"Team": "shop"}
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.tag_resource(ResourceArn=pool["Arn"] + "x", Tags={"Team": "shop"})


def test_a_protected_pool_and_one_with_a_domain_stay(cognito: Any) -> None:  # noqa: ANN401
    pool = cognito.create_user_pool(PoolName="people", DeletionProtection="ACTIVE")["UserPool"]
    cognito.create_user_pool_domain(UserPoolId=pool["Id"], Domain="people")
    refused = cognito.exceptions.InvalidParameterException
    with pytest.raises(refused, match="deletion protection is activated"):
        cognito.delete_user_pool(UserPoolId=pool["Id"])
    cognito.update_user_pool(UserPoolId=pool["Id"], DeletionProtection="INACTIVE")
    with pytest.raises(refused, match="has a domain configured"):
        cognito.delete_user_pool(UserPoolId=pool["Id"])
    cognito.delete_user_pool_domain(UserPoolId=pool["Id"], Domain="people")
    cognito.delete_user_pool(UserPoolId=pool["Id"])
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.describe_user_pool(UserPoolId=pool["Id"])


def test_a_resource_server_is_changed_and_deleted(cognito: Any) -> None:  # noqa: ANN401
    pool = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    server = {"UserPoolId": pool, "Identifier": "shop"}
    scope = {"ScopeName": "read", "ScopeDescription": "Reads"}
    cognito.create_resource_server(**server, Name="Shop")
    cognito.update_resource_server(**server, Name="The shop", Scopes=[scope])
    kept = cognito.describe_resource_server(**server)["ResourceServer"]
    assert (kept["Name"], kept["Scopes"]) == ("The shop", [scope])
    cognito.delete_resource_server(**server)
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.update_resource_server(**server, Name="Shop")
