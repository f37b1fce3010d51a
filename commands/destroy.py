"""`make destroy`: destroys an environment after asking, unless something in it is protected.

It destroys what is in Terraform's state, whatever the code in this folder would deploy. Terraform
reads data sources before it destroys, so a lookup that only a deployment needs, such as that of an
image which is not published, would stop it. The stacks are therefore reduced to their providers.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, cast

from commands.shared.console import CommandError, announce, user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.terraform import (
    ALREADY_SYNTHESISED,
    read_state,
    read_terraform_json,
    run_cdktf,
    stack_folder,
    synthesise,
)
from modules.settings import PARTS, Settings
from modules.settings.selection import is_confirmed, load_selected

STACK_FILE = "cdk.tf.json"
"""Name of the file that CDKTF writes into a stack's folder."""

_ALIASED = re.compile(r'"provider": "provider\[[^]]+\]\.(?P<alias>[a-z0-9-]+)"')
"""A resource's provider with its alias, in Terraform's state."""

Resource = dict[str, object]
"""A resource in Terraform's state, with its type, address and values."""

PROTECTIONS: dict[tuple[str, str], bool | str] = {
    ("aws_rds_cluster", "deletion_protection"): True,
    ("aws_lb", "enable_deletion_protection"): True,
    ("aws_cognito_user_pool", "deletion_protection"): "ACTIVE",
    ("aws_s3_bucket", "force_destroy"): False,
    ("aws_ecr_repository", "force_delete"): False,
}
"""By type and attribute, the value with which AWS refuses to delete the resource.

AWS refuses the last two only while they hold something. In use they do, and the destruction would
stop half-way.
"""


def destroy(*, settings: Settings) -> None:
    """Destroy every stack, the last one first.

    Raises:
        CommandError: A deployed resource is protected, nobody confirmed, or a step failed. The
            first two are found before anything is destroyed.
    """
    if settings.local_aws:
        ensure_local_aws(settings.local_aws)
    synthesise(settings=settings)
    deployed = [
        resource
        for part in PARTS
        for resource in _resources(read_terraform_json(["show"], part=part, settings=settings))
    ]
    protected = [protection for resource in deployed for protection in _protections(resource)]
    if protected:
        message = (
            "Protected against deletion, so nothing is destroyed:\n  "
            + "\n  ".join(protected)
            + f"\nTo go on, change environments/{settings.environment}.yaml and deploy first."
        )
        raise CommandError(message)
    if settings.local_aws is None:
        _confirm(settings, losses=list(_losses(deployed)))
    announce(f"Destroying {settings.prefix}")
    for part in PARTS:
        file = stack_folder(part, settings=settings) / STACK_FILE
        document = json.loads(file.read_text())
        state = read_state(part, settings=settings)
        file.write_text(json.dumps(keep_providers(document, state=state)))
    options = ["--auto-approve", ALREADY_SYNTHESISED]
    run_cdktf("destroy", PARTS, settings=settings, options=options)


def keep_providers(document: dict[str, Any], *, state: str) -> dict[str, Any]:
    """Return a stack without resources and lookups: applying it destroys what is in the state.

    Args:
        document: The synthesised stack.
        state: Its state. A provider's alias is its region, so the providers of resources that
            another version of the code has deployed are added.
    """
    providers: list[dict[str, Any]] = document["provider"]["aws"]
    (default,) = (provider for provider in providers if "alias" not in provider)
    known = {provider.get("alias") for provider in providers}
    added = [
        default | {"alias": alias, "region": alias}
        for alias in sorted(set(_ALIASED.findall(state)) - known)
    ]
    kept = {key: document[key] for key in ("//", "terraform")}  # CDKTF reads the first
    return kept | {"provider": {"aws": [*providers, *added]}}


def _resources(state: dict[str, object]) -> list[Resource]:
    """Return the resources in a stack's state, as Terraform shows it."""
    values = cast("dict[str, dict[str, list[Resource]]]", state.get("values", {}))
    return values.get("root_module", {}).get("resources", [])


def _protections(resource: Resource) -> Iterator[str]:
    """Yield a line for each setting that protects a deployed resource from deletion."""
    values = cast("dict[str, object]", resource["values"])
    for (type_, name), protecting in PROTECTIONS.items():
        if resource["type"] == type_ and values.get(name) == protecting:
            yield f"{resource['address']}: {name} is {str(protecting).lower()}"


def _losses(deployed: list[Resource]) -> Iterator[str]:
    """Yield a line for each loss that cannot be undone, judged by what is deployed."""
    for resource in deployed:
        if cast("dict[str, object]", resource["values"]).get("skip_final_snapshot") is True:
            yield f"NO final snapshot is taken of {resource['address']}."
        if resource["type"] == "aws_cognito_user_pool":
            yield f"All users of {resource['address']} are deleted."


def _confirm(settings: Settings, *, losses: list[str]) -> None:
    if is_confirmed(settings):
        return
    if not sys.stdin.isatty():
        message = f"There is no terminal to confirm at: run again with CONFIRM={settings.label}."
        raise CommandError(message)
    print(f"This destroys every resource of {settings.prefix} in {settings.region}.")
    for loss in losses:
        print(loss)
    try:
        answer = input(f"Type {settings.label} to go on: ")
    except EOFError:
        answer = ""
    if answer != settings.label:
        message = "Not confirmed; nothing is destroyed."
        raise CommandError(message)


def main() -> None:
    """Destroy the selected environment."""
    destroy(settings=load_selected().settings)


if __name__ == "__main__":
    with user_errors():
        main()
