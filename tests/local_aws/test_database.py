"""The PostgreSQL servers of the embedded AWS's clusters."""

import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from local_aws import workspace
from local_aws.database import CertificateAuthority, DatabaseError, PostgresServer, binaries

pytestmark = pytest.mark.slow

_ROOT = Path(workspace.__file__).parents[1]
_PASSWORD = "it's \\ a 'password'"  # noqa: S105  # of servers that end with this test


@pytest.fixture(scope="module")
def folder() -> Generator[Path]:
    with workspace.temporary(prefix="local aws of a test ") as folder:
        yield folder


@pytest.fixture(scope="module")
def authority(folder: Path) -> CertificateAuthority:
    return CertificateAuthority(folder=folder)


def _server(name: str, *, folder: Path, authority: CertificateAuthority) -> PostgresServer:
    return PostgresServer(
        workspace=folder,
        name=name,
        authority=authority,
        host_names=["writer.example", "reader.example"],
        master_username="shop",
        master_password=_PASSWORD,
        database_name="orders",
    )


@pytest.fixture(scope="module")
def database(folder: Path, authority: CertificateAuthority) -> Generator[PostgresServer]:
    with _server("shared", folder=folder, authority=authority) as server:
        yield server


Connect = Callable[..., psycopg.Connection]


@pytest.fixture
def connect(folder: Path) -> Connect:
    def connect(
        server: PostgresServer, *, password: str = _PASSWORD, **changed: str
    ) -> psycopg.Connection:
        details = {
            "host": "writer.example",
            "hostaddr": "127.0.0.1",
            "user": "shop",
            "dbname": "orders",
            "sslmode": "verify-full",
            "sslrootcert": str(folder / "ca.pem"),
        }
        return psycopg.connect(
            make_conninfo("", **(details | changed), port=server.port, password=password)
        )

    return connect


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_master_user_owns_the_database_and_is_not_a_superuser(
    database: PostgresServer, connect: Connect
) -> None:
    with connect(database) as connection:
        version, owner = connection.execute(
            "select current_setting('server_version_num')::int / 10000, datdba::regrole::text"
            " from pg_database where datname = current_database()"
        ).fetchone() or (0, "")
        connection.execute("create role api nologin")
        connection.execute("create table line (name text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create role boss superuser")
    assert (version, owner) == (16, "shop")


@pytest.mark.parametrize(
    "statement",
    [
        "alter role rdsadmin password 'mine'",
        "create language plpython3u",
        "create table kept (); alter table kept owner to rdsadmin",
        "copy (select 1) to program 'true'",
        "grant pg_read_server_files to shop",
        "select pg_read_file('postgresql.conf')",
        "select rolpassword from pg_authid",
        "set role rdsadmin",
    ],
)
def test_the_master_user_may_not_do_what_needs_a_superuser(
    database: PostgresServer, connect: Connect, statement: str
) -> None:
    with connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_the_master_user_is_a_member_of_auroras_groups(
    database: PostgresServer, connect: Connect
) -> None:
    with connect(database) as connection:
        for group in ("rds_superuser", "rds_password", "pg_monitor", "pg_signal_backend"):
            query = "select pg_has_role('shop', %s, 'member with admin option')"
            assert connection.execute(query, [group]).fetchone() == (True,), group
        connection.execute("create role operator login in role rds_superuser")
        connection.rollback()


def test_the_proxys_user_may_connect_until_public_loses_that_privilege(
    database: PostgresServer, connect: Connect
) -> None:
    assert not database.admits_proxy()  # there is none
    database.create_proxy_user()
    database.create_proxy_user()
    assert database.admits_proxy()
    with connect(database) as connection:
        connection.execute("revoke connect on database orders from public")
    assert not database.admits_proxy()
    with connect(database) as connection:
        connection.execute("grant connect on database orders to public")


def test_text_is_unicode(database: PostgresServer, connect: Connect) -> None:
    with connect(database) as connection:
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("select 'ÉCLAIR' ilike 'éclair'").fetchone() == (True,)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"password": "wrong"}, "password authentication failed"),
        ({"user": "rdsadmin", "password": "rdsadmin"}, "password authentication failed"),
        ({"sslmode": "disable"}, "no encryption"),
        ({"host": "other.example"}, 'does not match host name "other.example"'),
        ({"sslrootcert": "system"}, "certificate verify failed"),
    ],
)
def test_a_client_is_refused(
    database: PostgresServer, connect: Connect, changed: dict[str, str], refusal: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match=refusal):
        connect(database, **changed)


