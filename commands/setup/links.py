"""Writes the symbolic links that record what set-up has chosen."""

from pathlib import Path


def replace_link(*, link: Path, target: Path) -> None:
    """Make a symbolic link, or replace a link or file by it in one step."""
    part = link.with_name(f"{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(target)
    part.replace(link)
