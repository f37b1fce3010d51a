"""The typed, validated settings of an environment."""

from modules.settings.database import DatabaseSettings
from modules.settings.environment import LocalAwsSettings, Settings, StateSettings
from modules.settings.loading import LoadedSettings, SettingsError, load_settings
from modules.settings.network import NetworkSettings
from modules.settings.service import ApiSettings, FunctionSettings, ProvisionedConcurrencySettings
from modules.settings.storage import KeySettings, LogArchiveSettings, RegistrySettings

__all__ = [
    "ApiSettings",
    "DatabaseSettings",
    "FunctionSettings",
    "KeySettings",
    "LoadedSettings",
    "LocalAwsSettings",
    "LogArchiveSettings",
    "NetworkSettings",
    "ProvisionedConcurrencySettings",
    "RegistrySettings",
    "Settings",
    "SettingsError",
    "StateSettings",
    "load_settings",
]
