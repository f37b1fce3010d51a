"""The methods of REST APIs and their integrations."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.guardrails.rules.api import GUIDE, INTEGRATION, METHOD, same_api
from review.limits import apigateway
from review.terraform import Configuration, Resource, Unknown

AUTHORIZER = "aws_api_gateway_authorizer"


def invokes_function(integration: Resource, everything: Configuration) -> bool:
    """Return whether an integration invokes a Lambda function."""
    if integration.text("type") not in {"AWS", "AWS_PROXY"}:
        return False
    uri = integration.get("uri")
    text = uri.text if isinstance(uri, Unknown) else uri
    if isinstance(text, str) and ":lambda:path/" in text:
        return True
    types = ("aws_lambda_function", "aws_lambda_alias")
    return bool(everything.linked(integration, "uri", *types))


@rule(
    "api-authorizer-other",
    METHOD,
    title="A method uses an authorizer of its own API",
    aws="PutMethod answers BadRequestException: the authorizer is not valid.",
    fix="Declare an authorizer for this API.",
    source=f"{GUIDE}/apigateway-integrate-with-cognito.html",
    applies=lambda method, _all: method.is_set("authorizer_id"),
)
def authorizer_other(method: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the APIs of both."""
    for authorizer in everything.linked(method, "authorizer_id", AUTHORIZER):
        if not same_api(method, authorizer, everything):
            yield f"{authorizer.address} belongs to another API."


