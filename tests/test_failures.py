"""The failures this platform answers, one test each: whoever brings one back fails here."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from commands.setup.layout import ROOT
from tests.synthesis import Synthesis


def test_failure_1_deployment_and_stage_are_separate(synthesis: Synthesis) -> None:
    service = synthesis.stacks["service"]
    deployment = service.only("aws_api_gateway_deployment")
    stage = service.only("aws_api_gateway_stage")
    assert "stage_name" not in deployment
    assert stage["stage_name"] == synthesis.settings.api.stage_name == "prod"
    assert stage["deployment_id"] == service.reference("aws_api_gateway_deployment", "id")
    assert deployment["lifecycle"]["create_before_destroy"] is True
    # It comes after everything it pictures, and every part of that is in its trigger.
    for type_ in ("resource", "method", "integration"):
        for name, part in service.resources(f"aws_api_gateway_{type_}").items():
            assert f"aws_api_gateway_{type_}.{name}" in deployment["depends_on"]
            assert all(f'"{word}"' in deployment["triggers"]["api"] for word in (name, *part))


def test_failure_2_a_resource_nobody_uses_is_refused(tmp_path: Path) -> None:
    unused = tmp_path / "unused.py"
    unused.write_text(
        '"""A construct."""\n\n\ndef build(scope: object) -> None:\n'
        '    """Builds."""\n    bucket = str(scope)\n'
    )
    assert "F841" in _lint(unused)
    assert _lint(ROOT) == "All checks passed!\n"


def _lint(path: Path) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(
        [*command, path], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout


def test_failure_3_the_function_runs_an_image(synthesis: Synthesis) -> None:
    function = synthesis.stacks["service"].only("aws_lambda_function")
    repository = synthesis.stacks["foundation"].only("aws_ecr_repository")
    assert function["package_type"] == "Image"
    assert function["architectures"] == ["arm64"]
    assert not {"runtime", "handler", "filename", "s3_bucket"} & function.keys()
    (image,) = synthesis.stacks["service"].document["data"]["aws_ecr_image"]
    assert function["image_uri"] == f"${{data.aws_ecr_image.{image}.image_uri}}"
    assert repository["image_tag_mutability"] == "IMMUTABLE"
    assert repository["image_scanning_configuration"]["scan_on_push"] is True


def test_failure_4_no_provider_is_made_on_the_side(synthesis: Synthesis) -> None:
    for part, stack in synthesis.stacks.items():
        (provider,) = stack.document["provider"]["aws"]
        assert "alias" not in provider
        assert provider["region"] == synthesis.settings.region
        strays = [name for _, name, block in stack.all_resources() if "provider" in block]
        assert strays == [], part


def test_failure_5_scaling_comes_with_provisioned_concurrency_or_not_at_all(
    synthesis: Synthesis,
) -> None:
    service = synthesis.stacks["service"]
    function = service.only("aws_lambda_function")
    alias = service.only("aws_lambda_alias")
    assert function["publish"] is True
    assert function["reserved_concurrent_executions"] >= 1
    assert alias["function_version"] == service.reference("aws_lambda_function", "version")
    wanted = synthesis.settings.function.provisioned_concurrency
    types = (
        "aws_lambda_provisioned_concurrency_config",
        "aws_appautoscaling_target",
        "aws_appautoscaling_policy",
    )
    assert [len(service.resources(type_)) for type_ in types] == ([1] * 3 if wanted else [0] * 3)
    schedules = service.resources("aws_appautoscaling_scheduled_action")
    assert len(schedules) == (len(wanted.schedules) if wanted else 0)
    if wanted is None:
        return
    config, target, policy = (service.only(type_) for type_ in types)
    assert config["qualifier"] == service.reference("aws_lambda_alias", "name")
    assert config["lifecycle"]["ignore_changes"] == ["provisioned_concurrent_executions"]
    assert target["scalable_dimension"] == "lambda:function:ProvisionedConcurrency"
    assert target["resource_id"] == "function:{}:{}".format(
        service.reference("aws_lambda_function", "function_name"),
        service.reference("aws_lambda_alias", "name"),
    )
    (config_name,) = service.resources(types[0])
    assert target["depends_on"] == [f"{types[0]}.{config_name}"]
    tracking = policy["target_tracking_scaling_policy_configuration"]
    assert tracking["target_value"] == wanted.target_utilization
    assert (
        tracking["predefined_metric_specification"]["predefined_metric_type"]
        == "LambdaProvisionedConcurrencyUtilization"
    )
    for follower in (policy, *schedules.values()):
        for key in ("service_namespace", "resource_id", "scalable_dimension"):
            assert follower[key] == service.reference("aws_appautoscaling_target", key)


def test_failure_7_logs_move_to_cheaper_storage_before_they_go(synthesis: Synthesis) -> None:
    foundation = synthesis.stacks["foundation"]
    settings = synthesis.settings.log_archive
    (rule,) = foundation.only("aws_s3_bucket_lifecycle_configuration")["rule"]
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


def test_failure_9_every_provider_tags_everything(synthesis: Synthesis) -> None:
    settings = synthesis.settings
    for part, stack in synthesis.stacks.items():
        for provider in stack.document["provider"]["aws"]:
            (default,) = provider["default_tags"]
            assert (
                default["tags"].items()
                >= {
                    "Project": settings.project,
                    "ManagedBy": "cdktf",
                    "Environment": settings.environment,
                    "CostCenter": settings.tags.cost_center,
                    "Owner": settings.tags.owner,
                }.items()
            ), part


def test_failure_10_outputs_tell_what_tests_operators_and_auditors_need(
    synthesis: Synthesis,
) -> None:
    exported = {
        reference
        for stack in synthesis.stacks.values()
        for name, output in stack.document["output"].items()
        if not name.startswith("cross-stack-output-")
        for reference in _references(output["value"])
    }
    groups = [
        f"{type_}.{name}.id"
        for stack in synthesis.stacks.values()
        for type_ in ("aws_security_group", "aws_default_security_group")
        for name in stack.resources(type_)
    ]
    assert groups
    assert exported >= set(groups)
    service, foundation = synthesis.stacks["service"], synthesis.stacks["foundation"]
    (function,), (alias,) = (
        service.resources(type_) for type_ in ("aws_lambda_function", "aws_lambda_alias")
    )
    assert {f"aws_lambda_function.{function}.arn", f"aws_lambda_alias.{alias}.arn"} <= exported
    addresses = {f"aws_eip.{name}.public_ip" for name in foundation.resources("aws_eip")}
    assert addresses
    assert addresses <= exported


def _references(value: object) -> set[str]:
    """References in an output's value, however deep."""
    return set(re.findall(r"\$\{([^}]+)\}", json.dumps(value)))
