"""The image's tag: which changes of the container folder change it."""

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.release.container_image import ImageError, image_files, image_tag
from modules.release.dockerignore import DockerignoreError

_CONTAINER = Path(__file__).parents[2] / "container"

_IGNORED = st.sampled_from(
    [
        ".DS_Store",
        ".env",
        "README.md",
        "dist/api.cjs",
        "docs/api.md",
        "node_modules/left-pad/index.ts",
        "node_modules/left-pad/package.json",
        "node_modules/.package-lock.json",
        "src/.DS_Store",
        "src/.api.ts.swp",
        "src/api.ts~",
        "src/#api.ts#",
        "src/.cache/part.ts.map",
        "src/notes.txt",
        "test/unit/more.test.ts",
        "test/src/more.ts",
        "other/src/api.ts",
    ]
)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """Return a copy of the container folder, in a checkout of its own."""
    return _copy(tmp_path / "checkout")


@pytest.fixture(name="shared_folder", scope="module")
def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy for tests whose many examples leave its tag as it was."""
    return _copy(tmp_path_factory.mktemp("shared") / "checkout")


def test_ecr_accepts_the_tag(folder: Path) -> None:
    assert re.fullmatch("[0-9a-f]{20}", image_tag(folder=folder))


def test_the_same_content_has_the_same_tag_in_every_checkout(folder: Path) -> None:
    other = folder.with_name("another checkout")
    for path in sorted(_paths(folder), reverse=True):
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, other / path)
        (other / path).chmod(0o600)
        os.utime(other / path, (0, 0))

    assert image_tag(folder=other) == image_tag(folder=folder)


@settings(deadline=None)
@given(name=_IGNORED, content=st.binary())
def test_ignored_files_never_change_the_tag(shared_folder: Path, name: str, content: bytes) -> None:
    before = image_tag(folder=shared_folder)

    (shared_folder / name).parent.mkdir(parents=True, exist_ok=True)
    (shared_folder / name).write_bytes(content)
    after = image_tag(folder=shared_folder)
    (shared_folder / name).unlink()

    assert after == before


@settings(deadline=None)
@given(
    name=st.sampled_from(
        ["Dockerfile", "openapi.json", "package-lock.json", "src/api.ts", "src/http/router.ts"]
    ),
    data=st.data(),
)
def test_every_change_of_a_file_in_the_image_changes_the_tag(
    shared_folder: Path, name: str, data: st.DataObject
) -> None:
    before = image_tag(folder=shared_folder)
    path = shared_folder / name
    old = path.read_bytes()

    at = data.draw(st.integers(0, len(old)))
    path.write_bytes(old[:at] + data.draw(st.binary(min_size=1)) + old[at:])
    changed = image_tag(folder=shared_folder)
    path.write_bytes(old)

    assert changed != before
    assert image_tag(folder=shared_folder) == before


def test_line_endings_names_dockerignore_and_executable_bit_change_the_tag(folder: Path) -> None:
    api = folder / "src" / "api.ts"
    tags = [image_tag(folder=folder)]

    api.chmod(0o755)
    tags.append(image_tag(folder=folder))
    api.write_bytes(api.read_bytes().replace(b"\n", b"\r\n"))
    tags.append(image_tag(folder=folder))
    api.rename(folder / "src" / "other.ts")
    tags.append(image_tag(folder=folder))
    (folder / "src" / "empty.ts").touch()
    tags.append(image_tag(folder=folder))
    with (folder / ".dockerignore").open("a", encoding="utf-8") as rules:
        rules.write("# a remark\n")
    tags.append(image_tag(folder=folder))

    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("", ["Dockerfile", "a.txt", "lib/a.txt", "lib/deep/b.mjs", "src/a.mjs"]),
        ("*", []),
        ("**", []),
        ("*\n!src", ["src/a.mjs"]),
        ("*\n!/src/", ["src/a.mjs"]),
        ("*\n!lib/**", ["lib/a.txt", "lib/deep/b.mjs"]),
        ("*\n!**/*.mjs", ["lib/deep/b.mjs", "src/a.mjs"]),
        ("*\n!lib\nlib/deep", ["lib/a.txt"]),
        ("# comment\n\n  *  \n! src\r\n", ["src/a.mjs"]),
        ("Dockerfile\na.txt\n?ib\n.dockerignore", ["src/a.mjs"]),
        ("**/a.*\nDockerfile", ["lib/deep/b.mjs"]),
        ("*\n!lib/*", ["lib/a.txt", "lib/deep/b.mjs"]),
        ("*\n!lib/**/b.mjs", ["lib/deep/b.mjs"]),
    ],
)
def test_dockerignore_is_read_as_docker_reads_it(
    tmp_path: Path, rules: str, expected: list[str]
) -> None:
    for path in ("Dockerfile", "a.txt", "lib/a.txt", "lib/deep/b.mjs", "src/a.mjs"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / ".dockerignore").write_bytes(rules.encode())

    files = [file.path for file in image_files(folder=tmp_path)]

    assert [path for path in files if path != ".dockerignore"] == expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("*\n!src/**/*.ts", {"src", "src/http"}),
        ("*\n!**/*.ts", {"node_modules", "node_modules/left-pad", "src", "src/http"}),
        ("*\n!src", {"src", "src/http"}),
        ("*\n!src\n**/http", {"src", "src/http"}),
        ("*\n!s?c/*.ts", {"src"}),
        ("*\n!openapi.json", set[str]()),
        ("node_modules", {"src", "src/http"}),
    ],
)
def test_only_folders_that_a_pattern_may_let_in_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: str, expected: set[str]
) -> None:
    for path in ("node_modules/left-pad/index.ts", "src/http/router.ts", "openapi.json"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / ".dockerignore").write_text(rules)
    read: set[Path] = set()
    scandir = os.scandir

    def record(folder: Path) -> object:
        read.add(Path(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", record)
    image_files(folder=tmp_path)

    assert read == {tmp_path, *(tmp_path / path for path in expected)}


def test_links_and_unsupported_patterns_are_errors(folder: Path) -> None:
    outside = folder.with_name("outside.ts")
    outside.touch()
    (folder / "src" / "linked.ts").symlink_to(outside)
    with pytest.raises(ImageError, match=r"linked\.ts is no regular file"):
        image_tag(folder=folder)

    for rule in ("!src/[a-z].mjs", "!src/a\\*.mjs", "!src**.mjs", "!"):
        (folder / ".dockerignore").write_text(f"*\n{rule}\n")
        with pytest.raises(DockerignoreError, match=r"\.dockerignore, line 2: .* not supported"):
            image_tag(folder=folder)

    (folder / "Dockerfile").unlink()
    with pytest.raises(ImageError, match="holds no Dockerfile"):
        image_tag(folder=folder)


def _copy(folder: Path) -> Path:
    left_out = shutil.ignore_patterns("node_modules", "dist", "test")
    return Path(shutil.copytree(_CONTAINER, folder, ignore=left_out))


def _paths(folder: Path) -> list[Path]:
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
