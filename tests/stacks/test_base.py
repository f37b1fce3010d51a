"""What every stack of every environment has."""

import json
import re
from pathlib import Path

import pytest

from local_aws.access.credentials import PROFILE
from modules.settings import PARTS
from modules.toolchain import ROOT
from tests.synthesis import Synthesis, synthesise

SECRET_ARGUMENTS = {"master_password", "password", "secret_string", "token"}
NAME_LIMITS = {
    "aws_cognito_user_pool": ("name", 128),
    "aws_ecr_repository": ("name", 256),
    "aws_iam_role": ("name", 64),
    "aws_lambda_function": ("function_name", 64),
    "aws_rds_cluster": ("cluster_identifier", 63),
    "aws_rds_cluster_instance": ("identifier", 63),
    "aws_db_proxy": ("name", 60),
    "aws_db_proxy_endpoint": ("db_proxy_endpoint_name", 63),
    "aws_lb": ("name", 32),
    "aws_lb_target_group": ("name", 32),
    "aws_s3_bucket": ("bucket", 63),
    "aws_scheduler_schedule": ("name", 64),
    "aws_secretsmanager_secret": ("name", 512),
    "aws_security_group": ("name", 255),
}
"""Characters AWS allows, from each service's quotas."""

ACCOUNT = re.compile(r"\$\{data\.aws_caller_identity\.\w+\.account_id\}")
LETTERS = re.compile(r"\$\{substr\([\w.]+, 0, (\d+)\)\}")
SECURITY_GROUP_DESCRIPTION = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""What EC2 takes (API Reference, CreateSecurityGroup): no apostrophe."""

TAG_VALUE = re.compile(r"[\w\s.:/=+\-@]{0,256}")
"""What every service takes (Tagging AWS Resources User Guide)."""

REFERENCE = re.compile(r"\$\{[^}]*\}")


def test_state_is_local_for_a_local_aws_and_locked_in_s3_for_aws(synthesis: Synthesis) -> None:
    settings = synthesis.settings
    for part, stack in synthesis.stacks.items():
        backend = stack.document["terraform"]["backend"]
        if settings.state is None:
            assert backend["local"]["path"].endswith(f"/{settings.stack_id(part)}.tfstate")
            continue
        assert backend == {
            "s3": {
                "bucket": settings.state.bucket,
                "key": f"{settings.stack_id(part)}.tfstate",
                "region": settings.state.region,
                "encrypt": True,
                "use_lockfile": True,
                "allowed_account_ids": [settings.account_id],
            }
        }


def test_only_a_local_aws_gets_endpoints_and_credentials(synthesis: Synthesis) -> None:
    local = synthesis.settings.local_aws
    for stack in synthesis.stacks.values():
        for provider in stack.document["provider"]["aws"]:
            assert not {"access_key", "secret_key", "token"} & provider.keys()
            if local is None:
                assert not {"endpoints", "profile", "shared_credentials_files"} & provider.keys()
            else:
                (endpoints,) = provider["endpoints"]
                assert set(endpoints.values()) == {local.endpoint}
                assert provider["profile"] == PROFILE
                assert provider["shared_credentials_files"] == ["../../../.local-aws/credentials"]


def test_stacks_read_only_from_those_above_them(synthesis: Synthesis) -> None:
    manifest = json.loads((synthesis.folder / "manifest.json").read_text())
    allowed: list[str] = []
    for part in PARTS:
        stack_id = synthesis.settings.stack_id(part)
        needs = manifest["stacks"][stack_id]["dependencies"]
        assert set(needs) <= set(allowed)
        assert bool(needs) == (part != PARTS[0])
        allowed.append(stack_id)


def test_no_secret_and_no_path_of_this_machine_is_in_the_output(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for type_, name, block in stack.all_resources():
            assert not SECRET_ARGUMENTS & block.keys(), f"{type_}.{name}"
    text = synthesis.text()
    assert "AKIA" not in text
    assert str(ROOT) not in text
    assert f"{Path.home()}/" not in text


@pytest.fixture(scope="module")
def longest(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Return a copy of `local` with the longest suffix it may have."""
    variables = {"ENVIRONMENT_SUFFIX": "a" * (28 - len("ecommerce-local-"))}
    return synthesise("local", folder=tmp_path_factory.mktemp("longest"), variables=variables)


def test_the_longest_allowed_names_stay_within_aws_limits(longest: Synthesis) -> None:
    for stack in longest.stacks.values():
        for type_, name, block in stack.all_resources():
            if type_ in NAME_LIMITS:
                argument, limit = NAME_LIMITS[type_]
                text = ACCOUNT.sub("123456789012", block[argument])
                text = LETTERS.sub(lambda found: "x" * int(found[1]), text)
                assert len(text) <= limit, f"{type_}.{name}: {text}"


WITHIN_ANOTHER = {
    "aws_api_gateway_authorizer",
    "aws_api_gateway_model",
    "aws_api_gateway_request_validator",
    "aws_cognito_resource_server",
    "aws_cognito_user_group",
    "aws_iam_role_policy",
    "aws_lambda_alias",
}
"""Types whose name is a part of another resource's, not one of the account's."""


def test_a_suffix_is_in_every_name_so_that_copies_stand_side_by_side(longest: Synthesis) -> None:
    prefix = longest.settings.prefix
    identifying = {argument for argument, _ in NAME_LIMITS.values()}
    for stack in longest.stacks.values():
        for type_, name, block in stack.all_resources():
            for argument in identifying & block.keys():
                value = str(block[argument])
                assert type_ in WITHIN_ANOTHER or "${" in value or prefix in value, (
                    f"{type_}.{name}"
                )


def test_everything_named_in_the_console_has_a_name_tag(synthesis: Synthesis) -> None:
    named = {
        "aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_nat_gateway", "aws_eip",
        "aws_route_table", "aws_security_group", "aws_default_security_group",
        "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule",
        "aws_vpc_endpoint", "aws_flow_log", "aws_kms_key", "aws_rds_cluster",
        "aws_rds_cluster_instance", "aws_lambda_function", "aws_cognito_user_pool",
    }  # fmt: skip
    for stack in synthesis.stacks.values():
        for type_, name, block in stack.all_resources():
            if type_ in named:
                assert block["tags"]["Name"], f"{type_}.{name}"


def test_security_groups_are_described_in_characters_that_ec2_takes(synthesis: Synthesis) -> None:
    described = 0
    for stack in synthesis.stacks.values():
        for type_, name, block in stack.all_resources():
            if "security_group" in type_ and "description" in block:
                described += 1
                text = block["description"]
                assert SECURITY_GROUP_DESCRIPTION.fullmatch(text), f"{type_}.{name}: {text}"
    assert described > 5


def test_tags_are_written_in_characters_that_aws_takes(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        tags = [
            default
            for made in stack.document["provider"]["aws"]
            for default in made["default_tags"]
        ]
        for block in (*tags, *(block for _, _, block in stack.all_resources())):
            for name, value in block.get("tags", {}).items():
                assert TAG_VALUE.fullmatch(REFERENCE.sub("", value)), f"{name}: {value}"
