"""Answers that a load balancer makes itself."""

from http import HTTPStatus

from werkzeug.datastructures import Headers

from local_aws.requests.messages import Response


class BalancerError(Exception):
    """The load balancer answers with an error of its own."""

    def __init__(self, *, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        """The cause; as on AWS the client is not told, so the server's log has it."""


def error_page(status: int) -> Response:
    """Return the page that goes with an error's status."""
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
