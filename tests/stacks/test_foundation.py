"""The foundation stack: network, keys, log archive and image repository."""

import json
from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path

import pytest

from tests.synthesis import Stack, Synthesis, statement, statements, synthesise_foundation


def _subnets(stack: Stack, tier: str) -> dict[str, str]:
    """Return the address blocks of a tier's subnets, by zone."""
    return {
        subnet["availability_zone"]: subnet["cidr_block"]
        for subnet in stack.resources("aws_subnet").values()
        if subnet["tags"]["Tier"] == tier
    }


def test_every_zone_has_three_subnets_that_do_not_overlap(synthesis: Synthesis) -> None:
    foundation, network = synthesis.stacks["foundation"], synthesis.settings.network
    zones = [f"{synthesis.settings.region}{letter}" for letter in network.zones]
    blocks = [
        IPv4Network(block)
        for tier in ("public", "private", "isolated")
        for block in _subnets(foundation, tier).values()
    ]
    for tier in ("public", "private", "isolated"):
        assert list(_subnets(foundation, tier)) == zones
    assert len(blocks) == 3 * len(zones)
    assert all(block.subnet_of(network.cidr) for block in blocks)
    assert not any(one.overlaps(other) for one, other in combinations(blocks, 2))
    assert not any(
        subnet.get("map_public_ip_on_launch")
        for subnet in foundation.resources("aws_subnet").values()
    )


def test_only_public_subnets_reach_the_internet_gateway(synthesis: Synthesis) -> None:
    foundation = synthesis.stacks["foundation"]
    ways_out: dict[str, set[str]] = {"public": set(), "private": set(), "isolated": set()}
    subnets = foundation.resources("aws_subnet")
    for association in foundation.resources("aws_route_table_association").values():
        tier = subnets[_name(association["subnet_id"])]["tags"]["Tier"]
        for route in foundation.resources("aws_route").values():
            if route["route_table_id"] == association["route_table_id"]:
                ways_out[tier] |= {key for key in route if key.endswith("gateway_id")}
    assert ways_out == {"public": {"gateway_id"}, "private": {"nat_gateway_id"}, "isolated": set()}
    assert len(foundation.resources("aws_route_table_association")) == len(subnets)


def test_there_is_one_nat_gateway_for_each_zone_or_for_all(synthesis: Synthesis) -> None:
    foundation, network = synthesis.stacks["foundation"], synthesis.settings.network
    gateways = foundation.resources("aws_nat_gateway")
    expected = len(network.zones) if network.nat_gateways == "per_zone" else 1
    assert len(gateways) == len(foundation.resources("aws_eip")) == expected
    (internet,) = foundation.resources("aws_internet_gateway")
    for gateway in gateways.values():
        assert gateway["depends_on"] == [f"aws_internet_gateway.{internet}"]


def test_adding_a_zone_changes_no_other_resource(tmp_path: Path) -> None:
    two, three = (
        synthesise_foundation(
            folder=tmp_path / zones, variables={"PLATFORM__NETWORK__ZONES": f"[{zones}]"}
        )
        for zones in ("a, c", "a, b, c")
    )
    grown = {(type_, name): block for type_, name, block in three.all_resources()}
    shared = ("aws_vpc", "aws_vpc_endpoint")  # these list or check all zones
    for type_, name, block in two.all_resources():
        if type_ not in shared:
            assert grown[type_, name] == block


def test_nothing_uses_the_default_security_group(synthesis: Synthesis) -> None:
    locked = synthesis.stacks["foundation"].only("aws_default_security_group")
    assert not {"ingress", "egress"} & locked.keys()


def test_the_settings_decide_which_endpoints_there_are(synthesis: Synthesis) -> None:
    settings = synthesis.settings
    endpoints = synthesis.stacks["foundation"].resources("aws_vpc_endpoint").values()
    services = {endpoint["service_name"]: endpoint["vpc_endpoint_type"] for endpoint in endpoints}
    start = f"com.amazonaws.{settings.region}"
    assert services == {f"{start}.s3": "Gateway"} | {
        f"{start}.{name}": "Interface" for name in settings.network.interface_endpoints
    }


