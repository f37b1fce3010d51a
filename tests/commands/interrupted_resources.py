"""A small stack with every type that a deployment adopts, or tells the operator about."""

import json
from typing import Any

ANYWHERE = "0.0.0.0/0"
_SERVICES = ["vpc-flow-logs", "lambda", "rds", "scheduler"]
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": [f"{service}.amazonaws.com" for service in _SERVICES]},
            }
        ],
    }
)
_API = json.dumps(
    {
        "openapi": "3.0.3",
        "info": {"title": "shop", "version": "1"},
        "paths": {
            "/orders": {
                "get": {
                    "responses": {},
                    "x-amazon-apigateway-integration": {
                        "type": "aws_proxy",
                        "httpMethod": "POST",
                        "uri": "${aws_lambda_alias.it.invoke_arn}",
                    },
                }
            }
        },
    }
)
_VPC = "${aws_vpc.it.id}"


def _named(name: str) -> dict[str, dict[str, str]]:
    return {"tags": {"Name": name}}


RESOURCES: dict[str, dict[str, dict[str, Any]]] = {
    "aws_vpc": {"it": {"cidr_block": "10.0.0.0/16", **_named("shop")}},
    "aws_subnet": {
        zone: {
            "vpc_id": _VPC,
            "cidr_block": f"10.0.{number}.0/24",
            "availability_zone": f"eu-west-1{zone}",
            **_named(f"shop-{zone}"),
        }
        for number, zone in enumerate("ab")
    },
    "aws_internet_gateway": {"it": {"vpc_id": _VPC, **_named("shop")}},
    "aws_route_table": {"it": {"vpc_id": _VPC, **_named("shop")}},
    "aws_route": {
        "it": {
            "route_table_id": "${aws_route_table.it.id}",
            "destination_cidr_block": ANYWHERE,
            "gateway_id": "${aws_internet_gateway.it.id}",
        }
    },
    "aws_route_table_association": {
        "it": {"subnet_id": "${aws_subnet.a.id}", "route_table_id": "${aws_route_table.it.id}"}
    },
    "aws_eip": {"it": {"domain": "vpc", **_named("shop")}},
    "aws_nat_gateway": {
        "it": {
            "allocation_id": "${aws_eip.it.allocation_id}",
            "subnet_id": "${aws_subnet.a.id}",
            **_named("shop"),
        }
    },
    "aws_vpc_endpoint": {
        "it": {
            "vpc_id": _VPC,
            "service_name": "com.amazonaws.eu-west-1.s3",
            "route_table_ids": ["${aws_route_table.it.id}"],
            **_named("shop"),
        }
    },
    "aws_security_group": {
        "it": {"name": "shop", "description": "Shop", "vpc_id": _VPC, **_named("shop")}
    },
    **{
        f"aws_vpc_security_group_{direction}_rule": {
            "it": {
                "security_group_id": "${aws_security_group.it.id}",
                "referenced_security_group_id": "${aws_security_group.it.id}",
                "ip_protocol": "tcp",
                "from_port": 80,
                "to_port": 80,
                **_named("Shop to itself"),
            }
        }
        for direction in ("ingress", "egress")
    },
    "aws_cloudwatch_log_group": {"it": {"name": "/shop", "retention_in_days": 30}},
    "aws_iam_role": {"it": {"name": "shop", "assume_role_policy": _TRUST}},
    "aws_flow_log": {
        "it": {
            "vpc_id": _VPC,
            "traffic_type": "ALL",
            "iam_role_arn": "${aws_iam_role.it.arn}",
            "log_destination": "${aws_cloudwatch_log_group.it.arn}",
            **_named("shop"),
        }
    },
    "aws_ecr_repository": {"it": {"name": "shop"}},
    "aws_sns_topic": {"it": {"name": "shop"}},
    "aws_secretsmanager_secret": {"it": {"name": "shop", "recovery_window_in_days": 0}},
    "aws_lb": {
        "it": {
            "name": "shop",
            "internal": True,
            "subnets": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
            "security_groups": ["${aws_security_group.it.id}"],
        }
    },
    "aws_lb_target_group": {"it": {"name": "shop", "port": 80, "protocol": "HTTP", "vpc_id": _VPC}},
    "aws_lb_listener": {
        "it": {
            "load_balancer_arn": "${aws_lb.it.arn}",
            "port": 80,
            "protocol": "HTTP",
            "default_action": [
                {"type": "forward", "target_group_arn": "${aws_lb_target_group.it.arn}"}
            ],
        }
    },
    "aws_lb_listener_rule": {
        "it": {
            "listener_arn": "${aws_lb_listener.it.arn}",
            "priority": 10,
            "condition": [{"path_pattern": {"values": ["/shop/*"]}}],
            "action": [{"type": "forward", "target_group_arn": "${aws_lb_target_group.it.arn}"}],
        }
    },
    "aws_db_subnet_group": {
        "it": {"name": "shop", "subnet_ids": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"]}
    },
    "aws_db_parameter_group": {"it": {"name": "shop", "family": "aurora-postgresql16"}},
    "aws_rds_cluster_parameter_group": {"it": {"name": "shop", "family": "aurora-postgresql16"}},
    "aws_wafv2_web_acl": {
        "it": {
            "name": "shop",
            "scope": "REGIONAL",
            "default_action": {"allow": {}},
            "visibility_config": {
                "cloudwatch_metrics_enabled": False,
                "sampled_requests_enabled": False,
                "metric_name": "shop",
            },
        }
    },
    "aws_cloudfront_cache_policy": {
        "it": {
            "name": "shop",
            "min_ttl": 0,
            "parameters_in_cache_key_and_forwarded_to_origin": {
                "cookies_config": {"cookie_behavior": "none"},
                "headers_config": {"header_behavior": "none"},
                "query_strings_config": {"query_string_behavior": "none"},
            },
        }
    },
    "aws_cloudfront_distribution": {
        "it": {
            "comment": "shop",
            "enabled": True,
            "origin": [
                {
                    "domain_name": "example.org",
                    "origin_id": "shop",
                    "custom_origin_config": {
                        "http_port": 80,
                        "https_port": 443,
                        "origin_protocol_policy": "https-only",
                        "origin_ssl_protocols": ["TLSv1.2"],
                    },
                }
            ],
            "default_cache_behavior": {
                "allowed_methods": ["GET", "HEAD"],
                "cached_methods": ["GET", "HEAD"],
                "target_origin_id": "shop",
                "viewer_protocol_policy": "https-only",
                "cache_policy_id": "${aws_cloudfront_cache_policy.it.id}",
            },
            "restrictions": {"geo_restriction": {"restriction_type": "none"}},
            "viewer_certificate": {"cloudfront_default_certificate": True},
        }
    },
    "aws_cloudfront_monitoring_subscription": {
        "it": {
            "distribution_id": "${aws_cloudfront_distribution.it.id}",
            "monitoring_subscription": {
                "realtime_metrics_subscription_config": {
                    "realtime_metrics_subscription_status": "Enabled"
                }
            },
        }
    },
    "aws_cloudfront_response_headers_policy": {
        "it": {
            "name": "shop",
            "security_headers_config": {"content_type_options": {"override": True}},
        }
    },
    "aws_cloudfront_vpc_origin": {
        "it": {
            "vpc_origin_endpoint_config": [
                {
                    "name": "shop",
                    "arn": "${aws_lb.it.arn}",
                    "http_port": 80,
                    "https_port": 443,
                    "origin_protocol_policy": "http-only",
                    "origin_ssl_protocols": [{"items": ["TLSv1.2"], "quantity": 1}],
                }
            ]
        }
    },
    "aws_cloudwatch_log_delivery_source": {
        "it": {
            "name": "shop",
            "provider": "aws.us-east-1",
            "log_type": "ACCESS_LOGS",
            "resource_arn": "${aws_cloudfront_distribution.it.arn}",
        }
    },
    "aws_cloudwatch_log_delivery_destination": {
        "it": {
            "name": "shop",
            "provider": "aws.us-east-1",
            "output_format": "json",
            "delivery_destination_configuration": [
                {"destination_resource_arn": "${aws_s3_bucket.it.arn}/cdn"}
            ],
        }
    },
    "aws_cloudwatch_log_delivery": {
        "it": {
            "provider": "aws.us-east-1",
            "delivery_source_name": "${aws_cloudwatch_log_delivery_source.it.name}",
            "delivery_destination_arn": "${aws_cloudwatch_log_delivery_destination.it.arn}",
        }
    },
    "aws_lambda_function": {
        "it": {
            "function_name": "shop",
            "filename": "code.zip",
            "handler": "index.handler",
            "runtime": "nodejs22.x",
            "role": "${aws_iam_role.it.arn}",
            "publish": True,
        }
    },
    "aws_lambda_alias": {
        "it": {
            "name": "live",
            "function_name": "${aws_lambda_function.it.function_name}",
            "function_version": "${aws_lambda_function.it.version}",
        }
    },
    "aws_lambda_permission": {
        "it": {
            "statement_id": "Topic",
            "action": "lambda:InvokeFunction",
            "function_name": "${aws_lambda_function.it.function_name}",
            "qualifier": "${aws_lambda_alias.it.name}",
            "principal": "sns.amazonaws.com",
            "source_arn": "${aws_sns_topic.it.arn}",
        }
    },
    "aws_scheduler_schedule": {
        "it": {
            "name": "shop",
            "schedule_expression": "rate(1 day)",
            "flexible_time_window": {"mode": "OFF"},
            "target": {
                "arn": "${aws_lambda_function.it.arn}",
                "role_arn": "${aws_iam_role.it.arn}",
            },
        }
    },
    "aws_api_gateway_rest_api": {"it": {"name": "shop"}},
    "aws_api_gateway_rest_api_put": {
        "it": {
            "rest_api_id": "${aws_api_gateway_rest_api.it.id}",
            "fail_on_warnings": True,
            "body": _API,
        }
    },
    "aws_api_gateway_deployment": {
        "it": {
            "rest_api_id": "${aws_api_gateway_rest_api.it.id}",
            "depends_on": ["aws_api_gateway_rest_api_put.it"],
        }
    },
    "aws_api_gateway_stage": {
        "it": {
            "stage_name": "shop",
            "rest_api_id": "${aws_api_gateway_rest_api.it.id}",
            "deployment_id": "${aws_api_gateway_deployment.it.id}",
        }
    },
    "aws_kms_key": {"it": {"description": "Shop's data", "deletion_window_in_days": 7}},
    "aws_kms_alias": {"it": {"name": "alias/shop", "target_key_id": "${aws_kms_key.it.key_id}"}},
    "aws_cognito_user_pool": {"it": {"name": "shop"}},
    "aws_cognito_user_pool_client": {
        "it": {"name": "shop", "user_pool_id": "${aws_cognito_user_pool.it.id}"}
    },
    "aws_cognito_user_group": {
        "it": {"name": "staff", "user_pool_id": "${aws_cognito_user_pool.it.id}"}
    },
    "aws_cognito_user_pool_domain": {
        "it": {"domain": "shop", "user_pool_id": "${aws_cognito_user_pool.it.id}"}
    },
    "aws_cognito_resource_server": {
        "it": {
            "identifier": "shop",
            "name": "Shop",
            "user_pool_id": "${aws_cognito_user_pool.it.id}",
            "scope": [{"scope_name": "read", "scope_description": "Read orders"}],
        }
    },
    "aws_rds_cluster": {
        "it": {
            "cluster_identifier": "shop",
            "engine": "aurora-postgresql",
            "engine_version": "16.6",
            "master_username": "shop",
            "manage_master_user_password": True,
            "skip_final_snapshot": True,
            "db_subnet_group_name": "${aws_db_subnet_group.it.name}",
            "vpc_security_group_ids": ["${aws_security_group.it.id}"],
        }
    },
    "aws_rds_cluster_instance": {
        "it": {
            "identifier": "shop-1",
            "cluster_identifier": "${aws_rds_cluster.it.id}",
            "engine": "${aws_rds_cluster.it.engine}",
            "instance_class": "db.r6g.large",
        }
    },
    "aws_db_proxy": {
        "it": {
            "name": "shop",
            "engine_family": "POSTGRESQL",
            "role_arn": "${aws_iam_role.it.arn}",
            "vpc_subnet_ids": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
            "vpc_security_group_ids": ["${aws_security_group.it.id}"],
            "auth": [
                {
                    "auth_scheme": "SECRETS",
                    "iam_auth": "DISABLED",
                    "secret_arn": "${aws_secretsmanager_secret.it.arn}",
                }
            ],
        }
    },
    "aws_db_proxy_endpoint": {
        "it": {
            "db_proxy_endpoint_name": "shop-reader",
            "db_proxy_name": "${aws_db_proxy.it.name}",
            "target_role": "READ_ONLY",
            "vpc_subnet_ids": ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
        }
    },
    "aws_db_proxy_target": {
        "it": {
            "db_proxy_name": "${aws_db_proxy.it.name}",
            "target_group_name": "default",
            "db_cluster_identifier": "${aws_rds_cluster_instance.it.cluster_identifier}",
        }
    },
    "aws_s3_bucket": {"it": {"bucket": "shop-logs"}},
}
"""Terraform's resources, by type and name."""
