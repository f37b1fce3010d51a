"""Fixtures for all tests: every environment, synthesised once."""

import gc

import pytest

from modules.settings.loading import ENVIRONMENTS
from tests.synthesis import Synthesis, synthesise

ENVIRONMENT_NAMES = sorted(path.stem for path in ENVIRONMENTS.glob("*.yaml"))


@pytest.fixture(scope="session", params=ENVIRONMENT_NAMES)
def synthesis(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Synthesis:
    """Each environment of the project in turn, synthesised once a session."""
    name = str(request.param)
    return synthesise(name, folder=tmp_path_factory.mktemp(f"synth-{name}"))


def pytest_collection() -> None:
    """Switch garbage collection off during imports: what they create lives to the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Switch garbage collection on, without what the imports created."""
    gc.freeze()
    gc.enable()
