"""A record of the VPC's traffic."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.flow_log import FlowLog
from constructs import Construct

from modules.foundation.network import Network
from modules.settings.network import FlowLogSettings
from modules.shared.account import Account
from modules.shared.iam import ServiceRole, Statement


class FlowLogs(Construct):
    """VPC flow logs in an encrypted log group of their own.

    Source of the permissions: VPC User Guide, IAM role for publishing flow logs to CloudWatch Logs.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        network: Network,
        key_arn: str,
        settings: FlowLogSettings,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=f"/aws/vpc/{name}/flow-logs",
            retention_in_days=settings.retention_days,
            kms_key_id=key_arn,
        )
        role = ServiceRole(
            self,
            "role",
            name=f"{name}-flow-logs",
            services=["vpc-flow-logs.amazonaws.com"],
            description="Writes VPC flow logs",
            source_account=account.number,
            statements=[
                Statement(
                    sid="WriteFlowLogs",
                    actions=[
                        "logs:CreateLogStream",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                    ],
                    resources=[f"{self.log_group.arn}:*"],
                ),
                Statement(
                    sid="FindLogGroups",
                    actions=["logs:DescribeLogGroups"],
                    resources=["*"],
                ),
            ],
        )
        FlowLog(
            self,
            "flow-log",
            vpc_id=network.vpc_id,
            traffic_type=settings.traffic,
            log_destination_type="cloud-watch-logs",
            log_destination=self.log_group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=settings.aggregation_seconds,
            tags={"Name": name},
            depends_on=role.grants,
        )
