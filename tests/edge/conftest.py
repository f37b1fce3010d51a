"""A stack with every edge construct, synthesised once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.edge.distribution import Distribution, Domain
from modules.edge.distribution_logs import DistributionLogs
from modules.edge.edge_function import EdgeFunction
from modules.edge.origins import ApiOrigin, LoadBalancerOrigin
from modules.edge.policies import CacheLifetime
from modules.release.edge_package import Package, package_function
from modules.settings.edge import CountedRule, FirewallSettings
from modules.shared.account import Account
from modules.shared.web_acl import WebAcl
from modules.stacks import App
from tests.synthesis import Stack

SOURCE = Path(__file__).parents[2] / "modules" / "edge" / "function"
NAME = "ecommerce-test"
HOME_PROVIDER = "aws"
EDGE_PROVIDER = "aws.edge"
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/edge"
STAGE_ARN = "arn:aws:apigateway:eu-west-1::/restapis/abc123/stages/prod"
DOMAIN = Domain(
    aliases=["shop.example.com"],
    certificate_arn="arn:aws:acm:us-east-1:123456789012:certificate/1",
)


@dataclass(frozen=True)
class Edge:
    """The synthesised stack, and its folder."""

    stack: Stack
    folder: Path
    package: Package


def synthesise_edge(folder: Path, *, domain: Domain | None = DOMAIN) -> Edge:
    """Return a stack of all edge constructs, with its home region in Europe."""
    folder.mkdir(parents=True, exist_ok=True)
    package = package_function(source=SOURCE, target=folder / "viewer-request.zip")
    app = App(outdir=str(folder / "out"))
    stack = TerraformStack(app, "edge")
    home = AwsProvider(stack, "home", region="eu-west-1")
    edge = AwsProvider(stack, "edge", region="us-east-1", alias="edge")
    account = Account(stack, "account", region="eu-west-1")
    function = EdgeFunction(
        stack,
        "function",
        provider=edge,
        log_providers={"eu-west-1": home},
        name=NAME,
        package=package,
        log_retention_days=30,
        log_key_arns={"us-east-1": KEY_ARN},
        keep_at_destroy=True,
    )
    web_acl = WebAcl(
        stack,
        "cdn-acl",
        provider=edge,
        name=f"{NAME}-cdn",
        protects="CLOUDFRONT",
        account=account,
        settings=FirewallSettings(),
        log_key_arn=KEY_ARN,
    )
    WebAcl(
        stack,
        "api-acl",
        provider=home,
        name=f"{NAME}-api",
        protects="REGIONAL",
        account=account,
        settings=FirewallSettings(
            counted_rules=(
                CountedRule(group="AWSManagedRulesCommonRuleSet", rule="SizeRestrictions_BODY"),
            )
        ),
        log_key_arn=None,
        resource_arn=STAGE_ARN,
    )
    distribution = Distribution(
        stack,
        "distribution",
        provider=edge,
        name=NAME,
        api=ApiOrigin(domain_name="abc123.execute-api.eu-west-1.amazonaws.com", stage_name="prod"),
        load_balancer=LoadBalancerOrigin(
            arn="arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/api/1",
            domain_name="internal-api.eu-west-1.elb.amazonaws.com",
            protocol="http",
        ),
        function=function,
        web_acl=web_acl,
        catalog_lifetime=CacheLifetime(default_seconds=60, max_seconds=3_600),
        price_class="PriceClass_100",
        domain=domain,
    )
    DistributionLogs(
        stack,
        "logs",
        provider=edge,
        name=NAME,
        distribution_arn=distribution.arn,
        bucket_arn="arn:aws:s3:::ecommerce-test-logs",
        prefix="cloudfront",
    )
    app.synth()
    stack_folder = folder / "out" / "stacks" / "edge"
    document = cast("dict[str, object]", json.loads((stack_folder / "cdk.tf.json").read_text()))
    return Edge(stack=Stack(document), folder=stack_folder, package=package)


@pytest.fixture(name="edge", scope="session")
def _edge(tmp_path_factory: pytest.TempPathFactory) -> Edge:
    return synthesise_edge(tmp_path_factory.mktemp("edge"))
