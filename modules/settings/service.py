"""Settings of the API: function, scaling and REST API."""

from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from modules.settings.section import LogRetentionDays, Section
from review.limits import apigateway, awslambda

API_TIMEOUT_SECONDS = apigateway.INTEGRATION_MILLISECONDS[1] // 1_000
"""Default integration timeout of a REST API (API Gateway Developer Guide, Quotas)."""

DATABASE_TRANSACTION_SECONDS = 6
"""Longest database transaction of a request; the API's function ends a longer one."""

ANSWER_MARGIN_SECONDS = 1
"""Seconds between the end of a request's database work and the function's timeout."""

ResourceName = r"^[a-zA-Z0-9_-]{1,64}$"


Recurrence = r"^(cron\(\S+( \S+){5}\)|rate\([1-9]\d* (minute|hour|day)s?\))$"


@cache
def _known_timezones() -> frozenset[str]:
    """Return all time zones; Python reads 600 files for them."""
    return frozenset(available_timezones())


def _check_timezone(value: str) -> str:
    known = _known_timezones()  # empty on a machine without the IANA database
    if known and value not in known:
        message = "should be an IANA time zone, such as Europe/Dublin"
        raise ValueError(message)
    return value


class ScheduleSettings(Section):
    """A scheduled change of the provisioned concurrency's bounds."""

    name: Annotated[str, Field(pattern=ResourceName)]
    """Name of the scheduled action, unique in its environment."""

    schedule: Annotated[str, Field(pattern=Recurrence)]
    """Times of the change: cron(...) with six fields, or rate(...) (Application Auto Scaling API
    Reference, PutScheduledAction). Every release creates the action again, so at(...), which AWS
    refuses once it is past, is not allowed."""

    timezone: Annotated[str, AfterValidator(_check_timezone)] = "UTC"
    """IANA time zone of the schedule."""

    min_capacity: Annotated[int, Field(ge=1)]
    """Fewest execution environments kept ready from then on. At 0 Lambda would drop the
    configuration, and target tracking would have no metric to scale out by."""

    max_capacity: Annotated[int, Field(ge=1)]
    """Most execution environments kept ready from then on."""


class ProvisionedConcurrencySettings(Section):
    """Execution environments kept ready on the newest version, scaled with their utilisation."""

    min_capacity: Annotated[int, Field(ge=1)] = 2
    """Fewest execution environments kept ready."""

    max_capacity: Annotated[int, Field(ge=1)] = 10
    """Most execution environments kept ready. reserved_concurrency is at least the highest
    max_capacity plus twice the highest min_capacity."""

    target_utilization: Annotated[
        float, Field(ge=awslambda.TRACKING_TARGET[0], le=awslambda.TRACKING_TARGET[1])
    ] = 0.7
    """Share of ready environments in use that scaling aims at, 0.1 to 0.9 (Lambda Developer Guide,
    Managing provisioned concurrency with Application Auto Scaling)."""

    schedules: tuple[ScheduleSettings, ...] = ()
    """Scheduled changes of the bounds. Target tracking never scales in without traffic, so nights
    need a schedule. A release restores the bounds above until the next scheduled change."""


class FunctionSettings(Section):
    """The Lambda function that runs the container image."""

    memory_mib: Annotated[
        int, Field(ge=awslambda.MEMORY_MEBIBYTES[0], le=awslambda.MEMORY_MEBIBYTES[1])
    ] = 1_024
    """MiB of memory, 128 to 10,240 (Lambda Developer Guide, Lambda quotas)."""

    timeout_seconds: Annotated[int, Field(ge=1, le=API_TIMEOUT_SECONDS)] = 28
    """Seconds that an invocation may take; at most 29, when API Gateway gives up."""

    reserved_concurrency: Annotated[int, Field(ge=1)] = 50
    """Most concurrent executions; the account keeps 100 unreserved (Lambda Developer Guide,
    Configuring reserved concurrency)."""

    provisioned_concurrency: ProvisionedConcurrencySettings | None = None
    """Environments kept ready and their scaling, or null for reserved concurrency only."""

    connections_per_instance: Annotated[int, Field(ge=1, le=10)] = 2
    """Most database connections that one execution environment opens to the writer, and as many to
    the readers."""

    connect_timeout_seconds: Annotated[int, Field(ge=1)] = 5
    """Seconds that the pool waits for a database connection; at least 8 less than
    timeout_seconds."""

    log_level: Literal["DEBUG", "INFO"] = "INFO"
    """Least severe application log that is kept. Above INFO, Lambda would drop the metrics, which
    are lines of the log without a level (Lambda Developer Guide, Log-level filtering)."""

    log_retention_days: LogRetentionDays = 90

    @property
    def database_budget_seconds(self) -> int:
        """Seconds within which a request's database work ends, including a retry.

        The timeout is at most API Gateway's, so the answer is in time for both.
        """
        return self.timeout_seconds - ANSWER_MARGIN_SECONDS


class AdministrationSettings(Section):
    """The function that migrates the database and rotates the API's credential."""

    rotation_days: Annotated[int, Field(ge=1, le=365)] = 30
    """Days after which the API gets another database user and password."""

    sample_data: bool = False
    """Whether migrations also add sample products."""

    log_retention_days: LogRetentionDays = 90


class ApiSettings(Section):
    """The regional REST API and its stage."""

    stage_name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_]{1,128}$")] = "prod"
    """Name of the stage; part of the default address (API Gateway API Reference, CreateStage)."""

    throttling_rate: Annotated[float, Field(gt=0, le=10_000)] = 500
    """Requests a second in steady state; an account has 10,000 by default (API Gateway Developer
    Guide, Quotas)."""

    throttling_burst: Annotated[int, Field(ge=1, le=5_000)] = 1_000
    """Requests at once; an account has 5,000 by default."""

    execution_log_level: Literal["ERROR", "INFO", "OFF"] = "ERROR"
    """Least severe execution log that the stage writes."""

    log_retention_days: LogRetentionDays = 90

    manage_account_role: bool = True
    """Whether this environment sets the account's CloudWatch role for API Gateway. An
    account has one such setting in each region, so let exactly one environment own it. A copy with
    a suffix never owns it."""


class LoadBalancerSettings(Section):
    """The internal load balancer, which serves catalogue reads."""

    deletion_protection: bool = True
    """Whether AWS refuses to delete the load balancer."""
