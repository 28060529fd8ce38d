"""Faces of rooms that load no more than is asked of them, so that a small task stays quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loader(package: str, names: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose names live in these modules of its own.

    A module is loaded when one of its names is first asked for; from then on
    its names stand in the package like any other.
    """
    module_of = {name: module for module, its in names.items() for name in its}
    face = vars(import_module(package))

    def load(name: str) -> Any:
        module = module_of.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        loaded = import_module(f"{package}.{module}")
        face.update((name, getattr(loaded, name)) for name in names[module])
        return face[name]

    return load
