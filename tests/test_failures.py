"""The failures of an earlier attempt do not come back (docs/failures.md).

Each test checks every environment, then breaks a copy the way it was once broken and shows that the
check notices.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from modules.settings import Part
from modules.toolchain import ROOT
from tests.observability.checker import find_problems
from tests.synthesis import API_FUNCTION, Block, Stack, Synthesis, synthesise
from tests.test_logging import check_logging

API_PARTS = {
    "authorizer", "gateway_response", "integration", "method", "model", "request_validator",
    "resource",
}  # fmt: skip
"""Types of resources that an import creates, without `aws_api_gateway_`."""

DOCKERFILE = ROOT / "container" / "Dockerfile"
FAILURES = ROOT / "docs" / "failures.md"


def _notices(
    check: Callable[[Synthesis], None],
    synthesis: Synthesis,
    part: Part,
    breaking: Callable[[Stack], object],
) -> None:
    """Assert that a check fails, rather than crashes, once a copy of one stack is broken."""
    broken = synthesis.copy(part)
    breaking(broken.stacks[part])
    with pytest.raises(AssertionError):
        check(broken)


def test_every_failure_of_the_document_names_tests_that_exist() -> None:
    rows = [line for line in FAILURES.read_text().splitlines() if line.startswith("| **")]
    named = [re.findall(r"`(tests/\w+(?:/\w+)*\.py)::(test_\w+)`", row) for row in rows]
    assert len(named) == 10
    assert all(named)
    for file, test in (pair for pairs in named for pair in pairs):
        assert f"\ndef {test}(" in (ROOT / file).read_text(), f"{file}::{test}"


def test_deployment_and_stage_are_separate(synthesis: Synthesis) -> None:
    def check(synthesis: Synthesis) -> None:
        service = synthesis.stacks["service"]
        deployment = service.only("aws_api_gateway_deployment")
        stage = service.only("aws_api_gateway_stage")
        assert "stage_name" not in deployment
        assert stage["stage_name"] == synthesis.settings.api.stage_name == "prod"
        assert stage["deployment_id"] == service.reference("aws_api_gateway_deployment", "id")
        assert deployment.get("lifecycle", {}).get("create_before_destroy") is True
        # It comes after the import that it pictures, and changes with the imported document.
        ((name, imported),) = service.resources("aws_api_gateway_rest_api_put").items()
        assert imported["rest_api_id"] == deployment["rest_api_id"]
        assert deployment.get("depends_on") == [f"aws_api_gateway_rest_api_put.{name}"]
        digest = f"${{sha256(aws_api_gateway_rest_api_put.{name}.body)}}"
        assert deployment["triggers"] == {"document": digest}
        # No route exists beside the import: the next import would delete it.
        parts = {type_.removeprefix("aws_api_gateway_") for type_, _, _ in service.all_resources()}
        assert not parts & API_PARTS

    check(synthesis)
    only = "aws_api_gateway_deployment"
    _notices(check, synthesis, "service", lambda s: s.only(only).update(stage_name="prod"))
    _notices(check, synthesis, "service", lambda s: s.only(only).pop("lifecycle"))
    _notices(
        check, synthesis, "service", lambda s: s.only(only)["triggers"].update(document="same")
    )
    _notices(check, synthesis, "service", lambda s: s.only(only).pop("depends_on"))


def test_an_unused_resource_fails_lint(tmp_path: Path) -> None:
    assert _lint(ROOT) == "All checks passed!\n"
    unused = tmp_path / "unused.py"
    unused.write_text(
        '"""A construct."""\n\n\ndef build(scope: object) -> None:\n'
        '    """Builds."""\n    bucket = str(scope)\n'
    )
    assert "F841" in _lint(unused)


def _lint(path: Path) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(
        [*command, path], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout


def test_the_function_runs_a_container_image(synthesis: Synthesis) -> None:
    def check(synthesis: Synthesis) -> None:
        service = synthesis.stacks["service"]
        repository = synthesis.stacks["foundation"].only("aws_ecr_repository")
        (image,) = service.document["data"]["aws_ecr_image"]
        for function in service.resources("aws_lambda_function").values():
            assert function["package_type"] == "Image"
            assert function["architectures"] == ["arm64"]
            assert not {"runtime", "handler", "filename", "s3_bucket"} & function.keys()
            assert function["image_uri"] == f"${{data.aws_ecr_image.{image}.image_uri}}"
        assert repository["image_tag_mutability"] == "IMMUTABLE"
        assert repository["image_scanning_configuration"]["scan_on_push"] is True

    check(synthesis)
    assert re.search(
        r"^FROM public\.ecr\.aws/lambda/nodejs:\$\{BASE_TAG\}", DOCKERFILE.read_text(), re.MULTILINE
    )
    assert "BASE_TAG=22-arm64" in DOCKERFILE.read_text()
    inline = {"package_type": "Zip", "runtime": "nodejs22.x", "handler": "index.handler"}
    _notices(
        check,
        synthesis,
        "service",
        lambda s: s.only("aws_lambda_function", within=API_FUNCTION).update(inline),
    )
    _notices(
        check,
        synthesis,
        "foundation",
        lambda s: s.only("aws_ecr_repository").update(image_tag_mutability="MUTABLE"),
    )


def test_what_cloudfront_needs_uses_one_aliased_provider(
    synthesis: Synthesis,
) -> None:
    def check(synthesis: Synthesis) -> None:
        for part, stack in synthesis.stacks.items():
            made: list[Block] = stack.document["provider"]["aws"]
            providers = {provider.get("alias"): provider for provider in made}
            assert len(providers) == len(made), part
            assert providers.pop(None)["region"] == synthesis.settings.region
            assert all(provider["region"] == alias for alias, provider in providers.items())
            used = {block.get("provider", "aws") for _, _, block in stack.all_resources()}
            assert used <= {"aws", *(f"aws.{alias}" for alias in providers)}, part
        edge = synthesis.stacks["edge"]
        function = edge.only("aws_lambda_function")
        needed = (
            function,
            edge.only("aws_wafv2_web_acl"),
            edge.only("aws_cloudfront_distribution"),
        )
        assert {block.get("provider") for block in needed} == {"aws.us-east-1"}
        assert (function["publish"], function["package_type"]) == (True, "Zip")
        assert function["architectures"] == ["x86_64"]
        forbidden = {"environment", "vpc_config", "layers", "tracing_config", "kms_key_arn"}
        forbidden |= {"dead_letter_config", "reserved_concurrent_executions", "image_uri"}
        assert not forbidden & function.keys()
        distribution = edge.only("aws_cloudfront_distribution")
        qualified = edge.reference("aws_lambda_function", "qualified_arn")
        behaviours = distribution["ordered_cache_behavior"]
        for behaviour in (distribution["default_cache_behavior"], *behaviours):
            (association,) = behaviour["lambda_function_association"]
            assert association["lambda_arn"] == qualified

    check(synthesis)
    function = "aws_lambda_function"
    _notices(check, synthesis, "edge", lambda s: s.only(function).pop("provider"))
    _notices(check, synthesis, "edge", lambda s: s.only(function).update(architectures=["arm64"]))
    second = {"alias": "made-inline", "region": "us-east-1"}
    _notices(check, synthesis, "edge", lambda s: s.document["provider"]["aws"].append(second))


def test_scaling_and_provisioned_concurrency_exist_together_or_not_at_all(
    synthesis: Synthesis,
) -> None:
    types = (
        "aws_lambda_provisioned_concurrency_config",
        "aws_appautoscaling_target",
        "aws_appautoscaling_policy",
    )

    def check(synthesis: Synthesis) -> None:
        service = synthesis.stacks["service"]
        function = service.only("aws_lambda_function", within=API_FUNCTION)
        alias = service.only("aws_lambda_alias")
        assert function["publish"] is True
        assert function["reserved_concurrent_executions"] >= 1
        assert alias["function_version"] == service.reference(
            "aws_lambda_function", "version", within=API_FUNCTION
        )
        wanted = synthesis.settings.function.provisioned_concurrency
        found = [len(service.resources(type_)) for type_ in types]
        assert found == ([1] * 3 if wanted else [0] * 3)
        schedules = service.resources("aws_appautoscaling_scheduled_action")
        assert len(schedules) == (len(wanted.schedules) if wanted else 0)
        if wanted is None:
            return
        config, target, policy = (service.only(type_) for type_ in types)
        version = service.reference("aws_lambda_function", "version", within=API_FUNCTION)
        assert config["qualifier"] == version
        assert config["lifecycle"]["ignore_changes"] == ["provisioned_concurrent_executions"]
        assert target["scalable_dimension"] == "lambda:function:ProvisionedConcurrency"
        assert target["resource_id"] == "function:{}:{}".format(
            service.reference("aws_lambda_function", "function_name", within=API_FUNCTION), version
        )
        (config_name,) = service.resources(types[0])
        assert target["depends_on"] == [f"{types[0]}.{config_name}"]
        tracking = policy["target_tracking_scaling_policy_configuration"]
        assert tracking["target_value"] == wanted.target_utilization
        metric = tracking["predefined_metric_specification"]["predefined_metric_type"]
        assert metric == "LambdaProvisionedConcurrencyUtilization"
        for follower in (policy, *schedules.values()):
            for key in ("service_namespace", "resource_id", "scalable_dimension"):
                assert follower[key] == service.reference("aws_appautoscaling_target", key)
        for block in (config, target, policy, *schedules.values()):
            assert block["lifecycle"]["create_before_destroy"] is True
        # Each change of the target waits for the one before, and the alias for the last.
        (policy_name,) = service.resources(types[2])
        waited = [f"{types[2]}.{policy_name}"]
        for schedule in wanted.schedules:
            (name,) = (each for each in schedules if f"_schedule-{schedule.name}_" in each)
            assert schedules[name]["depends_on"] == waited
            waited = [f"aws_appautoscaling_scheduled_action.{name}"]
        assert alias.get("depends_on") == waited

    check(synthesis)
    newest = {"function_version": "$LATEST"}
    _notices(check, synthesis, "service", lambda s: s.only("aws_lambda_alias").update(newest))
    if synthesis.settings.function.provisioned_concurrency:
        _notices(check, synthesis, "service", lambda s: s.document["resource"].pop(types[0]))
        on_alias = {"qualifier": "live"}
        _notices(check, synthesis, "service", lambda s: s.only(types[0]).update(on_alias))
        _notices(
            check, synthesis, "service", lambda s: s.only("aws_lambda_alias").pop("depends_on")
        )
    else:
        target = {types[1]: {"stray": {"resource_id": "function:api:1"}}}
        _notices(check, synthesis, "service", lambda s: s.document["resource"].update(target))


def test_every_metric_has_its_dimensions_and_names_this_platform(
    synthesis: Synthesis,
) -> None:
    def check(synthesis: Synthesis) -> None:
        assert find_problems(synthesis.documents()) == []

    def edit_metrics(stack: Stack, edit: Callable[[list[object]], None]) -> None:
        for dashboard in stack.resources("aws_cloudwatch_dashboard").values():
            body = json.loads(dashboard["dashboard_body"])
            for widget in body["widgets"]:
                for row in widget["properties"].get("metrics", []):
                    edit(row)
            dashboard["dashboard_body"] = json.dumps(body)

    def without_dimensions(row: list[object]) -> None:
        if len(row) > 1:
            del row[2:-1]

    def as_an_object(row: list[object]) -> None:
        if len(row) > 1:
            pairs = row[2:-1]
            row[2:] = [{"dimensions": dict(zip(pairs[::2], pairs[1::2], strict=True))}]

    check(synthesis)
    _notices(check, synthesis, "observability", lambda s: edit_metrics(s, without_dimensions))
    _notices(check, synthesis, "observability", lambda s: edit_metrics(s, as_an_object))


def test_logs_move_to_cheaper_storage_before_they_are_deleted(synthesis: Synthesis) -> None:
    lifecycle = "aws_s3_bucket_lifecycle_configuration"

    def check(synthesis: Synthesis) -> None:
        foundation = synthesis.stacks["foundation"]
        settings = synthesis.settings.log_archive
        (rule,) = foundation.only(lifecycle)["rule"]
        assert rule["status"] == "Enabled"
        moves = [(move["days"], move["storage_class"]) for move in rule["transition"]]
        assert moves == [
            (settings.infrequent_access_days, "STANDARD_IA"),
            (settings.glacier_days, "GLACIER"),
        ]
        (expiration,) = rule["expiration"]
        steps = [*(days for days, _ in moves), expiration["days"]]
        assert all(earlier < later for earlier, later in pairwise(steps))
        assert rule["noncurrent_version_expiration"] == [
            {"noncurrent_days": settings.noncurrent_expiration_days}
        ]
        assert rule["abort_incomplete_multipart_upload"] == [
            {"days_after_initiation": settings.abort_incomplete_upload_days}
        ]
        versioning = foundation.only("aws_s3_bucket_versioning")
        assert versioning["versioning_configuration"]["status"] == "Enabled"

    check(synthesis)
    edits: tuple[Block, ...] = (
        {"expiration": [{"days": 30}]},
        {"transition": []},
        {"noncurrent_version_expiration": []},
        {"abort_incomplete_multipart_upload": []},
    )
    for edit in edits:
        _notices(
            check, synthesis, "foundation", lambda s, e=edit: s.only(lifecycle)["rule"][0].update(e)
        )


def _use_the_databases_key(data: Stack) -> None:
    """Encrypt log groups with the database's key, which CloudWatch Logs may not use."""
    for group in data.resources("aws_cloudwatch_log_group").values():
        group["kms_key_id"] = data.only("aws_rds_cluster")["kms_key_id"]


