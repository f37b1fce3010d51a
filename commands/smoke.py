"""`make smoke`: a short check of a deployed platform from the outside."""

import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests

from commands.shared.addresses import TIMEOUT_SECONDS, Addresses, open_session, read_addresses
from commands.shared.aws import logs_client
from commands.shared.console import CommandError, user_errors
from commands.shared.deployed_environment import select_deployed
from commands.shared.machine_client import machine_token
from commands.shared.terraform import read_outputs
from modules.settings import Settings

SCOPES = ("shop/orders.read", "shop/orders.write")
LOG_SECONDS = 120
"""How long to wait for a log line. Most arrive within seconds (CloudWatch Logs User Guide)."""

CLOCK_SECONDS = 300
"""How far this machine's clock may be ahead of AWS's."""

_POLL_SECONDS = 1.0


class Smoke:
    """The checks. Each prints a line; the first that fails ends the run."""

    def __init__(self, *, addresses: Addresses, settings: Settings) -> None:
        self._addresses = addresses
        self._settings = settings
        self._session = open_session(settings=settings)
        self._run_id = f"smoke-{secrets.token_hex(6)}"
        self._request_id = ""
        self._started = int((time.time() - CLOCK_SECONDS) * 1_000)

    def run(self) -> None:
        """Run every check.

        Raises:
            CommandError: A check failed; the message says what was expected and what came instead.
        """
        self._step("the process answers", lambda: self._call("GET", "/health", expected=200))
        self._step("the database answers", lambda: self._call("GET", "/health/ready", expected=200))
        product = self._step("the catalogue has a product to order", self._find_product)
        order = {"lines": [{"productId": product["id"], "quantity": 1}]}
        self._step(
            "an order without a token is refused",
            lambda: self._call("POST", "/orders", expected=401, body=order),
        )
        with machine_token(
            purpose="smoke", scopes=SCOPES, addresses=self._addresses, settings=self._settings
        ) as token:
            placed = self._step(
                "a signed-in order is placed",
                lambda: self._call("POST", "/orders", expected=201, body=order, token=token),
            )
            path = f"/orders/{placed['id']}"
            try:
                self._step(
                    "the customer sees the order",
                    lambda: self._call("GET", path, expected=200, token=token),
                )
            except CommandError:
                with suppress(CommandError):
                    self._cancel(path, token)
                raise
            self._step("the order is cancelled", lambda: self._cancel(path, token))
        outputs = read_outputs("service", settings=self._settings)
        self._step(
            "the function's log has the order",
            lambda: self._find_log(str(outputs["function_log_group"]), self._run_id),
        )
        self._step(
            "the API's access log has the order",
            lambda: self._find_log(str(outputs["api_access_log_group"]), self._request_id),
        )

    def _step(self, label: str, check: Callable[[], Any]) -> Any:  # noqa: ANN401  # JSON
        started = time.monotonic()
        try:
            result = check()
        except CommandError as error:
            message = f"failed  {label}: {error}"
            raise CommandError(message) from error
        print(f"ok      {label} ({(time.monotonic() - started) * 1_000:.0f} ms)", flush=True)
        return result

    def _call(
        self,
        method: str,
        path: str,
        *,
        expected: int,
        body: object = None,
        token: str | None = None,
    ) -> Any:  # noqa: ANN401  # JSON
        headers = {"X-Correlation-Id": self._run_id, "Idempotency-Key": self._run_id}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        address = f"{self._addresses.url}{path}"
        try:
            answer = self._session.request(
                method, address, json=body, headers=headers, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            message = f"{method} {address}: {error}"
            raise CommandError(message) from error
        if answer.status_code != expected:
            message = f"{method} {address} gave {answer.status_code} instead of {expected}: "
            raise CommandError(message + answer.text[:500])
        self._request_id = answer.headers.get("x-amzn-requestid", "")
        try:
            return json.loads(answer.text)
        except ValueError as error:
            message = f"{method} {address} gave no JSON: {answer.text[:500]}"
            raise CommandError(message) from error

    def _cancel(self, path: str, token: str) -> None:
        self._call("POST", f"{path}/cancel", expected=200, token=token)

    def _find_product(self) -> dict[str, Any]:
        page = self._call("GET", "/catalog/products?limit=100", expected=200)
        for product in page["items"]:
            if product["stock"] > 0:
                return product
        message = (
            "no product is in stock; add one (POST /products), or set administration.sample_data"
        )
        raise CommandError(message)

    def _find_log(self, group: str, text: str) -> None:
        if not text:
            message = "the API's answer has no request id (header x-amzn-requestid)"
            raise CommandError(message)
        # A page may be empty although more follow.
        pages = logs_client(settings=self._settings).get_paginator("filter_log_events")
        deadline = time.monotonic() + LOG_SECONDS
        while time.monotonic() < deadline:
            found = pages.paginate(
                logGroupName=group, filterPattern=f'"{text}"', startTime=self._started
            )
            if any(page["events"] for page in found):
                return
            time.sleep(_POLL_SECONDS)
        message = f"no line with {text} in {group} within {LOG_SECONDS} s"
        raise CommandError(message)


def main() -> None:
    """Check the selected environment."""
    settings = select_deployed()
    addresses = read_addresses(settings=settings)
    print(f"Checking {addresses.url}")
    Smoke(addresses=addresses, settings=settings).run()
    print(f"{settings.prefix} works.")


if __name__ == "__main__":
    with user_errors():
        main()
