"""Answers a request to a REST API: stage, deployment, resource, method, authorizer, function."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from moto.apigateway.models import Stage, apigateway_backends

from local_aws.backends import every_backend
from local_aws.extensions.apigateway.deployments import snapshot_of
from local_aws.extensions.apigateway.snapshot import Method, Snapshot
from local_aws.requests.messages import LARGEST_BODY, Request, Response, json_response
from local_aws.requests.rest_api.authorizer import authorize
from local_aws.requests.rest_api.context import Context, make_context
from local_aws.requests.rest_api.failures import GatewayError
from local_aws.requests.rest_api.gateway_responses import gateway_response
from local_aws.requests.rest_api.integration import integrate
from local_aws.requests.rest_api.logs import write_access_log, write_execution_log
from local_aws.requests.rest_api.resource_tree import ResourceTree
from local_aws.requests.rest_api.throttle import Throttle, limit_of, settings_of
from local_aws.requests.rest_api.validation import validate

_throttle = Throttle()


@dataclass(frozen=True, kw_only=True)
class _Deployed:
    """A stage with the deployment that it serves."""

    stage: Stage
    deployment_id: str
    snapshot: Snapshot


def answer(request: Request, *, api_id: str, stage_name: str) -> Response:
    """Answer a request to a stage of a REST API; `request.path` starts after the stage.

    Raises:
        UnsupportedError: The API needs a feature that the embedded AWS lacks.
    """
    deployed = _find(api_id, stage_name)
    if deployed is None or deployed.snapshot.disabled:
        return json_response(
            403, {"message": "Forbidden"}, {"x-amzn-ErrorType": "ForbiddenException"}
        )
    started = time.monotonic()
    exchange = _Exchange(request, deployed)
    response = exchange.answer()
    exchange.context.variables.update(
        status=response.status,
        responseLength=len(response.body),
        responseLatency=round((time.monotonic() - started) * 1000),
    )
    exchange.log()
    return response


def _find(api_id: str, stage_name: str) -> _Deployed | None:
    for backend in every_backend(apigateway_backends):
        api = backend.apis.get(api_id)
        stage = api.stages.get(stage_name) if api else None
        deployment = api.deployments.get(stage.deployment_id or "") if api and stage else None
        if stage and deployment:
            snapshot = snapshot_of(deployment)
            return _Deployed(stage=stage, deployment_id=deployment.id, snapshot=snapshot)
    return None


class _Exchange:
    """The handling of one request."""

    def __init__(self, request: Request, deployed: _Deployed) -> None:
        self.request = request
        self.deployed = deployed
        self.snapshot = deployed.snapshot
        self.context: Context = make_context(
            request,
            snapshot=self.snapshot,
            deployment_id=deployed.deployment_id,
            stage=deployed.stage.name or "",
            stage_variables=deployed.stage.variables,
        )
        self.path_parameters: dict[str, str] = {}
        self.settings: Mapping[str, Any] = deployed.stage.method_settings.get("*/*", {})
        self.failure: str | None = None

    def answer(self) -> Response:
        """Return the response of the function, or of API Gateway itself."""
        try:
            return self._process()
        except GatewayError as error:
            self.failure = error.log
            return gateway_response(
                error,
                customised=self.snapshot.gateway_responses,
                context=self.context,
                request=self.request,
                path_parameters=self.path_parameters,
            )

    def log(self) -> None:
        """Write the stage's access log and execution log."""
        write_access_log(self.deployed.stage.access_log_settings, self.context)
        write_execution_log(
            self.settings, self.context, region=self.snapshot.region, failure=self.failure
        )

    def _process(self) -> Response:
        if len(self.request.body) > LARGEST_BODY:
            raise GatewayError(type_="REQUEST_TOO_LARGE", log="The body is larger than 10 MB")
        method = self._route()
        claims = authorize(self.request, method=method, snapshot=self.snapshot)
        if claims is not None:
            self.context.variables["authorizer"] = {"claims": claims}
        validate(
            self.request,
            method=method,
            snapshot=self.snapshot,
            path_parameters=self.path_parameters,
        )
        return integrate(
            self.request,
            integration=method.integration,
            snapshot=self.snapshot,
            context=self.context,
            path_parameters=self.path_parameters,
        )

    def _route(self) -> Method:
        """Return the requested method, if the stage's limits permit the request."""
        matched = _tree(self.snapshot).match(self.request.path)
        method = matched.method(self.request.method) if matched else None
        if matched is None or method is None:
            raise GatewayError(
                type_="MISSING_AUTHENTICATION_TOKEN", log="No method matches the request"
            )
        resource = matched.resource
        self.path_parameters |= matched.parameters
        self.context.variables.update(resourceId=resource.id, resourcePath=resource.path)
        key, self.settings = settings_of(
            self.deployed.stage.method_settings,
            resource_path=resource.path,
            http_method=self.request.method,
        )
        stage = (self.snapshot.api_id, self.context.variables["stage"], key)
        if not _throttle.admits(stage, limit_of(self.settings)):
            raise GatewayError(type_="THROTTLED", log="The stage's limit is reached")
        return method


@lru_cache(maxsize=64)
def _tree(snapshot: Snapshot) -> ResourceTree:
    return ResourceTree(snapshot.resources)
