"""A competition out of the database as a bundle, scored, and how a row of it came about."""

from compete.services.scoring.aspect_profile import aspect_chart, aspect_marks, is_void
from compete.services.scoring.bundle_out import (
    bundle_around,
    export_bundle,
    playoffs_in_force,
    public_without_marks,
)
from compete.services.scoring.compared_by_age import deciding_births
from compete.services.scoring.explained_row import Compared, explain_row, tie_words
from compete.services.scoring.flags import disputed, flagged
from compete.services.scoring.grade_rules import find_rule, grade_reasons, scorer_of
from compete.services.scoring.journeys import (
    LEAST_IN_A_ROW,
    FlagJourney,
    flag_journey,
    flag_sorts,
    kept_after,
)
from compete.services.scoring.live import (
    Live,
    LiveScorer,
    Standing,
    live_by_new_rules,
    live_results,
    live_scorer,
    standing_of,
)
from compete.services.scoring.live_labour import (
    LabourLive,
    keep_labour_live,
    labour_live,
    labour_of_bundle,
)
from compete.services.scoring.mark_rows import marks_of_entrant
from compete.services.scoring.masking import public_bundle
from compete.services.scoring.public_columns import (
    CHOICES,
    EXTRAS,
    PERSONAL,
    REASONS,
    UNNAMED,
    needed_columns,
    told_columns,
)
from compete.services.scoring.shares import carried_share, share_of
from compete.services.scoring.stages_to_come import (
    all_without_promises,
    stage_to_come,
    why_provisional,
    without_promises,
)
from compete.services.scoring.unnamed_judges import largest_panel

__all__ = [
    "CHOICES",
    "EXTRAS",
    "LEAST_IN_A_ROW",
    "PERSONAL",
    "REASONS",
    "UNNAMED",
    "Compared",
    "FlagJourney",
    "LabourLive",
    "Live",
    "LiveScorer",
    "Standing",
    "all_without_promises",
    "aspect_chart",
    "aspect_marks",
    "bundle_around",
    "carried_share",
    "deciding_births",
    "disputed",
    "explain_row",
    "export_bundle",
    "find_rule",
    "flag_journey",
    "flag_sorts",
    "flagged",
    "grade_reasons",
    "is_void",
    "keep_labour_live",
    "kept_after",
    "labour_live",
    "labour_of_bundle",
    "largest_panel",
    "live_by_new_rules",
    "live_results",
    "live_scorer",
    "marks_of_entrant",
    "needed_columns",
    "playoffs_in_force",
    "public_bundle",
    "public_without_marks",
    "scorer_of",
    "share_of",
    "stage_to_come",
    "standing_of",
    "tie_words",
    "told_columns",
    "why_provisional",
    "without_promises",
]
