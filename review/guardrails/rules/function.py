"""Lambda functions, their aliases, and who may invoke them."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import awslambda
from review.terraform import Configuration, Resource, Unknown

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg"
LATEST = "$LATEST"


def is_image(function: Resource, _all: Configuration) -> bool:
    """Return whether a function runs a container image."""
    return function.text("package_type") == "Image"


@rule(
    "function-image-runtime",
    "aws_lambda_function",
    title="A function from an image sets no runtime, handler or layers",
    aws="CreateFunction answers InvalidParameterValueException, or ignores what the image decides.",
    fix="Remove the argument; the image's command decides.",
    source=f"{GUIDE}/images-create.html",
    applies=is_image,
)
def image_runtime(function: Resource, _all: Configuration) -> Iterator[str]:
    """Find arguments that only packages have."""
    for name in ("runtime", "handler", "layers"):
        if function.is_set(name):
            yield f"It runs an image and sets {name}."


@rule(
    "function-alias-latest",
    "aws_lambda_alias",
    title="An alias serves a published version",
    aws="An alias of $LATEST serves what is uploaded last, and takes no provisioned concurrency.",
    fix="Set function_version to the function's version, and publish on the function.",
    source=f"{GUIDE}/configuration-aliases.html",
)
def alias_latest(alias: Resource, _all: Configuration) -> Iterator[str]:
    """Find aliases of $LATEST."""
    version = alias.get("function_version")
    if version == LATEST:
        yield f"It serves {LATEST}."
    elif isinstance(version, Unknown) and not alias.references("function_version"):
        alias.known("function_version")


@rule(
    "function-alias-unpublished",
    "aws_lambda_alias",
    title="The function behind an alias publishes versions",
    aws="Its version stays $LATEST, so the alias never moves to a tested version.",
    fix="Set publish = true on the function.",
    source=f"{GUIDE}/configuration-versions.html",
)
def alias_unpublished(alias: Resource, everything: Configuration) -> Iterator[str]:
    """Find aliases whose version comes from a function that publishes none."""
    for link in everything.links(alias, "function_version"):
        function = link.resource
        if (
            function.type == "aws_lambda_function"
            and link.attribute == "version"
            and not function.flag("publish")
        ):
            yield f"{function.address} does not publish."


@rule(
    "function-provisioned-above-reserved",
    "aws_lambda_provisioned_concurrency_config",
    title="Provisioned concurrency fits into the reserved concurrency",
    aws="PutProvisionedConcurrencyConfig answers InvalidParameterValueException.",
    fix="Raise reserved_concurrent_executions of the function, or provision less.",
    source=f"{GUIDE}/provisioned-concurrency.html",
)
def provisioned_above_reserved(config: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with what the function reserves."""
    provisioned = config.number("provisioned_concurrent_executions") or 0
    for function in everything.linked(config, "function_name", "aws_lambda_function"):
        reserved = function.number("reserved_concurrent_executions")
        if reserved is not None and 0 <= reserved < provisioned:
            yield f"It provisions {provisioned:g}, and {function.address} reserves {reserved:g}."


@rule(
    "function-timeout",
    "aws_lambda_function",
    title="The timeout is 1 to 900 seconds",
    aws="CreateFunction answers ValidationException.",
    fix="Set timeout to at most 900.",
    source=f"{GUIDE}/gettingstarted-limits.html",
)
def timeout(function: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = awslambda.TIMEOUT_SECONDS
    seconds = function.number("timeout")
    if seconds is not None and not least <= seconds <= most:
        yield f"Its timeout is {seconds:g} s."
