"""What a competition is: pure Python, with no web, database, clock or file in sight.

A folder is a room: what others may ask of it stands in its face. The names
below can be imported from here; a module is loaded when one of its names is
first asked for, so that a small task stays quick.
"""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.bundle import (
        Bundle,
        BundleError,
        Problem,
        Results,
        bundle_schema,
        bundle_warnings,
        expand_packs,
        pack_names,
        read_bundle,
        read_results,
        results_schema,
        write_bundle,
        write_results,
    )
    from compete.domain.scoring import Scorer, score

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

__getattr__ = loader(
    __name__,
    {
        "bundle": (
            "Bundle",
            "BundleError",
            "Problem",
            "Results",
            "bundle_schema",
            "bundle_warnings",
            "expand_packs",
            "pack_names",
            "read_bundle",
            "read_results",
            "results_schema",
            "write_bundle",
            "write_results",
        ),
        "scoring": ("Scorer", "score"),
    },
)
