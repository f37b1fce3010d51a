"""The kernel that works ahead refuses what jsii refuses, and says where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cdktf
import jsii
import pytest
from cdktf import TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws import vpc
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfigurationRule,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupIngress
from cdktf_cdktf_provider_aws.vpc import Vpc

from modules.stacks import App


def _untyped(**arguments: object) -> dict[str, Any]:
    """Hide arguments' types from the type checker, which would refuse these."""
    return arguments


def _stack(folder: Path) -> TerraformStack:
    stack = TerraformStack(App(outdir=str(folder)), "stack")
    AwsProvider(stack, "aws", region="eu-west-1")
    return stack


def _synthesise(stack: TerraformStack, *, folder: Path) -> str:
    App.of(stack).synth()
    return (folder / "stacks" / "stack" / "cdk.tf.json").read_text()


def _twice(stack: TerraformStack) -> None:
    Vpc(stack, "vpc")
    Vpc(stack, "vpc")


WRONG: dict[str, Callable[[Any], object]] = {
    "Key 'cidrBlock'": lambda stack: Vpc(stack, "a", **_untyped(cidr_block=5)),
    "Key 'enableDnsSupport'": lambda stack: Vpc(stack, "a", **_untyped(enable_dns_support="yes")),
    "Key 'tags'": lambda stack: Vpc(stack, "a", **_untyped(tags={"a": 1})),
    "parameter scope": lambda _: Vpc(*_untyped(scope="stack", id="a").values()),
    "parameter id": lambda stack: Vpc(stack, *_untyped(id=7).values()),
    "Key 'ingress'": lambda stack: SecurityGroup(
        stack, "a", ingress=[SecurityGroupIngress(**_untyped(from_port="x", to_port=1))]
    ),
    "already a Construct with name 'vpc'": _twice,
}


@pytest.mark.parametrize("reason", WRONG)
def test_a_wrong_argument_is_refused_with_its_place(reason: str, tmp_path: Path) -> None:
    stack = TerraformStack(App(outdir=str(tmp_path)), "stack")
    with pytest.raises(RuntimeError, match=reason) as raised:
        _create_and_use(WRONG[reason], stack=stack)
    assert f"(at {__file__}:" in str(raised.value)


def _create_and_use(create: Callable[[Any], object], *, stack: TerraformStack) -> None:
    create(stack)
    assert stack.node.id == "stack"


def test_a_missing_argument_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="status"):
        S3BucketLifecycleConfigurationRule(**_untyped(id="a"))


def test_what_follows_a_refused_argument_is_right_again(tmp_path: Path) -> None:
    stack = _stack(tmp_path)
    Vpc(stack, "refused", **_untyped(cidr_block=5))
    Vpc(stack, "unnoticed")
    with pytest.raises(RuntimeError, match="Key 'cidrBlock'"):
        _synthesise(stack, folder=tmp_path)
    made = Vpc(stack, "made", cidr_block="10.0.0.0/16")
    TerraformOutput(stack, "id", value=made.id)
    assert '"value": "${aws_vpc.made.id}"' in _synthesise(stack, folder=tmp_path)


def test_every_remedy_fits_the_installed_packages() -> None:
    assert type(jsii.kernel.provider).__module__ == "modules.bindings.kernel"
    for module in (cdktf, vpc):
        assert not hasattr(module, "check_type")
        assert module.__doc__ is None
