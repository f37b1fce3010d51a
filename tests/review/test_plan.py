"""The reader of plans, with plans made by hand for each fact that it depends on."""

from typing import Any

import pytest

from review.errors import ReviewError
from review.terraform import Configuration, NotEvaluableError, Reference, Resource, Unknown
from review.terraform.inputs import read_documents
from tests.review.documents import Block, change, plan

LATER = {"references": ["aws_vpc.main.id", "aws_vpc.main"]}


def read(document: Block) -> Configuration:
    return read_documents([("", document)])


def only(configuration: Configuration, type_: str) -> Resource:
    (resource,) = configuration.of(type_)
    return resource


def described(type_: str, name: str, **body: Any) -> Block:  # noqa: ANN401  # any JSON
    """Return the configuration of a resource."""
    return {"mode": "managed", "type": type_, "name": name, "provider_config_key": "aws", **body}


@pytest.mark.parametrize(
    ("actions", "exists"),
    [
        (("no-op",), True),
        (("create",), True),
        (("read",), True),
        (("update",), True),
        (("delete",), False),
        (("forget",), False),
        (("delete", "create"), True),
        (("create", "delete"), True),
        (("create", "forget"), True),
    ],
)
def test_a_resource_is_read_if_it_exists_after_the_plan(
    actions: tuple[str, ...], *, exists: bool
) -> None:
    document = plan(change("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}, actions=actions))
    assert bool(read(document).of("aws_vpc")) is exists


def test_a_deposed_object_is_no_second_resource() -> None:
    document = plan(
        change("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}, actions=("no-op",)),
        change("aws_vpc.main", None, actions=("delete",), deposed="5d0bd0d6"),
        change("aws_vpc.main", {"cidr_block": "10.1.0.0/16"}, actions=("no-op",), deposed="e1"),
    )
    assert only(read(document), "aws_vpc").get("cidr_block") == "10.0.0.0/16"


def test_drift_is_not_read() -> None:
    drift = [change("aws_vpc.gone", None, actions=("delete",))]
    assert not read(plan(resource_drift=drift)).resources


def test_a_refresh_only_plan_has_no_changes() -> None:
    document = plan()
    del document["resource_changes"]
    assert not read(document).resources


def test_null_is_not_set_and_unknown_is_not_known() -> None:
    document = plan(
        change(
            "aws_subnet.a",
            {"availability_zone": None, "cidr_block": "10.0.0.0/24"},
            unknown={"vpc_id": True, "id": True},
        ),
        root_module={"resources": [described("aws_subnet", "a", expressions={"vpc_id": LATER})]},
    )
    subnet = only(read(document), "aws_subnet")
    assert subnet.get("availability_zone") is None
    assert not subnet.is_set("availability_zone")
    assert subnet.get("vpc_id") == Unknown(references=(Reference("aws_vpc.main", ("id",)),))
    with pytest.raises(NotEvaluableError):
        subnet.text("vpc_id")


def test_an_unknown_element_of_a_list_is_null_there() -> None:
    document = plan(
        change(
            "aws_lb.shop",
            {"subnets": ["subnet-1", None]},
            unknown={"subnets": [False, True]},
        )
    )
    first, second = only(read(document), "aws_lb").items("subnets")
    assert first == "subnet-1"
    assert isinstance(second, Unknown)


def test_what_is_unknown_as_a_whole_hides_what_is_within() -> None:
    document = plan(change("aws_lb.shop", {}, unknown={"subnets": True, "access_logs": True}))
    balancer = only(read(document), "aws_lb")
    with pytest.raises(NotEvaluableError):
        balancer.items("subnets")
    with pytest.raises(NotEvaluableError):
        balancer.blocks("access_logs")


def test_a_nested_block_has_its_own_unknown_values() -> None:
    document = plan(
        change(
            "aws_lb.shop",
            {"access_logs": [{"enabled": True, "prefix": None}]},
            unknown={"access_logs": [{"bucket": True}]},
        ),
        change("aws_s3_bucket.logs", {}),
        root_module={
            "resources": [
                described(
                    "aws_lb",
                    "shop",
                    expressions={
                        "access_logs": [
                            {
                                "bucket": {
                                    "references": ["aws_s3_bucket.logs.id", "aws_s3_bucket.logs"]
                                }
                            }
                        ]
                    },
                )
            ]
        },
    )
    everything = read(document)
    (logs,) = only(everything, "aws_lb").blocks("access_logs")
    assert logs.flag("enabled")
    assert not logs.is_set("prefix")
    assert everything.linked(logs, "bucket", "aws_s3_bucket") == everything.of("aws_s3_bucket")


def test_what_the_provider_will_choose_is_not_set() -> None:
    document = plan(
        change("aws_lb.shop", {"name": "shop"}, unknown={"security_groups": True, "arn": True}),
        root_module={
            "resources": [
                described("aws_lb", "shop", expressions={"name": {"constant_value": "shop"}})
            ]
        },
    )
    assert not only(read(document), "aws_lb").is_set("security_groups")


def test_a_block_that_may_be_generated_is_not_known() -> None:
    """Plans leave out the expressions of generated blocks."""
    document = plan(
        change(
            "aws_lambda_function.a",
            {},
            unknown={"dead_letter_config": True, "logging_config": True},
        ),
        root_module={"resources": [described("aws_lambda_function", "a", expressions={})]},
    )
    assert not only(read(document), "aws_lambda_function").blocks("logging_config")
    with pytest.raises(NotEvaluableError):
        only(read(document), "aws_lambda_function").blocks("dead_letter_config")


def test_an_unknown_element_of_a_map_is_written() -> None:
    variables = {"references": ["aws_vpc.main.id", "aws_vpc.main"]}
    document = plan(
        change(
            "aws_lambda_function.a",
            {"environment": [{"variables": {"A": "1"}}]},
            unknown={"environment": [{"variables": {"B": True}}]},
        ),
        root_module={
            "resources": [
                described(
                    "aws_lambda_function",
                    "a",
                    expressions={"environment": [{"variables": variables}]},
                )
            ]
        },
    )
    (block,) = only(read(document), "aws_lambda_function").blocks("environment")
    assert isinstance(block.mapping("variables")["B"], Unknown)


@pytest.mark.parametrize("version", ["0.2", "1.0", "1.2", "1.99"])
def test_minor_versions_of_the_format_are_accepted(version: str) -> None:
    assert read({**plan(change("aws_vpc.main", {})), "format_version": version}).resources


@pytest.mark.parametrize("version", ["2.0", "10.1", "", 1, None])
def test_other_major_versions_of_the_format_are_refused(version: object) -> None:
    with pytest.raises(ReviewError, match="format"):
        read({**plan(), "format_version": version})


def test_the_lifecycle_is_not_visible() -> None:
    with pytest.raises(NotEvaluableError):
        _ = only(read(plan(change("aws_vpc.main", {}))), "aws_vpc").lifecycle


def test_dependencies_need_the_configuration() -> None:
    both = (change("aws_vpc.main", {}), change("aws_eip.nat", {}))
    resources = [
        described("aws_vpc", "main"),
        described("aws_eip", "nat", depends_on=["aws_vpc.main"]),
    ]
    described_plan = read(plan(*both, root_module={"resources": resources}))
    address, network = only(described_plan, "aws_eip"), only(described_plan, "aws_vpc")
    assert described_plan.comes_after(address, network)
    assert not described_plan.comes_after(network, address)

    bare = read(plan(*both))
    with pytest.raises(NotEvaluableError):
        bare.comes_after(only(bare, "aws_eip"), only(bare, "aws_vpc"))


def test_a_reference_leads_to_every_instance() -> None:
    document = plan(
        change("aws_subnet.a[0]", {}),
        change("aws_subnet.a[1]", {}),
        change('aws_subnet.b["x.y"]', {}),
        change("aws_lb.shop", {}, unknown={"subnets": True}),
        root_module={
            "resources": [
                described(
                    "aws_lb",
                    "shop",
                    expressions={"subnets": {"references": ["aws_subnet.a", "aws_subnet.b"]}},
                )
            ]
        },
    )
    document["resource_changes"][2] |= {"type": "aws_subnet", "name": "b"}
    everything = read(document)
    found = everything.linked(only(everything, "aws_lb"), "subnets", "aws_subnet")
    assert [each.address for each in found] == [
        "aws_subnet.a[0]",
        "aws_subnet.a[1]",
        'aws_subnet.b["x.y"]',
    ]


def test_an_index_leads_to_one_instance() -> None:
    subnets = ("aws_subnet.a[0]", "aws_subnet.a[1]", 'aws_subnet.b["x"]', 'aws_subnet.b["y"]')
    text = ["aws_subnet.a[1].id", "aws_subnet.a[1]", "aws_subnet.a"]
    key = ['aws_subnet.b["x"].id', 'aws_subnet.b["x"]', "aws_subnet.b"]
    everything = read(
        plan(
            *(change(address, {}) for address in subnets),
            change("aws_lb.shop", {}, unknown={"subnets": True}),
            root_module={
                "resources": [
                    described(
                        "aws_lb", "shop", expressions={"subnets": {"references": [*text, *key]}}
                    )
                ]
            },
        )
    )
    links = everything.links(only(everything, "aws_lb"), "subnets")
    assert [(each.resource.address, each.attribute) for each in links] == [
        ("aws_subnet.a[1]", "id"),
        ('aws_subnet.b["x"]', "id"),
    ]


def test_an_index_leads_to_one_instance_of_a_module() -> None:
    inner = {
        "resources": [described("aws_lambda_function", "this")],
        "outputs": {
            name: {
                "expression": {
                    "references": [f"aws_lambda_function.this.{name}", "aws_lambda_function.this"]
                }
            }
            for name in ("arn", "invoke_arn")
        },
    }
    # The module that is called holds nothing but another module.
    outer = {
        "module_calls": {"inner": {"module": inner}},
        "outputs": {
            name: {"expression": {"references": [f"module.inner.{name}", "module.inner"]}}
            for name in ("arn", "invoke_arn")
        },
    }
    read_here = [f'module.shop["b"].{name}' for name in ("arn", "invoke_arn")]
    document = plan(
        *(
            change(f'module.shop["{key}"].module.inner.aws_lambda_function.this', {})
            for key in ("a", "b")
        ),
        change("aws_lambda_permission.api", {}, unknown={"function_name": True}),
        root_module={
            "module_calls": {"shop": {"module": outer}},
            "resources": [
                described(
                    "aws_lambda_permission",
                    "api",
                    expressions={"function_name": {"references": read_here}},
                )
            ],
        },
    )
    everything = read(document)
    links = everything.links(only(everything, "aws_lambda_permission"), "function_name")
    assert [(each.resource.module, each.attribute) for each in links] == [
        ('module.shop["b"].module.inner.', "arn"),
        ('module.shop["b"].module.inner.', "invoke_arn"),
    ]


def test_blocks_that_are_declared_as_an_attribute_share_its_references() -> None:
    route = {"references": ["aws_internet_gateway.out.id", "aws_internet_gateway.out"]}
    document = plan(
        change("aws_internet_gateway.out", {}),
        change(
            "aws_route_table.public",
            {"route": [{"cidr_block": "0.0.0.0/0", "nat_gateway_id": ""}]},
            unknown={"route": [{"gateway_id": True}]},
        ),
        root_module={
            "resources": [described("aws_route_table", "public", expressions={"route": route})]
        },
    )
    everything = read(document)
    (block,) = only(everything, "aws_route_table").blocks("route")
    assert everything.linked(block, "gateway_id", "aws_internet_gateway")
    assert not everything.linked(block, "nat_gateway_id", "aws_nat_gateway")


def modules() -> Block:
    """Return a plan in which one module takes a subnet from another one, through the root."""
    network = {
        "resources": [described("aws_subnet", "a"), described("aws_subnet", "b")],
        "outputs": {
            "subnet_id": {"expression": {"references": ["aws_subnet.a.id", "aws_subnet.a"]}}
        },
    }
    balancer = {
        "resources": [
            described(
                "aws_lb",
                "shop",
                expressions={"subnets": {"references": ["var.subnets"]}},
                provider_config_key="aws.virginia",
            )
        ]
    }
    calls = {
        "network": {"module": network},
        "balancer": {
            "module": balancer,
            "expressions": {
                "subnets": {"references": ["module.network.subnet_id", "module.network"]}
            },
        },
    }
    result = plan(
        change("module.network.aws_subnet.a", {}),
        change("module.network.aws_subnet.b", {}),
        change("module.balancer.aws_lb.shop", {}, unknown={"subnets": True}),
        root_module={"module_calls": calls},
    )
    result["configuration"]["provider_config"] = {
        "aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}},
        "aws.virginia": {
            "name": "aws",
            "alias": "virginia",
            "expressions": {"region": {"constant_value": "us-east-1"}, "default_tags": [{}]},
        },
    }
    result["variables"] = {"region": {"value": "eu-west-1"}}
    return result


def test_references_go_through_variables_and_outputs_of_modules() -> None:
    everything = read(modules())
    (subnet,) = everything.linked(only(everything, "aws_lb"), "subnets", "aws_subnet")
    assert subnet.address == "module.network.aws_subnet.a"


def test_references_stay_within_an_instance_of_a_module() -> None:
    inner = {
        "resources": [
            described(
                "aws_route",
                "out",
                expressions={
                    "route_table_id": {"references": ["aws_route_table.a.id", "aws_route_table.a"]}
                },
            )
        ]
    }
    changes = [
        change(f"module.zone[{index}].{address}", {}, unknown={"route_table_id": True})
        for index in (0, 1)
        for address in ("aws_route_table.a", "aws_route.out")
    ]
    everything = read(plan(*changes, root_module={"module_calls": {"zone": {"module": inner}}}))
    for route in everything.of("aws_route"):
        (table,) = everything.linked(route, "route_table_id", "aws_route_table")
        assert table.module == route.module


def test_the_region_is_that_of_the_provider_that_a_module_gets() -> None:
    everything = read(modules())
    balancer = only(everything, "aws_lb")
    assert balancer.region == "us-east-1"
    assert balancer.provider
    assert balancer.provider.alias == "virginia"
    assert balancer.provider.has_default_tags
    assert {each.region for each in everything.of("aws_subnet")} == {"eu-west-1"}


def test_a_region_that_is_not_visible_is_not_evaluable() -> None:
    resource = only(read(plan(change("aws_vpc.main", {}))), "aws_vpc")
    with pytest.raises(NotEvaluableError):
        _ = resource.region


def test_data_that_was_read_before_the_plan_is_there() -> None:
    state = {
        "address": "data.aws_iam_policy_document.trust",
        "mode": "data",
        "type": "aws_iam_policy_document",
        "name": "trust",
        "values": {"json": "{}"},
    }
    document = plan(
        change("aws_iam_role.api", {}, unknown={"assume_role_policy": True}),
        root_module={
            "resources": [
                described(
                    "aws_iam_role",
                    "api",
                    expressions={
                        "assume_role_policy": {
                            "references": [
                                "data.aws_iam_policy_document.trust.json",
                                "data.aws_iam_policy_document.trust",
                            ]
                        }
                    },
                )
            ]
        },
        prior_state={"values": {"root_module": {"resources": [state]}}},
    )
    everything = read(document)
    (link,) = everything.links(only(everything, "aws_iam_role"), "assume_role_policy")
    assert link.resource.get("json") == "{}"
    assert link.resource.mode == "data"
    assert link.attribute == "json"
