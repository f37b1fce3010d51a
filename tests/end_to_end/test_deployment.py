"""Deploys, inspects, redeploys, changes and destroys the platform with the real tools.

The tests share one deployment and run in this order.
"""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from local_aws.inventory import list_resources
from modules.settings import PARTS, Settings, load_settings
from tests.end_to_end.dev import Dev, running_dev
from tests.end_to_end.project import Project, copy_project
from tests.local_aws.deployed_functions import eventually

pytestmark = pytest.mark.local_aws

REGIONS = ("eu-west-1", "us-east-1")
NOTHING_CHANGED = "  0 added, 0 changed, 0 destroyed  "
MOST_LINES = 60
PART_OF_STACKS = "--ignore-missing-stack-dependencies"


@pytest.fixture(scope="module")
def settings() -> Settings:
    """Return the settings of what is deployed."""
    return load_settings(environment="local", variables={}).settings


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Return a copy of the project in a path with spaces; its server is stopped at the end."""
    project = copy_project(tmp_path_factory.mktemp("a copy of the project"))
    yield project
    project.run(".venv/bin/python", "-m", "local_aws", "down")


@pytest.fixture(scope="module")
def deployment(project: Project) -> str:
    """Return what the first deployment printed."""
    return project.make("deploy")


@pytest.fixture(scope="module")
def outputs(project: Project, deployment: str) -> dict[str, dict[str, Any]]:
    """Return the deployed outputs, by stack."""
    assert deployment
    return json.loads(project.make("outputs", FORMAT="json"))


def test_a_deployment_prints_one_result_a_stack_and_its_addresses(
    deployment: str, outputs: dict[str, dict[str, Any]], settings: Settings
) -> None:
    lines = deployment.splitlines()
    assert len(lines) <= MOST_LINES
    assert "\x1b" not in deployment
    applied = re.findall(r"^(\S+)  (\d+) added, 0 changed, 0 destroyed", deployment, re.MULTILINE)
    assert [stack for stack, _ in applied] == [settings.stack_id(part) for part in PARTS]
    assert all(int(added) > 0 for _, added in applied)
    assert f"/distributions/{outputs['edge']['distribution_id']}/health" in deployment


def test_everything_that_terraform_said_is_in_the_log(project: Project, deployment: str) -> None:
    name = re.findall(r"\S+\.log", deployment)[-1]
    said = (project.folder / name).read_text()
    assert said.count("Apply complete! Resources: ") == len(PARTS)
    # The provider warns of its own default for a Lambda target group's health check. There is no
    # other warning, such as of CLI configuration or deprecations.
    assert set(re.findall(r"Warning: (.+?)\s*$", said, re.MULTILINE)) == {
        "Invalid Attribute Combination"
    }


def test_no_key_is_in_terraforms_input_log_or_state(project: Project, deployment: str) -> None:
    assert deployment
    own = project.credentials
    files = [
        *(project.folder / ".logs").iterdir(),
        *(project.folder / ".local-aws" / "state").glob("*.tfstate*"),
        *(project.folder / "cdktf.out" / "stacks").glob("*/[!.]*"),
    ]
    contents = [file.read_bytes() for file in files if file.is_file()]
    assert len(contents) > len(PARTS)
    for key in (own.access_key_id, own.secret_access_key):
        assert not any(key.encode() in content for content in contents)


def test_the_network_matches_the_outputs(
    project: Project, outputs: dict[str, dict[str, Any]], settings: Settings
) -> None:
    ec2 = project.client("ec2")
    foundation = outputs["foundation"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [foundation["vpc_id"]]}])[
        "Subnets"
    ]
    assert len(subnets) == 3 * len(settings.network.zones)
    gateways = ec2.describe_nat_gateways()["NatGateways"]
    assert {gateway["NatGatewayId"] for gateway in gateways} == set(
        foundation["nat_gateway_ids"].values()
    )
    addresses = {entry["PublicIp"] for entry in ec2.describe_addresses()["Addresses"]}
    assert addresses == set(foundation["nat_public_ips"].values())
    (flow_log,) = ec2.describe_flow_logs()["FlowLogs"]
    assert foundation["flow_log_group"] in flow_log["LogDestination"]
    assert flow_log["ResourceId"] == foundation["vpc_id"]


def test_the_function_runs_the_published_image_at_its_alias(
    project: Project, outputs: dict[str, dict[str, Any]], settings: Settings
) -> None:
    functions, service = project.client("lambda"), outputs["service"]
    name = service["function_name"]
    image = project.client("ecr").describe_images(
        repositoryName=outputs["foundation"]["repository_name"],
        imageIds=[{"imageTag": service["image_tag"]}],
    )["imageDetails"][0]
    alias = functions.get_alias(FunctionName=name, Name="live")
    version = functions.get_function(FunctionName=name, Qualifier=alias["FunctionVersion"])
    assert alias["FunctionVersion"].isdecimal()
    assert version["Code"]["ImageUri"].endswith(f"@{image['imageDigest']}")
    configuration = functions.get_function_configuration(FunctionName=name)
    assert configuration["PackageType"] == "Image"
    assert configuration["Architectures"] == ["arm64"]
    assert configuration["MemorySize"] == settings.function.memory_mib
    assert configuration["Environment"]["Variables"]["DATABASE_SECRET_ARN"]
    ready = functions.get_provisioned_concurrency_config(
        FunctionName=name, Qualifier=alias["FunctionVersion"]
    )
    assert ready["Status"] == "READY"
    (target,) = project.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="lambda"
    )["ScalableTargets"]
    assert target["ResourceId"] == f"function:{name}:{alias['FunctionVersion']}"


def test_the_database_has_its_instances_and_its_secret(
    project: Project, outputs: dict[str, dict[str, Any]], settings: Settings
) -> None:
    rds, data = project.client("rds"), outputs["data"]
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=data["database_cluster_id"])[
        "DBClusters"
    ]
    assert len(cluster["DBClusterMembers"]) == 1 + settings.database.readers
    assert cluster["StorageEncrypted"]
    assert cluster["MasterUserSecret"]["SecretArn"] == data["database_secret_arn"]
    secret = project.client("secretsmanager").get_secret_value(SecretId=data["database_secret_arn"])
    content = json.loads(secret["SecretString"])
    assert content["username"] == settings.database.master_username


def test_no_database_password_is_in_terraforms_state(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    secrets = project.client("secretsmanager")
    states = [file.read_text() for file in (project.folder / ".local-aws/state").glob("*.tfstate")]
    assert len(states) == len(PARTS)
    for output in ("database_secret_arn", "database_api_secret_arn"):
        secret = secrets.get_secret_value(SecretId=outputs["data"][output])
        password = json.loads(secret["SecretString"])["password"]
        assert not any(password in state for state in states), output


def test_the_stage_serves_the_newest_deployment(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    gateway, service = project.client("apigateway"), outputs["service"]
    stage = gateway.get_stage(restApiId=service["api_id"], stageName=service["api_stage_name"])
    deployments = gateway.get_deployments(restApiId=service["api_id"])["items"]
    assert stage["deploymentId"] in {deployment["id"] for deployment in deployments}
    assert service["api_access_log_group"] in stage["accessLogSettings"]["destinationArn"]


def test_every_log_group_expires(project: Project, deployment: str) -> None:
    assert deployment
    for region in REGIONS:
        groups = project.client("logs", region=region).describe_log_groups()["logGroups"]
        assert len(groups) >= 2
        for group in groups:
            assert group.get("retentionInDays"), group["logGroupName"]


def test_cloudfront_runs_the_edge_function_and_reaches_both_origins(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    edge, service = outputs["edge"], outputs["service"]
    cloudfront = project.client("cloudfront", region="us-east-1")
    config = cloudfront.get_distribution_config(Id=edge["distribution_id"])["DistributionConfig"]
    for behaviour in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]["Items"]):
        (association,) = behaviour["LambdaFunctionAssociations"]["Items"]
        assert association["LambdaFunctionARN"] == edge["edge_function_arn"]
    hosts = {origin["DomainName"] for origin in config["Origins"]["Items"]}
    api = f"{service['api_id']}.execute-api.eu-west-1.amazonaws.com"
    assert hosts == {api, service["load_balancer_dns_name"]}
    assert config["WebACLId"] == edge["edge_web_acl_arn"]
    functions = project.client("lambda", region="us-east-1").list_functions()["Functions"]
    assert [function["FunctionName"] for function in functions] == [edge["edge_function_name"]]


def test_the_load_balancer_admits_cloudfront_and_calls_the_alias(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    service = outputs["service"]
    elb, ec2 = project.client("elbv2"), project.client("ec2")
    (group,) = elb.describe_target_groups()["TargetGroups"]
    health = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
    targets = [entry["Target"]["Id"] for entry in health["TargetHealthDescriptions"]]
    assert targets == [service["function_alias_arn"]]
    rules = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [service["load_balancer_security_group_id"]]}]
    )["SecurityGroupRules"]
    entries = [rule for rule in rules if not rule["IsEgress"]]
    assert {rule["FromPort"] for rule in entries} == {80, 443}
    sources = {rule["ReferencedGroupInfo"]["GroupId"] for rule in entries}
    (admitted,) = ec2.describe_security_groups(GroupIds=sorted(sources))["SecurityGroups"]
    assert admitted["GroupName"] == "CloudFront-VPCOrigins-Service-SG"


def test_alarms_notify_a_topic_of_their_own_region(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    observability = outputs["observability"]
    topics = (observability["alarm_topic_arn"], observability["edge_alarm_topic_arn"])
    for region, topic in zip(REGIONS, topics, strict=True):
        alarms = project.client("cloudwatch", region=region).describe_alarms()
        found = alarms["MetricAlarms"]
        assert found
        assert {action for alarm in found for action in alarm["AlarmActions"]} == {topic}
    dashboards = project.client("cloudwatch").list_dashboards()["DashboardEntries"]
    names = {entry["DashboardName"] for entry in dashboards}
    assert names == set(observability["dashboard_names"].values())


@pytest.fixture(scope="module")
def tags(settings: Settings) -> dict[str, str]:
    """Return the tags of every resource that takes tags."""
    return {
        "Project": settings.project,
        "ManagedBy": "cdktf",
        "Environment": settings.environment,
        "CostCenter": settings.tags.cost_center,
        "Owner": settings.tags.owner,
    }


def test_aws_finds_what_is_deployed_by_its_tags(
    project: Project, deployment: str, tags: dict[str, str]
) -> None:
    assert deployment
    in_both = {"cloudwatch alarm", "kms key", "lambda function", "logs log-group", "sns"}
    expected = {
        "eu-west-1": in_both | {
            "ec2 internet-gateway", "ec2 natgateway", "ec2 route-table", "ec2 security-group",
            "ec2 subnet", "ec2 vpc", "elasticloadbalancing loadbalancer",
            "elasticloadbalancing targetgroup", "rds cluster", "rds db", "s3",
        },
        "us-east-1": in_both | {"cloudfront distribution"},
    }  # fmt: skip
    for region in REGIONS:
        client = project.client("resourcegroupstaggingapi", region=region)
        found = {
            entry["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in entry["Tags"]}
            for page in client.get_paginator("get_resources").paginate()
            for entry in page["ResourceTagMappingList"]
            if not _belongs_to_aws(entry["Tags"])
        }
        for arn, carried in found.items():
            assert carried.items() >= tags.items(), arn
        assert {_kind(arn) for arn in found} >= expected[region]


def _belongs_to_aws(tags: list[dict[str, str]]) -> bool:
    """Return whether an AWS service tagged it, as RDS tags the database's secret."""
    return any(tag["Key"] == "aws:secretsmanager:owningService" for tag in tags)


