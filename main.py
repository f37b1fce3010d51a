"""The front door: environment in, stacks out."""

import os
import sys
from pathlib import Path

from commands.setup.errors import SetupError
from commands.setup.stack_folder import pin_provider
from modules.container_image import ImageError, image_tag
from modules.settings import Settings, SettingsError, load_settings
from modules.stacks import App, DataStack, FoundationStack, ServiceStack

CONTAINER = Path(__file__).parent / "container"


def build(app: App, *, settings: Settings) -> None:
    """Puts the stacks of one environment into the app; each reads only from those above it."""
    foundation = FoundationStack(app, settings=settings)
    data = DataStack(app, settings=settings, foundation=foundation)
    ServiceStack(
        app,
        settings=settings,
        foundation=foundation,
        data=data,
        image_tag=image_tag(folder=CONTAINER),
    )


def main() -> None:
    """Synthesises the environment named by ENVIRONMENT, ready for Terraform."""
    environment = os.environ.get("ENVIRONMENT") or "local"
    try:
        loaded = load_settings(environment=environment, variables=os.environ)
        app = App()
        build(app, settings=loaded.settings)
        app.synth()
        for folder in Path(app.outdir, "stacks").iterdir():
            pin_provider(folder=folder)
    except (ImageError, SettingsError, SetupError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
