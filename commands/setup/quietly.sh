#!/bin/sh
# Defines `quietly COMMAND ...`, which shows what a command prints only if it fails.

quietly() (
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        exit 1
    }
)
