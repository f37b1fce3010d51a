"""Extends moto's classes in place."""

import importlib
import pkgutil
from typing import TypeVar

Extension = TypeVar("Extension")


def graft(extension: type[Extension]) -> type[Extension]:
    """Copy the members of `extension` into its base, a class of moto.

    An extension is written as a subclass, so that the type checker sees what it inherits. moto
    creates the instances itself and refers to its classes in many places, so the members go into
    the base, where every instance has them. `self` is therefore never an instance of the
    extension: an override calls the original by the name it was saved under, not by `super()`.
    """
    (base,) = extension.__bases__
    for name, member in vars(extension).items():
        if name == "__init__" or not name.startswith("__"):
            setattr(base, name, member)
    return extension


def import_all(package: str) -> None:
    """Import every module of a package, so that each grafts its extensions."""
    folders = importlib.import_module(package).__path__
    for module in pkgutil.walk_packages(folders, prefix=f"{package}."):
        importlib.import_module(module.name)
