"""What holds for resources of every kind: secrets, tags, names, images, permissions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from review.guardrails.rule import rule
from review.limits import iam, tags
from review.terraform import Configuration, NotEvaluableError, Resource, Unknown
from review.terraform.policies import read_statements
from review.terraform.shapes import as_mapping, is_list, is_mapping

IAM_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"

NAMED = {
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_db_subnet_group": "name",
    "aws_ecr_repository": "name",
    "aws_kms_alias": "name",
    "aws_lambda_function": "function_name",
    "aws_lb": "name",
    "aws_lb_target_group": "name",
    "aws_rds_cluster": "cluster_identifier",
    "aws_secretsmanager_secret": "name",
    "aws_sns_topic": "name",
    "aws_sqs_queue": "name",
}
"""Resources whose names are unique in an account and region, and the argument with the name."""

GLOBAL = {"aws_iam_role": "name", "aws_s3_bucket": "bucket", "aws_iam_user": "name"}
"""Resources whose names are unique in an account, or in the world."""

SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|secret|token|api_?key|private_?key|access_?key)(?:$|_value$)",
    re.IGNORECASE,
)
"""Names of arguments and variables that hold a secret."""

PRIVATE_KEY = "-----BEGIN "
POLICIES = {
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_iam_group_policy": "policy",
}


@rule(
    "general-account",
    "aws_lambda_permission",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_kms_key",
    "aws_s3_bucket_policy",
    "aws_sns_topic_policy",
    "aws_sqs_queue_policy",
    "aws_ecr_repository_policy",
    title="A policy does not repeat an account's number",
    aws="In another account it admits, or asks for, what is not there.",
    fix="Use data.aws_caller_identity, or attributes of resources.",
    source=f"{IAM_GUIDE}/reference-arns.html",
    severity="warning",
)
def account(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Find numbers in ARNs that stand in the configuration."""
    if any(stack.is_plan and stack.name == resource.stack for stack in everything.stacks):
        raise NotEvaluableError(resource.place, "plans have the numbers filled in")
    for argument, text in _texts(resource.raw):
        found = re.search(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):", text)
        if found:
            yield f"{argument} has the account {found[1]}."


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text within a value, with the name of its argument."""
    if isinstance(value, str):
        yield place, value
    elif is_mapping(value):
        for key, each in value.items():
            if key != "//":  # what CDKTF says about itself
                yield from _texts(each, str(key))
    elif is_list(value):
        for each in value:
            yield from _texts(each, place)


@rule(
    "general-wildcard",
    *POLICIES,
    title="A policy does not allow everything on everything",
    aws="Whoever gets the role has the account.",
    fix="Name the actions and the resources.",
    source=f"{IAM_GUIDE}/best-practices.html",
)
def wildcard(policy: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements with * for both."""
    for one in read_statements(policy, POLICIES[policy.type], everything):
        if one.allows and {"*", "*:*"} & _known(one.actions) and "*" in _known(one.resources):
            yield "It allows * on *."


def _known(values: tuple[object, ...]) -> set[str]:
    return {each for each in values if isinstance(each, str)}


