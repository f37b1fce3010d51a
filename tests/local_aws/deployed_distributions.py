"""Deploys distributions to an embedded AWS, and sends them requests."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from tests.local_aws.deployed_functions import DeployedFunctions
from tests.local_aws.http_client import Answer, send

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

Block = dict[str, Any]


class Distribution:
    """A deployed distribution."""

    def __init__(
        self,
        edge: DeployedFunctions,
        *,
        url: str,
        origins: Iterable[Block],
        default: Block,
        behaviors: Iterable[Block] = (),
        **configuration: Any,  # noqa: ANN401  # as boto3 takes it
    ) -> None:
        self.client = edge.client("cloudfront")
        made = self.client.create_distribution(
            DistributionConfig={
                "CallerReference": uuid4().hex,
                "Comment": "",
                "Enabled": True,
                "Origins": items(origins),
                "DefaultCacheBehavior": default,
                "CacheBehaviors": items(behaviors),
                **configuration,
            }
        )["Distribution"]
        self.id: str = made["Id"]
        self.domain_name: str = made["DomainName"]
        self._url = f"{url}/_local_aws/distributions/{self.id}"

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | str | None = None,
    ) -> Answer:
        """Send a request."""
        return send(method, self._url + path, headers=headers, body=body)


def items(values: Iterable[object]) -> Block:
    """Return a list in the form of CloudFront's API."""
    listed = list(values)
    return {"Quantity": len(listed), "Items": listed} if listed else {"Quantity": 0}


def api_origin(api_id: str, *, stage: str, **headers: str) -> Block:
    """Return the origin `api` that leads to a stage of a REST API."""
    return {
        "Id": "api",
        "DomainName": f"{api_id}.execute-api.eu-west-1.amazonaws.com",
        "OriginPath": f"/{stage}",
        "CustomHeaders": items(
            {"HeaderName": name.replace("_", "-"), "HeaderValue": value}
            for name, value in headers.items()
        ),
        "CustomOriginConfig": {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
        },
    }


def behavior(
    target: str,
    *,
    methods: Iterable[str] = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"),
    function: str | None = None,
    **more: Any,  # noqa: ANN401  # as boto3 takes it
) -> Block:
    """Return a cache behavior without caching that passes on all but the Host header."""
    associations = [
        {"LambdaFunctionARN": function, "EventType": "viewer-request", "IncludeBody": False}
    ]
    options: dict[str, Any] = {
        "TargetOriginId": target,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": items(methods),
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST,
        "LambdaFunctionAssociations": items(associations if function else []),
    }
    return options | more
