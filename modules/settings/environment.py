"""All settings of one environment."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import Url

from modules.settings.alarms import AlarmSettings
from modules.settings.database import DatabaseSettings
from modules.settings.edge import DomainSettings, EdgeSettings, FirewallSettings, RegionName
from modules.settings.foundation import KeySettings, LogArchiveSettings, RegistrySettings
from modules.settings.network import NetworkSettings
from modules.settings.parts import Part
from modules.settings.product import PRODUCT
from modules.settings.section import Section
from modules.settings.service import (
    AdministrationSettings,
    ApiSettings,
    FunctionSettings,
    LoadBalancerSettings,
)
from modules.settings.user_pool import UserPoolSettings

LOCAL_AWS_PORT = 4_577
"""Default TCP port of the embedded AWS."""

LOCAL_AWS_CREDENTIALS_FILE = ".local-aws/credentials"
"""The file with the key of the embedded AWS, relative to the project's folder."""

LowerCaseName = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Suffix = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class LocalAwsSettings(Section):
    """An AWS-compatible server on this machine that replaces AWS."""

    port: Annotated[int, Field(ge=1_024, le=65_535)] = LOCAL_AWS_PORT
    """TCP port on 127.0.0.1 of the embedded AWS (environment variable LOCAL_AWS_PORT)."""

    url: str | None = None
    """Address of another AWS-compatible server to use instead (environment variable
    LOCAL_AWS_URL)."""

    credentials_file: str = LOCAL_AWS_CREDENTIALS_FILE
    """AWS shared credentials file with the profile `local-aws`; a relative path starts at the
    project's folder. Only another server may need one of its own (LOCAL_AWS_CREDENTIALS_FILE)."""

    @field_validator("url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value is not None:
            url = Url(value)
            if url.scheme not in {"http", "https"} or not url.host:
                message = "should be an http or https address"
                raise ValueError(message)
        return value and value.rstrip("/")

    @property
    def endpoint(self) -> str:
        """Base address that every AWS client and the provider use."""
        return self.url or f"http://127.0.0.1:{self.port}"


class StateSettings(Section):
    """The S3 bucket that keeps Terraform's state; locked natively, without DynamoDB."""

    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    """Name of an existing, versioned bucket (S3 User Guide, Bucket naming rules)."""

    region: Annotated[str, Field(pattern=RegionName)]
    """Region of the bucket."""


TagValue = Annotated[str, Field(pattern=r"^[A-Za-z0-9 .:/=+@_-]+$", max_length=256)]
"""Characters that every AWS service takes in a tag's value."""


class TagSettings(Section):
    """Values of the tags that every resource carries beside Project, Environment and ManagedBy."""

    cost_center: TagValue = PRODUCT
    """Cost centre that pays (tag CostCenter), at most 256 characters (Tagging AWS Resources, Tag
    limits)."""

    owner: TagValue = "platform-team"
    """Team that answers questions (tag Owner), at most 256 characters."""


class Settings(Section):
    """The settings of one environment; loading also checks rules across its fields."""

    project: Annotated[str, Field(pattern=LowerCaseName, max_length=20)] = PRODUCT
    """First part of every resource's name."""

    environment: Annotated[str, Field(pattern=LowerCaseName, max_length=12)]
    """Second part of every resource's name: the settings file's own name."""

    suffix: Annotated[str | None, Field(pattern=Suffix, max_length=16)] = None
    """Third part of every resource's name, such as pr42, for a copy beside others (environment
    variable ENVIRONMENT_SUFFIX)."""

    region: Annotated[str, Field(pattern=RegionName)] = "eu-west-1"
    """Home region. CloudFront's own resources are in us-east-1, whatever the home region."""

    account_id: Annotated[str | None, Field(pattern=r"^\d{12}$")] = None
    """Twelve digits of the only account this environment may be deployed to, or null for any."""

    local_aws: LocalAwsSettings | None = None
    """The AWS-compatible server that the environment is deployed to, or null for AWS."""

    state: StateSettings | None = None
    """Bucket of Terraform's state, or null for this machine, which needs local_aws."""

    tags: TagSettings = TagSettings()
    keys: KeySettings = KeySettings()
    network: NetworkSettings = NetworkSettings()
    log_archive: LogArchiveSettings = LogArchiveSettings()
    registry: RegistrySettings = RegistrySettings()
    database: DatabaseSettings = DatabaseSettings()
    user_pool: UserPoolSettings = UserPoolSettings()
    administration: AdministrationSettings = AdministrationSettings()
    function: FunctionSettings = FunctionSettings()
    api: ApiSettings = ApiSettings()
    load_balancer: LoadBalancerSettings = LoadBalancerSettings()

    domain: DomainSettings | None = None
    """The platform's own host names and certificates, or null for CloudFront's host name."""

    firewall: FirewallSettings = FirewallSettings()
    edge: EdgeSettings = EdgeSettings()
    alarms: AlarmSettings = AlarmSettings()

    @property
    def prefix(self) -> str:
        """`project-environment[-suffix]`, the start of every name."""
        return "-".join(filter(None, (self.project, self.environment, self.suffix)))

    @property
    def label(self) -> str:
        """`environment[-suffix]`, the short name of this copy."""
        return "-".join(filter(None, (self.environment, self.suffix)))

    @property
    def manages_api_account_role(self) -> bool:
        """Whether this copy owns the account's one role for API Gateway's logs."""
        return self.api.manage_account_role and self.suffix is None

    def stack_id(self, part: Part) -> str:
        """Return the id of a stack, which is also its folder and state key."""
        return f"{self.prefix}-{part}"


def settings_schema() -> dict[str, object]:
    """Return the JSON Schema of a settings file; `environment` is the file's name, not a key."""
    schema = Settings.model_json_schema()
    del schema["properties"]["environment"]
    del schema["required"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
