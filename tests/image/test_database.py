"""The container's tests that need a database; they use a real PostgreSQL with TLS."""

import pytest

from tests.image.node_tests import run_node_tests
from tests.image.services import MASTER_USERNAME, running_services


@pytest.mark.slow
def test_the_container_passes_its_tests_with_a_database() -> None:
    with running_services() as services:
        run_node_tests(
            # All test files use the same roles of the server, so they run one after the other.
            "--test-concurrency=1",
            "test/database/*.test.ts",
            environment=services.environment
            | {
                "TEST_DATABASE_PORT": str(services.postgres.port),
                "TEST_MASTER_USERNAME": MASTER_USERNAME,
                "TEST_MASTER_PASSWORD": services.master_password,
            },
        )
