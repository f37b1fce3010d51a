"""The loop of `make dev`, with a small function: files are saved, and the function answers."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from commands.dev.bundler import Bundler
from commands.dev.loop import Loop
from commands.dev.needs import DeployedApi, DeploymentNeeds
from commands.dev.watch import Watcher
from commands.shared.console import CommandError
from local_aws import control
from tests.dev.small_container import small_container
from tests.local_aws.deployed_functions import DeployedFunctions, eventually
from tests.local_aws.working_copies import ALIAS, deploy_alias, open_session

pytestmark = pytest.mark.local_aws


class Terminal:
    """What the loop shows, and the function that it serves."""

    def __init__(
        self,
        *,
        source: Path,
        deployed: DeployedFunctions,
        name: str,
        capture: pytest.CaptureFixture[str],
    ) -> None:
        self.source = source
        self._deployed = deployed
        self._name = name
        self._capture = capture
        self._shown = ""

    def shows(self, text: str) -> bool:
        """Return whether a text was shown since the last call with success."""
        self._shown += self._capture.readouterr().out
        found = text in self._shown
        if found:
            self._shown = ""
        return found

    def answers(self, text: str) -> bool:
        """Return whether the function answers with a text."""
        return self._deployed.invoke(self._name, qualifier=ALIAS).payload == text


@pytest.fixture
def terminal(
    shared_server: control.Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Generator[Terminal]:
    """Run the loop in a thread until the test ends."""
    container = small_container(tmp_path / "container")
    (tmp_path / "modules").mkdir()
    (container / "src" / "migrations").mkdir()
    deployed = DeployedFunctions(server=shared_server)
    alias_arn = deploy_alias(deployed, "", ImageConfig={"Command": ["api.handler"]})
    bundler = Bundler(container=container, folder=tmp_path / "builds", coloured=False)
    with closing(bundler), closing(open_session(shared_server, alias_arn=alias_arn)) as session:
        loop = Loop(
            container=container,
            bundler=bundler,
            session=session,
            needs=DeploymentNeeds(
                root=tmp_path,
                environment="local",
                read_deployed=lambda: DeployedApi(version="1", routes={}),
            ),
            deploy_command="make deploy",
        )
        watcher = Watcher(
            trees=[container / "src", tmp_path / "modules"], folders=[container], saved=loop.notice
        )
        ended: list[str] = []

        def run() -> None:
            try:
                loop.run()
            except CommandError as error:
                ended.append(str(error))

        thread = Thread(target=run)
        thread.start()
        with closing(watcher):
            name = alias_arn.split(":")[6]
            yield Terminal(source=container / "src", deployed=deployed, name=name, capture=capsys)
        session.close()
        thread.join()
        assert ended == ["The embedded AWS has stopped."]


def test_a_saved_file_is_served_and_an_error_leaves_the_code_before(terminal: Terminal) -> None:
    file = terminal.source / "answer.ts"
    eventually(lambda: terminal.shows("Serving the working copy"))
    assert terminal.answers("first")

    file.write_text('export const answer: string = "second";\n')
    eventually(lambda: terminal.answers("second"))

    file.write_text("export const answer = ;\n")
    eventually(lambda: terminal.shows("container/src/answer.ts:1:22"))
    assert terminal.answers("second")

    file.write_text('throw new Error("no database");\n')
    eventually(lambda: terminal.shows("does not load"))
    assert terminal.answers("second")

    # Editors write another file and rename it.
    unfinished = file.with_suffix(".new")
    unfinished.write_text('console.warn("low stock");\nexport const answer = "third";\n')
    unfinished.rename(file)
    eventually(lambda: terminal.answers("third"))
    eventually(lambda: terminal.shows("low stock"))


def test_what_needs_a_deployment_is_told(terminal: Terminal) -> None:
    eventually(lambda: terminal.shows("Serving the working copy"))
    (terminal.source / "migrations" / "0003-more.ts").write_text("export {};\n")
    eventually(
        lambda: terminal.shows("the migrations changed: container/src/migrations/0003-more.ts")
    )
