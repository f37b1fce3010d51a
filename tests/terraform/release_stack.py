"""The API's function with its alias and scaling, cut out of the service stack and applied for real.

The blocks are those that are synthesised. Only what they refer to outside of this part is replaced:
the network, the database, the image and the role.
"""

import json
import re
import subprocess
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_aws import control
from modules.toolchain import pin_provider
from tests.local_aws.deployed_functions import MAY_LOG, DeployedFunctions
from tests.synthesis import API_FUNCTION, Block, Stack
from tests.terraform.terraform_runs import attempt_terraform

NAME = "shop"
"""Name of the function."""

TYPES = (
    "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action",
    "aws_appautoscaling_target",
    "aws_lambda_alias",
    "aws_lambda_function",
    "aws_lambda_invocation",
    "aws_lambda_provisioned_concurrency_config",
)
_ELSEWHERE = (
    "environment", "image_config", "kms_key_arn", "logging_config", "tags", "tracing_config",
    "vpc_config",
)  # fmt: skip
"""Arguments of the function that refer to other parts of the stack."""

_STEP = re.compile(
    r"^(?P<address>aws_\w+\.[\w-]+)(?P<deposed> \(deposed object \w+\))?: "
    r"(?P<verb>Creating|Destroying|Modifying)\.\.\.",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What `terraform apply` did."""

    succeeded: bool
    output: str

    @property
    def steps(self) -> list[str]:
        """Verb and type of each change, in the order in which Terraform began them."""
        return [
            f"{step['verb']} {step['address'].partition('.')[0].removeprefix('aws_')}"
            for step in _STEP.finditer(self.output)
        ]


@dataclass(kw_only=True)
class ReleaseStack:
    """A folder with the part of the service stack, and the embedded AWS it is applied to."""

    folder: Path
    server: control.Server
    deployed: DeployedFunctions = field(init=False)
    role: str = field(init=False)
    _images: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """Create the role of the function."""
        self.deployed = DeployedFunctions(server=self.server)
        self.role = self.deployed.role(MAY_LOG)

    def write(self, service: Stack, *, code: str, resources: Block | None = None) -> None:
        """Write the configuration of a release with this code.

        Args:
            service: The synthesised service stack.
            resources: Blocks by type and name that replace those of the service stack.
        """
        document: Block = {
            "terraform": {
                "required_providers": service.document["terraform"]["required_providers"]
            },
            "provider": {"aws": [self._provider(service)]},
            "resource": resources or cut_out(service),
        }
        if resources is None:
            document["removed"] = service.document["removed"]
        if code not in self._images:
            self._images[code] = self.deployed.publish(NAME, code)
        for function in document["resource"]["aws_lambda_function"].values():
            function |= {
                "function_name": NAME,
                "image_uri": self._images[code],
                "role": self.role,
            }
        (self.folder / "cdk.tf.json").write_text(json.dumps(document))
        if not (self.folder / ".terraform").exists():
            pin_provider(folder=self.folder)
            result = self._terraform("init", "-input=false")
            assert result.returncode == 0, result.stdout + result.stderr

    def apply(self) -> Applied:
        """Run `terraform apply`."""
        result = self._terraform("apply", "-auto-approve", "-input=false")
        return Applied(succeeded=result.returncode == 0, output=result.stdout + result.stderr)

    def is_settled(self) -> bool:
        """Return whether a plan is empty."""
        code = self._terraform("plan", "-detailed-exitcode", "-input=false").returncode
        assert code in {0, 2}
        return code == 0

    def destroy(self) -> None:
        """Destroy everything."""
        result = self._terraform("destroy", "-auto-approve", "-input=false")
        assert result.returncode == 0, result.stdout + result.stderr

    def invoke(self) -> Any:  # noqa: ANN401  # the function's answer
        """Return what the alias answers."""
        return self.deployed.invoke(NAME, qualifier="live").payload

    def provisioned(self) -> Mapping[str, str]:
        """Return the status of each provisioned concurrency, by version or alias."""
        found = self.deployed.functions.list_provisioned_concurrency_configs(FunctionName=NAME)
        return {
            config.get("FunctionArn", "").rpartition(":")[2]: config.get("Status", "")
            for config in found["ProvisionedConcurrencyConfigs"]
        }

    def targets(self) -> dict[str, tuple[int, int]]:
        """Return the bounds of each scalable target, by version or alias."""
        scaling = self.deployed.client("application-autoscaling")
        found = scaling.describe_scalable_targets(ServiceNamespace="lambda")["ScalableTargets"]
        return {
            target["ResourceId"].rpartition(":")[2]: (target["MinCapacity"], target["MaxCapacity"])
            for target in found
        }

    def scheduled(self) -> list[str]:
        """Return the names of the scheduled actions."""
        scaling = self.deployed.client("application-autoscaling")
        found = scaling.describe_scheduled_actions(ServiceNamespace="lambda")["ScheduledActions"]
        return sorted(action["ScheduledActionName"] for action in found)

    def _provider(self, service: Stack) -> Block:
        (provider,) = (
            dict(block) for block in service.document["provider"]["aws"] if "alias" not in block
        )
        (endpoints,) = provider["endpoints"]
        return provider | {
            "endpoints": [dict.fromkeys(endpoints, self.server.url)],
            "shared_credentials_files": [str(self.server.credentials_file)],
        }

    def _terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return attempt_terraform(*arguments, "-no-color", folder=self.folder)


def cut_out(service: Stack) -> Block:
    """Return the blocks of the API's function, by type and name."""
    cut: Block = {
        type_: {
            name: deepcopy(block)
            for name, block in service.resources(type_).items()
            if name.startswith(API_FUNCTION)
        }
        for type_ in TYPES
    }
    kept = {f"{type_}.{name}" for type_, blocks in cut.items() for name in blocks}
    for blocks in cut.values():
        for block in blocks.values():
            block["depends_on"] = [each for each in block.get("depends_on", []) if each in kept]
    for function in cut["aws_lambda_function"].values():
        for argument in _ELSEWHERE:
            function.pop(argument, None)
    return {type_: blocks for type_, blocks in cut.items() if blocks}


def as_version_0_1_0(service: Stack) -> Block:
    """Return the blocks in the form of version 0.1.0: the scaling is on the alias, unchained."""
    blocks = cut_out(service)
    del blocks["aws_lambda_invocation"]
    (function,) = blocks["aws_lambda_function"]
    ((alias, alias_block),) = blocks["aws_lambda_alias"].items()
    alias_block["depends_on"] = []
    qualifier = f"${{aws_lambda_alias.{alias}.name}}"
    name = f"${{aws_lambda_function.{function}.function_name}}"
    config, target = (
        "provisioned-concurrency_config_31692AD6",
        "provisioned-concurrency_target_CBE47878",
    )
    forgotten = [entry["from"].partition(".")[2] for entry in service.document["removed"]]
    for type_ in TYPES:
        if type_.startswith("aws_appautoscaling") or "provisioned" in type_:
            for block in blocks[type_].values():
                block["lifecycle"].pop("create_before_destroy")
                block["depends_on"] = []
    (config_block,) = blocks["aws_lambda_provisioned_concurrency_config"].values()
    (target_block,) = blocks["aws_appautoscaling_target"].values()
    config_block["qualifier"] = qualifier
    target_block |= {
        "resource_id": f"function:{name}:{qualifier}",
        "depends_on": [f"aws_lambda_provisioned_concurrency_config.{config}"],
    }
    followers = {
        type_: {
            next(each for each in forgotten if each.startswith(_old_name(name))): block
            | {
                key: f"${{aws_appautoscaling_target.{target}.{key}}}"
                for key in ("resource_id", "scalable_dimension", "service_namespace")
            }
            for name, block in blocks[type_].items()
        }
        for type_ in ("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")
    }
    return (
        blocks
        | followers
        | {
            "aws_lambda_provisioned_concurrency_config": {config: config_block},
            "aws_appautoscaling_target": {target: target_block},
        }
    )


def _old_name(new: str) -> str:
    return new.removeprefix(f"{API_FUNCTION}_").rpartition("_")[0] + "_"
