"""Lambda functions, their aliases and logs, and who may invoke them."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import awslambda
from review.terraform import Configuration, NotEvaluableError, Resource, Unknown
from review.terraform.policies import read_statements

GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg"
LATEST = "$LATEST"
FUNCTION = "aws_lambda_function"


def is_image(function: Resource, _all: Configuration) -> bool:
    """Return whether a function runs a container image."""
    return function.text("package_type") == "Image"


@rule(
    "function-image-runtime",
    FUNCTION,
    title="A function from an image sets no runtime, handler or layers",
    aws="CreateFunction answers InvalidParameterValueException, or ignores what the image decides.",
    fix="Remove the argument; the image's command decides.",
    source=f"{GUIDE}/images-create.html",
    applies=is_image,
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def image_runtime(function: Resource, _all: Configuration) -> Iterator[str]:
    """Find arguments that only packages have."""
    for name in ("runtime", "handler", "layers"):
        if function.is_set(name):
            yield f"It runs an image and sets {name}."


@rule(
    "function-package-runtime",
    FUNCTION,
    title="A function from a package has a runtime and a handler",
    aws="CreateFunction answers InvalidParameterValueException.",
    fix="Set runtime and handler, or package_type = Image.",
    source=f"{GUIDE}/configuration-function-zip.html",
    applies=lambda function, _all: function.text("package_type") in {"", "Zip"},
)
def package_runtime(function: Resource, _all: Configuration) -> Iterator[str]:
    """Find packages without what starts them."""
    for name in ("runtime", "handler"):
        if not function.is_set(name):
            yield f"It runs a package and sets no {name}."


@rule(
    "function-memory",
    FUNCTION,
    title="The memory is 128 to 10,240 MiB",
    aws="CreateFunction answers ValidationException.",
    fix="Set memory_size within the limits.",
    source=f"{GUIDE}/gettingstarted-limits.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def memory(function: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = awslambda.MEMORY_MEBIBYTES
    size = function.number("memory_size")
    if size is not None and not least <= size <= most:
        yield f"Its memory is {size:g} MiB."


@rule(
    "function-timeout",
    FUNCTION,
    title="The timeout is 1 to 900 seconds",
    aws="CreateFunction answers ValidationException.",
    fix="Set timeout to at most 900.",
    source=f"{GUIDE}/gettingstarted-limits.html",
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def timeout(function: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = awslambda.TIMEOUT_SECONDS
    seconds = function.number("timeout")
    if seconds is not None and not least <= seconds <= most:
        yield f"Its timeout is {seconds:g} s."


@rule(
    "function-environment-reserved",
    FUNCTION,
    title="A function sets no variable that Lambda sets itself",
    aws="CreateFunction answers InvalidParameterValueException.",
    fix="Choose another name.",
    source=f"{GUIDE}/configuration-envvars.html",
    applies=lambda function, _all: bool(function.blocks("environment")),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def environment_reserved(function: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the reserved names."""
    for environment in function.blocks("environment"):
        for name in environment.mapping("variables"):
            if name in awslambda.RESERVED_VARIABLES:
                yield f"It sets {name}."


@rule(
    "function-environment-size",
    FUNCTION,
    title="The environment variables of a function take at most 4 KiB",
    aws="CreateFunction answers InvalidParameterValueException.",
    fix="Read the values at run time, from AppConfig or Parameter Store.",
    source=f"{GUIDE}/gettingstarted-limits.html",
    applies=lambda function, _all: bool(function.blocks("environment")),
    refused_locally="tests/local_aws/test_refusals.py::test_a_request_is_refused",
)
def environment_size(function: Resource, _all: Configuration) -> Iterator[str]:
    """Add up what is known of names and values."""
    for environment in function.blocks("environment"):
        texts = [
            text
            for name, value in environment.mapping("variables").items()
            for text in (name, value)
            if isinstance(text, str)
        ]
        size = sum(len(text.encode()) for text in texts)
        if size > awslambda.ENVIRONMENT_BYTES:
            yield f"They take {size} bytes."


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
            function.type == FUNCTION
            and link.attribute == "version"
            and not function.flag("publish")
        ):
            yield f"{function.address} does not publish."


@rule(
    "function-alias-weights-provisioned",
    "aws_lambda_alias",
    title="An alias with provisioned concurrency routes to one version",
    aws="UpdateAlias answers InvalidParameterValueException.",
    fix="Remove routing_config, or provision the versions instead of the alias.",
    source=f"{GUIDE}/provisioned-concurrency.html",
    applies=lambda alias, _all: bool(alias.blocks("routing_config")),
    refused_locally="tests/local_aws/test_provisioned_concurrency.py::"
    "test_an_alias_has_either_weights_or_provisioned_concurrency",
)
def alias_weights_provisioned(alias: Resource, everything: Configuration) -> Iterator[str]:
    """Find weights on an alias whose concurrency is provisioned."""
    for config in everything.users(alias, "aws_lambda_provisioned_concurrency_config", "qualifier"):
        yield f"{config.address} provisions it, and it routes by weights."


