"""The commit of an image, recorded as a second tag `commit-...` of the image.

A tag changes neither the image nor any resource, so a new commit alone never redeploys anything. A
label would change the image's digest, which is the same for the same files.
"""

import subprocess
from pathlib import Path

TAG_PREFIX = "commit-"
"""Start of the tag; the commit's full hash follows."""


def commit_of(*, folder: Path) -> str | None:
    """Return the last commit that changed a folder.

    Returns:
        Its full hash, or None if the folder has changes that are not committed, or git does not
        know it.
    """
    changes = _git("status", "--porcelain", "--", ".", folder=folder)
    if changes is None or changes:
        return None
    return _git("log", "-1", "--format=%H", "--", ".", folder=folder) or None


def _git(*arguments: str, folder: Path) -> str | None:
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()
