"""The services that the container's tests need: PostgreSQL and Secrets Manager."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from moto.server import ThreadedMotoServer

from local_aws import workspace
from local_aws.database import CertificateAuthority, PostgresServer

MASTER_USERNAME = "shop_master"
DATABASE = "shop"


@dataclass(frozen=True, kw_only=True)
class Services:
    """Addresses and credentials of the running services."""

    postgres: PostgresServer
    """The database server; its certificate names `localhost`."""

    master_password: str
    """Password of the database user `shop_master`."""

    environment: dict[str, str]
    """Environment variables that let a Node.js process reach both services."""


@contextmanager
def running_services() -> Generator[Services]:
    """Start the services, and stop them at the end of the `with` block."""
    password = secrets.token_urlsafe()
    with workspace.temporary(prefix="container-test-") as folder:
        authority = CertificateAuthority(folder=folder)
        aws = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        aws.start()
        host, port = aws.get_host_and_port()
        try:
            with PostgresServer(
                workspace=folder,
                authority=authority,
                host_names=["localhost"],
                master_username=MASTER_USERNAME,
                master_password=password,
                database_name=DATABASE,
            ) as postgres:
                yield Services(
                    postgres=postgres,
                    master_password=password,
                    environment={
                        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
                        "AWS_REGION": "eu-west-1",
                        "AWS_ACCESS_KEY_ID": "test",
                        "AWS_SECRET_ACCESS_KEY": "test",
                        "NODE_EXTRA_CA_CERTS": str(authority.certificate_file),
                    },
                )
        finally:
            aws.stop()
