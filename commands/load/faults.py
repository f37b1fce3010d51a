"""What goes wrong in the midst of the traffic: the database crashes, its credential changes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from commands.aws import rds_client
from commands.rotate import rotate
from commands.terraform import read_outputs
from modules.settings import Settings

DOWN_SECONDS = 2.0


def crash_database(*, workspace: Path, settings: Settings) -> None:
    """Kills the cluster's server without warning, and starts it again some seconds later."""
    data = read_outputs("data", settings=settings)
    server = workspace / str(data["database_resource_id"])
    pid = int((server / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    time.sleep(DOWN_SECONDS)
    writer, *_ = cast("list[str]", data["database_instance_ids"])
    rds_client(settings=settings).reboot_db_instance(DBInstanceIdentifier=writer)


def rotate_twice(*, settings: Settings) -> None:
    """Changes the credential so often that whoever keeps the first one has a password too old."""
    for _ in range(2):
        rotate(settings=settings)


@contextmanager
def happening(faults: Sequence[Callable[[], None]], *, seconds: float) -> Generator[None]:
    """Lets faults happen one after the other, spread over some seconds of the block.

    Raises:
        Exception: what a fault itself raised, at the end of the block.
    """
    failures: list[BaseException] = []
    over = threading.Event()

    def run() -> None:
        for fault in faults:
            if over.wait(seconds / (len(faults) + 1)):
                return
            try:
                fault()
            except Exception as error:  # noqa: BLE001  # raised where the caller sees it
                failures.append(error)
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    for failure in failures:
        raise failure
