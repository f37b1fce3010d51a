"""Chooses Terraform and the provider's source, records both, and checks the provider."""

import os
import sys
from collections.abc import Mapping

from commands.setup.links import replace_link
from commands.setup.platforms import terraform_platform
from commands.setup.providers import REGISTRY_URL, choose_provider_source
from commands.setup.release import RELEASES_URL, VERSION, install_release
from commands.setup.terraform import find_terraform, terraform_version
from commands.setup.verify import verify_provider
from commands.toolchain import toolchain_environment, without_missing_cli_config
from modules.toolchain import PROJECT_TOOLS, SetupError, Tools


def set_up_terraform(*, tools: Tools, platform: str, environment: Mapping[str, str]) -> None:
    """Link the Terraform that is installed, or download the pinned release.

    Raises:
        SetupError: TERRAFORM_BINARY_NAME names no usable Terraform, or the download failed.
    """
    found = find_terraform(environment=environment)
    if found:
        replace_link(link=tools.terraform, target=found)
        return
    downloaded = tools.terraform.is_file() and not tools.terraform.is_symlink()
    if downloaded and terraform_version(binary=tools.terraform, environment=environment) == VERSION:
        return
    print(f"Downloading Terraform {VERSION} (about 30 MB) ...", file=sys.stderr)
    install_release(
        target=tools.terraform,
        platform=platform,
        releases_url=environment.get("TERRAFORM_RELEASES_URL") or RELEASES_URL,
    )


def set_up_provider(*, tools: Tools, platform: str, environment: Mapping[str, str]) -> None:
    """Choose and record the provider's source, then let Terraform check the provider from it.

    Raises:
        SetupError: No source has the provider, or its provider does not match the committed lock.
    """
    source = choose_provider_source(
        environment=environment,
        platform=platform,
        registry_url=environment.get("TF_REGISTRY_URL") or REGISTRY_URL,
    )
    if source.mirror:
        replace_link(link=tools.provider_mirror, target=source.mirror)
    else:
        tools.provider_mirror.unlink(missing_ok=True)
    tools.plugin_cache.mkdir(exist_ok=True)
    print(f"Checking the AWS provider {source.description} (up to 1 min) ...", file=sys.stderr)
    verify_provider(tools=tools, environment=toolchain_environment(base=environment, tools=tools))


def main() -> int:
    """Set up Terraform and its provider; print one line if that fails."""
    environment = without_missing_cli_config(base=os.environ)
    try:
        platform = terraform_platform()
        PROJECT_TOOLS.folder.mkdir(exist_ok=True)
        set_up_terraform(tools=PROJECT_TOOLS, platform=platform, environment=environment)
        set_up_provider(tools=PROJECT_TOOLS, platform=platform, environment=environment)
    except SetupError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
