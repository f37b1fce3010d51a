"""The embedded AWS depends only on the limits that the rest of the project reads too."""

from tests.test_imports import import_graph


def test_the_embedded_aws_imports_only_limits_of_the_project() -> None:
    others = {
        f"{module} imports {imported}"
        for module, found in import_graph().items()
        for imported in found
        if module.startswith("local_aws")
        and not imported.startswith(("local_aws", "review.limits"))
    }
    assert others == set()
