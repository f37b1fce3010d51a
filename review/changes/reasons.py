"""Says why Terraform wants a change."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from review.changes.model import Difference
from review.changes.reading import Change
from review.terraform.values import Unknown

MANY = 3
"""How many causes are named at most."""

REASONS = {
    "replace_because_tainted": "an earlier deployment left it half-made (tainted)",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "replace_triggered_by names something that changes",
    "delete_because_no_resource_config": "its configuration is gone",
    "delete_because_no_module": "its module is gone",
    "delete_because_no_move_target": "it was moved to an address that is not configured",
    "delete_because_wrong_repetition": "count or for_each came or went",
    "delete_because_count_index": "count is lower now",
    "delete_because_each_key": "for_each does not have its key any more",
}
"""Terraform's words for why, and ours. The list is open-ended."""

SHOWN_OTHERWISE = ("replace_because_cannot_update", "")


def explain(
    change: Change, differences: tuple[Difference, ...], *, changing: AbstractSet[str]
) -> tuple[str, ...]:
    """Return why an object changes.

    Args:
        change: The change.
        differences: How the object differs.
        changing: The addresses of all objects of the plan that change.
    """
    return tuple(dict.fromkeys(_explain(change, differences, changing)))


def _explain(
    change: Change, differences: tuple[Difference, ...], changing: AbstractSet[str]
) -> Iterator[str]:
    if change.reason not in SHOWN_OTHERWISE and change.action != "unknown":
        yield REASONS.get(change.reason, change.reason.replace("_", " "))
    if change.imported:
        yield "an import block names it"
    if change.previous_address:
        yield f"it was {change.previous_address}"
    if change.action == "replace":
        yield from _explain_replacement(change)
    names = dict.fromkeys(_attribute(each.path) for each in differences)
    causes = [cause for name in names for cause in _causes(change, name, changing)]
    yield from causes[:MANY]
    if len(causes) > MANY:
        yield f"{len(causes) - MANY} more references change"


def _attribute(path: str) -> str:
    return path.partition(":")[0].partition(".")[0].partition("[")[0]


def _explain_replacement(change: Change) -> Iterator[str]:
    # Terraform names a block and the argument in it that forces the replacement.
    paths = [
        path
        for path in change.replace_paths
        if path
        and not any(len(each) > len(path) and each[: len(path)] == path
                    for each in change.replace_paths)
    ]  # fmt: skip
    names = list(dict.fromkeys(".".join(str(step) for step in path) for path in paths))
    if not names:
        return
    listed = " and ".join(names)
    yield f"{listed} {'forces' if len(names) == 1 else 'force'} replacement"
    roots = {str(path[0]) for path in change.replace_paths if path}
    if all(isinstance(change.after.get(root), Unknown) for root in roots):
        yield (
            f"only because {listed} is not known until the deployment: if it stays as it is, "
            "nothing is replaced"
        )


def _causes(change: Change, name: str, changing: AbstractSet[str]) -> Iterator[str]:
    if change.resource is None:
        return
    for reference in change.resource.references(name):
        for resource, _ in change.resource.source.resolve(reference):
            if resource.address in changing and resource.address != change.address:
                yield f"{name} reads {resource.address}, which changes"
