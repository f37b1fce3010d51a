"""RDS Proxy; gaps of moto 5.2.5.

- Endpoints besides the default one are missing.
- ModifyDBProxy is missing.
"""

from typing import Any, cast

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBProxy, RDSBackend, RDSBaseModel
from moto.rds.responses import RDSResponse

from local_aws.graft import graft

_init = RDSBackend.__init__
_delete_proxy = RDSBackend.delete_db_proxy
_find_tagged = RDSBackend._get_resource_for_tagging  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # all tag operations use it


class _Endpoint(RDSBaseModel):
    """An endpoint of a proxy; moto's serializer reads its attributes into the response."""

    resource_type = "db-proxy-endpoint"
    status = "available"
    is_default = False

    def __init__(self, backend: RDSBackend, proxy: DBProxy, request: dict[str, Any]) -> None:
        super().__init__(backend)
        self.db_proxy_endpoint_name: str = request["DBProxyEndpointName"]
        self.db_proxy_name = proxy.db_proxy_name
        self.target_role: str = request.get("TargetRole") or "READ_WRITE"
        self.vpc_id = proxy.vpc_id
        self.vpc_subnet_ids: list[str] = request["VpcSubnetIds"]
        self.vpc_security_group_ids: list[str] = (
            request.get("VpcSecurityGroupIds") or proxy.vpc_security_group_ids
        )
        self.created_date = self.created
        self.tags = request.get("Tags") or []
        self._id = f"prx-endpoint-{mock_random.get_random_string(17, lower_case=True)}"

    @property
    def resource_id(self) -> str:
        return self._id

    @property
    def db_proxy_endpoint_arn(self) -> str:
        return self.arn

    @property
    def endpoint(self) -> str:
        host = f"{self.db_proxy_endpoint_name}.endpoint.proxy-{self._id[-12:]}"
        return f"{host}.{self.region}.rds.amazonaws.com"


class _NotFoundError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__("DBProxyEndpointNotFoundFault", f"DB proxy endpoint {name} not found.")


class _AlreadyExistsError(RDSClientError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "DBProxyEndpointAlreadyExistsFault", f"DB proxy endpoint {name} already exists."
        )


@graft
class ProxyBackend(RDSBackend):
    """The RDS backend of a region, with the endpoints of its proxies."""

    def __init__(self, region_name: str, account_id: str) -> None:
        _init(self, region_name, account_id)
        self.db_proxy_endpoints: dict[str, _Endpoint] = {}

    def proxy_endpoint(self, name: str) -> _Endpoint:
        """Return an endpoint by its name, or raise AWS's error if there is none."""
        if name not in self.db_proxy_endpoints:
            raise _NotFoundError(name)
        return self.db_proxy_endpoints[name]

    def endpoints_of(self, proxy: DBProxy) -> list[_Endpoint]:
        """Return a proxy's endpoints besides the default one."""
        endpoints = self.db_proxy_endpoints.values()
        return [e for e in endpoints if e.db_proxy_name == proxy.db_proxy_name]

    def create_proxy_endpoint(self, request: dict[str, Any]) -> _Endpoint:
        """Create the endpoint of a CreateDBProxyEndpoint request."""
        (proxy,) = self.describe_db_proxies(request["DBProxyName"])
        name = request["DBProxyEndpointName"]
        if name in self.db_proxy_endpoints:
            raise _AlreadyExistsError(name)
        endpoint = _Endpoint(self, proxy, request)
        self.db_proxy_endpoints[name] = cast("_Endpoint", endpoint)  # moto types it loosely
        return self.db_proxy_endpoints[name]

    def delete_proxy_endpoint(self, name: str) -> _Endpoint:
        """Delete an endpoint and return it."""
        endpoint = self.proxy_endpoint(name)
        del self.db_proxy_endpoints[name]
        return endpoint

    def delete_db_proxy(self, proxy_name: str) -> DBProxy:  # noqa: D102  # moto's
        self.db_proxy_endpoints = {
            name: endpoint
            for name, endpoint in self.db_proxy_endpoints.items()
            if endpoint.db_proxy_name != proxy_name
        }
        return _delete_proxy(self, proxy_name)

    def _get_resource_for_tagging(self, arn: str) -> Any:  # noqa: ANN401  # as in moto
        for endpoint in self.db_proxy_endpoints.values():
            if endpoint.arn == arn:
                return endpoint
        return _find_tagged(self, arn)


@graft
class _Response(RDSResponse):
    def _proxies(self) -> ProxyBackend:
        return cast("ProxyBackend", self.backend)

    def create_db_proxy_endpoint(self) -> ActionResult:
        endpoint = self._proxies().create_proxy_endpoint(self.params)
        return ActionResult({"DBProxyEndpoint": endpoint})

    def describe_db_proxy_endpoints(self) -> ActionResult:
        proxy = self.params.get("DBProxyName")
        name = self.params.get("DBProxyEndpointName")
        chosen = (
            [self._proxies().proxy_endpoint(name)]
            if name
            else self._proxies().db_proxy_endpoints.values()
        )
        found = [e for e in chosen if proxy in (None, e.db_proxy_name)]
        return ActionResult({"DBProxyEndpoints": found})

    def modify_db_proxy_endpoint(self) -> ActionResult:
        endpoint = self._proxies().proxy_endpoint(self.params["DBProxyEndpointName"])
        groups = self.params.get("VpcSecurityGroupIds")
        if groups:
            endpoint.vpc_security_group_ids = groups
        return ActionResult({"DBProxyEndpoint": endpoint})

    def delete_db_proxy_endpoint(self) -> ActionResult:
        endpoint = self._proxies().delete_proxy_endpoint(self.params["DBProxyEndpointName"])
        return ActionResult({"DBProxyEndpoint": endpoint})

    def modify_db_proxy(self) -> ActionResult:
        (proxy,) = self.backend.describe_db_proxies(self.params["DBProxyName"])
        names = {"SecurityGroups": "vpc_security_group_ids", "RequireTLS": "require_tls"} | {
            "Auth": "auth",
            "IdleClientTimeout": "idle_client_timeout",
            "DebugLogging": "debug_logging",
            "RoleArn": "role_arn",
        }
        for requested, kept in names.items():
            if self.params.get(requested) is not None:
                setattr(proxy, kept, self.params[requested])
        return ActionResult({"DBProxy": proxy})
