"""Loading of files and variables into settings, or into one line for each problem."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from commands.settings import SCHEMA_FILE, schema_text
from modules.settings import Settings, SettingsError, load_settings
from modules.toolchain import ROOT
from tests.conftest import ENVIRONMENT_NAMES


def problems(
    *, environment: str = "dev", folder: Path | None = None, **variables: str
) -> list[str]:
    """Return the lines of the error that loading ends with."""
    places = {"folder": folder} if folder else {}
    with pytest.raises(SettingsError) as caught:
        load_settings(environment=environment, variables=variables, **places)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("network: {cidr: [", "envs/it.yaml: is not valid YAML: "),
        ("project: a\nproject: b", "envs/it.yaml: is not valid YAML: "),
        ("- project", "envs/it.yaml: should be a mapping of keys to values"),
        ("a: &a {b: 1}\n<<: *a", "envs/it.yaml:2: the merge key << is not read here"),
        ("network:\n  cidr: !foo a", "envs/it.yaml:2: the tag !foo is not read here"),
        ("project: !!binary aGk=", "envs/it.yaml:1: the tag !!binary is not read here"),
        ("database:\n  readers: .inf", "envs/it.yaml:2: .inf is no finite number"),
        ("database:\n  readers: .NaN", "envs/it.yaml:2: .NaN is no finite number"),
        ("database:\n  readers: 1e400", "envs/it.yaml:2: 1e400 is no finite number"),
        (f"project: {'9' * 5000}", "envs/it.yaml:1: a number of 5000 digits is too large"),
        (f"project: {'[' * 3000}{']' * 3000}", "envs/it.yaml:1: is nested more than 20 levels"),
        (f"project: {'[' * 30}{']' * 30}", "envs/it.yaml:1: is nested more than 20 levels"),
        ("project: &a [*a]", "envs/it.yaml:1: is nested more than 20 levels"),
        ("project: &a b\nnetwork: &a b", "envs/it.yaml:1: an anchor (&) is set twice"),
        ("? [a]\n: b", "envs/it.yaml:1: a key has to be a name"),
        ("environment: other", "envs/it.yaml:1: environment: is the file's own name; leave it out"),
        ("local_aws: {}\nnetwork: 3", "envs/it.yaml:2: network: input should be an object, not 3"),
        (
            "account_id: '111122223333'\nuser_pool: {deletion_protection: false}",
            "envs/it.yaml: state: is needed: name the S3 bucket and region that keep the state",
        ),
        (
            "state: {bucket: states, region: eu-west-1}\nuser_pool: {deletion_protection: false}",
            "envs/it.yaml: account_id: is needed: the only account that ",
        ),
        (
            "local_aws: {}\ndatabase:\n  readers: two",
            'envs/it.yaml:3: database.readers: input should be a valid integer, not "two"',
        ),
        (
            "local_aws: {}\nfunction:\n  memory_mb: 512",
            "envs/it.yaml:3: function.memory_mb: is not a known key; did you mean 'memory_mib'?",
        ),
        (
            "local_aws: {}\nregistry:\n  force_delete: 'no'",
            'envs/it.yaml:3: registry.force_delete: input should be a valid boolean, not "no"',
        ),
    ],
)
def test_an_error_names_file_line_key_and_allowed_values(
    tmp_path: Path, text: str, expected: str
) -> None:
    folder = tmp_path / "envs"
    folder.mkdir()
    (folder / "it.yaml").write_text(text)
    (line,) = problems(environment="it", folder=folder)
    assert line.startswith(expected)


@pytest.mark.parametrize("name", ["absent", "../dev", "", "DEV"])
def test_the_error_for_an_unknown_environment_lists_the_known_ones(name: str) -> None:
    (line,) = problems(environment=name)
    assert line.endswith(f"one of {', '.join(ENVIRONMENT_NAMES)}")


def test_all_problems_are_reported_at_once() -> None:
    lines = problems(
        PLATFORM__DATABASE__READRS="2",
        PLATFORM__FUNCTION__TIMEOUT_SECONDS="30",
        PLATFORM__NETWORK__ZONES="[a]",
        PLATFORM__NETWORK__CIDR="10.0.0.1/16",
    )
    assert [line.split(": ")[0] for line in lines] == [
        "PLATFORM__NETWORK__CIDR",
        "PLATFORM__NETWORK__ZONES",
        "PLATFORM__DATABASE__READRS",
        "PLATFORM__FUNCTION__TIMEOUT_SECONDS",
    ]


def test_broken_rules_are_reported_beside_wrong_types_unless_they_read_them() -> None:
    lines = problems(
        PLATFORM__DATABASE__READERS="many",
        PLATFORM__DATABASE__SERVERLESS__MIN_CAPACITY="200",
        PLATFORM__FUNCTION__RESERVED_CONCURRENCY="4000",
        PLATFORM__EDGE__CATALOG_DEFAULT_SECONDS="1000000",
        PLATFORM__EDGE__CATALOG_MAX_SECONS="2000000",
        PLATFORM__LOG_ARCHIVE__GLACIER_DAYS="70",
        PLATFORM__LOG_ARCHIVE__INFREQUENT_ACCESS_DAYS="60",
        PLATFORM__STATE="null",
        PLATFORM__ENVIRONMENT="dev",
    )
    assert [line.split(": ")[0] for line in lines] == [
        "PLATFORM__ENVIRONMENT",
        # Fields. The rule about connections reads the readers, so it is skipped.
        "PLATFORM__DATABASE__READERS",
        "PLATFORM__EDGE__CATALOG_MAX_SECONS",
        # Rules. The one about lifetimes reads the mistyped maximum, so it is skipped.
        "PLATFORM__STATE",
        "PLATFORM__LOG_ARCHIVE__GLACIER_DAYS",
        "PLATFORM__DATABASE__SERVERLESS__MIN_CAPACITY",
    ]


def test_variables_override_files_and_the_source_of_each_value_is_known() -> None:
    loaded = load_settings(
        environment="dev",
        variables={"PLATFORM__DATABASE__SERVERLESS__MAX_CAPACITY": "8", "ENVIRONMENT_SUFFIX": "7"},
    )
    assert loaded.settings.database.serverless.max_capacity == 8
    assert loaded.settings.database.serverless.min_capacity == 0
    assert loaded.settings.prefix == "ecommerce-dev-7"
    assert loaded.source_of("suffix") == "ENVIRONMENT_SUFFIX"
    source = loaded.source_of("database.serverless.max_capacity")
    assert source == "PLATFORM__DATABASE__SERVERLESS__MAX_CAPACITY"
    file, line = loaded.source_of("database.serverless.min_capacity").split(":")
    assert "min_capacity: 0" in (ROOT / file).read_text().splitlines()[int(line) - 1]
    assert loaded.source_of("api.stage_name") == "default"


def test_only_local_environments_read_the_address_of_the_local_server() -> None:
    variables = {"LOCAL_AWS_URL": "http://127.0.0.1:9999/", "LOCAL_AWS_PORT": "5001"}
    local = load_settings(environment="local", variables=variables).settings.local_aws
    assert local is not None
    assert local.endpoint == "http://127.0.0.1:9999"
    variables["LOCAL_AWS_CREDENTIALS_FILE"] = "/home/ann/keys"
    local = load_settings(environment="local", variables=variables).settings.local_aws
    assert local is not None
    assert local.credentials_file == "/home/ann/keys"

    del variables["LOCAL_AWS_URL"], variables["LOCAL_AWS_CREDENTIALS_FILE"]
    local = load_settings(environment="local", variables=variables).settings.local_aws
    assert local is not None
    assert local.endpoint == "http://127.0.0.1:5001"
    assert load_settings(environment="prod", variables=variables).settings.local_aws is None


def test_a_variable_overrides_one_field_and_leaves_the_rest_of_its_section() -> None:
    """Setting a field to the value that it already has changes nothing."""
    before = load_settings(environment="local", variables={}).settings
    for name, field in Settings.model_fields.items():
        section = getattr(before, name)
        if isinstance(section, BaseModel) and field.annotation is type(section):
            for key, value in section.model_dump(mode="json").items():
                if value is None or isinstance(value, dict):
                    continue
                variable = f"PLATFORM__{name}__{key}".upper()
                after = load_settings(environment="local", variables={variable: json.dumps(value)})
                assert after.settings == before


def test_bad_input_ends_the_synthesis_with_status_1_and_writes_nothing(tmp_path: Path) -> None:
    environment = os.environ | {
        "ENVIRONMENT": "dev",
        "PLATFORM__DATABASE__READERS": "99",
        "CDKTF_OUTDIR": str(tmp_path / "out"),
    }
    result = subprocess.run(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == (
        "PLATFORM__DATABASE__READERS: database.readers: "
        "input should be less than or equal to 15, not 99\n"
    )
    assert not (tmp_path / "out").exists()


def test_the_schema_for_editors_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text() == schema_text(), "run `make schema`"


def test_every_setting_has_a_description() -> None:
    schema = json.loads(schema_text())
    for name, section in schema["$defs"].items():
        for key, field in section["properties"].items():
            assert "description" in field or "$ref" in field or "anyOf" in field, f"{name}.{key}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!foo 1", "the tag !foo is not read here; write the value without it"),
        (".inf", ".inf is no finite number"),
        ("9" * 5000, "a number of 5000 digits is too large"),
        ("[" * 3000 + "]" * 3000, "is nested more than 20 levels deep"),
    ],
)
def test_a_variable_that_cannot_be_a_setting_is_one_line(text: str, expected: str) -> None:
    assert f"PLATFORM__DATABASE__READERS: {expected}" in "\n".join(
        problems(PLATFORM__DATABASE__READERS=text)
    )


@given(
    text=st.recursive(
        st.sampled_from(
            ["1", "-.inf", "0x1f", "1_000.5e-3", "a", "~", "!!int a", "!x y", "*a", "&a b",
             "2020-01-01", "''", '"', "<<", "? a", "\0", "9" * 30, "=", "0o17", "1:20:30"]
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
            st.lists(inner, min_size=2, max_size=4).map(
                lambda each: f"{{{', '.join(f'{key}: {value}' for key, value in pairwise(each))}}}"
            ),
        ),
    )
)  # fmt: skip
def test_no_yaml_ends_with_a_traceback(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("envs")
    (folder / "it.yaml").write_text(f"project: {text}\nnetwork: {text}\n")
    assert problems(environment="it", folder=folder)
