"""The service stack: functions, permissions, REST API and load balancer."""

import json
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft4Validator

from modules.toolchain import ROOT
from tests.synthesis import API_FUNCTION, Block, Stack, Synthesis, statements, synthesise

ADMINISTRATION_FUNCTION = "administration-function"
CREDENTIAL = "api-credential"

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
"""Actions that IAM cannot limit to a resource, or that are denied on all resources (Service
Authorization Reference)."""


def test_no_role_has_more_permissions_than_it_needs(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for name, role in stack.resources("aws_iam_role_policy").items():
            for entry in statements(role["policy"]):
                assert not any(action.endswith("*") for action in entry["Action"]), name
                if "*" in entry["Resource"]:
                    assert set(entry["Action"]) <= WITHOUT_RESOURCE, name


def test_the_function_has_the_database_address_but_not_the_password(
    synthesis: Synthesis,
) -> None:
    function = synthesis.stacks["service"].only("aws_lambda_function", within=API_FUNCTION)
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


def test_the_alias_moves_only_to_a_version_that_answered_that_it_is_ready(
    synthesis: Synthesis,
) -> None:
    service = synthesis.stacks["service"]
    check = service.only("aws_lambda_invocation", within=API_FUNCTION)
    (name,) = (
        name for name in service.resources("aws_lambda_invocation") if name.startswith(API_FUNCTION)
    )
    assert check["qualifier"] == service.reference(
        "aws_lambda_function", "version", within=API_FUNCTION
    )
    request = json.loads(check["input"])["check"]
    assert (request["httpMethod"], request["path"]) == ("GET", "/health/ready")
    assert check["lifecycle"]["create_before_destroy"] is True
    # The way to the database is there before it.
    assert any("database-egress" in each for each in check["depends_on"])
    provisioned = service.resources("aws_lambda_provisioned_concurrency_config").values()
    for first in provisioned or [service.only("aws_lambda_alias")]:
        assert first["depends_on"] == [f"aws_lambda_invocation.{name}"]


def test_the_function_ends_its_database_work_before_its_timeout(synthesis: Synthesis) -> None:
    function = synthesis.stacks["service"].only("aws_lambda_function", within=API_FUNCTION)
    variables = function["environment"]["variables"]
    transaction, budget, connecting = (
        int(variables[f"DATABASE_{name}_SECONDS"])
        for name in ("TRANSACTION", "BUDGET", "CONNECT_TIMEOUT")
    )
    assert transaction + connecting < budget < function["timeout"] <= 29


def test_the_functions_learn_the_names_of_the_staff_and_of_the_logins(
    synthesis: Synthesis,
) -> None:
    data, service = synthesis.stacks["data"], synthesis.stacks["service"]
    api, administration = (
        service.only("aws_lambda_function", within=construct)["environment"]["variables"]
        for construct in (API_FUNCTION, ADMINISTRATION_FUNCTION)
    )
    assert api["STAFF_GROUP"] == data.only("aws_cognito_user_group")["name"]
    logins = administration["API_DATABASE_LOGINS"].split(",")
    described = [
        secret["description"]
        for name, secret in data.resources("aws_secretsmanager_secret").items()
        if "login" in name
    ]
    assert len(set(logins)) == 2
    if synthesis.settings.database.proxy:
        assert described == [f"Database user {login}, for the proxy" for login in logins]


def test_the_function_writes_json_logs_to_an_existing_group(synthesis: Synthesis) -> None:
    service, settings = synthesis.stacks["service"], synthesis.settings
    function = service.only("aws_lambda_function", within=API_FUNCTION)
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
            # Keys are regional; groups in other regions use CloudWatch's own key.
            assert group.get("provider") in elsewhere or "log" in group["kms_key_id"], name


@pytest.mark.parametrize("construct", [API_FUNCTION, ADMINISTRATION_FUNCTION])
def test_a_function_reaches_only_the_database_the_endpoints_and_https(
    synthesis: Synthesis, construct: str
) -> None:
    service = synthesis.stacks["service"]
    own = service.reference("aws_security_group", "id", within=construct)
    rules = [
        rule
        for rule in service.resources("aws_vpc_security_group_egress_rule").values()
        if rule["security_group_id"] == own
    ]
    allowed = [(rule["from_port"], rule.get("cidr_ipv4", "a group")) for rule in rules]
    database = synthesis.settings.database
    # The administration function also tries a new credential through the proxy.
    databases = 2 if database.proxy and construct == ADMINISTRATION_FUNCTION else 1
    expected = [(443, "0.0.0.0/0"), (443, "a group"), *[(database.port, "a group")] * databases]
    assert sorted(allowed) == sorted(expected)
    # Each egress rule has an ingress rule on the other side; the function has no ingress rule.
    entries = service.resources("aws_vpc_security_group_ingress_rule").values()
    assert own not in {entry["security_group_id"] for entry in entries}
    ports = [e["from_port"] for e in entries if e["referenced_security_group_id"] == own]
    assert sorted(ports) == sorted([443, *[database.port] * databases])
    assert service.only("aws_security_group", within=construct)["timeouts"] == {"delete": "45m"}


def test_clients_of_a_proxy_use_its_port_whatever_the_clusters_is(tmp_path: Path) -> None:
    # A proxy for PostgreSQL listens on 5432 only.
    variables = {"PLATFORM__DATABASE__PORT": "6543"}
    stacks = synthesise("prod", folder=tmp_path, variables=variables).stacks
    data, service = stacks["data"], stacks["service"]
    api, administration = (
        service.only("aws_lambda_function", within=construct)["environment"]["variables"]
        for construct in (API_FUNCTION, ADMINISTRATION_FUNCTION)
    )
    assert (api["DATABASE_PORT"], administration["API_DATABASE_PORT"]) == ("5432", "5432")
    assert administration["DATABASE_PORT"] == "6543"

    assert {
        rule["description"]: rule["from_port"]
        for stack in (data, service)
        for rule in stack.resources("aws_vpc_security_group_ingress_rule").values()
        if rule["description"].endswith(("database", "proxy", "Aurora"))
    } == {
        "RDS Proxy to Aurora": 6543,
        "Database administration to the database": 6543,
        "Database administration to the proxy": 5432,
        "The e-commerce API to the database": 5432,
    }


def test_only_the_administration_function_bypasses_the_proxy(synthesis: Synthesis) -> None:
    service, data = synthesis.stacks["service"], synthesis.stacks["data"]
    variables = service.only("aws_lambda_function", within=ADMINISTRATION_FUNCTION)["environment"][
        "variables"
    ]
    assert _follow(variables["DATABASE_WRITER_HOST"], data) == data.reference(
        "aws_rds_cluster", "endpoint"
    )
    master = "master_user_secret"
    assert master in _follow(variables["MASTER_SECRET_ARN"], data)
    readable = [
        _follow(arn, data)
        for name, policy in service.resources("aws_iam_role_policy").items()
        if not name.startswith(ADMINISTRATION_FUNCTION)
        for entry in statements(policy["policy"])
        if "secretsmanager:GetSecretValue" in entry["Action"]
        for arn in entry["Resource"]
    ]
    own = data.reference("aws_secretsmanager_secret", "arn", within=f"{CREDENTIAL}_secret")
    assert readable == [own]
    # A proxy reads only the newest value of a secret, so each user has a secret of its own. The
    # master user has none there.
    for proxy in data.resources("aws_db_proxy").values():
        known = [credential["secret_arn"] for credential in proxy["auth"]]
        assert known == [
            data.reference("aws_secretsmanager_secret", "arn", within=f"{CREDENTIAL}_login-{n}")
            for n in (1, 2)
        ]


def _follow(reference: str, stack: Stack) -> str:
    """Return the value of `${data.terraform_remote_state.STACK.outputs.NAME}`."""
    name = reference.removesuffix("}").rpartition(".")[2]
    return cast("str", stack.document["output"][name]["value"])


def test_the_alias_moves_only_after_the_migration_of_the_same_image(synthesis: Synthesis) -> None:
    service = synthesis.stacks["service"]
    migration = service.only("aws_lambda_invocation", within=ADMINISTRATION_FUNCTION)
    # The alias waits for the check of the version, and the check for the migration.
    check = service.only("aws_lambda_invocation", within=API_FUNCTION)
    (name,) = (
        name
        for name in service.resources("aws_lambda_invocation")
        if name.startswith(ADMINISTRATION_FUNCTION)
    )
    assert f"aws_lambda_invocation.{name}" in check["depends_on"]
    assert migration["qualifier"] == service.reference(
        "aws_lambda_function", "version", within=ADMINISTRATION_FUNCTION
    )
    images = {f["image_uri"] for f in service.resources("aws_lambda_function").values()}
    assert len(images) == 1
    # The rules and permissions that the migration needs exist before it.
    rules = [name for name in migration["depends_on"] if "_ingress_rule." in name]
    assert len(rules) == (3 if synthesis.settings.database.proxy else 2)
    sample = json.loads(migration["input"])["sampleData"]
    assert sample is synthesis.settings.administration.sample_data


ANY = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"


def _imported(service: Stack) -> Block:
    """Return the document that API Gateway imports."""
    return json.loads(service.only("aws_api_gateway_rest_api_put")["body"])


def test_routes_models_and_scopes_match_the_document(synthesis: Synthesis) -> None:
    service, data = synthesis.stacks["service"], synthesis.stacks["data"]
    document = json.loads((ROOT / "container" / "openapi.json").read_text())
    imported = _imported(service)
    # Other methods of a described path reach the function too, which answers with the allowed ones.
    assert imported["paths"].keys() == {"/", "/{proxy+}", *document["paths"]}
    others = [item.pop(ANY) for item in imported["paths"].values()]
    assert not any("security" in method for method in others)
    described = {path: item for path, item in imported["paths"].items() if item}
    assert described.keys() == document["paths"].keys()
    for path, item in document["paths"].items():
        assert described[path].keys() == item.keys()
        for method, operation in item.items():
            found = described[path][method]
            scopes = [scope for entry in operation["security"] for scope in entry["userPool"]]
            wanted = [{"user-pool": scopes}] if scopes else []
            assert found["operationId"] == operation["operationId"]
            assert found.get("security", []) == wanted
            assert ("requestBody" in found) is ("requestBody" in operation)
    models = imported["components"]["schemas"]
    assert models.keys() == {"NewOrder", "NewProduct", "ProductChange"}
    for name, schema in models.items():
        Draft4Validator.check_schema(schema)
        assert schema["required" if name.startswith("New") else "properties"]
    server = data.only("aws_cognito_resource_server")
    granted = {f"{server['identifier']}/{scope['scope_name']}" for scope in server["scope"]}
    flow = document["components"]["securitySchemes"]["userPool"]["flows"]["authorizationCode"]
    assert granted == flow["scopes"].keys()


def test_the_import_keeps_the_apis_name_and_description(synthesis: Synthesis) -> None:
    service = synthesis.stacks["service"]
    api, info = service.only("aws_api_gateway_rest_api"), _imported(service)["info"]
    assert (info["title"], info["description"]) == (api["name"], api["description"])


def test_a_document_with_a_warning_is_refused(synthesis: Synthesis) -> None:
    """API Gateway only warns of a scheme that it ignores, and leaves the scheme's methods open."""
    service = synthesis.stacks["service"]
    assert service.only("aws_api_gateway_rest_api_put")["fail_on_warnings"] is True
    # As an argument of the API, a refused document would count as imported.
    assert "body" not in service.only("aws_api_gateway_rest_api")
    schemes = _imported(service)["components"]["securitySchemes"]
    assert {scheme["type"] for scheme in schemes.values()} == {"apiKey"}


def test_api_gateway_requires_no_header_because_browsers_send_small_letters(
    synthesis: Synthesis,
) -> None:
    for path, item in _imported(synthesis.stacks["service"])["paths"].items():
        for method in item.values():
            declared = {parameter["in"] for parameter in method.get("parameters", [])}
            assert "header" not in declared, path


def test_the_parts_of_version_0_1_0_are_forgotten_and_not_deleted(synthesis: Synthesis) -> None:
    service = synthesis.stacks["service"]
    known = set(PARTS_0_1_0.read_text().split())
    forgotten = {
        block["from"]
        for block in service.document["removed"]
        if block["lifecycle"] == {"destroy": False}
    }
    assert forgotten >= known
    # A block for a resource that exists is an error.
    assert not any(f"{type_}.{name}" in forgotten for type_, name, _ in service.all_resources())


PARTS_0_1_0 = Path(__file__).parent / "api-parts-of-0.1.0.txt"


def test_answers_of_api_gateway_itself_are_problem_details_without_internal_details(
    synthesis: Synthesis,
) -> None:
    answers = _imported(synthesis.stacks["service"])["x-amazon-apigateway-gateway-responses"]
    types = answers.keys()
    assert types >= {"DEFAULT_4XX", "DEFAULT_5XX", "UNAUTHORIZED", "ACCESS_DENIED", "THROTTLED"}
    for answer in answers.values():
        header = answer["responseParameters"]["gatewayresponse.header.Content-Type"]
        assert header == "'application/problem+json'"
        body = json.loads(answer["responseTemplates"]["application/json"])
        assert body["correlationId"] == "$context.requestId"
        assert answer.get("statusCode") == body.get("status")
        assert "$context.error" not in str(body)


def test_no_security_group_is_open_to_the_world(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for name, rule in stack.resources("aws_vpc_security_group_ingress_rule").items():
            assert "cidr_ipv4" not in rule, name
        for name, group in stack.resources("aws_security_group").items():
            assert not {"ingress", "egress"} & group.keys(), name


def test_only_this_api_and_this_load_balancer_may_invoke_the_alias(synthesis: Synthesis) -> None:
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
    for item in _imported(service)["paths"].values():
        for method in item.values():
            integration = method[INTEGRATION]
            assert integration["httpMethod"] == "POST"
            assert integration["uri"] == service.reference("aws_lambda_alias", "invoke_arn")
            assert (
                synthesis.settings.function.timeout_seconds * 1000 < integration["timeoutInMillis"]
            )


def test_the_load_balancer_is_internal_logs_and_admits_only_cloudfront(
    synthesis: Synthesis,
) -> None:
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
    (cloudfront,) = edge.document["data"]["aws_security_group"]
    entries = edge.resources("aws_vpc_security_group_ingress_rule").values()
    assert {entry["referenced_security_group_id"] for entry in entries} == {
        f"${{data.aws_security_group.{cloudfront}.id}}"
    }
    # CloudFront moves from one to the other when a domain is added or removed.
    assert {(entry["from_port"], entry["to_port"]) for entry in entries} == {(80, 80), (443, 443)}


def test_the_load_balancer_serves_the_catalogue_once_it_may_invoke_the_alias(
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


def test_with_a_domain_the_load_balancer_uses_tls_1_2_or_later(tmp_path: Path) -> None:
    arn = "arn:aws:acm:{}:123456789012:certificate/0a1b"
    domain = (
        "{aliases: [shop.example.com], origin_host: origin.example.com, "
        f"certificate_arn: '{arn.format('us-east-1')}', "
        f"origin_certificate_arn: '{arn.format('eu-west-1')}'}}"
    )
    stacks = synthesise("prod", folder=tmp_path, variables={"PLATFORM__DOMAIN": domain}).stacks
    listener = stacks["edge"].only("aws_lb_listener")
    assert (listener["protocol"], listener["port"]) == ("HTTPS", 443)
    assert "TLS13-1-2" in listener["ssl_policy"]
    (condition,) = stacks["edge"].only("aws_lb_listener_rule")["condition"]
    assert condition["path_pattern"]["values"] == ["/catalog/*"]
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
