"""`make destroy`: destroys an environment after asking, unless something in it is protected.

It destroys what is in Terraform's state, whatever the code in this folder would deploy. Terraform
reads data sources before it destroys, so a lookup that only a deployment needs, such as that of an
image which is not published, would stop it. The stacks are therefore reduced to their providers.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from commands.deployment.durations import in_words
from commands.deployment.session import open_session
from commands.shared.console import CommandError, user_errors
from commands.shared.local_environment import ensure_local_aws
from commands.shared.state import Block, State
from commands.shared.terraform import stack_folder, synthesise
from modules.settings import Settings
from modules.settings.selection import is_confirmed, load_selected

STACK_FILE = "cdk.tf.json"
"""Name of the file that CDKTF writes into a stack's folder."""

Resource = tuple[str, Block]
"""The address and the attributes of a resource in Terraform's state."""

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
    with open_session("destroy", settings=settings) as session:
        session.read_states()
        deployed = [each for stack in session.stacks for each in stack.state.resources()]
        check_destruction(deployed, settings=settings)
        for stack in reversed(session.stacks):
            file = stack_folder(stack.part, settings=settings) / STACK_FILE
            document = keep_providers(json.loads(file.read_text()), state=stack.state)
            file.write_text(json.dumps(document))
            counts = stack.destroy()
            session.display.say(f"{stack.stack_id}  {counts.past}  {in_words(stack.seconds)}")
        session.display.say(f"Everything that Terraform said: {session.log.shown_path}")


def check_destruction(deployed: Iterable[Resource], *, settings: Settings) -> None:
    """Refuse to destroy what is protected, and ask about the rest outside `local`.

    Raises:
        CommandError: A deployed resource is protected, or nobody confirmed.
    """
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


def keep_providers(document: dict[str, Any], *, state: State) -> dict[str, Any]:
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
        for alias in sorted(state.provider_aliases() - known)
    ]
    kept = {key: document[key] for key in ("//", "terraform")}  # CDKTF reads the first
    return kept | {"provider": {"aws": [*providers, *added]}}


def _protections(resource: Resource) -> Iterator[str]:
    """Yield a line for each setting that protects a deployed resource from deletion."""
    address, attributes = resource
    for (type_, name), protecting in PROTECTIONS.items():
        if _type(address) == type_ and attributes.get(name) == protecting:
            yield f"{address}: {name} is {str(protecting).lower()}"


def _losses(deployed: Iterable[Resource]) -> Iterator[str]:
    """Yield a line for each loss that cannot be undone, judged by what is deployed."""
    for address, attributes in deployed:
        if attributes.get("skip_final_snapshot") is True:
            yield f"NO final snapshot is taken of {address}."
        if _type(address) == "aws_cognito_user_pool":
            yield f"All users of {address} are deleted."


def _type(address: str) -> str:
    return address.partition(".")[0]


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
