"""Deploys load balancers to an embedded AWS, and sends them requests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from tests.local_aws.deployed_apis import Function
from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import Answer, send

NOT_FOUND = {
    "Type": "fixed-response",
    "FixedResponseConfig": {
        "StatusCode": "404",
        "ContentType": "application/json",
        "MessageBody": '{"status":404}',
    },
}


class LoadBalancer:
    """An internal load balancer with a listener that answers 404."""

    def __init__(self, deployed: DeployedFunctions, *, url: str) -> None:
        self.client = deployed.client("elbv2")
        self._functions = deployed.functions
        ec2 = deployed.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}"
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        self.name = f"balancer-{uuid4().hex[:8]}"
        made = self.client.create_load_balancer(Name=self.name, Subnets=subnets, Scheme="internal")[
            "LoadBalancers"
        ][0]
        self.arn: str = made["LoadBalancerArn"]
        self.dns_name: str = made["DNSName"]
        self._listener = self.client.create_listener(
            LoadBalancerArn=self.arn, Protocol="HTTP", Port=80, DefaultActions=[NOT_FOUND]
        )["Listeners"][0]["ListenerArn"]
        self._url = f"{url}/_local_aws/load-balancers/{self.name}"

    def target_group(self, *, multi_value: bool = False) -> str:
        """Create a target group for a function; return its ARN."""
        arn: str = self.client.create_target_group(
            Name=f"group-{uuid4().hex[:8]}", TargetType="lambda"
        )["TargetGroups"][0]["TargetGroupArn"]
        attribute = {
            "Key": "lambda.multi_value_headers.enabled",
            "Value": str(multi_value).lower(),
        }
        self.client.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[attribute])
        return arn

    def allow(self, function: Function, group: str) -> None:
        """Let the target group invoke the function."""
        self._functions.add_permission(
            FunctionName=function.name,
            Qualifier="live",
            StatementId=group.rpartition("/")[2],
            Action="lambda:InvokeFunction",
            Principal="elasticloadbalancing.amazonaws.com",
            SourceArn=group,
        )

    def register(self, function: Function, group: str) -> None:
        """Make a function the target group's only target."""
        self.client.register_targets(TargetGroupArn=group, Targets=[{"Id": function.alias_arn}])

    def rule(
        self, priority: int, *conditions: Mapping[str, Any], action: Mapping[str, Any] | str
    ) -> None:
        """Add a rule; an ARN as its action forwards to that target group."""
        forward = {"Type": "forward", "TargetGroupArn": action}
        self.client.create_rule(
            ListenerArn=self._listener,
            Priority=priority,
            Conditions=list(conditions),
            Actions=[forward if isinstance(action, str) else action],
        )

    def serve(self, function: Function, *, multi_value: bool = False) -> str:
        """Forward all requests to a function; return the target group's ARN."""
        group = self.target_group(multi_value=multi_value)
        self.allow(function, group)
        self.register(function, group)
        self.rule(1, path("*"), action=group)
        return group

    def send(
        self,
        method: str,
        address: str,
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | str | None = None,
    ) -> Answer:
        """Send a request."""
        return send(method, self._url + address, headers=headers, body=body)


def path(*patterns: str) -> Mapping[str, Any]:
    """Return the condition that the path matches one of the patterns."""
    return _condition("path-pattern", "PathPatternConfig", patterns)


def host(*patterns: str) -> Mapping[str, Any]:
    """Return the condition that the host matches one of the patterns."""
    return _condition("host-header", "HostHeaderConfig", patterns)


def method(*names: str) -> Mapping[str, Any]:
    """Return the condition that the method is one of the names."""
    return _condition("http-request-method", "HttpRequestMethodConfig", names)


def _condition(field: str, config: str, values: Sequence[str]) -> Mapping[str, Any]:
    return {"Field": field, config: {"Values": list(values)}}
