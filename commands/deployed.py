"""The environment that a command looks at, as it is deployed."""

from commands.local_environment import ensure_local_aws
from commands.terraform import synthesise
from modules.settings import Settings
from modules.settings.selection import load_selected


def select_deployed() -> Settings:
    """Load the selected environment, and make its outputs readable.

    Raises:
        CommandError: it cannot be synthesised, or its state belongs to another server.
        LocalAwsError: the embedded AWS does not start.
        SettingsError: the settings are wrong.
    """
    settings = load_selected().settings
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    return settings
