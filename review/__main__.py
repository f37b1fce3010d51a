"""The command `python -m review`."""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from review.changes.paths import STATUS, review_plans
from review.changes.rendering.files import write_review
from review.changes.rendering.html import render_html
from review.changes.rendering.json_text import render_json as render_json_review
from review.changes.rendering.markdown import COMMENT, render_markdown
from review.errors import ReviewError
from review.guardrails.guard import Report
from review.guardrails.index import read_record, render_index
from review.guardrails.machine import render_json, render_sarif
from review.guardrails.paths import guard_paths
from review.guardrails.rules import MODULES, RULES
from review.guardrails.text import render

FOUND, UNREADABLE = 1, 2
"""The exit status of `guard` for errors that were found, and for input that cannot be read."""

ERROR = 1
"""The exit status of `plan` for input that cannot be read; the others are in `STATUS`."""

STATUSES = "Exit status: 0 safe, 1 error, 2 needs care, 3 dangerous, 4 cannot judge."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "index":
                _print(render_index(MODULES, record=read_record(options.record)))
                return 0
            case "plan":
                return _review(options)
            case _:
                return _guard(options)
    except ReviewError as error:
        print(error, file=sys.stderr)
        return ERROR if options.command == "plan" else UNREADABLE


def _guard(options: argparse.Namespace) -> int:
    report = guard_paths(options.paths, waivers=options.waivers)
    _print(_rendered(report, form=options.format))
    return FOUND if report.open("error") else 0


def _review(options: argparse.Namespace) -> int:
    review = review_plans(options.plans, prices=options.prices)
    if options.output:
        for file in write_review(review, folder=options.output):
            print(file, file=sys.stderr)
    match options.format:
        case "json":
            _print(render_json_review(review))
        case "html":
            _print(render_html(review))
        case "comment":
            _print(render_markdown(review, limit=COMMENT))
        case _:
            _print(render_markdown(review))
    return STATUS[review.verdict]


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
    plan = commands.add_parser(
        "plan", help="review plans: what is at risk, and a verdict", epilog=STATUSES
    )
    plan.add_argument(
        "plans",
        nargs="+",
        type=Path,
        metavar="PLAN",
        help="what `terraform show -json` printed; several are reviewed together",
    )
    plan.add_argument(
        "--format",
        choices=("markdown", "comment", "json", "html"),
        default="markdown",
        help=f"`comment` fits {COMMENT:,} characters",
    )
    plan.add_argument(
        "--output", type=Path, metavar="FOLDER", help="write review.md, .json and .html there too"
    )
    plan.add_argument("--prices", type=Path, help="a YAML file with prices (docs/review.md)")
    index = commands.add_parser("index", help="print the list of all rules, in Markdown")
    index.add_argument(
        "record", type=Path, help="what Terraform says about the bad examples, in JSON"
    )
    return parser


if __name__ == "__main__":
    # Nearly everything that is made lives until the end: to look for garbage takes a third of the
    # time, and finds none.
    gc.disable()
    sys.exit(main())
