"""The project's folders: where set-up keeps its tools, and where local state is."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The project's folder."""

LOCAL_AWS_FOLDER = ROOT / ".local-aws"
"""What the embedded AWS keeps: the record of its process, and Terraform's state."""

LOCAL_STATE_FOLDER = LOCAL_AWS_FOLDER / "state"
"""Terraform's state of environments without a bucket for it, one file a stack."""

COMMITTED_LOCK = ROOT / ".terraform.lock.hcl"
"""The committed lock, with the provider's version and checksums."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The folder of tools. Set-up records its choices by what it puts there."""

    folder: Path

    @property
    def terraform(self) -> Path:
        """Terraform: a link to an installed one, or the downloaded release."""
        return self.folder / "terraform"

    @property
    def provider_mirror(self) -> Path:
        """A link to the provider mirror; absent if Terraform takes the provider from elsewhere."""
        return self.folder / "provider-mirror"

    @property
    def plugin_cache(self) -> Path:
        """Terraform's plugin cache, shared by all stacks."""
        return self.folder / "plugin-cache"

    @property
    def lock(self) -> Path:
        """The committed lock after set-up has checked the provider against it, its last step.

        On platforms whose `h1` checksum is not committed, Terraform has added it, computed from
        the package that it verified by its `zh` checksum: without it the cache is not used.
        """
        return self.folder / "terraform.lock.hcl"


PROJECT_TOOLS = Tools(folder=ROOT / ".tools")
"""The tools that set-up installs for this project."""
