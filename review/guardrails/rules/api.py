"""API Gateway's REST APIs: stages, deployments, methods, integrations."""

from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import apigateway
from review.terraform import Configuration, NotEvaluableError, Resource, Unknown

GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"
API = "aws_api_gateway_rest_api"
STAGE = "aws_api_gateway_stage"
DEPLOYMENT = "aws_api_gateway_deployment"
METHOD = "aws_api_gateway_method"
INTEGRATION = "aws_api_gateway_integration"
PARTS = (METHOD, INTEGRATION)


def same_api(one: Resource, other: Resource, everything: Configuration) -> bool:
    """Return whether two parts belong to the same API, as far as is visible."""
    first = set(everything.linked(one, "rest_api_id", API))
    return bool(first & set(everything.linked(other, "rest_api_id", API)))


def is_public(stage: Resource, everything: Configuration) -> bool:
    """Return whether anybody may call a method of a stage's API, as far as is visible."""
    apis = everything.linked(stage, "rest_api_id", API)
    if any(each.is_set("body") for each in apis):
        return True
    return any(
        same_api(stage, method, everything)
        for method in everything.of(METHOD)
        if method.get("authorization") == "NONE"
    ) or any(
        set(apis) & set(everything.linked(put, "rest_api_id", API))
        for put in everything.of("aws_api_gateway_rest_api_put")
    )


@rule(
    "api-stage-access-logs",
    STAGE,
    title="A stage writes access logs",
    aws="Nobody can tell who called what, and why it failed.",
    fix="Add access_log_settings with a log group.",
    source=f"{GUIDE}/set-up-logging.html",
    severity="warning",
)
def stage_access_logs(stage: Resource, _all: Configuration) -> Iterator[str]:
    """Look for the settings."""
    if not any(each.is_set("destination_arn") for each in stage.blocks("access_log_settings")):
        yield "It has no access logs."


@rule(
    "api-stage-deployment",
    STAGE,
    title="A stage serves a deployment of its own API",
    aws="CreateStage answers BadRequestException or NotFoundException.",
    fix="Take rest_api_id and deployment_id from the same API.",
    source=f"{GUIDE}/how-to-deploy-api.html",
)
def stage_deployment(stage: Resource, everything: Configuration) -> Iterator[str]:
    """Compare the APIs of both."""
    for deployment in everything.linked(stage, "deployment_id", DEPLOYMENT):
        own = everything.linked(stage, "rest_api_id", API)
        theirs = everything.linked(deployment, "rest_api_id", API)
        if own and theirs and not set(own) & set(theirs):
            yield f"{deployment.address} belongs to {theirs[0].address}."


@rule(
    "api-deployment-triggers",
    DEPLOYMENT,
    title="A deployment is made anew when the API changes",
    aws="A stage serves the snapshot of its deployment: changed methods never go live.",
    fix="Hash all parts of the API, or its document, into triggers.",
    source=f"{REGISTRY}/api_gateway_deployment",
)
def deployment_triggers(deployment: Resource, _all: Configuration) -> Iterator[str]:
    """Look for triggers."""
    if not deployment.is_set("triggers") and not deployment.is_set("variables"):
        yield "It has no triggers."


@rule(
    "api-deployment-parts",
    DEPLOYMENT,
    title="A deployment waits for every method and integration of its API",
    aws="CreateDeployment answers BadRequestException, or leaves parts out of the snapshot.",
    fix="Name the integrations in triggers or depends_on.",
    source=f"{REGISTRY}/api_gateway_deployment",
    applies=lambda one, everything: any(
        same_api(one, part, everything) for part in everything.of(*PARTS)
    ),
)
def deployment_parts(deployment: Resource, everything: Configuration) -> Iterator[str]:
    """Find parts that may come later."""
    for part in everything.of(*PARTS):
        if same_api(deployment, part, everything) and not everything.comes_after(deployment, part):
            yield f"It does not wait for {part.address}."


@rule(
    "api-trigger-omits",
    DEPLOYMENT,
    title="The triggers of a deployment cover every method and integration of its API",
    aws="A change of the part that is left out never goes live.",
    fix="Add the resource to the hash in triggers.",
    source=f"{REGISTRY}/api_gateway_deployment",
    severity="warning",
    applies=lambda one, everything: (
        one.is_set("triggers")
        and any(same_api(one, part, everything) for part in everything.of(*PARTS))
    ),
)
def trigger_omits(deployment: Resource, everything: Configuration) -> Iterator[str]:
    """Find parts that no trigger reads, unless triggers hash whole files."""
    read = {link.resource for link in everything.links(deployment, "triggers")}
    if not read:
        return
    for part in everything.of(*PARTS):
        if same_api(deployment, part, everything) and part not in read:
            yield f"Its triggers do not read {part.address}."


