"""`make bench`: measures what fast bindings save on this machine.

Each figure is the median over whole runs: Python with its Node.js. Stock and fast bindings take
turns, so that a drifting machine speed affects both alike. RUNS sets how many runs count (default
5); one more precedes them as a warm-up. Other work on the machine changes the wall time more than
the CPU time.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from commands.shared.console import CommandError, user_errors
from commands.shared.printing import print_table
from modules.bindings import SWITCH, without_activation
from modules.toolchain import ROOT

DEFAULT_RUNS = 5
ENVIRONMENT = "prod"
COPIES = 5
"""Copies of the environment in one process, which show what each further one costs."""

_MEBIBYTE_IN_MAXRSS_UNITS = 2**20 if sys.platform == "darwin" else 2**10


@dataclass(frozen=True, kw_only=True)
class Run:
    """Figures of one whole run."""

    seconds: float
    cpu_seconds: float
    """User and system time of all processes."""

    peak_mib: float
    """Memory of the largest process, which is Node.js."""

    resources: int


def _measure(*, bindings: str, copies: int) -> Run:
    """Measure a run that synthesises some copies of the environment; discard its output.

    Raises:
        CommandError: The process failed.
    """
    environment = without_activation(base=os.environ) | {SWITCH: bindings}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "commands.benchmark", folder, str(copies)]
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            message = "A run of the benchmark failed, see above."
            raise CommandError(message)
        return Run(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_mib=usage.ru_maxrss / _MEBIBYTE_IN_MAXRSS_UNITS,
            resources=sum(_count_resources(Path(folder))),
        )


def _count_resources(folder: Path) -> Iterator[int]:
    for file in folder.rglob("cdk.tf.json"):
        resources = json.loads(file.read_text()).get("resource", {})
        yield sum(len(named) for named in resources.values())


def _synthesise_copies(folder: Path, *, copies: int) -> None:
    import main
    from modules.release import prepare_release
    from modules.settings import load_settings
    from modules.stacks import App

    app = App(outdir=str(folder))
    release = prepare_release(folder=folder)
    for number in range(copies):
        variables = {"ENVIRONMENT_SUFFIX": f"c{number}"}
        settings = load_settings(environment=ENVIRONMENT, variables=variables).settings
        main.build(app, settings=settings, release=release)
    app.synth()


def compare(*, runs: int) -> None:
    """Compare stock with fast bindings, and print the cost of each further copy and resource."""
    cases = {"stock": ("off", 1), "fast": ("on", 1), f"fast, {COPIES} copies": ("on", COPIES)}
    measured: dict[str, list[Run]] = {name: [] for name in cases}
    for number in range(runs + 1):
        for name, (bindings, copies) in cases.items():
            print(f"run {number} of {runs}: {name}", file=sys.stderr)
            run = _measure(bindings=bindings, copies=copies)
            if number > 0:
                measured[name].append(run)
    seconds = {name: median(run.seconds for run in taken) for name, taken in measured.items()}
    cpu = {name: median(run.cpu_seconds for run in taken) for name, taken in measured.items()}
    peaks = {name: median(run.peak_mib for run in taken) for name, taken in measured.items()}
    resources = {name: taken[0].resources for name, taken in measured.items()}
    print_table(
        title=f"Synthesis of {ENVIRONMENT}, median of {runs}",
        columns=("bindings", "resources", "wall time", "CPU time", "largest process"),
        rows=[
            (
                name,
                str(resources[name]),
                f"{seconds[name]:.2f} s",
                f"{cpu[name]:.2f} s",
                f"{peaks[name]:.0f} MiB",
            )
            for name in cases
        ],
    )
    stock, fast, many = cases
    further = [times[many] - times[fast] for times in (seconds, cpu)]
    added = resources[many] - resources[fast]
    print_table(
        title="Comparison",
        columns=("figure", "wall time", "CPU time"),
        rows=[
            (
                "fast is faster than stock by",
                *(f"{times[stock] / times[fast]:.1f} times" for times in (seconds, cpu)),
            ),
            (
                "each further environment",
                *(f"{spent / (COPIES - 1) * 1_000:.0f} ms" for spent in further),
            ),
            ("each further resource", *(f"{spent / added * 1_000:.2f} ms" for spent in further)),
        ],
    )


def main() -> None:
    """Compare; or, given a folder and a number, synthesise that many copies there."""
    if sys.argv[1:]:
        folder, copies = sys.argv[1:]
        _synthesise_copies(Path(folder), copies=int(copies))
        return
    compare(runs=read_runs())


def read_runs() -> int:
    """Return how many runs count.

    Raises:
        CommandError: RUNS is no whole number, or less than 1.
    """
    text = os.environ.get("RUNS") or str(DEFAULT_RUNS)
    if not re.fullmatch(r"[1-9]\d*", text):
        message = f"RUNS: '{text}' must be a whole number, at least 1."
        raise CommandError(message)
    return int(text)


if __name__ == "__main__":
    with user_errors():
        main()
