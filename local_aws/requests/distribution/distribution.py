"""Answers a request to a distribution: behavior, edge function, origin.

Nothing is cached: each request reaches an origin. Viewers use HTTP, which stands for HTTPS here.
WAF, compression and signed URLs are not emulated.
"""

import secrets
import sys
from dataclasses import replace
from urllib.parse import urljoin

from werkzeug.datastructures import Headers

from local_aws.requests.distribution.configuration import (
    Behavior,
    Configuration,
    OriginGroup,
    read_configuration,
)
from local_aws.requests.distribution.edge_function import run_edge_function
from local_aws.requests.distribution.failures import DistributionError, error_page
from local_aws.requests.distribution.origin_request import VIA, origin_request
from local_aws.requests.distribution.origins import ask_origin, region_of
from local_aws.requests.distribution.response_headers import apply_policy
from local_aws.requests.messages import Request, Response, json_response
from local_aws.wildcards import matches

_ERRORS = 400
_FAILOVER_METHODS = ("GET", "HEAD", "OPTIONS")


def answer(request: Request, *, distribution_id: str) -> Response:
    """Answer a viewer's request.

    Raises:
        UnsupportedError: The distribution needs a feature that the embedded AWS lacks.
    """
    configuration = read_configuration(distribution_id)
    if configuration is None:
        return json_response(404, {"message": "There is no such distribution."})
    exchange = _Exchange(configuration)
    headers = Headers(request.headers)
    headers["Host"] = configuration.domain_name
    return exchange.answer(replace(request, headers=headers))


class _Exchange:
    """The handling of one request."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.request_id = secrets.token_urlsafe(40) + "=="

    def answer(self, request: Request) -> Response:
        behavior = self._behavior(request)
        try:
            response = self._respond(request, behavior)
        except DistributionError as error:
            print(f"Distribution {self.configuration.id}: {error.reason}", file=sys.stderr)
            response = error_page(error, request_id=self.request_id)
        page = self.configuration.error_pages.get(response.status)
        if page is not None:
            asked = replace(request, method="GET", path=page.path, query="", body=b"")
            found = self._ask(asked, self._behavior(asked))
            response = replace(found, status=page.status)
        return self._finish(response, behavior)

    def _behavior(self, request: Request) -> Behavior:
        """Return the first behavior whose pattern matches the path without its dot segments."""
        path = urljoin("/", request.path)
        *ordered, default = self.configuration.behaviors
        for behavior in ordered:
            if matches("/" + behavior.pattern.removeprefix("/"), path):
                return behavior
        return default

    def _respond(self, request: Request, behavior: Behavior) -> Response:
        if request.method not in behavior.methods:
            reason = f"{request.method} is not allowed at {behavior.pattern}"
            raise DistributionError(status=403, reason=reason)
        if behavior.edge_function is not None:
            changed = run_edge_function(
                request,
                arn=behavior.edge_function,
                distribution_id=self.configuration.id,
                domain_name=self.configuration.domain_name,
                request_id=self.request_id,
                region=region_of(self.configuration),
            )
            if isinstance(changed, Response):
                return changed
            request = changed
        if request.path == "/" and self.configuration.root_object:
            request = replace(request, path=f"/{self.configuration.root_object}")
        return self._ask(request, behavior)

    def _ask(self, request: Request, behavior: Behavior) -> Response:
        """Return the response of the behavior's origin, or of the next one in its group."""
        group = self.configuration.groups.get(
            behavior.target, OriginGroup(members=(behavior.target,), failover_statuses=())
        )
        *others, last = group.members if request.method in _FAILOVER_METHODS else group.members[:1]
        for name in others:
            response = self._ask_one(request, behavior, name)
            if response.status not in group.failover_statuses:
                return response
        return self._ask_one(request, behavior, last)

    def _ask_one(self, request: Request, behavior: Behavior, name: str) -> Response:
        origin = self.configuration.origins[name]
        asked = origin_request(
            request, behavior=behavior, origin=origin, request_id=self.request_id
        )
        return ask_origin(asked, origin=origin)

    def _finish(self, response: Response, behavior: Behavior) -> Response:
        """Return the response with the headers of CloudFront and of the behavior's policy."""
        headers = Headers(response.headers)
        outcome = "Error" if response.status >= _ERRORS else "Miss"
        headers["X-Cache"] = f"{outcome} from cloudfront"
        headers["Via"] = VIA
        headers["X-Amz-Cf-Id"] = self.request_id
        apply_policy(headers, policy=behavior.response_headers_policy)
        return replace(response, headers=headers)
