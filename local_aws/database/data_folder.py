"""A new PostgreSQL data folder: what the server holds and how it is set before its first start."""

import subprocess
from pathlib import Path

from local_aws.address import HOST
from local_aws.database.errors import DatabaseError
from local_aws.database.user import ENVIRONMENT, give, give_secret, process_user

# Aurora's own name for it. No client gets in with it: its password is in our memory only.
SUPERUSER = "rdsadmin"
CERTIFICATE = "server.pem"

_SETTINGS = f"""\
listen_addresses = '{HOST}'
unix_socket_directories = ''
max_connections = 100
ssl = on
ssl_cert_file = '{CERTIFICATE}'
ssl_key_file = '{CERTIFICATE}'
# The data goes with the server. Only a crash of the whole machine would need it on disk: what was
# committed survives a killed server without, as it is with the kernel by then.
fsync = off
# Files of the data folder, so that nothing stays in /dev/shm when the server is killed.
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
"""
_CLIENTS = f"hostssl all all {HOST}/32 scram-sha-256\n"


def create_data_folder(
    data: Path, *, programs: Path, superuser_password: str, certificate: bytes
) -> None:
    """Make `data`, and the folder around it, ready for the server's first start.

    Raises:
        DatabaseError: initdb fails, or may not be run from where it is.
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
        (data / name).write_text(content)  # initdb made them with the right owner and mode
    give_secret(data / CERTIFICATE, certificate)
