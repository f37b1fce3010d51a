"""Settings of the alarms."""

from typing import Annotated

from pydantic import Field

from modules.settings.section import Section


class AlarmThresholds(Section):
    """Values beyond which alarms go off, each in the unit of its name.

    The defaults suit a shop whose pages should answer within two seconds. Percentages of requests
    count only in periods with at least `minimum_requests` of them.
    """

    minimum_requests: Annotated[int, Field(gt=0)] = 10
    """Requests a minute that an alarm on a percentage of requests needs to go off."""

    function_error_percent: Annotated[float, Field(gt=0)] = 5
    """Percent of invocations that fail."""

    function_throttles: Annotated[int, Field(gt=0)] = 1
    """Invocations that Lambda throttles in five minutes: the reserved concurrency is used up."""

    function_p99_milliseconds: Annotated[float, Field(gt=0)] = 3_000
    """Duration in milliseconds that 99 % of invocations stay below."""

    spillover_percent: Annotated[float, Field(gt=0)] = 10
    """Percent of invocations that exceed the provisioned concurrency."""

    api_5xx_percent: Annotated[float, Field(gt=0)] = 2
    """Percent of the REST API's answers that are server errors."""

    load_balancer_5xx_percent: Annotated[float, Field(gt=0)] = 2
    """Percent of the load balancer's answers that are server errors."""

    cloudfront_5xx_percent: Annotated[float, Field(gt=0)] = 2
    """Percent of CloudFront's answers that are server errors."""

    database_cpu_percent: Annotated[float, Field(gt=0)] = 80
    """CPU of the busiest instance in percent."""

    database_connections_percent: Annotated[float, Field(gt=0)] = 80
    """Percent of `max_connections` that the busiest instance has open."""

    database_capacity_percent: Annotated[float, Field(gt=0)] = 95
    """Percent of the cluster's maximum capacity in use."""

    replica_lag_milliseconds: Annotated[float, Field(gt=0)] = 1_000
    """Milliseconds that the slowest reader is behind the writer; usually below 100 (Aurora User
    Guide, Replication with Amazon Aurora)."""

    nat_port_errors: Annotated[int, Field(gt=0)] = 1
    """Connections that fail in five minutes because a NAT gateway has no free port."""

    log_archive_gibibytes: Annotated[float, Field(gt=0)] = 500
    """Size of the log archive in GiB, all storage classes together."""

    log_mebibytes_per_hour: Annotated[float, Field(gt=0)] = 1_024
    """MiB an hour that all log groups receive together."""

    waf_blocked_requests: Annotated[int, Field(gt=0)] | None = None
    """Requests that a web ACL blocks in five minutes, or null for no such alarm."""


class AlarmSettings(Section):
    """Recipients of alarms, the runbook they refer to, and their thresholds."""

    emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")], ...] = ()
    """E-mail addresses to notify; each must confirm its subscription in each region."""

    runbook_url: Annotated[str, Field(pattern=r"^[^\s#]+$", max_length=200)] = "docs/runbook.md"
    """Address of the runbook without an anchor: a path in this repository, or a URL."""

    thresholds: AlarmThresholds = AlarmThresholds()
