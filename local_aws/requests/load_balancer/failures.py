"""Errors that a load balancer answers itself."""

from http import HTTPStatus

from werkzeug.datastructures import Headers

from local_aws.requests.messages import Response


class BalancerError(Exception):
    """The load balancer answers with its own error."""

    def __init__(self, *, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        """The cause, for the server's log; the client does not get it, as on AWS."""


def error_page(status: int) -> Response:
    """Return the page for an error's status."""
    title = f"{status} {HTTPStatus(status).phrase}"
    lines = (
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        "</body>",
        "</html>",
        "",
    )
    return Response(
        status=status,
        headers=Headers({"Server": "awselb/2.0", "Content-Type": "text/html"}),
        body="\r\n".join(lines).encode(),
    )
