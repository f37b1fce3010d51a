"""Host names of the VPC lead to servers of this machine, and TLS still verifies the name."""

import json
import socket
import ssl
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from local_aws import control
from local_aws.database import CertificateAuthority
from tests.local_aws.deployed_functions import DeployedFunctions

pytestmark = pytest.mark.local_aws

CONNECT = """
const tls = require("node:tls");
const net = require("node:net");
const ended = (socket, ready) => new Promise((resolve) => {
  socket.on(ready, () => { socket.destroy(); resolve("connected"); });
  socket.on("error", (error) => resolve(error.code));
});
exports.handler = async ({ ca, names }) => ({
  tls: await Promise.all(names.map((host) =>
    ended(tls.connect({ host, port: 5432, ca, servername: host }), "secureConnect"))),
  plain: await ended(net.connect(5432, names[0]), "connect"),
  socket: await ended(new net.Socket().connect({ host: names[0], port: 5432 }), "connect"),
  otherPort: await ended(net.connect(5433, names[0]), "connect"),
  variables: Object.keys(process.env).filter((name) => name.startsWith("NODE")),
});
"""


@pytest.fixture
def server_of_the_vpc(tmp_path: Path) -> Generator[tuple[int, str]]:
    """Run a TLS server for `writer.example`; return its port and the authority's certificate."""
    authority = CertificateAuthority(folder=tmp_path)
    (tmp_path / "server.pem").write_bytes(authority.issue(["writer.example"]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")

    stopping = Event()

    def serve() -> None:
        while not stopping.is_set():
            connection, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as own:
                own.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1]), authority.certificate_file.read_text()
        stopping.set()
        socket.create_connection(listener.getsockname()).close()
        thread.join()


def test_a_registered_host_name_leads_to_its_server(
    own_folder: Path, port: int, server_of_the_vpc: tuple[int, str]
) -> None:
    local_port, certificate = server_of_the_vpc
    server = control.start(port=port, folder=own_folder)
    deployed = DeployedFunctions(server=server)
    name = deployed.deploy(CONNECT)
    event = {"ca": certificate, "names": ["writer.example", "other.example"]}

    assert deployed.invoke(name, event).payload["plain"] == "ENOTFOUND"
    registry = server.workspace / "hosts.json"
    address = f"127.0.0.1:{local_port}"
    registry.write_text(json.dumps({f"{host}:5432": address for host in event["names"]}))
    assert deployed.invoke(name, event).payload == {
        "tls": ["connected", "ERR_TLS_CERT_ALTNAME_INVALID"],
        "plain": "connected",
        "socket": "connected",
        "otherPort": "ENOTFOUND",
        "variables": [],
    }
