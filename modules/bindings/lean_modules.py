"""Imports the bindings' Python modules without what only checks arguments at run time.

The generated modules evaluate every annotation when they are imported, and check every argument
with typeguard. jsii's kernel checks the same arguments, and the type checker has checked them
before. So these modules are compiled without annotations, checks and docstrings.
"""

import ast
import gc
import importlib.machinery
import importlib.util
import sys
import zlib
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PACKAGES = frozenset({"cdktf", "cdktf_cdktf_provider_aws", "constructs"})

_CHECKING_FUNCTION = "check_type"
_CHECKING_STUBS = "_typecheckingstub__"
_CHECKING_VERSION = "TYPEGUARD_MAJOR_VERSION"
_CHECKING_MODULES = frozenset({"typeguard", "importlib.metadata"})

_TAG = f"lean{zlib.crc32(Path(__file__).read_bytes()):08x}"
"""Marks the bytecode that this version of this file compiles."""


def import_lean_modules(*, before_first: Callable[[], None]) -> None:
    """Import the bindings' modules lean from now on. Calling it again changes nothing.

    Args:
        before_first: What to call just before the first of them is imported.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(before_first))


class _Finder:
    """Finds the bindings' modules where Python does, and gives them the lean loader."""

    def __init__(self, before_first: Callable[[], None]) -> None:
        self._before_first: Callable[[], None] | None = before_first

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in PACKAGES:
            return None
        if self._before_first is not None:
            call, self._before_first = self._before_first, None
            call()
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module lean. Python's own rules say when its bytecode is out of date."""

    def get_code(self, fullname: str) -> CodeType | None:
        # PYTHONDONTWRITEBYTECODE keeps source folders clean. pip ignores it for installed packages
        # too: without bytecode each run would compile them anew, which takes seconds.
        kept, sys.dont_write_bytecode = sys.dont_write_bytecode, False
        try:
            return super().get_code(fullname)
        finally:
            sys.dont_write_bytecode = kept

    def source_to_code(  # pyright: ignore[reportIncompatibleMethodOverride]  # its signature is loose
        self, data: bytes, path: str, *, _optimization: int = -1
    ) -> CodeType:
        with _without_collection():
            tree = ast.parse(data, path)
            tree.body = [statement for statement in tree.body if not _only_checks(statement)]
            tree = _WithoutTypes().visit(tree)
            # The highest level drops docstrings.
            return compile(tree, path, "exec", dont_inherit=True, optimize=2)

    def get_data(self, path: str) -> bytes:
        return super().get_data(self._beside_own(path))

    def set_data(self, path: str, data: "ReadableBuffer", *, _mode: int = 0o666) -> None:
        super().set_data(self._beside_own(path), data, _mode=_mode)

    def _beside_own(self, path: str) -> str:
        """Return the path of the lean bytecode for that of Python's own; keep other paths."""
        if path != importlib.util.cache_from_source(self.path):
            return path
        return importlib.util.cache_from_source(self.path, optimization=_TAG)


@contextmanager
def _without_collection() -> Generator[None]:
    """Switch garbage collection off: it would go through growing trees again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _WithoutTypes(ast.NodeTransformer):
    """Drops annotations, checks, and casts, which evaluate their type at every call."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="typing"), attr="cast"), args=[_, value]
            ):
                return self.visit(value)
            case _:
                self.generic_visit(node)
                return node

    def visit_If(self, node: ast.If) -> ast.stmt:
        match node:
            case ast.If(test=ast.Name(id="__debug__"), orelse=[]):
                return ast.copy_location(ast.Pass(), node)
            case _:
                self.generic_visit(node)
                return node


def _only_checks(statement: ast.stmt) -> bool:
    match statement:
        case ast.FunctionDef(name=name):
            return name == _CHECKING_FUNCTION or name.startswith(_CHECKING_STUBS)
        case ast.Import(names=[ast.alias(name=name)]):
            return name in _CHECKING_MODULES
        case ast.ImportFrom(module=module):
            return module in _CHECKING_MODULES
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == _CHECKING_VERSION
        case _:
            return False
