"""Plans of the real Terraform and the real provider from one configuration to another, without AWS.

The state is made from the plan of the first configuration: what AWS would choose stays empty, but
for the ids and ARNs that others refer to.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modules.toolchain import pin_provider
from tests.review.terraform_fixtures import OFFLINE
from tests.terraform.terraform_runs import attempt_terraform, run_terraform

Block = dict[str, Any]

SCRATCH = ("-input=false", "-lock=false", "-refresh=false")

EMPTY: Block = {"tags_all": {}, "availability_zones": ["a", "b", "c"]}
"""What AWS answers for arguments whose absence would show as a change."""


class Project:
    """A folder with a configuration and a state."""

    def __init__(self, folder: Path, *, with_aws: bool = True) -> None:
        self.folder = folder
        self.with_aws = with_aws

    def deploy(self, configuration: Block) -> None:
        """Write the state that a configuration would have; without AWS, deploy it."""
        self._write(configuration)
        if self.with_aws:
            pin_provider(folder=self.folder)
        run_terraform("init", "-input=false", "-no-color", folder=self.folder)
        if not self.with_aws:
            run_terraform("apply", "-auto-approve", "-no-color", folder=self.folder)
            return
        document = self.plan(configuration)
        resources = list(_state_resources(document))
        outputs = document["planned_values"].get("outputs", {})
        state: Block = {
            "version": 4,
            "terraform_version": document["terraform_version"],
            "serial": 1,
            "lineage": "6d6b1c4e-0000-4000-8000-000000000000",
            "outputs": {
                name: {"value": each.get("value", "later"), "type": "string"}
                for name, each in outputs.items()
            },
            "resources": resources,
        }
        (self.folder / "terraform.tfstate").write_text(json.dumps(state))

    def plan(self, configuration: Block, *arguments: str) -> Block:
        """Return the plan of a configuration, also one that ends with an error."""
        self._write(configuration)
        plan = self.folder / "plan"
        plan.unlink(missing_ok=True)
        result = attempt_terraform("plan", *SCRATCH, f"-out={plan}", *arguments, folder=self.folder)
        assert plan.exists(), result.stdout + result.stderr
        return json.loads(run_terraform("show", "-json", "plan", folder=self.folder))

    def edit_state(self, address: str, **changes: object) -> None:
        """Change an instance in the state, such as its status or its attributes."""
        file = self.folder / "terraform.tfstate"
        state = json.loads(file.read_text())
        for resource in state["resources"]:
            if f"{resource['type']}.{resource['name']}" == address:
                resource["instances"][0].update(changes)
        file.write_text(json.dumps(state))

    def add_deposed(self, address: str) -> None:
        """Leave an old object of a resource behind, as a replacement that broke off does."""
        file = self.folder / "terraform.tfstate"
        state = json.loads(file.read_text())
        for resource in state["resources"]:
            if f"{resource['type']}.{resource['name']}" == address:
                resource["instances"].append({**resource["instances"][0], "deposed": "0a1b2c3d"})
        file.write_text(json.dumps(state))

    def _write(self, configuration: Block) -> None:
        body = dict(configuration)
        if self.with_aws:
            source = {"aws": {"source": "hashicorp/aws"}}
            body.setdefault("terraform", {"required_providers": source})
            body["provider"] = {"aws": {"region": "eu-west-1", **OFFLINE}}
        (self.folder / "main.tf.json").write_text(json.dumps(body))


def _state_resources(document: Block) -> Iterator[Block]:
    unknown: dict[str, Block] = {
        each["address"]: each["change"].get("after_unknown") or {}
        for each in document.get("resource_changes", [])
    }
    written: dict[str, Block] = {
        each["address"]: each.get("expressions", {})
        for each in document["configuration"]["root_module"].get("resources", [])
    }
    for module, resource in _planned(document["planned_values"]["root_module"]):
        address = resource["address"]
        values = dict(resource["values"])
        for name, is_hidden in unknown.get(address, {}).items():
            references = written.get(address, {}).get(name, {}).get("references", [])
            if is_hidden is not True:
                continue
            if references:
                target, _, attribute = references[0].rpartition(".")
                values[name] = f"{attribute}-of-{target}"
            elif name in {"id", "arn"}:
                values[name] = f"{name}-of-{address}"
            elif name in EMPTY:
                values[name] = EMPTY[name]
        index = {"index_key": resource["index"]} if "index" in resource else {}
        yield {
            **({"module": module} if module else {}),
            "mode": resource["mode"],
            "type": resource["type"],
            "name": resource["name"],
            "provider": f'provider["{resource["provider_name"]}"]',
            "instances": [
                {"schema_version": resource["schema_version"], "attributes": values, **index}
            ],
        }


def _planned(module: Block) -> Iterator[tuple[str, Block]]:
    for each in module.get("resources", []):
        if each["mode"] == "managed":
            yield module.get("address", ""), each
    for child in module.get("child_modules", []):
        yield from _planned(child)
