"""Messages of PostgreSQL's protocol, as far as a sign-in needs them.

Source: PostgreSQL documentation, Frontend/Backend Protocol, Message Formats.
"""

import socket
import struct
from dataclasses import dataclass

CANCEL_REQUEST = 80_877_102
TLS_REQUEST = 80_877_103
ENCRYPTION_REQUEST = 80_877_104  # by GSSAPI

AUTHENTICATION = b"R"
ERROR = b"E"
PASSWORD = b"p"
AUTHENTICATED = 0
SASL = 10
SASL_CONTINUE = 11
SASL_FINAL = 12

_MAX_BYTES = 65_536
"""The longest message of a sign-in that is read; real ones are much shorter."""


class ProtocolError(Exception):
    """The other side ended the connection, or sent what is not expected."""


@dataclass(frozen=True, kw_only=True)
class Startup:
    """The first message of a connection."""

    code: int
    """The version of the protocol, or the kind of a request."""

    content: bytes
    """What follows the code."""

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of a startup message, such as `user` and `database`."""
        parts = self.content.decode(errors="replace").rstrip("\0").split("\0")
        return dict(zip(parts[::2], parts[1::2], strict=False))

    def encode(self) -> bytes:
        """Return the message as it is sent."""
        return struct.pack("!II", len(self.content) + 8, self.code) + self.content


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message after the first one."""

    kind: bytes
    content: bytes

    def encode(self) -> bytes:
        """Return the message as it is sent."""
        return self.kind + struct.pack("!I", len(self.content) + 4) + self.content


def read_startup(connection: socket.socket) -> Startup:
    """Read the first message of a connection.

    Raises:
        ProtocolError: The connection ended, or the message is too long.
    """
    (length,) = struct.unpack("!I", _read(connection, 4))
    content = _read(connection, length - 4)
    return Startup(code=int.from_bytes(content[:4], "big"), content=content[4:])


def read_message(connection: socket.socket) -> Message:
    """Read a message after the first one.

    Raises:
        ProtocolError: The connection ended, or the message is too long.
    """
    kind, length = struct.unpack("!cI", _read(connection, 5))
    return Message(kind=kind, content=_read(connection, length - 4))


def authentication(step: int, content: bytes = b"") -> Message:
    """Return a server's message of a sign-in."""
    return Message(kind=AUTHENTICATION, content=struct.pack("!I", step) + content)


def read_authentication(message: Message) -> tuple[int, bytes]:
    """Return step and content of a server's message of a sign-in.

    Raises:
        ProtocolError: It is another message.
    """
    if message.kind != AUTHENTICATION:
        raise ProtocolError(message.kind)
    return int.from_bytes(message.content[:4], "big"), message.content[4:]


def fatal_error(code: str, text: str) -> Message:
    """Return the message with which a server refuses a connection."""
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": text}
    content = "".join(f"{field}{value}\0" for field, value in fields.items())
    return Message(kind=ERROR, content=f"{content}\0".encode())


def _read(connection: socket.socket, length: int) -> bytes:
    if not 0 <= length <= _MAX_BYTES:
        raise ProtocolError(length)
    content = b""
    while len(content) < length:
        part = connection.recv(length - len(content))
        if not part:
            message = "the connection ended"
            raise ProtocolError(message)
        content += part
    return content
