"""From the last mark to locked ones: decisions, locks, re-checks, paper, proposed grades."""

from compete.services.closing.asked_of_packs import (
    PackQuestion,
    confirm_pack,
    pack_of_rule,
    pack_questions,
)
from compete.services.closing.begun import Begun, begun_by
from compete.services.closing.blockers import Blocker, find_blockers
from compete.services.closing.brought_files import ReadSheet, read_file_as_paper
from compete.services.closing.competition_lock import left_locked, lock_marks, unlock_marks
from compete.services.closing.decisions import (
    KIND_WORDS,
    Proposal,
    confirm_proposal,
    decision_label,
    decisions_of,
    find_decision,
    loaded_entries,
    photo_type,
    photographed,
    propose_decision,
    why_not_confirm,
    withdraw_proposal,
)
from compete.services.closing.grade_proposals import (
    decide_grades,
    grade_decision_on,
    grade_decisions_of,
)
from compete.services.closing.lock_blockers import (
    excused_labels,
    faults_of_scope,
    unsigned_sheets,
)
from compete.services.closing.lock_jobs import (
    LOCK_MARKS,
    LOCK_MODULE,
    lock_marks_or_ask,
    lock_module_or_ask,
)
from compete.services.closing.module_locks import (
    ask_unlock,
    confirm_unlock,
    drop_unlock,
    lock_module,
    set_must_sign,
    why_not_unlock,
)
from compete.services.closing.old_photos import redraw_old_photos
from compete.services.closing.open_rechecks import recheck_blockers
from compete.services.closing.paper_entry import (
    READING_ROLES,
    PaperState,
    begun_papers,
    differing_papers,
    enter_paper,
    module_of_sheet,
    paper_readings,
    paper_state,
    settle_paper,
    why_not_read,
)
from compete.services.closing.recheck import (
    LookAgainError,
    add_moved,
    draw_recheck,
    enter_recheck,
    may_enter_recheck,
    rule_difference,
    why_not_recheck,
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
from compete.services.closing.what_was_decided import decided_grades

__all__ = [
    "KIND_WORDS",
    "LEFT_TO_DO",
    "LOCK_MARKS",
    "LOCK_MODULE",
    "READING_ROLES",
    "Begun",
    "Blocker",
    "Difference",
    "LookAgainError",
    "PackQuestion",
    "PaperState",
    "Proposal",
    "ReadSheet",
    "RecheckLine",
    "RecheckStanding",
    "RoundState",
    "add_moved",
    "ask_unlock",
    "begun_by",
    "begun_papers",
    "change_recheck_settings",
    "confirm_pack",
    "confirm_proposal",
    "confirm_unlock",
    "decide_grades",
    "decided_grades",
    "decision_label",
    "decisions_of",
    "differing_papers",
    "draw_recheck",
    "drop_unlock",
    "enter_paper",
    "enter_recheck",
    "excused_labels",
    "faults_of_scope",
    "find_blockers",
    "find_decision",
    "grade_decision_on",
    "grade_decisions_of",
    "has_round",
    "judged_stages",
    "left_locked",
    "loaded_entries",
    "lock_marks",
    "lock_marks_or_ask",
    "lock_module",
    "lock_module_or_ask",
    "may_enter_recheck",
    "module_of_sheet",
    "pack_of_rule",
    "pack_questions",
    "paper_readings",
    "paper_state",
    "photo_type",
    "photographed",
    "propose_decision",
    "read_file_as_paper",
    "recheck_blockers",
    "recheck_round",
    "recheck_settings",
    "recheck_state_of",
    "redraw_old_photos",
    "rule_difference",
    "set_must_sign",
    "settle_paper",
    "unlock_marks",
    "unsigned_sheets",
    "why_not_confirm",
    "why_not_read",
    "why_not_recheck",
    "why_not_unlock",
    "withdraw_proposal",
]