_LOGGING_BREAKAGES: tuple[tuple[Part, Callable[[Stack], object]], ...] = (
    ("service", lambda s: s.only("aws_lambda_function", within=API_FUNCTION).pop("logging_config")),
    ("service", lambda s: s.only("aws_api_gateway_stage").pop("access_log_settings")),
    (
        "service",
        lambda s: s.only("aws_api_gateway_method_settings")["settings"].update(logging_level="OFF"),
    ),
    ("service", lambda s: s.document["resource"].pop("aws_api_gateway_account")),
    ("service", lambda s: s.only("aws_lb")["access_logs"].update(enabled=False)),
    ("service", lambda s: s.only("aws_wafv2_web_acl_logging_configuration").clear()),
    ("service", lambda s: s.document["resource"].pop("aws_cloudwatch_log_resource_policy")),
    ("foundation", lambda s: s.document["resource"].pop("aws_flow_log")),
    ("foundation", lambda s: s.document["resource"].pop("aws_iam_role_policy")),
    ("foundation", lambda s: s.document["resource"].pop("aws_s3_bucket_policy")),
    ("foundation", lambda s: s.document["resource"].pop("aws_cloudwatch_log_group")),
    ("data", lambda s: s.only("aws_rds_cluster").pop("enabled_cloudwatch_logs_exports")),
    ("data", _use_the_databases_key),
    ("edge", lambda s: s.document["resource"].pop("aws_wafv2_web_acl_logging_configuration")),
    ("edge", lambda s: s.document["resource"].pop("aws_cloudwatch_log_delivery")),
    ("edge", lambda s: s.document["resource"].pop("aws_cloudwatch_log_delivery_destination")),
    ("edge", lambda s: s.document["resource"].pop("aws_iam_role_policy")),
)


