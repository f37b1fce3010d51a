"""What AWS answers and moto does not: one module a service, as patches of moto's own classes.

Each module says which gaps it closes and in which moto version they were met, so that it can be
deleted once moto closes them itself.
"""

import importlib
import pkgutil


def apply() -> None:
    """Extend moto's classes; once, before the first request."""
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)
