"""Real Terraform with the real provider accepts what is synthesised."""

import json
import shutil
from pathlib import Path

import pytest

from modules.settings import PARTS
from modules.toolchain import pin_provider
from review.changes.knowledge.data import STORES
from tests.synthesis import Block, Synthesis
from tests.terraform.terraform_runs import run_terraform

pytestmark = pytest.mark.terraform


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the provider installed, which every stack can use."""
    folder = tmp_path_factory.mktemp("initialised")
    provider = {"aws": {"source": "aws", "version": "5.100.0"}}
    configuration = {"terraform": {"required_providers": provider}}
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    pin_provider(folder=folder)
    run_terraform("init", "-input=false", "-no-color", folder=folder)
    return folder


@pytest.fixture(scope="module")
def resource_schemas(initialised: Path) -> dict[str, Block]:
    """Return the attributes of every resource type, as the provider itself describes them."""
    schemas = json.loads(run_terraform("providers", "schema", "-json", folder=initialised))
    (provider_schema,) = schemas["provider_schemas"].values()
    return {
        type_: schema["block"]["attributes"]
        for type_, schema in provider_schema["resource_schemas"].items()
    }


def test_every_stack_is_valid_without_a_warning(synthesis: Synthesis, initialised: Path) -> None:
    for part in PARTS:
        folder = synthesis.folder / "stacks" / synthesis.settings.stack_id(part)
        pin_provider(folder=folder)
        shutil.copytree(initialised / ".terraform", folder / ".terraform", symlinks=True)
        verdict = json.loads(run_terraform("validate", "-json", folder=folder))
        assert verdict["diagnostics"] == []
        assert verdict["valid"] is True


def test_every_resource_that_can_be_tagged_gets_its_providers_tags(
    synthesis: Synthesis, resource_schemas: dict[str, Block]
) -> None:
    """The provider itself decides which types take tags, and default tags with them."""
    taggable = 0
    for part, stack in synthesis.stacks.items():
        tags = {
            f"aws.{provider['alias']}" if "alias" in provider else "aws": provider["default_tags"]
            for provider in stack.document["provider"]["aws"]
        }
        for type_, name, block in stack.all_resources():
            if type_ == "terraform_data" or "tags" not in resource_schemas[type_]:
                continue
            taggable += 1
            assert "tags_all" in resource_schemas[type_], f"{type_} takes no default tags"
            (default,) = tags[block.get("provider", "aws")]
            wanted = {"Project", "ManagedBy", "Environment", "CostCenter", "Owner"}
            assert default["tags"].keys() >= wanted, f"{part} {type_}.{name}"
            assert not wanted & block.get("tags", {}).keys(), f"{part} {type_}.{name}"
    assert taggable > 50


def test_reviews_know_what_the_provider_calls_what_holds_data(
    resource_schemas: dict[str, Block],
) -> None:
    """A misspelt type or argument would find nothing, and say so to nobody."""
    for type_, store in STORES.items():
        named = {store.skips_snapshot, store.snapshot, store.forces, store.refuses, store.keeps,
                 store.waits} - {""}  # fmt: skip
        assert named <= resource_schemas[type_].keys(), type_
