"""Service: function, permissions and REST API."""

import json
from pathlib import Path

from tests.synthesis import Synthesis, statements, synthesise

WITHOUT_RESOURCE = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DetachNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
    "logs:DescribeLogGroups",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""Actions that IAM cannot limit to a resource, or that are denied on all (Service Authorization
Reference)."""


def test_no_role_may_do_more_than_it_needs(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for name, role in stack.resources("aws_iam_role_policy").items():
            for entry in statements(role["policy"]):
                assert not any(action.endswith("*") for action in entry["Action"]), name
                if "*" in entry["Resource"]:
                    assert set(entry["Action"]) <= WITHOUT_RESOURCE, name


def test_the_function_learns_where_the_database_is_but_never_the_password(
    synthesis: Synthesis,
) -> None:
    function = synthesis.stacks["service"].only("aws_lambda_function")
    variables = function["environment"]["variables"]
    assert variables.keys() >= {
        "DATABASE_WRITER_HOST",
        "DATABASE_READER_HOST",
        "DATABASE_PORT",
        "DATABASE_NAME",
        "DATABASE_SECRET_ARN",
    }
    assert not any("PASSWORD" in name for name in variables)
    assert function["kms_key_arn"]
    assert function["tracing_config"] == {"mode": "Active"}


def test_the_function_writes_json_logs_to_a_group_made_before_it(synthesis: Synthesis) -> None:
    service, settings = synthesis.stacks["service"], synthesis.settings
    function = service.only("aws_lambda_function")
    logging = function["logging_config"]
    name = logging["log_group"].removeprefix("${aws_cloudwatch_log_group.").split(".")[0]
    group = service.resources("aws_cloudwatch_log_group")[name]
    assert logging["log_format"] == "JSON"
    assert group["name"] == f"/aws/lambda/{function['function_name']}"
    assert group["retention_in_days"] == settings.function.log_retention_days


def test_every_log_group_is_encrypted_and_expires(synthesis: Synthesis) -> None:
    elsewhere = {f"aws.{region}" for region in synthesis.settings.edge.log_regions}
    for stack in synthesis.stacks.values():
        for name, group in stack.resources("aws_cloudwatch_log_group").items():
            assert group["retention_in_days"] > 0, name
            # Keys are regional; those groups have CloudWatch's own.
            assert group.get("provider") in elsewhere or "log" in group["kms_key_id"], name


def test_the_function_reaches_the_database_the_endpoints_and_https_alone(
    synthesis: Synthesis,
) -> None:
    service = synthesis.stacks["service"]
    (own,) = [
        f"${{aws_security_group.{name}.id}}"
        for name in service.resources("aws_security_group")
        if name.startswith("api-function")
    ]
    rules = service.resources("aws_vpc_security_group_egress_rule").values()
    assert {rule["security_group_id"] for rule in rules} == {own}
    ways = [(rule["from_port"], rule.get("cidr_ipv4", "a group")) for rule in rules]
    port = synthesis.settings.database.port
    assert sorted(ways) == sorted([(443, "0.0.0.0/0"), (443, "a group"), (port, "a group")])
    # Each way out has its way in on the other side, and nothing may enter the function.
    entries = service.resources("aws_vpc_security_group_ingress_rule").values()
    assert {entry["referenced_security_group_id"] for entry in entries} == {own}
    assert sorted(entry["from_port"] for entry in entries) == sorted([443, port])
    group = service.resources("aws_security_group")[own.split(".")[1]]
    assert group["timeouts"] == {"delete": "45m"}


def test_no_security_group_is_open_to_the_world(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for name, rule in stack.resources("aws_vpc_security_group_ingress_rule").items():
            assert "cidr_ipv4" not in rule, name
        for name, group in stack.resources("aws_security_group").items():
            assert not {"ingress", "egress"} & group.keys(), name


def test_only_this_api_and_this_balancer_may_invoke_the_alias(synthesis: Synthesis) -> None:
    service = synthesis.stacks["service"]
    callers: dict[str, str] = {}
    for permission in service.resources("aws_lambda_permission").values():
        assert permission["qualifier"] == service.reference("aws_lambda_alias", "name")
        callers[permission["principal"]] = permission["source_arn"]
    api = service.reference("aws_api_gateway_rest_api", "execution_arn")
    assert callers == {
        "apigateway.amazonaws.com": f"{api}/*/*",
        "elasticloadbalancing.amazonaws.com": service.reference("aws_lb_target_group", "arn"),
    }
    for integration in service.resources("aws_api_gateway_integration").values():
        assert integration["integration_http_method"] == "POST"
        assert integration["uri"] == service.reference("aws_lambda_alias", "invoke_arn")
        assert (
            synthesis.settings.function.timeout_seconds * 1000
            < (integration["timeout_milliseconds"])
        )


def test_the_balancer_is_internal_logs_and_admits_cloudfront_alone(synthesis: Synthesis) -> None:
    service, edge = synthesis.stacks["service"], synthesis.stacks["edge"]
    balancer = service.only("aws_lb")
    assert balancer["internal"] is True
    assert balancer["drop_invalid_header_fields"] is True
    assert balancer["access_logs"]["enabled"] is True
    assert balancer["enable_deletion_protection"] is (
        synthesis.settings.load_balancer.deletion_protection
    )
    assert len(balancer["subnets"]) == len(synthesis.settings.network.zones)
    group = balancer["security_groups"][0]
    rules = service.resources("aws_vpc_security_group_ingress_rule").values()
    assert group not in {rule["security_group_id"] for rule in rules}
    entry = edge.only("aws_vpc_security_group_ingress_rule")
    (cloudfront,) = edge.document["data"]["aws_security_group"]
    assert entry["referenced_security_group_id"] == f"${{data.aws_security_group.{cloudfront}.id}}"
    assert entry["from_port"] == service.only("aws_lb_listener")["port"]


def test_the_balancer_serves_the_catalogue_from_the_alias_once_it_may(
    synthesis: Synthesis,
) -> None:
    service = synthesis.stacks["service"]
    (fallback,) = service.only("aws_lb_listener")["default_action"]
    assert fallback["type"] == "fixed-response"
    (condition,) = service.only("aws_lb_listener_rule")["condition"]
    assert condition["path_pattern"]["values"] == ["/catalog/*"]
    attachment = service.only("aws_lb_target_group_attachment")
    assert attachment["target_id"] == service.reference("aws_lambda_alias", "arn")
    (needed,) = attachment["depends_on"]
    permission = service.resources("aws_lambda_permission")[needed.split(".")[1]]
    assert permission["principal"] == "elasticloadbalancing.amazonaws.com"
    target = service.only("aws_lb_target_group")
    assert target["target_type"] == "lambda"
    assert not {"port", "protocol", "vpc_id"} & target.keys()
    assert target["health_check"]["path"] == "/health"


def test_with_a_domain_the_balancer_speaks_tls_1_2_or_later(tmp_path: Path) -> None:
    arn = "arn:aws:acm:{}:123456789012:certificate/0a1b"
    domain = (
        "{aliases: [shop.example.com], origin_host: origin.example.com, "
        f"certificate_arn: '{arn.format('us-east-1')}', "
        f"origin_certificate_arn: '{arn.format('eu-west-1')}'}}"
    )
    stacks = synthesise("prod", folder=tmp_path, variables={"PLATFORM__DOMAIN": domain}).stacks
    listener = stacks["service"].only("aws_lb_listener")
    assert (listener["protocol"], listener["port"]) == ("HTTPS", 443)
    assert "TLS13-1-2" in listener["ssl_policy"]
    assert stacks["edge"].only("aws_vpc_security_group_ingress_rule")["from_port"] == 443
    distribution = stacks["edge"].only("aws_cloudfront_distribution")
    assert distribution["aliases"] == ["shop.example.com"]
    hosts = {origin["domain_name"] for origin in distribution["origin"]}
    assert "origin.example.com" in hosts


def test_the_stage_logs_traces_and_throttles(synthesis: Synthesis) -> None:
    service, settings = synthesis.stacks["service"], synthesis.settings.api
    stage = service.only("aws_api_gateway_stage")
    assert stage["xray_tracing_enabled"] is True
    assert json.loads(stage["access_log_settings"]["format"])["requestId"] == "$context.requestId"
    method = service.only("aws_api_gateway_method_settings")
    assert method["method_path"] == "*/*"
    assert method["settings"]["throttling_rate_limit"] == settings.throttling_rate
    assert method["settings"]["throttling_burst_limit"] == settings.throttling_burst
    assert method["settings"]["data_trace_enabled"] is False
    groups = service.resources("aws_cloudwatch_log_group")
    (execution,) = [
        name for name, group in groups.items() if group["name"].startswith("API-Gateway-Execution")
    ]
    assert groups[execution]["name"].endswith(f"/{settings.stage_name}")
    assert f"aws_cloudwatch_log_group.{execution}" in stage["depends_on"]


def test_the_account_role_is_set_before_the_stage_logs(synthesis: Synthesis) -> None:
    service = synthesis.stacks["service"]
    accounts = service.resources("aws_api_gateway_account")
    assert len(accounts) == int(synthesis.settings.api.manage_account_role)
    for name in accounts:
        needs = service.only("aws_api_gateway_stage")["depends_on"]
        assert f"aws_api_gateway_account.{name}" in needs
