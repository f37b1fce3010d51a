#!/bin/sh
# The `cdktf` of the activated virtual environment: runs the pinned cdktf-cli in the project's
# toolchain.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
exec "$root/.venv/bin/python" -c \
    'import sys; sys.path[0] = sys.argv.pop(1); from commands.toolchain import main; main()' \
    "$root" cdktf "$@"
