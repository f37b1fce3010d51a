"""What a client of the database needs to know."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DatabaseAccess:
    """Addresses, port, secret and security group of Aurora, or of the proxy in front of it."""

    writer_host: str
    reader_host: str
    port: int
    database_name: str
    secret_arn: str
    key_arn: str
    security_group_id: str
