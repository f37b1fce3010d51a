"""What goes wrong in the midst of the traffic: the database crashes, its credential changes."""

import os
import signal
import time
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
    """Change the credential so often that whoever keeps the first one has a password too old."""
    for _ in range(2):
        rotate(settings=settings)