def test_flow_logs_have_their_own_encrypted_group_and_role(synthesis: Synthesis) -> None:
    foundation, settings = synthesis.stacks["foundation"], synthesis.settings.network.flow_logs
    flow_log = foundation.only("aws_flow_log")
    group = foundation.only("aws_cloudwatch_log_group")
    assert flow_log["log_destination"] == foundation.reference("aws_cloudwatch_log_group", "arn")
    assert flow_log["max_aggregation_interval"] == settings.aggregation_seconds
    assert group["retention_in_days"] == settings.retention_days
    assert group["kms_key_id"].startswith("${aws_kms_key.log-key")
    trust = statement(foundation.only("aws_iam_role")["assume_role_policy"], "AssumeRole")
    assert trust["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}


def test_every_key_rotates_and_is_governed_by_iam(synthesis: Synthesis) -> None:
    foundation = synthesis.stacks["foundation"]
    keys = foundation.resources("aws_kms_key")
    assert len(keys) == len(foundation.resources("aws_kms_alias")) == 3
    for name, key in keys.items():
        assert key["enable_key_rotation"] is True
        assert key["rotation_period_in_days"] == synthesis.settings.keys.rotation_days
        root, *others = statements(key["policy"])
        assert root["Principal"]["AWS"][0].endswith(":root")
        # Other principals may use a key for this account's log groups only.
        for other in others:
            assert name.startswith("log-key")
            condition = other["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
            assert "${data.aws_caller_identity" in condition


def test_the_log_archive_is_private_and_only_log_delivery_may_write(
    synthesis: Synthesis,
) -> None:
    foundation = synthesis.stacks["foundation"]
    access = foundation.only("aws_s3_bucket_public_access_block")
    assert [access[key] for key in access if key.startswith(("block", "ignore", "restrict"))] == [
        True
    ] * 4
    owner = foundation.only("aws_s3_bucket_ownership_controls")
    assert owner["rule"]["object_ownership"] == "BucketOwnerEnforced"
    (rule,) = foundation.only("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    # Load balancers cannot write to a bucket with a KMS key.
    assert rule["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}
    deny, *writers = statements(foundation.only("aws_s3_bucket_policy")["policy"])
    assert (deny["Effect"], deny["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    for writer in writers:
        assert writer["Action"] == ["s3:PutObject"]
        assert all("/" in resource and resource.endswith("/*") for resource in writer["Resource"])
        # Other accounts cannot write: the folder or the source must be this account's.
        own_folder = "${data.aws_caller_identity" in writer["Resource"][0].partition("/")[2]
        assert own_folder or "aws:SourceAccount" in writer["Condition"]["StringEquals"]


@pytest.mark.parametrize(("region", "expected"), [("eu-west-1", 1), ("il-central-1", 0)])
def test_only_older_regions_have_a_load_balancing_account(
    tmp_path: Path, region: str, expected: int
) -> None:
    variables = {"PLATFORM__REGION": region}
    foundation = synthesise_foundation(folder=tmp_path, variables=variables)
    accounts = foundation.document["data"].get("aws_elb_service_account", {})
    assert len(accounts) == expected


def test_the_repository_expires_images_and_lets_lambda_pull(synthesis: Synthesis) -> None:
    foundation, settings = synthesis.stacks["foundation"], synthesis.settings.registry
    rules = json.loads(foundation.only("aws_ecr_lifecycle_policy")["policy"])["rules"]
    counts = {rule["selection"]["tagStatus"]: rule["selection"]["countNumber"] for rule in rules}
    assert counts == {"untagged": settings.untagged_days, "tagged": settings.keep_images}
    pull = statement(foundation.only("aws_ecr_repository_policy")["policy"], "LambdaPull")
    assert pull["Principal"] == {"Service": ["lambda.amazonaws.com"]}
    assert pull["Action"] == ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def test_lambda_may_pull_for_every_function_that_runs_an_image(synthesis: Synthesis) -> None:
    policy = synthesis.stacks["foundation"].only("aws_ecr_repository_policy")["policy"]
    admitted = statement(policy, "LambdaPull")["Condition"]["ArnLike"]["aws:SourceArn"]
    named = {arn.partition(":function:")[2] for arn in admitted}
    functions = [
        function["function_name"]
        for stack in synthesis.stacks.values()
        for function in stack.resources("aws_lambda_function").values()
        if function.get("package_type") == "Image"
    ]
    assert len(functions) > 1
    # A qualified ARN names a version or an alias.
    assert named == {f"{name}{versions}" for name in functions for versions in ("", ":*")}


def _name(reference: str) -> str:
    """Return the name of the resource that a reference points at."""
    return reference.removeprefix("${").split(".")[1]
