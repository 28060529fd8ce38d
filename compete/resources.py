"""Folders beside the package, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

ResourceName = Literal["templates", "static", "migrations", "sample_events"]

_PACKAGE = Path(__file__).resolve().parent


def package_dir() -> Path:
    """The package's own folder."""
    return _PACKAGE


def resource_dir(name: ResourceName) -> Path:
    """The folder `name` as an absolute path.

    A wheel carries the folders inside the package, under `_data`; a checkout
    (and an editable install, which points at one) has them beside the package.
    The wheel's copy is looked for first, so that a stray `templates` folder in
    site-packages is never taken for ours. Raises FileNotFoundError if neither
    is there, which means a broken installation.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} of compete is missing; install it again")
