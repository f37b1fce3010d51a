"""Answers a request to a load balancer: listener, rule, target group, function."""

import json
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from moto.elbv2.models import (
    ELBv2Backend,
    FakeListener,
    FakeLoadBalancer,
    FakeTargetGroup,
    elbv2_backends,
)
from werkzeug.datastructures import Headers

from local_aws import execution
from local_aws.backends import every_backend
from local_aws.requests.load_balancer.event import balancer_event
from local_aws.requests.load_balancer.failures import BalancerError, error_page
from local_aws.requests.load_balancer.responses import balancer_response
from local_aws.requests.load_balancer.rules import action_for
from local_aws.requests.messages import Request, Response, json_response
from local_aws.requests.unsupported import UnsupportedError
from local_aws.service_principals import LOAD_BALANCING
from local_aws.tracing import TRACE_HEADER, trace_of

_LARGEST_BODY = 1024 * 1024
"""The largest request body for a function, 1 MiB.

Source: Application Load Balancers User Guide, Use Lambda functions as targets, Limits.
"""

_VALID_HEADER = re.compile(r"[-A-Za-z0-9]+")
_DROP_INVALID = "routing.http.drop_invalid_header_fields.enabled"
_MULTI_VALUE = "lambda.multi_value_headers.enabled"


def answer_by_name(request: Request, *, name: str) -> Response:
    """Answer a request to the load balancer with a name."""
    return answer(request, is_meant=lambda balancer: balancer.name == name)


def answer(
    request: Request, *, is_meant: Callable[[FakeLoadBalancer], bool], port: int | None = None
) -> Response:
    """Answer a request to the first load balancer that `is_meant` accepts.

    Args:
        port: Port of the listener that is asked. None asks the listener for HTTPS, if there is one.

    Raises:
        UnsupportedError: The load balancer needs a feature that the embedded AWS lacks.
    """
    for backend in every_backend(elbv2_backends):
        for balancer in list(backend.load_balancers.values()):
            if is_meant(balancer):
                return _answer(request, balancer=balancer, backend=backend, port=port)
    return json_response(404, {"message": "There is no such load balancer."})


def _answer(
    request: Request, *, balancer: FakeLoadBalancer, backend: ELBv2Backend, port: int | None
) -> Response:
    try:
        listener = _listener(balancer, port=port)
        action = action_for(request, listener=listener)
        if action["Type"] == "fixed-response":
            return _fixed(action["FixedResponseConfig"])
        group = backend.target_groups[_target_group(action)]
        return _forward(request, balancer=balancer, listener=listener, group=group)
    except BalancerError as error:
        print(f"Load balancer {balancer.name}: {error.reason}", file=sys.stderr)
        return error_page(error.status)


def _listener(balancer: FakeLoadBalancer, *, port: int | None) -> FakeListener:
    """Return the load balancer's listener at a port, or else preferably one for HTTPS."""
    listeners = sorted(
        (it for it in balancer.listeners.values() if port is None or int(it.port) == port),
        key=lambda listener: listener.protocol != "HTTPS",
    )
    if not listeners:
        where = "" if port is None else f" at port {port}"
        raise BalancerError(
            status=503 if port is None else 504, reason=f"It has no listener{where}"
        )
    return listeners[0]


def _fixed(config: Mapping[str, str]) -> Response:
    body = config.get("MessageBody", "")
    headers = Headers({"Server": "awselb/2.0"})
    if body:
        headers["Content-Type"] = f"{config.get('ContentType', 'text/plain')}; charset=utf-8"
    return Response(status=int(config["StatusCode"]), headers=headers, body=body.encode())


def _target_group(action: Mapping[str, Any]) -> str:
    if action["Type"] != "forward":
        message = f"The embedded AWS lacks load balancer actions of type {action['Type']}."
        raise UnsupportedError(message)
    groups = action.get("ForwardConfig", {}).get("TargetGroups") or [action]
    return max(groups, key=lambda group: int(group.get("Weight", 1)))["TargetGroupArn"]


def _forward(
    request: Request,
    *,
    balancer: FakeLoadBalancer,
    listener: FakeListener,
    group: FakeTargetGroup,
) -> Response:
    if group.target_type != "lambda":
        message = f"The embedded AWS lacks targets of type {group.target_type}."
        raise UnsupportedError(message)
    if len(request.body) > _LARGEST_BODY:
        raise BalancerError(status=413, reason="The body is larger than 1 MB")
    arn = next(iter(group.targets), None)
    if arn is None:
        raise BalancerError(status=503, reason=f"{group.arn} has no target")
    if not execution.is_allowed(arn=arn, principal=LOAD_BALANCING, source_arn=group.arn):
        reason = f"{LOAD_BALANCING} may not invoke {arn} for {group.arn}"
        raise BalancerError(status=502, reason=reason)
    trace_id = trace_of(request.headers.get(TRACE_HEADER))
    multi_value = group.attributes.get(_MULTI_VALUE) == "true"
    event = balancer_event(
        request,
        target_group_arn=group.arn,
        headers=_headers(request, balancer, listener, trace_id),
        multi_value=multi_value,
    )
    return balancer_response(_invoke(arn, event, trace_id), multi_value=multi_value)


def _headers(
    request: Request, balancer: FakeLoadBalancer, listener: FakeListener, trace_id: str
) -> list[tuple[str, str]]:
    """Return the client's headers with those that the load balancer adds."""
    strict = balancer.attrs.get(_DROP_INVALID) == "true"
    sent = [*request.headers.getlist("X-Forwarded-For"), request.source_ip]
    added = {
        TRACE_HEADER: trace_id,
        "X-Forwarded-For": ", ".join(sent),
        "X-Forwarded-Port": str(listener.port),
        "X-Forwarded-Proto": listener.protocol.lower(),
    }
    written = {name.lower() for name in added} | {"transfer-encoding"}
    kept = [
        (name, value)
        for name, value in request.headers
        if name.lower() not in written and not (strict and not _VALID_HEADER.fullmatch(name))
    ]
    return [*kept, *added.items()]


def _invoke(arn: str, event: Mapping[str, Any], trace_id: str) -> bytes:
    try:
        invocation = execution.invoke(
            arn=arn, payload=json.dumps(event).encode(), trace_id=trace_id
        )
    except execution.InvokeError as error:
        if error.status == 501:  # noqa: PLR2004  # HTTP's "not implemented"
            raise UnsupportedError(error.message) from error
        raise BalancerError(status=502, reason=str(error)) from error
    if invocation.function_error:
        raise BalancerError(status=502, reason=f"{arn} failed: {invocation.payload.decode()}")
    return invocation.payload
