"""Hooks on moto's operations that start, change or guard what the embedded AWS runs.

`extensions` complete what moto answers; the hooks connect those answers to databases, functions and
permissions. They wrap operations that the extensions may have replaced, so they are applied last.
"""

from local_aws.graft import import_all


def apply() -> None:
    """Put the hooks on moto's classes; call it once, after `extensions.apply`."""
    import_all(__name__)
