"""The platform in miniature, synthesised once for all tests of this folder."""

from collections.abc import Mapping

import pytest

from commands.dashboard.references import Block
from tests.observability.platform import synthesise_platform


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Block]:
    """Both stacks, with every option and every alarm on."""
    return synthesise_platform(tmp_path_factory.mktemp("platform"))


@pytest.fixture(scope="session")
def watching(stacks: Mapping[str, Block]) -> Block:
    """Return the stack with the dashboards and alarms."""
    return stacks["watching"]
