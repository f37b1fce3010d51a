"""The edge constructs as Terraform's JSON."""

from pathlib import Path

import pytest
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.settings import FirewallSettings
from modules.shared.account import Account
from modules.shared.web_acl import WebAcl
from tests.edge.conftest import (
    EDGE_PROVIDER,
    HOME_PROVIDER,
    KEY_ARN,
    STAGE_ARN,
    Edge,
    synthesise_edge,
)
from tests.synthesis import Block, statement, statements

REFUSED_BY_LAMBDA_AT_EDGE = {
    "dead_letter_config",
    "environment",
    "ephemeral_storage",
    "file_system_config",
    "image_uri",
    "kms_key_arn",
    "layers",
    "logging_config",
    "reserved_concurrent_executions",
    "snap_start",
    "tracing_config",
    "vpc_config",
}
"""Arguments that Lambda@Edge refuses (CloudFront Developer Guide, Restrictions on Lambda@Edge)."""

EDGE_TYPES = {
    "aws_cloudfront_cache_policy",
    "aws_cloudfront_distribution",
    "aws_cloudfront_response_headers_policy",
    "aws_cloudfront_vpc_origin",
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_delivery_destination",
    "aws_cloudwatch_log_delivery_source",
    "aws_lambda_function",
}


def _behaviors(edge: Edge) -> tuple[Block, Block]:
    distribution = edge.stack.only("aws_cloudfront_distribution")
    (catalog,) = distribution["ordered_cache_behavior"]
    return distribution["default_cache_behavior"], catalog


def _acl(edge: Edge, scope: str) -> Block:
    (acl,) = [
        acl for acl in edge.stack.resources("aws_wafv2_web_acl").values() if acl["scope"] == scope
    ]
    return acl


def _statements(acl: Block) -> dict[str, Block]:
    """Return the statements of a web ACL's rules, by name."""
    return {rule["name"]: rule["statement"] for rule in acl["rule"]}


def test_lambda_at_edge_accepts_the_function(edge: Edge) -> None:
    function = edge.stack.only("aws_lambda_function")
    assert not REFUSED_BY_LAMBDA_AT_EDGE & function.keys()
    assert function["package_type"] == "Zip"
    assert function["architectures"] == ["x86_64"]
    assert function["runtime"] == "nodejs22.x"
    assert function["publish"] is True
    assert function["memory_size"] <= 128
    assert function["timeout"] <= 5
    assert function["skip_destroy"] is True
    roles = edge.stack.resources("aws_iam_role").values()
    (trust,) = [statement(role["assume_role_policy"], "AssumeRole") for role in roles]
    assert trust["Principal"] == {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}


def test_resources_of_cloudfront_are_in_us_east_1(edge: Edge) -> None:
    seen: set[str] = set()
    for type_, name, block in edge.stack.all_resources():
        if type_ in EDGE_TYPES:
            seen.add(type_)
            assert block["provider"] == EDGE_PROVIDER, f"{type_}.{name}"
    assert seen == EDGE_TYPES
    assert _acl(edge, "CLOUDFRONT")["provider"] == EDGE_PROVIDER
    assert _acl(edge, "REGIONAL")["provider"] == HOME_PROVIDER


def test_a_firewall_for_cloudfront_in_another_region_is_refused() -> None:
    stack = TerraformStack(App(), "stack")
    with pytest.raises(ValueError, match="us-east-1"):
        WebAcl(
            stack,
            "acl",
            provider=AwsProvider(stack, "home", region="eu-west-1"),
            name="cdn",
            protects="CLOUDFRONT",
            account=Account(stack, "account", region="eu-west-1"),
            settings=FirewallSettings(),
            log_key_arn=None,
        )


