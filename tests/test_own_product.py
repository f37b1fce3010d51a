"""The steps of docs/own-product.md, done in a copy of the project."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modules.settings.product import PRODUCT
from modules.toolchain import ROOT
from tests.end_to_end.project import copy_project

ACCOUNT = "987654321098"
BUCKET = "bookshop-states"
DOMAIN = {
    "aliases": ["www.bookshop.example"],
    "certificate_arn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1",
    "origin_host": "origin.bookshop.example",
    "origin_certificate_arn": f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/2",
}


@pytest.mark.slow
def test_a_renamed_copy_of_the_project_names_everything_anew(tmp_path: Path) -> None:
    project = tmp_path / "bookshop"
    copy_project(project)
    product = project / "modules/settings/product.py"
    product.write_text(product.read_text().replace(f'"{PRODUCT}"', '"bookshop"'))
    settings = project / "environments/dev.yaml"
    lines = [
        line
        for line in settings.read_text().splitlines()
        if not line.startswith(("account_id:", "state:", "  bucket:", "  region:"))
    ]
    settings.write_text(
        "\n".join(
            [
                *lines,
                f'account_id: "{ACCOUNT}"',
                f"state: {{bucket: {BUCKET}, region: eu-west-1}}",
                f"domain: {json.dumps(DOMAIN)}",
            ]
        )
    )
    subprocess.run(
        [sys.executable, "main.py"],
        cwd=project,
        env=os.environ | {"ENVIRONMENT": "dev"},
        check=True,
    )
    stacks = sorted((project / "cdktf.out/stacks").iterdir())
    assert [stack.name for stack in stacks] == [
        f"bookshop-dev-{part}"
        for part in ("data", "edge", "foundation", "observability", "service")
    ]
    text = "".join((stack / "cdk.tf.json").read_text() for stack in stacks)
    assert PRODUCT not in text
    for expected in (ACCOUNT, BUCKET, DOMAIN["aliases"][0], '"database_name": "bookshop"'):
        assert expected in text
    assert str(ROOT) not in text
