"""The edge function's package."""

import base64
import hashlib
import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from modules.release.edge_package import PackageError, package_function

MODULES = {"b.mjs": b"export const b = 2;\n", "a.mjs": b"export const a = 1;\n"}


def _write(folder: Path, names: list[str], *, mode: int, time: int) -> Path:
    folder.mkdir()
    for name in names:
        path = folder / name
        path.write_bytes(MODULES[name])
        path.chmod(mode)
        os.utime(path, (time, time))
    return folder


def test_the_same_source_makes_the_same_package_on_every_machine(tmp_path: Path) -> None:
    one = _write(tmp_path / "one", ["a.mjs", "b.mjs"], mode=0o644, time=1)
    other = _write(tmp_path / "other", ["b.mjs", "a.mjs"], mode=0o600, time=2_000_000_000)
    (other / ".DS_Store").write_bytes(b"left by a desktop")
    (other / "a.mjs~").write_bytes(b"left by an editor")

    packages = [
        package_function(source=source, target=tmp_path / f"{source.name}.zip")
        for source in (one, other)
    ]

    assert packages[0].path.read_bytes() == packages[1].path.read_bytes()
    # A fixed digest: another Python, zlib, time zone or system must not change the bytes.
    assert {package.sha256 for package in packages} == {
        "SbwSLdSmHLhW+ko1cr9O3J7Ut+yxZdIEmkPt6+ZCVJE="
    }


def test_the_digest_is_what_lambda_reports(tmp_path: Path) -> None:
    source = _write(tmp_path / "source", ["a.mjs"], mode=0o644, time=1)
    package = package_function(source=source, target=tmp_path / "function.zip")
    digest = hashlib.sha256(package.path.read_bytes()).digest()
    assert package.sha256 == base64.b64encode(digest).decode()


def test_lambda_may_read_every_file(tmp_path: Path) -> None:
    source = _write(tmp_path / "source", ["a.mjs", "b.mjs"], mode=0o600, time=1)
    package = package_function(source=source, target=tmp_path / "function.zip")
    with ZipFile(package.path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == MODULES
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_a_changed_source_makes_another_package(tmp_path: Path) -> None:
    source = _write(tmp_path / "source", ["a.mjs"], mode=0o644, time=1)
    before = package_function(source=source, target=tmp_path / "before.zip")
    (source / "a.mjs").write_bytes(b"export const a = 2;\n")
    after = package_function(source=source, target=tmp_path / "after.zip")
    assert before.sha256 != after.sha256


@pytest.mark.parametrize("content", [None, b"x" * 1_000_000])
def test_a_package_that_lambda_at_edge_refuses_is_an_error(
    tmp_path: Path, content: bytes | None
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    if content is not None:
        (source / "a.mjs").write_bytes(content)
    target = tmp_path / "function.zip"
    with pytest.raises(PackageError, match=str(source)) as error:
        package_function(source=source, target=target)
    assert "\n" not in str(error.value)
    assert not target.exists()
