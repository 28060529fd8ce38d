"""Labour competitions: units, not people, ranked over a tree of periods.

`score_labour` carries out the bundle format, section "Labour competitions";
`outcome_of` works everything out, `score_cells` the exact score behind every square of the
scoring grid, and `shares_of` what a total is made of.
"""

from compete.domain.labour.after import Changed, outcome_after
from compete.domain.labour.field import Cell, LabourField
from compete.domain.labour.flags import Marked, flag_periods
from compete.domain.labour.gaps import absent, lacking, leaves_of
from compete.domain.labour.looks import look_draw
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.ranks import Ranks, tie_means
from compete.domain.labour.rows import written
from compete.domain.labour.scores import Squares, score_cells
from compete.domain.labour.scoring import score_labour
from compete.domain.labour.shares import Moved, Shares, before_of, most_of, moved_since, shares_of
from compete.domain.labour.told import Shift, only_periods, shifts_between, told_alone
from compete.domain.labour.totals import PLACES, Standing, Totals

__all__ = [
    "PLACES",
    "Cell",
    "Changed",
    "LabourField",
    "Marked",
    "Moved",
    "Outcome",
    "Ranks",
    "Shares",
    "Shift",
    "Squares",
    "Standing",
    "Totals",
    "absent",
    "before_of",
    "flag_periods",
    "lacking",
    "leaves_of",
    "look_draw",
    "most_of",
    "moved_since",
    "only_periods",
    "outcome_after",
    "outcome_of",
    "score_cells",
    "score_labour",
    "shares_of",
    "shifts_between",
    "tie_means",
    "told_alone",
    "written",
]
