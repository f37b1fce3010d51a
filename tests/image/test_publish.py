"""Publishing the image, with and without Docker: each tag once, with verifiable digests."""

import hashlib
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from mypy_boto3_ecr import ECRClient

from commands.image import Published, publish_image
from modules.release.container_image import ImageError, image_tag

pytestmark = pytest.mark.local_aws

_CONTAINER = Path(__file__).parents[2] / "container"
_FAKE_DOCKER = Path(__file__).with_name("fake_docker.py")
_REPOSITORY = "shop-test/api"
_TOOLS = Path(sys.executable).parent


@dataclass(frozen=True, kw_only=True)
class _Registry:
    ecr: ECRClient
    server_url: str
    repository_url: str


@pytest.fixture(name="server_url", scope="module")
def _server_url() -> Generator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(name="registry")
def _registry(server_url: str) -> Generator[_Registry]:
    # The type stubs cover only the services in use, so boto3.client is partly unknown.
    ecr = boto3.client(  # pyright: ignore[reportUnknownMemberType]
        "ecr",
        endpoint_url=server_url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  # the embedded AWS accepts any
    )
    repository = ecr.create_repository(repositoryName=_REPOSITORY, imageTagMutability="IMMUTABLE")[
        "repository"
    ]
    yield _Registry(
        ecr=ecr, server_url=server_url, repository_url=repository.get("repositoryUri", "")
    )
    ecr.delete_repository(repositoryName=_REPOSITORY, force=True)
    ecr.close()


@dataclass(frozen=True, kw_only=True)
class _Docker:
    folder: Path
    home: Path

    def calls(self) -> list[dict[str, Any]]:
        record = self.folder / "calls"
        lines = record.read_text("utf-8").splitlines() if record.exists() else []
        return [json.loads(line) for line in lines]

    def fail(self, command: str) -> None:
        (self.folder / command).write_text("3", encoding="utf-8")


@pytest.fixture(name="docker")
def _docker(tmp_path: Path, registry: _Registry, monkeypatch: pytest.MonkeyPatch) -> _Docker:
    """Return a fake `docker` on PATH, and a user's Docker configuration with a keychain."""
    docker = _Docker(folder=tmp_path / "docker", home=tmp_path / "home" / ".docker")
    docker.folder.mkdir()
    command = [sys.executable, str(_FAKE_DOCKER), str(docker.folder)]
    executable = docker.folder / "docker"
    executable.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
    executable.chmod(0o755)
    (docker.home / "contexts").mkdir(parents=True)
    own = {"credsStore": "keychain", "currentContext": "far", "auths": {"other": {"auth": "eA=="}}}
    (docker.home / "config.json").write_text(json.dumps(own), encoding="utf-8")
    monkeypatch.setenv("PATH", f"{docker.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DOCKER_CONFIG", str(docker.home))
    monkeypatch.setenv("FAKE_DOCKER_REGISTRY", registry.server_url)
    return docker


def _publish(
    registry: _Registry,
    *,
    folder: Path = _CONTAINER,
    repository_url: str | None = None,
    allow_without_docker: bool,
    report: list[str] | None = None,
) -> Published:
    return publish_image(
        folder=folder,
        tag=image_tag(folder=folder),
        repository_url=repository_url or registry.repository_url,
        repository_name=_REPOSITORY,
        ecr=registry.ecr,
        allow_without_docker=allow_without_docker,
        report=([] if report is None else report).append,
        output=print,
    )


