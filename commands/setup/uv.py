"""Runs uv with the machine's pip configuration, which uv does not read by itself.

`python -m commands.setup.uv ARGUMENT ...` runs uv in the virtual environment of this Python. pip's
options: https://pip.pypa.io/en/stable/cli/pip_install; uv's variables:
https://docs.astral.sh/uv/reference/environment.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_SECTIONS = ("global", "install", ":env:")
"""The sections of pip's configuration that concern `pip install`; a later one wins."""

_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
}
"""The variable of uv for each option of pip."""

_SAME_AS_PIP = {
    # pip takes a package from any index. The lock's checksums protect from a package of that name
    # in another index.
    "UV_INDEX_STRATEGY": "unsafe-best-match",
    "UV_SYSTEM_CERTS": "true",
    "UV_PYTHON_DOWNLOADS": "never",
}


def read_pip_options(*, environment: Mapping[str, str]) -> dict[str, str]:
    """Ask pip for its options, as its configuration files and PIP_ variables set them."""
    listed = subprocess.check_output(
        [sys.executable, "-m", "pip", "config", "list", "--disable-pip-version-check"],
        env=dict(environment),
        stderr=subprocess.DEVNULL,
        text=True,
    )
    options: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for line in listed.splitlines():
        key, _, literal = line.partition("=")
        section, _, name = key.partition(".")
        if section in options:
            options[section][name.removeprefix("default-")] = str(ast.literal_eval(literal))
    return {name: value for section in _SECTIONS for name, value in options[section].items()}


def uv_environment(*, options: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which uv finds packages where pip finds them.

    Args:
        options: The options of pip.
        base: The environment to start from. The user's variables of uv are kept.
    """
    without_index = ("index-url", "extra-index-url") if _forbids_index(options=options) else ()
    translated = {
        variable: ("," if name == "find-links" else " ").join(options[name].split())
        for name, variable in _VARIABLES.items()
        if options.get(name) and name not in without_index
    }
    return {**_SAME_AS_PIP, **translated, **base}


def uv_arguments(*, options: Mapping[str, str]) -> list[str]:
    """Return the arguments for what uv reads from no variable."""
    return ["--no-index"] if _forbids_index(options=options) else []


def _forbids_index(*, options: Mapping[str, str]) -> bool:
    return options.get("no-index", "").lower() in {"1", "true", "yes", "on"}


def main() -> None:
    """Replace this process with uv."""
    options = read_pip_options(environment=os.environ)
    uv = Path(sys.prefix, "bin", "uv")
    arguments = [*sys.argv[1:], *uv_arguments(options=options)]
    os.execve(uv, ["uv", *arguments], uv_environment(options=options, base=os.environ))  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main()
