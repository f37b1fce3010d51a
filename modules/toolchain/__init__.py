"""The folders of set-up's tools, and the provider of a synthesised stack."""

from modules.toolchain.errors import SetupError
from modules.toolchain.layout import (
    COMMITTED_LOCK,
    LOCAL_AWS_FOLDER,
    LOCAL_STATE_FOLDER,
    PROJECT_TOOLS,
    ROOT,
    Tools,
)
from modules.toolchain.stack_folder import pin_provider

__all__ = [
    "COMMITTED_LOCK",
    "LOCAL_AWS_FOLDER",
    "LOCAL_STATE_FOLDER",
    "PROJECT_TOOLS",
    "ROOT",
    "SetupError",
    "Tools",
    "pin_provider",
]