@rule(
    "api-deployment-replacement",
    DEPLOYMENT,
    title="A deployment is created before the old one is destroyed",
    aws="DeleteDeployment answers BadRequestException: active stages point to it.",
    fix="Set create_before_destroy in its lifecycle.",
    source=f"{REGISTRY}/api_gateway_deployment",
    refused_locally="tests/local_aws/test_apigateway.py::"
    "test_a_deployment_that_a_stage_points_at_stays",
)
def deployment_replacement(deployment: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the lifecycle."""
    if deployment.lifecycle.get("create_before_destroy") is not True:
        yield "It has no create_before_destroy."


@rule(
    "api-deployment-stage",
    DEPLOYMENT,
    title="A stage is a resource of its own",
    aws="The stage is replaced with each deployment: its logs, throttling and firewall go with it.",
    fix="Use aws_api_gateway_stage instead of stage_name.",
    source=f"{REGISTRY}/api_gateway_deployment",
)
def deployment_stage(deployment: Resource, _all: Configuration) -> Iterator[str]:
    """Look for stage_name."""
    if deployment.is_set("stage_name"):
        yield "It makes a stage by stage_name."


@rule(
    "api-log-role",
    STAGE,
    title="The account's role for logs is set before a stage logs",
    aws="UpdateStage answers BadRequestException: CloudWatch Logs role ARN must be set.",
    fix="Declare aws_api_gateway_account, and let the stage depend on it.",
    source=f"{GUIDE}/set-up-logging.html",
    severity="warning",
    applies=lambda stage, _all: any(
        each.is_set("destination_arn") for each in stage.blocks("access_log_settings")
    ),
)
def log_role(stage: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the account, and for the order."""
    accounts = everything.of("aws_api_gateway_account")
    accounts = [each for each in accounts if each.region == stage.region]
    if accounts and not any(everything.comes_after(stage, each) for each in accounts):
        yield f"It does not wait for {accounts[0].address}."


@rule(
    "api-throttling",
    STAGE,
    title="A stage with methods for everybody is throttled",
    aws="One caller can use up the account's requests, and all of the function's concurrency.",
    fix="Set throttling_rate_limit and throttling_burst_limit for */* "
    "(aws_api_gateway_method_settings).",
    source=f"{GUIDE}/api-gateway-request-throttling.html",
    severity="warning",
    applies=is_public,
)
def throttling(stage: Resource, everything: Configuration) -> Iterator[str]:
    """Look for settings of the stage with a limit."""
    all_settings = everything.users(stage, "aws_api_gateway_method_settings", "stage_name")
    limits = [
        block.number("throttling_rate_limit")
        for each in all_settings
        for block in each.blocks("settings")
    ]
    if not any(limit is not None and limit >= 0 for limit in limits):
        yield "No method settings limit its requests."


@rule(
    "api-execution-log-name",
    "aws_cloudwatch_log_group",
    title="The log group of a stage's execution logs has API Gateway's name",
    aws="API Gateway makes a group of its own, which never expires.",
    fix=f"Name it {apigateway.EXECUTION_LOG_PREFIX}API_ID/STAGE.",
    source=f"{GUIDE}/set-up-logging.html",
    applies=lambda group, _all: (
        apigateway.EXECUTION_LOG_PREFIX.lower().rstrip("_") in _shown(group).lower()
    ),
)
def execution_log_name(group: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the beginning, and look for the stage."""
    name = _shown(group)
    rest = name.removeprefix(apigateway.EXECUTION_LOG_PREFIX)
    if rest == name or "/" not in rest:
        yield f"It is named {name}."


def _shown(group: Resource) -> str:
    """Return the name with its unknown parts as expressions.

    Raises:
        NotEvaluableError: Nothing of the name is known.
    """
    name = group.get("name")
    text = name.text if isinstance(name, Unknown) else name
    if isinstance(name, Unknown) and not text:
        raise NotEvaluableError(group.place, "name is not known yet")
    return text if isinstance(text, str) else ""
