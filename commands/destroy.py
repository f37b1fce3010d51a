"""`make destroy`: removes an environment, after asking and never what is protected."""

import sys
from collections.abc import Iterator
from typing import cast

from commands.console import CommandError, announce, user_errors
from commands.local_environment import ensure_local_aws
from commands.selection import is_confirmed, load_selected
from commands.terraform import read_terraform_json, run_cdktf, synthesise
from modules.settings import PARTS, Settings

PROTECTION_ATTRIBUTES = ("deletion_protection", "enable_deletion_protection")


def destroy(*, settings: Settings) -> None:
    """Destroys every stack, the last one first.

    Raises:
        CommandError: something deployed is protected, nobody confirmed, or a step failed. The
            first two are found before anything is touched.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    protected = [
        address
        for part in PARTS
        for address in protected_resources(
            read_terraform_json(["show"], part=part, settings=settings)
        )
    ]
    if protected:
        message = (
            "Protected against deletion, so nothing is destroyed: "
            f"{', '.join(protected)}. To go on, set deletion_protection to false in "
            f"environments/{settings.environment}.yaml and deploy first."
        )
        raise CommandError(message)
    if settings.local_aws is None:
        _confirm(settings)
    announce(f"Destroying {settings.prefix}")
    run_cdktf("destroy", PARTS, settings=settings, options=["--auto-approve"])


def protected_resources(state: dict[str, object]) -> Iterator[str]:
    """Addresses of the resources in a stack's state that AWS refuses to delete."""
    values = cast("dict[str, dict[str, list[dict[str, object]]]]", state.get("values", {}))
    for resource in values.get("root_module", {}).get("resources", []):
        attributes = cast("dict[str, object]", resource["values"])
        if any(attributes.get(name) is True for name in PROTECTION_ATTRIBUTES):
            yield str(resource["address"])


def _confirm(settings: Settings) -> None:
    if is_confirmed(settings):
        return
    if not sys.stdin.isatty():
        message = f"Nobody is there to confirm: run again with CONFIRM={settings.environment}."
        raise CommandError(message)
    print(
        f"This destroys every resource of {settings.prefix} in {settings.region}. "
        f"Final database snapshot: {'yes' if settings.database.final_snapshot else 'NO'}."
    )
    if input(f"Type {settings.environment} to go on: ") != settings.environment:
        message = "Not confirmed; nothing is destroyed."
        raise CommandError(message)


def main() -> None:
    """Destroys the selected environment."""
    destroy(settings=load_selected().settings)


if __name__ == "__main__":
    with user_errors():
        main()
