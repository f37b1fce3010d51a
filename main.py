"""Synthesises the stacks of one environment, and refuses what AWS would refuse."""

from pathlib import Path
from tempfile import TemporaryDirectory

from modules.errors import UserError, user_errors
from modules.release import Release, prepare_release
from modules.settings import Settings
from modules.settings.selection import load_selected
from modules.stacks import App, Data, Edge, Foundation, Observability, Service
from modules.toolchain import ROOT, pin_provider
from review.errors import ReviewError
from review.guardrails import guard_paths, render

WAIVERS = ROOT / "waivers.yaml"
"""The findings of the guardrails that are accepted for a while; the file need not exist."""


def build(app: App, *, settings: Settings, release: Release) -> None:
    """Add the stacks of one environment to the app; each uses only those before it."""
    foundation = Foundation(app, settings=settings)
    data = Data(app, settings=settings, foundation=foundation, release=release)
    service = Service(app, settings=settings, foundation=foundation, data=data, release=release)
    edge = Edge(app, settings=settings, foundation=foundation, service=service, release=release)
    Observability(
        app, settings=settings, foundation=foundation, data=data, service=service, edge=edge
    )


def main() -> None:
    """Synthesise the environment that ENVIRONMENT names, ready for Terraform."""
    settings = load_selected().settings
    with TemporaryDirectory() as folder:
        app = App()
        build(app, settings=settings, release=prepare_release(folder=Path(folder)))
        app.synth()
    for stack in Path(app.outdir, "stacks").iterdir():
        pin_provider(folder=stack)
    refuse_errors(Path(app.outdir))


def refuse_errors(folder: Path) -> None:
    """Check synthesised stacks against the guardrails.

    Raises:
        UserError: A rule is broken and nobody has accepted it.
    """
    try:
        report = guard_paths([folder], waivers=WAIVERS if WAIVERS.exists() else None)
    except ReviewError as error:
        raise UserError(str(error)) from error
    if report.open("error"):
        message = f"{render(report)}\nCorrect this, or accept it in {WAIVERS.name}."
        raise UserError(message)


if __name__ == "__main__":
    with user_errors():
        main()
