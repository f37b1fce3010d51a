"""Runs a PostgreSQL server for each Aurora PostgreSQL cluster; moto's clusters hold no data.

- A server starts, stops and is deleted with its cluster. Its folder in the workspace is named by
  the cluster's resource id. Rebooting the writer instance restarts the server.
- The host names of a cluster's endpoints lead to the server.
- The master user has the password of the request, or of the managed secret.

Differences from AWS: all servers have the one installed version. The reader endpoint leads to the
same server as the writer endpoint, and accepts changes too. A cluster restored from a snapshot is
empty.
"""

import functools
import json
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend
from moto.secretsmanager.models import SecretsManagerBackend

from local_aws import workspace
from local_aws.database import MAJOR_VERSION, DatabaseError, PostgresServer
from local_aws.extensions.rds.master_secrets import resource_of
from local_aws.graft import graft

_ENGINE = "aurora-postgresql"

_create = RDSBackend.create_db_cluster
_delete = RDSBackend.delete_db_cluster
_reboot = RDSBackend.reboot_db_instance
_rotate_secret = SecretsManagerBackend.rotate_secret

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")
_Endpoint = tuple[str, int]


@dataclass(kw_only=True)
class _Running:
    """A cluster's server, with the password and endpoints that were last applied to it."""

    server: PostgresServer
    password: str
    endpoints: set[_Endpoint] = field(default_factory=set[_Endpoint])


_servers: dict[str, _Running] = {}
_changing = threading.RLock()


def stop_all() -> None:
    """Stop every cluster's server."""
    with _changing:
        for running in _servers.values():
            running.server.stop()


def server_of(cluster: DBCluster) -> PostgresServer | None:
    """Return the server that runs for a cluster, if any."""
    running = _servers.get(cluster.db_cluster_resource_id)
    return None if running is None else running.server


def _follow_all(backend: RDSBackend) -> None:
    """Apply the current clusters and secrets of a region to its servers."""
    with _changing, as_aws_errors():
        for cluster in list(backend.clusters.values()):
            running = _servers.get(cluster.db_cluster_resource_id)
            if running is not None:
                _follow(cluster, running)


@contextmanager
def as_aws_errors() -> Generator[None]:
    """Turn errors of database servers into AWS errors, which Terraform prints."""
    try:
        yield
    except DatabaseError as error:
        code = "InternalFailure"
        raise RDSClientError(code, str(error)) from error


def _follow(cluster: DBCluster, running: _Running) -> None:
    if cluster._status == "stopped":  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # reading `status` changes it
        running.server.stop()
        return
    running.server.start()
    password = _password(cluster)
    if password != running.password:
        running.server.set_master_password(password)
        running.password = password
    _publish(running, set(_endpoints(cluster)))


def _publish(running: _Running, endpoints: set[_Endpoint]) -> None:
    hosts = workspace.current().hosts
    for host, port in endpoints - running.endpoints:
        running.server.answer_to(host)
        hosts.add(host=host, port=port, local_port=running.server.port)
    for host, port in running.endpoints - endpoints:
        hosts.remove(host=host, port=port)
    running.endpoints = endpoints


def _password(cluster: DBCluster) -> str:
    if not cluster.manage_master_user_password:
        return cluster._master_user_password  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # write-only, as in AWS
    secret = cluster.master_user_secret.secret
    version = secret.versions[str(secret.default_version_id)]
    return json.loads(version["secret_string"])["password"]


def _endpoints(cluster: DBCluster) -> Iterator[_Endpoint]:
    """Yield the host names and ports by which clients reach the cluster."""
    yield cluster.endpoint, cluster.port
    yield cluster.reader_endpoint, cluster.port


def _launch(cluster: DBCluster) -> None:
    if cluster.engine_version.split(".")[0] != MAJOR_VERSION:
        print(
            f"Cluster {cluster.db_cluster_identifier} asks for PostgreSQL"
            f" {cluster.engine_version}, but runs on {MAJOR_VERSION}, the installed version.",
            flush=True,
        )
    space = workspace.current()
    password = _password(cluster)
    server = PostgresServer(
        workspace=space.folder,
        name=cluster.db_cluster_resource_id,
        authority=space.authority,
        host_names=[cluster.endpoint, cluster.reader_endpoint],
        master_username=str(cluster.master_username),
        master_password=password,
        database_name=cluster.database_name or "postgres",
    )
    with _changing:
        _servers[cluster.db_cluster_resource_id] = _Running(server=server, password=password)
        try:
            server.start()
        except DatabaseError:
            _discard(cluster)
            raise


def _discard(cluster: DBCluster) -> None:
    with _changing:
        running = _servers.pop(cluster.db_cluster_resource_id, None)
        if running is not None:
            _publish(running, set())
            running.server.remove()


@graft
class _Backend(RDSBackend):
    def create_db_cluster(self, kwargs: dict[str, Any]) -> DBCluster:
        cluster = _create(self, kwargs)
        if cluster.engine == _ENGINE and cluster.master_username:
            try:
                with as_aws_errors():
                    _launch(cluster)
            except RDSClientError:
                cluster.deletion_protection = False
                _delete(self, cluster.db_cluster_identifier)
                raise
        return cluster

    def delete_db_cluster(
        self, cluster_identifier: str, snapshot_name: str | None = None
    ) -> DBCluster:
        cluster = _delete(self, cluster_identifier, snapshot_name)
        _discard(cluster)
        return cluster

    def reboot_db_instance(self, db_instance_identifier: str) -> DBInstance:
        instance = _reboot(self, db_instance_identifier)
        if isinstance(instance, DBInstanceClustered) and instance.is_cluster_writer:
            with _changing:
                running = _servers.get(instance.cluster.db_cluster_resource_id)
                if running is not None:
                    running.server.stop()
        return instance


@graft
class _SecretsManager(SecretsManagerBackend):
    def rotate_secret(self, secret_id: str, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401  # as in moto
        answer = _rotate_secret(self, secret_id, *args, **kwargs)
        resource = resource_of(self.secrets[secret_id].arn)
        if resource is not None:
            _follow_all(resource.backend)
        return answer


def call_after(*operations: str, follow: Callable[[RDSBackend], None]) -> None:
    """Call `follow` after each of these operations of moto's, to apply what they changed."""
    for name in operations:
        setattr(RDSBackend, name, _followed(getattr(RDSBackend, name), follow))


def _followed(
    change: Callable[Concatenate[RDSBackend, _Arguments], _Answer],
    follow: Callable[[RDSBackend], None],
) -> Callable[Concatenate[RDSBackend, _Arguments], _Answer]:
    @functools.wraps(change)
    def changed(
        backend: RDSBackend, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Answer:
        answer = change(backend, *args, **kwargs)
        follow(backend)
        return answer

    return changed


call_after(
    "create_db_cluster",
    "modify_db_cluster",
    "start_db_cluster",
    "stop_db_cluster",
    "reboot_db_instance",
    follow=_follow_all,
)
