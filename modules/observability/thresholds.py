"""When alarms go off."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AlarmThresholds:
    """The value, in the unit of its name, beyond which each alarm goes off.

    Defaults suit a shop whose pages should answer within a second or two. Percentages of requests
    count only in periods with at least `minimum_requests` of them.

    Raises:
        ValueError: a threshold is not above zero.
    """

    minimum_requests: int = 10
    """Requests in a minute below which no share of them says anything."""

    function_error_percent: float = 5
    """Percent of invocations that fail."""

    function_throttles: int = 1
    """Invocations in five minutes that find the reserved concurrency used up."""

    function_p99_milliseconds: float = 3_000
    """Milliseconds that all but the slowest hundredth of invocations stay below."""

    spillover_percent: float = 10
    """Percent of invocations that the provisioned concurrency has no room for."""

    api_5xx_percent: float = 2
    """Percent of the REST API's answers that are server errors."""

    load_balancer_5xx_percent: float = 2
    """Percent of the load balancer's answers that are server errors."""

    cloudfront_5xx_percent: float = 2
    """Percent of CloudFront's answers that are server errors."""

    database_cpu_percent: float = 80
    """Percent of the busiest instance's CPU."""

    database_connections_percent: float = 80
    """Percent of `max_connections` that the busiest instance has open."""

    database_capacity_percent: float = 95
    """Percent of the most ACU that the cluster may scale to."""

    replica_lag_milliseconds: float = 1_000
    """Milliseconds the slowest reader is behind the writer; usually below 100 (Aurora User Guide,
    Replication with Amazon Aurora)."""

    nat_port_errors: int = 1
    """Connections in five minutes that a NAT gateway has no port for."""

    log_mebibytes_per_hour: float = 1_024
    """MiB an hour that all log groups take in together."""

    waf_blocked_requests: int | None = None
    """Requests in five minutes that a web ACL blocks, or None for no such alarm."""

    def __post_init__(self) -> None:
        """Refuses what would never or always go off."""
        for name, value in vars(self).items():
            if value is not None and value <= 0:
                message = f"{name}: {value} should be above 0"
                raise ValueError(message)
