"""Creates the data folder of a PostgreSQL server, with its settings."""

import subprocess
from pathlib import Path

from local_aws.address import HOST
from local_aws.database.errors import DatabaseError
from local_aws.database.roles import SUPERUSER
from local_aws.database.user import ENVIRONMENT, give, give_secret, process_user

CERTIFICATE = "server.pem"

_SETTINGS = f"""\
listen_addresses = '{HOST}'
unix_socket_directories = ''
max_connections = 100
ssl = on
ssl_cert_file = '{CERTIFICATE}'
ssl_key_file = '{CERTIFICATE}'
# Committed data survives a killed server without fsync, because the kernel has it. It does not
# survive a crash of the machine. That is acceptable: it is deleted when the embedded AWS stops.
fsync = off
# Shared memory in the data folder, so that a killed server leaves nothing in /dev/shm.
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
"""
_CLIENTS = f"hostssl all all {HOST}/32 scram-sha-256\n"


def create_data_folder(
    data: Path, *, programs: Path, superuser_password: str, certificate: bytes
) -> None:
    """Create the folder `data`, and the folder around it, for the server's first start.

    Raises:
        DatabaseError: initdb fails, or the system does not permit to run it.
    """
    # ICU sorts and folds text as Aurora's default (en_US.UTF-8) does, on every platform.
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US")
    data.parent.mkdir()
    give(data.parent, mode=0o700)
    password_file = data.with_name("password")
    give_secret(password_file, superuser_password.encode())
    try:
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", data, "--no-sync", *locale),
                *("--username", SUPERUSER, "--pwfile", password_file),
                *("--auth", "scram-sha-256"),
            ],
            check=True,
            cwd=data.parent,
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
    for name, content in (("postgresql.conf", _SETTINGS), ("pg_hba.conf", _CLIENTS)):
        (data / name).write_text(content)  # they keep the owner and mode that initdb gave them
    give_secret(data / CERTIFICATE, certificate)
