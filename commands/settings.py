"""`make settings` and `make schema`: prints the effective settings, or writes their schema."""

import json
import sys
from collections.abc import Iterator
from typing import cast

from commands.shared.console import user_errors
from commands.shared.printing import print_table, wants_json
from modules.settings import LoadedSettings, settings_schema
from modules.settings.selection import load_selected
from modules.toolchain import ROOT

SCHEMA_FILE = ROOT / "environments" / "schema.json"


def schema_text() -> str:
    """Return the JSON Schema of the settings files, which editors use for completion."""
    return json.dumps(settings_schema(), indent=2) + "\n"


def print_settings(loaded: LoadedSettings) -> None:
    """Print every value with its source; FORMAT=json gives one JSON object."""
    rows = [
        (key, json.dumps(value), loaded.source_of(key))
        for key, value in _leaves(loaded.settings.model_dump(mode="json"))
    ]
    if wants_json():
        entries = {
            key: {"value": json.loads(value), "source": source} for key, value, source in rows
        }
        print(json.dumps(entries, indent=2))
        return
    print_table(title=loaded.settings.prefix, columns=("setting", "value", "source"), rows=rows)


def _leaves(
    values: dict[str, object], *, parents: tuple[str, ...] = ()
) -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        path = (*parents, name)
        if isinstance(value, dict) and value:
            yield from _leaves(cast("dict[str, object]", value), parents=path)
        else:
            yield ".".join(path), value


def main() -> None:
    """Print the selected environment's settings, or with --schema write the schema file."""
    if sys.argv[1:] == ["--schema"]:
        SCHEMA_FILE.write_text(schema_text())
        return
    print_settings(load_selected())


if __name__ == "__main__":
    with user_errors():
        main()
