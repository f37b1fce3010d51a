"""Builds and pushes an image with Docker, and leaves no credential behind."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from modules.release.container_image import ImageError

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient

_PLATFORM = "linux/arm64"
_ANSWER_SECONDS = 30.0
_LINES_OF_AN_ERROR = 20
_NEEDED = {
    "info": "Docker's engine does not answer; start it",
    "buildx version": "Docker lacks its buildx plugin; install it",
}


def docker_problem() -> str | None:
    """Return why Docker cannot be used on this machine; None means that it can."""
    if shutil.which("docker") is None:
        return "Docker is not installed; install it, and start it"
    for command, problem in _NEEDED.items():
        try:
            result = subprocess.run(
                ["docker", *command.split()],
                capture_output=True,
                text=True,
                check=False,
                timeout=_ANSWER_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"{problem} (no answer within {_ANSWER_SECONDS:.0f} s)"
        if result.returncode != 0:
            return f"{problem} ({_last_line(result.stderr)})"
    return None


def build_and_push(
    *, folder: Path, uri: str, registry: str, ecr: "ECRClient", output: Callable[[str], None]
) -> None:
    """Build a folder's image for Lambda on arm64 and push it.

    Args:
        folder: The build context.
        uri: The image, as `registry/repository:tag`.
        registry: The host to log in to.
        ecr: The client that gives the password, which is valid for 12 hours.
        output: Called with each line that Docker prints.

    Raises:
        ImageError: A step failed.
    """
    # Attestations would turn the manifest into an index, which Lambda rejects.
    build = ["buildx", "build", "--platform", _PLATFORM, "--provenance=false", "--sbom=false"]
    _docker(*build, "--load", "--tag", uri, str(folder), output=output)
    with _temporary_config(registry=registry) as config:
        _login(registry=registry, config=config, ecr=ecr)
        _docker("push", uri, config=config, output=output)


def _login(*, registry: str, config: Path, ecr: "ECRClient") -> None:
    token = ecr.get_authorization_token()["authorizationData"][0].get("authorizationToken", "")
    user, _, password = base64.b64decode(token).decode().partition(":")
    result = subprocess.run(
        ["docker", "login", "--username", user, "--password-stdin", registry],
        input=password,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DOCKER_CONFIG": str(config)},
    )
    if result.returncode != 0:
        message = f"Docker cannot log in to {registry}: {_last_line(result.stderr)}"
        raise ImageError(message)


def _docker(*arguments: str, output: Callable[[str], None], config: Path | None = None) -> None:
    environment = None if config is None else os.environ | {"DOCKER_CONFIG": str(config)}
    last: deque[str] = deque(maxlen=_LINES_OF_AN_ERROR)
    with subprocess.Popen(
        ["docker", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            last.append(line.rstrip())
            output(line.rstrip())
    if process.returncode != 0:
        failed = f"'docker {' '.join(arguments)}' failed with exit status {process.returncode}"
        message = "\n".join([failed, *last])
        raise ImageError(message)


@contextmanager
def _temporary_config(*, registry: str) -> Generator[Path]:
    """Make a Docker configuration that uses the same engine and stores no credential."""
    own = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    with tempfile.TemporaryDirectory(prefix="docker-config-") as name:
        folder = Path(name)
        for entry in own.iterdir() if own.is_dir() else ():
            if entry.name != "config.json":
                (folder / entry.name).symlink_to(entry.absolute())
        # Without an entry, Docker would store the password in the user's keychain.
        config: dict[str, object] = {"auths": {registry: {}}}
        if context := _current_context(own / "config.json"):
            config["currentContext"] = context
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        yield folder


def _current_context(file: Path) -> str | None:
    """Read which engine the user has chosen; leave it to Docker to report a broken file."""
    try:
        return json.loads(file.read_text(encoding="utf-8")).get("currentContext")
    except (OSError, ValueError):
        return None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]
