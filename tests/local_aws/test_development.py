"""A developer's working copy answers at an alias instead of the deployed code, while it lasts."""

import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from commands.dev.embedded_aws import LoadError
from commands.shared.console import CommandError
from local_aws import control
from local_aws.address import DEVELOPMENT_PATH
from local_aws.execution.node import find_node
from modules.toolchain import ROOT
from tests.local_aws.deployed_functions import DeployedFunctions, eventually
from tests.local_aws.working_copies import (
    ALIAS,
    deploy_alias,
    open_session,
    working_copy,
    write_code,
)

pytestmark = pytest.mark.local_aws

DEPLOYED = 'exports.handler = async () => "deployed";'
CHANGED = 'exports.handler = async () => "changed";'
HOLD = """
import sys
from pathlib import Path
from local_aws import control
from tests.local_aws.working_copies import open_session

server = control.status(folder=Path(sys.argv[1]))
session = open_session(server, alias_arn=sys.argv[2])
session.load(Path(sys.argv[3]))
print("serving", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


@pytest.fixture(scope="module")
def alias_arn(deployed: DeployedFunctions) -> str:
    return deploy_alias(deployed, DEPLOYED)


def _answer(deployed: DeployedFunctions, alias_arn: str, *, qualifier: str = ALIAS) -> object:
    return deployed.invoke(alias_arn.split(":")[6], qualifier=qualifier).payload


def test_only_the_alias_runs_the_working_copy_and_only_until_the_session_ends(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str, tmp_path: Path
) -> None:
    with working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path) as copy:
        assert _answer(deployed, alias_arn) == "deployed"
        copy.load(CHANGED)
        assert _answer(deployed, alias_arn) == "changed"
        copy.load(CHANGED.replace("changed", "changed again"))
        assert _answer(deployed, alias_arn) == "changed again"
        # A deployment checks and migrates by versions.
        for qualifier in ("1", "$LATEST"):
            assert _answer(deployed, alias_arn, qualifier=qualifier) == "deployed"
    assert _answer(deployed, alias_arn) == "deployed"


def test_the_working_copy_runs_with_the_deployed_settings_also_of_a_version_deployed_meanwhile(
    deployed: DeployedFunctions, shared_server: control.Server, tmp_path: Path
) -> None:
    settings = """
    exports.handler = async (event, context) => [
      process.env.OWN, context.functionVersion, context.memoryLimitInMB,
      Math.ceil(context.getRemainingTimeInMillis() / 1000), process.env.AWS_ACCESS_KEY_ID !== "",
    ];
    """
    alias_arn = deploy_alias(
        deployed, DEPLOYED, Environment={"Variables": {"OWN": "1"}}, MemorySize=512, Timeout=7
    )
    name = alias_arn.split(":")[6]
    with working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path) as copy:
        copy.load(settings)
        assert _answer(deployed, alias_arn) == ["1", "1", "512", 7, True]
        deployed.functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {"OWN": "2"}}, MemorySize=1024, Timeout=9
        )
        version = deployed.functions.publish_version(FunctionName=name)["Version"]
        deployed.functions.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
        assert _answer(deployed, alias_arn) == ["2", "2", "1024", 9, True]
        assert _answer(deployed, alias_arn, qualifier=version) == "deployed"
    assert deployed.invoke(name, qualifier=ALIAS).version == version


def test_code_that_does_not_load_leaves_the_code_before(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str, tmp_path: Path
) -> None:
    with working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path) as copy:
        copy.load(CHANGED)
        with pytest.raises(LoadError, match="no database"):
            copy.load('throw new Error("no database");')
        with pytest.raises(LoadError, match="exit status 3"):
            copy.load("process.exit(3);")
        assert _answer(deployed, alias_arn) == "changed"


def test_the_log_of_each_invocation_is_told(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str, tmp_path: Path
) -> None:
    with working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path) as copy:
        copy.load('exports.handler = async () => console.warn("low stock");')
        _answer(deployed, alias_arn)
        lines = copy.next_event("log")["lines"]
        assert any("WARN\tlow stock" in line for line in lines)
        assert any(line.startswith("REPORT RequestId: ") for line in lines)


def test_the_deployed_code_answers_again_after_the_developers_command_is_killed(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str, tmp_path: Path
) -> None:
    folder = shared_server.credentials_file.parent
    build = write_code(tmp_path, CHANGED)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, folder, alias_arn, build],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "serving\n"
        assert _answer(deployed, alias_arn) == "changed"
        holder.send_signal(signal.SIGKILL)
    eventually(lambda: _answer(deployed, alias_arn) == "deployed")


def test_a_second_session_takes_over_and_the_first_one_cannot_change_anything(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str, tmp_path: Path
) -> None:
    with working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path) as first:
        first.load(CHANGED)
        with working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path) as second:
            assert first.next_event("replaced")
            assert first.next_event("ended")
            with pytest.raises(CommandError):
                first.load(CHANGED)
            assert _answer(deployed, alias_arn) == "deployed"
            second.load(CHANGED)
            assert _answer(deployed, alias_arn) == "changed"


def test_a_version_cannot_be_replaced(shared_server: control.Server, alias_arn: str) -> None:
    for arn in (alias_arn.replace(f":{ALIAS}", ":1"), alias_arn.removesuffix(f":{ALIAS}"), "x"):
        with pytest.raises(CommandError, match="alias"):
            open_session(shared_server, alias_arn=arn)


def test_neither_a_functions_role_nor_an_unsigned_request_may_replace_code(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str
) -> None:
    name = deployed.deploy("exports.handler = async () => ({ ...process.env });")
    seen = deployed.invoke(name).payload
    role = Credentials(
        seen["AWS_ACCESS_KEY_ID"], seen["AWS_SECRET_ACCESS_KEY"], seen["AWS_SESSION_TOKEN"]
    )
    url = f"{shared_server.url}{DEVELOPMENT_PATH}"
    body = json.dumps({"alias_arn": alias_arn, "inspected": False})
    for method, path in (("POST", ""), ("PUT", "/any"), ("DELETE", "/any")):
        signed = AWSRequest(method=method, url=f"{url}{path}", data=body)
        SigV4Auth(role, "local-aws", "us-east-1").add_auth(signed)
        for headers in (dict(signed.headers.items()), {}):
            answer = requests.request(
                method, f"{url}{path}", data=body, headers=headers, timeout=20
            )
            assert answer.status_code == requests.codes.forbidden, answer.text


def test_a_paused_function_outlives_its_timeout_and_the_inspector_lists_nothing(
    deployed: DeployedFunctions, shared_server: control.Server, tmp_path: Path
) -> None:
    alias_arn = deploy_alias(deployed, DEPLOYED, Timeout=1)
    code = 'exports.handler = async function pause() { debugger; return "resumed"; };'
    with (
        working_copy(shared_server, alias_arn=alias_arn, folder=tmp_path, inspected=True) as copy,
        ThreadPoolExecutor() as pool,
    ):
        copy.load(code)
        address: str = copy.next_event("inspector")["address"]
        assert address.startswith("ws://127.0.0.1:")
        host, _, unguessable = address.removeprefix("ws://").partition("/")
        with pytest.raises(OSError, match=r"refused|assign"):  # it listens on no other address
            socket.create_connection(("127.0.0.2", int(host.partition(":")[2])), timeout=20)
        for path in ("/json", "/json/list"):
            listed = requests.get(f"http://{host}{path}", timeout=20)
            assert unguessable not in listed.text
        with subprocess.Popen(
            [find_node() or "", Path(__file__).with_name("attach.mjs"), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as debugger:
            assert debugger.stdin
            assert debugger.stdout
            assert json.loads(debugger.stdout.readline()) == {"step": "attached"}
            answer = pool.submit(_answer, deployed, alias_arn)
            paused = json.loads(debugger.stdout.readline())
            assert paused == {"step": "paused", "function": "pause"}
            with pytest.raises(TimeoutError):
                answer.result(timeout=1.5)
            debugger.stdin.write("\n")
            debugger.stdin.flush()
            assert answer.result(timeout=20) == "resumed"
            debugger.kill()
        assert not any("ws://" in line for line in copy.next_event("log")["lines"])
    assert _answer(deployed, alias_arn) == "deployed"


def test_the_end_of_a_session_closes_the_inspector_even_of_a_busy_function(
    deployed: DeployedFunctions, shared_server: control.Server, alias_arn: str, tmp_path: Path
) -> None:
    began = tmp_path / "began"
    code = f"""
    exports.handler = async () => {{
      require("node:fs").writeFileSync({json.dumps(str(began))}, "");
      await new Promise((done) => setTimeout(done, 60_000));
    }};
    """
    with ThreadPoolExecutor() as pool:
        with working_copy(
            shared_server, alias_arn=alias_arn, folder=tmp_path, inspected=True
        ) as copy:
            copy.load(code)
            host = copy.next_event("inspector")["address"].removeprefix("ws://").partition("/")[0]
            name = alias_arn.split(":")[6]
            answer = pool.submit(deployed.invoke, name, qualifier=ALIAS)
            eventually(began.exists)
        assert answer.result(timeout=20).error == "Unhandled"
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://{host}/json", timeout=20)
