"""Fixtures for all tests: every environment, synthesised once."""

import gc
from pathlib import Path

import pytest

from modules.settings.loading import ENVIRONMENTS
from tests.synthesis import Synthesis, synthesise

TESTS = Path(__file__).parent
ENVIRONMENT_NAMES = sorted(path.stem for path in ENVIRONMENTS.glob("*.yaml"))


@pytest.fixture(scope="session", params=ENVIRONMENT_NAMES)
def synthesis(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Synthesis:
    """Each environment of the project in turn, synthesised once a session."""
    name = str(request.param)
    return synthesise(name, folder=tmp_path_factory.mktemp(f"synth-{name}"))


LONGEST = (
    "end_to_end/test_deployment.py",
    "commands/test_interruptions.py",
    "terraform/test_api_changes.py",
    "terraform/test_release.py",
    "commands/test_destroy_deployed.py",
    "terraform/test_validate.py",
)
"""The files that take minutes, the longest one first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no worker is left alone with one at the end."""
    ranks = {TESTS / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def pytest_collection() -> None:
    """Switch garbage collection off during imports: what they create lives to the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Switch garbage collection on, without what the imports created."""
    gc.freeze()
    gc.enable()