def test_the_package_is_in_the_stack_folder_and_has_no_absolute_path(edge: Edge) -> None:
    function = edge.stack.only("aws_lambda_function")
    path = edge.folder / function["filename"]
    assert not Path(function["filename"]).is_absolute()
    assert path.read_bytes() == edge.package.path.read_bytes()
    assert function["source_code_hash"] == edge.package.sha256
    module, export = function["handler"].split(".")
    assert f"{module}.mjs".encode() in path.read_bytes()
    assert f"export const {export} ".encode() in path.read_bytes()


def test_another_folder_makes_the_same_output(edge: Edge, tmp_path: Path) -> None:
    other = synthesise_edge(tmp_path / "deeper" / "down")
    assert other.stack == edge.stack


def test_the_function_logs_only_to_the_listed_groups(edge: Edge) -> None:
    function = edge.stack.only("aws_lambda_function")
    groups = {
        name: group
        for name, group in edge.stack.resources("aws_cloudwatch_log_group").items()
        if group["name"].startswith("/aws/lambda/")
    }
    expected = f"/aws/lambda/us-east-1.{function['function_name']}"
    assert {group["name"] for group in groups.values()} == {expected}
    assert {group["provider"]: group.get("kms_key_id") for group in groups.values()} == {
        EDGE_PROVIDER: KEY_ARN,
        HOME_PROVIDER: None,
    }
    assert all(group["retention_in_days"] == 30 for group in groups.values())
    (entry,) = statements(edge.stack.only("aws_iam_role_policy")["policy"])
    assert entry["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert set(entry["Resource"]) == {
        f"${{aws_cloudwatch_log_group.{name}.arn}}:*" for name in groups
    }
    assert {f"aws_cloudwatch_log_group.{name}" for name in groups} <= set(function["depends_on"])


def test_a_function_kept_at_destroy_does_not_block_the_next_deployment(edge: Edge) -> None:
    function = edge.stack.only("aws_lambda_function")
    (life,) = [it for it in edge.stack.resources("terraform_data") if it.startswith("function")]
    assert f"terraform_data.{life}.id" in function["function_name"]


def test_both_behaviours_run_the_published_version(edge: Edge) -> None:
    qualified = edge.stack.reference("aws_lambda_function", "qualified_arn")
    for behavior in _behaviors(edge):
        assert behavior["lambda_function_association"] == [
            {"event_type": "viewer-request", "lambda_arn": qualified, "include_body": False}
        ]


def test_the_api_receives_everything_but_the_host_header_and_is_never_cached(edge: Edge) -> None:
    api, _ = _behaviors(edge)
    data = edge.stack.document["data"]
    ((cache, cache_policy),) = data["aws_cloudfront_cache_policy"].items()
    ((request, request_policy),) = data["aws_cloudfront_origin_request_policy"].items()
    assert cache_policy["name"] == "Managed-CachingDisabled"
    assert request_policy["name"] == "Managed-AllViewerExceptHostHeader"
    assert api["cache_policy_id"] == f"${{data.aws_cloudfront_cache_policy.{cache}.id}}"
    assert request in api["origin_request_policy_id"]
    assert set(api["allowed_methods"]) > {"POST", "PUT", "PATCH", "DELETE"}


def test_the_cache_key_of_the_catalogue_has_the_query_but_nothing_personal(edge: Edge) -> None:
    _, catalog = _behaviors(edge)
    policy = edge.stack.only("aws_cloudfront_cache_policy")
    key = policy["parameters_in_cache_key_and_forwarded_to_origin"]
    assert catalog["path_pattern"] == "/catalog/*"
    assert catalog["cache_policy_id"] == edge.stack.reference("aws_cloudfront_cache_policy", "id")
    assert key["query_strings_config"] == {"query_string_behavior": "all"}
    assert key["cookies_config"] == {"cookie_behavior": "none"}
    assert key["headers_config"] == {"header_behavior": "none"}
    # Without cookies and Authorization the origin cannot answer for one person.
    assert "origin_request_policy_id" not in catalog
    assert 0 == policy["min_ttl"] < policy["default_ttl"] <= policy["max_ttl"]
    assert catalog["compress"] is True


