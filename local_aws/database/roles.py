"""The roles of an Aurora PostgreSQL cluster, beside those that its users create.

`rdsadmin`, the only superuser, is AWS's own. The master user creates roles and databases, and gets
further rights by its membership in `rds_superuser`, which is no superuser (Aurora User Guide,
Understanding PostgreSQL roles and permissions). Rights of `rds_superuser` over extensions and over
other users' objects are not emulated: the master user has less here than on AWS.
"""

from collections.abc import Iterator

from psycopg import sql

SUPERUSER = "rdsadmin"
"""AWS's user. Clients cannot log in as it: only this process knows its password."""

PROXY_USER = "rdsproxyadmin"
"""The user with which RDS Proxy watches a cluster; it is created with the proxy's target."""

_MASTER_GROUP = "rds_superuser"
_GROUPS = ("rds_iam", "rds_password", "rds_replication", _MASTER_GROUP)
_OF_MASTER_GROUP = (
    "pg_checkpoint",
    "pg_monitor",
    "pg_signal_backend",
    "rds_password",
    "rds_replication",
)


def create_roles(*, master_username: str, master_password: str) -> Iterator[sql.Composed]:
    """Yield the statements that create a new cluster's roles."""
    for group in _GROUPS:
        yield sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(group))
    for group in _OF_MASTER_GROUP:
        yield _grant(group, to=_MASTER_GROUP)
    yield sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(
        sql.Identifier(master_username), sql.Literal(master_password)
    )
    yield _grant(_MASTER_GROUP, to=master_username)


def create_proxy_user() -> sql.Composed:
    """Return the statement that creates the proxy's user unless it exists."""
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    ).format(sql.Identifier(PROXY_USER))


def _grant(group: str, *, to: str) -> sql.Composed:
    return sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(
        sql.Identifier(group), sql.Identifier(to)
    )
