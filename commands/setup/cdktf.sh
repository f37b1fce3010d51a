#!/bin/sh
# `cdktf` of an activated virtual environment: the pinned cdktf-cli under the project's toolchain.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
exec "$root/.venv/bin/python" -c \
    'import sys; sys.path[0] = sys.argv.pop(1); from commands.toolchain import main; main()' \
    "$root" cdktf "$@"
