"""The command line `python -m local_aws up|down|status`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from local_aws import control
from local_aws.address import DEFAULT_PORT, HOST
from local_aws.errors import LocalAwsError


def _port(text: str) -> int:
    highest = 65535
    if text.isdecimal() and 0 < int(text) <= highest:
        return int(text)
    message = f"{text!r} is not a port (1 to {highest})"
    raise argparse.ArgumentTypeError(message)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="local_aws", description="Run the embedded AWS.")
    parser.add_argument("command", choices=["up", "down", "status"])
    parser.add_argument(
        "--port",
        type=_port,
        default=os.environ.get("LOCAL_AWS_PORT") or str(DEFAULT_PORT),
        help=f"the port on {HOST} to listen on (LOCAL_AWS_PORT; default: %(default)s)",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=control.DEFAULT_FOLDER,
        help="the folder of its process files (default: %(default)s)",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "up":
            server = control.start(port=options.port, folder=options.folder)
            verb = "started" if server.started else "already runs"
            print(f"Embedded AWS {verb} at {server.url} (process {server.pid}).")
        elif options.command == "down":
            stopped = control.stop(folder=options.folder)
            print("Embedded AWS stopped." if stopped else "Embedded AWS was not running.")
        else:
            server = control.status(folder=options.folder)
            if server is None:
                print("Embedded AWS is not running.")
                return 1
            print(f"Embedded AWS runs at {server.url} (process {server.pid}).")
    except LocalAwsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
