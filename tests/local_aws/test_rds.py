"""Clusters, instances, parameters and proxies."""

from uuid import uuid4

import pytest
from mypy_boto3_ec2 import EC2Client
from mypy_boto3_rds import RDSClient

pytestmark = pytest.mark.local_aws


@pytest.fixture
def cluster(rds: RDSClient) -> str:
    """Return a serverless v2 cluster of two instances."""
    name = f"shop-{uuid4().hex[:8]}"
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        EngineVersion="16.6",
        MasterUsername="shop",
        ManageMasterUserPassword=True,
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["postgresql"],
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=7,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
    )
    for number in (1, 2):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-{number}",
            DBClusterIdentifier=name,
            DBInstanceClass="db.serverless",
            Engine="aurora-postgresql",
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId="arn:aws:kms:eu-west-1:123456789012:key/a",
            PerformanceInsightsRetentionPeriod=31,
        )
    return name


def test_a_serverless_v2_cluster_has_no_serverless_v1_configuration(
    rds: RDSClient, cluster: str
) -> None:
    (made,) = rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]
    assert "ScalingConfigurationInfo" not in made
    scaling = made.get("ServerlessV2ScalingConfiguration", {})
    assert (scaling.get("MinCapacity"), scaling.get("MaxCapacity")) == (0.5, 4)


def test_performance_insights_can_be_read_and_changed(rds: RDSClient, cluster: str) -> None:
    (made,) = rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]
    assert made.get("PerformanceInsightsEnabled") is True
    assert made.get("PerformanceInsightsRetentionPeriod") == 7
    one, two = rds.describe_db_instances(Filters=[{"Name": "db-cluster-id", "Values": [cluster]}])[
        "DBInstances"
    ]
    assert one.get("PerformanceInsightsEnabled") is True
    assert one.get("PerformanceInsightsKMSKeyId", "").endswith(":key/a")
    assert one.get("PerformanceInsightsRetentionPeriod") == 31
    assert one.get("CACertificateIdentifier") == "rds-ca-rsa2048-g1"
    assert one.get("DbiResourceId") != two.get("DbiResourceId")

    rds.modify_db_instance(
        DBInstanceIdentifier=f"{cluster}-1",
        EnablePerformanceInsights=False,
        ApplyImmediately=True,
    )
    rds.modify_db_cluster(DBClusterIdentifier=cluster, PerformanceInsightsRetentionPeriod=31)
    (one,) = rds.describe_db_instances(DBInstanceIdentifier=f"{cluster}-1")["DBInstances"]
    (made,) = rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]
    assert one.get("PerformanceInsightsEnabled") is False
    assert made.get("PerformanceInsightsRetentionPeriod") == 31


def test_iam_authentication_and_log_exports_can_be_disabled(rds: RDSClient, cluster: str) -> None:
    rds.modify_db_cluster(
        DBClusterIdentifier=cluster,
        EnableIAMDatabaseAuthentication=False,
        CloudwatchLogsExportConfiguration={
            "DisableLogTypes": ["postgresql"],
            "EnableLogTypes": ["instance"],
        },
    )
    (made,) = rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"]
    assert made.get("IAMDatabaseAuthenticationEnabled") is False
    assert made.get("EnabledCloudwatchLogsExports") == ["instance"]


def test_parameters_have_the_source_user_until_they_are_reset(rds: RDSClient) -> None:
    rds.create_db_parameter_group(
        DBParameterGroupName="tuned", DBParameterGroupFamily="aurora-postgresql16", Description="-"
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName="tuned",
        Parameters=[
            {"ParameterName": name, "ParameterValue": "1", "ApplyMethod": "immediate"}
            for name in ("log_lock_waits", "log_connections")
        ],
    )
    rds.reset_db_parameter_group(
        DBParameterGroupName="tuned", Parameters=[{"ParameterName": "log_connections"}]
    )

    kept = rds.describe_db_parameters(DBParameterGroupName="tuned", Source="user")["Parameters"]
    assert [(p.get("ParameterName"), p.get("Source")) for p in kept] == [("log_lock_waits", "user")]
    defaults = rds.describe_db_parameters(DBParameterGroupName="tuned", Source="engine-default")
    assert defaults["Parameters"] == []


def test_all_cluster_parameters_can_be_reset_at_once(rds: RDSClient) -> None:
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="strict",
        DBParameterGroupFamily="aurora-postgresql16",
        Description="-",
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName="strict",
        Parameters=[
            {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
        ],
    )
    (kept,) = rds.describe_db_cluster_parameters(DBClusterParameterGroupName="strict")["Parameters"]
    assert kept.get("Source") == "user"
    rds.reset_db_cluster_parameter_group(
        DBClusterParameterGroupName="strict", ResetAllParameters=True
    )
    answer = rds.describe_db_cluster_parameters(DBClusterParameterGroupName="strict")
    assert answer["Parameters"] == []
    with pytest.raises(rds.exceptions.DBParameterGroupNotFoundFault):
        rds.describe_db_cluster_parameters(DBClusterParameterGroupName="absent")


def test_a_proxys_read_only_endpoints_are_deleted_with_it(ec2: EC2Client, rds: RDSClient) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.3.0.0/16")["Vpc"].get("VpcId", "")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.3.0.0/24")["Subnet"].get("SubnetId", "")
    group = ec2.create_security_group(GroupName="proxy", Description="Proxy", VpcId=vpc)["GroupId"]
    rds.create_db_proxy(
        DBProxyName="pool",
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:::secret:a"}],
        RoleArn="arn:aws:iam::123456789012:role/proxy",
        VpcSubnetIds=[subnet],
    )
    made = rds.create_db_proxy_endpoint(
        DBProxyName="pool",
        DBProxyEndpointName="readers",
        VpcSubnetIds=[subnet],
        TargetRole="READ_ONLY",
        Tags=[{"Key": "Owner", "Value": "me"}],
    )["DBProxyEndpoint"]
    with pytest.raises(rds.exceptions.DBProxyEndpointAlreadyExistsFault):
        rds.create_db_proxy_endpoint(
            DBProxyName="pool", DBProxyEndpointName="readers", VpcSubnetIds=[subnet]
        )

    rds.modify_db_proxy_endpoint(DBProxyEndpointName="readers", VpcSecurityGroupIds=[group])
    rds.modify_db_proxy(DBProxyName="pool", IdleClientTimeout=60, RequireTLS=True)
    (kept,) = rds.describe_db_proxy_endpoints(DBProxyEndpointName="readers")["DBProxyEndpoints"]
    assert kept.get("TargetRole") == "READ_ONLY"
    assert kept.get("VpcId") == vpc
    assert kept.get("VpcSecurityGroupIds") == [group]
    arn = made.get("DBProxyEndpointArn", "")
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [
        {"Key": "Owner", "Value": "me"}
    ]
    (proxy,) = rds.describe_db_proxies(DBProxyName="pool")["DBProxies"]
    assert (proxy.get("IdleClientTimeout"), proxy.get("RequireTLS")) == (60, True)

    rds.delete_db_proxy(DBProxyName="pool")
    with pytest.raises(rds.exceptions.DBProxyEndpointNotFoundFault):
        rds.describe_db_proxy_endpoints(DBProxyEndpointName="readers")


def test_a_second_cluster_of_a_name_is_refused_until_the_first_is_deleted(rds: RDSClient) -> None:
    name = f"shop-{uuid4().hex[:8]}"

    def create() -> None:
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            MasterUsername="shop",
            ManageMasterUserPassword=True,
        )

    create()
    with pytest.raises(rds.exceptions.DBClusterAlreadyExistsFault):
        create()
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    create()
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
