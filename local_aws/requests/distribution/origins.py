"""Sends requests to the deployed origins."""

import re
from dataclasses import replace

from local_aws.regions import GLOBAL_REGION
from local_aws.requests.distribution.configuration import Configuration, Origin
from local_aws.requests.load_balancer import balancer
from local_aws.requests.messages import Request, Response, json_response
from local_aws.requests.rest_api import gateway
from local_aws.requests.unsupported import UnsupportedError

_API = re.compile(r"(?P<id>[^.]+)\.execute-api\.(?P<region>[^.]+)\.amazonaws\.com(\.cn)?")
_STAGE = re.compile(r"/(?P<name>[^/]+)(?P<path>/.*)?")


def ask_origin(request: Request, *, origin: Origin) -> Response:
    """Return the response of the REST API or load balancer that an origin names.

    Raises:
        UnsupportedError: The origin is of another kind.
    """
    domain_name = origin.domain_name
    if (endpoint := origin.endpoint) is not None:
        return balancer.answer(
            request, is_meant=lambda it: it.arn == endpoint.balancer_arn, port=endpoint.port
        )
    if api := _API.fullmatch(domain_name):
        return _ask_api(request, api_id=api["id"], domain_name=domain_name)
    if ".elb." in domain_name:
        return balancer.answer(request, is_meant=lambda it: it.dns_name == domain_name)
    message = (
        f"The embedded AWS has REST APIs and load balancers as origins only, not {domain_name}."
    )
    raise UnsupportedError(message)


def region_of(configuration: Configuration) -> str:
    """Return the region whose edge functions run, which is that of the distribution's API."""
    found = (_API.fullmatch(origin.domain_name) for origin in configuration.origins.values())
    return next((api["region"] for api in found if api), GLOBAL_REGION)


def _ask_api(request: Request, *, api_id: str, domain_name: str) -> Response:
    stage = _STAGE.fullmatch(request.path)
    # API Gateway identifies an API by the Host header.
    if stage is None or request.headers.get("Host") != domain_name:
        return json_response(403, {"message": "Forbidden"})
    path = stage["path"] or "/"
    return gateway.answer(replace(request, path=path), api_id=api_id, stage_name=stage["name"])
