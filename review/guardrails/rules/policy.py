"""Policies of IAM: what they allow, and whether IAM accepts them."""

import re
from collections.abc import Iterator

from review.guardrails.rule import rule
from review.limits import cloudfront, elbv2, iam
from review.terraform import Block, Configuration, NotEvaluableError, Resource
from review.terraform.policies import Statement, read_statements
from review.terraform.shapes import as_mapping
from review.terraform.texts import texts_of

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
ROLE = "aws_iam_role"
POLICIES = {
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_iam_group_policy": "policy",
    ROLE: "inline_policy",
}

RESOURCE_POLICIES = (
    "aws_ecr_repository_policy",
    "aws_kms_key",
    "aws_lambda_permission",
    "aws_s3_bucket_policy",
    "aws_sns_topic_policy",
    "aws_sqs_queue_policy",
)


def policies_of(resource: Resource) -> list[tuple[Block, str]]:
    """Return the policies of permissions in a resource: the block, and the argument with it."""
    if resource.type == ROLE:
        return [(each, "policy") for each in resource.blocks("inline_policy")]
    return [(resource, POLICIES[resource.type])]


def statements_of(resource: Resource, everything: Configuration) -> Iterator[Statement]:
    """Yield the statements of all policies of permissions in a resource."""
    for block, name in policies_of(resource):
        yield from read_statements(block, name, everything)


def has_policies(resource: Resource, _all: Configuration) -> bool:
    """Return whether a resource has policies of permissions; many roles have none of their own."""
    return bool(policies_of(resource))


@rule(
    "general-account",
    *POLICIES,
    *RESOURCE_POLICIES,
    title="A policy does not repeat an account's number",
    aws="In another account it admits, or asks for, what is not there.",
    fix="Use data.aws_caller_identity, or attributes of resources.",
    source=f"{GUIDE}/reference-arns.html",
    severity="warning",
)
def account(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Find numbers in ARNs that stand in the configuration, except accounts of AWS itself."""
    if any(stack.is_plan and stack.name == resource.stack for stack in everything.stacks):
        raise NotEvaluableError(resource.place, "plans have the numbers filled in")
    for argument, text in texts_of(resource.raw):
        found = re.search(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):", text)
        if found and found[1] not in elbv2.LOG_ACCOUNTS.values():
            yield f"{argument} has the account {found[1]}."


@rule(
    "general-region",
    *POLICIES,
    *RESOURCE_POLICIES,
    title="A policy names the region in which it is deployed",
    aws="In another region it admits, or asks for, what is not there.",
    fix="Use data.aws_region, or attributes of resources.",
    source=f"{GUIDE}/reference-arns.html",
    severity="warning",
    applies=lambda resource, _all: any(_regions(resource)),
)
def region(resource: Resource, _all: Configuration) -> Iterator[str]:
    """Compare the regions in ARNs with the provider's; CloudFront's things are in us-east-1."""
    for argument, named in _regions(resource):
        if named not in {resource.region, cloudfront.EDGE_REGION}:
            yield f"{argument} has the region {named}."


def _regions(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the regions in ARNs that stand in the configuration, with their arguments."""
    for argument, text in texts_of(resource.raw):
        for found in re.findall(r"arn:[\w-]+:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d):", text):
            yield argument, found


@rule(
    "general-wildcard",
    *POLICIES,
    title="A policy does not allow everything on everything",
    aws="Whoever gets the role has the account.",
    fix="Name the actions and the resources.",
    source=f"{GUIDE}/best-practices.html",
    applies=has_policies,
)
def wildcard(policy: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements with * for both."""
    for one in statements_of(policy, everything):
        if one.allows and {"*", "*:*"} & known(one.actions) and "*" in known(one.resources):
            yield "It allows * on *."


def known(values: tuple[object, ...]) -> set[str]:
    """Return the texts among values of which some are not known yet."""
    return {each for each in values if isinstance(each, str)}


@rule(
    "general-service-wildcard",
    *POLICIES,
    title="A policy does not allow all of a service on everything",
    aws="Whoever gets the role may read, change and delete everything that the service has.",
    fix="Name the actions, or the resources.",
    source=f"{GUIDE}/best-practices.html",
    severity="warning",
    applies=has_policies,
)
def service_wildcard(policy: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements with SERVICE:* for the actions, * for the resources and no condition."""
    for one in statements_of(policy, everything):
        if one.allows and not one.conditions and "*" in known(one.resources):
            for action in sorted(known(one.actions)):
                if re.fullmatch(r"[\w-]+:\*", action):
                    yield f"It allows {action} on *."


@rule(
    "general-policy-complete",
    *POLICIES,
    title="Every statement of a policy has actions and resources",
    aws="PutRolePolicy answers MalformedPolicyDocument.",
    fix="Add Action and Resource.",
    source=f"{GUIDE}/reference_policies_elements.html",
    applies=has_policies,
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def policy_complete(policy: Resource, everything: Configuration) -> Iterator[str]:
    """Find statements without one of them, or with a principal."""
    for one in statements_of(policy, everything):
        if not one.actions and not one.excluded_actions:
            yield "A statement has no action."
        if not one.resources and not one.excluded_resources:
            yield "A statement has no resource."
        if one.principals:
            yield "A statement has a principal, which belongs into resource policies."


@rule(
    "general-trust-complete",
    ROLE,
    title="A role's trust has principals and no resources",
    aws="CreateRole answers MalformedPolicyDocument.",
    fix="Name principals; leave out Resource.",
    source=f"{GUIDE}/id_roles_create_for-service.html",
    applies=lambda role, _all: role.is_set("assume_role_policy"),
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
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
    title="A policy has a known version",
    aws="PutRolePolicy answers MalformedPolicyDocument.",
    fix='Set Version to "2012-10-17".',
    source=f"{GUIDE}/reference_policies_elements_version.html",
    refused_locally="tests/local_aws/test_refusals_of_parts.py::test_a_part_is_refused",
)
def policy_version(resource: Resource, everything: Configuration) -> Iterator[str]:
    """Compare with the versions; a trust is a policy too."""
    written = policies_of(resource)
    if resource.type == ROLE:
        written.append((resource, "assume_role_policy"))
    for block, name in written:
        links = everything.links(block, name)
        if any(link.resource.type == "aws_iam_policy_document" for link in links):
            continue  # the provider writes it
        version = as_mapping(block.document(name)).get("Version")
        if isinstance(version, str) and version not in iam.POLICY_VERSIONS:
            yield f"It is {version}."
