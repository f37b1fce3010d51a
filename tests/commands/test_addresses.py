"""The addresses of a platform come from its outputs."""

import pytest

from commands.shared.addresses import addresses_of
from commands.shared.console import CommandError
from modules.settings import load_settings


@pytest.mark.parametrize(
    ("edge", "message"),
    [
        ({}, "ecommerce-local is not deployed: run `make deploy` first"),
        ({"edge_function_name": "edge"}, "the output distribution_id is missing"),
    ],
)
def test_a_platform_that_is_not_deployed_completely_is_named(
    edge: dict[str, object], message: str
) -> None:
    settings = load_settings(environment="local", variables={}).settings
    service = {"api_id": "api", "api_stage_name": "prod"}
    outputs = {"data": {"sign_in_url": "https://shop"}, "service": service, "edge": edge}
    with pytest.raises(CommandError, match=message):
        addresses_of(outputs, settings=settings)
