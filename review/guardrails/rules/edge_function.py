"""Functions that run at CloudFront: Lambda@Edge and CloudFront Functions."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.guardrails.rules.edge import DISTRIBUTION, GUIDE, behaviors
from review.limits import cloudfront
from review.terraform import Configuration, Resource, Unknown
from review.terraform.policies import read_statements

FUNCTION = "aws_lambda_function"


def edge_events(function: Resource, everything: Configuration) -> set[str]:
    """Return the events at which distributions run a function.

    Raises:
        NotEvaluableError: What a distribution runs is not visible.
    """
    return {
        association.text("event_type")
        for distribution in everything.of(DISTRIBUTION)
        for behavior in behaviors(distribution)
        for association in behavior.blocks("lambda_function_association")
        if function in everything.linked(association, "lambda_arn", FUNCTION)
    }


def runs_at_edge(function: Resource, everything: Configuration) -> bool:
    """Return whether a distribution runs a function."""
    return bool(edge_events(function, everything))


@rule(
    "edge-function-region",
    FUNCTION,
    title="A function for CloudFront is in us-east-1",
    aws="UpdateDistribution answers InvalidLambdaFunctionAssociation.",
    fix="Give the function a provider of us-east-1.",
    source=f"{GUIDE}/edge-functions-restrictions.html",
    applies=runs_at_edge,
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def function_region(function: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the provider."""
    if function.region != cloudfront.EDGE_REGION:
        yield f"It is in {function.region or 'the region of the environment'}."


@rule(
    "edge-function-features",
    FUNCTION,
    title="A function for CloudFront uses only what Lambda@Edge has",
    aws="UpdateDistribution answers InvalidLambdaFunctionAssociation.",
    fix="Remove it. Configuration belongs into the code.",
    source=f"{GUIDE}/edge-functions-restrictions.html",
    applies=runs_at_edge,
)
def function_features(function: Resource, _all: Configuration) -> Iterator[str]:
    """Find variables, networks, layers, images and other processors."""
    for block, argument, sentence in (
        ("environment", "variables", "It has environment variables."),
        ("vpc_config", "subnet_ids", "It is in a VPC."),
        ("dead_letter_config", "target_arn", "It has a dead-letter queue."),
    ):
        if any(each.is_set(argument) for each in function.blocks(block)):
            yield sentence
    if function.is_set("layers"):
        yield "It has layers."
    if function.text("package_type") == "Image":
        yield "It runs an image."
    if "arm64" in function.items("architectures"):
        yield "It runs on arm64."
    if (function.number("reserved_concurrent_executions") or -1) >= 0:
        yield "It reserves concurrency."
    if any(each.text("mode") == "Active" for each in function.blocks("tracing_config")):
        yield "It is traced by X-Ray."


@rule(
    "edge-function-published",
    FUNCTION,
    title="A function for CloudFront publishes versions",
    aws="UpdateDistribution answers InvalidLambdaFunctionAssociation: $LATEST is not allowed.",
    fix="Set publish = true.",
    source=f"{GUIDE}/lambda-at-edge-function-restrictions.html",
    applies=runs_at_edge,
)
def function_published(function: Resource, _all: Configuration) -> Iterator[str]:
    """Look at publish."""
    if not function.flag("publish"):
        yield "It publishes no version."


@rule(
    "edge-function-limits",
    FUNCTION,
    title="Memory and timeout fit the event of Lambda@Edge",
    aws="UpdateDistribution answers InvalidLambdaFunctionAssociation.",
    fix="At viewer events 128 MiB and 5 s at most, at origin events 30 s.",
    source=f"{GUIDE}/cloudfront-limits.html",
    applies=runs_at_edge,
)
def function_limits(function: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the limits of each event."""
    memory, seconds = function.number("memory_size") or 0, function.number("timeout") or 0
    for event in sorted(edge_events(function, everything)):
        is_viewer = event in cloudfront.VIEWER_EVENTS
        most = cloudfront.VIEWER_TIMEOUT_SECONDS if is_viewer else cloudfront.ORIGIN_TIMEOUT_SECONDS
        if is_viewer and memory > cloudfront.VIEWER_MEMORY_MEBIBYTES:
            yield f"It has {memory:g} MiB at {event}."
        if seconds > most:
            yield f"It has {seconds:g} s at {event}."


@rule(
    "edge-function-trust",
    FUNCTION,
    title="Lambda@Edge may assume the role of a function for CloudFront",
    aws="UpdateDistribution answers InvalidLambdaFunctionAssociation: the role must be assumable.",
    fix="Let lambda.amazonaws.com and edgelambda.amazonaws.com assume the role.",
    source=f"{GUIDE}/lambda-edge-permissions.html",
    applies=runs_at_edge,
)
def function_trust(function: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service in the role's trust."""
    for role in everything.linked(function, "role", "aws_iam_role"):
        statements = read_statements(role, "assume_role_policy", everything)
        if not any(each.allows and each.admits("edgelambda.amazonaws.com") for each in statements):
            yield f"{role.address} does not trust edgelambda.amazonaws.com."


@rule(
    "edge-qualified-arn",
    DISTRIBUTION,
    title="A distribution names a numbered version of a function",
    aws="CreateDistribution answers InvalidLambdaFunctionAssociation.",
    fix="Use qualified_arn of the function.",
    source=f"{GUIDE}/lambda-at-edge-function-restrictions.html",
    applies=lambda one, _all: any(
        behavior.blocks("lambda_function_association") for behavior in behaviors(one)
    ),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def qualified_arn(distribution: Resource, everything: Configuration) -> Iterator[str]:
    """Find ARNs without a version."""
    for behavior in behaviors(distribution):
        for association in behavior.blocks("lambda_function_association"):
            value = association.get("lambda_arn")
            if isinstance(value, str) and not value.rpartition(":")[2].isdigit():
                yield f"It names {value}."
            for link in everything.links(association, "lambda_arn"):
                is_plain = link.resource.type == FUNCTION and link.attribute in {
                    "arn",
                    "invoke_arn",
                }
                # A longer text may add the version.
                is_whole = not isinstance(value, Unknown) or value.text[-5:] in {"", ".arn}"}
                if link.resource.type == "aws_lambda_alias" or (is_plain and is_whole):
                    yield f"It names {link.attribute} of {link.resource.address}."


@rule(
    "edge-viewer-functions",
    DISTRIBUTION,
    title="A behaviour has one kind of function at viewer events",
    aws="CreateDistribution answers InvalidFunctionAssociation: CloudFront Functions and "
    "Lambda@Edge exclude each other there.",
    fix="Move one of them to an origin event, or join them.",
    source=f"{GUIDE}/edge-functions-restrictions.html",
    applies=lambda one, _all: any(
        behavior.blocks("function_association") for behavior in behaviors(one)
    ),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def viewer_functions(distribution: Resource, _all: Configuration) -> Iterator[str]:
    """Find behaviours with both kinds."""
    for behavior in behaviors(distribution):
        at_viewer = [
            each
            for each in behavior.blocks("lambda_function_association")
            if each.text("event_type") in cloudfront.VIEWER_EVENTS
        ]
        if behavior.blocks("function_association") and at_viewer:
            yield f"{behavior.place} has both."
