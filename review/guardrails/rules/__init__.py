"""Every rule."""

from review.guardrails.rule import Rule, rules_of
from review.guardrails.rules import (
    api,
    api_method,
    balancer,
    data,
    edge,
    edge_function,
    function,
    general,
    keys,
    logs,
    metrics,
    network,
    policy,
    proxy,
    scaling,
    security_group,
    storage,
    users,
)

MODULES = (
    api,
    api_method,
    balancer,
    data,
    edge,
    edge_function,
    function,
    general,
    keys,
    logs,
    metrics,
    network,
    policy,
    proxy,
    scaling,
    security_group,
    storage,
    users,
)
"""The rules by subject."""

RULES: tuple[Rule, ...] = tuple(each for module in MODULES for each in rules_of(vars(module)))
