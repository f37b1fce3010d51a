"""The second half of `make bench`: measures how long the guardrails take.

Each figure is the median over some runs, after one that warms up. RUNS sets how many (default 5).
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from commands.benchmark import ENVIRONMENT, read_runs
from commands.shared.console import user_errors
from commands.shared.printing import print_table
from modules.toolchain import ROOT

COPIES = (1, 25)
"""How many copies of the environment are reviewed at once; 25 have 5,000 resources."""

LOAD = """
import time
start = time.perf_counter()
import review.__main__
print(time.perf_counter() - start)
"""


def measure_loading(*, runs: int) -> float:
    """Return how many seconds a new process takes to load the guardrails."""
    command = [sys.executable, "-c", LOAD]
    taken = [float(subprocess.check_output(command, cwd=ROOT)) for _ in range(runs + 1)]
    return median(taken[1:])


def measure(folder: Path, *, runs: int) -> tuple[str, ...]:
    """Return a row of the table: the number of resources, and the times to read and to guard."""
    from review.guardrails.guard import guard
    from review.guardrails.rules import RULES
    from review.terraform import read_inputs

    reading: list[float] = []
    guarding: list[float] = []
    resources = 0
    for _ in range(runs + 1):
        start = time.perf_counter()
        configuration = read_inputs([folder])
        read = time.perf_counter()
        resources = guard(configuration, rules=RULES).resources
        guarding.append(time.perf_counter() - read)
        reading.append(read - start)
    read_seconds, guard_seconds = median(reading[1:]), median(guarding[1:])
    times = (read_seconds, guard_seconds, read_seconds + guard_seconds)
    return (f"{resources:,}", *(f"{seconds * 1_000:.0f} ms" for seconds in times))


def main() -> None:
    """Synthesise, measure, and print a table."""
    runs = read_runs()
    rows: list[tuple[str, ...]] = []
    for copies in COPIES:
        with tempfile.TemporaryDirectory() as folder:
            print(f"synthesising {copies} times {ENVIRONMENT}", file=sys.stderr)
            command = [sys.executable, "-m", "commands.benchmark", folder, str(copies)]
            subprocess.run(command, cwd=ROOT, check=True)
            rows.append(measure(Path(folder), runs=runs))
    print_table(
        title=f"Guardrails on {ENVIRONMENT}, median of {runs}",
        columns=("resources", "read", "apply all rules", "together"),
        rows=rows,
    )
    print(f"Loading them takes {measure_loading(runs=runs) * 1_000:.0f} ms.")


if __name__ == "__main__":
    with user_errors():
        main()
