"""The choice of Terraform, and the supported platforms."""

from collections.abc import Callable
from pathlib import Path

import pytest

from commands.setup.platforms import terraform_platform
from commands.setup.terraform import find_terraform, is_new_enough
from modules.toolchain import SetupError

MakeExecutable = Callable[[Path, str], Path]


def answering(version: str) -> str:
    return f"""echo '{{"terraform_version": "{version}"}}'"""


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.10.0", True),
        ("1.11.4", True),
        ("2.0.0", True),
        ("1.12.0-alpha20250213", True),
        ("1.9.8", False),
        ("1.10.0-rc1", False),
        ("0.15.5", False),
        ("next", False),
    ],
)
def test_versions_compare_as_numbers_and_a_prerelease_is_older_than_its_release(
    version: str, *, expected: bool
) -> None:
    assert is_new_enough(version=version) is expected


@pytest.mark.parametrize("version", ["1.10.0", "1.13.1"])
def test_terraform_on_path_is_used_if_new_enough(
    tmp_path: Path, make_executable: MakeExecutable, version: str
) -> None:
    terraform = make_executable(tmp_path / "my tools/terraform", answering(version))

    assert find_terraform(environment={"PATH": str(terraform.parent)}) == terraform


@pytest.mark.parametrize("script", [answering("1.9.8"), "exit 1", "echo 1.11.4", "echo '[]'"])
def test_an_unusable_terraform_on_path_is_skipped(
    tmp_path: Path, make_executable: MakeExecutable, script: str
) -> None:
    make_executable(tmp_path / "terraform", script)

    assert find_terraform(environment={"PATH": str(tmp_path)}) is None


def test_a_named_terraform_comes_before_path(
    tmp_path: Path, make_executable: MakeExecutable
) -> None:
    make_executable(tmp_path / "terraform", answering("1.11.4"))
    named = make_executable(tmp_path / "other/terraform-1.12", answering("1.12.0"))

    for name in (str(named), "terraform-1.12"):
        environment = {
            "PATH": f"{tmp_path}:{named.parent}",
            "TERRAFORM_BINARY_NAME": name,
        }
        assert find_terraform(environment=environment) == named


def test_an_unusable_named_terraform_is_an_error(
    tmp_path: Path, make_executable: MakeExecutable
) -> None:
    make_executable(tmp_path / "terraform", answering("1.11.4"))
    old = make_executable(tmp_path / "old", answering("1.9.8"))
    broken = make_executable(tmp_path / "broken", "exit 1")

    for named, problem in (
        (str(old), "is version 1.9.8"),
        (str(broken), "does not run as Terraform"),
        ("missing-terraform", "not an executable file or not on PATH"),
    ):
        with pytest.raises(SetupError, match=problem) as raised:
            find_terraform(environment={"PATH": str(tmp_path), "TERRAFORM_BINARY_NAME": named})
        assert named in str(raised.value)


def test_supported_platforms_have_terraform_names() -> None:
    assert terraform_platform(system="Linux", machine="x86_64") == "linux_amd64"
    assert terraform_platform(system="Linux", machine="aarch64") == "linux_arm64"
    assert terraform_platform(system="Darwin", machine="arm64") == "darwin_arm64"
    assert terraform_platform(system="Darwin", machine="x86_64") == "darwin_amd64"


@pytest.mark.parametrize(("system", "machine"), [("Windows", "AMD64"), ("Linux", "riscv64")])
def test_other_platforms_are_refused(system: str, machine: str) -> None:
    with pytest.raises(SetupError, match=f"{system} on {machine} is not supported: use Linux"):
        terraform_platform(system=system, machine=machine)
