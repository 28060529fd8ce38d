"""Labour competitions: units, not people, ranked over a tree of periods.

`score_labour` carries out the bundle format, section "Labour competitions";
`score_cells` gives the exact score behind every square of the scoring grid.
"""

from __future__ import annotations

from compete.domain.bundle import Bundle
from compete.domain.labour.field import LabourField
from compete.domain.labour.rows import results_of
from compete.domain.labour.scores import score_cells
from compete.domain.results import LabourResults

__all__ = ["score_cells", "score_labour"]


def score_labour(bundle: Bundle) -> LabourResults:
    """The standings of every period, in the order of the bundle.

    The bundle must have been read, so that its codes point somewhere; for one
    whose kind is not `labour` this is a `ValueError`.
    """
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    return results_of(LabourField(bundle, bundle.labour))
