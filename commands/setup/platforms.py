"""The platforms that this project supports, by Terraform's names."""

import platform

from modules.toolchain import SetupError

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def terraform_platform(*, system: str | None = None, machine: str | None = None) -> str:
    """Return a platform's name in Terraform's releases and providers.

    Args:
        system: The operating system, as `platform.system()` names it. The default is this one.
        machine: The processor, as `platform.machine()` names it. The default is this one.

    Returns:
        `linux_amd64`, `linux_arm64`, `darwin_amd64` or `darwin_arm64`.

    Raises:
        SetupError: The platform is not supported.
    """
    system = system or platform.system()
    machine = machine or platform.machine()
    if system not in _SYSTEMS or machine.lower() not in _MACHINES:
        message = (
            f"{system} on {machine} is not supported: use Linux (x86_64 or arm64)"
            " or macOS (arm64 or x86_64)."
        )
        raise SetupError(message)
    return f"{_SYSTEMS[system]}_{_MACHINES[machine.lower()]}"