def test_the_catalogue_fails_over_from_the_load_balancer_to_the_api(edge: Edge) -> None:
    _, catalog = _behaviors(edge)
    distribution = edge.stack.only("aws_cloudfront_distribution")
    (group,) = distribution["origin_group"]
    origins = {origin["origin_id"]: origin for origin in distribution["origin"]}
    first, second = (origins[member["origin_id"]] for member in group["member"])
    assert catalog["target_origin_id"] == group["origin_id"]
    assert first["vpc_origin_config"]["vpc_origin_id"] == edge.stack.reference(
        "aws_cloudfront_vpc_origin", "id"
    )
    assert second["origin_path"] == "/prod"
    assert second["custom_origin_config"]["origin_protocol_policy"] == "https-only"
    assert second["custom_origin_config"]["origin_ssl_protocols"] == ["TLSv1.2"]
    # CloudFront refuses writes in a behaviour with an origin group.
    assert set(catalog["allowed_methods"]) <= {"GET", "HEAD", "OPTIONS"}
    assert 2 * first["connection_timeout"] * first["connection_attempts"] < 30


def test_errors_are_never_cached(edge: Edge) -> None:
    distribution = edge.stack.only("aws_cloudfront_distribution")
    kept = {
        response["error_code"]: response["error_caching_min_ttl"]
        for response in distribution["custom_error_response"]
    }
    assert {400, 403, 404, 405, 414, 500, 501, 502, 503, 504} == kept.keys()
    assert set(kept.values()) == {0}


def test_viewers_use_modern_https_only(edge: Edge) -> None:
    distribution = edge.stack.only("aws_cloudfront_distribution")
    assert {behavior["viewer_protocol_policy"] for behavior in _behaviors(edge)} == {
        "redirect-to-https"
    }
    assert distribution["http_version"] == "http2and3"
    assert distribution["is_ipv6_enabled"] is True
    assert distribution["aliases"] == ["shop.example.com"]
    assert distribution["viewer_certificate"]["minimum_protocol_version"] == "TLSv1.2_2021"
    headers = edge.stack.only("aws_cloudfront_response_headers_policy")["security_headers_config"]
    assert headers["strict_transport_security"]["access_control_max_age_sec"] >= 31_536_000
    assert headers["content_type_options"]["override"] is True
    assert headers["frame_options"]["frame_option"] == "DENY"
    for behavior in _behaviors(edge):
        assert behavior["response_headers_policy_id"] == edge.stack.reference(
            "aws_cloudfront_response_headers_policy", "id"
        )


def test_without_a_domain_the_host_name_of_cloudfront_is_used(tmp_path: Path) -> None:
    distribution = synthesise_edge(tmp_path, domain=None).stack.only("aws_cloudfront_distribution")
    assert "aliases" not in distribution
    assert distribution["viewer_certificate"] == {"cloudfront_default_certificate": True}


def test_distribution_and_stage_have_a_firewall_each(edge: Edge) -> None:
    distribution = edge.stack.only("aws_cloudfront_distribution")
    acls = edge.stack.resources("aws_wafv2_web_acl")
    (cdn,) = [name for name, acl in acls.items() if acl["scope"] == "CLOUDFRONT"]
    (api,) = [name for name, acl in acls.items() if acl["scope"] == "REGIONAL"]
    association = edge.stack.only("aws_wafv2_web_acl_association")
    assert distribution["web_acl_id"] == f"${{aws_wafv2_web_acl.{cdn}.arn}}"
    assert association["web_acl_arn"] == f"${{aws_wafv2_web_acl.{api}.arn}}"
    assert association["resource_arn"] == STAGE_ARN


