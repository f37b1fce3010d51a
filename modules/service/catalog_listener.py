"""A listener that serves the cacheable catalogue reads."""

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionFixedResponse,
)
from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleCondition,
    LbListenerRuleConditionPathPattern,
)
from constructs import Construct

from modules.shared.addresses import HTTP_PORT, HTTPS_PORT

CATALOG_PATH = "/catalog/*"
"""Reads that CloudFront may cache; everything else goes to the REST API."""

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.2 and 1.3 with forward secrecy (Elastic Load Balancing User Guide, Security policies)."""


def build_catalog_listener(
    scope: Construct,
    *,
    name: str,
    load_balancer_arn: str,
    target_group_arn: str,
    certificate_arn: str | None = None,
) -> tuple[ITerraformDependable, ...]:
    """Add a listener and its rule to a construct, and return both.

    The listener answers the catalogue's paths from the target group, and 404 otherwise.

    Args:
        name: Tag of the listener, and prefix of the rule's tag.
        certificate_arn: Certificate of a listener for HTTPS on port 443. None makes a listener for
            HTTP on port 80.
    """
    listener = LbListener(
        scope,
        "listener",
        load_balancer_arn=load_balancer_arn,
        port=HTTPS_PORT if certificate_arn else HTTP_PORT,
        protocol="HTTPS" if certificate_arn else "HTTP",
        certificate_arn=certificate_arn,
        ssl_policy=TLS_POLICY if certificate_arn else None,
        default_action=[
            LbListenerDefaultAction(
                type="fixed-response",
                fixed_response=LbListenerDefaultActionFixedResponse(
                    content_type="application/json",
                    message_body='{"title":"Not Found","status":404}',
                    status_code="404",
                ),
            )
        ],
        tags={"Name": name},
    )
    rule = LbListenerRule(
        scope,
        "catalogue",
        listener_arn=listener.arn,
        priority=10,
        condition=[
            LbListenerRuleCondition(
                path_pattern=LbListenerRuleConditionPathPattern(values=[CATALOG_PATH])
            )
        ],
        action=[LbListenerRuleAction(type="forward", target_group_arn=target_group_arn)],
        tags={"Name": f"{name}-catalogue"},
    )
    return listener, rule
