"""Makes an image of the application's bundles without Docker.

It lacks the base image's layers, so Docker cannot run it. The embedded AWS can, because it brings
Node.js itself. Layout: https://github.com/opencontainers/image-spec.
"""

import hashlib
import io
import json
import os
import re
import shlex
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from modules.bindings import find_node
from modules.release.container_image import DOCKERFILE, ImageError

_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
# Not compressed: compressed bytes, and so the digests, would depend on the machine's zlib.
_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"

_COMMAND = re.compile(r"^CMD (\[.+\])$", re.MULTILINE)
_TASK_ROOT = "var/task"
_FILE_MODE = 0o755  # the mode that the Dockerfile's COPY sets
_ERROR_MARK = "✘ [ERROR] "
_SET_UP = "run `make setup`"


@dataclass(frozen=True, kw_only=True)
class Blob:
    """A part of an image."""

    media_type: str
    """The media type of its content."""

    content: bytes
    """The bytes."""

    @property
    def digest(self) -> str:
        """`sha256:...` of the content."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    @property
    def descriptor(self) -> dict[str, str | int]:
        """The entry by which a manifest refers to it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.content)}


@dataclass(frozen=True, kw_only=True)
class PlainImage:
    """An image: the manifest refers to the configuration and the one layer."""

    manifest: Blob
    config: Blob
    layer: Blob


def make_plain_image(*, folder: Path) -> PlainImage:
    """Build a folder and pack its bundles; the same files give the same digests everywhere.

    Args:
        folder: The build context, with its packages installed.

    Raises:
        ImageError: The folder cannot be built, or its Dockerfile has no command.
    """
    layer = Blob(media_type=_LAYER_TYPE, content=_tar(_build(folder=folder)))
    config = _json_blob(
        media_type=_CONFIG_TYPE,
        value={
            "architecture": "arm64",
            "os": "linux",
            "config": {"Cmd": image_command(folder=folder), "WorkingDir": f"/{_TASK_ROOT}"},
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


def _build(*, folder: Path) -> dict[str, bytes]:
    """Run the build that the Dockerfile runs, and return its bundles by name."""
    node = find_node()
    if node is None:
        message = f"{folder} cannot be built: Node.js is not installed; {_SET_UP}"
        raise ImageError(message)
    esbuild = folder / "node_modules" / "esbuild" / "bin" / "esbuild"
    if not esbuild.is_file():
        message = f"{folder} cannot be built: its packages are not installed; {_SET_UP}"
        raise ImageError(message)
    # NODE_OPTIONS loads what speeds up CDKTF, which the build does not need.
    environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    with tempfile.TemporaryDirectory(prefix="bundles-") as output:
        result = subprocess.run(
            [node, str(esbuild), *build_arguments(folder=folder), f"--outdir={output}"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            reason = (result.stderr.strip().splitlines() or ["no reason given"])[0]
            message = f"{folder} cannot be built: {reason.removeprefix(_ERROR_MARK)}"
            raise ImageError(message)
        return {file.name: file.read_bytes() for file in sorted(Path(output).iterdir())}


def build_arguments(*, folder: Path) -> list[str]:
    """Read esbuild's arguments from the build script, so that only the script states them."""
    file = folder / "package.json"
    try:
        script: str = json.loads(file.read_text("utf-8"))["scripts"]["build"]
    except (OSError, ValueError, KeyError) as error:
        message = f"{file} has no build: give it a script `build` that runs esbuild"
        raise ImageError(message) from error
    return shlex.split(script)[1:]


def _tar(files: dict[str, bytes]) -> bytes:
    """Pack files in their order; `TarInfo` defaults to owner root and time zero."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{_TASK_ROOT}/{name}")
            entry.size = len(content)
            entry.mode = _FILE_MODE
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _json_blob(*, media_type: str, value: dict[str, object]) -> Blob:
    content = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    return Blob(media_type=media_type, content=content)


def image_command(*, folder: Path) -> list[str]:
    """Read the command from the Dockerfile, so that only the Dockerfile states it."""
    file = folder / DOCKERFILE
    try:
        commands = cast("list[str]", _COMMAND.findall(file.read_text("utf-8")))
        return json.loads(commands[-1])
    except (OSError, ValueError, IndexError) as error:
        message = f'{file} has no command: end it with a line like CMD ["api.handler"]'
        raise ImageError(message) from error
