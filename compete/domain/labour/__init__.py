"""Labour competitions: units, not people, ranked over a tree of periods.

`score_labour` carries out the bundle format, section "Labour competitions";
`outcome_of` works everything out, `score_cells` the exact score behind every square of the
scoring grid, and `shares_of` what a total is made of.
"""

from compete.domain.labour.closed_periods import (
    LIFTED,
    Shift,
    lifted_vetoes,
    lifted_words,
    only_periods,
    shifts_between,
    told_alone,
)
from compete.domain.labour.flags import Marked, flag_periods
from compete.domain.labour.gaps import absent, away, lacking, leaves_of, still_entered
from compete.domain.labour.head_counts import (
    HEAD_COUNTS,
    MOST_PEOPLE,
    grouped,
    head_count,
    heads_in,
    reported_for,
)
from compete.domain.labour.kept_flags import (
    FLAG_KEEP,
    FlagKeep,
    flag_keep_of,
    says_flag_keep,
    with_flag_keep,
)
from compete.domain.labour.looks import look_draw
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.period_kinds import alike, commonest, sorts_of, span_of
from compete.domain.labour.prizes import Compared, prized
from compete.domain.labour.ranks import Ranks, tie_mean
from compete.domain.labour.recomputing import Changed, outcome_after, outcome_under
from compete.domain.labour.rows import barred_words, written
from compete.domain.labour.rule_versions import (
    fits,
    held_from,
    leaves_in_order,
    same_scoring,
    settings_changed,
)
from compete.domain.labour.scores import Squares, score_cells
from compete.domain.labour.scoring import score_labour
from compete.domain.labour.self_assessment import (
    SELF_ASSESSED,
    self_assessed,
    with_self_assessed,
)
from compete.domain.labour.shares import (
    Moved,
    Shares,
    before_of,
    first_codes,
    moved_since,
    shares_of,
)
from compete.domain.labour.totals import PLACES, Standing, Totals
from compete.domain.labour.tree import PeriodTree

__all__ = [
    "FLAG_KEEP",
    "HEAD_COUNTS",
    "LIFTED",
    "MOST_PEOPLE",
    "PLACES",
    "SELF_ASSESSED",
    "Cell",
    "Changed",
    "Compared",
    "FlagKeep",
    "LabourField",
    "Marked",
    "Moved",
    "Outcome",
    "PeriodTree",
    "Ranks",
    "Shares",
    "Shift",
    "Squares",
    "Standing",
    "Totals",
    "absent",
    "alike",
    "away",
    "barred_words",
    "before_of",
    "commonest",
    "first_codes",
    "fits",
    "flag_keep_of",
    "flag_periods",
    "grouped",
    "head_count",
    "heads_in",
    "held_from",
    "lacking",
    "leaves_in_order",
    "leaves_of",
    "lifted_vetoes",
    "lifted_words",
    "look_draw",
    "moved_since",
    "only_periods",
    "outcome_after",
    "outcome_of",
    "outcome_under",
    "prized",
    "reported_for",
    "same_scoring",
    "says_flag_keep",
    "score_cells",
    "score_labour",
    "self_assessed",
    "settings_changed",
    "shares_of",
    "shifts_between",
    "sorts_of",
    "span_of",
    "still_entered",
    "tie_mean",
    "told_alone",
    "with_flag_keep",
    "with_self_assessed",
    "written",
]
