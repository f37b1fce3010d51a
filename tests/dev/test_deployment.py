"""Where `make dev` works."""

import pytest

from commands.dev.deployment import require_embedded_aws
from commands.shared.console import CommandError
from modules.settings import load_settings


@pytest.mark.parametrize(
    ("environment", "variables", "advice"),
    [
        ("dev", {}, "leave ENV out"),
        ("local", {"LOCAL_AWS_URL": "http://127.0.0.1:4566"}, "unset LOCAL_AWS_URL"),
    ],
)
def test_another_place_than_the_embedded_aws_is_refused(
    environment: str, variables: dict[str, str], advice: str
) -> None:
    settings = load_settings(environment=environment, variables=variables).settings
    with pytest.raises(CommandError, match=advice):
        require_embedded_aws(settings)
