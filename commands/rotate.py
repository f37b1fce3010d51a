"""`make rotate`: gives the API a new database user and password at once."""

import json
from typing import cast

from commands.shared.aws import lambda_client
from commands.shared.console import CommandError, user_errors
from commands.shared.deployed_environment import select_deployed
from commands.shared.terraform import read_outputs
from modules.service.administration_function import TIMEOUT_SECONDS
from modules.settings import Settings


def rotate(*, settings: Settings) -> str:
    """Rotate the credential, and return the name of the new database user.

    Raises:
        CommandError: The service is not deployed, or the rotation failed.
    """
    outputs = read_outputs("service", settings=settings)
    if not outputs:
        message = f"{settings.prefix} is not deployed: run `make deploy` first."
        raise CommandError(message)
    answer = lambda_client(settings=settings, timeout_seconds=TIMEOUT_SECONDS).invoke(
        FunctionName=str(outputs["administration_function_name"]),
        Payload=json.dumps({"action": "rotate"}),
    )
    result = cast("dict[str, str]", json.loads(answer["Payload"].read()))
    if "FunctionError" in answer:
        message = (
            f"The credential was not rotated: {result.get('errorMessage')}. The present one "
            f"stays valid; see the log group {outputs['administration_log_group']}."
        )
        raise CommandError(message)
    return result["username"]


def main() -> None:
    """Rotate the credential of the selected environment."""
    settings = select_deployed()
    print(f"The API now connects to the database as {rotate(settings=settings)}.")


if __name__ == "__main__":
    with user_errors():
        main()
