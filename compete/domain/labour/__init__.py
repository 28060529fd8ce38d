"""Labour competitions: units, not people, ranked over a tree of periods.

`score_labour` carries out the bundle format, section "Labour competitions";
`score_cells` gives the exact score behind every square of the scoring grid.
"""

from compete.domain.labour.field import Cell, LabourField
from compete.domain.labour.flags import Marked, flag_periods, flagged, warned
from compete.domain.labour.ranks import Ranks, ranks_of
from compete.domain.labour.scores import score_cells
from compete.domain.labour.scoring import score_labour
from compete.domain.labour.totals import PLACES, Standing, Totals, totals_of

__all__ = [
    "PLACES",
    "Cell",
    "LabourField",
    "Marked",
    "Ranks",
    "Standing",
    "Totals",
    "flag_periods",
    "flagged",
    "ranks_of",
    "score_cells",
    "score_labour",
    "totals_of",
    "warned",
]
