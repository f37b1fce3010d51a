"""A small stack with most adopted types, whose deployment a test interrupts."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.adoption import adopting
from commands.adoption.imports import IMPORTS
from commands.shared.console import CommandError
from commands.toolchain import toolchain_environment
from modules.settings import Settings
from modules.toolchain import pin_provider

FOLDER = "cdktf.out/stacks"
ANYWHERE = "0.0.0.0/0"
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            }
        ],
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
    "aws_api_gateway_rest_api": {"it": {"name": "shop"}},
    "aws_api_gateway_resource": {
        "it": {
            "rest_api_id": "${aws_api_gateway_rest_api.it.id}",
            "parent_id": "${aws_api_gateway_rest_api.it.root_resource_id}",
            "path_part": "orders",
        },
        "child": {
            "rest_api_id": "${aws_api_gateway_rest_api.it.id}",
            "parent_id": "${aws_api_gateway_resource.it.id}",
            "path_part": "{id}",
        },
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
    "aws_s3_bucket": {"it": {"bucket": "shop-logs"}},
}
"""Terraform's resources, by type and name."""


@dataclass(frozen=True, kw_only=True)
class InterruptedStack:
    """A stack in a folder of its own."""

    root: Path
    settings: Settings

    @property
    def folder(self) -> Path:
        """Where Terraform runs."""
        return self.root / FOLDER / self.settings.stack_id("foundation")

    @property
    def state(self) -> Path:
        """The file with its state."""
        return self.folder / "terraform.tfstate"

    def write(self, resources: Mapping[str, Any], *, provider: Mapping[str, Any]) -> None:
        """Write the configuration, and initialise the folder."""
        document = {
            "terraform": {"required_providers": {"aws": {"source": "aws", "version": "5.100.0"}}},
            "provider": provider,
            "resource": resources,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "cdk.tf.json").write_text(json.dumps(document))
        pin_provider(folder=self.folder)
        assert self.terraform("init", "-input=false") == 0

    def deploy(self) -> bool:
        """Deploy as `make deploy` does, and obey its message; return whether it succeeded."""
        try:
            with adopting("foundation", settings=self.settings):
                return self.terraform("apply", "-auto-approve", "-input=false") == 0
        except CommandError as error:
            self.obey(str(error))
            return False

    def obey(self, message: str) -> None:
        """Run the commands that a message names."""
        commands = [line for line in message.splitlines() if line.startswith("  terraform ")]
        assert commands, message
        for command in commands:
            _, chdir, *arguments = shlex.split(command)
            assert chdir == f"-chdir={FOLDER}/{self.folder.name}"
            assert self.terraform(*arguments) == 0, command

    def forget_everything(self) -> None:
        """Lose the state."""
        self.state.unlink()

    def terraform(self, *arguments: str) -> int:
        """Run Terraform, whose process id is in a file meanwhile, and return its status."""
        environment = toolchain_environment(base=os.environ)
        with (self.root / "terraform.log").open("a") as log:
            process = subprocess.Popen(
                [environment["TERRAFORM_BINARY_NAME"], *arguments],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            (self.root / "pid").write_text(str(process.pid))
            return process.wait()

    def kill(self) -> None:
        """Kill Terraform and its provider, so that neither can record anything."""
        os.killpg(int((self.root / "pid").read_text()), signal.SIGKILL)

    @property
    def adopts(self) -> bool:
        """Whether import blocks lie in the folder."""
        return (self.folder / IMPORTS).exists()