def _sha256(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_without_docker_the_image_is_published_once(registry: _Registry) -> None:
    first = _publish(registry, allow_without_docker=True)
    second = _publish(registry, allow_without_docker=True)

    assert first.pushed
    assert first.uri == f"{registry.repository_url}:{image_tag(folder=_CONTAINER)}"
    assert second == Published(uri=first.uri, digest=first.digest, pushed=False)
    assert len(registry.ecr.describe_images(repositoryName=_REPOSITORY)["imageDetails"]) == 1


def test_without_docker_the_digests_are_those_of_the_real_bundles(
    registry: _Registry, tmp_path: Path
) -> None:
    published = _publish(registry, allow_without_docker=True)

    image = registry.ecr.batch_get_image(
        repositoryName=_REPOSITORY, imageIds=[{"imageDigest": published.digest}]
    )["images"][0]
    text = image.get("imageManifest", "")
    manifest = json.loads(text)
    subprocess.run(
        ["npm", "run", "--silent", "build", "--", f"--outdir={tmp_path}"],
        cwd=_CONTAINER,
        env=os.environ | {"PATH": f"{_TOOLS}{os.pathsep}{os.environ['PATH']}"},
        check=True,
    )
    layer = _layer(
        {
            f"var/task/{name}": (tmp_path / name).read_bytes()
            for name in ("administration.cjs", "api.cjs")
        }
    )
    config = {
        "architecture": "arm64",
        "os": "linux",
        "config": {"Cmd": ["api.handler"], "WorkingDir": "/var/task"},
        "rootfs": {"type": "layers", "diff_ids": [_sha256(layer)]},
    }
    config_bytes = json.dumps(config, sort_keys=True, separators=(",", ":")).encode()
    assert published.digest == _sha256(text.encode())
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
    assert [(part["digest"], part["size"]) for part in manifest["layers"]] == [
        (_sha256(layer), len(layer))
    ]
    assert manifest["config"]["digest"] == _sha256(config_bytes)
    assert manifest["config"]["size"] == len(config_bytes)
    uploaded = registry.ecr.batch_check_layer_availability(
        repositoryName=_REPOSITORY, layerDigests=[_sha256(layer), _sha256(config_bytes)]
    )
    assert [part.get("layerSize") for part in uploaded["layers"]] == [len(layer), len(config_bytes)]


def test_without_docker_another_checkout_gives_the_same_digest(
    registry: _Registry, tmp_path: Path
) -> None:
    first = _publish(registry, allow_without_docker=True)
    registry.ecr.batch_delete_image(
        repositoryName=_REPOSITORY, imageIds=[{"imageDigest": first.digest}]
    )
    other = _copy(tmp_path / "other")
    (other / "src" / "api.ts").chmod(0o600)
    (other / "src" / ".api.ts.swp").touch()
    (other / "dist").mkdir(exist_ok=True)
    (other / "dist" / "old.cjs").touch()

    assert _publish(registry, folder=other, allow_without_docker=True) == first


def test_an_image_is_tagged_with_the_commit_of_its_files(
    registry: _Registry, tmp_path: Path
) -> None:
    folder = _copy(tmp_path / "project" / "container")
    (folder / ".gitignore").write_text("/node_modules\n", encoding="utf-8")

    def git(*arguments: str) -> str:
        author = ["-c", "user.name=Test", "-c", "user.email=test@test.example"]
        command = ["git", *author, *arguments]
        return subprocess.check_output(command, cwd=folder.parent, text=True).strip()

    def tags() -> set[str]:
        published = _publish(registry, folder=folder, allow_without_docker=True)
        images = registry.ecr.describe_images(
            repositoryName=_REPOSITORY, imageIds=[{"imageDigest": published.digest}]
        )
        return set(images["imageDetails"][0].get("imageTags", []))

    git("init", "--quiet")
    assert tags() == {image_tag(folder=folder)}  # nothing is committed yet
    git("add", "--all")
    git("commit", "--quiet", "--message", "Add the container")
    commit = git("rev-parse", "HEAD")
    git("commit", "--quiet", "--allow-empty", "--message", "Change nothing in it")
    for _ in range(2):
        assert tags() == {image_tag(folder=folder), f"commit-{commit}"}

    with (folder / "src" / "api.ts").open("a", encoding="utf-8") as file:
        file.write("console.info(1);\n")
    assert tags() == {image_tag(folder=folder)}


def test_with_docker_the_image_is_built_for_lambda_and_pushed_once(
    registry: _Registry, docker: _Docker
) -> None:
    published = _publish(registry, allow_without_docker=False)
    again = _publish(registry, allow_without_docker=False)

    assert published.pushed
    assert published.digest.startswith("sha256:")
    assert not again.pushed
    calls = [call["arguments"] for call in docker.calls()]
    assert [call[0] for call in calls] == ["info", "buildx", "buildx", "login", "push"]
    build = calls[2]
    assert build[build.index("--platform") + 1] == "linux/arm64"
    assert {"--provenance=false", "--sbom=false"} <= set(build)
    assert build[build.index("--tag") + 1] == published.uri
    assert build[-1] == str(_CONTAINER)
    assert calls[4] == ["push", published.uri]


def test_only_docker_login_gets_the_registry_password(
    registry: _Registry, docker: _Docker, capfd: pytest.CaptureFixture[str]
) -> None:
    report: list[str] = []
    before = (docker.home / "config.json").read_bytes()

    _publish(registry, allow_without_docker=False, report=report)

    password = "123456789012-auth-token"  # noqa: S105  # the password that the embedded AWS issues
    host = registry.repository_url.partition("/")[0]
    _, _, build, login, push = docker.calls()
    assert login["arguments"] == ["login", "--username", "AWS", "--password-stdin", host]
    assert login["stdin"] == password
    said = json.dumps([call["arguments"] for call in docker.calls()]) + "".join(report)
    assert password not in said + "".join(capfd.readouterr())
    # The temporary configuration uses the same engine and no keychain, and is deleted afterwards.
    assert build["config"] == str(docker.home)
    assert login["config"] == push["config"] != str(docker.home)
    assert login["config_json"] == {"auths": {host: {}}, "currentContext": "far"}
    assert login["config_files"] == ["config.json", "contexts"]
    assert not Path(login["config"]).exists()
    assert (docker.home / "config.json").read_bytes() == before


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("info", r"the image is not published: Docker's engine does not answer.*info went wrong"),
        ("buildx version", r"the image is not published: Docker lacks its buildx plugin"),
        ("buildx build", r"'docker buildx build .*' failed with exit status 3\n.*build went wrong"),
        ("login", r"Docker cannot log in to .*: login went wrong"),
        ("push", r"'docker push .*' failed with exit status 3\n.*push went wrong"),
    ],
)
def test_a_failed_docker_command_is_reported_with_what_docker_said(
    registry: _Registry, docker: _Docker, command: str, message: str
) -> None:
    docker.fail(command)

    with pytest.raises(ImageError, match=f"^{message}"):
        _publish(registry, allow_without_docker=False)

    assert docker.calls()[-1]["command"] == command
    assert registry.ecr.describe_images(repositoryName=_REPOSITORY)["imageDetails"] == []


