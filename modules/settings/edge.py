"""Settings of CloudFront: domain, firewall and distribution."""

from typing import Annotated, Literal

from pydantic import Field

from modules.settings.section import LogRetentionDays, Section

EDGE_REGION = "us-east-1"
"""The only region where CloudFront looks for its function, firewall, certificate and logs."""

RegionName = r"^[a-z]{2}(-[a-z]+)+-\d$"
HostName = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
CertificateArn = r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$"


class DomainSettings(Section):
    """The platform's own host names and the certificates that cover them."""

    aliases: Annotated[
        tuple[Annotated[str, Field(pattern=HostName)], ...], Field(min_length=1, max_length=100)
    ]
    """Host names that customers use, 1 to 100 (CloudFront Developer Guide, Quotas)."""

    certificate_arn: Annotated[str, Field(pattern=CertificateArn)]
    """ARN of a certificate that covers the aliases, in us-east-1, where CloudFront needs it."""

    origin_host: Annotated[str, Field(pattern=HostName)]
    """Host name in CloudFront's requests to the load balancer, whose certificate covers it."""

    origin_certificate_arn: Annotated[str, Field(pattern=CertificateArn)]
    """ARN of a certificate in the home region that covers `origin_host`."""


ManagedRuleGroup = Literal[
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
]


class CountedRule(Section):
    """A managed rule that only counts requests, because it refuses some that the platform needs."""

    group: ManagedRuleGroup
    """Managed rule group that the rule belongs to."""

    rule: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    """Name of the rule (WAF Developer Guide, AWS Managed Rules rule groups list)."""


class FirewallSettings(Section):
    """The web application firewalls of CloudFront and of the API."""

    requests_per_five_minutes: Annotated[int, Field(ge=10, le=2_000_000_000)] = 2_000
    """Requests that one address may send in five minutes, 10 to 2,000,000,000 (WAF Developer Guide,
    Rate-based rule caveats)."""

    counted_rules: tuple[CountedRule, ...] = ()
    """Managed rules that are counted instead of enforced. By default all are enforced, including
    SizeRestrictions_BODY, which refuses bodies above 8 KB."""

    log_retention_days: LogRetentionDays = 90


class EdgeSettings(Section):
    """CloudFront and its function."""

    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = "PriceClass_100"
    """Edge locations that serve requests: North America and Europe, most places, or all."""

    catalog_default_seconds: Annotated[int, Field(ge=0, le=31_536_000)] = 60
    """Seconds that CloudFront keeps a catalogue answer without Cache-Control, up to a year."""

    catalog_max_seconds: Annotated[int, Field(ge=1, le=31_536_000)] = 3_600
    """Most seconds that CloudFront keeps a catalogue answer, whatever its Cache-Control; from 1 up
    to a year. At 0 CloudFront refuses the cache policy, because it names parts of a cache key."""

    additional_metrics: bool = False
    """Whether CloudFront publishes cache hit rate and origin latency, for a monthly charge."""

    log_regions: tuple[Annotated[str, Field(pattern=RegionName)], ...] = ()
    """Regions beside us-east-1 that keep the edge function's log lines. The function writes in the
    region nearest to the viewer; its lines in regions not listed are lost."""

    function_log_retention_days: LogRetentionDays = 30
