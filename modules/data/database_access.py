"""Connection data of a database client, and permissions for its credential."""

from collections.abc import Sequence
from dataclasses import dataclass

from modules.shared.account import Account
from modules.shared.iam import Statement


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


def read_secret(*, account: Account, secret_arns: Sequence[str], key_arn: str) -> list[Statement]:
    """Return statements that let a role read secrets, and use their key only for that."""
    return [
        Statement(
            sid="ReadSecret", actions=["secretsmanager:GetSecretValue"], resources=secret_arns
        ),
        _use_key("DecryptSecret", "kms:Decrypt", account=account, key_arn=key_arn),
    ]


def write_secret(*, account: Account, secret_arns: Sequence[str], key_arn: str) -> list[Statement]:
    """Return statements that let a role write secrets, and use their key only for that."""
    return [
        Statement(
            sid="WriteSecret", actions=["secretsmanager:PutSecretValue"], resources=secret_arns
        ),
        _use_key("EncryptSecret", "kms:GenerateDataKey", account=account, key_arn=key_arn),
    ]


def _use_key(sid: str, action: str, *, account: Account, key_arn: str) -> Statement:
    return Statement(
        sid=sid,
        actions=[action],
        resources=[key_arn],
        conditions={
            "StringEquals": {"kms:ViaService": f"secretsmanager.{account.region}.amazonaws.com"}
        },
    )
