"""Chooses where Terraform gets the AWS provider from."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from commands.setup.cli_config import read_cli_config
from commands.setup.mirrors import (
    PROVIDER,
    VERSION,
    Copy,
    add_on_mirrors,
    implied_mirrors,
    provider_copy,
)
from modules.toolchain import SetupError

REGISTRY_URL = "https://registry.terraform.io"

_UNPACKED_PLATFORMS = ("linux_amd64", "darwin_arm64")
"""Platforms for which `.terraform.lock.hcl` has an `h1` checksum, that of an unpacked provider."""

_ANSWER_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class ProviderSource:
    """A source of the provider."""

    description: str
    """The source, as a message to the user names it."""

    mirror: Path | None = None
    """The mirror to link; None if Terraform needs no link."""


def choose_provider_source(
    *,
    environment: Mapping[str, str],
    platform: str,
    registry_url: str = REGISTRY_URL,
    places: Iterable[Path] | None = None,
) -> ProviderSource:
    """Choose what the user names; else the registry if it answers; else a mirror on this machine.

    Args:
        environment: The user's environment; TF_PROVIDER_MIRROR names a mirror to use.
        platform: Terraform's name of the platform, such as `linux_amd64`.
        registry_url: The registry to try.
        places: Folders that may be mirrors. The default is where Terraform and add-on software
            keep them.

    Raises:
        SetupError: The named mirror lacks the provider, or no source has it.
    """
    chooses_providers = read_cli_config(environment=environment).chooses_providers
    named = environment.get("TF_PROVIDER_MIRROR", "")
    if named:
        if chooses_providers:
            message = (
                "TF_PROVIDER_MIRROR is set, but your Terraform CLI configuration has a"
                " provider_installation block, which Terraform follows instead: remove one of them."
            )
            raise SetupError(message)
        return _named_mirror(mirror=Path(named).expanduser().absolute(), platform=platform)
    if chooses_providers:
        return ProviderSource(description="as your Terraform CLI configuration says")
    unreachable = _why_unreachable(url=registry_url)
    if unreachable is None:
        return ProviderSource(description=f"from {registry_url}")
    if places is None:
        places = (*implied_mirrors(environment=environment), *add_on_mirrors())
    for place in places:
        copy = provider_copy(mirror=place, platform=platform)
        if copy and _is_checkable(copy=copy, platform=platform):
            return ProviderSource(description=f"from the mirror {place}", mirror=place.absolute())
    message = (
        f"{registry_url} does not answer ({unreachable}), and no mirror on this machine holds"
        f" {_provider_for(platform=platform)}: connect to the network, or name a mirror in"
        " TF_PROVIDER_MIRROR (`terraform providers mirror` makes one)."
    )
    raise SetupError(message)


def _provider_for(*, platform: str) -> str:
    form = "" if platform in _UNPACKED_PLATFORMS else " as a zip file"
    return f"AWS provider {VERSION} for {platform}{form}"


def _is_checkable(*, copy: Copy, platform: str) -> bool:
    return copy is Copy.PACKED or platform in _UNPACKED_PLATFORMS


def _named_mirror(*, mirror: Path, platform: str) -> ProviderSource:
    copy = provider_copy(mirror=mirror, platform=platform)
    if copy is None:
        message = (
            f"TF_PROVIDER_MIRROR names {mirror}, which does not hold"
            f" {_provider_for(platform=platform)} in {PROVIDER}/: make one with `terraform"
            " providers mirror`, or unset it."
        )
        raise SetupError(message)
    if not _is_checkable(copy=copy, platform=platform):
        message = (
            f"TF_PROVIDER_MIRROR names {mirror}, which holds the provider unpacked; its checksum"
            f" is known for {' and '.join(_UNPACKED_PLATFORMS)} only: name a mirror that holds"
            f" {_provider_for(platform=platform)}, or unset it to use the registry."
        )
        raise SetupError(message)
    return ProviderSource(description=f"from the mirror {mirror}", mirror=mirror)


def _why_unreachable(*, url: str) -> str | None:
    discovery = f"{url.rstrip('/')}/.well-known/terraform.json"
    try:
        with urllib.request.urlopen(discovery, timeout=_ANSWER_SECONDS):  # noqa: S310  # the project's own address, or a test's
            return None
    except urllib.error.URLError as error:
        return str(error.reason)
    except OSError as error:
        return str(error)
