"""A PostgreSQL server with its host names and its master user."""

import secrets
import shutil
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from local_aws.address import HOST
from local_aws.database import binaries
from local_aws.database.certificates import CertificateAuthority
from local_aws.database.data_folder import CERTIFICATE, DATA, create_folder, options
from local_aws.database.errors import DatabaseError
from local_aws.database.process import PortTakenError, PostgresProcess
from local_aws.database.roles import PROXY_USER, SUPERUSER, create_proxy_user, create_roles
from local_aws.database.user import give_secret

# These ports are below every system's range for outgoing connections (Linux: 32768 and above), so
# no outgoing connection takes the port while the server is stopped.
_FIRST_PORT = 20_000
_PORTS = 12_000
_PORT_ATTEMPTS = 20
_RELOAD_SECONDS = 10.0
_POLL_SECONDS = 0.01


class PostgresServer:
    """A PostgreSQL server on 127.0.0.1 that accepts TLS only and ends when this process ends.

    Its roles are Aurora's: the master user is not a superuser, owns the database, and may create
    roles and databases. The data survives `stop` and `kill`; `remove` deletes it.

    Args:
        workspace: A folder that every user may enter; the first server unpacks the programs there.
        name: The name of the server's folder in the workspace.
        authority: The authority that signs its certificate.
        host_names: The names by which clients connect to it; at least one.
        master_username: The master user.
        master_password: The master user's password.
        database_name: A database to create besides `postgres`.
    """

    def __init__(
        self,
        *,
        workspace: Path,
        authority: CertificateAuthority,
        host_names: Sequence[str],
        master_username: str,
        master_password: str,
        database_name: str = "postgres",
        name: str = "database",
    ) -> None:
        self.folder = workspace / name
        """The server's folder, with its log in `server.log`."""
        self.port = 0
        """The port it listens on, chosen at the first start and kept."""
        self._workspace = workspace
        self._authority = authority
        self._host_names = list(host_names)
        self._master_username = master_username
        self._master_password = master_password
        self._database_name = database_name
        self._superuser_password = secrets.token_urlsafe()
        self._process: PostgresProcess | None = None

    def __enter__(self) -> "PostgresServer":  # noqa: PYI034  # Self came with Python 3.11
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def pid(self) -> int | None:
        """The id of the server's main process, or None while it is stopped."""
        return self._process and self._process.pid

    def start(self) -> None:
        """Start the server unless it runs, and return when it accepts connections.

        Raises:
            DatabaseError: PostgreSQL is not installed, or does not start.
        """
        if self._process is not None and self._process.runs:
            return
        self.kill()  # cleans up after a process that ended by itself
        programs = binaries.unpack(folder=self._workspace)
        if self.port:
            self._process = self._run(programs)
            return
        try:
            create_folder(
                self.folder,
                programs=programs,
                superuser_password=self._superuser_password,
                certificate=self._authority.issue(self._host_names),
            )
            self._process = self._run_at_a_free_port(programs)
            self._create_master()
        except BaseException:
            self.remove()
            raise

    def stop(self) -> None:
        """Shut the server down and disconnect its clients; do nothing if it does not run."""
        self._end(signal.SIGINT)  # PostgreSQL's "fast shutdown"

    def kill(self) -> None:
        """Kill the server, as in a crash; do nothing if it does not run."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """Stop the server and delete its folder; a later start creates an empty database."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.port = 0

    def answer_to(self, host_name: str) -> None:
        """Add a host name to the server's certificate; open connections stay open.

        Raises:
            DatabaseError: The server does not load the new certificate.
        """
        if host_name in self._host_names:
            return
        self._host_names.append(host_name)
        give_secret(self.folder / CERTIFICATE, self._authority.issue(self._host_names))
        if self._process is None:
            return
        self._process.reload()
        deadline = time.monotonic() + _RELOAD_SECONDS
        while not self._is_known_as(host_name):
            if time.monotonic() > deadline:
                message = f"PostgreSQL does not answer to {host_name}; see {self._log}."
                raise DatabaseError(message)
            time.sleep(_POLL_SECONDS)

    def set_master_password(self, password: str) -> None:
        """Change the master user's password; open connections stay open.

        Raises:
            DatabaseError: The server refuses it.
        """
        self._execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(self._master_username), sql.Literal(password)
            )
        )

    def create_proxy_user(self) -> None:
        """Create the user with which RDS Proxy watches the cluster, unless it exists.

        Raises:
            DatabaseError: The server refuses it.
        """
        self._execute(create_proxy_user())

    def admits_proxy(self) -> bool:
        """Return whether the proxy's user may connect to the database; not if the server stands."""
        query = "SELECT has_database_privilege(%s, %s, 'CONNECT')"
        try:
            with self._connect(self._host_names[0]) as connection:
                row = connection.execute(query, [PROXY_USER, self._database_name]).fetchone()
        except psycopg.Error:
            return False
        return row == (True,)

    @property
    def _data(self) -> Path:
        return self.folder / DATA

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _run(self, programs: Path) -> PostgresProcess:
        return PostgresProcess(
            programs=programs,
            data=self._data,
            log=self._log,
            port=self.port,
            options=options(self.folder),
            workspace=self._workspace,
        )

    def _run_at_a_free_port(self, programs: Path) -> PostgresProcess:
        for _ in range(_PORT_ATTEMPTS):
            self.port = _FIRST_PORT + secrets.randbelow(_PORTS)
            with suppress(PortTakenError):
                return self._run(programs)
        message = f"PostgreSQL found no free port from {_FIRST_PORT} to {_FIRST_PORT + _PORTS}."
        raise DatabaseError(message)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.end(how)
            self._process = None

    def _create_master(self) -> None:
        for statement in create_roles(
            master_username=self._master_username, master_password=self._master_password
        ):
            self._execute(statement)
        master = sql.Identifier(self._master_username)
        self._execute(sql.SQL("ALTER DATABASE postgres OWNER TO {}").format(master))
        if self._database_name != "postgres":
            database = sql.Identifier(self._database_name)
            self._execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, master))

    def _is_known_as(self, host_name: str) -> bool:
        try:
            self._connect(host_name).close()
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.Composed) -> None:
        try:
            with self._connect(self._host_names[0]) as connection:
                connection.execute(statement)
        except psycopg.Error as error:
            message = f"PostgreSQL refused: {' '.join(str(error).split())}"
            raise DatabaseError(message) from error

    def _connect(self, host_name: str) -> psycopg.Connection:
        return psycopg.connect(
            host=host_name,
            hostaddr=HOST,
            port=self.port,
            user=SUPERUSER,
            password=self._superuser_password,
            dbname="postgres",
            sslmode="verify-full",
            sslrootcert=str(self._authority.certificate_file),
            sslcertmode="disable",  # do not send a client certificate of the user
            autocommit=True,
        )
