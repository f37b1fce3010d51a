"""Prepares a command that reads what is deployed."""

from commands.shared.local_environment import ensure_local_aws
from commands.shared.terraform import synthesise
from modules.settings import Settings
from modules.settings.selection import load_selected


def select_deployed() -> Settings:
    """Load the selected environment, and synthesise it so that its outputs can be read.

    Raises:
        CommandError: The synthesis failed, or the state belongs to another server.
        LocalAwsError: The embedded AWS does not start.
        SettingsError: The settings are not valid.
    """
    settings = load_selected().settings
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    return settings
