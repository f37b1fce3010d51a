"""Recording processes, and telling them from later ones with the same id."""

import os
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from local_aws import processes
from local_aws.processes import Process, end_recorded, find_process, forget, record


@pytest.fixture
def sleeper() -> Generator[subprocess.Popen[bytes]]:
    """Start a process that leads its own session."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)


def test_a_recorded_process_is_ended(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    record(sleeper.pid, folder=tmp_path)
    end_recorded(tmp_path)
    assert sleeper.poll() is not None


def test_a_forgotten_process_is_spared(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    record(sleeper.pid, folder=tmp_path)
    forget(sleeper.pid, folder=tmp_path)
    end_recorded(tmp_path)
    assert sleeper.poll() is None


def test_a_later_process_with_a_recorded_id_is_spared(
    sleeper: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    record(sleeper.pid, folder=tmp_path)
    (tmp_path / "processes" / str(sleeper.pid)).write_text("another time")
    end_recorded(tmp_path)
    assert sleeper.poll() is None


def test_a_process_that_has_ended_is_not_found() -> None:
    with subprocess.Popen(["true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it keeps its entry
        assert find_process(process.pid) is None
    assert find_process(process.pid) is None


def test_processes_are_found_without_proc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ps = tmp_path / "ps"
    monkeypatch.setattr(processes, "PROC", tmp_path / "absent")
    monkeypatch.setattr(processes, "PS", ps)
    for printed, found in (
        ("Ss   Thu Nov 26 01:29:32 2026", Process(pid=7, started="Thu Nov 26 01:29:32 2026")),
        ("Z    Thu Nov 26 01:29:32 2026", None),
        ("", None),
    ):
        ps.write_text(f"#!/bin/sh\necho '{printed}'\n")
        ps.chmod(0o755)
        assert find_process(7) == found
