"""Publishes the image beside Terraform, once its repository is deployed."""

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from commands.deployment.session import Session
from commands.image.environment import publish
from commands.image.publish import Published
from modules.settings import Part

IMAGE_FOLLOWS: Part = "foundation"
"""The stack that holds the image's repository."""

IMAGE_PRECEDES: Part = "service"
"""The stack whose functions run the image."""


@dataclass(kw_only=True)
class ImagePublication:
    """The image of one deployment, which is built while the database is made."""

    session: Session
    pool: ThreadPoolExecutor
    _published: Future[Published] | None = None

    @classmethod
    @contextmanager
    def of(cls, session: Session) -> "Generator[ImagePublication]":
        """Yield the publication of a session's image."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            yield cls(session=session, pool=pool)

    def start_after(self, part: Part) -> None:
        """Start to publish, if this stack is the repository's and is deployed."""
        outputs = self.session.stack(IMAGE_FOLLOWS).outputs
        if part == IMAGE_FOLLOWS and outputs:
            self._published = self.pool.submit(
                publish,
                settings=self.session.settings,
                outputs=outputs,
                report=self.session.display.say,
                output=partial(self.session.log.write, source="image"),
            )

    def wait_before(self, part: Part) -> None:
        """Wait for the image, if this stack's functions run it.

        Raises:
            ImageError: The image cannot be built or published.
        """
        if part == IMAGE_PRECEDES and self._published:
            self._published.result()
