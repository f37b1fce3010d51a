"""What holds for resources of every kind: secrets, tags, names, images."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from review.guardrails.rule import rule
from review.limits import iam, secrets, tags
from review.terraform import Configuration, Resource, Unknown
from review.terraform.policies import read_statements
from review.terraform.shapes import as_list, as_mapping, as_text
from review.terraform.texts import texts_of

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

PRIVATE_KEY = "-----BEGIN "


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
    for argument, text in [*texts_of(_values(resource)), *_container_variables(resource)]:
        if re.search(iam.ACCESS_KEY_PATTERN, text):
            yield f"{argument} has an access key."
        elif PRIVATE_KEY in text and "PRIVATE KEY" in text:
            yield f"{argument} has a private key."
        elif re.search(secrets.NAME_PATTERN, argument, re.IGNORECASE) and _is_literal(text):
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


def _container_variables(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the variables of a task's containers: name and value."""
    if resource.type != "aws_ecs_task_definition":
        return
    for container in as_list(resource.document("container_definitions")):
        for each in as_list(as_mapping(container).get("environment")):
            variable = as_mapping(each)
            yield as_text(variable.get("name")), as_text(variable.get("value"))


def _is_literal(text: str) -> bool:
    """Return whether a text may be a secret: neither an expression, nor the name of a secret."""
    is_path = re.fullmatch(r"/?[a-z][a-z0-9._-]*(?:/[a-z0-9._-]+)+", text)
    return bool(text) and "${" not in text and not text.startswith(("arn:", "http")) and not is_path


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
    if one.type == "aws_s3_bucket" or one.provider == other.provider:
        return True
    if not one.provider or not other.provider or one.provider.identity != other.provider.identity:
        return False
    return one.type in GLOBAL or one.region == other.region
