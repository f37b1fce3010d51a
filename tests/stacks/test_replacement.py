"""Replacement before deletion: a successor must not need a name that its predecessor still has.

With `create_before_destroy` Terraform creates the successor first, and also the successors of all
resources that the resource depends on.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.synthesis import Block, Synthesis, synthesise

ADDRESS = re.compile(r"\b(?:data\.)?(?:aws_\w+|terraform_data)\.[\w-]+")
DOMAIN = (
    "{aliases: [shop.example.com], origin_host: origin.example.com,"
    " certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b',"
    " origin_certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b'}"
)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What tells a resource of a type from all others of its type."""

    key: tuple[str, ...]
    """Arguments that no two resources may have in common. Without any, names do not matter."""

    replaced_by: tuple[str, ...] = ()
    """Other arguments whose change makes Terraform replace the resource."""


SCALING = ("service_namespace", "resource_id", "scalable_dimension")

IDENTITIES = {
    "aws_api_gateway_deployment": Identity(key=()),
    "aws_api_gateway_rest_api": Identity(key=()),
    "aws_api_gateway_rest_api_put": Identity(key=()),  # another import overwrites the first
    "aws_appautoscaling_policy": Identity(key=("name", *SCALING)),
    "aws_appautoscaling_scheduled_action": Identity(key=("name", *SCALING)),
    "aws_appautoscaling_target": Identity(key=SCALING),
    "aws_cloudfront_vpc_origin": Identity(key=("vpc_origin_endpoint_config",)),
    "aws_cloudwatch_log_group": Identity(key=("name",), replaced_by=("log_group_class",)),
    "aws_db_parameter_group": Identity(key=("name",), replaced_by=("family", "description")),
    "aws_iam_role": Identity(key=("name",), replaced_by=("path",)),
    "aws_iam_role_policy": Identity(key=("role", "name")),
    "aws_iam_role_policy_attachment": Identity(key=("role", "policy_arn")),
    "aws_lambda_alias": Identity(key=("function_name", "name")),
    "aws_lambda_function": Identity(key=("function_name",), replaced_by=("package_type",)),
    "aws_lambda_invocation": Identity(key=()),
    "aws_lambda_permission": Identity(
        key=("function_name", "qualifier", "statement_id"),
        replaced_by=("action", "principal", "source_arn", "source_account"),
    ),
    "aws_lambda_provisioned_concurrency_config": Identity(key=("function_name", "qualifier")),
    "aws_lb_listener": Identity(key=("load_balancer_arn", "port")),
    "aws_lb_listener_rule": Identity(key=("listener_arn", "priority")),
    "aws_rds_cluster_parameter_group": Identity(
        key=("name",), replaced_by=("family", "description")
    ),
    "aws_security_group": Identity(key=("vpc_id", "name"), replaced_by=("description",)),
    "aws_vpc_security_group_egress_rule": Identity(
        key=("security_group_id", "referenced_security_group_id", "cidr_ipv4", "from_port")
    ),
    "aws_vpc_security_group_ingress_rule": Identity(
        key=("security_group_id", "referenced_security_group_id", "cidr_ipv4", "from_port")
    ),
    "terraform_data": Identity(key=()),
}

ALLOWED = {
    ("aws_api_gateway_integration", "type"): "every integration is a Lambda proxy",
    ("aws_api_gateway_integration", "integration_http_method"): "Lambda accepts POST only",
    ("aws_api_gateway_model", "content_type"): "the API speaks JSON only",
    ("aws_db_parameter_group", "family"): "the name ends with the family's version",
    ("aws_rds_cluster_parameter_group", "family"): "the name ends with the family's version",
    ("aws_lambda_function", "package_type"): "a function never changes between image and zip",
}
"""Arguments that force replacement but are no setting and cannot change, with the reason."""


