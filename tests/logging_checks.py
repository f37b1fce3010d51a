"""A check of every log source: its destination, retention, key and permissions.

The check reads the synthesised JSON. It follows references from each source to its destination, and
from there to the key, and looks for policies that let the source write.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from commands.dashboard.references import REFERENCE
from modules.settings import Part
from modules.settings.edge import EDGE_REGION
from tests.logging_links import WRITE_LOGS, Links, allowing, check_trust, names_services
from tests.synthesis import API_FUNCTION, Block, Synthesis


@dataclass(frozen=True, order=True, kw_only=True)
class LogFlow:
    """One row of the table in `docs/logging.md`, for one region."""

    source: str
    destination: str
    """Region and log group, or prefix in the log archive."""

    format: str
    days: int
    """Days until logs expire."""

    key: str
    """Name of the key that encrypts the logs."""

    writer: str
    """The role or policy that may write."""


def find_flows(synthesis: Synthesis) -> list[LogFlow]:
    """Return the flow of every log source of an environment.

    Raises:
        AssertionError: A source has no destination or may not write there, or a log group has no
            source.
    """
    tracer = _Tracer(synthesis)
    flows = [*tracer.groups(), *tracer.archive()]
    tracer.check_that_every_group_is_reached()
    return flows


class _Tracer:
    def __init__(self, synthesis: Synthesis) -> None:
        self._settings = synthesis.settings
        self._stacks = synthesis.stacks
        self._links = Links(synthesis)
        self._reached: set[int] = set()

    def groups(self) -> Iterator[LogFlow]:
        """Yield the flows into log groups."""
        yield self._function("function", within=API_FUNCTION)
        yield self._function("administration function", within="administration-function")
        yield from self._edge_function()
        yield self._api_access()
        yield self._api_execution()
        yield self._vpc_flow()
        yield self._database()
        yield from self._proxies()
        yield self._firewall("API firewall", part="service")
        yield self._firewall("CloudFront firewall", part="edge")

    def check_that_every_group_is_reached(self) -> None:
        for stack in self._stacks.values():
            for name, group in stack.resources("aws_cloudwatch_log_group").items():
                assert id(group) in self._reached, f"nothing writes to {name}"

    def _function(self, source: str, *, within: str) -> LogFlow:
        function = self._stacks["service"].only("aws_lambda_function", within=within)
        logging = function.get("logging_config", {})
        group = self._links.follow(
            logging.get("log_group"), "aws_cloudwatch_log_group", part="service"
        )
        # Lambda creates a log group of this name if it does not exist.
        assert group["name"] == f"/aws/lambda/{function['function_name']}"
        self._links.check_role(function["role"], part="service", group=group, services={"lambda"})
        return self._flow(
            source, group, format_=logging["log_format"], writer="the function's role"
        )

    def _edge_function(self) -> Iterator[LogFlow]:
        edge = self._stacks["edge"]
        function = edge.only("aws_lambda_function")
        assert "logging_config" not in function, "Lambda@Edge supports no other destination"
        for region in sorted({EDGE_REGION, *self._settings.edge.log_regions}):
            name = f"/aws/lambda/{EDGE_REGION}.{function['function_name']}"
            group = self._links.group_named(name, part="edge", region=region, before=function)
            services = {"lambda", "edgelambda"}
            self._links.check_role(function["role"], part="edge", group=group, services=services)
            suffix = {self._settings.region: " in the home region"} | {EDGE_REGION: ""}
            yield self._flow(
                f"edge function{suffix.get(region, ' elsewhere')}",
                group,
                format_="text",
                writer="the edge function's role",
            )

    def _api_access(self) -> LogFlow:
        stage = self._stacks["service"].only("aws_api_gateway_stage")
        logging = stage.get("access_log_settings", {})
        arn = logging.get("destination_arn")
        group = self._links.follow(arn, "aws_cloudwatch_log_group", part="service")
        assert isinstance(json.loads(logging["format"]), dict)
        self._check_api_gateways_role(stage)
        return self._flow(
            "API access", group, format_="JSON", writer="API Gateway, by the account's role"
        )

    def _api_execution(self) -> LogFlow:
        service = self._stacks["service"]
        stage = service.only("aws_api_gateway_stage")
        method = service.only("aws_api_gateway_method_settings")
        assert method["stage_name"] == service.reference("aws_api_gateway_stage", "stage_name")
        assert method["rest_api_id"] == stage["rest_api_id"]
        assert method["method_path"] == "*/*"
        level = method.get("settings", {}).get("logging_level")
        assert level == self._settings.api.execution_log_level
        assert level != "OFF", "the table has a row for execution logs"
        name = f"API-Gateway-Execution-Logs_{stage['rest_api_id']}/{stage['stage_name']}"
        region = self._settings.region
        group = self._links.group_named(name, part="service", region=region, before=stage)
        self._check_api_gateways_role(stage)
        return self._flow(
            "API execution", group, format_="text", writer="API Gateway, by the account's role"
        )

    def _vpc_flow(self) -> LogFlow:
        flow_log = self._stacks["foundation"].only("aws_flow_log")
        assert flow_log["log_destination_type"] == "cloud-watch-logs"
        assert flow_log["vpc_id"] == self._stacks["foundation"].reference("aws_vpc", "id")
        assert "log_format" not in flow_log
        arn = flow_log.get("log_destination")
        group = self._links.follow(arn, "aws_cloudwatch_log_group", part="foundation")
        self._links.check_role(
            flow_log["iam_role_arn"], part="foundation", group=group, services={"vpc-flow-logs"}
        )
        return self._flow(
            "VPC flow", group, format_="AWS's default fields", writer="the flow logs' role"
        )

    def _database(self) -> LogFlow:
        cluster = self._stacks["data"].only("aws_rds_cluster")
        assert cluster.get("enabled_cloudwatch_logs_exports") == ["postgresql"]
        name = f"/aws/rds/cluster/{cluster['cluster_identifier']}/postgresql"
        return self._by_rds("Aurora", name, writer=cluster)

    def _proxies(self) -> Iterator[LogFlow]:
        for proxy in self._stacks["data"].resources("aws_db_proxy").values():
            yield self._by_rds("RDS Proxy", f"/aws/rds/proxy/{proxy['name']}", writer=proxy)

    def _by_rds(self, source: str, name: str, *, writer: Block) -> LogFlow:
        """Return a flow that RDS writes by its service-linked role, to a group of a fixed name."""
        region = self._settings.region
        group = self._links.group_named(name, part="data", region=region, before=writer)
        return self._flow(source, group, format_="text", writer="RDS")

    def _firewall(self, source: str, *, part: Part) -> LogFlow:
        stack = self._stacks[part]
        logging = stack.only("aws_wafv2_web_acl_logging_configuration")
        acl = self._links.follow(logging.get("resource_arn"), "aws_wafv2_web_acl", part=part)
        destinations = logging.get("log_destination_configs", [])
        assert len(destinations) == 1, f"{source} has destinations {destinations}"
        group = self._links.follow(destinations[0], "aws_cloudwatch_log_group", part=part)
        assert self._links.region(acl) == self._links.region(group)
        assert group["name"].startswith("aws-waf-logs-"), "WAF accepts no other prefix"
        policies = [
            policy["policy_document"]
            for policy in stack.resources("aws_cloudwatch_log_resource_policy").values()
            if self._links.region(policy) == self._links.region(group)
        ]
        written = [
            block
            for entry in allowing(*policies, actions=WRITE_LOGS)
            if names_services(entry, {"delivery.logs"})
            for block in self._links.groups_of(entry, part=part)
        ]
        assert any(block is group for block in written), f"no policy lets {source} write"
        return self._flow(
            source, group, format_="JSON", writer="log delivery, by a resource policy"
        )

    def archive(self) -> Iterator[LogFlow]:
        """Return what arrives in the log archive."""
        logs = self._stacks["service"].only("aws_lb").get("access_logs", {})
        assert logs.get("enabled") is True, "the load balancer does not log"
        bucket = self._links.follow(logs.get("bucket"), "aws_s3_bucket", part="service")
        yield self._in_archive(
            "load balancer",
            bucket,
            prefix=logs["prefix"],
            service="logdelivery.elasticloadbalancing",
            format_="text, gzip",
            writer="Elastic Load Balancing, by the bucket policy",
        )
        edge, kind = self._stacks["edge"], "aws_cloudwatch_log_delivery"
        delivery = edge.only(kind)
        name, arn = delivery["delivery_source_name"], delivery["delivery_destination_arn"]
        source = self._links.follow(name, f"{kind}_source", part="edge")
        assert source["log_type"] == "ACCESS_LOGS"
        self._links.follow(source["resource_arn"], "aws_cloudfront_distribution", part="edge")
        destination = self._links.follow(arn, f"{kind}_destination", part="edge")
        (target,) = destination["delivery_destination_configuration"]
        archive, _, prefix = target["destination_resource_arn"].partition("/")
        yield self._in_archive(
            "CloudFront",
            self._links.follow(archive, "aws_s3_bucket", part="edge"),
            prefix=prefix,
            service="delivery.logs",
            format_=destination["output_format"].upper(),
            writer="log delivery, by the bucket policy",
        )

    def _in_archive(
        self, source: str, bucket: Block, *, prefix: str, service: str, format_: str, writer: str
    ) -> LogFlow:
        policy = self._of_bucket("policy", bucket)["policy"]
        prefixes = [
            resource.partition("/")[2]
            for entry in allowing(policy, actions={"s3:PutObject"})
            if names_services(entry, {service})
            for resource in entry["Resource"]
            if self._links.follow(resource.partition("/")[0], "aws_s3_bucket", part="foundation")
            is bucket
        ]
        assert any(allowed.startswith(f"{prefix}/") for allowed in prefixes), (
            f"{source}: {prefixes}"
        )
        (rule,) = self._of_bucket("lifecycle_configuration", bucket)["rule"]
        (default,) = self._of_bucket("server_side_encryption_configuration", bucket)["rule"]
        assert default["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}
        return LogFlow(
            source=source,
            destination=f"log archive {prefix}/",
            format=format_,
            days=rule["expiration"][0]["days"],
            key="S3's own",
            writer=writer,
        )

    def _of_bucket(self, kind: str, bucket: Block) -> Block:
        """Return the one configuration of a kind that belongs to a bucket."""
        found = self._stacks["foundation"].resources(f"aws_s3_bucket_{kind}").values()
        mine = [
            block
            for block in found
            if self._links.follow(block["bucket"], "aws_s3_bucket", part="foundation") is bucket
        ]
        assert len(mine) == 1, f"the log archive has {len(mine)} of aws_s3_bucket_{kind}"
        return mine[0]

    def _check_api_gateways_role(self, stage: Block) -> None:
        if not self._settings.manages_api_account_role:
            return  # the role belongs to the account, and is managed elsewhere
        service = self._stacks["service"]
        arn = service.only("aws_api_gateway_account").get("cloudwatch_role_arn")
        (account,) = service.resources("aws_api_gateway_account")
        assert f"aws_api_gateway_account.{account}" in stage.get("depends_on", [])
        role = self._links.target(arn, "aws_iam_role", part="service")
        check_trust(role.block, {"apigateway"})
        attached = [
            attachment["policy_arn"].rpartition("/")[2]
            for attachment in service.resources("aws_iam_role_policy_attachment").values()
            if attachment["role"] == f"${{aws_iam_role.{role.name}.name}}"
        ]
        assert attached == ["AmazonAPIGatewayPushToCloudWatchLogs"]

    def _flow(self, source: str, group: Block, *, format_: str, writer: str) -> LogFlow:
        self._reached.add(id(group))
        destination = REFERENCE.sub(_placeholder, group["name"])
        return LogFlow(
            source=source,
            destination=f"{self._links.region(group)} {destination}",
            format=format_,
            days=group["retention_in_days"],
            key=self._links.key_of(group),
            writer=writer,
        )


def _placeholder(reference: re.Match[str]) -> str:
    """Return the placeholder that the table has for a reference in a name."""
    return "{api}" if "aws_api_gateway_rest_api" in reference[0] else "{life}"
