"""Rules across fields: what each field's own bounds cannot see."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from modules.settings.edge import EDGE_REGION
from modules.settings.environment import LOCAL_AWS_CREDENTIALS_FILE, Settings
from modules.settings.network import SUBNET_PREFIX_GROWTH
from modules.settings.service import ANSWER_MARGIN_SECONDS, DATABASE_TRANSACTION_SECONDS

MAX_PREFIX_LENGTH = 28
"""The tightest name is the load balancer's, 32 characters, with `-alb` after the prefix (Elastic
Load Balancing API Reference, CreateLoadBalancer)."""

DOMAIN_WORDS = ("aws", "amazon", "cognito")
"""What the prefix of a user pool's domain must not hold (Amazon Cognito Developer Guide,
Configuring a user pool domain)."""

PRIVATE_BLOCKS = tuple(
    IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)

MIN_WINDOW_MINUTES = 30
"""Least length of Aurora's windows (RDS API Reference, CreateDBCluster)."""

MAX_SUBNET_PREFIX = 27
MAX_VPC_PREFIX_SIZE = 16
RESUME_SECONDS = 15
"""Time a paused Aurora cluster typically takes to resume (Aurora User Guide, Scaling to zero ACUs
with automatic pause and resume)."""

ANSWER_SECONDS = DATABASE_TRANSACTION_SECONDS + ANSWER_MARGIN_SECONDS + 1
"""What the API needs beside the connection: a transaction, the margin for the answer, and one
second in which a retry may still begin."""

TRANSITION_GAP_DAYS = 30
"""Days an object stays in STANDARD_IA at least (S3 User Guide, Transitioning objects)."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A broken rule: the key to change, what is wrong and what is allowed."""

    key: str
    message: str


def _check_name_length(settings: Settings) -> Iterator[Problem]:
    length = len(settings.prefix)
    if length > MAX_PREFIX_LENGTH:
        yield Problem(
            key="suffix" if settings.suffix else "project",
            message=f"names start with '{settings.prefix}', {length} characters; AWS allows "
            f"{MAX_PREFIX_LENGTH} here",
        )


def _check_domain_words(settings: Settings) -> Iterator[Problem]:
    for word in DOMAIN_WORDS:
        if word in settings.prefix:
            yield Problem(
                key="suffix" if word in (settings.suffix or "") else "project",
                message=f"names start with '{settings.prefix}'; Cognito allows no '{word}' in them",
            )


def _check_state(settings: Settings) -> Iterator[Problem]:
    if settings.state is None and settings.local_aws is None:
        yield Problem(
            key="state", message="is needed: name the S3 bucket and region that keep the state"
        )
    if settings.state is not None and settings.local_aws is not None:
        yield Problem(key="state", message="is kept on this machine with local_aws; leave it out")


def _check_credentials_file(settings: Settings) -> Iterator[Problem]:
    local = settings.local_aws
    if local and not local.url and local.credentials_file != LOCAL_AWS_CREDENTIALS_FILE:
        yield Problem(
            key="local_aws.credentials_file",
            message="is for another server: the embedded AWS writes its key to "
            f"{LOCAL_AWS_CREDENTIALS_FILE}; leave it out, or set local_aws.url",
        )


def _check_account(settings: Settings) -> Iterator[Problem]:
    if settings.account_id is None and settings.local_aws is None:
        yield Problem(
            key="account_id",
            message="is needed: the only account that this environment may be deployed to",
        )


