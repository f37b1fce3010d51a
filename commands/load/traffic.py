"""Many customers at once who look at products and order them."""

import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from commands.shared.addresses import TIMEOUT_SECONDS, Addresses, open_session
from modules.settings import Settings

ORDER_SHARE = 0.2
"""Share of requests that place an order."""

LARGEST_ORDER_LINES = 3
NO_ANSWER = 0
"""Stands for the status of a request whose connection broke."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The outcome of one request."""

    operation: str
    """The kind of request: `list`, `show` or `order`."""

    status: int
    """The HTTP status, or `NO_ANSWER`."""

    at: float
    """When the answer came, in seconds of the monotonic clock."""

    seconds: float
    """How long the request took."""

    order_id: str | None = None
    """The id of the order that was placed; None for any other answer."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Traffic from a number of customers."""

    addresses: Addresses
    """Addresses of the platform."""

    settings: Settings
    """The environment."""

    token: str
    """The access token with which customers order."""

    product_ids: Sequence[str]
    """Ids of the products that customers look at and order."""

    customers: int
    """How many customers send requests at the same time."""

    def run(self, meanwhile: Callable[[], None]) -> list[Answer]:
        """Send requests until `meanwhile` returns, and return every answer."""
        over = threading.Event()
        with ThreadPoolExecutor(max_workers=self.customers) as pool:
            runs = [pool.submit(self._shop, number, over) for number in range(self.customers)]
            try:
                meanwhile()
            finally:
                over.set()
            return [answer for run in runs for answer in run.result()]

    def _shop(self, number: int, over: threading.Event) -> list[Answer]:
        choice = random.Random(number)  # noqa: S311  # the same choices in every run
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
        **options: Any,  # noqa: ANN401  # passed on to requests
    ) -> Answer:
        began = time.monotonic()
        status, order_id = NO_ANSWER, None
        try:
            answer = session.request(
                method, f"{self.addresses.api_url}{path}", timeout=TIMEOUT_SECONDS, **options
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
