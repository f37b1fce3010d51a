"""The environment of child processes, and the folders in which they run."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from commands.setup.links import replace_link
from commands.toolchain import toolchain_environment
from modules.toolchain import PROJECT_TOOLS, ROOT, SetupError, Tools, pin_provider


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Return tools with an installed Terraform and a mirror, in paths with spaces."""
    tools = Tools(folder=tmp_path / "my tools")
    tools.folder.mkdir()
    tools.terraform.symlink_to(os.devnull)
    tools.lock.write_text("locked", encoding="utf-8")
    (tmp_path / "my mirror").mkdir()
    replace_link(link=tools.provider_mirror, target=tmp_path / "my mirror")
    return tools


def test_child_processes_find_the_projects_own_tools_first(tmp_path: Path, tools: Tools) -> None:
    base = {"PATH": "/usr/bin", "HOME": str(tmp_path), "AWS_PROFILE": "mine"}

    environment = toolchain_environment(base=base, tools=tools)

    *own, rest = environment["PATH"].split(os.pathsep)
    assert own[0] == str(ROOT / "node_modules/.bin")
    assert own[-1] == str(ROOT / ".venv/bin")
    # Node.js itself comes first, not its wrapper in Python.
    node = shutil.which("node", path=environment["PATH"])
    assert node is not None
    assert Path(node).read_bytes()[:2] != b"#!"
    assert rest == "/usr/bin"
    assert environment["TERRAFORM_BINARY_NAME"] == str(tools.terraform)
    assert environment["TF_PLUGIN_CACHE_DIR"] == str(tools.plugin_cache)
    assert shlex.split(environment["TF_CLI_ARGS_providers_lock"]) == [
        f"-fs-mirror={tmp_path / 'my mirror'}"
    ]
    assert environment["AWS_PROFILE"] == "mine"


def test_the_users_terraform_settings_are_kept(tmp_path: Path, tools: Tools) -> None:
    config = tmp_path / "mine.tfrc"
    config.write_text('plugin_cache_dir = "/mine"\n', encoding="utf-8")
    base = {"TF_CLI_CONFIG_FILE": str(config), "TF_CLI_ARGS_providers_lock": "-net-mirror=x"}

    environment = toolchain_environment(base=base, tools=tools)

    assert base.items() <= environment.items()
    assert "TF_PLUGIN_CACHE_DIR" not in environment
    environment = toolchain_environment(base={"TF_PLUGIN_CACHE_DIR": "/own"}, tools=tools)
    assert environment["TF_PLUGIN_CACHE_DIR"] == "/own"


def test_a_missing_cli_configuration_is_not_passed_on(tmp_path: Path, tools: Tools) -> None:
    base = {"TF_CLI_CONFIG_FILE": str(tmp_path / "absent"), "HOME": str(tmp_path)}

    assert "TF_CLI_CONFIG_FILE" not in toolchain_environment(base=base, tools=tools)


def test_without_set_up_the_error_names_make_setup(tmp_path: Path) -> None:
    nothing = Tools(folder=tmp_path)

    with pytest.raises(SetupError, match="make setup"):
        toolchain_environment(base={}, tools=nothing)
    with pytest.raises(SetupError, match="make setup"):
        pin_provider(folder=tmp_path, tools=nothing)


def test_a_stack_folder_follows_the_choice_of_source(tmp_path: Path, tools: Tools) -> None:
    stack = tmp_path / "stack"
    stack.mkdir()

    pin_provider(folder=stack, tools=tools)
    assert (stack / "terraform.d/plugins").resolve() == tmp_path / "my mirror"
    assert (stack / ".terraform.lock.hcl").read_text(encoding="utf-8") == "locked"

    tools.provider_mirror.unlink()  # as if the registry were chosen now
    pin_provider(folder=stack, tools=tools)
    assert not (stack / "terraform.d/plugins").is_symlink()


def test_a_mirror_that_is_gone_is_named(tmp_path: Path, tools: Tools) -> None:
    (tmp_path / "my mirror").rmdir()

    with pytest.raises(SetupError, match="my mirror is gone"):
        pin_provider(folder=tmp_path, tools=tools)


def test_cdktf_of_the_virtual_environment_is_the_pinned_one() -> None:
    said = subprocess.check_output([ROOT / ".venv/bin/cdktf", "--version"], text=True)

    assert said.strip() == "0.21.0"


def test_a_command_runs_in_the_toolchains_environment() -> None:
    script = 'node --version; echo "$TERRAFORM_BINARY_NAME $CI"'
    said = subprocess.check_output(
        [ROOT / ".venv/bin/python", "-m", "commands.toolchain", "sh", "-c", script],
        cwd=ROOT,
        text=True,
    )

    node, rest = said.splitlines()
    assert node.startswith("v22.")
    assert rest == f"{PROJECT_TOOLS.terraform} true"
