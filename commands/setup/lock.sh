#!/bin/sh
# Resolves pyproject.toml into the lock files. Each keeps its versions where pyproject.toml allows.
set -eu

# A lock names no package index, so that everyone installs from their own.
resolve() {
    lock=$1
    shift
    echo "Resolving $lock ..." >&2
    .venv/bin/python -m commands.setup.uv pip compile --universal --python-version 3.10 \
        --fork-strategy fewest --generate-hashes --no-header --no-emit-index-url \
        --no-emit-find-links --quiet --output-file "$lock" "$@"
}

test -x .venv/bin/uv || {
    echo "Error: \`make lock\` needs uv, which set-up could not install on this machine." >&2
    exit 1
}
resolve requirements-uv.lock --group uv
resolve requirements.lock pyproject.toml
resolve requirements-dev.lock --group dev --constraint requirements.lock
