"""Writes a review into a folder."""

import os
from pathlib import Path

from review.changes.model import Review
from review.changes.rendering.html import render_html
from review.changes.rendering.json_text import render_json
from review.changes.rendering.markdown import render_markdown
from review.errors import ReviewError


def write_review(review: Review, *, folder: Path, name: str = "review") -> list[Path]:
    """Write a review as Markdown, JSON and HTML; only the user may read them.

    Args:
        review: The review.
        folder: Where; it is made if it is not there.
        name: The files' name.

    Raises:
        ReviewError: The folder cannot be written.
    """
    texts = {
        "md": render_markdown(review),
        "json": render_json(review),
        "html": render_html(review),
    }
    files = [folder / f"{name}.{ending}" for ending in texts]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in zip(files, texts.values(), strict=True):
            # A reader never meets a half-written file.
            draft = file.with_suffix(file.suffix + ".new")
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
            ) as new:
                new.write(text)
            draft.replace(file)
    except OSError as error:
        message = f"{folder} cannot be written: {error}"
        raise ReviewError(message) from error
    return files