def _check_cidr(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    prefix = network.cidr.prefixlen
    longest = MAX_SUBNET_PREFIX - SUBNET_PREFIX_GROWTH
    if not MAX_VPC_PREFIX_SIZE <= prefix <= longest:
        yield Problem(
            key="network.cidr",
            message=f"is a /{prefix}; the subnets need a /{MAX_VPC_PREFIX_SIZE} to /{longest}",
        )
    if not any(network.cidr.subnet_of(block) for block in PRIVATE_BLOCKS):
        blocks = ", ".join(map(str, PRIVATE_BLOCKS))
        yield Problem(key="network.cidr", message=f"should be in {blocks} (RFC 1918)")


def _check_zones(settings: Settings) -> Iterator[Problem]:
    yield from _check_unique("network.zones", settings.network.zones)


def _check_interface_endpoints(settings: Settings) -> Iterator[Problem]:
    yield from _check_unique("network.interface_endpoints", settings.network.interface_endpoints)


def _check_log_regions(settings: Settings) -> Iterator[Problem]:
    yield from _check_unique("edge.log_regions", settings.edge.log_regions)


def _check_unique(key: str, values: Sequence[str]) -> Iterator[Problem]:
    if len(set(values)) < len(values):
        yield Problem(key=key, message=f"names one twice: {', '.join(values)}")


def _check_glacier(settings: Settings) -> Iterator[Problem]:
    archive = settings.log_archive
    earliest = archive.infrequent_access_days + TRANSITION_GAP_DAYS
    if archive.glacier_days < earliest:
        yield Problem(
            key="log_archive.glacier_days",
            message=f"is {archive.glacier_days}; at least {earliest}, "
            f"{TRANSITION_GAP_DAYS} days after infrequent_access_days",
        )


def _check_expiration(settings: Settings) -> Iterator[Problem]:
    archive = settings.log_archive
    if archive.expiration_days <= archive.glacier_days:
        yield Problem(
            key="log_archive.expiration_days",
            message=f"is {archive.expiration_days}; more than glacier_days, {archive.glacier_days}",
        )


def _check_capacity(settings: Settings) -> Iterator[Problem]:
    database, serverless = settings.database, settings.database.serverless
    if database.is_serverless and serverless.min_capacity > serverless.max_capacity:
        yield Problem(
            key="database.serverless.min_capacity",
            message=f"is {serverless.min_capacity:g}; at most max_capacity, "
            f"{serverless.max_capacity:g}",
        )


def _check_idle_connections(settings: Settings) -> Iterator[Problem]:
    proxy = settings.database.proxy
    if proxy and proxy.max_idle_connections_percent > proxy.max_connections_percent:
        yield Problem(
            key="database.proxy.max_idle_connections_percent",
            message=f"is {proxy.max_idle_connections_percent}; at most max_connections_percent, "
            f"{proxy.max_connections_percent}",
        )


def _check_pausing_behind_a_proxy(settings: Settings) -> Iterator[Problem]:
    database = settings.database
    if database.can_pause and database.proxy is not None:
        yield Problem(
            key="database.proxy",
            message="keeps connections open, so the cluster never pauses: leave it out, or set "
            "database.serverless.min_capacity to 0.5 or more",
        )


def _check_resuming(settings: Settings) -> Iterator[Problem]:
    function = settings.function
    if settings.database.can_pause and function.connect_timeout_seconds <= RESUME_SECONDS:
        yield Problem(
            key="function.connect_timeout_seconds",
            message=f"is {function.connect_timeout_seconds}; a paused cluster takes about "
            f"{RESUME_SECONDS} s to resume: more than {RESUME_SECONDS}",
        )


def _check_windows(settings: Settings) -> Iterator[Problem]:
    database = settings.database
    times = (moment.partition(":")[2] for moment in database.maintenance_window.split("-"))
    backup, maintenance = _minutes(database.backup_window), _minutes("-".join(times))
    for key, window in (("backup_window", backup), ("maintenance_window", maintenance)):
        if len(window) < MIN_WINDOW_MINUTES:
            message = f"should last {MIN_WINDOW_MINUTES} minutes or more"
            yield Problem(key=f"database.{key}", message=message)
    if backup & maintenance:
        yield Problem(
            key="database.maintenance_window",
            message=f"overlaps the daily backup_window, {database.backup_window}",
        )


def _minutes(window: str) -> set[int]:
    """Return the minutes of the day in a window hh:mm-hh:mm, which may go past midnight."""
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in window.split("-"))
    return {minute % 1_440 for minute in range(start, end if end > start else end + 1_440)}


