"""From the last mark to locked ones: decisions, locks, re-checks, paper, proposed grades."""

from compete.services.closing.blockers import Blocker, find_blockers
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.decisions import (
    KIND_WORDS,
    Proposal,
    confirm,
    decisions_of,
    find_decision,
    label_of,
    loaded_entries,
    photo_type,
    propose,
    withdraw,
)
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.closing.lock_blockers import faults_of_scope, sheets_in_scope
from compete.services.closing.module_locks import (
    ask_unlock,
    confirm_unlock,
    drop_unlock,
    lock_module,
    set_must_sign,
)
from compete.services.closing.open_rechecks import recheck_blockers
from compete.services.closing.paper_entry import (
    READING_ROLES,
    PaperState,
    differing_papers,
    enter_paper,
    module_of_sheet,
    paper_state,
    readings,
    settle_paper,
)
from compete.services.closing.recheck import (
    LookAgainError,
    add_moved,
    draw_recheck,
    enter_again,
    may_enter,
    rule_difference,
)
from compete.services.closing.recheck_scope import (
    change_recheck_settings,
    has_round,
    recheck_settings,
)
from compete.services.closing.recheck_state import (
    OPEN,
    Difference,
    Line,
    RoundState,
    Standing,
    judged_stages,
    round_of,
    state_of,
)

__all__ = [
    "KIND_WORDS",
    "OPEN",
    "READING_ROLES",
    "Blocker",
    "Difference",
    "Line",
    "LookAgainError",
    "PaperState",
    "Proposal",
    "RoundState",
    "Standing",
    "add_moved",
    "ask_unlock",
    "change_recheck_settings",
    "confirm",
    "confirm_unlock",
    "decide_grades",
    "decisions_of",
    "differing_papers",
    "draw_recheck",
    "drop_unlock",
    "enter_again",
    "enter_paper",
    "faults_of_scope",
    "find_blockers",
    "find_decision",
    "grade_decisions_of",
    "has_round",
    "judged_stages",
    "label_of",
    "loaded_entries",
    "lock_marks",
    "lock_module",
    "may_enter",
    "module_of_sheet",
    "paper_state",
    "photo_type",
    "propose",
    "readings",
    "recheck_blockers",
    "recheck_settings",
    "round_of",
    "rule_difference",
    "set_must_sign",
    "settle_paper",
    "sheets_in_scope",
    "state_of",
    "unlock_marks",
    "withdraw",
]