@rule(
    "function-log-group",
    FUNCTION,
    title="The log group of a function is declared before it",
    aws="Lambda makes the group at the first call. It never expires, and a later declaration "
    "collides with it.",
    fix="Declare aws_cloudwatch_log_group /aws/lambda/NAME and let the function depend on it.",
    source=f"{GUIDE}/monitoring-cloudwatchlogs.html",
    severity="warning",
)
def log_group(function: Resource, everything: Configuration) -> Iterator[str]:
    """Find functions without a log group of their own, or with one that comes later."""
    groups = _log_groups(function, everything)
    if not groups:
        yield "Its log group is not declared."
    for group in groups:
        if everything.comes_after(function, group):
            return
    for group in groups:
        if not _names_function(group, function, everything):
            yield f"{group.address} may be made after the function has written to it."


def _log_groups(function: Resource, everything: Configuration) -> list[Resource]:
    """Return the log groups that a function writes to.

    Raises:
        NotEvaluableError: The names are not visible.
    """
    for block in function.blocks("logging_config"):
        if block.is_set("log_group"):
            return everything.linked(block, "log_group", "aws_cloudwatch_log_group")
    groups = everything.of("aws_cloudwatch_log_group")
    name = function.get("function_name")
    found = [
        group
        for group in groups
        if (isinstance(name, str) and _ends_with(group.get("name"), f"/{name}"))
        or (isinstance(name, str) and _ends_with(group.get("name"), f".{name}"))
        or _names_function(group, function, everything)
        or (isinstance(name, Unknown) and _shares(group, function))
    ]
    hidden = isinstance(name, Unknown) or any(
        isinstance(group.get("name"), Unknown) for group in groups
    )
    if not found and hidden:
        raise NotEvaluableError(function.place, "the names of log groups are not visible")
    return found


def _ends_with(value: object, end: str) -> bool:
    return isinstance(value, str) and value.startswith("/aws/lambda/") and value.endswith(end)


def _names_function(group: Resource, function: Resource, everything: Configuration) -> bool:
    """Return whether the name of a log group is made from that of the function."""
    return any(link.resource is function for link in everything.links(group, "name"))


def _shares(group: Resource, function: Resource) -> bool:
    """Return whether both names are made from the same unknown values."""
    name = group.get("name")
    return (
        isinstance(name, Unknown)
        and bool(name.references)
        and set(name.references) == set(function.references("function_name"))
    )


