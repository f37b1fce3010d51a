"""Functions that fail, and events that Lambda refuses."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import control
from tests.local_aws.deployed_functions import MAY_LOG, DeployedFunctions, eventually

pytestmark = pytest.mark.local_aws


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


def _refusal(deployed: DeployedFunctions, name: str, payload: bytes = b"{}") -> dict[str, Any]:
    with pytest.raises(ClientError) as refused:
        deployed.functions.invoke(FunctionName=name, Payload=payload)
    answer = refused.value.response
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return {"Status": status, **answer.get("Error", {}), "Reason": answer.get("Reason")}


def test_a_thrown_error_is_returned_and_the_environment_is_kept(
    deployed: DeployedFunctions,
) -> None:
    name = deployed.deploy(
        """
        let events = 0;
        exports.handler = async () => {
          events += 1;
          if (events === 1) throw new RangeError("too far");
          return events;
        };
        """
    )
    failed = deployed.invoke(name)

    assert failed.error == "Unhandled"
    assert failed.payload["errorType"] == "RangeError"
    assert failed.payload["errorMessage"] == "too far"
    assert failed.payload["trace"][0] == "RangeError: too far"
    assert any("\tERROR\tInvoke Error" in line for line in failed.log)
    assert deployed.invoke(name).payload == 2


@pytest.mark.parametrize(
    ("code", "error_type", "message"),
    [
        ("process.exit(3)", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
        ("process.exit(0)", "Runtime.ExitError", "Runtime exited without providing a reason"),
        (
            "process.kill(process.pid, 'SIGKILL')",
            "Runtime.ExitError",
            "Runtime exited with error: signal: killed",
        ),
        (
            "Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 99))",
            "Runtime.UnhandledPromiseRejection",
            "Error: lost",
        ),
        ("await new Promise(() => {})", "Runtime.NodeJsExit", "event loop is empty"),
        (
            "return 'x'.repeat(6291560)",
            "Function.ResponseSizeTooLarge",
            r"exceeded maximum allowed payload size \(6291556 bytes\)",
        ),
    ],
)
def test_a_crash_is_reported_and_the_next_event_is_served(
    deployed: DeployedFunctions, code: str, error_type: str, message: str
) -> None:
    name = deployed.deploy(f"exports.handler = async (fail) => {{ if (fail) {{ {code} }} }};")
    failed = deployed.invoke(name, event=True)

    assert failed.error == "Unhandled"
    assert failed.payload["errorType"] == error_type
    assert re.search(message, failed.payload["errorMessage"])
    assert deployed.invoke(name, event=False).payload is None


def test_a_function_is_killed_at_its_timeout(deployed: DeployedFunctions) -> None:
    name = deployed.deploy(
        "exports.handler = async (endless) => { while (endless); return 'next'; };", Timeout=1
    )
    failed = deployed.invoke(name, event=True)

    message: str = failed.payload["errorMessage"]
    assert failed.error == "Unhandled"
    assert list(failed.payload) == ["errorMessage"]
    assert message.endswith(" Task timed out after 1.00 seconds")
    assert message in failed.log
    assert "Status: timeout" in failed.log[-1]
    assert deployed.invoke(name, event=False).payload == "next"


@pytest.mark.parametrize(
    ("code", "command", "error_type"),
    [
        ("throw new TypeError('at start');", "index.handler", "TypeError"),
        ("exports.other = 1;", "index.handler", "Runtime.HandlerNotFound"),
        ("", "missing.handler", "Runtime.ImportModuleError"),
        ("require('not-there');", "index.handler", "Runtime.ImportModuleError"),
        ("this is no code", "index.handler", "Runtime.UserCodeSyntaxError"),
        ("", "index", "Runtime.MalformedHandlerName"),
    ],
)
def test_code_that_fails_to_load_reports_why(
    deployed: DeployedFunctions, code: str, command: str, error_type: str
) -> None:
    name = deployed.deploy(code, ImageConfig={"Command": [command]})
    for _ in range(2):
        failed = deployed.invoke(name)
        assert failed.error == "Unhandled"
        assert failed.payload["errorType"] == error_type


def test_reserved_concurrency_throttles_invocations(
    deployed: DeployedFunctions, tmp_path: Path
) -> None:
    name = deployed.deploy(
        """
        const { existsSync, writeFileSync } = require("node:fs");
        exports.handler = async ({ folder }) => {
          writeFileSync(`${folder}/begun`, "");
          while (!existsSync(`${folder}/end`)) await new Promise((done) => setTimeout(done, 5));
          return "done";
        };
        """
    )
    deployed.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(deployed.invoke, name, {"folder": str(tmp_path)})
        eventually((tmp_path / "begun").exists)
        refused = _refusal(deployed, name)
        (tmp_path / "end").write_text("")

        assert first.result().payload == "done"
    assert refused["Status"] == 429
    assert refused["Code"] == "TooManyRequestsException"
    assert refused["Message"] == "Rate Exceeded."
    assert refused["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert deployed.invoke(name, {"folder": str(tmp_path)}).payload == "done"


def test_an_error_names_an_unsupported_runtime(deployed: DeployedFunctions) -> None:
    deployed.functions.create_function(
        FunctionName="python",
        Role=deployed.role(MAY_LOG),
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": b""},
    )
    refused = _refusal(deployed, "python")
    assert refused["Status"] == 501
    assert "Node.js functions only, not python3.13" in refused["Message"]


def test_an_error_names_an_image_with_a_missing_layer(
    deployed: DeployedFunctions,
) -> None:
    uri = deployed.publish("layerless", "")
    manifest = json.loads(
        deployed.ecr.batch_get_image(
            repositoryName="layerless", imageIds=[{"imageDigest": uri.partition("@")[2]}]
        )["images"][0].get("imageManifest", "")
    )
    manifest["layers"][0]["digest"] = missing = f"sha256:{'0' * 64}"
    deployed.ecr.put_image(
        repositoryName="layerless", imageManifest=json.dumps(manifest), imageTag="broken"
    )
    deployed.functions.create_function(
        FunctionName="layerless",
        Role=deployed.role(MAY_LOG),
        PackageType="Image",
        Code={"ImageUri": f"{uri.partition('@')[0]}:broken"},
    )
    refused = _refusal(deployed, "layerless")
    assert refused["Code"] == "InvalidImage"
    assert missing in refused["Message"]


def test_invalid_json_and_large_events_are_refused(deployed: DeployedFunctions) -> None:
    name = deployed.deploy("exports.handler = async () => null;")

    no_json = _refusal(deployed, name, b"{")
    large = _refusal(deployed, name, b'"%s"' % (b"x" * 6 * 1024 * 1024))
    assert (no_json["Status"], no_json["Code"]) == (400, "InvalidRequestContentException")
    assert (large["Status"], large["Code"]) == (413, "RequestTooLargeException")


def test_missing_functions_and_aliases_are_not_found(
    deployed: DeployedFunctions,
) -> None:
    name = deployed.deploy("exports.handler = async () => null;")
    not_found = deployed.functions.exceptions.ResourceNotFoundException
    with pytest.raises(not_found):
        deployed.invoke(f"{name}-other")
    with pytest.raises(not_found):
        deployed.invoke(name, qualifier="live")
