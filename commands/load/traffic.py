"""Customers who look at the catalogue and order from it, many at once."""

import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
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
    """What came of one request."""

    operation: str
    """`list`, `show` or `order`."""

    status: int
    """HTTP status, or `NO_ANSWER`."""

    at: float
    """When it came, by the monotonic clock."""

    seconds: float
    """How long it took."""

    order_id: str | None = None
    """Of the order that was acknowledged."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Traffic of a kind."""

    site: Site
    """Where it goes."""

    settings: Settings
    """The environment."""

    token: str
    """Lets customers order."""

    product_ids: Sequence[str]
    """What they look at and order."""

    customers: int
    """How many there are at once."""

    def run(self, meanwhile: Callable[[], None]) -> list[Answer]:
        """Send requests for as long as `meanwhile` takes, and return every answer."""
        over = threading.Event()
        with ThreadPoolExecutor(max_workers=self.customers) as pool:
            runs = [pool.submit(self._shop, number, over) for number in range(self.customers)]
            try:
                meanwhile()
            finally:
                over.set()
            return [answer for run in runs for answer in run.result()]

    def _shop(self, number: int, over: threading.Event) -> list[Answer]:
        choice = random.Random(number)  # noqa: S311  # the same walk in every run
        answers: list[Answer] = []
        with open_session(settings=self.settings) as session:
            while not over.is_set():
                answers.append(self._ask(session, choice))
        return answers

    def _ask(self, session: requests.Session, choice: random.Random) -> Answer:
        if choice.random() < ORDER_SHARE:
            return self._send(
                session,
                "order",
                "POST",
                "/orders",
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Idempotency-Key": secrets.token_hex(16),
                },
                json={"lines": self._lines(choice)},
            )
        if choice.random() < 0.5:  # noqa: PLR2004  # as many lists as single products
            return self._send(session, "list", "GET", "/catalog/products?limit=20")
        path = f"/catalog/products/{choice.choice(self.product_ids)}"
        return self._send(session, "show", "GET", path)

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
            at=now,
            seconds=now - began,
            order_id=order_id,
        )
