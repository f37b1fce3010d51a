"""Makes an image of the application's files without Docker.

It lacks the base image's layers, so nothing can run it: it is for an embedded AWS, which stores
images and never runs them. Layout: https://github.com/opencontainers/image-spec.
"""

import hashlib
import io
import json
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from modules.container_image import DOCKERFILE, ImageError, ImageFile, image_files

_MANIFEST_TYPE: Final = "application/vnd.oci.image.manifest.v1+json"
_CONFIG_TYPE: Final = "application/vnd.oci.image.config.v1+json"
# Not compressed: compressed bytes, and so digests, would depend on the machine's zlib.
_LAYER_TYPE: Final = "application/vnd.oci.image.layer.v1.tar"

_COMMAND: Final = re.compile(r"^CMD (\[.+\])$", re.MULTILINE)
_TASK_ROOT: Final = "var/task"
_FILE_MODE: Final = 0o755  # as the Dockerfile's COPY sets it


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A part of an image.

    Attributes:
        media_type: What it is.
        content: Its bytes.
    """

    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """`sha256:...` of the content."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    @property
    def descriptor(self) -> dict[str, str | int]:
        """How a manifest refers to it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.content)}


@dataclass(frozen=True, kw_only=True)
class PlainImage:
    """An image: the manifest refers to the configuration and the one layer."""

    manifest: Blob
    config: Blob
    layer: Blob


def make_plain_image(*, folder: Path) -> PlainImage:
    """Packs a folder's files; the same files give the same digests on every machine.

    Args:
        folder: The build context.

    Raises:
        ImageError: The Dockerfile names no command, or a file cannot be read.
    """
    layer = Blob(media_type=_LAYER_TYPE, content=_tar(image_files(folder=folder)))
    config = _json_blob(
        media_type=_CONFIG_TYPE,
        value={
            "architecture": "arm64",
            "os": "linux",
            "config": {"Cmd": _command(folder=folder), "WorkingDir": f"/{_TASK_ROOT}"},
            "rootfs": {"type": "layers", "diff_ids": [layer.digest]},
        },
    )
    manifest = _json_blob(
        media_type=_MANIFEST_TYPE,
        value={
            "schemaVersion": 2,
            "mediaType": _MANIFEST_TYPE,
            "config": config.descriptor,
            "layers": [layer.descriptor],
        },
    )
    return PlainImage(manifest=manifest, config=config, layer=layer)


def _tar(files: list[ImageFile]) -> bytes:
    """Packs files in their order; `TarInfo` starts with owner root and time zero."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for file in files:
            entry = tarfile.TarInfo(f"{_TASK_ROOT}/{file.path}")
            entry.size = len(file.content)
            entry.mode = _FILE_MODE
            archive.addfile(entry, io.BytesIO(file.content))
    return buffer.getvalue()


def _json_blob(*, media_type: str, value: dict[str, object]) -> Blob:
    content = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    return Blob(media_type=media_type, content=content)


def _command(*, folder: Path) -> list[str]:
    """Reads the Dockerfile's command, so that it is written down once."""
    file = folder / DOCKERFILE
    try:
        commands = cast("list[str]", _COMMAND.findall(file.read_text("utf-8")))
        return json.loads(commands[-1])
    except (OSError, ValueError, IndexError) as error:
        message = f'{file} names no command: end it with a line like CMD ["src/handler.handler"]'
        raise ImageError(message) from error
