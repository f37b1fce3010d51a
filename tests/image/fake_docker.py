"""A fake `docker` command: records each call, and puts pushed images into the embedded registry.

The first argument is the folder that it records calls in; Docker's own arguments follow. To make a
command fail, put a file named after it into the folder, for example `buildx build`, with the exit
status as its content.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path


def main(folder: Path, arguments: list[str]) -> int:
    """Record a call and act on it."""
    command = " ".join(arguments[: 2 if arguments[0] == "buildx" else 1])
    own = Path(os.environ["DOCKER_CONFIG"])
    call = {
        "command": command,
        "arguments": arguments,
        "stdin": sys.stdin.read() if command == "login" else "",
        "config": str(own),
        "config_files": sorted(entry.name for entry in own.iterdir()),
        "config_json": json.loads((own / "config.json").read_text("utf-8")),
    }
    with (folder / "calls").open("a", encoding="utf-8") as calls:
        calls.write(json.dumps(call) + "\n")
    failure = folder / command
    if failure.exists():
        print(f"{command} went wrong", file=sys.stderr)
        return int(failure.read_text("utf-8"))
    if command == "push":
        _put_image(arguments[-1])
    return 0


def _put_image(uri: str) -> None:
    """Put the image into the embedded registry, as a real push would."""
    repository, _, tag = uri.partition("/")[2].rpartition(":")
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "layers": [{"digest": "sha256:" + "0" * 64}],
    }
    body = {"repositoryName": repository, "imageTag": tag, "imageManifest": json.dumps(manifest)}
    request = urllib.request.Request(  # noqa: S310  # the test's own server
        os.environ["FAKE_DOCKER_REGISTRY"],
        data=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.PutImage",
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ecr/aws4_request",
        },
    )
    with urllib.request.urlopen(request):  # noqa: S310  # the test's own server
        pass


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
