"""Every resource type of the stacks, and what happens to one that is not in the state.

A type is adopted, told or repeated. A second create of a repeated type overwrites what exists with
the same content, or leaves something behind that costs nothing and that nobody uses.
"""

from dataclasses import replace
from typing import Any

from commands.adoption.lookup import Call, Lookup

_NAME_TAG = {"tag:Name": "{tags[Name]}"}


def _ec2(
    operation: str,
    items: str,
    id_: str,
    *,
    filters: dict[str, str],
    filter_argument: str = "Filters",
) -> Lookup:
    wanted = [{"Name": name, "Values": [value]} for name, value in filters.items()]
    return Lookup(
        service="ec2",
        find=Call(operation=operation, arguments={filter_argument: wanted}, items=items),
        tags="Tags",
        id=f"{{{id_}}}",
    )


def _rule(is_egress: str) -> Lookup:
    return _ec2(
        "describe_security_group_rules",
        f"SecurityGroupRules[?IsEgress==`{is_egress}` && IpProtocol=='{{ip_protocol}}'"
        " && FromPort==`{from_port}` && ToPort==`{to_port}`]",
        "SecurityGroupRuleId",
        filters={"group-id": "{security_group_id}"},
    )


def _rds(operation: str, argument: str, name: str, items: str, arn: str, id_: str = "") -> Lookup:
    return Lookup(
        service="rds",
        find=Call(operation=operation, arguments={argument: f"{{{name}}}"}, items=items),
        tags=Call(
            operation="list_tags_for_resource",
            arguments={"ResourceName": f"{{{arn}}}"},
            items="TagList",
        ),
        id=id_ or f"{{{name}}}",
    )


def _balancing(operation: str, arguments: dict[str, Any], items: str, arn: str) -> Lookup:
    return Lookup(
        service="elbv2",
        find=Call(operation=operation, arguments=arguments, items=items),
        tags=Call(
            operation="describe_tags",
            arguments={"ResourceArns": [f"{{{arn}}}"]},
            items="TagDescriptions[].Tags[]",
        ),
        id=f"{{{arn}}}",
        attributes={"arn": f"{{{arn}}}"},
    )


def _cdn(operation: str, items: str, arn: str) -> Lookup:
    return Lookup(
        service="cloudfront",
        find=Call(operation=operation, items=items),
        tags=Call(
            operation="list_tags_for_resource",
            arguments={"Resource": f"{{{arn}}}"},
            items="Tags.Items",
        ),
        id="{Id}",
    )


def _part(
    service: str, operation: str, arguments: dict[str, Any], *, id_: str, items: str = "[@]"
) -> Lookup:
    """Return the lookup of a part without tags, which its parent and its name identify."""
    call = Call(operation=operation, arguments=arguments, items=items)
    return Lookup(service=service, find=call, id=id_)


