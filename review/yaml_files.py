"""Reads YAML files."""

from pathlib import Path
from typing import Any

from review.errors import ReviewError


def load_yaml(path: Path) -> object:
    """Return what a YAML file holds.

    Raises:
        ReviewError: It cannot be read.
    """
    # It takes longer to load than all rules, and most reviews need no YAML.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        yaml: Any = YAML(typ="safe", pure=True)
        return yaml.load(path.read_text())
    except (OSError, YAMLError, ValueError) as error:
        message = f"{path} cannot be read: {error}"
        raise ReviewError(message) from error
