"""Unpacks the code of functions: images from the embedded ECR, and zip files.

The layers of an image are unpacked over one another. Files that a later layer deletes are kept.
"""

import base64
import io
import json
import shutil
import tarfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, cast

from moto.ecr.models import ecr_backends

from local_aws.execution.function_version import FunctionVersion
from local_aws.execution.invocation import InvokeError
from local_aws.extensions.ecr import Registry

_TASK_ROOT = "var/task"
_ENTRY_POINT = ["/lambda-entrypoint.sh"]  # the runtime of AWS's base images

_unpacking = Lock()


@dataclass(frozen=True, kw_only=True)
class Code:
    """The unpacked code of a function."""

    task_root: Path
    """The folder that is `/var/task` in Lambda."""

    working_directory: Path
    """The working directory of the process."""

    handler: str
    """The handler, such as `module.function`."""


def unpack(version: FunctionVersion, *, folder: Path) -> Code:
    """Return the code of a version, and unpack it into its own folder the first time.

    A working copy takes the place of the deployed files. The handler is the deployed one.

    Raises:
        InvokeError: The code is not for Node.js, or not completely in the registry.
    """
    deployed = _unpack_deployed(version, folder=folder)
    if version.working_copy is None:
        return deployed
    own = version.working_copy.folder
    return replace(deployed, task_root=own, working_directory=own)


def _unpack_deployed(version: FunctionVersion, *, folder: Path) -> Code:
    if version.image is None:
        return _unpack_zip(version, folder=folder)
    return _unpack_image(version, image=version.image, folder=folder)


def _unpack_zip(version: FunctionVersion, *, folder: Path) -> Code:
    if not (version.runtime or "").startswith("nodejs"):
        only = f"Node.js functions only, not {version.runtime}"
        raise _unsupported(only)
    root = folder / base64.b64decode(version.code_sha256).hex() / _TASK_ROOT
    with _unpacking:
        if not root.exists():
            unfinished = _unfinished(folder)
            with zipfile.ZipFile(io.BytesIO(version.code)) as archive:
                archive.extractall(unfinished / _TASK_ROOT)  # noqa: S202  # extractall stays inside the folder
            unfinished.rename(root.parents[1])
    return Code(task_root=root, working_directory=root, handler=version.handler or "")


def _unpack_image(version: FunctionVersion, *, image: str, folder: Path) -> Code:
    address, _, digest = image.partition("@")
    repository = address.partition("/")[2]
    blobs = cast("Registry", ecr_backends[version.account][version.region]).blobs
    try:
        manifest = _manifest(version, repository=repository, digest=digest)
        config = json.loads(blobs[manifest["config"]["digest"]]).get("config", {})
        layers = [blobs[layer["digest"]] for layer in manifest["layers"]]
    except KeyError as error:
        message = f"The image {image} is incomplete in the embedded ECR: {error} was never uploaded"
        raise InvokeError(code="InvalidImage", status=400, message=message) from error
    entry_point = list(version.entry_point) or config.get("Entrypoint") or _ENTRY_POINT
    if entry_point != _ENTRY_POINT:
        only = f"images with the entry point {_ENTRY_POINT} only, not {entry_point}"
        raise _unsupported(only)
    root = folder / digest.partition(":")[2]
    with _unpacking:
        if not root.exists():
            unfinished = _unfinished(folder)
            for layer in layers:
                with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                    archive.extractall(unfinished, filter="data")
            unfinished.rename(root)
    task_root = root / _TASK_ROOT
    directory = version.working_directory or config.get("WorkingDir") or f"/{_TASK_ROOT}"
    working_directory = root / directory.lstrip("/")
    for needed in (task_root, working_directory):
        needed.mkdir(parents=True, exist_ok=True)
    return Code(
        task_root=task_root,
        working_directory=working_directory,
        handler=version.handler or next(iter(config.get("Cmd") or ()), ""),
    )


def _manifest(version: FunctionVersion, *, repository: str, digest: str) -> dict[str, Any]:
    registry = ecr_backends[version.account][version.region]
    for image in registry.repositories[repository].images:
        if image.get_image_digest() == digest:
            return json.loads(image.image_manifest)
    raise KeyError(digest)


def _unfinished(folder: Path) -> Path:
    unfinished = folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    return unfinished


def _unsupported(only: str) -> InvokeError:
    message = f"The embedded AWS runs {only}."
    return InvokeError(code="NotImplementedException", status=501, message=message)
