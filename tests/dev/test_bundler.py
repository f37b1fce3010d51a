"""Building the working copy with esbuild."""

import json
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from commands.dev.bundler import Bundler
from commands.dev.esbuild import BuildError
from tests.dev.small_container import small_container


@pytest.fixture
def container(tmp_path: Path) -> Path:
    """Return a small container folder, with the project's own build."""
    return small_container(tmp_path / "container")


@pytest.fixture
def bundler(container: Path, tmp_path: Path) -> Generator[Bundler]:
    """Return a bundler of the container folder."""
    bundler = Bundler(container=container, folder=tmp_path / "builds", coloured=False)
    with closing(bundler):
        yield bundler


def test_each_build_has_the_bundle_of_the_api_in_a_folder_of_its_own(
    bundler: Bundler, container: Path
) -> None:
    first = bundler.build().folder
    bundler.check_others()
    assert (bundler.build().folder / "api.cjs").read_text() == (first / "api.cjs").read_text()
    (container / "src" / "answer.ts").write_text('export const answer: string = "second";\n')
    second = bundler.build().folder
    assert {file.name for file in second.glob("*.cjs")} == {"api.cjs"}
    assert '"first"' in (first / "api.cjs").read_text()
    assert '"second"' in (second / "api.cjs").read_text()
    sources: list[str] = json.loads((second / "api.cjs.map").read_text())["sources"]
    assert {(second / source).resolve() for source in sources} == {
        container / "src" / "answer.ts",
        container / "src" / "api.ts",
    }


def test_an_error_names_file_and_line_and_the_next_build_works(
    bundler: Bundler, container: Path
) -> None:
    file = container / "src" / "answer.ts"
    correct = file.read_text()
    file.write_text("export const answer\n = = 1;\n")
    with pytest.raises(BuildError, match=r"container/src/answer\.ts:2:3"):
        bundler.build()
    file.write_text(correct)
    assert (bundler.build().folder / "api.cjs").is_file()


def test_a_warning_names_file_and_line_too(bundler: Bundler, container: Path) -> None:
    (container / "src" / "answer.ts").write_text("export const answer = { a: 1, a: 2 };\n")
    (warning,) = bundler.build().warnings
    assert "container/src/answer.ts:1:30" in warning


def test_an_error_in_the_other_functions_code_is_found_too(
    bundler: Bundler, container: Path
) -> None:
    bundler.check_others()
    (container / "src" / "administration.ts").write_text("export const\n")
    bundler.build()
    with pytest.raises(BuildError, match=r"container/src/administration\.ts:2:0"):
        bundler.check_others()


def test_only_the_user_may_read_the_builds_and_none_is_left(
    container: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "builds"
    with closing(Bundler(container=container, folder=folder, coloured=False)) as bundler:
        bundler.build()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
