"""The environment that a command works on."""

import os

from modules.settings.environment import Settings
from modules.settings.loading import LoadedSettings, load_settings

DEFAULT_ENVIRONMENT = "local"


def selected_environment() -> str:
    """Return the name of the environment in ENVIRONMENT, or `local`."""
    return os.environ.get("ENVIRONMENT") or DEFAULT_ENVIRONMENT


def load_selected() -> LoadedSettings:
    """Return the settings of the selected environment, with their sources.

    Raises:
        SettingsError: The settings are not valid.
    """
    return load_settings(environment=selected_environment(), variables=os.environ)


def is_confirmed(settings: Settings) -> bool:
    """Return whether CONFIRM names this copy (`dev`, or `dev-pr42`), so that nothing is asked."""
    return os.environ.get("CONFIRM") == settings.label
