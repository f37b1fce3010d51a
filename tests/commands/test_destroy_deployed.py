"""`make destroy` removes what is deployed, whatever the code in the folder would deploy.

The stacks are small ones of the same form, applied by the real Terraform to the embedded AWS.
"""

import json
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands import destroy
from commands.shared import terraform
from local_aws import control
from local_aws.access.credentials import PROFILE, read_credentials
from local_aws.inventory import list_resources
from modules.settings import PARTS, Part, Settings, load_settings
from modules.toolchain import pin_provider
from tests.ports import free_port
from tests.synthesis import Block
from tests.terraform.terraform_runs import attempt_terraform

pytestmark = [pytest.mark.terraform, pytest.mark.local_aws, pytest.mark.slow]

HOME, OTHER = "eu-west-1", "us-west-2"
LOOKUP = {
    "aws_ecr_image": {
        "image": {"repository_name": "shop", "image_tag": "of-an-edited-container"},
    }
}
"""What a deployment of another version of the code looks up, in vain."""


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """Folders of synthesised stacks, their state, and the embedded AWS."""

    folder: Path
    server: control.Server
    settings: Settings

    def write(self, part: Part, *regions: str, resources: Block, data: Block | None = None) -> None:
        """Write the Terraform JSON of a stack, with an aliased provider for each other region."""
        folder = self.stack(part)
        folder.mkdir(parents=True, exist_ok=True)
        state = self.folder / "state" / f"{part}.tfstate"
        document: Block = {
            "//": {},
            "terraform": {
                "required_providers": {"aws": {"source": "aws", "version": "5.100.0"}},
                "backend": {"local": {"path": str(state)}},
            },
            "provider": {"aws": [self._provider(HOME), *map(self._aliased, regions)]},
        }
        document |= {"resource": resources} if resources else {}
        document |= {"data": data} if data else {}
        (folder / destroy.STACK_FILE).write_text(json.dumps(document))
        pin_provider(folder=folder)

    def stack(self, part: Part) -> Path:
        """Return the folder of a stack."""
        return terraform.stack_folder(part, settings=self.settings)

    def terraform(self, part: Part, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Terraform in the folder of a stack."""
        return attempt_terraform(*arguments, "-no-color", folder=self.stack(part))

    def apply(self, part: Part) -> None:
        """Deploy a stack."""
        for arguments in (["init", "-input=false"], ["apply", "-auto-approve"]):
            result = self.terraform(part, *arguments)
            assert result.returncode == 0, result.stdout + result.stderr

    def list_resources(self) -> list[str]:
        """Return all resources that exist."""
        own = read_credentials(self.server.credentials_file)
        return list_resources(url=self.server.url, credentials=own, regions=(HOME, OTHER))

    def _provider(self, region: str) -> Block:
        services = ("ecr", "sns", "sts")
        return {
            "region": region,
            "shared_credentials_files": [str(self.server.credentials_file)],
            "profile": PROFILE,
            "skip_credentials_validation": True,
            "skip_metadata_api_check": "true",
            "endpoints": [dict.fromkeys(services, self.server.url)],
        }

    def _aliased(self, region: str) -> Block:
        return self._provider(region) | {"alias": region}


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Stacks]:
    server = control.start(port=free_port(), folder=tmp_path / "local-aws")
    settings = load_settings(environment="local", variables={}).settings
    monkeypatch.setattr(terraform, "STACKS_FOLDER", tmp_path / "stacks")
    made = Stacks(folder=tmp_path, server=server, settings=settings)

    def nothing(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(destroy, "ensure_local_aws", nothing)
    monkeypatch.setattr(destroy, "synthesise", nothing)
    yield made
    control.stop(folder=tmp_path / "local-aws")


def test_lookups_and_missing_stacks_do_not_keep_a_deployment_from_being_destroyed(
    stacks: Stacks,
) -> None:
    repository = {"aws_ecr_repository": {"images": {"name": "shop", "force_delete": True}}}
    topics = {
        "aws_sns_topic": {
            "home": {"name": "alarms"},
            "other": {"name": "alarms", "provider": f"aws.{OTHER}"},
        }
    }
    stacks.write("foundation", resources=repository)
    stacks.apply("foundation")
    stacks.write("service", OTHER, resources=topics)
    stacks.apply("service")
    # Other code: one stack looks an image up, has no provider of the other region and lacks what is
    # deployed. The others were never deployed and never initialised.
    stacks.write("service", resources={}, data=LOOKUP)
    for part in PARTS:
        if part not in {"foundation", "service"}:
            stacks.write(part, resources=topics | {"aws_sns_topic": {"new": {"name": part}}})
    refused = stacks.terraform("service", "destroy", "-auto-approve")
    assert refused.returncode != 0
    assert stacks.list_resources()

    destroy.destroy(settings=stacks.settings)

    assert stacks.list_resources() == []