@rule(
    "function-trust",
    FUNCTION,
    title="Lambda may assume the role of a function",
    aws="CreateFunction answers InvalidParameterValueException: the role cannot be assumed.",
    fix="Let lambda.amazonaws.com assume the role.",
    source=f"{GUIDE}/lambda-intro-execution-role.html",
)
def trust(function: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service in the role's trust."""
    for role in everything.linked(function, "role", "aws_iam_role"):
        statements = read_statements(role, "assume_role_policy", everything)
        if not any(
            each.allows and each.covers("sts:AssumeRole") and each.admits("lambda.amazonaws.com")
            for each in statements
        ):
            yield f"{role.address} does not trust lambda.amazonaws.com."


@rule(
    "function-reserved-sum",
    FUNCTION,
    title="Functions leave 100 of the account's concurrency unreserved",
    aws="PutFunctionConcurrency answers InvalidParameterValueException, unless AWS has raised the "
    "account's 1,000.",
    fix="Reserve less, or have the quota raised.",
    source=f"{GUIDE}/configuration-concurrency.html",
    severity="warning",
    applies=lambda function, _all: function.is_set("reserved_concurrent_executions"),
)
def reserved_sum(function: Resource, everything: Configuration) -> Iterator[str]:
    """Sum up what the functions of a region reserve; the largest one tells."""
    same = [each for each in everything.of(FUNCTION) if each.region == function.region]
    amounts = {each: each.number("reserved_concurrent_executions") or 0 for each in same}
    total = sum(max(each, 0) for each in amounts.values())
    most = awslambda.DEFAULT_CONCURRENCY - awslambda.UNRESERVED_CONCURRENCY
    if total > most and max(same, key=lambda each: amounts[each]) is function:
        yield f"Functions of this region reserve {total:g} together."


@rule(
    "function-permission-source",
    "aws_lambda_permission",
    title="A permission for a service names the source",
    aws="Anybody's API, bucket or topic in that service may invoke the function.",
    fix="Set source_arn to the API, rule or target group; for S3 source_account too.",
    source=f"{GUIDE}/access-control-resource-based.html",
    applies=lambda permission, _all: permission.text("principal").endswith(".amazonaws.com"),
)
def permission_source(permission: Resource, _all: Configuration) -> Iterator[str]:
    """Find permissions for a whole service."""
    if not permission.is_set("source_arn") and not permission.is_set("principal_org_id"):
        yield f"It admits all of {permission.text('principal')}."


@rule(
    "function-permission-qualifier",
    "aws_api_gateway_integration",
    title="A permission covers the alias or version that is invoked",
    aws="The integration fails with 500: API Gateway may not invoke the function.",
    fix="Give aws_lambda_permission the qualifier of the alias that the integration names.",
    source=f"{GUIDE}/access-control-resource-based.html",
    applies=lambda integration, _all: integration.text("type") in {"AWS", "AWS_PROXY"},
)
def permission_qualifier(integration: Resource, everything: Configuration) -> Iterator[str]:
    """Compare what an integration invokes with what permissions admit."""
    for link in everything.links(integration, "uri"):
        target = link.resource
        if target.type == "aws_lambda_alias":
            functions = everything.linked(target, "function_name", FUNCTION)
            permissions = _permissions(functions, everything)
            if functions and not any(
                any(each.resource is target for each in everything.links(one, "qualifier"))
                or one.get("qualifier") == target.get("name")
                for one in permissions
            ):
                yield f"No permission has the qualifier of {target.address}."
        elif target.type == FUNCTION and not _permissions([target], everything):
            yield f"No permission lets API Gateway invoke {target.address}."


def _permissions(functions: list[Resource], everything: Configuration) -> list[Resource]:
    return [
        permission
        for function in functions
        for permission in everything.users(function, "aws_lambda_permission", "function_name")
        if permission.get("principal") in ("apigateway.amazonaws.com", "*")
    ]


@rule(
    "function-invoke-arn",
    "aws_api_gateway_integration",
    "aws_apigatewayv2_integration",
    title="An integration names the invoke ARN of a function",
    aws="PutIntegration answers BadRequestException: invalid ARN.",
    fix="Use invoke_arn of the alias or the function.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/"
    "set-up-lambda-proxy-integrations.html",
    applies=lambda one, _all: (
        one.text("type" if "type" in one.raw else "integration_type") in {"AWS", "AWS_PROXY"}
    ),
)
def invoke_arn(integration: Resource, everything: Configuration) -> Iterator[str]:
    """Find integrations that name the function's own ARN."""
    name = "uri" if "uri" in integration.raw else "integration_uri"
    # An HTTP API takes the plain ARN too.
    plain = integration.type == "aws_api_gateway_integration"
    for link in everything.links(integration, name):
        if link.resource.type not in {FUNCTION, "aws_lambda_alias"} or not plain:
            continue
        if link.attribute in {"arn", "qualified_arn"} and not _is_within(integration, name):
            yield f"It names {link.attribute} of {link.resource.address}."


def _is_within(integration: Resource, name: str) -> bool:
    """Return whether the ARN is part of a longer text, which may be an invoke ARN."""
    value = integration.get(name)
    text = value.text if isinstance(value, Unknown) else value
    return isinstance(text, str) and "apigateway" in text


@rule(
    "function-own-arn",
    "aws_lb_target_group_attachment",
    "aws_lambda_permission",
    title="A target or a permission names the ARN or the name of a function",
    aws="The call is refused: an invoke ARN belongs to API Gateway only.",
    fix="Use arn instead of invoke_arn.",
    source=f"{GUIDE}/services-alb.html",
)
def own_arn(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Find invoke ARNs outside API Gateway."""
    name = "target_id" if resource.type == "aws_lb_target_group_attachment" else "function_name"
    for link in everything.links(resource, name):
        if link.attribute == "invoke_arn":
            yield f"Its {name} is the invoke ARN of {link.resource.address}."


@rule(
    "function-schedule-role",
    "aws_scheduler_schedule",
    title="The role of a schedule may invoke its target",
    aws="The schedule fires, the call is denied, and nobody is told.",
    fix="Allow lambda:InvokeFunction on the target in the role's policy.",
    source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html",
)
def schedule_role(schedule: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the permission in the policies of the role."""
    for target in schedule.blocks("target"):
        functions = everything.linked(target, "arn", FUNCTION, "aws_lambda_alias")
        for role in everything.linked(target, "role_arn", "aws_iam_role") if functions else []:
            if everything.users(role, "aws_iam_role_policy_attachment", "role"):
                continue
            policies = everything.users(role, "aws_iam_role_policy", "role")
            statements = [
                each
                for policy in policies
                for each in read_statements(policy, "policy", everything)
            ]
            if not any(each.allows and each.covers("lambda:InvokeFunction") for each in statements):
                yield f"{role.address} allows no lambda:InvokeFunction."