def test_the_server_listens_on_this_machine_only_and_does_not_run_as_root(
    database: PostgresServer,
) -> None:
    with socket.socket() as other:
        # On Linux a server that listens on all addresses would answer at 127.0.0.2 too.
        assert other.connect_ex(("127.0.0.2", database.port)) != 0
    assert (database.folder / "data").owner() == (
        "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    )
    assert (database.folder / "server.pem").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root does PostgreSQL have another user")
def test_links_that_postgresqls_user_plants_lead_root_nowhere(
    folder: Path, authority: CertificateAuthority, tmp_path: Path
) -> None:
    target = tmp_path / "of-root"
    target.write_text("untouched")
    with _server("planted", folder=folder, authority=authority) as server:
        data = server.folder / "data"
        for name in ("server.pem", "server.pem.new", "pg_hba.conf.new", "server.log", "password"):
            link = subprocess.run(["ln", "-s", target, data / name], user="nobody", check=False)
            beside = subprocess.run(
                ["ln", "-s", target, server.folder / f"{name}.new"],
                user="nobody",
                stderr=subprocess.DEVNULL,
                check=False,
            )
            assert (link.returncode, beside.returncode) == (0, 1)
        server.answer_to("planted.example")
        server.stop()
        server.start()
    assert target.read_text() == "untouched"
    assert target.stat().st_uid == 0


def test_a_new_host_name_and_a_new_password_keep_connections_open(
    database: PostgresServer, connect: Connect
) -> None:
    with connect(database) as before:
        database.answer_to("proxy.example")
        database.set_master_password("another")
        connect(database, host="proxy.example", password="another").close()  # noqa: S106
        connect(database, host="reader.example", password="another").close()  # noqa: S106
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(database)
        database.set_master_password(_PASSWORD)
        assert before.execute("select 1").fetchone() == (1,)


def test_a_crash_keeps_committed_data(
    folder: Path, authority: CertificateAuthority, connect: Connect
) -> None:
    with _server("crashing", folder=folder, authority=authority) as server:
        port = server.port
        connection = connect(server)
        connection.execute("create table number as select generate_series(1, 1000) as value")
        connection.commit()
        connection.execute("insert into number values (0)")

        server.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
        connection.close()
        assert not _listens(port)
        server.start()

        assert server.port == port
        with connect(server) as again:
            assert again.execute("select count(*) from number").fetchone() == (1000,)


def test_a_removed_server_leaves_nothing_behind(
    folder: Path, authority: CertificateAuthority, connect: Connect
) -> None:
    server = _server("short", folder=folder, authority=authority)
    server.start()
    port, pid = server.port, server.pid
    client = connect(server)

    server.remove()
    server.remove()

    client.close()
    assert pid is not None
    assert not _runs(pid)
    assert not _listens(port)
    assert not server.folder.exists()


def test_the_server_ends_with_its_owner(folder: Path, tmp_path: Path) -> None:
    script = f"""
import pathlib
from local_aws.database import CertificateAuthority, PostgresServer
server = PostgresServer(
    workspace=pathlib.Path({str(folder)!r}), name="orphan",
    authority=CertificateAuthority(folder=pathlib.Path({str(tmp_path)!r})),
    host_names=["writer.example"], master_username="shop", master_password="-",
)
server.start()
print(server.pid, server.port, flush=True)
input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        pid, port = map(int, owner.stdout.readline().split())
        assert _listens(port)
        owner.send_signal(signal.SIGKILL)
    _await(lambda: not _runs(pid))
    assert not _listens(port)


def test_a_taken_port_is_not_used(
    folder: Path, authority: CertificateAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[int] = []
    below = secrets.randbelow

    with socket.socket() as other:

        def taken_at_first(limit: int) -> int:
            chosen.append(below(limit))
            if len(chosen) == 1:
                other.bind(("127.0.0.1", 20_000 + chosen[0]))
                other.listen()
            return chosen[-1]

        monkeypatch.setattr(secrets, "randbelow", taken_at_first)
        with _server("unlucky", folder=folder, authority=authority) as server:
            assert [20_000 + number for number in chosen][1:] == [server.port]


def test_an_error_names_missing_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "PACKAGES", tmp_path / "absent")
    with pytest.raises(DatabaseError, match=r"absent.*run `make setup`"):
        binaries.unpack(folder=tmp_path)
