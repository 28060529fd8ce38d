"""The rules of competitions: pure Python, with no web, database, clock or file in sight.

A folder is a room; a name is imported from the file that defines it. Whoever builds on the
scorer finds the four names below here, each loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compete.domain.bundle.reading import read_bundle
    from compete.domain.bundle.results import write_results
    from compete.domain.explanation.tree import explain
    from compete.domain.scoring.scorer import score

__all__ = ["explain", "read_bundle", "score", "write_results"]

_FILES = {
    "explain": "explanation.tree",
    "read_bundle": "bundle.reading",
    "score": "scoring.scorer",
    "write_results": "bundle.results",
}


def __getattr__(name: str) -> Any:
    """Load a name of the face from its file."""
    if name not in _FILES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FILES[name]}"), name)
