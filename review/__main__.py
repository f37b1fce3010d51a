"""The command `python -m review`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from review.errors import ReviewError
from review.guardrails.guard import Report
from review.guardrails.index import read_record, render_index
from review.guardrails.machine import render_json, render_sarif
from review.guardrails.paths import guard_paths
from review.guardrails.rules import MODULES, RULES
from review.guardrails.text import render

FOUND, UNREADABLE = 1, 2
"""The exit status for errors that were found, and for input that cannot be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "index":
            _print(render_index(MODULES, record=read_record(options.record)))
            return 0
        report = guard_paths(options.paths, waivers=options.waivers)
    except ReviewError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    _print(_rendered(report, form=options.format))
    return FOUND if report.open("error") else 0


def _rendered(report: Report, *, form: str) -> str:
    match form:
        case "json":
            return render_json(report)
        case "sarif":
            return render_sarif(report, rules=RULES)
        case _:
            return render(report)


def _print(text: str) -> None:
    """Print a text, also where the terminal cannot show all of its characters."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding).rstrip("\n") + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m review", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    command = commands.add_parser(
        "guard", help="find what AWS would refuse in configurations and plans"
    )
    command.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a cdktf.out, a folder with *.tf.json, or what `terraform show -json` printed",
    )
    command.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    command.add_argument("--waivers", type=Path, help="a YAML file with accepted findings")
    index = commands.add_parser("index", help="print the list of all rules, in Markdown")
    index.add_argument(
        "record", type=Path, help="what Terraform says about the bad examples, in JSON"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