ADOPTED: dict[str, Lookup] = {
    "aws_api_gateway_rest_api": Lookup(
        service="apigateway",
        find=Call(operation="get_rest_apis", items="items[?name=='{name}']"),
        tags="tags",
        id="{id}",
    ),
    "aws_api_gateway_stage": Lookup(
        service="apigateway",
        find=Call(
            operation="get_stage",
            arguments={"restApiId": "{rest_api_id}", "stageName": "{stage_name}"},
        ),
        tags="tags",
        id="{rest_api_id}/{stage_name}",
    ),
    "aws_cloudfront_cache_policy": _part(
        "cloudfront",
        "list_cache_policies",
        {"Type": "custom"},
        items="CachePolicyList.Items[].CachePolicy | [?CachePolicyConfig.Name=='{name}']",
        id_="{Id}",
    ),
    "aws_cloudfront_distribution": _cdn(
        "list_distributions", "DistributionList.Items[?Comment=='{comment}']", "ARN"
    ),
    "aws_cloudfront_monitoring_subscription": _part(
        "cloudfront",
        "get_monitoring_subscription",
        {"DistributionId": "{distribution_id}"},
        items="[MonitoringSubscription]",
        id_="{distribution_id}",
    ),
    "aws_cloudfront_response_headers_policy": _part(
        "cloudfront",
        "list_response_headers_policies",
        {"Type": "custom"},
        items="ResponseHeadersPolicyList.Items[].ResponseHeadersPolicy"
        " | [?ResponseHeadersPolicyConfig.Name=='{name}']",
        id_="{Id}",
    ),
    "aws_cloudfront_vpc_origin": _cdn(
        "list_vpc_origins",
        "VpcOriginList.Items[?Name=='{vpc_origin_endpoint_config[0][name]}']",
        "Arn",
    ),
    "aws_cloudwatch_log_delivery": Lookup(
        service="logs",
        find=Call(
            operation="describe_deliveries",
            items="deliveries[?deliverySourceName=='{delivery_source_name}']",
        ),
        tags="tags",
        id="{id}",
    ),
    # AWS refuses a second request for these two, because it carries tags.
    "aws_cloudwatch_log_delivery_destination": Lookup(
        service="logs",
        find=Call(
            operation="describe_delivery_destinations",
            items="deliveryDestinations[?name=='{name}']",
        ),
        tags="tags",
        id="{name}",
    ),
    "aws_cloudwatch_log_delivery_source": Lookup(
        service="logs",
        find=Call(operation="describe_delivery_sources", items="deliverySources[?name=='{name}']"),
        tags="tags",
        id="{name}",
    ),
    "aws_cloudwatch_log_group": Lookup(
        service="logs",
        find=Call(
            operation="describe_log_groups",
            arguments={"logGroupNamePrefix": "{name}"},
            items="logGroups[?logGroupName=='{name}']",
        ),
        tags=Call(
            operation="list_tags_for_resource",
            arguments={"resourceArn": "{logGroupArn}"},
            items="tags",
        ),
        id="{name}",
    ),
    "aws_cognito_resource_server": _part(
        "cognito-idp",
        "describe_resource_server",
        {"UserPoolId": "{user_pool_id}", "Identifier": "{identifier}"},
        id_="{user_pool_id}|{identifier}",
    ),
    "aws_cognito_user_group": _part(
        "cognito-idp",
        "get_group",
        {"UserPoolId": "{user_pool_id}", "GroupName": "{name}"},
        id_="{user_pool_id}/{name}",
    ),
    # The provider cannot read `generate_secret`, so the plan replaces an imported client.
    "aws_cognito_user_pool_client": _part(
        "cognito-idp",
        "list_user_pool_clients",
        {"UserPoolId": "{user_pool_id}"},
        items="UserPoolClients[?ClientName=='{name}']",
        id_="{user_pool_id}/{ClientId}",
    ),
    "aws_cognito_user_pool_domain": _part(
        "cognito-idp",
        "describe_user_pool_domain",
        {"Domain": "{domain}"},
        items="[DomainDescription] | [?UserPoolId=='{user_pool_id}']",
        id_="{domain}",
    ),
    "aws_db_parameter_group": _rds(
        "describe_db_parameter_groups",
        "DBParameterGroupName",
        "name",
        "DBParameterGroups",
        "DBParameterGroupArn",
    ),
    "aws_db_proxy": _rds("describe_db_proxies", "DBProxyName", "name", "DBProxies", "DBProxyArn"),
    "aws_db_proxy_endpoint": _rds(
        "describe_db_proxy_endpoints",
        "DBProxyEndpointName",
        "db_proxy_endpoint_name",
        "DBProxyEndpoints[?DBProxyName=='{db_proxy_name}']",
        "DBProxyEndpointArn",
        "{db_proxy_name}/{db_proxy_endpoint_name}",
    ),
    "aws_db_proxy_target": _part(
        "rds",
        "describe_db_proxy_targets",
        {"DBProxyName": "{db_proxy_name}"},
        items="Targets[?RdsResourceId=='{db_cluster_identifier}']",
        id_="{db_proxy_name}/default/{Type}/{db_cluster_identifier}",
    ),
    "aws_db_subnet_group": _rds(
        "describe_db_subnet_groups",
        "DBSubnetGroupName",
        "name",
        "DBSubnetGroups",
        "DBSubnetGroupArn",
    ),
    "aws_ecr_repository": Lookup(
        service="ecr",
        find=Call(
            operation="describe_repositories",
            arguments={"repositoryNames": ["{name}"]},
            items="repositories",
        ),
        tags=Call(
            operation="list_tags_for_resource",
            arguments={"resourceArn": "{repositoryArn}"},
            items="tags",
        ),
        id="{name}",
    ),
    "aws_eip": replace(
        _ec2("describe_addresses", "Addresses", "AllocationId", filters=_NAME_TAG),
        attributes={"allocation_id": "{AllocationId}"},
    ),
    "aws_flow_log": _ec2(
        "describe_flow_logs",
        "FlowLogs",
        "FlowLogId",
        filters={"resource-id": "{vpc_id}"},
        filter_argument="Filter",
    ),
    "aws_iam_role": Lookup(
        service="iam",
        find=Call(operation="get_role", arguments={"RoleName": "{name}"}, items="[Role]"),
        tags="Tags",
        id="{name}",
    ),
    "aws_internet_gateway": _ec2(
        "describe_internet_gateways", "InternetGateways", "InternetGatewayId", filters=_NAME_TAG
    ),
    "aws_kms_alias": _part(
        "kms",
        "list_aliases",
        {"KeyId": "{target_key_id}"},
        items="Aliases[?AliasName=='{name}']",
        id_="{name}",
    ),
    "aws_lambda_alias": _part(
        "lambda",
        "get_alias",
        {"FunctionName": "{function_name}", "Name": "{name}"},
        id_="{function_name}/{name}",
    ),
    "aws_lambda_function": Lookup(
        service="lambda",
        find=Call(
            operation="get_function",
            arguments={"FunctionName": "{function_name}"},
            items="[Configuration]",
        ),
        tags=Call(operation="list_tags", arguments={"Resource": "{FunctionArn}"}, items="Tags"),
        id="{function_name}",
    ),
    "aws_lambda_permission": _part(
        "lambda",
        "get_policy",
        {"FunctionName": "{function_name}", "Qualifier": "{qualifier}"},
        # The answer is a document within a text.
        items="[@] | [?contains(Policy, '\"{statement_id}\"')]",
        id_="{function_name}:{qualifier}/{statement_id}",
    ),
    "aws_lb": _balancing(
        "describe_load_balancers", {"Names": ["{name}"]}, "LoadBalancers", "LoadBalancerArn"
    ),
    "aws_lb_listener": _balancing(
        "describe_listeners",
        {"LoadBalancerArn": "{load_balancer_arn}"},
        "Listeners[?Port==`{port}`]",
        "ListenerArn",
    ),
    "aws_lb_listener_rule": _balancing(
        "describe_rules",
        {"ListenerArn": "{listener_arn}"},
        "Rules[?Priority=='{priority}']",
        "RuleArn",
    ),
    "aws_lb_target_group": _balancing(
        "describe_target_groups", {"Names": ["{name}"]}, "TargetGroups", "TargetGroupArn"
    ),
    "aws_nat_gateway": _ec2(
        "describe_nat_gateways",
        "NatGateways[?State=='pending' || State=='available']",
        "NatGatewayId",
        filters={"subnet-id": "{subnet_id}"},
        filter_argument="Filter",
    ),
    "aws_rds_cluster_instance": _rds(
        "describe_db_instances",
        "DBInstanceIdentifier",
        "identifier",
        "DBInstances[?DBClusterIdentifier=='{cluster_identifier}']",
        "DBInstanceArn",
    ),
    "aws_rds_cluster_parameter_group": _rds(
        "describe_db_cluster_parameter_groups",
        "DBClusterParameterGroupName",
        "name",
        "DBClusterParameterGroups",
        "DBClusterParameterGroupArn",
    ),
    "aws_route": _part(
        "ec2",
        "describe_route_tables",
        {"RouteTableIds": ["{route_table_id}"]},
        items="RouteTables[].Routes[] | [?DestinationCidrBlock=='{destination_cidr_block}']",
        id_="{route_table_id}_{destination_cidr_block}",
    ),
    "aws_route_table": _ec2(
        "describe_route_tables",
        "RouteTables",
        "RouteTableId",
        filters={"vpc-id": "{vpc_id}"} | _NAME_TAG,
    ),
    "aws_route_table_association": _part(
        "ec2",
        "describe_route_tables",
        {"RouteTableIds": ["{route_table_id}"]},
        items="RouteTables[].Associations[] | [?SubnetId=='{subnet_id}']",
        id_="{subnet_id}/{route_table_id}",
    ),
    "aws_scheduler_schedule": _part(
        "scheduler", "get_schedule", {"Name": "{name}"}, id_="default/{name}"
    ),
    "aws_secretsmanager_secret": Lookup(
        service="secretsmanager",
        find=Call(operation="describe_secret", arguments={"SecretId": "{name}"}),
        tags="Tags",
        id="{ARN}",
        attributes={"arn": "{ARN}"},
        # A secret with a value holds data. An interrupted deployment leaves empty ones.
        told_if="VersionIdsToStages",
    ),
    "aws_security_group": _ec2(
        "describe_security_groups",
        "SecurityGroups",
        "GroupId",
        filters={"vpc-id": "{vpc_id}", "group-name": "{name}"},
    ),
    "aws_sns_topic": Lookup(
        service="sns",
        find=Call(operation="list_topics", items="Topics[?ends_with(TopicArn, ':{name}')]"),
        tags=Call(
            operation="list_tags_for_resource",
            arguments={"ResourceArn": "{TopicArn}"},
            items="Tags",
        ),
        id="{TopicArn}",
    ),
    "aws_subnet": _ec2(
        "describe_subnets",
        "Subnets",
        "SubnetId",
        filters={"vpc-id": "{vpc_id}", "cidr-block": "{cidr_block}"},
    ),
    "aws_vpc": _ec2("describe_vpcs", "Vpcs", "VpcId", filters=_NAME_TAG),
    "aws_vpc_endpoint": _ec2(
        "describe_vpc_endpoints",
        "VpcEndpoints[?State!='deleted' && State!='deleting']",
        "VpcEndpointId",
        filters={"vpc-id": "{vpc_id}", "service-name": "{service_name}"},
    ),
    "aws_vpc_security_group_egress_rule": _rule("true"),
    "aws_vpc_security_group_ingress_rule": _rule("false"),
    "aws_wafv2_web_acl": Lookup(
        service="wafv2",
        find=Call(
            operation="list_web_acls",
            arguments={"Scope": "{scope}", "Limit": 100},
            items="WebACLs[?Name=='{name}']",
        ),
        tags=Call(
            operation="list_tags_for_resource",
            arguments={"ResourceARN": "{ARN}"},
            items="TagInfoForResource.TagList",
        ),
        id="{Id}/{name}/{scope}",
    ),
}
"""Types that have no data of their own. What carries all tags of the stack, and the exact identity,
is imported."""

