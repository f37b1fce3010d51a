"""Customers who look at the catalogue and order from it, many at once, for some seconds."""

import random
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from commands.site import TIMEOUT_SECONDS, Site, open_session
from modules.settings import Settings

ORDER_SHARE = 0.2
LARGEST_ORDER_LINES = 3
NO_ANSWER = 0
"""In place of a status, where the connection broke."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one request.

    Attributes:
        operation: `list`, `show` or `order`.
        status: HTTP status, or `NO_ANSWER`.
        at: Seconds since the start of the run when it came.
        seconds: How long it took.
        order_id: Of the order that was acknowledged.
    """

    operation: str
    status: int
    at: float
    seconds: float
    order_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Traffic of a kind.

    Attributes:
        site: Where it goes.
        settings: The environment.
        token: Lets customers order.
        product_ids: What they look at and order.
        seconds: How long it lasts.
        customers: How many there are at once.
    """

    site: Site
    settings: Settings
    token: str
    product_ids: Sequence[str]
    seconds: float
    customers: int

    def run(self) -> list[Answer]:
        """Sends requests until the time is over, and returns every answer."""
        started = time.monotonic()
        with ThreadPoolExecutor(max_workers=self.customers) as pool:
            runs = [pool.submit(self._shop, number, started) for number in range(self.customers)]
            return [answer for run in runs for answer in run.result()]

    def _shop(self, number: int, started: float) -> list[Answer]:
        choice = random.Random(number)  # noqa: S311  # the same walk in every run
        answers: list[Answer] = []
        with open_session(settings=self.settings) as session:
            while time.monotonic() < started + self.seconds:
                answers.append(self._ask(session, choice, started))
        return answers

    def _ask(self, session: requests.Session, choice: random.Random, started: float) -> Answer:
        if choice.random() < ORDER_SHARE:
            return self._send(
                session,
                "order",
                "POST",
                "/orders",
                started,
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Idempotency-Key": secrets.token_hex(16),
                },
                json={"lines": self._lines(choice)},
            )
        if choice.random() < 0.5:  # noqa: PLR2004  # as many lists as single products
            return self._send(session, "list", "GET", "/catalog/products?limit=20", started)
        path = f"/catalog/products/{choice.choice(self.product_ids)}"
        return self._send(session, "show", "GET", path, started)

    def _lines(self, choice: random.Random) -> list[dict[str, object]]:
        number = choice.randint(1, LARGEST_ORDER_LINES)
        return [
            {"productId": product_id, "quantity": choice.randint(1, 3)}
            for product_id in choice.sample(self.product_ids, number)
        ]

    def _send(
        self,
        session: requests.Session,
        operation: str,
        method: str,
        path: str,
        started: float,
        **options: Any,  # noqa: ANN401  # as in requests
    ) -> Answer:
        began = time.monotonic()
        status, order_id = NO_ANSWER, None
        try:
            answer = session.request(
                method, f"{self.site.api_url}{path}", timeout=TIMEOUT_SECONDS, **options
            )
            status = answer.status_code
            if operation == "order" and status == requests.codes.created:
                order_id = str(answer.json()["id"])
        except requests.RequestException:
            session.close()
        now = time.monotonic()
        return Answer(
            operation=operation,
            status=status,
            at=now - started,
            seconds=now - began,
            order_id=order_id,
        )
