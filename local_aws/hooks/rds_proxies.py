"""Runs a proxy for each RDS Proxy; moto's proxies forward nothing.

- A proxy runs from its creation to its deletion, and the host names of its endpoints lead to it.
- It reads its secrets with its role at each sign-in.
- A target is available when the proxy can read every secret, and `rdsproxyadmin` may connect.

Differences from AWS: a client that AWS would let wait for a database is refused at once. A changed
secret takes effect at once. Each client has a database connection of its own, and loses it when the
server stops. Read-only endpoints lead to the same server.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from moto.rds.models import DBCluster, DBProxy, DBProxyTarget, DBProxyTargetGroup, RDSBackend

from local_aws import workspace
from local_aws.database import ConnectionProxy, Database
from local_aws.extensions.rds.proxies import ProxyBackend
from local_aws.graft import graft
from local_aws.hooks.rds_proxy_secrets import NoCredentialError, read_credential
from local_aws.hooks.rds_servers import as_aws_errors, call_after, server_of

_PORT = 5432  # of every proxy for PostgreSQL, whatever the cluster's port is

_register = RDSBackend.register_db_proxy_targets


@dataclass(kw_only=True)
class _Running:
    """A proxy, with the host names that were last applied to it."""

    proxy: ConnectionProxy
    hosts: set[str] = field(default_factory=set[str])


_proxies: dict[str, _Running] = {}  # by ARN
_changing = threading.RLock()


def _follow_all(backend: RDSBackend) -> None:
    """Apply the current proxies of a region and their endpoints."""
    with _changing:
        current = {proxy.arn: proxy for proxy in backend.db_proxies.values()}
        for arn in [arn for arn in _proxies if arn.split(":")[3] == backend.region_name]:
            if arn not in current:
                _publish(_proxies[arn], set())
                _proxies.pop(arn).proxy.stop()
        for arn, proxy in current.items():
            hosts = set(_host_names(proxy))
            if arn not in _proxies:
                _proxies[arn] = _Running(proxy=_start(proxy, hosts))
            _publish(_proxies[arn], hosts)


def _start(proxy: DBProxy, hosts: set[str]) -> ConnectionProxy:
    return ConnectionProxy(
        authority=workspace.current().authority,
        host_names=sorted(hosts),
        find_password=partial(_find_password, proxy),
        find_database=partial(_find_database, proxy),
    )


def _publish(running: _Running, hosts: set[str]) -> None:
    registry = workspace.current().hosts
    if hosts - running.hosts:
        running.proxy.answer_to(sorted(hosts))
    for host in hosts - running.hosts:
        registry.add(host=host, port=_PORT, local_port=running.proxy.port)
    for host in running.hosts - hosts:
        registry.remove(host=host, port=_PORT)
    running.hosts = hosts


def _host_names(proxy: DBProxy) -> Iterator[str]:
    yield proxy.endpoint
    for endpoint in cast("ProxyBackend", proxy.backend).endpoints_of(proxy):
        yield endpoint.endpoint


def _targets(proxy: DBProxy) -> Iterator[DBProxyTarget]:
    groups = cast("Iterable[DBProxyTargetGroup]", proxy.proxy_target_groups.values())
    for group in groups:
        yield from group.targets


def _clusters(proxy: DBProxy) -> Iterator[DBCluster]:
    for target in _targets(proxy):
        cluster = proxy.backend.clusters.get(target.rds_resource_id)
        if cluster is not None:
            yield cluster


def _find_database(proxy: DBProxy) -> Database | None:
    for cluster in _clusters(proxy):
        server = server_of(cluster)
        if server is not None and server.admits_proxy():
            return Database(host_name=cluster.endpoint, port=server.port)
    return None


def _find_password(proxy: DBProxy, username: str) -> str | None:
    for auth in proxy.auth:
        try:
            credential = read_credential(proxy, auth["SecretArn"])
        except NoCredentialError:
            continue
        if credential["username"] == username:
            return credential["password"]
    return None


def _health(proxy: DBProxy) -> dict[str, str]:
    """Return the health of a proxy's targets (RDS API Reference, TargetHealth)."""
    unavailable = {"State": "UNAVAILABLE"}
    try:
        for auth in proxy.auth:
            read_credential(proxy, auth["SecretArn"])
    except NoCredentialError:
        description = "Proxy does not have any registered credentials"
        return unavailable | {"Reason": "AUTH_FAILURE", "Description": description}
    if _find_database(proxy) is None:
        description = "Proxy cannot connect to the database"
        return unavailable | {"Reason": "CONNECTION_FAILED", "Description": description}
    return {"State": "AVAILABLE"}


@graft
class _Target(DBProxyTarget):
    @property
    def target_health(self) -> dict[str, str]:
        for proxy in self.backend.db_proxies.values():
            if self in _targets(proxy):
                return _health(proxy)
        return {"State": "REGISTERING"}


@graft
class _Backend(RDSBackend):
    def register_db_proxy_targets(
        self,
        db_proxy_name: str,
        target_group_name: str,
        db_cluster_identifiers: list[str],
        db_instance_identifiers: list[str],
    ) -> list[DBProxyTarget]:
        targets = _register(
            self, db_proxy_name, target_group_name, db_cluster_identifiers, db_instance_identifiers
        )
        for cluster in _clusters(self.db_proxies[db_proxy_name]):
            server = server_of(cluster)
            if server is not None:
                with as_aws_errors():
                    server.create_proxy_user()
        return targets


call_after(
    "create_db_proxy",
    "delete_db_proxy",
    "create_proxy_endpoint",
    "delete_proxy_endpoint",
    follow=_follow_all,
)
