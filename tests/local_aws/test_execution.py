"""Running functions: what their code gets, and how execution environments are reused."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_aws import control
from tests.local_aws.deployed_functions import MAY_LOG, DeployedFunctions, eventually, runs

pytestmark = pytest.mark.local_aws

WHO = "exports.handler = async () => process.pid;"
MEET = """
const { readdirSync, writeFileSync } = require("node:fs");
exports.handler = async ({ folder, others }) => {
  writeFileSync(`${folder}/${process.pid}`, "");
  while (readdirSync(folder).length < others) await new Promise((done) => setTimeout(done, 5));
  return process.pid;
};
"""


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


def test_code_gets_the_deployed_variables_and_those_of_lambda(
    deployed: DeployedFunctions, shared_server: control.Server
) -> None:
    name = deployed.deploy(
        "exports.handler = async () => ({ ...process.env });",
        Environment={"Variables": {"OWN": "1", "NODE_EXTRA_CA_CERTS": "/var/runtime/ca-cert.pem"}},
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "WARN", "LogGroup": "/own"},
        MemorySize=512,
    )
    seen: dict[str, str] = deployed.invoke(name, qualifier="1").payload

    changing = {
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "_X_AMZN_TRACE_ID"),
        *("LAMBDA_TASK_ROOT", "PATH"),
    }
    assert {key: value for key, value in seen.items() if key not in changing} == {
        "OWN": "1",
        "NODE_EXTRA_CA_CERTS": str(shared_server.workspace / "ca.pem"),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": shared_server.url,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/own",
        "AWS_LAMBDA_LOG_LEVEL": "WARN",
        "AWS_REGION": "eu-west-1",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "_HANDLER": "index.handler",
    }
    assert changing <= set(seen)
    caller = deployed.client("sts", seen).get_caller_identity()["Arn"]
    assert caller.startswith("arn:aws:sts::123456789012:assumed-role/role-")
    assert caller.endswith(f"/{name}")


def test_code_gets_event_and_context(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(
        """
        exports.handler = async (event, context) => ({
          event, ...context, left: context.getRemainingTimeInMillis(),
          arguments: process.argv.slice(2),
        });
        """,
        Timeout=7,
    )
    deployed.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    answer = deployed.invoke(name, {"a": [1, "ü"]}, qualifier="live")

    context: dict[str, Any] = answer.payload
    assert answer.version == "1"
    assert context["event"] == {"a": [1, "ü"]}
    assert context["functionName"] == name
    assert context["functionVersion"] == "1"
    assert context["invokedFunctionArn"].endswith(f":123456789012:function:{name}:live")
    assert context["memoryLimitInMB"] == "128"
    assert context["logGroupName"] == f"/aws/lambda/{name}"
    assert "/[1]" in context["logStreamName"]
    assert 0 < context["left"] <= 7000
    assert context["arguments"] == []
    assert f"START RequestId: {context['awsRequestId']} Version: 1" in answer.log


def test_a_warm_environment_keeps_its_state_for_the_next_event(
    deployed: DeployedFunctions,
) -> None:
    name = deployed.deploy("let events = 0; exports.handler = async () => (events += 1);")
    assert [deployed.invoke(name).payload for _ in range(3)] == [1, 2, 3]


def test_simultaneous_events_get_separate_environments(
    deployed: DeployedFunctions, tmp_path: Path
) -> None:
    name = deployed.deploy(MEET)
    event = {"folder": str(tmp_path), "others": 3}
    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(deployed.invoke, [name] * 3, [event] * 3))
    assert len({answer.payload for answer in answers}) == 3


def test_events_wait_while_all_environments_are_busy(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(WHO)
    with ThreadPoolExecutor(max_workers=14) as threads:
        answers = list(threads.map(deployed.invoke, [name] * 28))
    assert {answer.error for answer in answers} == {None}
    assert len({answer.payload for answer in answers}) <= 10


def test_an_alias_invokes_its_version_and_the_previous_environments_end(
    deployed: DeployedFunctions,
) -> None:
    name = deployed.deploy("exports.handler = async () => [process.pid, 'old'];")
    deployed.functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    old_pid, old = deployed.invoke(name, qualifier="live").payload
    image = deployed.publish(name, "exports.handler = async () => [process.pid, 'new'];")
    deployed.functions.update_function_code(FunctionName=name, ImageUri=image, Publish=True)

    assert old == "old"
    assert deployed.invoke(name, qualifier="live").payload == [old_pid, "old"]
    deployed.functions.update_alias(FunctionName=name, Name="live", FunctionVersion="2")
    answer = deployed.invoke(name, qualifier="live")
    assert (answer.payload[1], answer.version) == ("new", "2")
    assert not runs(old_pid)


def test_a_changed_function_gets_new_environments(deployed: DeployedFunctions) -> None:
    name = deployed.deploy("exports.handler = async () => [process.pid, process.env.OWN ?? null];")
    pid, before = deployed.invoke(name).payload
    deployed.functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {"OWN": "1"}}
    )
    other_pid, after = deployed.invoke(name).payload

    assert (before, after) == (None, "1")
    assert other_pid != pid
    assert not runs(pid)


def test_deleting_a_function_ends_its_processes(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(WHO)
    pids = [deployed.invoke(name, qualifier=which).payload for which in ("$LATEST", "1")]
    deployed.functions.delete_function(FunctionName=name)
    assert not any(runs(pid) for pid in pids)


def test_the_command_of_an_image_can_be_replaced(deployed: DeployedFunctions) -> None:
    code = "exports.handler = async () => 'api'; exports.other = async () => 'administration';"
    name = deployed.deploy(code, ImageConfig={"Command": ["index.other"]})
    assert deployed.invoke(name).payload == "administration"


def test_zip_functions_run(deployed: DeployedFunctions) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("lib/edge.mjs", "export const handler = async () => 'edge';")
    deployed.functions.create_function(
        FunctionName="zip",
        Role=deployed.role(MAY_LOG),
        Runtime="nodejs22.x",
        Handler="lib/edge.handler",
        Code={"ZipFile": archive.getvalue()},
    )
    assert deployed.invoke("zip").payload == "edge"


def test_asynchronous_invocations_run(deployed: DeployedFunctions, tmp_path: Path) -> None:
    name = deployed.deploy(
        "exports.handler = async ({ file }) => require('node:fs').writeFileSync(file, '');"
    )
    event = json.dumps({"file": str(tmp_path / "done")})

    tried = deployed.functions.invoke(FunctionName=name, InvocationType="DryRun", Payload=event)
    assert tried["StatusCode"] == 204
    assert not (tmp_path / "done").exists()
    begun = deployed.functions.invoke(FunctionName=name, InvocationType="Event", Payload=event)
    assert begun["StatusCode"] == 202
    eventually((tmp_path / "done").exists)


def test_text_logs_are_complete_when_the_answer_arrives(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(
        """
        exports.handler = async () => {
          console.debug("a\\nb", { c: 1 });
          process.stdout.write('{"own":"line"}\\n');
        };
        """
    )
    answer = deployed.invoke(name)
    messages = deployed.log_messages(f"/aws/lambda/{name}")

    start, debug, own, end, report = messages
    identity = start.split()[2]
    assert start == f"START RequestId: {identity} Version: $LATEST"
    assert debug.split("\t")[1:] == [identity, "DEBUG", "a\nb { c: 1 }"]
    assert own == '{"own":"line"}'
    assert end == f"END RequestId: {identity}"
    assert report.startswith(f"REPORT RequestId: {identity}\tDuration: ")
    assert "Init Duration" in report
    assert answer.log == "\n".join(messages).splitlines()


def test_json_logs_have_levels_and_platform_events(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(
        """
        exports.handler = async () => {
          console.debug("hidden");
          console.info({ order: 1 });
          console.error("refused", new TypeError("no"));
        };
        """,
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO"},
    )
    deployed.invoke(name)
    messages = [json.loads(line) for line in deployed.log_messages(f"/aws/lambda/{name}")]

    start, info, error, report = messages
    identity = start["record"]["requestId"]
    assert start["type"] == "platform.start"
    assert (info["level"], info["requestId"], info["message"]) == ("INFO", identity, {"order": 1})
    assert error["message"].startswith("refused TypeError: no")
    assert error["errorType"] == "TypeError"
    assert report["type"] == "platform.report"
    assert report["record"]["status"] == "success"
    assert report["record"]["metrics"]["memorySizeMB"] == 128


def test_stopping_ends_all_processes_of_functions(own_folder: Path, port: int) -> None:
    server = control.start(port=port, folder=own_folder)
    deployed = DeployedFunctions(server=server)
    pid = deployed.invoke(deployed.deploy(WHO)).payload

    assert runs(pid)
    control.stop(folder=own_folder)
    eventually(lambda: not runs(pid))
