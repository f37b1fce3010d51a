"""Settings of the alarms."""

from typing import Annotated

from pydantic import Field

from modules.settings.section import Section


class AlarmThresholds(Section):
    """The value, in the unit of its name, beyond which each alarm goes off.

    Defaults suit a shop whose pages should answer within a second or two. Percentages of requests
    count only in periods with at least `minimum_requests` of them.
    """

    minimum_requests: Annotated[int, Field(gt=0)] = 10
    """Requests in a minute below which no share of them says anything."""

    function_error_percent: Annotated[float, Field(gt=0)] = 5
    """Percent of invocations that fail."""

    function_throttles: Annotated[int, Field(gt=0)] = 1
    """Invocations in five minutes that find the reserved concurrency used up."""

    function_p99_milliseconds: Annotated[float, Field(gt=0)] = 3_000
    """Milliseconds that all but the slowest hundredth of invocations stay below."""

    spillover_percent: Annotated[float, Field(gt=0)] = 10
    """Percent of invocations that the provisioned concurrency has no room for."""

    api_5xx_percent: Annotated[float, Field(gt=0)] = 2
    """Percent of the REST API's answers that are server errors."""

    load_balancer_5xx_percent: Annotated[float, Field(gt=0)] = 2
    """Percent of the load balancer's answers that are server errors."""

    cloudfront_5xx_percent: Annotated[float, Field(gt=0)] = 2
    """Percent of CloudFront's answers that are server errors."""

    database_cpu_percent: Annotated[float, Field(gt=0)] = 80
    """Percent of the busiest instance's CPU."""

    database_connections_percent: Annotated[float, Field(gt=0)] = 80
    """Percent of `max_connections` that the busiest instance has open."""

    database_capacity_percent: Annotated[float, Field(gt=0)] = 95
    """Percent of the most ACU that the cluster may scale to."""

    replica_lag_milliseconds: Annotated[float, Field(gt=0)] = 1_000
    """Milliseconds the slowest reader is behind the writer; usually below 100 (Aurora User Guide,
    Replication with Amazon Aurora)."""

    nat_port_errors: Annotated[int, Field(gt=0)] = 1
    """Connections in five minutes that a NAT gateway has no port for."""

    log_archive_gibibytes: Annotated[float, Field(gt=0)] = 500
    """GiB that the log archive holds in all storage classes together."""

    log_mebibytes_per_hour: Annotated[float, Field(gt=0)] = 1_024
    """MiB an hour that all log groups take in together."""

    waf_blocked_requests: Annotated[int, Field(gt=0)] | None = None
    """Requests in five minutes that a web ACL blocks, or None for no such alarm."""


class AlarmSettings(Section):
    """Whom alarms tell, and what they tell them to read."""

    emails: tuple[Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")], ...] = ()
    """Addresses that are told; each has to confirm its subscription in each region."""

    runbook_url: Annotated[str, Field(pattern=r"^[^\s#]+$", max_length=200)] = "docs/runbook.md"
    """Where people read the runbook, without an anchor: its path here, or an address of yours."""

    thresholds: AlarmThresholds = AlarmThresholds()
