"""The platform with everything on, for all tests of this folder."""

import pytest

from tests.observability.platform import synthesise_platform
from tests.synthesis import Stack, Synthesis


@pytest.fixture
def platform() -> Synthesis:
    """Return a copy of the platform, which a test may break."""
    return synthesise_platform().copy("edge").copy("observability")


@pytest.fixture
def observability(platform: Synthesis) -> Stack:
    """Return the stack with the dashboards and alarms."""
    return platform.stacks["observability"]
