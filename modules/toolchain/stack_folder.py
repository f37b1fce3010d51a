"""Preparation of a stack's folder: `terraform init` there uses the chosen, checked provider."""

import shutil
from pathlib import Path

from modules.toolchain.errors import SetupError
from modules.toolchain.layout import PROJECT_TOOLS, Tools


def pin_provider(*, folder: Path, tools: Tools = PROJECT_TOOLS, lock: Path | None = None) -> None:
    """Put the provider's lock, and the link to its mirror if there is one, into a stack's folder.

    Terraform looks for a mirror in `terraform.d/plugins` of its working folder by itself. So no
    CLI configuration is needed, and plain `cdktf` and `terraform` commands work too.

    Args:
        folder: The folder that `terraform init` will run in.
        tools: The tools that set-up has installed.
        lock: The lock to copy; by default the one that set-up has checked.

    Raises:
        SetupError: Set-up was not run, or the mirror no longer exists.
    """
    lock = lock or tools.lock
    if not lock.is_file():
        message = "Terraform's provider is not set up: run `make setup`."
        raise SetupError(message)
    shutil.copyfile(lock, folder / ".terraform.lock.hcl")
    plugins = folder / "terraform.d/plugins"
    plugins.unlink(missing_ok=True)
    if tools.provider_mirror.is_symlink():
        mirror = tools.provider_mirror.readlink()
        if not mirror.is_dir():
            message = (
                f"The provider mirror {mirror} is gone: restore it, or choose again with"
                f" `rm {tools.lock} && make setup`."
            )
            raise SetupError(message)
        plugins.parent.mkdir(exist_ok=True)
        plugins.symlink_to(mirror, target_is_directory=True)
