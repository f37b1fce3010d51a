"""The environment in which the project runs cdktf, Terraform and Node.js.

`python -m commands.toolchain COMMAND [ARGUMENT ...]` runs any command in it.
"""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from commands.setup.cli_config import names_missing_file, read_cli_config
from modules.bindings import find_node
from modules.toolchain import PROJECT_TOOLS, ROOT, SetupError, Tools


def _tool_folders() -> list[str]:
    """Return the folders of the project's own tools.

    Node.js itself comes before its wrapper in Python, which starts slower and prints a traceback on
    Ctrl-C.
    """
    node = find_node()
    folders = (
        ROOT / "node_modules/.bin",
        *([Path(node).parent] if node else []),
        ROOT / ".venv/bin",
    )
    return [str(folder) for folder in folders]


def without_missing_cli_config(*, base: Mapping[str, str]) -> dict[str, str]:
    """Copy an environment without a TF_CLI_CONFIG_FILE that names no file: Terraform would warn."""
    missing = names_missing_file(environment=base)
    return {k: v for k, v in base.items() if not (missing and k == "TF_CLI_CONFIG_FILE")}


def toolchain_environment(
    *, base: Mapping[str, str], tools: Tools = PROJECT_TOOLS, interactive: bool = False
) -> dict[str, str]:
    """Return the environment for every child process that the project runs.

    Args:
        base: The environment to start from, usually `os.environ`. The user's settings of
            Terraform's plugin cache and of `providers lock` are kept.
        tools: The tools that set-up has installed.
        interactive: Whether cdktf redraws the screen and asks questions. Otherwise it prints line
            by line, and its questions do not show.

    Raises:
        SetupError: Set-up was not run, or the Terraform that it chose is gone.
    """
    if not tools.terraform.exists():
        message = f"Terraform is not set up: run `rm -f {tools.lock} && make setup`."
        raise SetupError(message)
    environment = without_missing_cli_config(base=base)
    path = (*_tool_folders(), environment.get("PATH", os.defpath))
    environment |= {
        "PATH": os.pathsep.join(path),
        "TERRAFORM_BINARY_NAME": str(tools.terraform),
        # Terraform and cdktf check for updates unless told not to
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
    }
    # Terraform and the provider are short-lived, and slower the more often they collect garbage.
    environment.setdefault("GOGC", "400")
    environment.setdefault("GOMEMLIMIT", "1GiB")
    if not interactive:
        environment["CI"] = "true"
    if not read_cli_config(environment=environment).has_plugin_cache:
        environment.setdefault("TF_PLUGIN_CACHE_DIR", str(tools.plugin_cache))
    if tools.provider_mirror.is_symlink():
        # `terraform providers lock` ignores mirrors unless told
        mirror = shlex.quote(f"-fs-mirror={tools.provider_mirror.readlink()}")
        environment.setdefault("TF_CLI_ARGS_providers_lock", mirror)
    return environment


def main() -> None:
    """Replace this process with the given command, in the toolchain's environment."""
    command = sys.argv[1:]
    if not command:
        sys.exit("usage: python -m commands.toolchain COMMAND [ARGUMENT ...]")
    try:
        environment = toolchain_environment(base=os.environ, interactive=sys.stdout.isatty())
        os.execvpe(command[0], command, environment)  # noqa: S606  # no shell is wanted
    except SetupError as error:
        sys.exit(f"Error: {error}")
    except OSError as error:
        sys.exit(f"Error: {command[0]} cannot be run ({error.strerror}): run `make setup`.")


if __name__ == "__main__":
    main()
