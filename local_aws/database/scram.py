"""SCRAM-SHA-256 (RFC 5802, RFC 7677): both sides of a sign-in, as PostgreSQL uses it.

User names are left out, because PostgreSQL takes the one of its startup message. Passwords must be
ASCII: others would have to be normalised first.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

MECHANISM = "SCRAM-SHA-256"

_ITERATIONS = 4096
_BYTES = 18


class ScramError(Exception):
    """The other side does not know the password, or does not keep to the protocol."""


class ServerExchange:
    """The side that asks for proof of a password.

    Args:
        password: The password that the client must know.
        client_first: The client's first message.

    Raises:
        ScramError: The message is malformed or asks for channel binding.
    """

    def __init__(self, *, password: str, client_first: str) -> None:
        flag, _, rest = client_first.partition(",")
        authorization, _, self._client_first_bare = rest.partition(",")
        if flag not in ("n", "y"):
            message = "channel binding is not offered"
            raise ScramError(message)
        self._header = f"{flag},{authorization},"
        self._nonce = _fields(self._client_first_bare).get("r", "") + _new_nonce()
        salt = secrets.token_bytes(_BYTES)
        self._salted = _salted(password, salt=salt, iterations=_ITERATIONS)
        self.challenge = f"r={self._nonce},s={_encode(salt)},i={_ITERATIONS}"
        """The answer to the client's first message."""

    def confirm(self, client_final: str) -> str:
        """Return the answer to the client's last message.

        Raises:
            ScramError: The client does not know the password.
        """
        without_proof, _, proof = client_final.rpartition(",p=")
        fields = _fields(without_proof)
        transcript = f"{self._client_first_bare},{self.challenge},{without_proof}"
        if (
            fields.get("r") != self._nonce
            or fields.get("c") != _encode(self._header.encode())
            or not hmac.compare_digest(proof, _proof(self._salted, transcript))
        ):
            message = "the password is wrong"
            raise ScramError(message)
        return f"v={_server_signature(self._salted, transcript)}"


class ClientExchange:
    """The side that proves that it knows a password."""

    def __init__(self, *, password: str) -> None:
        self._password = password
        self._nonce = _new_nonce()
        self._bare = f"n=,r={self._nonce}"
        self._signature = ""
        self.first = f"n,,{self._bare}"
        """The first message."""

    def answer(self, challenge: str) -> str:
        """Return the answer to the server's challenge.

        Raises:
            ScramError: The challenge is not for this exchange.
        """
        fields = _fields(challenge)
        if not fields["r"].startswith(self._nonce):
            message = "the challenge is for another exchange"
            raise ScramError(message)
        salted = _salted(self._password, salt=b64decode(fields["s"]), iterations=int(fields["i"]))
        without_proof = f"c={_encode(b'n,,')},r={fields['r']}"
        transcript = f"{self._bare},{challenge},{without_proof}"
        self._signature = _server_signature(salted, transcript)
        return f"{without_proof},p={_proof(salted, transcript)}"

    def check(self, server_final: str) -> None:
        """Check the server's last message.

        Raises:
            ScramError: The server does not know the password either.
        """
        if server_final != f"v={self._signature}":
            message = "the server does not know the password"
            raise ScramError(message)


def _fields(message: str) -> dict[str, str]:
    return {part[:1]: part[2:] for part in message.split(",")}


def _new_nonce() -> str:
    return _encode(secrets.token_bytes(_BYTES))


def _salted(password: str, *, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _proof(salted: bytes, transcript: str) -> str:
    client_key = _hmac(salted, "Client Key")
    signature = _hmac(hashlib.sha256(client_key).digest(), transcript)
    return _encode(bytes(one ^ other for one, other in zip(client_key, signature, strict=True)))


def _server_signature(salted: bytes, transcript: str) -> str:
    return _encode(_hmac(_hmac(salted, "Server Key"), transcript))


def _encode(content: bytes) -> str:
    return b64encode(content).decode()
