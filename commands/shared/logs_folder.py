"""The folder of the log files and of what else commands remember between runs."""

from pathlib import Path

from modules.toolchain import ROOT

FOLDER = ROOT / ".logs"


def logs_folder() -> Path:
    """Return the folder, which only the user may read; create it if it is missing."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    return FOLDER
