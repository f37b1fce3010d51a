"""Load balancers, their listeners and target groups."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import elbv2
from review.terraform import Configuration, NotEvaluableError, Resource

GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application"
BALANCERS = ("aws_lb", "aws_alb")
GROUP = "aws_lb_target_group"


def is_application(balancer: Resource, _all: Configuration) -> bool:
    """Return whether it is an Application Load Balancer, which is the default."""
    return balancer.text("load_balancer_type") in {"", "application"}


def zones(resource: Resource, name: str, everything: Configuration) -> set[str]:
    """Return the availability zones of the subnets that an argument names.

    Raises:
        NotEvaluableError: A subnet or its zone is not visible.
    """
    found: set[str] = set()
    named = resource.items(name) if isinstance(resource.get(name), list) else []
    subnets = everything.linked(resource, name, "aws_subnet")
    if len(subnets) < len(named) or any(subnet.repeated for subnet in subnets):
        raise NotEvaluableError(resource.place, f"not all of {name} are visible")
    for subnet in subnets:
        found.add(subnet.text("availability_zone") or subnet.text("availability_zone_id"))
    if not subnets or "" in found:
        raise NotEvaluableError(resource.place, f"the zones of {name} are not visible")
    return found


@rule(
    "balancer-zones",
    *BALANCERS,
    title="An Application Load Balancer spans two zones",
    aws="CreateLoadBalancer answers ValidationError.",
    fix="Name subnets of two zones or more.",
    source=f"{GUIDE}/application-load-balancers.html",
    applies=lambda one, everything: is_application(one, everything) and one.is_set("subnets"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def balancer_zones(balancer: Resource, everything: Configuration) -> Iterator[str]:
    """Count the zones."""
    found = zones(balancer, "subnets", everything)
    if len(found) < elbv2.ZONES:
        yield f"Its subnets are in {', '.join(sorted(found))} only."


@rule(
    "balancer-priorities",
    "aws_lb_listener_rule",
    title="The rules of a listener have different priorities",
    aws="CreateRule answers PriorityInUse.",
    fix="Number the rules.",
    source=f"{GUIDE}/listener-update-rules.html",
    applies=lambda one, _all: one.is_set("priority"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def priorities(listener_rule: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the rules after it, and with the limits."""
    least, most = elbv2.LISTENER_PRIORITY
    priority = listener_rule.number("priority")
    if priority is not None and not least <= priority <= most:
        yield f"Its priority is {priority:g}."
    listeners = {link.resource for link in everything.links(listener_rule, "listener_arn")}
    rules = everything.of("aws_lb_listener_rule")
    for other in rules[rules.index(listener_rule) + 1 :]:
        theirs = {link.resource for link in everything.links(other, "listener_arn")}
        if listeners & theirs and other.number("priority") == priority:
            yield f"{other.address} has the priority {priority:g} too."


