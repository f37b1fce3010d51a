"""PostgreSQL servers with certificates of a local authority.

Each Aurora cluster of the embedded AWS is such a server. The container's tests use one directly:

    with (
        workspace.temporary() as folder,
        PostgresServer(
            workspace=folder,
            authority=CertificateAuthority(folder=folder),
            host_names=["localhost"],
            master_username="shop",
            master_password=secrets.token_urlsafe(),
            database_name="shop",
        ) as server,
    ):
        ...  # connect to 127.0.0.1, server.port; trust folder / "ca.pem"
"""

from local_aws.database.binaries import MAJOR_VERSION
from local_aws.database.certificates import CertificateAuthority
from local_aws.database.connection_proxy import ConnectionProxy, Database
from local_aws.database.errors import DatabaseError
from local_aws.database.server import PostgresServer

__all__ = [
    "MAJOR_VERSION",
    "CertificateAuthority",
    "ConnectionProxy",
    "Database",
    "DatabaseError",
    "PostgresServer",
]
