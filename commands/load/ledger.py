"""Stock and orders, read from the database itself as its master user."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psycopg
from psycopg.sql import SQL

from commands.shared.aws import secrets_client
from commands.shared.terraform import read_outputs
from local_aws.hosts import FILE_NAME
from modules.settings import Settings

_STOCK = SQL("SELECT sum(stock) FROM shop.products WHERE id = ANY(%s)")
_SOLD = SQL("""
    SELECT coalesce(sum(quantity), 0) FROM shop.order_lines
    JOIN shop.orders ON orders.id = order_lines.order_id
    WHERE order_lines.product_id = ANY(%s) AND orders.cancelled_at IS NULL
""")
_ORDERS = SQL("""
    SELECT DISTINCT order_id FROM shop.order_lines WHERE product_id = ANY(%s)
""")
_HALF_WRITTEN = SQL("""
    SELECT count(*) FROM shop.orders WHERE NOT EXISTS
    (SELECT FROM shop.order_lines WHERE order_lines.order_id = orders.id)
""")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Stock and orders of some products."""

    stock: int
    """Pieces left in stock."""

    sold: int
    """Pieces in orders that are not cancelled."""

    order_ids: frozenset[str]
    """Ids of the orders that hold one of the products."""

    half_written: int
    """How many orders have no line. A transaction that is atomic leaves none."""


def read_ledger(*, product_ids: Sequence[str], workspace: Path, settings: Settings) -> Ledger:
    """Read stock and orders of some products.

    Args:
        product_ids: Ids of the products.
        workspace: The working folder of the embedded AWS.
        settings: The environment.
    """
    ids = list(product_ids)
    with _connection(workspace=workspace, settings=settings) as connection:

        def number(query: SQL, *parameters: list[str]) -> int:
            row = connection.execute(query, parameters).fetchone()
            return int(cast("tuple[int]", row)[0])

        return Ledger(
            stock=number(_STOCK, ids),
            sold=number(_SOLD, ids),
            order_ids=frozenset(str(row[0]) for row in connection.execute(_ORDERS, [ids])),
            half_written=number(_HALF_WRITTEN),
        )


@contextmanager
def _connection(*, workspace: Path, settings: Settings) -> Generator[psycopg.Connection]:
    data = read_outputs("data", settings=settings)
    secret = secrets_client(settings=settings).get_secret_value(
        SecretId=str(data["database_secret_arn"])
    )
    master = cast("dict[str, str]", json.loads(secret["SecretString"]))
    host = str(data["database_writer_endpoint"])
    addresses = cast("dict[str, str]", json.loads((workspace / FILE_NAME).read_text()))
    address, _, port = addresses[f"{host}:{data['database_port']}"].partition(":")
    with psycopg.connect(
        host=host,
        hostaddr=address,
        port=port,
        dbname=str(data["database_name"]),
        user=master["username"],
        password=master["password"],
        sslmode="verify-full",
        sslrootcert=str(workspace / "ca.pem"),
    ) as connection:
        yield connection