TOLD: dict[str, Lookup] = {
    "aws_cognito_user_pool": Lookup(
        service="cognito-idp",
        find=Call(
            operation="list_user_pools",
            arguments={"MaxResults": 60},
            items="UserPools[?Name=='{name}']",
        ),
        detail=Call(
            operation="describe_user_pool",
            arguments={"UserPoolId": "{Id}"},
            items="[UserPool]",
        ),
        tags="UserPoolTags",
        id="{Id}",
    ),
    "aws_kms_key": Lookup(
        service="kms",
        find=Call(operation="list_keys", items="Keys"),
        detail=Call(
            operation="describe_key",
            arguments={"KeyId": "{KeyId}"},
            items="[KeyMetadata] | [?Enabled && Description=='{description}']",
        ),
        tags=Call(operation="list_resource_tags", arguments={"KeyId": "{KeyId}"}, items="Tags"),
        id="{KeyId}",
    ),
    "aws_rds_cluster": _rds(
        "describe_db_clusters",
        "DBClusterIdentifier",
        "cluster_identifier",
        "DBClusters",
        "DBClusterArn",
    ),
    # The provider tags a bucket with a second request, so an interrupted one has no tags.
    "aws_s3_bucket": _part(
        "s3", "list_buckets", {}, items="Buckets[?Name=='{bucket}']", id_="{bucket}"
    ),
}
"""Types that hold data, or protect it. The operator imports or deletes what was left behind."""