@rule(
    "general-policy-complete",
    *POLICIES,
    title="Every statement of a policy has actions and resources",
    aws="PutRolePolicy answers MalformedPolicyDocument.",
    fix="Add Action and Resource.",
    source=f"{IAM_GUIDE}/reference_policies_elements.html",
)
def policy_complete(policy: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements without one of them, or with a principal."""
    for one in read_statements(policy, POLICIES[policy.type], everything):
        if not one.actions and not one.excluded_actions:
            yield "A statement has no action."
        if not one.resources and not one.excluded_resources:
            yield "A statement has no resource."
        if one.principals:
            yield "A statement has a principal, which belongs into resource policies."


@rule(
    "general-trust-complete",
    "aws_iam_role",
    title="A role's trust has principals and no resources",
    aws="CreateRole answers MalformedPolicyDocument.",
    fix="Name principals; leave out Resource.",
    source=f"{IAM_GUIDE}/id_roles_create_for-service.html",
    applies=lambda role, _all: role.is_set("assume_role_policy"),
)
def trust_complete(role: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements of another shape."""
    for one in read_statements(role, "assume_role_policy", everything):
        if one.resources or one.excluded_resources:
            yield "A statement has a resource."
        if not one.principals:
            yield "A statement has no principal."


@rule(
    "general-policy-version",
    *POLICIES,
    "aws_iam_role",
    title="A policy has a known version",
    aws="PutRolePolicy answers MalformedPolicyDocument.",
    fix='Set Version to "2012-10-17".',
    source=f"{IAM_GUIDE}/reference_policies_elements_version.html",
)
def policy_version(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the versions."""
    name = POLICIES.get(resource.type, "assume_role_policy")
    for link in everything.links(resource, name):
        if link.resource.type == "aws_iam_policy_document":
            return  # the provider writes it
    version = as_mapping(resource.document(name)).get("Version")
    if isinstance(version, str) and version not in iam.POLICY_VERSIONS:
        yield f"It is {version}."


@rule(
    "general-mutable-image",
    "aws_ecr_repository",
    title="The tags of an image repository are immutable",
    aws="A tag can mean other code tomorrow, also for functions that run it.",
    fix="Set image_tag_mutability = IMMUTABLE.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    severity="warning",
)
def mutable_image(repository: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the argument."""
    if repository.text("image_tag_mutability") not in {"IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"}:
        yield "They can be moved."


@rule(
    "general-latest-image",
    "aws_lambda_function",
    title="A function runs an image of a fixed digest or tag",
    aws="Lambda resolves the tag once: a new image of the same tag is never deployed.",
    fix="Name the digest, or a tag that changes with the content.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    applies=lambda function, _all: function.is_set("image_uri"),
)
def latest_image(function: Resource, _all: Configuration) -> Iterator[str]:
    """Look at the tag, as far as it is known."""
    value = function.get("image_uri")
    text = value.text if isinstance(value, Unknown) else value
    if not isinstance(text, str) or (isinstance(value, Unknown) and not text):
        function.known("image_uri")
        return
    name = text.rpartition("/")[2]
    if text.endswith(":latest") or (isinstance(value, str) and ":" not in name and "@" not in text):
        yield f"It runs {text}."


def repositories(function: Resource, everything: Configuration) -> list[Resource]:
    """Return the repositories of a function's image, also through the data source of an image."""
    found: list[Resource] = []
    for link in everything.links(function, "image_uri"):
        if link.resource.type == "aws_ecr_repository":
            found.append(link.resource)
        elif link.resource.type == "aws_ecr_image":
            found += everything.linked(link.resource, "repository_name", "aws_ecr_repository")
    return found


@rule(
    "general-repository-policy",
    "aws_lambda_function",
    title="The repository of a function's image admits Lambda",
    aws="CreateFunction answers AccessDeniedException, or Lambda writes a policy that the next "
    "plan removes.",
    fix="Allow lambda.amazonaws.com ecr:BatchGetImage and ecr:GetDownloadUrlForLayer "
    "(aws_ecr_repository_policy).",
    source="https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    severity="warning",
    applies=lambda function, everything: bool(repositories(function, everything)),
    refused_locally="tests/local_aws/test_lambda_images.py::"
    "test_a_repository_without_a_policy_admits_no_function",
)
def repository_policy(function: Resource, everything: Configuration) -> Iterator[str]:
    """Look for the service in the policy of the repository."""
    for repository in repositories(function, everything):
        policies = everything.users(repository, "aws_ecr_repository_policy", "repository")
        statements = [
            one for each in policies for one in read_statements(each, "policy", everything)
        ]
        for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"):
            if not any(
                one.allows and one.covers(action) and one.admits("lambda.amazonaws.com")
                for one in statements
            ):
                yield f"{repository.address} does not allow Lambda {action}."


@rule(
    "general-tags",
    *tags.TAGGED,
    title="A resource that costs money is tagged",
    aws="Nobody can tell whom its costs belong to.",
    fix="Set default_tags in the provider, or tags.",
    source="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    severity="warning",
)
def tagged(resource: Resource, _all: Configuration) -> Iterator[str]:
    """Look for tags of its own, or of its provider."""
    provided = resource.provider.has_default_tags if resource.provider else None
    own = resource.is_set("tags") or resource.is_set("tags_all")
    if not own and not provided:
        if provided is None:
            resource.known("tags_all")
        yield "It has no tags."


@rule(
    "general-secret",
    "aws_lambda_function",
    "aws_secretsmanager_secret_version",
    "aws_ssm_parameter",
    "aws_instance",
    "aws_ecs_task_definition",
    "aws_db_proxy",
    "aws_elasticache_replication_group",
    title="No secret stands in the configuration",
    aws="It is in clear in the repository, the plan and the state; the console shows variables of "
    "functions.",
    fix="Let AWS make the secret, and read it at run time.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
)
def secret(resource: Resource, _all: Configuration) -> Iterator[str]:
    """Find access keys, private keys, and literal values under a secret's name."""
    for argument, text in _texts(_values(resource)):
        if re.search(iam.ACCESS_KEY_PATTERN, text):
            yield f"{argument} has an access key."
        elif PRIVATE_KEY in text and "PRIVATE KEY" in text:
            yield f"{argument} has a private key."
        elif SECRET_NAME.search(argument) and _is_literal(text):
            yield f"{argument} is written in clear."
    if resource.type == "aws_secretsmanager_secret_version":
        value = resource.get("secret_string")
        if isinstance(value, str) and value and not resource.references("secret_string"):
            yield "secret_string is written in clear."
    if resource.type == "aws_ssm_parameter" and resource.get("type") == "SecureString":
        value = resource.get("value")
        if isinstance(value, str) and value and not resource.references("value"):
            yield "value is written in clear."


def _values(resource: Resource) -> Mapping[str, Any]:
    return {name: resource.get(name) for name in resource.raw}


def _is_literal(text: str) -> bool:
    """Return whether a text may be a secret: neither a name, nor an address, nor a placeholder."""
    return bool(text) and "${" not in text and not text.startswith(("arn:", "/", "http"))


@rule(
    "general-same-name",
    *NAMED,
    *GLOBAL,
    title="Two resources have different names",
    aws="The second one answers AlreadyExists, or both are one resource and overwrite each other.",
    fix="Give each its own name.",
    source="https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html",
    applies=lambda resource, _all: isinstance(
        resource.get(NAMED.get(resource.type) or GLOBAL[resource.type]), str
    ),
    refused_locally="tests/local_aws/test_unique_names.py::"
    "test_a_second_resource_of_the_same_name_is_refused",
)
def same_name(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the resources after it."""
    argument = NAMED.get(resource.type) or GLOBAL[resource.type]
    name = resource.text(argument)
    if not name:
        return
    same = everything.of(resource.type)
    for other in same[same.index(resource) + 1 :]:
        if other.get(argument) == name and _same_place(resource, other):
            yield f"{other.full_address} is named {name} too."


def _same_place(one: Resource, other: Resource) -> bool:
    """Return whether names of two resources exclude each other."""
    same_provider = one.provider == other.provider
    if one.type in GLOBAL:
        return same_provider or one.type == "aws_s3_bucket"
    return same_provider or (
        one.provider is not None and other.provider is not None and one.region == other.region
    )
