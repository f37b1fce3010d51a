"""Synthesises the stacks of one environment."""

from pathlib import Path
from tempfile import TemporaryDirectory

from modules.errors import user_errors
from modules.release import Release, prepare_release
from modules.settings import Settings
from modules.settings.selection import load_selected
from modules.stacks import App, Data, Edge, Foundation, Observability, Service
from modules.toolchain import pin_provider


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


if __name__ == "__main__":
    with user_errors():
        main()
