"""Symbolic links that record what set-up has chosen."""

from pathlib import Path


def replace_link(*, link: Path, target: Path) -> None:
    """Make or replace a symbolic link (or a file in its place) at once."""
    part = link.with_name(f"{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)
