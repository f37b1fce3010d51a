"""Runs the load, prints what it measured, and fails if anything was lost."""

import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import requests

from commands.load.faults import crash_database, rotate_twice
from commands.load.ledger import Ledger, read_ledger
from commands.load.report import print_answers, print_durations, read_durations
from commands.load.traffic import Answer, Traffic
from commands.shared.addresses import TIMEOUT_SECONDS, Addresses, open_session, read_addresses
from commands.shared.console import CommandError, user_errors
from commands.shared.deployed_environment import select_deployed
from commands.shared.local_environment import FOLDER
from commands.shared.machine_client import machine_token
from local_aws import control
from modules.settings import Settings

SCOPES = ("shop/orders.read", "shop/orders.write", "shop/products.write")
CUSTOMERS = 8
PRODUCTS = 20
PIECES = 1_000_000
"""Stock of each product, which no run sells out."""

DEFAULT_SECONDS = 20.0
LEAST_SECONDS = 5.0
RECOVERY_SECONDS = 5.0
"""How long requests may still fail after the last fault, in seconds."""

CALM_SECONDS = 3.0
"""How long no request may fail at the end of a run, in seconds."""

EXPECTED = {requests.codes.ok, requests.codes.created}
UNAVAILABLE = requests.codes.service_unavailable


@dataclass(frozen=True, kw_only=True)
class Run:
    """A load run."""

    settings: Settings
    """The environment."""

    addresses: Addresses
    """Addresses of the platform."""

    workspace: Path
    """The working folder of the embedded AWS."""

    seconds: float
    """How long the traffic lasts; with faults, until the platform has had time to recover."""

    faults: bool
    """Whether the database crashes and its credential changes during the run."""

    def run(self) -> None:
        """Send the traffic, print the figures, and compare answers with the database.

        Raises:
            CommandError: Something was lost, or a request had another answer than expected.
        """
        with machine_token(
            purpose="load", scopes=SCOPES, addresses=self.addresses, settings=self.settings
        ) as token:
            products = self._add_products(token)
            since = int(time.time() * 1_000)
            started = time.monotonic()
            traffic = Traffic(
                addresses=self.addresses,
                settings=self.settings,
                token=token,
                product_ids=products,
                customers=CUSTOMERS,
            )
            answers = traffic.run(self._let_time_pass)
            seconds = time.monotonic() - started
        print_answers(answers, seconds=seconds)
        durations = read_durations(since_milliseconds=since, settings=self.settings)
        print_durations(durations, seconds=seconds)
        ledger = read_ledger(product_ids=products, workspace=self.workspace, settings=self.settings)
        problems = list(self._find_problems(answers, ledger))
        if problems:
            raise CommandError("\n".join(problems))

    def _let_time_pass(self) -> None:
        """Wait, with faults in between, long enough after the last one to see the recovery."""
        end = time.monotonic() + self.seconds
        faults = self._faults()
        for fault in faults:
            time.sleep(self.seconds / (len(faults) + 1))
            fault()
        least = RECOVERY_SECONDS + CALM_SECONDS if faults else 0
        time.sleep(max(end - time.monotonic(), least))

    def _faults(self) -> list[partial[None]]:
        if not self.faults:
            return []
        return [
            partial(crash_database, workspace=self.workspace, settings=self.settings),
            partial(rotate_twice, settings=self.settings),
        ]

    def _add_products(self, token: str) -> list[str]:
        """Add products of the run's own, so that nobody else changes their stock."""
        label = secrets.token_hex(4).upper()
        with open_session(settings=self.settings) as session:
            return [
                self._add_product(session, token, sku=f"LOAD-{label}-{number}")
                for number in range(PRODUCTS)
            ]

    def _add_product(self, session: requests.Session, token: str, *, sku: str) -> str:
        answer = session.post(
            f"{self.addresses.api_url}/products",
            headers={"Authorization": f"Bearer {token}"},
            json={
                "sku": sku,
                "name": f"Load {sku}",
                "category": "load",
                "price": {"amountCents": 100, "currency": "EUR"},
                "stock": PIECES,
            },
            timeout=TIMEOUT_SECONDS,
        )
        if answer.status_code != requests.codes.created:
            message = f"POST /products gave {answer.status_code}: {answer.text[:500]}"
            raise CommandError(message)
        return str(answer.json()["id"])

    def _find_problems(self, answers: Sequence[Answer], ledger: Ledger) -> Iterator[str]:
        acknowledged = {answer.order_id for answer in answers if answer.order_id}
        unexpected = [a for a in answers if a.status not in EXPECTED]
        refused = [a for a in unexpected if a.status == UNAVAILABLE]
        print(
            f"{len(acknowledged)} orders acknowledged, {len(ledger.order_ids)} in the database; "
            f"{ledger.sold} pieces sold, {PRODUCTS * PIECES - ledger.stock} taken from stock; "
            f"{len(refused)} requests answered with 503."
        )
        if lost := acknowledged - ledger.order_ids:
            yield f"{len(lost)} acknowledged orders are not in the database, such as {lost.pop()}."
        unanswered = [a for a in unexpected if a.operation == "order"]
        if len(ledger.order_ids - acknowledged) > len(unanswered):
            yield "The database holds more orders than customers sent."
        if ledger.stock + ledger.sold != PRODUCTS * PIECES:
            yield f"The stock does not add up: {ledger.stock} left and {ledger.sold} sold."
        if ledger.half_written:
            yield f"{ledger.half_written} orders have no lines."
        if not self.faults and unexpected:
            yield f"{len(unexpected)} requests failed although there was no fault."
        if self.faults and len(refused) < len(unexpected):
            yield f"{len(unexpected) - len(refused)} requests failed with another status than 503."
        if self.faults and not refused:
            yield "No request met a fault: raise LOAD_SECONDS."
        last = max(answer.at for answer in answers)
        if any(answer.at > last - CALM_SECONDS for answer in unexpected):
            yield "The service had not recovered at the end."


def main() -> None:
    """Put load on the selected environment, which must be in the embedded AWS."""
    seconds = _read_seconds()
    settings = select_deployed()
    server = control.status(folder=FOLDER)
    if settings.local_aws is None or settings.local_aws.url or server is None:
        message = "Load runs in the embedded AWS only: it adds products and stops the database."
        raise CommandError(message)
    run = Run(
        settings=settings,
        addresses=read_addresses(settings=settings),
        workspace=server.workspace,
        seconds=seconds,
        faults=bool(os.environ.get("FAULTS")),
    )
    print(
        f"{CUSTOMERS} customers shop at {run.addresses.api_url} for {seconds:.0f} s ...", flush=True
    )
    try:
        run.run()
    except (requests.RequestException, psycopg.Error, OSError) as error:
        message = f"The load run ended early: {error}"
        raise CommandError(message) from error
    print("Nothing was lost.")


def _read_seconds() -> float:
    text = os.environ.get("LOAD_SECONDS") or str(DEFAULT_SECONDS)
    if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) < LEAST_SECONDS:
        message = (
            f"LOAD_SECONDS: '{text}' must be a number of seconds, at least {LEAST_SECONDS:.0f}."
        )
        raise CommandError(message)
    return float(text)


if __name__ == "__main__":
    with user_errors():
        main()
