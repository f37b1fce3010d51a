"""The typed, validated settings of an environment."""

from modules.settings.alarms import AlarmSettings, AlarmThresholds
from modules.settings.database import DatabaseSettings
from modules.settings.edge import DomainSettings, EdgeSettings, FirewallSettings
from modules.settings.environment import (
    LocalAwsSettings,
    Settings,
    StateSettings,
    settings_schema,
)
from modules.settings.foundation import KeySettings, LogArchiveSettings, RegistrySettings
from modules.settings.loading import LoadedSettings, SettingsError, load_settings
from modules.settings.network import NetworkSettings
from modules.settings.parts import PARTS, Part
from modules.settings.service import (
    AdministrationSettings,
    ApiSettings,
    FunctionSettings,
    LoadBalancerSettings,
    ProvisionedConcurrencySettings,
)
from modules.settings.user_pool import UserPoolSettings

__all__ = [
    "PARTS",
    "AdministrationSettings",
    "AlarmSettings",
    "AlarmThresholds",
    "ApiSettings",
    "DatabaseSettings",
    "DomainSettings",
    "EdgeSettings",
    "FirewallSettings",
    "FunctionSettings",
    "KeySettings",
    "LoadBalancerSettings",
    "LoadedSettings",
    "LocalAwsSettings",
    "LogArchiveSettings",
    "NetworkSettings",
    "Part",
    "ProvisionedConcurrencySettings",
    "RegistrySettings",
    "Settings",
    "SettingsError",
    "StateSettings",
    "UserPoolSettings",
    "load_settings",
    "settings_schema",
]