def test_every_log_source_has_its_destination(synthesis: Synthesis) -> None:
    check_logging(synthesis)


@pytest.mark.parametrize(("part", "breaking"), _LOGGING_BREAKAGES)
def test_a_log_source_without_its_destination_is_noticed(
    synthesis: Synthesis, part: Part, breaking: Callable[[Stack], object]
) -> None:
    _notices(check_logging, synthesis, part, breaking)


def test_every_provider_tags_everything(synthesis: Synthesis) -> None:
    def check(synthesis: Synthesis) -> None:
        settings = synthesis.settings
        expected = {
            "Project": settings.project,
            "ManagedBy": "cdktf",
            "Environment": settings.environment,
            "CostCenter": settings.tags.cost_center,
            "Owner": settings.tags.owner,
        }
        for part, stack in synthesis.stacks.items():
            for provider in stack.document["provider"]["aws"]:
                (default,) = provider["default_tags"]
                assert default["tags"].items() >= expected.items(), part

    check(synthesis)

    def providers(stack: Stack) -> list[Block]:
        return stack.document["provider"]["aws"]

    for part in ("edge", "observability"):
        _notices(
            check, synthesis, part, lambda s: providers(s)[-1].update(default_tags=[{"tags": {}}])
        )
    _notices(
        check, synthesis, "data", lambda s: providers(s)[0]["default_tags"][0]["tags"].pop("Owner")
    )