def _kind(arn: str) -> str:
    """Return the service of a resource and, if its ARN has one, its type."""
    _, _, service, _, _, resource = arn.split(":", 5)
    type_ = re.match(r"[a-z-]+(?=[:/])", resource)
    return f"{service} {type_[0]}" if type_ else service


def test_terraform_reads_the_tags_back_from_every_resource_that_takes_them(
    project: Project, deployment: str, settings: Settings, tags: dict[str, str]
) -> None:
    assert deployment
    tagged = 0
    for part in PARTS:
        for resource in project.resources(settings.stack_id(part)):
            carried = resource["values"].get("tags_all")
            if carried is not None:
                tagged += 1
                assert carried.items() >= tags.items(), resource["address"]
    assert tagged > 50


def test_a_request_passes_through_the_whole_platform(project: Project, deployment: str) -> None:
    printed = project.make("smoke")
    assert "ecommerce-local works." in printed
    for checked in ("refused", "placed", "cancelled", "access log"):
        assert re.search(rf"^ok .*{checked}", printed, re.MULTILINE), checked
    (address,) = re.findall(r"^  curl (\S+/health)$", deployment, re.MULTILINE)
    assert requests.get(address, timeout=30).json() == {"status": "ok"}


def test_the_edge_function_runs_before_the_api(deployment: str) -> None:
    (address,) = re.findall(r"^  curl (\S+)/health$", deployment, re.MULTILINE)
    malformed = requests.get(f"{address}/catalog/%252e%252e/orders", timeout=30)
    assert malformed.status_code == requests.codes.bad_request
    # The edge function merges duplicate slashes; the API has no route for them.
    assert requests.get(f"{address}//health", timeout=30).status_code == requests.codes.ok


