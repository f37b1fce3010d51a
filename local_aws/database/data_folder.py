"""Creates the folder of a PostgreSQL server, and gives the server its settings.

The folder belongs to the current user. Only `data` in it belongs to PostgreSQL's user, who could
plant symbolic links there, so this process writes no file into `data`. The other files stand beside
it, and the server's command line names them.
"""

import subprocess
from pathlib import Path

from local_aws.address import HOST
from local_aws.database.errors import DatabaseError
from local_aws.database.roles import SUPERUSER
from local_aws.database.user import ENVIRONMENT, give, give_secret, process_user

DATA = "data"
CERTIFICATE = "server.pem"

_HOST_RULES = "pg_hba.conf"
_CLIENTS = f"hostssl all all {HOST}/32 scram-sha-256\n"
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "ssl": "on",
    # Committed data survives a killed server without fsync, because the kernel has it. It does not
    # survive a crash of the machine. That is acceptable: it is deleted when the embedded AWS stops.
    "fsync": "off",
    # Shared memory in the data folder, so that a killed server leaves nothing in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
_FOLDER_MODE = 0o711  # PostgreSQL's user may enter it, and list nothing


def options(folder: Path) -> list[str]:
    """Return the server's arguments that set its settings and name the files in its folder."""
    certificate = str(folder / CERTIFICATE)
    settings = _SETTINGS | {
        "hba_file": str(folder / _HOST_RULES),
        "ssl_cert_file": certificate,
        "ssl_key_file": certificate,
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def create_folder(
    folder: Path, *, programs: Path, superuser_password: str, certificate: bytes
) -> None:
    """Create the server's folder with an empty database in it, for the first start.

    Raises:
        DatabaseError: initdb fails, or the system does not permit to run it.
    """
    # ICU sorts and folds text as Aurora's default (en_US.UTF-8) does, on every platform.
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US")
    folder.mkdir()
    folder.chmod(_FOLDER_MODE)
    data = folder / DATA
    data.mkdir()
    give(data, mode=0o700)
    password_file = folder / "password"
    give_secret(password_file, superuser_password.encode())
    try:
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", data, "--no-sync", *locale),
                *("--username", SUPERUSER, "--pwfile", password_file),
                *("--auth", "scram-sha-256"),
            ],
            check=True,
            cwd=data,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            **process_user(),
        )
    except PermissionError as error:
        message = (
            f"PostgreSQL may not run from {programs}: set TMPDIR to a folder that every user may"
            " enter and run programs from."
        )
        raise DatabaseError(message) from error
    except subprocess.CalledProcessError as error:
        message = f"initdb failed: {' | '.join(str(error.stderr).splitlines())}"
        raise DatabaseError(message) from error
    finally:
        password_file.unlink()
    host_rules = folder / _HOST_RULES
    host_rules.write_text(_CLIENTS)
    host_rules.chmod(0o644)
    give_secret(folder / CERTIFICATE, certificate)