def test_outputs_include_security_groups_functions_and_nat_addresses(
    synthesis: Synthesis,
) -> None:
    def check(synthesis: Synthesis) -> None:
        exported = {
            reference
            for stack in synthesis.stacks.values()
            for name, output in stack.document["output"].items()
            if not name.startswith("cross-stack-output-")
            for reference in _references(output["value"])
        }
        for stack in synthesis.stacks.values():
            for type_, attribute in (
                ("aws_security_group", "id"),
                ("aws_default_security_group", "id"),
                ("aws_eip", "public_ip"),
                ("aws_lambda_alias", "arn"),
            ):
                names = stack.resources(type_)
                assert exported >= {f"{type_}.{name}.{attribute}" for name in names}
        functions = synthesis.stacks["service"].resources("aws_lambda_function")
        assert exported >= {f"aws_lambda_function.{name}.arn" for name in functions}

    check(synthesis)
    missed: tuple[tuple[Part, str], ...] = (
        ("data", "database_security_group_id"),
        ("service", "function_arn"),
        ("foundation", "nat_public_ips"),
    )
    for part, name in missed:
        _notices(check, synthesis, part, lambda s, n=name: s.document["output"].pop(n))


def _references(value: object) -> set[str]:
    """Return the references in an output's value, however deeply nested."""
    return set(re.findall(r"\$\{([^}]+)\}", json.dumps(value)))


def test_names_stay_unique_when_the_home_region_is_us_east_1(tmp_path: Path) -> None:
    variables = {"PLATFORM__REGION": "us-east-1", "PLATFORM__EDGE__LOG_REGIONS": "[us-east-1]"}
    synthesis = synthesise("local", folder=tmp_path, variables=variables)
    # Their names are unique within a role or a function, not in the account.
    within_another = {
        "aws_iam_role_policy",
        "aws_lambda_alias",
        "aws_lambda_permission",
        "aws_lambda_provisioned_concurrency_config",
    }
    names = [
        (type_, block[argument])
        for stack in synthesis.stacks.values()
        for type_, _, block in stack.all_resources()
        for argument in ("name", "alarm_name", "dashboard_name", "function_name")
        if argument in block and type_ not in within_another
    ]
    assert len(set(names)) == len(names)
