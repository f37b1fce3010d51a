"""What a saved file needs beside a new build."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from commands.dev.needs import DeployedApi, DeploymentNeeds
from modules.release.api_document import load_api_document
from modules.release.release import API_DOCUMENT, CONTAINER
from modules.toolchain import ROOT

SERVED = {
    f"{operation.method} {operation.path}": tuple(sorted(operation.scopes))
    for operation in load_api_document(API_DOCUMENT).operations
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the project's files that decide what is deployed."""
    for folder in ("environments", "modules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copytree(CONTAINER / "src", tmp_path / "container" / "src")
    shutil.copy(API_DOCUMENT, tmp_path / "container")
    return tmp_path


class Deployed:
    """What is deployed, which a test can change."""

    def __init__(self) -> None:
        self.api = DeployedApi(version="1", routes=SERVED)

    def read(self) -> DeployedApi:
        """Return what is deployed."""
        return self.api


@pytest.fixture
def deployed() -> Deployed:
    return Deployed()


@pytest.fixture
def needs(root: Path, deployed: Deployed) -> DeploymentNeeds:
    return DeploymentNeeds(root=root, environment="local", read_deployed=deployed.read)


def _change_document(root: Path, change: dict[str, Any]) -> Path:
    file = root / "container" / "openapi.json"
    document = json.loads(file.read_text())
    document["paths"] |= change
    file.write_text(json.dumps(document))
    return file


def test_a_route_that_the_deployed_api_lacks_is_told_until_it_is_deployed(
    root: Path, needs: DeploymentNeeds, deployed: Deployed
) -> None:
    health = json.loads(API_DOCUMENT.read_text())["paths"]["/health"]
    file = _change_document(root, {"/greeting": health})
    told = "API Gateway has other routes than container/openapi.json: GET /greeting is not served"
    assert needs.describe({file}) == [told]
    again = DeploymentNeeds(root=root, environment="local", read_deployed=deployed.read)
    assert again.describe_deployed() == [told]
    deployed.api = DeployedApi(version="2", routes=SERVED | {"GET /greeting": ()})
    assert again.describe_deployed() == []
    document = json.loads(file.read_text())
    document["info"]["description"] = "Another description."
    file.write_text(json.dumps(document))
    assert needs.describe({file}) == []


def test_a_document_without_another_route_is_told_only_if_api_gateway_needs_it(
    root: Path, needs: DeploymentNeeds
) -> None:
    assert needs.describe_deployed() == []
    file = root / "container" / "openapi.json"
    document = json.loads(file.read_text())
    document["info"]["description"] = "Another description."
    file.write_text(json.dumps(document))
    assert needs.describe({file}) == []
    document["components"]["schemas"]["NewOrder"]["maxProperties"] = 9
    file.write_text(json.dumps(document))
    assert needs.describe({file}) == [
        "container/openapi.json: parameters, bodies or scopes changed"
    ]
    file.write_text("{")
    assert "openapi.json cannot be read" in needs.describe({file})[0]
    file.write_bytes(API_DOCUMENT.read_bytes())
    assert needs.describe({file}) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("container/src/migrations/0003-more.ts", "the migrations changed: {}"),
        ("container/src/administration/roles.ts", "database administration changed: {}"),
        ("container/src/administration.ts", "database administration changed: {}"),
        ("environments/local.yaml", "what is deployed changed: {}"),
        ("modules/settings/alarms.py", "what is deployed changed: {}"),
        ("modules/edge/function/viewer-request.mjs", "what is deployed changed: {}"),
        ("container/src/health.ts", None),
        ("environments/prod.yaml", None),
    ],
)
def test_a_file_is_told_once_for_each_change(
    root: Path, needs: DeploymentNeeds, name: str, told: str | None
) -> None:
    file = root / name
    expected = [told.format(name)] if told else []
    deployed_text = file.read_text() if file.exists() else ""
    for text in ("once", "twice"):
        file.write_text(f"{deployed_text}\n{text}")
        assert needs.describe({file}) == expected
        assert needs.describe({file}) == []  # it was saved without a change
    if deployed_text:
        file.write_text(deployed_text)
        assert needs.describe({file}) == []
