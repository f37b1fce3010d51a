"""Provisioned concurrency of functions, and how it scales."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import awslambda
from review.terraform import Configuration, Link, Resource, Unknown

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html"
SCALING = "https://docs.aws.amazon.com/autoscaling/application/APIReference"
CONFIG = "aws_lambda_provisioned_concurrency_config"
TARGET = "aws_appautoscaling_target"
LATEST = "$LATEST"


def is_lambda(resource: Resource, _all: Configuration) -> bool:
    """Return whether a scaling resource is about a function."""
    return resource.text("service_namespace") == "lambda"


@rule(
    "scaling-provisioned-latest",
    CONFIG,
    title="Provisioned concurrency belongs to an alias or a published version",
    aws="PutProvisionedConcurrencyConfig answers InvalidParameterValueException.",
    fix="Set qualifier to the alias or to the function's version.",
    source=GUIDE,
    refused_locally="tests/local_aws/test_provisioned_concurrency.py::"
    "test_it_needs_a_published_version",
)
def provisioned_latest(config: Resource, everything: Configuration) -> Iterator[str]:
    """Find concurrency of $LATEST, also by a function that publishes no version."""
    if config.get("qualifier") == LATEST:
        yield f"It provisions {LATEST}."
    for link in everything.links(config, "qualifier"):
        function = link.resource
        if function.type == "aws_lambda_function" and not function.flag("publish"):
            yield f"{function.address} does not publish, so its version is {LATEST}."


@rule(
    "scaling-provisioned-above-reserved",
    CONFIG,
    title="Provisioned concurrency fits into the reserved concurrency",
    aws="PutProvisionedConcurrencyConfig answers InvalidParameterValueException.",
    fix="Raise reserved_concurrent_executions of the function, or provision less.",
    source=GUIDE,
    refused_locally="tests/local_aws/test_provisioned_concurrency.py::"
    "test_all_versions_together_may_have_the_reserved_concurrency",
)
def provisioned_above_reserved(config: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with what the function reserves."""
    provisioned = config.number("provisioned_concurrent_executions") or 0
    for function in everything.linked(config, "function_name", "aws_lambda_function"):
        reserved = function.number("reserved_concurrent_executions")
        if reserved is not None and 0 <= reserved < provisioned:
            yield f"It provisions {provisioned:g}, and {function.address} reserves {reserved:g}."


@rule(
    "scaling-provisioned-alias",
    CONFIG,
    title="Provisioned concurrency belongs to the version, not to an alias that moves",
    aws="Moving the alias sets temporary weights, which Terraform neither waits for nor knows. The "
    "old version may keep serving.",
    fix="Set qualifier to the function's version, create before destroy, and let the alias depend "
    "on it.",
    source="https://github.com/hashicorp/terraform-provider-aws/issues/48116",
    severity="warning",
)
def provisioned_alias(config: Resource, everything: Configuration) -> Iterator[str]:
    """Find concurrency of an alias whose version a release changes in the same apply."""
    for link in everything.links(config, "qualifier"):
        alias = link.resource
        if alias.type == "aws_lambda_alias" and any(
            each.attribute == "version" for each in everything.links(alias, "function_version")
        ):
            yield f"It provisions {alias.address}, whose version changes with each release."


