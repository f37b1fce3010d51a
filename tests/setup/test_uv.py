"""uv finds packages where the machine's pip configuration says."""

import os
from pathlib import Path

from commands.setup.uv import read_pip_options, uv_arguments, uv_environment


def test_uv_gets_what_pips_files_and_variables_say(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        """[global]
index-url = https://user:it's@packages.example/simple
find-links = /not/this
timeout = 60
[install]
extra-index-url =
    https://one.example/simple
    file:///two/simple
trusted-host = one.example
[download]
proxy = http://not.this.example
""",
        encoding="utf-8",
    )
    # pip reads the machine's own files too; a variable wins over them.
    environment = {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": str(file),
        "PIP_FIND_LINKS": "/one /two",
        "PIP_CERT": "/my/certificates.pem",
        "PIP_PROXY": "http://proxy.example:3128",
        "UV_HTTP_TIMEOUT": "7",
    }

    options = read_pip_options(environment=environment)

    expected = environment | {
        "UV_DEFAULT_INDEX": "https://user:it's@packages.example/simple",
        "UV_INDEX": "https://one.example/simple file:///two/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/one,/two",
        "UV_INSECURE_HOST": "one.example",
        "SSL_CERT_FILE": "/my/certificates.pem",
        "ALL_PROXY": "http://proxy.example:3128",
    }
    assert expected.items() <= uv_environment(options=options, base=environment).items()
    assert uv_arguments(options=options) == []


def test_no_index_leaves_only_the_links(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_EXTRA_INDEX_URL": "https://not.this.example",
        "PIP_FIND_LINKS": str(tmp_path),
    }

    options = read_pip_options(environment=environment)

    assert uv_arguments(options=options) == ["--no-index"]
    variables = uv_environment(options=options, base={})
    assert variables["UV_FIND_LINKS"] == str(tmp_path)
    assert not {"UV_DEFAULT_INDEX", "UV_INDEX"} & variables.keys()
