"""The choice of the provider's source."""

from pathlib import Path

import pytest

from commands.setup.mirrors import add_on_mirrors, implied_mirrors
from commands.setup.providers import choose_provider_source
from modules.toolchain import SetupError

PROVIDER = "registry.terraform.io/hashicorp/aws"


def unpacked(mirror: Path, version: str = "5.100.0", platform: str = "linux_amd64") -> Path:
    folder = mirror / PROVIDER / version / platform
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_v{version}_x5").touch()
    return mirror


def packed(mirror: Path, version: str = "5.100.0", platform: str = "linux_amd64") -> Path:
    folder = mirror / PROVIDER
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_{version}_{platform}.zip").touch()
    return mirror


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an empty home folder, without Terraform CLI configuration."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_a_registry_that_answers_is_used(
    home: Path, served_folder: Path, server_url: str, tmp_path: Path
) -> None:
    (served_folder / ".well-known").mkdir()
    (served_folder / ".well-known/terraform.json").write_text("{}", encoding="utf-8")

    source = choose_provider_source(
        environment={"HOME": str(home)},
        platform="linux_amd64",
        registry_url=server_url,
        places=[unpacked(tmp_path / "mirror")],
    )

    assert source.mirror is None
    assert server_url in source.description


@pytest.mark.parametrize(
    ("platform", "make"),
    [
        ("linux_amd64", unpacked),
        ("linux_amd64", packed),
        ("darwin_arm64", unpacked),
        ("darwin_amd64", packed),
        ("linux_arm64", packed),
    ],
)
def test_a_mirror_is_found_by_its_layout_when_the_registry_does_not_answer(
    home: Path, dead_url: str, tmp_path: Path, platform: str, make: object
) -> None:
    assert callable(make)
    make(tmp_path / "add-ons/some vendor/plugins", platform=platform)
    unpacked(tmp_path / "old version", version="5.99.1", platform=platform)
    packed(tmp_path / "other platform", platform="windows_amd64")

    source = choose_provider_source(
        environment={"HOME": str(home)},
        platform=platform,
        registry_url=dead_url,
        places=[
            tmp_path / "absent",
            tmp_path / "old version",
            tmp_path / "other platform",
            *add_on_mirrors(folders=[tmp_path / "absent", tmp_path / "add-ons"]),
        ],
    )

    assert source.mirror == tmp_path / "add-ons/some vendor/plugins"


def test_a_registry_that_refuses_counts_as_no_answer(
    home: Path, server_url: str, tmp_path: Path
) -> None:
    mirror = unpacked(tmp_path / "mirror")

    source = choose_provider_source(
        environment={"HOME": str(home)},
        platform="linux_amd64",
        registry_url=server_url,  # answers 404
        places=[mirror],
    )

    assert source.mirror == mirror


@pytest.mark.parametrize("platform", ["linux_arm64", "darwin_amd64"])
def test_an_unpacked_mirror_of_unknown_checksum_is_not_used(
    home: Path, dead_url: str, tmp_path: Path, platform: str
) -> None:
    mirror = unpacked(tmp_path / "mirror", platform=platform)

    with pytest.raises(SetupError, match=f"5.100.0 for {platform} as a zip file"):
        choose_provider_source(
            environment={"HOME": str(home)},
            platform=platform,
            registry_url=dead_url,
            places=[mirror],
        )
    with pytest.raises(SetupError, match="unpacked; its checksum is known for linux_amd64 and"):
        choose_provider_source(
            environment={"HOME": str(home), "TF_PROVIDER_MIRROR": str(mirror)}, platform=platform
        )


def test_without_any_source_the_error_is_one_line(home: Path, dead_url: str) -> None:
    with pytest.raises(SetupError) as raised:
        choose_provider_source(
            environment={"HOME": str(home)},
            platform="linux_amd64",
            registry_url=dead_url,
            places=[],
        )

    assert f"{dead_url} does not answer" in str(raised.value)
    assert "TF_PROVIDER_MIRROR" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_named_mirror_is_used_without_asking_the_registry(home: Path, tmp_path: Path) -> None:
    mirror = packed(tmp_path / "my mirror")

    source = choose_provider_source(
        environment={"HOME": str(home), "TF_PROVIDER_MIRROR": str(mirror)},
        platform="linux_amd64",
        registry_url="not asked",
    )

    assert source.mirror == mirror


def test_a_named_mirror_without_the_provider_is_an_error(home: Path, tmp_path: Path) -> None:
    mirror = unpacked(tmp_path / "mirror", version="5.99.1")

    with pytest.raises(SetupError, match=r"does not hold AWS provider 5\.100\.0 for linux_amd64"):
        choose_provider_source(
            environment={"HOME": str(home), "TF_PROVIDER_MIRROR": str(mirror)},
            platform="linux_amd64",
        )


@pytest.mark.parametrize("file", [".terraformrc", ".terraform.d/work.tfrc", "named.tfrc"])
def test_the_users_installation_method_is_kept(home: Path, file: str) -> None:
    config = home / file
    config.parent.mkdir(exist_ok=True)
    config.write_text("# mine\nprovider_installation {\n  direct {}\n}\n", encoding="utf-8")
    environment = {"HOME": str(home)}
    if file == "named.tfrc":
        environment["TF_CLI_CONFIG_FILE"] = str(config)

    source = choose_provider_source(
        environment=environment, platform="linux_amd64", registry_url="not asked"
    )

    assert source.mirror is None
    assert "your Terraform CLI configuration" in source.description
    with pytest.raises(SetupError, match="remove one of them"):
        choose_provider_source(
            environment={**environment, "TF_PROVIDER_MIRROR": str(home)}, platform="linux_amd64"
        )


def test_the_folders_that_terraform_searches_are_searched(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_DATA_HOME": "/x/home", "XDG_DATA_DIRS": "/x/a:/x/b"}

    places = set(implied_mirrors(environment=environment))

    assert places >= {
        tmp_path / ".terraform.d/plugins",
        Path("/x/home/terraform/plugins"),
        Path("/x/a/terraform/plugins"),
        Path("/x/b/terraform/plugins"),
    }
    assert Path("/usr/share/terraform/plugins") in set(
        implied_mirrors(environment={"HOME": str(tmp_path)})
    )
