"""The client of a session in which the embedded AWS runs the working copy."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningKey

from commands.shared.console import CommandError
from local_aws.access.credentials import Credentials
from local_aws.address import DEVELOPMENT_PATH

_REGION, _SERVICE = "us-east-1", "local-aws"  # the scope of the signatures

Event = dict[str, Any]
"""What happens in a session (local_aws/execution/development.py)."""


class LoadError(Exception):
    """The code cannot be loaded; the message is the function's log."""


class DevelopmentSession:
    """An open session. It ends when its connection closes, even if this process is killed.

    Args:
        url: The address of the embedded AWS.
        credentials: The user's key.
        alias_arn: The alias that runs the working copy.
        inspected: Whether a debugger may attach.

    Raises:
        CommandError: The embedded AWS does not answer, or refuses.
    """

    def __init__(
        self, *, url: str, credentials: Credentials, alias_arn: str, inspected: bool
    ) -> None:
        self._url = f"{url}{DEVELOPMENT_PATH}"
        self._key = SigningKey(credentials.access_key_id, credentials.secret_access_key)
        self._client = requests.Session()
        self._client.trust_env = False  # proxies cannot reach 127.0.0.1
        content = {"alias_arn": alias_arn, "inspected": inspected}
        self._stream = self._send("POST", self._url, content)
        self._lines: Iterator[bytes] = self._stream.iter_lines(chunk_size=None)
        opened: Event = json.loads(next(self._lines))
        self._session_url = f"{self._url}/{opened['session']}"

    def load(self, folder: Path) -> None:
        """Serve the code in a folder from now on.

        Raises:
            LoadError: It does not load. The code before goes on serving.
            CommandError: The session has ended.
        """
        answer = self._send("PUT", self._session_url, {"folder": str(folder)}).json()
        if not answer["loaded"]:
            raise LoadError("\n".join(answer["lines"]))

    def events(self) -> Iterator[Event]:
        """Yield each event until the session ends."""
        try:
            for line in self._lines:
                yield json.loads(line)
        except requests.RequestException:
            return  # the embedded AWS is gone

    def close(self) -> None:
        """End the session; afterwards the deployed code serves again."""
        try:
            self._send("DELETE", self._session_url, {})
        except CommandError:
            pass  # it has ended already
        finally:
            self._client.close()

    def _send(self, method: str, url: str, content: dict[str, Any]) -> requests.Response:
        body = json.dumps(content).encode()
        signed = AWSRequest(method=method, url=url, data=body)
        SigV4Auth(self._key, _SERVICE, _REGION).add_auth(signed)
        try:
            answer = self._client.request(
                method,
                url,
                data=body,
                headers=dict(signed.headers.items()),
                stream=method == "POST",
            )
        except requests.RequestException as error:
            message = f"The embedded AWS does not answer at {url}."
            raise CommandError(message) from error
        if not answer.ok:
            message = f"The embedded AWS refused ({answer.status_code}): {answer.text}"
            raise CommandError(message)
        return answer