def collisions(document: Block) -> Iterator[str]:
    """Yield what is created before its predecessor of the same name is deleted, and why."""
    blocks = {
        f"{prefix}{type_}.{name}": block
        for kind, prefix in (("resource", ""), ("data", "data."))
        for type_, named in document.get(kind, {}).items()
        for name, block in named.items()
    }
    for address in sorted(_created_first(blocks)):
        type_ = address.partition(".")[0]
        if type_ == "data":
            continue
        if type_ not in IDENTITIES:
            yield f"{address}: IDENTITIES lacks the type"
            continue
        identity, block = IDENTITIES[type_], blocks[address]
        ignored = block.get("lifecycle", {}).get("ignore_changes", [])
        name = json.dumps([block.get(argument) for argument in identity.key])
        # A random suffix or prefix makes the successor's name another one.
        fixed = bool(identity.key) and "terraform_data." not in name
        for argument in identity.replaced_by if fixed else ():
            allowed = argument in ignored or (type_, argument) in ALLOWED
            if argument in block and not allowed and block.get(identity.key[-1]) is not None:
                yield (
                    f"{address}: a changed {argument} creates a second one with the same"
                    f" {', '.join(identity.key)}: {name}"
                )


def _created_first(blocks: dict[str, Block]) -> set[str]:
    """Addresses of what has `create_before_destroy`, and of all that it depends on."""
    open_ = [
        address
        for address, block in blocks.items()
        if block.get("lifecycle", {}).get("create_before_destroy")
    ]
    found: set[str] = set()
    while open_:
        address = open_.pop()
        if address not in found:
            found.add(address)
            mentioned = set(ADDRESS.findall(json.dumps(blocks[address])))
            open_ += mentioned & blocks.keys()
    return found


def test_no_successor_needs_the_name_of_its_predecessor(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        assert not list(collisions(stack.document))


@pytest.fixture(scope="module")
def with_domain(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Return environment `prod` with a domain."""
    return synthesise(
        "prod", folder=tmp_path_factory.mktemp("domain"), variables={"PLATFORM__DOMAIN": DOMAIN}
    )


def test_a_domain_brings_no_successor_that_needs_its_predecessors_name(
    with_domain: Synthesis,
) -> None:
    for stack in with_domain.stacks.values():
        assert not list(collisions(stack.document))


def test_a_security_group_with_a_fixed_name_is_found_upstream(with_domain: Synthesis) -> None:
    document = with_domain.copy().stacks["service"].document
    groups = document["resource"]["aws_security_group"]
    (name,) = [name for name in groups if name.startswith("api-function")]
    groups[name]["lifecycle"]["ignore_changes"] = []
    (problem,) = collisions(document)
    assert problem.startswith(f"aws_security_group.{name}: a changed description creates a second")


def test_every_security_group_keeps_its_description(synthesis: Synthesis) -> None:
    for stack in synthesis.stacks.values():
        for group in stack.resources("aws_security_group").values():
            assert group["lifecycle"]["ignore_changes"] == ["description"]


def test_a_removed_domain_deletes_its_listener_last(with_domain: Synthesis) -> None:
    """Terraform deletes last what a resource with `create_before_destroy` depended on."""
    edge = with_domain.stacks["edge"]
    origin = edge.only("aws_cloudfront_vpc_origin")
    assert origin["lifecycle"]["create_before_destroy"] is True
    (listener,) = edge.resources("aws_lb_listener")
    assert f"aws_lb_listener.{listener}" in origin["depends_on"]
    plain = with_domain.stacks["service"].only("aws_lb_listener")
    assert (plain["protocol"], plain["port"]) == ("HTTP", 80)


def test_a_vpc_origin_is_replaced_and_never_changed(synthesis: Synthesis) -> None:
    origin = synthesis.stacks["edge"].only("aws_cloudfront_vpc_origin")
    (config,) = origin["vpc_origin_endpoint_config"]
    (trigger,) = origin["lifecycle"]["replace_triggered_by"]
    assert origin["lifecycle"]["ignore_changes"] == ["vpc_origin_endpoint_config"]
    assert f"{trigger}.id" in config["name"]
    suffix = synthesis.stacks["edge"].resources("terraform_data")[trigger.partition(".")[2]]
    assert suffix["triggers_replace"] == {
        "arn": config["arn"],
        "protocol": config["origin_protocol_policy"],
        "tls": config["origin_ssl_protocols"][0]["items"][0],
    }
