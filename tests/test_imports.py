"""How the project's files import each other, read from their text."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("local_aws", "modules", "commands")


def import_graph() -> dict[str, set[str]]:
    """Return the project's modules that each of them imports, by dotted name.

    Imports inside functions count too. `from package import name` is an import of the module
    `package.name` if there is one, else of `package`. Parent packages do not count.
    """
    files = [ROOT / "main.py", *(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))]
    modules = {_module_name(file): file for file in files}
    graph: dict[str, set[str]] = {}
    for module, file in modules.items():
        imported = _imported_names(ast.parse(file.read_text()))
        parents = {name if name in modules else name.rpartition(".")[0] for name in imported}
        graph[module] = parents & modules.keys() - {module}
    return graph


def _module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("package", ["local_aws"])
def test_files_of_a_package_import_each_other_without_circles(package: str) -> None:
    graph = import_graph()
    TopologicalSorter(
        {module: found for module, found in graph.items() if module.startswith(package)}
    ).prepare()  # raises CycleError, which names the modules of the circle
