"""A server that signs clients in itself, and connects each to a database.

It is what RDS Proxy is to its clients: it takes TLS only, checks a password against those it was
given, and signs in to the database with the same password. Each client has a connection of its own;
RDS Proxy shares them.
"""

import selectors
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from local_aws.address import HOST
from local_aws.database import protocol
from local_aws.database.certificates import CertificateAuthority
from local_aws.database.protocol import Message, ProtocolError, Startup
from local_aws.database.scram import MECHANISM, ClientExchange, ScramError, ServerExchange

_SIGN_IN_SECONDS = 30.0
_CHUNK = 65_536


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database server that clients are connected to."""

    host_name: str
    """A name in its certificate."""

    port: int
    """Its port on this machine."""


class _RefusedError(Exception):
    """The client gets this message, and the connection ends."""

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message


class ConnectionProxy:
    """A proxy on 127.0.0.1 that runs until `stop`, or until this process ends.

    Args:
        authority: The authority that signs its certificate, and the databases' ones.
        host_names: The names by which clients connect to it.
        find_password: Returns a user's password, or None for an unknown user.
        find_database: Returns the database to connect to, or None if there is none at present.
    """

    def __init__(
        self,
        *,
        authority: CertificateAuthority,
        host_names: Sequence[str],
        find_password: Callable[[str], str | None],
        find_database: Callable[[], Database | None],
    ) -> None:
        self._authority = authority
        self._find_password = find_password
        self._find_database = find_database
        self._to_databases = ssl.create_default_context(cafile=str(authority.certificate_file))
        self._connections: set[socket.socket] = set()
        self.answer_to(host_names)
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        """The port it listens on."""
        threading.Thread(target=self._accept, daemon=True).start()

    def answer_to(self, host_names: Sequence[str]) -> None:
        """Use a certificate for these host names in new connections."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:  # only this user can read it
            file.write(self._authority.issue(host_names))
            file.flush()
            context.load_cert_chain(file.name)
        self._to_clients = context

    def stop(self) -> None:
        """Take no more clients, and disconnect those it has."""
        _close(self._listener)
        for connection in list(self._connections):
            _close(connection)

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with ExitStack() as stack, suppress(OSError, ProtocolError, ScramError, ValueError):
            stack.callback(lambda: _close(client))
            client.settimeout(_SIGN_IN_SECONDS)
            startup = protocol.read_startup(client)
            if startup.code == protocol.ENCRYPTION_REQUEST:
                client.sendall(b"N")
                startup = protocol.read_startup(client)
            if startup.code == protocol.CANCEL_REQUEST:
                self._open_database(stack).sendall(startup.encode())
                return
            if startup.code != protocol.TLS_REQUEST:
                text = "This RDS Proxy requires TLS connections"
                client.sendall(protocol.fatal_error("28000", text).encode())
                return
            client.sendall(b"S")
            secured = self._to_clients.wrap_socket(client, server_side=True)
            self._connections.add(secured)
            stack.callback(lambda: self._connections.discard(secured))
            stack.callback(lambda: _close(secured))
            try:
                self._connect(secured, stack)
            except _RefusedError as refusal:
                secured.sendall(refusal.message.encode())

    def _connect(self, client: ssl.SSLSocket, stack: ExitStack) -> None:
        """Connect a client to the database, and relay until one of them ends the connection."""
        startup = protocol.read_startup(client)
        password = self._sign_in(client, user=startup.parameters.get("user", ""))
        database = self._open_database(stack)
        _sign_in_to(database, startup=startup, password=password)
        client.sendall(protocol.authentication(protocol.AUTHENTICATED).encode())
        _relay(client, database)

    def _sign_in(self, client: ssl.SSLSocket, *, user: str) -> str:
        """Check that a client knows a user's password; return that password."""
        password = self._find_password(user)
        if password is None:
            text = f"This RDS proxy has no credentials for the role {user}. Check the credentials"
            raise _RefusedError(
                protocol.fatal_error("28000", f"{text} for this role and try again.")
            )
        offer = f"{MECHANISM}\0\0".encode()
        client.sendall(protocol.authentication(protocol.SASL, offer).encode())
        first = protocol.read_message(client).content.partition(b"\0")[2][4:]
        exchange = ServerExchange(password=password, client_first=first.decode())
        challenge = exchange.challenge.encode()
        client.sendall(protocol.authentication(protocol.SASL_CONTINUE, challenge).encode())
        try:
            final = exchange.confirm(protocol.read_message(client).content.decode())
        except ScramError:
            text = f"The password that was provided for the role {user} is wrong."
            raise _RefusedError(protocol.fatal_error("28P01", text)) from None
        client.sendall(protocol.authentication(protocol.SASL_FINAL, final.encode()).encode())
        return password

    def _open_database(self, stack: ExitStack) -> ssl.SSLSocket:
        found = self._find_database()
        text = "Timed-out waiting to acquire database connection"
        unavailable = _RefusedError(protocol.fatal_error("08006", text))
        if found is None:
            raise unavailable
        try:
            plain = stack.enter_context(
                socket.create_connection((HOST, found.port), timeout=_SIGN_IN_SECONDS)
            )
            plain.sendall(Startup(code=protocol.TLS_REQUEST, content=b"").encode())
            plain.recv(1)  # the server's consent: it takes TLS only
            secured = self._to_databases.wrap_socket(plain, server_hostname=found.host_name)
        except OSError as error:
            raise unavailable from error
        return stack.enter_context(secured)


def _sign_in_to(database: ssl.SSLSocket, *, startup: Startup, password: str) -> None:
    """Sign in to a database as the client that sent the startup message."""
    exchange = ClientExchange(password=password)
    database.sendall(startup.encode())
    while True:
        message = protocol.read_message(database)
        if message.kind == protocol.ERROR:
            raise _RefusedError(message)
        step, content = protocol.read_authentication(message)
        if step == protocol.AUTHENTICATED:
            return
        if step == protocol.SASL:
            first = exchange.first.encode()
            length = len(first).to_bytes(4, "big")
            answer = MECHANISM.encode() + b"\0" + length + first
        elif step == protocol.SASL_CONTINUE:
            answer = exchange.answer(content.decode()).encode()
        elif step == protocol.SASL_FINAL:
            exchange.check(content.decode())
            continue
        else:
            raise ProtocolError(step)
        database.sendall(Message(kind=protocol.PASSWORD, content=answer).encode())


def _relay(client: ssl.SSLSocket, database: ssl.SSLSocket) -> None:
    """Pass on what each side sends, until one of them ends the connection."""
    others = {client: database, database: client}
    with selectors.DefaultSelector() as selector:
        for connection in others:
            connection.settimeout(None)
            selector.register(connection, selectors.EVENT_READ, data=connection)
        while True:
            # TLS may hold content that was read from the socket already.
            ready = [connection for connection in others if connection.pending()]
            for source in ready or [key.data for key, _ in selector.select()]:
                content = _receive(source)
                if content == b"":
                    return
                if content:
                    others[source].sendall(content)


def _receive(source: ssl.SSLSocket) -> bytes | None:
    """Return what a side has sent: None if it was for TLS only, nothing at its end."""
    source.settimeout(0)
    try:
        return source.recv(_CHUNK)
    except ssl.SSLWantReadError:
        return None
    finally:
        source.settimeout(None)


def _close(connection: socket.socket) -> None:
    """Close a socket, and wake the thread that waits for it."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