def test_the_status_names_stacks_version_commit_and_alarms(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    committed = project.run("git", "log", "-1", "--format=%H", "--", "container").stdout

    shown = project.make("status")

    for part in PARTS:
        assert re.search(rf"{part} +│ [1-9]\d* +│ \d{{4}}-", shown), shown
    assert re.search(r"^version  \d+ of the function, since \d{4}-", shown, re.MULTILINE)
    assert f"image    {outputs['service']['image_tag']} (sha256:" in shown
    assert f"commit   {committed[:12]}, the last to change container/" in shown
    assert re.search(r"^drift    none at \d{4}-", shown, re.MULTILINE)
    assert re.search(r"^alarms   \d+ of [1-9]\d* in alarm$", shown, re.MULTILINE)


def test_the_logs_of_one_request_are_followed_until_ctrl_c(
    project: Project, deployment: str
) -> None:
    (address,) = re.findall(r"^  curl (\S+/health)$", deployment, re.MULTILINE)
    with project.started(".venv/bin/python", "-m", "commands.logs") as following:
        assert following.stdout
        assert following.stderr
        request = requests.get(address, timeout=30).headers["x-amzn-requestid"]
        line = next(line for line in following.stdout if request in line)
        following.send_signal(signal.SIGINT)
        assert following.stderr.read() == ""
        assert following.wait() == 0
    assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z  (function|api) +INFO ", line)
    lines = project.make("logs", FOLLOW="no", REQUEST=request, LEVEL="info").splitlines()
    assert [line.split()[1] for line in lines] == ["function", "api"]
    assert all(line.endswith(f"[{request}]") for line in lines)
    assert project.make("logs", FOLLOW="no", REQUEST=request, LEVEL="error") == ""


@pytest.fixture
def dev(project: Project, deployment: str, tmp_path: Path) -> Iterator[Dev]:
    """Return a `make dev` that serves the working copy."""
    assert deployment
    with running_dev(project, output=tmp_path / "shown") as dev:
        yield dev


def test_make_dev_serves_saved_code_until_it_is_interrupted(
    project: Project, deployment: str, dev: Dev
) -> None:
    (address,) = re.findall(r"^  curl (\S+/health)$", deployment, re.MULTILINE)
    health = project.folder / "container" / "src" / "health.ts"
    document = project.folder / "container" / "openapi.json"
    originals = {file: file.read_text() for file in (health, document)}

    def answer() -> str:
        return requests.get(address, timeout=30).json()["status"]

    try:
        health.write_text(originals[health].replace('"ok"', '"changed"'))
        eventually(lambda: answer() == "changed")
        health.write_text("export const\n  = 1;\n")
        dev.shows("container/src/health.ts:2:2")
        assert answer() == "changed"
        document.write_text(originals[document].replace('"/health"', '"/well"'))
        dev.shows("GET /well is not served")
        dev.ends(signal.SIGINT)
        assert answer() == "ok"
    finally:
        for file, text in originals.items():
            file.write_text(text)
    line = r"^[\d:]{8} INFO  answered the request .*path=/health .*\[[\w-]{36}\]$"
    assert re.search(line, dev.shown, re.MULTILINE)
    assert "Deploying" not in dev.shown


def test_make_dev_ends_cleanly_when_it_is_terminated(dev: Dev) -> None:
    dev.ends(signal.SIGTERM)


def test_nothing_is_lost_when_the_database_crashes_and_its_credential_changes(
    project: Project, deployment: str
) -> None:
    assert deployment
    printed = project.make("load", LOAD_SECONDS="12", FAULTS="1")
    assert "Nothing was lost." in printed


def test_a_change_outside_terraform_is_planned_back_and_told(
    project: Project, outputs: dict[str, dict[str, Any]]
) -> None:
    logs, name = project.client("logs"), outputs["foundation"]["flow_log_group"]
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    logs.put_retention_policy(logGroupName=name, retentionInDays=1)
    planned = project.make("plan", STACKS="foundation")
    told = project.make("status")
    logs.put_retention_policy(logGroupName=name, retentionInDays=group["retentionInDays"])
    assert re.findall(r"^ +~ (\w+)", planned, re.MULTILINE) == ["aws_cloudwatch_log_group"]
    (outside,) = re.findall(r"changed outside Terraform: (\w+)", told)
    assert outside == "aws_cloudwatch_log_group"


def test_only_a_changed_setting_is_planned(
    project: Project, deployment: str, settings: Settings
) -> None:
    assert deployment
    printed = project.make("plan", PLATFORM__FUNCTION__TIMEOUT_SECONDS="27")
    stacks = [line.partition("  ") for line in printed.splitlines() if line.startswith("ecom")]
    unchanged = [stack for stack, _, counts in stacks if counts.startswith("0 to add, 0 to change")]
    assert unchanged == [settings.stack_id(part) for part in ("foundation", "data", "edge")]
    assert "Not planned: observability, because they read outputs" in printed
    lines = [line.split() for line in printed.splitlines() if line.startswith("  ")]
    changed = sorted(f"{sign} {type_}" for sign, type_, *_ in lines)
    # The setting makes a new version, which is checked and gets its own scaling.
    assert changed == [
        "-/+ aws_appautoscaling_policy",
        *["-/+ aws_appautoscaling_scheduled_action"] * 2,
        "-/+ aws_appautoscaling_target",
        "-/+ aws_lambda_invocation",
        "-/+ aws_lambda_provisioned_concurrency_config",
        "~ aws_lambda_alias",
        "~ aws_lambda_function",
    ]


def test_plain_cdktf_fails_while_the_image_is_not_published(
    project: Project, deployment: str, settings: Settings
) -> None:
    assert deployment
    handler = project.folder / "container" / "src" / "api.ts"
    content = handler.read_text()
    handler.write_text(f"{content}\n// changed\n")
    try:
        result = project.run(".venv/bin/cdktf", "diff", settings.stack_id("service"))
    finally:
        handler.write_text(content)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert "image-published-by-make-image" in said
    assert "will be created" not in said


def test_plain_cdktf_and_make_deploy_the_same_platform(
    project: Project, deployment: str, settings: Settings
) -> None:
    assert deployment
    last = settings.stack_id("observability")
    assert "No changes." in _cdktf(project, "diff", last)
    _cdktf(project, "destroy", last, "--auto-approve", PART_OF_STACKS)
    deployed = _cdktf(project, "deploy", "*", "--auto-approve")
    assert deployed.count("Resources: 0 added, 0 changed, 0 destroyed") == len(PARTS) - 1
    assert re.search(r"Resources: [1-9]\d* added, 0 changed, 0 destroyed", deployed)
    again = project.make("deploy")
    assert again.count(NOTHING_CHANGED) == len(PARTS)
    assert len(again.splitlines()) <= MOST_LINES


def _cdktf(project: Project, *arguments: str) -> str:
    """Run cdktf as a user does, without the project's commands."""
    result = project.run(".venv/bin/cdktf", *arguments, TF_CLI_CONFIG_FILE="")
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_destruction_leaves_only_keys_pending_deletion(
    project: Project, deployment: str, settings: Settings
) -> None:
    assert deployment
    # The code in the folder does not matter: its image is not published.
    handler = project.folder / "container" / "src" / "api.ts"
    handler.write_text(f"{handler.read_text()}\n// changed\n")
    printed = project.make("destroy")
    destroyed = re.findall(r"^(\S+)  0 added, 0 changed, [1-9]\d* destroyed", printed, re.MULTILINE)
    assert destroyed == [settings.stack_id(part) for part in reversed(PARTS)]
    left = list_resources(url=project.url, credentials=project.credentials, regions=REGIONS)
    assert left == []
    keys = project.client("kms")
    for key in keys.list_keys()["Keys"]:
        metadata = keys.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        assert metadata["KeyManager"] == "AWS" or metadata["KeyState"] == "PendingDeletion"


def test_stopping_the_embedded_aws_leaves_no_process_and_no_folder(
    project: Project, deployment: str
) -> None:
    assert deployment
    record = json.loads((project.folder / ".local-aws" / "server.json").read_text())
    workspace = Path(record["workspace"])
    assert workspace.is_dir()
    stopped = project.run(".venv/bin/python", "-m", "local_aws", "down")
    assert stopped.returncode == 0, stopped.stderr
    assert not workspace.exists()
    running = subprocess.run(["ps", "-A", "-o", "args"], capture_output=True, text=True, check=True)
    assert str(workspace) not in running.stdout
    assert record["instance_id"] not in running.stdout
