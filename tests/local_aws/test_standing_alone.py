"""The embedded AWS does not depend on the rest of the project."""

from tests.test_imports import import_graph


def test_the_embedded_aws_imports_nothing_else_of_the_project() -> None:
    others = {
        f"{module} imports {imported}"
        for module, found in import_graph().items()
        for imported in found
        if module.startswith("local_aws") and not imported.startswith("local_aws")
    }
    assert others == set()
