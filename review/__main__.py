"""The command `python -m review`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from review.errors import ReviewError
from review.guardrails.guard import Report, guard
from review.guardrails.machine import render_json, render_sarif
from review.guardrails.rules import RULES
from review.guardrails.text import render
from review.guardrails.waivers import read_waivers
from review.terraform import read_inputs

FOUND, UNREADABLE = 1, 2
"""The exit status for errors that were found, and for input that cannot be read."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        report = review(options.paths, waivers=options.waivers)
    except ReviewError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    match options.format:
        case "json":
            print(render_json(report))
        case "sarif":
            print(render_sarif(report, rules=RULES))
        case _:
            print(render(report))
    return FOUND if report.open("error") else 0


def review(paths: Sequence[Path], *, waivers: Path | None) -> Report:
    """Apply every rule to what the paths hold.

    Raises:
        ReviewError: An input cannot be read.
    """
    accepted = read_waivers(waivers, rules=frozenset(each.id for each in RULES)) if waivers else ()
    return guard(read_inputs(paths), rules=RULES, waivers=accepted)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m review", description=__doc__)
    commands = parser.add_subparsers(required=True)
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
    return parser


if __name__ == "__main__":
    sys.exit(main())
