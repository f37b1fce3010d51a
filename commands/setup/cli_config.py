"""Reads what set-up must respect in the user's own Terraform CLI configuration.

See https://developer.hashicorp.com/terraform/cli/config/config-file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class CliConfig:
    """The user's Terraform CLI configuration. Without one, both are False."""

    chooses_providers: bool
    """Whether it has a `provider_installation` block."""
    has_plugin_cache: bool
    """Whether it sets `plugin_cache_dir`."""


def names_missing_file(*, environment: Mapping[str, str]) -> bool:
    """Return whether TF_CLI_CONFIG_FILE names a missing file, as Terraform warns at every run."""
    named = environment.get("TF_CLI_CONFIG_FILE", "")
    return bool(named) and not Path(named).is_file()


def read_cli_config(*, environment: Mapping[str, str]) -> CliConfig:
    """Read what Terraform reads: the file in TF_CLI_CONFIG_FILE, else those in the home folder."""
    named = environment.get("TF_CLI_CONFIG_FILE", "")
    if named and not names_missing_file(environment=environment):
        files = [Path(named)]
    else:
        home = Path(environment.get("HOME") or Path.home())
        files = [home / ".terraformrc", *sorted((home / ".terraform.d").glob("*.tfrc"))]
    text = "\n".join(
        file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()
    )
    return CliConfig(
        chooses_providers=_sets(text=text, name="provider_installation"),
        has_plugin_cache=_sets(text=text, name="plugin_cache_dir"),
    )


def _sets(*, text: str, name: str) -> bool:
    return re.search(rf"^\s*{name}\b", text, re.MULTILINE) is not None
