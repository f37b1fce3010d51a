#!/bin/sh
# Resolves pyproject.toml into requirements.lock with uv, which it installs temporarily.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "Resolving Python packages (about 1 min) ..." >&2
.venv/bin/python -m venv "$folder/uv"
"$folder/uv/bin/python" -m pip install --quiet --disable-pip-version-check uv
# The lock must name no package index, so that everyone installs from their own.
"$folder/uv/bin/uv" pip compile pyproject.toml --group dev --universal --python-version 3.10 \
    --fork-strategy fewest --generate-hashes --no-header --no-emit-index-url --quiet \
    --output-file requirements.lock
