"""What every stack of every environment has."""

import json
import re
from pathlib import Path

import pytest

from modules.settings import PARTS
from modules.stacks.base import ENDPOINTS
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
"""Argument with the name of each type, and the characters that AWS allows in it."""

ACCOUNT = re.compile(r"\$\{data\.aws_caller_identity\.\w+\.account_id\}")
LETTERS = re.compile(r"\$\{substr\([\w.]+, 0, (\d+)\)\}")
SECURITY_GROUP_DESCRIPTION = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")
"""Descriptions that EC2 accepts (API Reference, CreateSecurityGroup): no apostrophe."""

TAG_VALUE = re.compile(r"[\w\s.:/=+\-@]{0,256}")
"""Values that every service accepts (Tagging AWS Resources User Guide)."""

REFERENCE = re.compile(r"\$\{[^}]*\}")


def test_state_is_local_with_local_aws_and_locked_in_s3_otherwise(synthesis: Synthesis) -> None:
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


def test_only_local_aws_has_endpoints_and_credentials(synthesis: Synthesis) -> None:
    local = synthesis.settings.local_aws
    for stack in synthesis.stacks.values():
        for provider in stack.document["provider"]["aws"]:
            if local is None:
                assert not {"access_key", "secret_key", "endpoints"} & provider.keys()
            else:
                (endpoints,) = provider["endpoints"]
                assert endpoints == {name.rstrip("_"): local.endpoint for name in ENDPOINTS}


NETWORK_TYPES = (
    "aws_availability_zones", "aws_default_security_group", "aws_eip", "aws_flow_log",
    "aws_internet_gateway", "aws_nat_gateway", "aws_route", "aws_security_group", "aws_subnet",
    "aws_vpc",
)  # fmt: skip

ENDPOINT_OF_PREFIX = {
    "aws_api_gateway_": "apigateway",
    "aws_appautoscaling_": "appautoscaling",
    "aws_caller_identity": "sts",
    "aws_cloudfront_": "cloudfront",
    "aws_cloudwatch_": "cloudwatch",
    "aws_cloudwatch_log_": "logs",
    "aws_cognito_": "cognitoidp",
    "aws_db_": "rds",
    "aws_ecr_": "ecr",
    "aws_iam_": "iam",
    "aws_kms_": "kms",
    "aws_lambda_": "lambda_",
    "aws_lb": "elbv2",
    "aws_rds_": "rds",
    "aws_s3_": "s3",
    "aws_scheduler_": "scheduler",
    "aws_secretsmanager_": "secretsmanager",
    "aws_sns_": "sns",
    "aws_wafv2_": "wafv2",
} | dict.fromkeys(NETWORK_TYPES, "ec2")
"""The provider's endpoint argument by prefix of a type; the longest prefix decides (AWS provider
documentation, Custom Service Endpoint Configuration)."""

WITHOUT_CALLS = {"aws_elb_service_account", "aws_partition"}
"""Data sources that the provider answers without calling AWS."""


def test_every_type_calls_a_service_whose_endpoint_is_replaced(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        types = {*stack.document.get("resource", {}), *stack.document.get("data", {})}
        for type_ in {name for name in types if name.startswith("aws_")} - WITHOUT_CALLS:
            prefix = max(filter(type_.startswith, ENDPOINT_OF_PREFIX), key=len, default=None)
            assert prefix, (
                f"{type_} is unknown here: add its prefix and the provider's endpoint argument to "
                "ENDPOINT_OF_PREFIX, or the type to WITHOUT_CALLS"
            )
            endpoint = ENDPOINT_OF_PREFIX[prefix]
            assert endpoint in ENDPOINTS, (
                f"{type_} would call the real AWS in environment `local`: add {endpoint!r} to "
                "ENDPOINTS in modules/stacks/base.py"
            )


def test_a_stack_reads_only_from_earlier_stacks(synthesis: Synthesis) -> None:
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
    """Return environment `local` with the longest suffix that is allowed."""
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
    "aws_cognito_resource_server",
    "aws_cognito_user_group",
    "aws_iam_role_policy",
    "aws_lambda_alias",
}
"""Types whose name must be unique within another resource, not within the account."""


def test_every_name_has_the_suffix_so_that_copies_do_not_collide(longest: Synthesis) -> None:
    prefix = longest.settings.prefix
    identifying = {argument for argument, _ in NAME_LIMITS.values()}
    for stack in longest.stacks.values():
        for type_, name, block in stack.all_resources():
            for argument in identifying & block.keys():
                value = str(block[argument])
                assert type_ in WITHIN_ANOTHER or "${" in value or prefix in value, (
                    f"{type_}.{name}"
                )


def test_every_resource_that_the_console_names_by_tag_has_a_name_tag(synthesis: Synthesis) -> None:
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


def test_ec2_accepts_the_descriptions_of_security_groups(synthesis: Synthesis) -> None:
    described = 0
    for stack in synthesis.stacks.values():
        for type_, name, block in stack.all_resources():
            if "security_group" in type_ and "description" in block:
                described += 1
                text = block["description"]
                assert SECURITY_GROUP_DESCRIPTION.fullmatch(text), f"{type_}.{name}: {text}"
    assert described > 5


def test_every_service_accepts_the_values_of_tags(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        tags = [
            default
            for made in stack.document["provider"]["aws"]
            for default in made["default_tags"]
        ]
        for block in (*tags, *(block for _, _, block in stack.all_resources())):
            for name, value in block.get("tags", {}).items():
                assert TAG_VALUE.fullmatch(REFERENCE.sub("", value)), f"{name}: {value}"
