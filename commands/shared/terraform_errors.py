"""Errors of Terraform, in the words that a person needs: what, where, and what to do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from commands.shared.console import CommandError
from modules.toolchain import ROOT


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """An error or a warning of Terraform."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    """The resource that it is about."""

    place: str = ""
    """The file and the construct, as in `cdk.tf.json, in resource.aws_vpc.network_vpc`."""

    @property
    def text(self) -> str:
        """What Terraform and the provider say, without the place."""
        return "\n".join(part for part in (self.summary, self.detail) if part)


@dataclass(frozen=True, kw_only=True)
class KnownError:
    """An error that has one cause, and is told in one or two lines."""

    pattern: re.Pattern[str]
    """Found in what Terraform and the provider say. Its groups fill the message."""

    message: str
    """What is wrong and what to do. `{folder}` is the stack's folder."""


KNOWN = (
    KnownError(
        pattern=re.compile(
            "No valid credential sources|ExpiredToken|security token included in the request is"
            "|InvalidClientTokenId|failed to refresh cached credentials|SSO session has expired"
        ),
        message="There are no valid AWS credentials.\n"
        "Sign in, for example with `aws sso login`, or set AWS_PROFILE; then run it again.",
    ),
    KnownError(
        pattern=re.compile(r"AWS account ID not allowed: (?P<account>\d+)"),
        message="The AWS credentials are for account {account}, which is not this environment's.\n"
        "Choose others with AWS_PROFILE, or correct `account_id` in the environment's file.",
    ),
    KnownError(
        pattern=re.compile(
            r"Error acquiring the state lock.*?ID:\s+(?P<id>\S+).*?Who:\s+(?P<who>\S+)"
            r".*?Created:\s+(?P<created>[^\n]+)",
            re.DOTALL,
        ),
        message="Another run holds the state of {stack}: {who}, since {created}. Wait for it.\n"
        "If that run is dead: terraform -chdir={folder} force-unlock {id}",
    ),
    KnownError(
        pattern=re.compile("Saved plan is stale"),
        message="Another run changed {stack} after this plan was made, so it is not applied.\n"
        "Run the command again: it plans anew.",
    ),
    KnownError(
        pattern=re.compile(r"reading ECR Images?|no image found|ImageNotFoundException"),
        message="The image of container/ is not published yet.\n"
        "Run `make image` with the same ENV, or `make deploy`, which publishes it.",
    ),
    KnownError(
        pattern=re.compile(
            "Failed to (query available provider packages|install provider)"
            "|Required plugins are not installed|no available releases match"
        ),
        message="Terraform does not find the AWS provider: its mirror or registry is not there.\n"
        "Restore it, or choose another with `rm .tools/terraform.lock.hcl && make setup`.",
    ),
    KnownError(
        pattern=re.compile("no space left on device", re.IGNORECASE),
        message="The disk is full, so Terraform cannot write its files.\n"
        "Free some space, then run it again: what was deployed is recorded.",
    ),
)
"""The first that matches is told."""


class TerraformError(CommandError):
    """Terraform failed; the message has the errors, the resource, and what to do."""

    def __init__(self, *, stack_id: str, folder: Path, diagnostics: Sequence[Diagnostic]) -> None:
        shown = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
        super().__init__(
            _known(stack_id, shown, diagnostics)
            or "\n\n".join(
                [_describe(each, stack_id) for each in diagnostics]
                + [
                    "Correct that, then run the command again: it goes on where it stopped.",
                ]
            )
        )


def _known(stack_id: str, folder: Path, diagnostics: Sequence[Diagnostic]) -> str | None:
    text = "\n".join(each.text for each in diagnostics)
    for known in KNOWN:
        if found := known.pattern.search(text):
            return known.message.format(**found.groupdict(), folder=folder, stack=stack_id)
    return None


def _describe(diagnostic: Diagnostic, stack_id: str) -> str:
    lines = [f"Error in {stack_id}: {diagnostic.summary}"]
    if diagnostic.detail:
        lines.append(indent(diagnostic.detail, "  "))
    if diagnostic.address:
        lines.append(f"  Resource: {diagnostic.address}")
    if diagnostic.place:
        lines.append(f"  Defined in: {diagnostic.place}")
    return "\n".join(lines)
