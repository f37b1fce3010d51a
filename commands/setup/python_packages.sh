#!/bin/sh
# Installs the packages of a lock file into .venv: with uv, which is fast, or with pip where uv is
# not available or cannot reach what pip reaches. MARKER becomes a copy of LOCK, the proof.
# usage: python_packages.sh LOCK MARKER
set -eu
. "$(dirname "$0")/quietly.sh"
lock=$1
marker=$2

# Wheels only: building a package would fetch build tools that the lock does not have.
with_pip() {
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps \
        --only-binary :all: --requirement "$1"
}

with_uv() {
    if ! test -x .venv/bin/uv; then
        with_pip requirements-uv.lock || return
    fi
    .venv/bin/python -m commands.setup.uv pip install --python .venv/bin/python --require-hashes \
        --no-deps --only-binary :all: --requirement "$1"
}

install() {
    with_uv "$lock" || with_pip "$lock"
}

quietly install || {
    echo "Error: the Python packages of $lock could not be installed (see above): check the" \
        "network and \`pip config list\`, and run the same command again." >&2
    exit 1
}
cp "$lock" "$marker"
