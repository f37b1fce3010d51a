"""Opens developers' sessions on an embedded AWS, with code from a test."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from uuid import uuid4

from commands.dev.embedded_aws import DevelopmentSession, Event
from local_aws import control
from local_aws.access.credentials import read_credentials
from tests.local_aws.deployed_functions import DeployedFunctions

ALIAS = "live"


class WorkingCopy:
    """A session for one function's alias, which serves code from a folder."""

    def __init__(self, session: DevelopmentSession, *, folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._events: Queue[Event] = Queue()
        Thread(target=self._read, daemon=True).start()

    def load(self, code: str) -> None:
        """Serve this code from now on."""
        self._session.load(write_code(self._folder, code))

    def next_event(self, kind: str) -> Event:
        """Return the next event of a kind, and forget others before it."""
        while True:
            event = self._events.get(timeout=20)
            if event["event"] == kind:
                return event

    def _read(self) -> None:
        for event in self._session.events():
            self._events.put(event)
        self._events.put({"event": "ended"})


def write_code(folder: Path, code: str) -> Path:
    """Write code into a folder of its own, as a build does."""
    build = folder / uuid4().hex
    build.mkdir()
    (build / "index.cjs").write_text(code)
    return build


def deploy_alias(deployed: DeployedFunctions, code: str, **configuration: Any) -> str:  # noqa: ANN401  # as boto3 takes it
    """Deploy a function with an alias on its version; return the alias's ARN."""
    name = deployed.deploy(code, **configuration)
    made = deployed.functions.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1")
    return made["AliasArn"]


def open_session(
    server: control.Server, *, alias_arn: str, inspected: bool = False
) -> DevelopmentSession:
    """Open a session as the user."""
    own = read_credentials(server.credentials_file)
    return DevelopmentSession(
        url=server.url, credentials=own, alias_arn=alias_arn, inspected=inspected
    )


@contextmanager
def working_copy(
    server: control.Server, *, alias_arn: str, folder: Path, inspected: bool = False
) -> Generator[WorkingCopy]:
    """Open a session, and close it at the end."""
    with closing(open_session(server, alias_arn=alias_arn, inspected=inspected)) as session:
        yield WorkingCopy(session, folder=folder)
