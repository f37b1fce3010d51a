"""The real provider signs with the key in the local AWS's credentials file."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.toolchain import toolchain_environment
from local_aws import control
from modules.bindings import without_activation
from modules.toolchain import pin_provider
from tests.ports import free_port
from tests.synthesis import Block, Synthesis, synthesise

pytestmark = [pytest.mark.terraform, pytest.mark.local_aws]

OTHER_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "AKIAOTHEROTHEROTHERO",
    "AWS_SECRET_ACCESS_KEY": "of another account",
    "AWS_SESSION_TOKEN": "of another account",
    "AWS_PROFILE": "another",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder whose `.local-aws` is a running server's."""
    folder = tmp_path_factory.mktemp("project")
    yield folder
    control.stop(folder=folder / ".local-aws")


@pytest.fixture(scope="module")
def stack_folder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a stack's folder with the synthesised provider, and a question for AWS."""
    port = free_port()
    local: Synthesis = synthesise(
        "local",
        folder=tmp_path_factory.mktemp("synth"),
        variables={"LOCAL_AWS_PORT": str(port)},
    )
    provider: Block = local.stacks["foundation"].document["provider"]["aws"][0]
    folder = project / "cdktf.out" / "stacks" / "caller"
    folder.mkdir(parents=True)
    configuration: Block = {
        "terraform": {"required_providers": {"aws": {"source": "aws", "version": "5.100.0"}}},
        "provider": {"aws": provider},
        "data": {"aws_caller_identity": {"caller": {}}},
        "output": {"account": {"value": "${data.aws_caller_identity.caller.account_id}"}},
    }
    (folder / "main.tf.json").write_text(json.dumps(configuration))
    pin_provider(folder=folder)
    control.start(port=port, folder=project / ".local-aws")
    _terraform("init", "-input=false", folder=folder)
    return folder


def _terraform(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = toolchain_environment(base=without_activation(base=os.environ)) | OTHER_ACCOUNT
    return subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *arguments, "-no-color"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_has_precedence_over_the_users_account(stack_folder: Path) -> None:
    applied = _terraform("apply", "-auto-approve", folder=stack_folder)
    assert 'account = "123456789012"' in applied.stdout, applied.stderr


def test_terraform_is_refused_without_the_key(stack_folder: Path, project: Path) -> None:
    file = project / ".local-aws" / "credentials"
    file.write_text(
        "[local-aws]\naws_access_key_id = AKIAOTHEROTHEROTHERO\naws_secret_access_key = s\n"
    )
    refused = _terraform("plan", "-refresh=true", folder=stack_folder)
    assert refused.returncode == 1
    assert "InvalidClientTokenId" in refused.stderr
