"""RDS Proxies."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.guardrails.rules.balancer import zones
from review.limits import rds
from review.terraform import Configuration, Resource
from review.terraform.policies import Statement, read_statements
from review.terraform.shapes import as_mapping

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"
PROXY = "aws_db_proxy"
GLOBAL_KEYS = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid")
"""Condition keys that RDS Proxy never sends (Aurora User Guide, RDS Proxy limitations)."""


def role_statements(proxy: Resource, everything: Configuration) -> list[Statement] | None:
    """Return what the policies of a proxy's role say; nothing if a managed policy may say more."""
    statements: list[Statement] = []
    for role in everything.linked(proxy, "role_arn", "aws_iam_role"):
        if role.is_set("managed_policy_arns") or any(
            each.type == "aws_iam_role_policy_attachment"
            for each in everything.users(role, "aws_iam_role_policy_attachment", "role")
        ):
            return None
        for policy in everything.users(role, "aws_iam_role_policy", "role"):
            statements += read_statements(policy, "policy", everything)
        for block in role.blocks("inline_policy"):
            statements += read_statements(block, "policy", everything)
    return statements


@rule(
    "proxy-trust",
    PROXY,
    title="RDS may assume the role of a proxy, without a condition that it never meets",
    aws="The proxy is made, but it cannot read its secrets: every connection fails.",
    fix="Trust rds.amazonaws.com, without aws:SourceAccount and aws:SourceArn.",
    source=f"{GUIDE}/rds-proxy.html",
    refused_locally="tests/local_aws/test_rds_proxies.py::"
    "test_a_proxy_cannot_assume_a_role_that_demands_a_source",
)
def trust(proxy: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service, and for conditions."""
    for role in everything.linked(proxy, "role_arn", "aws_iam_role"):
        statements = [
            each
            for each in read_statements(role, "assume_role_policy", everything)
            if each.allows and each.admits("rds.amazonaws.com")
        ]
        if not statements:
            yield f"{role.address} does not trust rds.amazonaws.com."
        elif all(_has_global_condition(each) for each in statements):
            yield f"{role.address} demands a condition key that RDS Proxy does not send."


def _has_global_condition(statement: Statement) -> bool:
    return any(
        str(key).lower() in GLOBAL_KEYS
        for keys in statement.conditions.values()
        for key in as_mapping(keys)
    )


@rule(
    "proxy-secret",
    PROXY,
    title="The role of a proxy may read its secrets",
    aws="The proxy is made, but every connection fails.",
    fix="Allow secretsmanager:GetSecretValue on the secrets in the role's policy.",
    source=f"{GUIDE}/rds-proxy-secrets-arns.html",
)
def secret(proxy: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the permission."""
    statements = role_statements(proxy, everything)
    if statements is not None and not any(
        each.allows and each.covers("secretsmanager:GetSecretValue") for each in statements
    ):
        yield "It may not read a secret."


@rule(
    "proxy-decrypt",
    PROXY,
    title="The role of a proxy may decrypt secrets that a key of the account encrypts",
    aws="The proxy is made, but every connection fails.",
    fix="Allow kms:Decrypt on the key in the role's policy.",
    source=f"{GUIDE}/rds-proxy-secrets-arns.html",
    applies=lambda proxy, everything: any(
        secret.is_set("kms_key_id")
        for auth in proxy.blocks("auth")
        for secret in everything.linked(auth, "secret_arn", "aws_secretsmanager_secret")
    ),
    refused_locally="tests/local_aws/test_rds_proxies.py::"
    "test_a_proxy_needs_permission_to_decrypt_its_secrets",
)
def decrypt(proxy: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the permission."""
    statements = role_statements(proxy, everything)
    if statements is not None and not any(
        each.allows and each.covers("kms:Decrypt") for each in statements
    ):
        yield "It may not decrypt."


@rule(
    "proxy-zero-capacity",
    "aws_db_proxy_target",
    title="A cluster that pauses at zero capacity has no proxy",
    aws="The proxy keeps connections open, so the cluster never pauses: it costs as if it ran.",
    fix="Set min_capacity to 0.5 or more, or remove the proxy.",
    source=f"{GUIDE}/aurora-serverless-v2-auto-pause.html",
    severity="warning",
)
def zero_capacity(target: Resource, everything: Configuration) -> Iterator[str]:
    """Look at the cluster's minimum."""
    for cluster in everything.linked(target, "db_cluster_identifier", "aws_rds_cluster"):
        for block in cluster.blocks("serverlessv2_scaling_configuration"):
            if block.number("min_capacity") == 0:
                yield f"{cluster.address} has a minimum of 0 ACU."


@rule(
    "proxy-zones",
    PROXY,
    title="A proxy spans two zones",
    aws="CreateDBProxy answers InvalidSubnet.",
    fix="Name subnets of two zones or more.",
    source=f"{GUIDE}/rds-proxy-setup.html",
)
def proxy_zones(proxy: Resource, everything: Configuration) -> Iterator[str]:
    """Count the zones."""
    found = zones(proxy, "vpc_subnet_ids", everything)
    if len(found) < rds.ZONES:
        yield f"Its subnets are in {', '.join(sorted(found))} only."


@rule(
    "proxy-port",
    "aws_vpc_security_group_ingress_rule",
    "aws_security_group_rule",
    title="Clients reach a proxy on its engine's port",
    aws="The proxy listens on the default port, whatever the cluster's: connections time out.",
    fix="Open 5432 for PostgreSQL, 3306 for MySQL.",
    source=f"{GUIDE}/rds-proxy.html",
    applies=lambda one, everything: bool(_proxies(one, everything)),
)
def proxy_port(ingress: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the ports."""
    first, last = ingress.number("from_port"), ingress.number("to_port")
    for proxy in _proxies(ingress, everything):
        port = rds.DEFAULT_PORTS.get(proxy.text("engine_family"))
        if first is None or last is None or port is None or first < 0:
            continue
        if not first <= port <= last:
            yield f"It opens {first:g}, and {proxy.address} listens on {port}."


def _proxies(ingress: Resource, everything: Configuration) -> list[Resource]:
    """Return the proxies whose own security group a rule opens."""
    if ingress.type == "aws_security_group_rule" and ingress.text("type") != "ingress":
        return []
    groups = set(everything.linked(ingress, "security_group_id", "aws_security_group"))
    return [
        proxy
        for proxy in everything.of(PROXY)
        if groups & set(everything.linked(proxy, "vpc_security_group_ids", "aws_security_group"))
    ]
