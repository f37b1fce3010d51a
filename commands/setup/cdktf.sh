#!/bin/sh
# The `cdktf` of the activated virtual environment: runs the pinned cdktf-cli in the project's
# toolchain.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
# It is installed at the first call, and again after its lock has changed.
cmp -s "$root/package-lock.json" "$root/node_modules/.complete" ||
    make -C "$root" --silent node_modules/.complete >&2 || exit
exec "$root/.venv/bin/python" -c \
    'import sys; sys.path[0] = sys.argv.pop(1); from commands.toolchain import main; main()' \
    "$root" cdktf "$@"
