"""What a competition is: pure Python, with no web, database, clock or file in sight.

The names below can be imported from here; each module is loaded when one of
its names is first asked for, so that a small task stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compete.domain.bundle import Bundle
    from compete.domain.packs import expand_packs, pack_names
    from compete.domain.problems import BundleError, Problem
    from compete.domain.reading import bundle_warnings, read_bundle
    from compete.domain.results import Results, read_results, write_results
    from compete.domain.schema import bundle_schema, results_schema
    from compete.domain.scoring import Scorer, score
    from compete.domain.writing import write_bundle

__all__ = [
    "Bundle",
    "BundleError",
    "Problem",
    "Results",
    "Scorer",
    "bundle_schema",
    "bundle_warnings",
    "expand_packs",
    "pack_names",
    "read_bundle",
    "read_results",
    "results_schema",
    "score",
    "write_bundle",
    "write_results",
]

_HOME = {
    "Bundle": "bundle",
    "BundleError": "problems",
    "Problem": "problems",
    "Results": "results",
    "Scorer": "scoring",
    "bundle_schema": "schema",
    "bundle_warnings": "reading",
    "expand_packs": "packs",
    "pack_names": "packs",
    "read_bundle": "reading",
    "read_results": "results",
    "results_schema": "schema",
    "score": "scoring",
    "write_bundle": "writing",
    "write_results": "results",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