@rule(
    "api-method-authorizer",
    METHOD,
    title="A method whose authorization needs an authorizer names one",
    aws="PutMethod answers BadRequestException.",
    fix="Set authorizer_id.",
    source=f"{GUIDE}/apigateway-control-access-to-api.html",
    applies=lambda method, _all: method.text("authorization") in {"COGNITO_USER_POOLS", "CUSTOM"},
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def method_authorizer(method: Resource, _all: Configuration) -> Iterator[str]:
    """Look for the authorizer."""
    if not method.is_set("authorizer_id"):
        yield f"Its authorization is {method.text('authorization')}, without an authorizer."


@rule(
    "api-authorizer-type",
    METHOD,
    title="The authorizer of a method has the kind that the method's authorization needs",
    aws="PutMethod answers BadRequestException: invalid authorizer id for this authorization type.",
    fix="Use COGNITO_USER_POOLS with an authorizer of that type, and CUSTOM with TOKEN or REQUEST.",
    source=f"{GUIDE}/apigateway-control-access-to-api.html",
    applies=lambda method, _all: method.is_set("authorizer_id"),
)
def authorizer_type(method: Resource, everything: Configuration) -> Iterator[str]:
    """Compare both."""
    authorization = method.text("authorization")
    for authorizer in everything.linked(method, "authorizer_id", AUTHORIZER):
        type_ = authorizer.text("type") or "TOKEN"
        if type_ not in apigateway.AUTHORIZER_TYPES.get(authorization, ()):
            yield f"Its authorization is {authorization}, and {authorizer.address} is {type_}."


@rule(
    "api-method-twice",
    METHOD,
    title="A resource has each method once",
    aws="PutMethod answers ConflictException: the method already exists.",
    fix="Remove one of them.",
    source=f"{GUIDE}/how-to-method-settings.html",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def method_twice(method: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the methods after it."""
    own = {(link.resource, link.attribute) for link in everything.links(method, "resource_id")}
    methods = everything.of(METHOD)
    for other in methods[methods.index(method) + 1 :]:
        links = everything.links(other, "resource_id")
        same = own & {(link.resource, link.attribute) for link in links}
        if same and other.text("http_method") == method.text("http_method"):
            yield f"{other.address} is {method.text('http_method')} too."


@rule(
    "api-proxy-post",
    INTEGRATION,
    title="An integration invokes a function with POST",
    aws="Each request fails with 500: Lambda is invoked by POST only.",
    fix="Set integration_http_method = POST.",
    source=f"{GUIDE}/set-up-lambda-proxy-integrations.html",
    applies=invokes_function,
    refused_locally="tests/local_aws/test_apigateway_import.py::"
    "test_a_function_is_not_invoked_with_another_method_than_post",
)
def proxy_post(integration: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the method."""
    method = integration.text("integration_http_method")
    if method != "POST":
        yield f"It uses {method or 'no method'}."


@rule(
    "api-integration-timeout",
    INTEGRATION,
    title="The timeout of an integration is within API Gateway's limits",
    aws="PutIntegration answers BadRequestException, unless AWS has raised the quota.",
    fix="Set timeout_milliseconds to 50 to 29,000.",
    source=f"{GUIDE}/api-gateway-execution-service-limits-table.html",
    severity="warning",
    applies=lambda one, _all: one.is_set("timeout_milliseconds"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def integration_timeout(integration: Resource, _all: Configuration) -> Iterator[str]:
    """Compare with the limits."""
    least, most = apigateway.INTEGRATION_MILLISECONDS
    timeout = integration.number("timeout_milliseconds")
    if timeout is not None and not least <= timeout <= most:
        yield f"Its timeout is {timeout:g} ms."


@rule(
    "api-function-timeout",
    INTEGRATION,
    title="A function answers before its integration gives up",
    aws="The caller gets 504 while the function goes on, is billed, and may change data.",
    fix="Set the function's timeout below the integration's (29 s unless it sets its own).",
    source=f"{GUIDE}/api-gateway-execution-service-limits-table.html",
    severity="warning",
    applies=invokes_function,
)
def function_timeout(integration: Resource, everything: Configuration) -> Iterator[str]:
    """Compare both."""
    limit = integration.number("timeout_milliseconds") or apigateway.INTEGRATION_MILLISECONDS[1]
    for link in everything.links(integration, "uri"):
        functions = [link.resource]
        if link.resource.type == "aws_lambda_alias":
            functions = everything.linked(link.resource, "function_name", "aws_lambda_function")
        for function in functions:
            seconds = function.number("timeout") if function.type == "aws_lambda_function" else 0
            if seconds and seconds * 1_000 > limit:
                yield f"It waits {limit:g} ms, and {function.address} may take {seconds:g} s."


@rule(
    "api-method-integration",
    METHOD,
    title="A method has an integration",
    aws="CreateDeployment answers BadRequestException: no integration defined for method.",
    fix="Declare aws_api_gateway_integration for the method.",
    source=f"{GUIDE}/how-to-method-settings.html",
    refused_locally="tests/local_aws/test_apigateway_import.py::"
    "test_a_method_without_integration_is_not_deployed",
)
def method_integration(method: Resource, everything: Configuration) -> Iterator[str]:
    """Look for an integration of the same resource and verb."""
    verb = method.text("http_method")
    own = {(link.resource, link.attribute) for link in everything.links(method, "resource_id")}
    if not own:
        method.known("resource_id")
        return
    for integration in everything.of(INTEGRATION):
        links = everything.links(integration, "resource_id")
        theirs = {(link.resource, link.attribute) for link in links}
        by_method = any(
            link.resource is method for link in everything.links(integration, "http_method")
        )
        if own & theirs and (by_method or integration.get("http_method") == verb):
            return
        if any(link.resource is method for link in links):
            return
    yield f"{verb} has no integration."


@rule(
    "api-sibling-paths",
    "aws_api_gateway_resource",
    title="Resources of one parent have different path parts, and one parameter at most",
    aws="CreateResource answers ConflictException or BadRequestException.",
    fix="Give each part of a path one resource.",
    source=f"{GUIDE}/api-gateway-method-settings-method-request.html",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def sibling_paths(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Find later siblings with the same part, or with another parameter."""
    part = resource.text("path_part")
    parents = {(link.resource, link.attribute) for link in everything.links(resource, "parent_id")}
    siblings = everything.of("aws_api_gateway_resource")
    for sibling in siblings[siblings.index(resource) + 1 :]:
        links = everything.links(sibling, "parent_id")
        if not parents & {(link.resource, link.attribute) for link in links}:
            continue
        other = sibling.text("path_part")
        if other == part or (other.startswith("{") and part.startswith("{")):
            yield f"{sibling.address} has {other} beside {part}."


@rule(
    "api-body-validator",
    METHOD,
    title="A method with a model for its body validates requests",
    aws="API Gateway passes every body on: the model is documentation only.",
    fix="Set request_validator_id to a validator with validate_request_body.",
    source=f"{GUIDE}/api-gateway-method-request-validation.html",
    severity="warning",
    applies=lambda method, _all: method.is_set("request_models"),
)
def body_validator(method: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the validator."""
    if not method.is_set("request_validator_id"):
        yield "It has a model and no validator."
    types = "aws_api_gateway_request_validator"
    for validator in everything.linked(method, "request_validator_id", types):
        if not validator.flag("validate_request_body"):
            yield f"{validator.address} does not validate bodies."