def test_missing_docker_outside_the_embedded_aws_is_reported_in_one_line(
    registry: _Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ImageError, match=r"^the image is not published: Docker is not installed"):
        _publish(registry, allow_without_docker=False)


def test_with_an_embedded_aws_docker_never_pushes_to_the_real_one(
    registry: _Registry, docker: _Docker
) -> None:
    assert _publish(registry, allow_without_docker=True).pushed
    assert docker.calls() == []


def test_docker_pushes_to_the_registry_of_another_local_aws(
    registry: _Registry, docker: _Docker
) -> None:
    url = f"127.0.0.1:5000/{_REPOSITORY}"

    assert _publish(registry, repository_url=url, allow_without_docker=True).pushed
    assert docker.calls()[-1]["arguments"][0] == "push"


def test_a_missing_repository_is_reported_in_one_line(registry: _Registry) -> None:
    with pytest.raises(ImageError, match=r"^there is no repository nowhere: deploy the foundation"):
        publish_image(
            folder=_CONTAINER,
            tag="0",
            repository_url="registry/nowhere",
            repository_name="nowhere",
            ecr=registry.ecr,
            allow_without_docker=True,
            report=print,
            output=print,
        )


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("src/api.ts", "const = 1;", r".* cannot be built: .*Expected identifier.*"),
        ("package.json", "{}", r".*package\.json has no build: .*"),
        ("Dockerfile", "FROM scratch", r".*Dockerfile has no command: .*"),
        ("node_modules", None, ".* packages are not installed; run `make setup`"),
    ],
)
def test_a_folder_that_cannot_be_built_is_reported_in_one_line(
    registry: _Registry, tmp_path: Path, path: str, content: str | None, message: str
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(_CONTAINER, folder, ignore=shutil.ignore_patterns("node_modules"))
    if content is None:
        (folder / path).mkdir(parents=True)
    else:
        (folder / "node_modules").symlink_to(_CONTAINER / "node_modules")
        (folder / path).write_text(content, encoding="utf-8")

    with pytest.raises(ImageError, match=f"^{message}$"):
        _publish(registry, folder=folder, allow_without_docker=True)


def _copy(folder: Path) -> Path:
    """Copy the real container folder, without the packages that no build needs."""
    less = shutil.ignore_patterns("@types", "@typescript", "fast-check", "typescript")
    shutil.copytree(_CONTAINER, folder, ignore=less, copy_function=shutil.copyfile)
    # copyfile drops the executable bit that esbuild's program needs
    for program in (folder / "node_modules" / "@esbuild").glob("*/bin/esbuild"):
        program.chmod(0o755)
    return folder


def _layer(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime, entry.uid, entry.gid = len(content), 0o755, 0, 0, 0
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
