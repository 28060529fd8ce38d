"""From the last mark to locked ones: decisions, locks, re-checks, paper, proposed grades."""

from compete.services.closing.blockers import Blocker, find_blockers
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.decisions import (
    KIND_WORDS,
    Proposal,
    confirm_proposal,
    decision_label,
    decisions_of,
    find_decision,
    loaded_entries,
    photo_type,
    propose_decision,
    withdraw_proposal,
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
    paper_readings,
    paper_state,
    settle_paper,
)
from compete.services.closing.recheck import (
    LookAgainError,
    add_moved,
    draw_recheck,
    enter_recheck,
    may_enter_recheck,
    rule_difference,
)
from compete.services.closing.recheck_scope import (
    change_recheck_settings,
    has_round,
    recheck_settings,
)
from compete.services.closing.recheck_state import (
    LEFT_TO_DO,
    Difference,
    RecheckLine,
    RecheckStanding,
    RoundState,
    judged_stages,
    recheck_round,
    recheck_state_of,
)

__all__ = [
    "KIND_WORDS",
    "LEFT_TO_DO",
    "READING_ROLES",
    "Blocker",
    "Difference",
    "LookAgainError",
    "PaperState",
    "Proposal",
    "RecheckLine",
    "RecheckStanding",
    "RoundState",
    "add_moved",
    "ask_unlock",
    "change_recheck_settings",
    "confirm_proposal",
    "confirm_unlock",
    "decide_grades",
    "decision_label",
    "decisions_of",
    "differing_papers",
    "draw_recheck",
    "drop_unlock",
    "enter_paper",
    "enter_recheck",
    "faults_of_scope",
    "find_blockers",
    "find_decision",
    "grade_decisions_of",
    "has_round",
    "judged_stages",
    "loaded_entries",
    "lock_marks",
    "lock_module",
    "may_enter_recheck",
    "module_of_sheet",
    "paper_readings",
    "paper_state",
    "photo_type",
    "propose_decision",
    "recheck_blockers",
    "recheck_round",
    "recheck_settings",
    "recheck_state_of",
    "rule_difference",
    "set_must_sign",
    "settle_paper",
    "sheets_in_scope",
    "unlock_marks",
    "withdraw_proposal",
]
