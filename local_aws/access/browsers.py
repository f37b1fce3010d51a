"""Recognises requests that a browser sends for a foreign web page.

Source: Fetch Standard, Origin header; Fetch Metadata Request Headers.
"""

from local_aws.address import HOST_NAMES
from local_aws.wsgi import Environ

_OWN_SITES = {None, "none", "same-origin"}
"""Values of Sec-Fetch-Site; `none` means that the user typed the address."""


def is_own_host(environ: Environ, *, port: int) -> bool:
    """Return whether the Host header names this server.

    A foreign name can lead to this machine (DNS rebinding). The browser then takes the server's
    responses for those of the foreign site.
    """
    return environ.get("HTTP_HOST", "").lower() in _own_hosts(port)


def is_foreign_page(environ: Environ, *, port: int) -> bool:
    """Return whether a page of another origin caused the request."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin not in {f"http://{host}" for host in _own_hosts(port)}:
        return True
    return environ.get("HTTP_SEC_FETCH_SITE") not in _OWN_SITES


def _own_hosts(port: int) -> set[str]:
    return {f"{name}:{port}" for name in HOST_NAMES}