def _check_connect_timeout(settings: Settings) -> Iterator[Problem]:
    function = settings.function
    longest = function.timeout_seconds - ANSWER_SECONDS
    if function.connect_timeout_seconds > longest:
        yield Problem(
            key="function.connect_timeout_seconds",
            message=f"is {function.connect_timeout_seconds}; at most {longest}, {ANSWER_SECONDS} s "
            f"less than timeout_seconds, so that the transaction and an answer still fit",
        )


def _check_connections(settings: Settings) -> Iterator[Problem]:
    database, function = settings.database, settings.function
    if database.proxy is not None:
        return
    # Without a reader the writer answers at the readers' address too.
    pools = 1 if database.readers else 2
    needed = function.reserved_concurrency * function.connections_per_instance * pools
    available = database.connections_at_smallest
    if needed >= available:
        yield Problem(
            key="function.reserved_concurrency",
            message=f"times connections_per_instance is {needed} connections; below {available}, "
            "what Aurora's smallest size here allows without a proxy",
        )


def _check_scaling(settings: Settings) -> Iterator[Problem]:
    provisioned = settings.function.provisioned_concurrency
    if provisioned is None:
        return
    key = "function.provisioned_concurrency"
    reserved = settings.function.reserved_concurrency
    bounds = [(key, provisioned.min_capacity, provisioned.max_capacity)] + [
        (f"{key}.schedules.{index}", schedule.min_capacity, schedule.max_capacity)
        for index, schedule in enumerate(provisioned.schedules)
    ]
    for place, least, most in bounds:
        if least > most:
            yield Problem(
                key=f"{place}.min_capacity", message=f"is {least}; at most max_capacity, {most}"
            )
        if most > reserved:
            yield Problem(
                key=f"{place}.max_capacity",
                message=f"is {most}; at most function.reserved_concurrency, {reserved}",
            )
    names = [schedule.name for schedule in provisioned.schedules]
    if len(set(names)) < len(names):
        yield Problem(key=f"{key}.schedules", message="two schedules have the same name")


def _check_catalogue_cache(settings: Settings) -> Iterator[Problem]:
    edge = settings.edge
    if edge.catalog_default_seconds > edge.catalog_max_seconds:
        yield Problem(
            key="edge.catalog_default_seconds",
            message=f"is {edge.catalog_default_seconds}; at most catalog_max_seconds, "
            f"{edge.catalog_max_seconds}",
        )


def _check_certificates(settings: Settings) -> Iterator[Problem]:
    domain = settings.domain
    if domain is None:
        return
    for key, arn, region in (
        ("certificate_arn", domain.certificate_arn, EDGE_REGION),
        ("origin_certificate_arn", domain.origin_certificate_arn, settings.region),
    ):
        if arn.split(":")[3] != region:
            yield Problem(key=f"domain.{key}", message=f"should be of region {region}: {arn}")


def _check_user_pool(settings: Settings) -> Iterator[Problem]:
    pool = settings.user_pool
    if settings.local_aws or not pool.deletion_protection:
        return
    for key, addresses in (
        ("callback_urls", pool.callback_urls),
        ("logout_urls", pool.logout_urls),
    ):
        if any(address.startswith("http://") for address in addresses):
            yield Problem(
                key=f"user_pool.{key}",
                message="sends users to localhost; name the shop's own address: a protected pool "
                "serves real users",
            )


Rule = Callable[[Settings], Iterator[Problem]]
"""A rule across fields; it yields a problem for each key to change."""

RULES: tuple[Rule, ...] = (
    _check_name_length,
    _check_domain_words,
    _check_state,
    _check_credentials_file,
    _check_account,
    _check_cidr,
    _check_zones,
    _check_interface_endpoints,
    _check_glacier,
    _check_expiration,
    _check_capacity,
    _check_windows,
    _check_idle_connections,
    _check_pausing_behind_a_proxy,
    _check_resuming,
    _check_connect_timeout,
    _check_connections,
    _check_scaling,
    _check_catalogue_cache,
    _check_log_regions,
    _check_certificates,
    _check_user_pool,
)
"""All rules, in the order of the settings."""


def find_problems(settings: Settings) -> Iterator[Problem]:
    """Yield every broken rule, in the order of the settings."""
    for rule in RULES:
        yield from rule(settings)
