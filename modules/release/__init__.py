"""What a release consists of: image tag, API document and the edge function's package."""

from modules.release.release import Release, prepare_release

__all__ = ["Release", "prepare_release"]