@rule(
    "balancer-target-permission",
    "aws_lb_target_group_attachment",
    "aws_alb_target_group_attachment",
    title="A balancer may invoke a function before the function is its target",
    aws="RegisterTargets answers AccessDenied: no permission to invoke.",
    fix="Declare aws_lambda_permission for elasticloadbalancing.amazonaws.com, and let the "
    "attachment depend on it.",
    source=f"{GUIDE}/lambda-functions.html",
    applies=lambda one, everything: bool(_functions(one, everything)),
    refused_locally="tests/local_aws/test_requests_load_balancer.py::"
    "test_registering_and_invoking_a_function_need_permission",
)
def target_permission(attachment: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the permission, and for the order."""
    permissions = [
        each
        for each in everything.of("aws_lambda_permission")
        if each.get("principal") == "elasticloadbalancing.amazonaws.com"
    ]
    if not permissions:
        yield "No permission lets a balancer invoke it."
    elif not any(everything.comes_after(attachment, each) for each in permissions):
        yield "It does not wait for the permission."


def _functions(attachment: Resource, everything: Configuration) -> list[Resource]:
    groups = everything.linked(attachment, "target_group_arn", GROUP, "aws_alb_target_group")
    if not any(group.get("target_type") == "lambda" for group in groups):
        return []
    return everything.linked(attachment, "target_id", "aws_lambda_function", "aws_lambda_alias")


@rule(
    "balancer-function-group",
    GROUP,
    title="A target group of a function has no port, protocol or VPC",
    aws="The provider leaves them out, and says that a later version will refuse them.",
    fix="Remove port, protocol and vpc_id.",
    source=f"{GUIDE}/lambda-functions.html",
    severity="warning",
    applies=lambda group, _all: group.text("target_type") == "lambda",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def function_group(group: Resource, _all: Configuration) -> Iterator[str]:
    """Find arguments of other kinds of targets."""
    for name in ("port", "protocol", "vpc_id"):
        if group.is_set(name):
            yield f"It sets {name}."


@rule(
    "balancer-group-vpc",
    GROUP,
    title="A target group of instances or addresses has port, protocol and VPC",
    aws="CreateTargetGroup answers ValidationError.",
    fix="Set port, protocol and vpc_id.",
    source=f"{GUIDE}/create-target-group.html",
    applies=lambda group, _all: group.text("target_type") in {"", "instance", "ip"},
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def group_vpc(group: Resource, _all: Configuration) -> Iterator[str]:
    """Find what is missing."""
    for name in ("port", "protocol", "vpc_id"):
        if not group.is_set(name):
            yield f"It sets no {name}."


@rule(
    "balancer-https-certificate",
    "aws_lb_listener",
    title="A listener for HTTPS has a certificate",
    aws="CreateListener answers CertificateNotFound.",
    fix="Set certificate_arn.",
    source=f"{GUIDE}/create-https-listener.html",
    applies=lambda listener, _all: listener.text("protocol") in {"HTTPS", "TLS"},
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def https_certificate(listener: Resource, _all: Configuration) -> Iterator[str]:
    """Look for the certificate."""
    if not listener.is_set("certificate_arn"):
        yield "It has no certificate."


@rule(
    "balancer-http-certificate",
    "aws_lb_listener",
    title="A listener for HTTP has no certificate",
    aws="CreateListener answers ValidationError: a certificate cannot be specified for HTTP.",
    fix="Set protocol = HTTPS, or remove certificate_arn.",
    source=f"{GUIDE}/create-https-listener.html",
    applies=lambda listener, _all: listener.text("protocol") == "HTTP",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def http_certificate(listener: Resource, _all: Configuration) -> Iterator[str]:
    """Look for what only HTTPS has."""
    for name in ("certificate_arn", "ssl_policy"):
        if listener.is_set(name):
            yield f"It sets {name}."


@rule(
    "balancer-idle-timeout",
    *BALANCERS,
    title="The idle timeout is 1 to 4,000 seconds",
    aws="ModifyLoadBalancerAttributes answers InvalidConfigurationRequest.",
    fix="Set idle_timeout within the limits.",
    source=f"{GUIDE}/edit-load-balancer-attributes.html",
    applies=is_application,
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def idle_timeout(balancer: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = elbv2.IDLE_SECONDS
    seconds = balancer.number("idle_timeout")
    if seconds is not None and not least <= seconds <= most:
        yield f"It is {seconds:g} s."


@rule(
    "balancer-log-prefix",
    *BALANCERS,
    title="The prefix of access logs does not contain AWSLogs",
    aws="ModifyLoadBalancerAttributes answers InvalidConfigurationRequest.",
    fix="Choose another prefix; the balancer adds AWSLogs itself.",
    source=f"{GUIDE}/enable-access-logging.html",
    applies=lambda one, _all: any(each.is_set("bucket") for each in one.blocks("access_logs")),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def log_prefix(balancer: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the prefix."""
    for logs in balancer.blocks("access_logs"):
        if "AWSLogs" in logs.text("prefix"):
            yield f"Its prefix is {logs.text('prefix')}."


@rule(
    "balancer-log-bucket-region",
    *BALANCERS,
    title="The bucket of access logs is in the balancer's region",
    aws="ModifyLoadBalancerAttributes answers InvalidConfigurationRequest.",
    fix="Use a bucket of the same region.",
    source=f"{GUIDE}/enable-access-logging.html",
    applies=lambda one, everything: any(
        everything.linked(each, "bucket", "aws_s3_bucket") for each in one.blocks("access_logs")
    ),
)
def log_bucket_region(balancer: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the providers."""
    for logs in balancer.blocks("access_logs"):
        for bucket in everything.linked(logs, "bucket", "aws_s3_bucket"):
            if bucket.region != balancer.region:
                yield f"{bucket.address} is in {bucket.region or 'another region'}."


@rule(
    "balancer-log-bucket-policy",
    *BALANCERS,
    title="The bucket of access logs has its policy before the balancer uses it",
    aws="ModifyLoadBalancerAttributes answers InvalidConfigurationRequest: access denied.",
    fix="Let the balancer depend on aws_s3_bucket_policy of the bucket.",
    source=f"{GUIDE}/enable-access-logging.html",
    applies=lambda one, everything: any(
        each.flag("enabled", default=True) and everything.linked(each, "bucket", "aws_s3_bucket")
        for each in one.blocks("access_logs")
    ),
)
def log_bucket_policy(balancer: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the policy, and for the order."""
    for logs in balancer.blocks("access_logs"):
        for bucket in everything.linked(logs, "bucket", "aws_s3_bucket"):
            policies = everything.users(bucket, "aws_s3_bucket_policy", "bucket")
            if not policies:
                yield f"{bucket.address} has no policy."
            elif not any(everything.comes_after(balancer, each) for each in policies):
                yield f"It does not wait for {policies[0].address}."
