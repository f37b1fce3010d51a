"""What the real Terraform says about the fixtures of all rules, in one run for all of them.

Each good and each bad example is a module of one configuration. So Terraform and its provider start
once, and the plan shows how modules and the providers that are passed to them look.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modules.toolchain import pin_provider
from review.terraform.shapes import bodies
from tests.review.fixtures import Fixture
from tests.terraform.terraform_runs import attempt_terraform, run_terraform

Block = dict[str, Any]

OFFLINE = {
    "access_key": "offline",
    "secret_key": "offline",
    "max_retries": 1,
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}
"""Settings with which the provider plans without AWS."""

UNKNOWN = "${terraform_data.given.id}"
"""The value of a variable without a default: one that is known after apply."""

ROUNDS = 5
"""How often `validate` is asked at most: an error of syntax hides those of the provider."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What Terraform says about one example."""

    errors: dict[str, list[str]]
    """What `validate` and `plan` say against it, by the command."""

    document: Block | None
    """Its part of the plan, as `terraform show -json` prints it; nothing if it is refused."""

    def accepts(self, command: str) -> bool:
        """Return whether a command says nothing against it."""
        return not self.errors.get(command)


@dataclass(kw_only=True)
class _Run:
    folder: Path
    errors: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    """What was said about each module, by the command."""

    def note(self, command: str, diagnostics: Iterable[Mapping[str, Any]]) -> None:
        """Attribute errors to the modules that they are about."""
        for each in diagnostics:
            if each["severity"] == "error":
                found = _module_of(each)
                text = f"{each['summary']} {each.get('detail', '')}"
                assert found, f"{command} fails for no single example: {text}"
                self.errors[found][command].append(text)


def measure(fixtures: Mapping[str, Fixture], *, folder: Path) -> dict[tuple[str, str], Verdict]:
    """Validate and plan every example.

    Args:
        fixtures: The fixtures by rule.
        folder: An empty folder.

    Returns:
        For each rule and `good` or `bad`, what Terraform says.
    """
    run = _Run(folder=folder)
    modules = {
        f"{kind}-{fixture.rule}": document
        for fixture in fixtures.values()
        for kind, document in (("good", fixture.good), ("bad", fixture.bad))
    }
    _write(modules, folder=folder)
    pin_provider(folder=folder)
    run_terraform("init", "-input=false", "-no-color", folder=folder)
    for _ in range(ROUNDS):
        before = len(run.errors)
        run.note("validate", _validate(folder))
        if len(run.errors) == before:
            break
        _write(
            {name: each for name, each in modules.items() if name not in run.errors}, folder=folder
        )
        run_terraform("init", "-input=false", "-no-color", folder=folder)
    run.note("plan", _plan(folder))
    plans = _split(json.loads(run_terraform("show", "-json", "plan", folder=folder)))
    return {
        (fixture.rule, kind): Verdict(
            # What `validate` refuses is not planned: `plan` validates too.
            errors={"plan": said.get("validate", []), **said},
            document=plans.get(name) if not said else None,
        )
        for fixture in fixtures.values()
        for kind in ("good", "bad")
        for name in (f"{kind}-{fixture.rule}",)
        for said in (run.errors.get(name, {}),)
    }


def _validate(folder: Path) -> list[Block]:
    answer = json.loads(attempt_terraform("validate", "-json", folder=folder).stdout)
    return answer["diagnostics"]


def _plan(folder: Path) -> Iterator[Block]:
    """Plan, also if some examples are refused: Terraform plans the others all the same."""
    arguments = ("-json", "-input=false", "-lock=false", "-refresh=false", "-out=plan")
    printed = attempt_terraform("plan", *arguments, folder=folder).stdout
    for line in printed.splitlines():
        if diagnostic := json.loads(line).get("diagnostic"):
            yield diagnostic


def _module_of(diagnostic: Mapping[str, Any]) -> str:
    """Return the module that a diagnostic is about: from its address, or from its file."""
    address = diagnostic.get("address", "")
    if address.startswith("module."):
        return address.split(".")[1]
    parts = diagnostic.get("range", {}).get("filename", "").split("/")
    return parts[1] if len(parts) > 2 else ""


def _write(modules: Mapping[str, Block], *, folder: Path) -> None:
    """Write each example as a module, and a root that calls them all.

    The root has the providers, one of each kind that occurs, because each is a process of its own.
    """
    providers: dict[str, Block] = {}
    calls: Block = {}
    for name, document in modules.items():
        passed: dict[str, str] = {}
        for written in _providers(document):
            alias = written.pop("alias", "")
            configuration = {**written, **OFFLINE}
            key = json.dumps(configuration, sort_keys=True)
            own = providers.setdefault(key, {"alias": f"p{len(providers)}", **configuration})
            passed[f"aws.{alias}" if alias else "aws"] = f"aws.{own['alias']}"
        aliases = [each for each in passed if each != "aws"]
        body = {key: each for key, each in document.items() if key != "provider"}
        source = {"source": "hashicorp/aws", "configuration_aliases": aliases}
        body["terraform"] = [{"required_providers": {"aws": source}}]
        target = folder / "examples" / name / "main.tf.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(body, indent=2))
        given = {
            variable: UNKNOWN
            for variable, body in document.get("variable", {}).items()
            if "default" not in body
        }
        calls[name] = {"source": f"./examples/{name}", "providers": passed, **given}
    root: Block = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
        "provider": {"aws": list(providers.values())},
        "resource": {"terraform_data": {"given": {}}},
        "module": calls,
    }
    (folder / "main.tf.json").write_text(json.dumps(root, indent=2))


def _providers(document: Block) -> list[Block]:
    """Return copies of the configurations of the AWS provider, a default one among them."""
    found = [dict(each) for each in bodies(document.get("provider", {}).get("aws"))]
    has_default = any("alias" not in each for each in found)
    return found if has_default else [{"region": "eu-west-1"}, *found]


def _split(plan: Block) -> dict[str, Block]:
    """Return a plan for each module: what Terraform would print if it were the only one."""
    changes: dict[str, list[Block]] = defaultdict(list)
    for change in plan["resource_changes"]:
        if module := change.get("module_address"):
            changes[module.split(".")[1]].append(change)
    prior = plan.get("prior_state", {}).get("values", {}).get("root_module", {})
    states: dict[str, list[Block]] = defaultdict(list)
    for child in prior.get("child_modules", []):
        states[child["address"].split(".")[1]].append(child)
    calls = plan["configuration"]["root_module"]["module_calls"]
    return {
        name: {
            "format_version": plan["format_version"],
            "planned_values": {},
            "resource_changes": changes[name],
            "prior_state": {"values": {"root_module": {"child_modules": states[name]}}},
            "configuration": {
                "provider_config": plan["configuration"]["provider_config"],
                "root_module": {"module_calls": {name: call}},
            },
        }
        for name, call in calls.items()
    }
