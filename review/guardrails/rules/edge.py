"""CloudFront: origins, caches, firewalls, certificates, logs."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import cloudfront
from review.terraform import Block, Configuration, Resource

GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
DISTRIBUTION = "aws_cloudfront_distribution"
FUNCTION = "aws_lambda_function"


def behaviors(distribution: Resource) -> list[Block]:
    """Return all cache behaviours, the default one first."""
    return [
        *distribution.blocks("default_cache_behavior"),
        *distribution.blocks("ordered_cache_behavior"),
    ]


@rule(
    "edge-behavior-origin",
    DISTRIBUTION,
    title="A behaviour names an origin of the distribution",
    aws="CreateDistribution answers NoSuchOrigin.",
    fix="Set target_origin_id to the id of an origin or an origin group.",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def behavior_origin(distribution: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the ids."""
    origins = [*distribution.blocks("origin"), *distribution.blocks("origin_group")]
    known = {origin.text("origin_id") for origin in origins}
    for behavior in behaviors(distribution):
        target = behavior.text("target_origin_id")
        if target not in known:
            yield f"{behavior.place} names {target or 'nothing'}."


@rule(
    "edge-group-member",
    DISTRIBUTION,
    title="The members of an origin group are origins of the distribution",
    aws="CreateDistribution answers NoSuchOrigin.",
    fix="Set origin_id of each member to the id of an origin.",
    source=f"{GUIDE}/high_availability_origin_failover.html",
    applies=lambda one, _all: bool(one.blocks("origin_group")),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def group_member(distribution: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the ids."""
    known = {origin.text("origin_id") for origin in distribution.blocks("origin")}
    for group in distribution.blocks("origin_group"):
        for member in group.blocks("member"):
            if member.text("origin_id") not in known:
                yield f"{member.place} names {member.text('origin_id') or 'nothing'}."


@rule(
    "edge-group-methods",
    DISTRIBUTION,
    title="A behaviour of an origin group allows only methods that CloudFront repeats",
    aws="CreateDistribution answers InvalidArgument: origin groups take GET, HEAD and OPTIONS.",
    fix="Send other methods to a single origin by a behaviour of their own.",
    source=f"{GUIDE}/high_availability_origin_failover.html",
    applies=lambda one, _all: bool(one.blocks("origin_group")),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def group_methods(distribution: Resource, _all: Configuration) -> Iterator[str]:
    """Find other methods."""
    groups = {group.text("origin_id") for group in distribution.blocks("origin_group")}
    for behavior in behaviors(distribution):
        if behavior.text("target_origin_id") in groups:
            methods = [
                each
                for each in behavior.items("allowed_methods")
                if each not in cloudfront.FAILOVER_METHODS
            ]
            if methods:
                yield f"{behavior.place} allows {', '.join(map(str, methods))}."


@rule(
    "edge-host-header",
    DISTRIBUTION,
    title="The viewer's Host header does not reach an API Gateway or a function URL",
    aws="The origin answers 403, because it does not know the host.",
    fix="Use the managed origin request policy AllViewerExceptHostHeader.",
    source=f"{GUIDE}/using-managed-origin-request-policies.html",
    applies=lambda one, everything: bool(_strict_origins(one, everything)),
)
def host_header(distribution: Resource, everything: Configuration) -> Iterator[str]:
    """Find policies that forward it."""
    strict = _strict_origins(distribution, everything)
    for behavior in behaviors(distribution):
        origin = strict.get(behavior.text("target_origin_id"))
        if origin and _forwards_host(behavior, everything):
            yield f"{behavior.place} forwards the Host header to {origin}."


def _strict_origins(distribution: Resource, everything: Configuration) -> dict[str, str]:
    """Return the addresses of APIs and function URLs among the origins, by the origin's id."""
    types = ("aws_api_gateway_rest_api", "aws_api_gateway_stage", "aws_lambda_function_url")
    found: dict[str, str] = {}
    for origin in distribution.blocks("origin"):
        for link in everything.links(origin, "domain_name"):
            if link.resource.type in (*types, "aws_apigatewayv2_api", "aws_apigatewayv2_stage"):
                found[origin.text("origin_id")] = link.resource.address
        name = origin.get("domain_name")
        if isinstance(name, str) and ".execute-api." in name:
            found[origin.text("origin_id")] = name
    return found


def _forwards_host(behavior: Block, everything: Configuration) -> bool:
    if behavior.get("origin_request_policy_id") == cloudfront.ALL_VIEWER:
        return True
    for link in everything.links(behavior, "origin_request_policy_id"):
        policy = link.resource
        if policy.mode == "data":
            return policy.get("name") == "Managed-AllViewer"
        for headers in policy.blocks("headers_config"):
            if headers.text("header_behavior") == "allViewer":
                return True
            names = [item for each in headers.blocks("headers") for item in each.items("items")]
            if "host" in [each.lower() for each in names if isinstance(each, str)]:
                return headers.text("header_behavior") != "allExcept"
    return False


@rule(
    "edge-failover-codes",
    DISTRIBUTION,
    title="Failover does not repeat what the application itself answered",
    aws="CloudFront sends the request to the second origin as well, which doubles the work while "
    "the application is overloaded.",
    fix="Fail over on 500, 502 and 504; leave 503, 404 and 403 to the application.",
    source=f"{GUIDE}/high_availability_origin_failover.html",
    severity="warning",
    applies=lambda one, _all: bool(one.blocks("origin_group")),
)
def failover_codes(distribution: Resource, everything: Configuration) -> Iterator[str]:
    """Find 503 for origins that are balancers, functions or APIs."""
    for group in distribution.blocks("origin_group"):
        for criteria in group.blocks("failover_criteria"):
            codes = criteria.items("status_codes")
            buckets = _bucket_origins(distribution, everything)
            members = {each.text("origin_id") for each in group.blocks("member")}
            if {503, "503"} & {each for each in codes if isinstance(each, (int, str))}:
                if members <= buckets:
                    continue
                yield f"{group.place} fails over on 503."


def _bucket_origins(distribution: Resource, everything: Configuration) -> set[str]:
    return {
        origin.text("origin_id")
        for origin in distribution.blocks("origin")
        if origin.is_set("s3_origin_config")
        or origin.is_set("origin_access_control_id")
        or any(
            link.resource.type == "aws_s3_bucket"
            for link in everything.links(origin, "domain_name")
        )
    }


@rule(
    "edge-certificate-region",
    DISTRIBUTION,
    title="The certificate of a distribution is in us-east-1",
    aws="CreateDistribution answers InvalidViewerCertificate.",
    fix="Give aws_acm_certificate a provider of us-east-1.",
    source=f"{GUIDE}/cnames-and-https-requirements.html",
    applies=lambda one, _all: any(
        each.is_set("acm_certificate_arn") for each in one.blocks("viewer_certificate")
    ),
    refused_locally="tests/local_aws/test_cloudfront.py::"
    "test_host_names_need_a_certificate_of_us_east_1_that_covers_them",
)
def certificate_region(distribution: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the provider of the certificate, or at its ARN."""
    for viewer in distribution.blocks("viewer_certificate"):
        value = viewer.get("acm_certificate_arn")
        if isinstance(value, str):
            parts = value.split(":")
            if len(parts) > 3 and parts[3] != cloudfront.EDGE_REGION:  # noqa: PLR2004  # the region's place in an ARN
                yield f"It is {value}."
            continue
        types = ("aws_acm_certificate", "aws_acm_certificate_validation")
        for certificate in everything.linked(viewer, "acm_certificate_arn", *types):
            if certificate.region != cloudfront.EDGE_REGION:
                yield f"{certificate.address} is in {certificate.region or 'another region'}."


@rule(
    "edge-firewall-region",
    "aws_wafv2_web_acl",
    "aws_wafv2_ip_set",
    "aws_wafv2_rule_group",
    "aws_wafv2_regex_pattern_set",
    title="A firewall of scope CLOUDFRONT is in us-east-1",
    aws="CreateWebACL answers WAFInvalidParameterException: the scope is not valid.",
    fix="Give it a provider of us-east-1.",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html",
    applies=lambda one, _all: one.text("scope") == "CLOUDFRONT",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def firewall_region(firewall: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the provider."""
    if firewall.region != cloudfront.EDGE_REGION:
        yield f"It is in {firewall.region or 'the region of the environment'}."


@rule(
    "edge-firewall-scope",
    DISTRIBUTION,
    title="The firewall of a distribution has the scope CLOUDFRONT",
    aws="CreateDistribution answers InvalidWebACLId.",
    fix="Set scope = CLOUDFRONT on the firewall.",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html",
    applies=lambda one, everything: bool(everything.linked(one, "web_acl_id", "aws_wafv2_web_acl")),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def firewall_scope(distribution: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the scope of the firewall, and at the attribute that names it."""
    for link in everything.links(distribution, "web_acl_id"):
        if link.resource.type != "aws_wafv2_web_acl":
            continue
        if link.resource.text("scope") != "CLOUDFRONT":
            yield f"{link.resource.address} has the scope {link.resource.text('scope')}."
        if link.attribute == "id":
            yield f"It names the id of {link.resource.address}; CloudFront takes the ARN."


@rule(
    "edge-firewall-log-name",
    "aws_wafv2_web_acl_logging_configuration",
    title="The name of a firewall's log destination begins with aws-waf-logs-",
    aws="PutLoggingConfiguration answers WAFInvalidParameterException.",
    fix=f"Begin the name of the log group, bucket or stream with {cloudfront.WAF_LOG_PREFIX}.",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def firewall_log_name(logging: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the names of the destinations."""
    names = {
        "aws_cloudwatch_log_group": "name",
        "aws_s3_bucket": "bucket",
        "aws_kinesis_firehose_delivery_stream": "name",
    }
    targets = everything.linked(logging, "log_destination_configs", *names)
    for target in targets:
        name = target.text(names[target.type])
        if name and not name.startswith(cloudfront.WAF_LOG_PREFIX):
            yield f"{target.address} is named {name}."


@rule(
    "edge-log-delivery-region",
    "aws_cloudwatch_log_delivery_source",
    title="The log delivery of a distribution is set up in us-east-1",
    aws="PutDeliverySource answers ValidationException or ResourceNotFoundException.",
    fix="Give source, destination and delivery a provider of us-east-1.",
    source=f"{GUIDE}/standard-logging.html",
    applies=lambda one, everything: any(
        link.resource.type == DISTRIBUTION for link in everything.links(one, "resource_arn")
    ),
)
def log_delivery_region(source: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the provider."""
    if source.region != cloudfront.EDGE_REGION:
        yield f"It is in {source.region or 'the region of the environment'}."


@rule(
    "edge-vpc-origin-replacement",
    "aws_cloudfront_vpc_origin",
    title="A VPC origin is replaced by a new one before it goes",
    aws="CloudFront refuses to update or delete a VPC origin in use: CannotUpdateEntityWhileInUse.",
    fix="Set create_before_destroy, and a name that changes with the endpoint.",
    source="https://github.com/hashicorp/terraform-provider-aws/issues/40905",
    severity="warning",
    refused_locally="tests/local_aws/test_cloudfront.py::"
    "test_a_vpc_origin_in_use_can_be_neither_changed_nor_deleted",
)
def vpc_origin_replacement(origin: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the lifecycle."""
    if origin.lifecycle.get("create_before_destroy") is not True:
        yield "It has no create_before_destroy."


@rule(
    "edge-cache-disabled",
    "aws_cloudfront_cache_policy",
    title="A cache policy that caches nothing names no keys and no compression",
    aws="CreateCachePolicy answers InvalidArgument.",
    fix="Raise max_ttl to 1, or remove the keys; or use the managed policy CachingDisabled.",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html",
    applies=lambda policy, _all: policy.number("max_ttl") == 0,
    refused_locally="tests/local_aws/test_cloudfront.py::"
    "test_a_cache_policy_that_caches_nothing_names_no_key",
)
def cache_disabled(policy: Resource, _all: Configuration) -> Iterator[str]:
    """Find keys and compression."""
    for parameters in policy.blocks("parameters_in_cache_key_and_forwarded_to_origin"):
        for name in ("enable_accept_encoding_gzip", "enable_accept_encoding_brotli"):
            if parameters.flag(name):
                yield f"It sets {name}."
        for part, argument in (
            ("headers_config", "header_behavior"),
            ("cookies_config", "cookie_behavior"),
            ("query_strings_config", "query_string_behavior"),
        ):
            for block in parameters.blocks(part):
                if block.text(argument) not in {"", "none"}:
                    yield f"Its {part} names keys."


@rule(
    "edge-cache-ttls",
    "aws_cloudfront_cache_policy",
    title="The times of a cache policy are in order: minimum, default, maximum",
    aws="CreateCachePolicy answers InvalidArgument.",
    fix="Set min_ttl <= default_ttl <= max_ttl.",
    source="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def cache_ttls(policy: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the three."""
    least = policy.number("min_ttl") or 0
    default, most = policy.number("default_ttl"), policy.number("max_ttl")
    if most is not None and least > most:
        yield f"Its minimum is {least:g} s and its maximum {most:g} s."
    if default is not None and most is not None and default > most:
        yield f"Its default is {default:g} s and its maximum {most:g} s."


@rule(
    "edge-certificate-validated",
    DISTRIBUTION,
    title="A certificate is validated before a distribution uses it",
    aws="CreateDistribution answers InvalidViewerCertificate while the certificate is pending.",
    fix="Name certificate_arn of aws_acm_certificate_validation.",
    source=f"{GUIDE}/cnames-and-https-requirements.html",
    applies=lambda one, everything: any(
        link.resource.type == "aws_acm_certificate"
        for viewer in one.blocks("viewer_certificate")
        for link in everything.links(viewer, "acm_certificate_arn")
    ),
)
def certificate_validated(distribution: Resource, everything: Configuration) -> Iterator[str]:
    """Find certificates whose validation the distribution does not wait for."""
    validations = everything.of("aws_acm_certificate_validation")
    for viewer in distribution.blocks("viewer_certificate"):
        for certificate in everything.linked(viewer, "acm_certificate_arn", "aws_acm_certificate"):
            if certificate.is_set("private_key") or not certificate.is_set("validation_method"):
                continue
            if not any(everything.comes_after(distribution, each) for each in validations):
                yield f"It does not wait for the validation of {certificate.address}."
