"""The one way in which extensions change moto."""

from typing import TypeVar

Extension = TypeVar("Extension")


def graft(extension: type[Extension]) -> type[Extension]:
    """Move the members of `extension` into its base, a class of moto.

    An extension is written as a subclass, so that it is type-checked like any other code. moto
    makes its own instances and holds its classes in many places; hence the members go into the
    base, and every instance has them. Because of that `self` is never an instance of the
    extension: an override calls the original by the name it was kept under, not by `super()`.
    """
    (base,) = extension.__bases__
    for name, member in vars(extension).items():
        if name == "__init__" or not name.startswith("__"):
            setattr(base, name, member)
    return extension
