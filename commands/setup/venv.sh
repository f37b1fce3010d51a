#!/bin/sh
# Makes .venv from requirements.lock, with the Python that PYTHON names or the first usable one.
set -eu

# An interpreter may be too old, lack venv (Debian), or be a shim that fails: try each.
usable() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1
}

if cmp -s requirements.lock .venv/.complete && usable .venv/bin/python; then
    touch .venv/.complete # only the lock's time has changed, for example after a checkout
    exit 0
fi

python=
for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.10; do
    if usable "$candidate"; then
        python=$candidate
        break
    fi
    if [ -n "${PYTHON:-}" ]; then
        echo "Error: PYTHON=$PYTHON is not a working Python 3.10 or later with the venv module." >&2
        exit 1
    fi
done
if [ -z "$python" ]; then
    echo "Error: no Python 3.10 or later with the venv module was found (Debian and Ubuntu:" \
        "apt install python3-venv); install one, or name it: make setup PYTHON=/path/to/python3" >&2
    exit 1
fi

echo "Installing Python packages into .venv ..." >&2
rm -rf .venv
"$python" -m venv .venv
sh "$(dirname "$0")/python_packages.sh" requirements.lock .venv/.complete
