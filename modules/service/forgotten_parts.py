"""Parts of the REST API that were Terraform resources in version 0.1.0.

The import creates them now. Terraform deletes what it no longer finds in its input, and it does so
after the import, so it would delete what the import has just created. `removed` blocks let it
forget the parts instead.

The old deployment is forgotten too, and stays in the API without a stage: Terraform can delete it
only after the stage has moved, but it forgets the parts after that and before it changes the
function that they invoked, which is a cycle.

This file and its call can go when no platform of version 0.1.0 is left.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from modules.release.api_document import ApiDocument

_RESPONSES = (
    "access-denied", "bad-request-body", "bad-request-parameters", "default-4xx", "default-5xx",
    "integration-timeout", "missing-authentication-token", "request-too-large", "throttled",
    "unauthorized",
)  # fmt: skip


def list_api_parts(document: ApiDocument) -> Iterator[str]:
    """Yield the addresses of the parts that version 0.1.0 made of a document."""
    paths = list(dict.fromkeys(operation.path for operation in document.operations))
    yield _address("deployment", "deployment")
    yield _address("authorizer", "routes", "authorizer")
    yield _address("request_validator", "routes", "validator")
    for name in document.models:
        yield _address("model", "routes", f"model-{name}")
    for path in _with_parents((*paths, "/{proxy+}")):
        yield _address("resource", "routes", f"resource-{_label(path)}")
    operations = [operation.id for operation in document.operations]
    others = [f"other-{_label(path)}" for path in ("/", *paths)]
    for method in (*operations, *others, "fallback"):
        yield _address("method", "routes", f"{method}-method")
        yield _address("integration", "routes", f"{method}-integration")
    for response in _RESPONSES:
        yield _address("gateway_response", "responses", response)


def _with_parents(paths: Iterable[str]) -> Iterable[str]:
    """Return the paths and all paths above them but the root, each once."""
    own = [path.strip("/").split("/") for path in paths]
    return dict.fromkeys("/".join(parts[: n + 1]) for parts in own for n in range(len(parts)))


def _label(path: str) -> str:
    """Return a path as version 0.1.0 had it in names: `orders-id` for `/orders/{id}`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "root"


def _address(type_: str, *path_in_api: str) -> str:
    """Return the address that CDKTF gave a resource of the API's construct."""
    path = ("api", *path_in_api)
    digest = hashlib.md5("/".join(path).encode(), usedforsecurity=False).hexdigest()
    return f"aws_api_gateway_{type_}.{'_'.join(path)}_{digest[:8].upper()}"
