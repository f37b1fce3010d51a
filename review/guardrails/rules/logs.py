"""Log groups, flow logs and log delivery."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.guardrails.rules.keys import keys_of, missing_actions
from review.limits import cloudfront, ec2, kms, logs
from review.terraform import Configuration, Resource, Unknown
from review.terraform.policies import Statement, read_statements

GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs"
GROUP = "aws_cloudwatch_log_group"
RESOURCE_POLICY = "aws_cloudwatch_log_resource_policy"


@rule(
    "logs-retention",
    GROUP,
    title="A log group expires",
    aws="The events are kept, and billed, for ever.",
    fix="Set retention_in_days.",
    source=f"{GUIDE}/Working-with-log-groups-and-streams.html",
    severity="warning",
)
def retention(group: Resource, _all: Configuration) -> Iterator[str]:
    """Look for the retention."""
    if (group.number("retention_in_days") or logs.NEVER) == logs.NEVER:
        yield "It never expires."


@rule(
    "logs-retention-value",
    GROUP,
    title="The retention is one of the values that CloudWatch Logs has",
    aws="PutRetentionPolicy answers InvalidParameterException.",
    fix=f"Set one of {', '.join(map(str, logs.RETENTION_DAYS))}.",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"
    "API_PutRetentionPolicy.html",
    applies=lambda group, _all: group.is_set("retention_in_days"),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def retention_value(group: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the values."""
    days = group.number("retention_in_days")
    if days is not None and days not in (*logs.RETENTION_DAYS, logs.NEVER):
        yield f"It is {days:g} days."


@rule(
    "logs-key",
    GROUP,
    title="The key of a log group lets CloudWatch Logs use it",
    aws="CreateLogGroup answers InvalidParameterException: the key cannot be used.",
    fix="Allow logs.REGION.amazonaws.com kms:Encrypt*, Decrypt*, ReEncrypt*, GenerateDataKey* and "
    "Describe* in the key's policy.",
    source=f"{GUIDE}/encrypt-log-data-kms.html",
    applies=lambda group, everything: bool(keys_of(group, "kms_key_id", everything)),
)
def key(group: Resource, everything: Configuration) -> Iterator[str]:
    """Look for what the service does in the policy of the key."""
    for each in keys_of(group, "kms_key_id", everything):
        missing = missing_actions(
            each,
            kms.LOG_ACTIONS,
            everything,
            admits=lambda one: _admits_logs(one, region=group.region),
        )
        if missing:
            service = f"logs.{group.region or 'REGION'}.amazonaws.com"
            yield f"{each.address} does not allow {service} {', '.join(missing)}."


def _admits_logs(statement: Statement, *, region: str) -> bool:
    """Return whether a statement is for the log service of a region."""
    services = statement.principals.get("Service", ())
    names = [each.text if isinstance(each, Unknown) else each for each in services]
    return any(
        isinstance(name, str)
        and name.startswith("logs.")
        and ("${" in name or not region or name.startswith(f"logs.{region}."))
        for name in names
    ) or any(name == "logs.amazonaws.com" for name in names)


@rule(
    "logs-flow-trust",
    "aws_flow_log",
    title="VPC flow logs may assume their role",
    aws="CreateFlowLogs answers InvalidParameter, or nothing is ever written.",
    fix="Trust vpc-flow-logs.amazonaws.com.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
    applies=lambda flow, _all: flow.is_set("iam_role_arn"),
)
def flow_trust(flow: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service in the role's trust."""
    for role in everything.linked(flow, "iam_role_arn", "aws_iam_role"):
        statements = read_statements(role, "assume_role_policy", everything)
        if not any(one.allows and one.admits("vpc-flow-logs.amazonaws.com") for one in statements):
            yield f"{role.address} does not trust vpc-flow-logs.amazonaws.com."


@rule(
    "logs-flow-permissions",
    "aws_flow_log",
    title="The role of flow logs may write them",
    aws="The flow log is made, its state becomes `Access error`, and nothing is written.",
    fix="Allow logs:CreateLogStream, PutLogEvents, DescribeLogGroups and DescribeLogStreams.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
    applies=lambda flow, _all: flow.is_set("iam_role_arn"),
)
def flow_permissions(flow: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the permissions, unless a managed policy may give them."""
    for role in everything.linked(flow, "iam_role_arn", "aws_iam_role"):
        if everything.users(role, "aws_iam_role_policy_attachment", "role"):
            continue
        statements = [
            statement
            for policy in [
                *everything.users(role, "aws_iam_role_policy", "role"),
                *role.blocks("inline_policy"),
            ]
            for statement in read_statements(policy, "policy", everything)
        ]
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            if not any(one.allows and one.covers(action) for one in statements):
                yield f"{role.address} does not allow {action}."


@rule(
    "logs-flow-interval",
    "aws_flow_log",
    title="Flow logs are aggregated over 60 or 600 seconds",
    aws="CreateFlowLogs answers InvalidParameter.",
    fix="Set max_aggregation_interval to 60 or 600.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html",
    applies=lambda flow, _all: flow.is_set("max_aggregation_interval"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def flow_interval(flow: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the values."""
    seconds = flow.number("max_aggregation_interval")
    if seconds not in ec2.FLOW_LOG_SECONDS:
        yield f"It is {seconds or 0:g} s."


@rule(
    "logs-delivery-policy",
    "aws_wafv2_web_acl_logging_configuration",
    title="A resource policy lets log delivery write a firewall's logs",
    aws="PutLoggingConfiguration needs logs:PutResourcePolicy for the caller, or answers "
    "WAFLogDestinationPermissionIssueException.",
    fix="Declare aws_cloudwatch_log_resource_policy for delivery.logs.amazonaws.com.",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html",
    severity="warning",
    applies=lambda logging, everything: (
        bool(everything.linked(logging, "log_destination_configs", GROUP))
        and bool(everything.of(RESOURCE_POLICY))
    ),
)
def delivery_policy(logging: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service in the policies that are declared in the region."""
    policies = [each for each in everything.of(RESOURCE_POLICY) if each.region == logging.region]
    statements = [
        statement
        for policy in policies
        for statement in read_statements(policy, "policy_document", everything)
    ]
    if policies and not any(one.allows and one.admits(logs.DELIVERY_SERVICE) for one in statements):
        yield f"No resource policy of the region admits {logs.DELIVERY_SERVICE}."


@rule(
    "logs-query-log",
    "aws_route53_query_log",
    title="DNS queries are logged in us-east-1, where Route 53 may write",
    aws="CreateQueryLoggingConfig answers InvalidInput or "
    "InsufficientCloudWatchLogsResourcePolicy.",
    fix="Declare the log group and a resource policy for route53.amazonaws.com in us-east-1, and "
    "let the query log depend on the policy.",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html",
)
def query_log(logging: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the group's region, and for the service in the policies."""
    for group in everything.linked(logging, "cloudwatch_log_group_arn", GROUP):
        if group.region != cloudfront.EDGE_REGION:
            yield f"{group.address} is in {group.region or 'another region'}."
    policies = [
        policy
        for policy in everything.of(RESOURCE_POLICY)
        if any(
            one.allows and one.admits("route53.amazonaws.com")
            for one in read_statements(policy, "policy_document", everything)
        )
    ]
    if not policies:
        yield "No resource policy admits route53.amazonaws.com."
    elif not any(everything.comes_after(logging, policy) for policy in policies):
        yield f"It does not wait for {policies[0].address}."