def test_both_firewalls_have_the_same_managed_rules_and_their_own_rate_limits(
    edge: Edge,
) -> None:
    cdn, api = _statements(_acl(edge, "CLOUDFRONT")), _statements(_acl(edge, "REGIONAL"))
    managed = {name for name, rule in cdn.items() if "managed_rule_group_statement" in rule}
    assert managed == {name for name, rule in api.items() if "managed_rule_group_statement" in rule}
    assert len(managed) == 4
    (by_viewer,) = [cdn[name]["rate_based_statement"] for name in cdn.keys() - managed]
    assert by_viewer["aggregate_key_type"] == "IP"
    rates = {
        api[name]["rate_based_statement"]["aggregate_key_type"]: api[name]["rate_based_statement"]
        for name in api.keys() - managed
    }
    assert rates["FORWARDED_IP"]["forwarded_ip_config"] == {
        "header_name": "x-forwarded-for",
        "fallback_behavior": "NO_MATCH",
    }
    # WAF skips the rule above for requests without the header, so a second rule limits them.
    missing = rates["IP"]["scope_down_statement"]["not_statement"]["statement"]
    assert missing["size_constraint_statement"]["field_to_match"] == {
        "single_header": {"name": "x-forwarded-for"}
    }
    assert {rate["limit"] for rate in (by_viewer, *rates.values())} == {2_000}


def test_a_rule_is_counted_only_if_the_settings_name_it(edge: Edge) -> None:
    counted = {
        scope: {
            (name, override["name"])
            for name, rule in _statements(_acl(edge, scope)).items()
            for override in rule.get("managed_rule_group_statement", {}).get(
                "rule_action_override", []
            )
            if override["action_to_use"] == {"count": {}}
        }
        for scope in ("CLOUDFRONT", "REGIONAL")
    }
    assert counted == {
        "CLOUDFRONT": set(),
        "REGIONAL": {("AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY")},
    }


def test_firewalls_log_refused_requests_without_credentials(edge: Edge) -> None:
    loggings = edge.stack.resources("aws_wafv2_web_acl_logging_configuration").values()
    groups = edge.stack.resources("aws_cloudwatch_log_group")
    policies = edge.stack.resources("aws_cloudwatch_log_resource_policy")
    assert len(loggings) == 2
    for logging in loggings:
        redacted = {field["single_header"]["name"] for field in logging["redacted_fields"]}
        assert redacted == {"authorization", "cookie"}
        (destination,) = logging["log_destination_configs"]
        name = destination.removeprefix("${aws_cloudwatch_log_group.").removesuffix(".arn}")
        assert groups[name]["name"].startswith("aws-waf-logs-")
        assert groups[name]["provider"] == logging["provider"]
        (permission,) = logging["depends_on"]
        policy = policies[permission.removeprefix("aws_cloudwatch_log_resource_policy.")]
        entry = statement(policy["policy_document"], "WebAclLogs")
        assert entry["Principal"] == {"Service": ["delivery.logs.amazonaws.com"]}
        assert entry["Resource"] == [destination.replace("}", "}:*")]
        assert {"StringEquals", "ArnLike"} == entry["Condition"].keys()


def test_access_logs_go_to_the_archive_by_day_and_without_cookies(edge: Edge) -> None:
    source = edge.stack.only("aws_cloudwatch_log_delivery_source")
    destination = edge.stack.only("aws_cloudwatch_log_delivery_destination")
    delivery = edge.stack.only("aws_cloudwatch_log_delivery")
    assert source["resource_arn"] == edge.stack.reference("aws_cloudfront_distribution", "arn")
    assert source["log_type"] == "ACCESS_LOGS"
    assert destination["delivery_destination_configuration"] == [
        {"destination_resource_arn": "arn:aws:s3:::ecommerce-test-logs/cloudfront"}
    ]
    (target,) = delivery["s3_delivery_configuration"]
    assert target["suffix_path"] == "{DistributionId}/{yyyy}/{MM}/{dd}"
    assert "cs(Cookie)" not in delivery["record_fields"]
    assert {"c-ip", "cs-uri-stem", "sc-status", "x-edge-result-type"} <= {
        *delivery["record_fields"]
    }
