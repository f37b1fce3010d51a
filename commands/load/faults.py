"""The faults of a load run: the database crashes, and its credential changes."""

import os
import signal
import time
from pathlib import Path
from typing import cast

from commands.rotate import rotate
from commands.shared.aws import rds_client
from commands.shared.terraform import read_outputs
from modules.settings import Settings

DOWN_SECONDS = 2.0
"""How long the crashed database stays down."""


def crash_database(*, workspace: Path, settings: Settings) -> None:
    """Kill the cluster's server without warning, and start it again after DOWN_SECONDS."""
    data = read_outputs("data", settings=settings)
    server = workspace / str(data["database_resource_id"])
    pid = int((server / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    time.sleep(DOWN_SECONDS)
    writer, *_ = cast("list[str]", data["database_instance_ids"])
    rds_client(settings=settings).reboot_db_instance(DBInstanceIdentifier=writer)


def rotate_twice(*, settings: Settings) -> None:
    """Rotate twice, because only the second rotation replaces the first user's password."""
    for _ in range(2):
        rotate(settings=settings)
