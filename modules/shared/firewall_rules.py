"""The rules of a web ACL, written once for CloudFront and for the API's stage."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAclRule,
    Wafv2WebAclRuleAction,
    Wafv2WebAclRuleActionBlock,
    Wafv2WebAclRuleActionBlockCustomResponse,
    Wafv2WebAclRuleOverrideAction,
    Wafv2WebAclRuleOverrideActionNone,
    Wafv2WebAclRuleVisibilityConfig,
)

from modules.settings.edge import CountedRule, ManagedRuleGroup

WebAclScope = Literal["CLOUDFRONT", "REGIONAL"]

RATE_WINDOW_SECONDS = 300
TOO_MANY_REQUESTS = 429
FORWARDED_HEADER = "x-forwarded-for"

_Block = Mapping[str, object]
"""A nested block in Terraform's own words: the bindings have no types for statements."""


def build_firewall_rules(
    *, scope: WebAclScope, rate_limit: int, counted: Sequence[CountedRule]
) -> list[Wafv2WebAclRule]:
    """Return all rules of a web ACL. Rate rules come first: a flood must not reach costlier ones.

    Args:
        scope: CLOUDFRONT, or REGIONAL for resources of one region.
        rate_limit: Requests that one address may send in five minutes.
        counted: Managed rules that are counted instead of enforced.
    """
    rates = _rate_statements(scope=scope, limit=rate_limit)
    # In this order: 25, 700, 200 and 200 capacity units; with the rate rules below the 1,500 that
    # a web ACL has at no further cost (WAF Developer Guide, AWS Managed Rules rule groups list).
    groups: tuple[ManagedRuleGroup, ...] = get_args(ManagedRuleGroup)
    return [
        *(
            Wafv2WebAclRule(
                name=name,
                priority=priority,
                statement=statement,
                action=Wafv2WebAclRuleAction(
                    block=Wafv2WebAclRuleActionBlock(
                        custom_response=Wafv2WebAclRuleActionBlockCustomResponse(
                            response_code=TOO_MANY_REQUESTS
                        )
                    )
                ),
                visibility_config=_visibility(name),
            )
            for priority, (name, statement) in enumerate(rates.items())
        ),
        *(
            Wafv2WebAclRule(
                name=group,
                priority=priority,
                statement=_managed_statement(group=group, counted=counted),
                override_action=Wafv2WebAclRuleOverrideAction(
                    none=Wafv2WebAclRuleOverrideActionNone()
                ),
                visibility_config=_visibility(group),
            )
            for priority, group in enumerate(groups, start=len(rates))
        ),
    ]


def _rate_statements(*, scope: WebAclScope, limit: int) -> dict[str, _Block]:
    """Return the statements of the rate rules, which count requests by client address.

    CloudFront sees the addresses of its viewers, but the API's stage sees those of CloudFront. So
    the stage counts the first address in X-Forwarded-For. WAF does not apply that rule to requests
    without the header, which bypassed CloudFront; a second rule counts those by their sender.

    The stage does not count an invalid first address: some proxies send `unknown`, and their
    customers would be refused (WAF API Reference, ForwardedIPConfig). CloudFront's own web ACL has
    counted them by their real address. Clients that bypass CloudFront and forge X-Forwarded-For
    are limited only by stage throttling.
    """
    rate: _Block = {"limit": limit, "evaluation_window_sec": RATE_WINDOW_SECONDS}
    by_sender = {**rate, "aggregate_key_type": "IP"}
    if scope == "CLOUDFRONT":
        return {"rate-by-address": {"rate_based_statement": by_sender}}
    by_forwarded = {
        **rate,
        "aggregate_key_type": "FORWARDED_IP",
        "forwarded_ip_config": {"header_name": FORWARDED_HEADER, "fallback_behavior": "NO_MATCH"},
    }
    has_header = {
        "size_constraint_statement": {
            "comparison_operator": "GE",
            "size": 0,
            "field_to_match": {"single_header": {"name": FORWARDED_HEADER}},
            "text_transformation": {"priority": 0, "type": "NONE"},
        }
    }
    direct = {**by_sender, "scope_down_statement": {"not_statement": {"statement": has_header}}}
    return {
        "rate-by-forwarded-address": {"rate_based_statement": by_forwarded},
        "rate-by-address-past-cdn": {"rate_based_statement": direct},
    }


def _managed_statement(*, group: ManagedRuleGroup, counted: Sequence[CountedRule]) -> _Block:
    overrides: list[_Block] = [
        {"name": exception.rule, "action_to_use": {"count": {}}}
        for exception in counted
        if exception.group == group
    ]
    return {
        "managed_rule_group_statement": {
            "vendor_name": "AWS",
            "name": group,
            **({"rule_action_override": overrides} if overrides else {}),
        }
    }


def _visibility(name: str) -> Wafv2WebAclRuleVisibilityConfig:
    return Wafv2WebAclRuleVisibilityConfig(
        cloudwatch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
