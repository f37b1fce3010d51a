"""The edge function's zip: the same source gives the same bytes on every machine."""

import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from modules.errors import UserError

MAX_PACKAGE_BYTES = 1_000_000
"""Largest package at viewer events, libraries included: 1 MB (CloudFront Developer Guide, Quotas on
Lambda@Edge)."""

SOURCES = "*.mjs"
"""Files of the package: ES modules only, so an editor's temporary files never change it."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold."""

_UNIX = 3
_FILE_MODE = 0o100644


class PackageError(UserError):
    """The function cannot be packaged; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A zip on this machine. Synthesis copies it, so it must exist until then."""

    path: Path
    """Path of the zip."""

    sha256: str
    """SHA-256 of the zip in Base64, as Lambda reports it and Terraform compares it."""


def package_function(*, source: Path, target: Path) -> Package:
    """Write a function's modules into a reproducible zip.

    Names are sorted, times and modes fixed, and nothing is compressed, since versions of zlib
    compress differently.

    Args:
        source: Folder that holds the modules.
        target: Zip to write.

    Raises:
        PackageError: The folder holds no modules, or the zip is larger than Lambda@Edge takes; no
            zip is written.
    """
    modules = sorted(source.glob(SOURCES))
    if not modules:
        message = f"{source} holds no {SOURCES}: name the folder of the edge function"
        raise PackageError(message)
    buffer = BytesIO()
    with ZipFile(buffer, "w", compression=ZIP_STORED) as archive:
        for module in modules:
            entry = ZipInfo(module.name, date_time=_EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _FILE_MODE << 16
            archive.writestr(entry, module.read_bytes())
    content = buffer.getvalue()
    if len(content) > MAX_PACKAGE_BYTES:
        message = (
            f"{source} makes a package of {len(content):,} bytes; Lambda@Edge takes "
            f"{MAX_PACKAGE_BYTES:,} at viewer events: make the function smaller"
        )
        raise PackageError(message)
    target.write_bytes(content)
    digest = hashlib.sha256(content).digest()
    return Package(path=target, sha256=base64.b64encode(digest).decode("ascii"))