@rule(
    "scaling-dimension",
    TARGET,
    title="A function scales by its provisioned concurrency",
    aws="RegisterScalableTarget answers ValidationException.",
    fix=f"Set scalable_dimension to {awslambda.SCALABLE_DIMENSION}.",
    source=f"{SCALING}/API_RegisterScalableTarget.html",
    applies=is_lambda,
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def dimension(target: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the only dimension."""
    found = target.text("scalable_dimension")
    if found != awslambda.SCALABLE_DIMENSION:
        yield f"Its dimension is {found}."


@rule(
    "scaling-resource-id",
    TARGET,
    title="The target is function:NAME:ALIAS or function:NAME:VERSION",
    aws="RegisterScalableTarget answers ValidationException.",
    fix="Write function:NAME:QUALIFIER, with a qualifier other than $LATEST.",
    source=f"{SCALING}/API_RegisterScalableTarget.html",
    applies=is_lambda,
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def resource_id(target: Resource, _all: Configuration) -> Iterator[str]:
    """Check the parts of the id, as far as they are known."""
    value = target.get("resource_id")
    text = value.text if isinstance(value, Unknown) else value
    # In a plan, nothing of an unknown text is visible.
    if not isinstance(text, str) or (isinstance(value, Unknown) and text[:2] in {"", "${"}):
        target.known("resource_id")
        return
    parts = text.split(":")
    if parts[0] != "function" or len(parts) != 3 or not all(parts) or parts[2] == LATEST:  # noqa: PLR2004  # function, name, qualifier
        yield f"Its id is {text}."


@rule(
    "scaling-without-provisioned",
    TARGET,
    title="What scales has provisioned concurrency",
    aws="RegisterScalableTarget answers ValidationException: there is nothing to scale.",
    fix="Declare aws_lambda_provisioned_concurrency_config, and let the target depend on it.",
    source=GUIDE,
    applies=is_lambda,
    refused_locally="tests/local_aws/test_application_auto_scaling.py::"
    "test_a_target_needs_provisioned_concurrency",
)
def without_provisioned(target: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the concurrency, and for the order."""
    configs = everything.of(CONFIG)
    if not configs:
        if everything.links(target, "resource_id"):
            yield "No provisioned concurrency is declared."
        else:
            target.known("resource_id")
        return
    if not any(everything.comes_after(target, config) for config in configs):
        yield "It does not depend on the provisioned concurrency."


@rule(
    "scaling-other-qualifier",
    TARGET,
    title="The target has the qualifier of the provisioned concurrency",
    aws="RegisterScalableTarget answers ValidationException: there is nothing to scale.",
    fix="Name the same alias or version in both.",
    source=GUIDE,
    applies=lambda one, everything: is_lambda(one, everything) and bool(everything.of(CONFIG)),
)
def other_qualifier(target: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the qualifiers of the function's configurations with that of the target."""
    links = everything.links(target, "resource_id")
    wanted = _qualifiers(links)
    if not wanted:
        target.known("resource_id")
    for config in everything.of(CONFIG):
        own = {link.resource for link in everything.links(config, "function_name")}
        provisioned = _qualifiers(everything.links(config, "qualifier"))
        is_same_function = bool(own & {link.resource for link in links})
        if is_same_function and wanted and provisioned and not wanted & provisioned:
            yield f"{config.address} provisions another qualifier."


def _qualifiers(links: list[Link]) -> set[tuple[Resource, str]]:
    """Return the aliases and versions among what an argument names."""
    return {
        (link.resource, "version" if link.attribute == "version" else "alias")
        for link in links
        if link.attribute == "version" or link.resource.type == "aws_lambda_alias"
    }


@rule(
    "scaling-bounds",
    TARGET,
    title="The minimum of a scalable target is at most its maximum",
    aws="RegisterScalableTarget answers ValidationException.",
    fix="Lower min_capacity or raise max_capacity.",
    source=f"{SCALING}/API_RegisterScalableTarget.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def bounds(target: Resource, _all: Configuration) -> Iterator[str]:
    """Compare both."""
    least, most = target.number("min_capacity"), target.number("max_capacity")
    if least is not None and most is not None and least > most:
        yield f"Its minimum is {least:g} and its maximum {most:g}."


@rule(
    "scaling-schedule-bounds",
    "aws_appautoscaling_scheduled_action",
    title="The minimum of a scheduled action is at most its maximum",
    aws="PutScheduledAction answers ValidationException.",
    fix="Lower min_capacity or raise max_capacity.",
    source=f"{SCALING}/API_PutScheduledAction.html",
)
def schedule_bounds(action: Resource, _all: Configuration) -> Iterator[str]:
    """Compare both."""
    for block in action.blocks("scalable_target_action"):
        least, most = block.number("min_capacity"), block.number("max_capacity")
        if least is not None and most is not None and least > most:
            yield f"Its minimum is {least:g} and its maximum {most:g}."


@rule(
    "scaling-max-above-reserved",
    TARGET,
    title="A function scales within its reserved concurrency",
    aws="Scaling fails silently at the reserved concurrency, and requests beyond it are throttled.",
    fix="Raise reserved_concurrent_executions, or lower max_capacity.",
    source=GUIDE,
    applies=is_lambda,
)
def max_above_reserved(target: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the maximum with what the function reserves."""
    most = target.number("max_capacity") or 0
    for function in everything.linked(target, "resource_id", "aws_lambda_function"):
        reserved = function.number("reserved_concurrent_executions")
        if reserved is not None and 0 <= reserved < most:
            yield f"It scales to {most:g}, and {function.address} reserves {reserved:g}."


@rule(
    "scaling-tracking-target",
    "aws_appautoscaling_policy",
    title="Scaling aims at 0.1 to 0.9 of the provisioned concurrency",
    aws="The metric is a fraction: a target of 70 is never reached, so it never scales out.",
    fix="Set target_value to a fraction, such as 0.7.",
    source=GUIDE,
    applies=is_lambda,
)
def tracking_target(policy: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = awslambda.TRACKING_TARGET
    for block in policy.blocks("target_tracking_scaling_policy_configuration"):
        value = block.number("target_value")
        if value is not None and not least <= value <= most:
            yield f"Its target is {value:g}."


@rule(
    "scaling-parallel",
    "aws_appautoscaling_policy",
    "aws_appautoscaling_scheduled_action",
    title="Changes of one scalable target wait for one another",
    aws="Application Auto Scaling answers ConcurrentUpdateException now and then.",
    fix="Chain policy and scheduled actions with depends_on.",
    source="https://github.com/hashicorp/terraform-provider-aws/issues/14258",
    severity="warning",
    refused_locally="tests/local_aws/test_application_auto_scaling.py::"
    "test_overlapping_changes_of_one_target_are_refused",
)
def parallel(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Find pairs for one target of which neither waits for the other."""
    targets = everything.linked(resource, "resource_id", TARGET)
    others = everything.of("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")
    for other in others[others.index(resource) + 1 :]:
        shared = set(targets) & set(everything.linked(other, "resource_id", TARGET))
        if shared and not (
            everything.comes_after(resource, other) or everything.comes_after(other, resource)
        ):
            yield f"It may be changed at the same time as {other.address}."
