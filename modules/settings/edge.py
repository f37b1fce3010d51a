"""Settings of CloudFront: domain, firewall and distribution."""

from typing import Annotated, Literal

from pydantic import Field

from modules.settings.section import LogRetentionDays, Section

EDGE_REGION = "us-east-1"
"""The one region that CloudFront takes its function, firewall, certificate and logs from."""

RegionName = r"^[a-z]{2}(-[a-z]+)+-\d$"
HostName = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$"
CertificateArn = r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$"


class DomainSettings(Section):
    """The platform's own host names and the certificates that cover them."""

    aliases: Annotated[
        tuple[Annotated[str, Field(pattern=HostName)], ...], Field(min_length=1, max_length=100)
    ]
    """Host names customers use, 1 to 100 (CloudFront Developer Guide, Quotas)."""

    certificate_arn: Annotated[str, Field(pattern=CertificateArn)]
    """ARN of a certificate in us-east-1 that covers the aliases; CloudFront takes no other."""

    origin_host: Annotated[str, Field(pattern=HostName)]
    """Host name that CloudFront sends to the load balancer, covered by its certificate."""

    origin_certificate_arn: Annotated[str, Field(pattern=CertificateArn)]
    """ARN of a certificate in the home region that covers `origin_host`."""


ManagedRuleGroup = Literal[
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
]


class CountedRule(Section):
    """A managed rule that is counted, since it refused requests that the platform needs."""

    group: ManagedRuleGroup
    """The managed group it belongs to."""

    rule: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    """Its name (WAF Developer Guide, AWS Managed Rules rule groups list)."""


class FirewallSettings(Section):
    """The web application firewalls of CDN and API."""

    requests_per_five_minutes: Annotated[int, Field(ge=10, le=2_000_000_000)] = 2_000
    """Requests one address may make in five minutes, 10 to 2,000,000,000 (WAF Developer Guide,
    Rate-based rule caveats)."""

    counted_rules: tuple[CountedRule, ...] = ()
    """Managed rules that are counted instead of enforced. By default all are enforced, also
    SizeRestrictions_BODY, which refuses bodies above 8 KB."""

    log_retention_days: LogRetentionDays = 90


class EdgeSettings(Section):
    """CloudFront and its function."""

    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = "PriceClass_100"
    """Where CloudFront serves from: North America and Europe, most places, or everywhere."""

    catalog_default_seconds: Annotated[int, Field(ge=0, le=31_536_000)] = 60
    """Seconds a catalogue answer without Cache-Control of its own is kept, up to a year."""

    catalog_max_seconds: Annotated[int, Field(ge=0, le=31_536_000)] = 3_600
    """Seconds a catalogue answer is kept at most, whatever its Cache-Control; up to a year."""

    additional_metrics: bool = False
    """Whether CloudFront publishes cache hit rate and origin latency, for a monthly charge."""

    log_regions: tuple[Annotated[str, Field(pattern=RegionName)], ...] = ()
    """Regions beside us-east-1 where the edge function keeps its own log lines; it writes them in
    the region nearest to the viewer and cannot elsewhere."""

    function_log_retention_days: LogRetentionDays = 30
