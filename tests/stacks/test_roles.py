"""The roles that AWS services assume, in all stacks."""

from collections.abc import Iterator

from tests.synthesis import Synthesis, statement

SENDS_SOURCE_ACCOUNT = {
    # VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs
    "vpc-flow-logs.amazonaws.com",
    # Aurora User Guide, Setting up and enabling Enhanced Monitoring
    "monitoring.rds.amazonaws.com",
    # EventBridge Scheduler User Guide, Confused deputy prevention
    "scheduler.amazonaws.com",
}
"""Services that name the account on whose behalf they assume a role, as their guides say.

RDS Proxy (`rds.amazonaws.com`) does not: it supports no global condition key (Aurora User Guide,
RDS Proxy limitations).
"""


def _trusts(synthesis: Synthesis) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield name, services and demanded condition keys of every role."""
    for stack in synthesis.stacks.values():
        for role in stack.resources("aws_iam_role").values():
            trust = statement(role["assume_role_policy"], "AssumeRole")
            keys = {key for block in trust.get("Condition", {}).values() for key in block}
            yield role["name"], set(trust["Principal"]["Service"]), keys


def test_a_role_demands_only_what_its_service_sends(synthesis: Synthesis) -> None:
    for name, services, keys in _trusts(synthesis):
        sent = {"aws:SourceAccount"} if services <= SENDS_SOURCE_ACCOUNT else set[str]()
        assert keys <= sent, name


def test_a_role_demands_the_account_where_its_service_sends_it(synthesis: Synthesis) -> None:
    for name, services, keys in _trusts(synthesis):
        if services <= SENDS_SOURCE_ACCOUNT:
            assert keys == {"aws:SourceAccount"}, name