REPEATED: frozenset[str] = frozenset(
    {
        # The request overwrites what exists.
        "aws_api_gateway_account",
        "aws_api_gateway_method_settings",
        "aws_api_gateway_rest_api_put",
        "aws_appautoscaling_policy",
        "aws_appautoscaling_scheduled_action",
        "aws_appautoscaling_target",
        "aws_cloudwatch_composite_alarm",
        "aws_cloudwatch_dashboard",
        "aws_cloudwatch_log_resource_policy",
        "aws_cloudwatch_metric_alarm",
        "aws_db_proxy_default_target_group",
        "aws_default_security_group",
        "aws_ecr_lifecycle_policy",
        "aws_ecr_repository_policy",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_lambda_provisioned_concurrency_config",
        "aws_lb_target_group_attachment",
        "aws_s3_bucket_lifecycle_configuration",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_s3_bucket_versioning",
        "aws_sns_topic_policy",
        "aws_wafv2_web_acl_association",
        "aws_wafv2_web_acl_logging_configuration",
        # A migration that ran already changes nothing.
        "aws_lambda_invocation",
        # It is free, has no name of its own, and goes with its API.
        "aws_api_gateway_deployment",
        # It exists in the state alone.
        "terraform_data",
    }
)
"""Types whose second create does no harm."""
