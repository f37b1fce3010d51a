"""The types of WSGI (PEP 3333)."""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., object]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

SIGNED_BY_USER = "local_aws.signed_by_user"
"""The key of an `Environ` that says whether the user of this machine signed the request with the
user's own key. No request can set it: the keys of headers start with `HTTP_`."""
