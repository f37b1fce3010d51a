#!/bin/sh
# Installs the Node.js packages of a folder from its lock, and lets the script COMPLETION complete
# them. node_modules/.complete becomes a copy of the lock, the proof.
# usage: npm.sh FOLDER WHAT [COMPLETION]
set -eu
. "$(dirname "$0")/quietly.sh"
PATH="$PWD/.venv/bin:$PATH"
folder=$1
what=$2
completion=${3:-}
lock=$folder/package-lock.json
proof=$folder/node_modules/.complete

if cmp -s "$lock" "$proof"; then
    touch "$proof" # only the lock's time has changed, for example after a checkout
    exit 0
fi

echo "Installing $what into $folder/node_modules ..." >&2
# No install scripts: they would run code of the packages' authors, and no package needs one.
quietly npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund || {
    echo "Error: $what could not be installed (see above): check the network and" \
        "\`npm config list\`, and run the same command again." >&2
    exit 1
}
test -z "$completion" || sh "$completion"
cp "$lock" "$proof"
