"""Real Terraform checks the provider against the committed lock."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from commands.setup.links import replace_link
from commands.setup.platforms import terraform_platform
from commands.setup.verify import verify_provider
from commands.toolchain import toolchain_environment
from modules.toolchain import COMMITTED_LOCK, PROJECT_TOOLS, SetupError, Tools, pin_provider

pytestmark = pytest.mark.terraform


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Return tools in a path with a space, with the Terraform of this project."""
    tools = Tools(folder=tmp_path / "my project")
    tools.folder.mkdir()
    tools.terraform.symlink_to(PROJECT_TOOLS.terraform)
    tools.plugin_cache.mkdir()
    return tools


@pytest.mark.parametrize("form", ["packed", "unpacked"])
def test_a_tampered_provider_is_refused(tmp_path: Path, tools: Tools, form: str) -> None:
    mirror = tmp_path / "bad mirror"
    folder = mirror / "registry.terraform.io/hashicorp/aws"
    unpacked = folder / "5.100.0" / terraform_platform()
    unpacked.mkdir(parents=True)
    (unpacked / "terraform-provider-aws_v5.100.0_x5").write_bytes(b"tampered")
    if form == "packed":
        name = folder / f"terraform-provider-aws_5.100.0_{terraform_platform()}"
        shutil.make_archive(str(name), "zip", unpacked)
        shutil.rmtree(folder / "5.100.0")
    replace_link(link=tools.provider_mirror, target=mirror)

    with pytest.raises(SetupError, match=r"is not the genuine 5\.100\.0") as raised:
        verify_provider(
            tools=tools, environment=toolchain_environment(base=os.environ, tools=tools)
        )

    assert "\n" not in str(raised.value)
    assert not tools.lock.exists()
    assert not list(tools.folder.glob("verify-*"))


def test_the_provider_of_this_project_is_genuine_and_its_lock_stays(
    tmp_path: Path, tools: Tools
) -> None:
    tools.plugin_cache.rmdir()
    tools.plugin_cache.symlink_to(PROJECT_TOOLS.plugin_cache)
    if PROJECT_TOOLS.provider_mirror.is_symlink():
        mirror = tmp_path / "linked mirror"  # a space in the path must not break any argument
        mirror.symlink_to(PROJECT_TOOLS.provider_mirror.readlink())
        replace_link(link=tools.provider_mirror, target=mirror)
    environment = toolchain_environment(base=os.environ, tools=tools)

    verify_provider(tools=tools, environment=environment)

    locked = tools.lock.read_text(encoding="utf-8")
    assert set(COMMITTED_LOCK.read_text(encoding="utf-8").splitlines()) <= set(locked.splitlines())

    stack = tmp_path / "stack"
    stack.mkdir()
    (stack / "main.tf.json").write_text(
        '{"terraform": {"required_providers": {"aws": {"source": "aws", "version": "5.100.0"}}}}',
        encoding="utf-8",
    )
    for _ in range(2):  # every synthesis prepares the folder again
        pin_provider(folder=stack, tools=tools)
    for command in (
        ["init", "-input=false", "-no-color"],
        ["providers", "lock", f"-platform={terraform_platform()}"],
        ["validate", "-no-color"],
    ):
        done = subprocess.run(
            [tools.terraform, *command],
            cwd=stack,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert "Warning" not in done.stdout + done.stderr
    assert (stack / ".terraform.lock.hcl").read_text(encoding="utf-8") == locked
