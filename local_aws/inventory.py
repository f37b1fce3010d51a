"""Lists the resources of an account, to check that a destroy leaves none behind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

import botocore.session
import jmespath  # pyright: ignore[reportMissingTypeStubs]  # none exist
from botocore.client import BaseClient

from local_aws.access.credentials import Credentials
from local_aws.regions import GLOBAL_REGION


@dataclass(frozen=True)
class _Kind:
    """A type of resource."""

    service: str
    """The service's name in boto3."""

    operation: str
    """The client method that lists the resources."""

    names: str
    """A JMESPath of their names in the response, without resources that AWS creates itself."""

    arguments: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    """The arguments of the call."""

    everywhere: bool = True
    """Whether each region has its own; the others are listed once, in the global region."""


_OF_LAMBDA = {"ServiceNamespace": "lambda"}
_OF_RDS = {"ServiceNamespace": "rds"}
_NOT_DEFAULT = "| [?!starts_with(@, 'default.')]"

_KINDS = (
    _Kind("acm", "list_certificates", "CertificateSummaryList[].CertificateArn"),
    _Kind("apigateway", "get_rest_apis", "items[].id"),
    _Kind("apigateway", "get_vpc_links", "items[].id"),
    _Kind("application-autoscaling", "describe_scalable_targets",
          "ScalableTargets[].ResourceId", _OF_LAMBDA),
    _Kind("application-autoscaling", "describe_scalable_targets",
          "ScalableTargets[].ResourceId", _OF_RDS),
    _Kind("application-autoscaling", "describe_scaling_policies",
          "ScalingPolicies[].PolicyName", _OF_LAMBDA),
    _Kind("application-autoscaling", "describe_scheduled_actions",
          "ScheduledActions[].ScheduledActionName", _OF_LAMBDA),
    _Kind("cloudfront", "list_cache_policies",
          "CachePolicyList.Items[].CachePolicy.Id", {"Type": "custom"}, everywhere=False),
    _Kind("cloudfront", "list_distributions", "DistributionList.Items[].Id", everywhere=False),
    _Kind("cloudfront", "list_functions", "FunctionList.Items[].Name", everywhere=False),
    _Kind("cloudfront", "list_origin_access_controls",
          "OriginAccessControlList.Items[].Id", everywhere=False),
    _Kind("cloudfront", "list_origin_request_policies",
          "OriginRequestPolicyList.Items[].OriginRequestPolicy.Id",
          {"Type": "custom"}, everywhere=False),
    _Kind("cloudfront", "list_response_headers_policies",
          "ResponseHeadersPolicyList.Items[].ResponseHeadersPolicy.Id",
          {"Type": "custom"}, everywhere=False),
    _Kind("cloudfront", "list_vpc_origins", "VpcOriginList.Items[].Id", everywhere=False),
    _Kind("cloudwatch", "describe_alarms", "[MetricAlarms, CompositeAlarms][][].AlarmName"),
    _Kind("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
    _Kind("cognito-idp", "list_user_pools", "UserPools[].Name", {"MaxResults": 60}),
    _Kind("ec2", "describe_addresses", "Addresses[].AllocationId"),
    _Kind("ec2", "describe_flow_logs", "FlowLogs[].FlowLogId"),
    _Kind("ec2", "describe_internet_gateways", "InternetGateways[].InternetGatewayId"),
    _Kind("ec2", "describe_nat_gateways", "NatGateways[?State != 'deleted'].NatGatewayId"),
    _Kind("ec2", "describe_network_acls", "NetworkAcls[?!IsDefault].NetworkAclId"),
    _Kind("ec2", "describe_network_interfaces", "NetworkInterfaces[].NetworkInterfaceId"),
    _Kind("ec2", "describe_route_tables",
          "RouteTables[?!(Associations[?Main])].RouteTableId"),
    _Kind("ec2", "describe_security_groups", "SecurityGroups[?GroupName != 'default'].GroupId"),
    _Kind("ec2", "describe_subnets", "Subnets[?!DefaultForAz].SubnetId"),
    _Kind("ec2", "describe_vpc_endpoints", "VpcEndpoints[?State != 'deleted'].VpcEndpointId"),
    _Kind("ec2", "describe_vpcs", "Vpcs[?!IsDefault].VpcId"),
    _Kind("ecr", "describe_repositories", "repositories[].repositoryName"),
    _Kind("elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerName"),
    _Kind("elbv2", "describe_target_groups", "TargetGroups[].TargetGroupName"),
    _Kind("events", "list_rules", "Rules[].Name"),
    _Kind("iam", "list_policies", "Policies[].PolicyName", {"Scope": "Local"}, everywhere=False),
    _Kind("iam", "list_roles",
          "Roles[?!starts_with(Path, '/aws-service-role/')].RoleName", everywhere=False),
    _Kind("iam", "list_users", "Users[].UserName", everywhere=False),
    _Kind("kms", "list_aliases", "Aliases[].AliasName | [?!starts_with(@, 'alias/aws/')]"),
    _Kind("lambda", "list_event_source_mappings", "EventSourceMappings[].UUID"),
    _Kind("lambda", "list_functions", "Functions[].FunctionName"),
    _Kind("logs", "describe_deliveries", "deliveries[].id"),
    _Kind("logs", "describe_delivery_destinations", "deliveryDestinations[].name"),
    _Kind("logs", "describe_delivery_sources", "deliverySources[].name"),
    _Kind("logs", "describe_log_groups", "logGroups[].logGroupName"),
    _Kind("logs", "describe_resource_policies", "resourcePolicies[].policyName"),
    _Kind("rds", "describe_db_cluster_parameter_groups",
          f"DBClusterParameterGroups[].DBClusterParameterGroupName {_NOT_DEFAULT}"),
    _Kind("rds", "describe_db_cluster_snapshots",
          "DBClusterSnapshots[?SnapshotType == 'manual'].DBClusterSnapshotIdentifier"),
    _Kind("rds", "describe_db_clusters", "DBClusters[].DBClusterIdentifier"),
    _Kind("rds", "describe_db_instances", "DBInstances[].DBInstanceIdentifier"),
    _Kind("rds", "describe_db_parameter_groups",
          f"DBParameterGroups[].DBParameterGroupName {_NOT_DEFAULT}"),
    _Kind("rds", "describe_db_proxies", "DBProxies[].DBProxyName"),
    _Kind("rds", "describe_db_proxy_endpoints", "DBProxyEndpoints[].DBProxyEndpointName"),
    _Kind("rds", "describe_db_subnet_groups", "DBSubnetGroups[].DBSubnetGroupName"),
    _Kind("s3", "list_buckets", "Buckets[].Name", everywhere=False),
    _Kind("scheduler", "list_schedules", "Schedules[].Name"),
    _Kind("secretsmanager", "list_secrets", "SecretList[?!DeletedDate].Name"),
    _Kind("sns", "list_topics", "Topics[].TopicArn"),
    _Kind("sqs", "list_queues", "QueueUrls[]"),
    _Kind("wafv2", "list_web_acls", "WebACLs[].Name", {"Scope": "REGIONAL"}),
    _Kind("wafv2", "list_web_acls", "WebACLs[].Name", {"Scope": "CLOUDFRONT"}, everywhere=False),
)  # fmt: skip  # a table


def list_resources(*, url: str, credentials: Credentials, regions: Sequence[str]) -> list[str]:
    """Return every resource that the platform may have left behind, sorted.

    The list leaves out what comes with an account (the default VPC), what a service creates (its
    own roles, default groups) and what AWS is about to delete (keys pending deletion). A new
    account gives an empty list.

    Args:
        url: The URL of the embedded AWS.
        credentials: The access key of the user of this machine.
        regions: The regions to look in; resources without a region are listed once.

    Returns:
        One line per resource: region, service, the operation that listed it, and its name.
    """
    session = botocore.session.get_session()

    @cache
    def client(service: str, region: str) -> BaseClient:
        return session.create_client(
            service,
            region_name=region,
            endpoint_url=url,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
        )

    found = [
        f"{region} {kind.service} {kind.operation} {name}"
        for kind in _KINDS
        for region in (regions if kind.everywhere else [GLOBAL_REGION])
        for name in _names(client(kind.service, region), kind)
        if name  # some services return null instead of an empty list
    ]
    found += [
        f"{region} kms list_keys {key}"
        for region in regions
        for key in _live_keys(client("kms", region))
    ]
    return sorted(found)


def _names(client: BaseClient, kind: _Kind) -> Iterable[str | None]:
    if client.can_paginate(kind.operation):
        pages = client.get_paginator(kind.operation).paginate(**kind.arguments)
        return cast("Iterator[str | None]", pages.search(kind.names))
    answer = getattr(client, kind.operation)(**kind.arguments)
    return cast("list[str] | None", jmespath.search(kind.names, answer)) or []


def _live_keys(client: BaseClient) -> Iterator[str]:
    for key in client.get_paginator("list_keys").paginate().search("Keys[].KeyId"):
        metadata: dict[str, str] = getattr(client, "describe_key")(KeyId=key)["KeyMetadata"]  # noqa: B009  # untyped
        if metadata["KeyManager"] == "CUSTOMER" and metadata["KeyState"] != "PendingDeletion":
            yield metadata["KeyId"]
