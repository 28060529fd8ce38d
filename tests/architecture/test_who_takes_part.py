"""Who withdrew stands in no list: whatever asks for entrants says whether they take part."""

from __future__ import annotations

import re
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2] / "compete" / "services"
OF_ALL = re.compile(
    r"Entrant\.(?:competition_id|event_id)(?:\s==|\.in_)|_in\(Entrant"
    r"|of_event\(\s*(?:OutcomeEntry|Sheet|Slot)\b"
)
# By sheets, acts, outcomes, certificates and published results nobody is found who withdrew:
# withdrawing is refused where there is any of them.
BY_WHAT_WAS_JUDGED = "asks for what was judged, issued or published, which nobody has who withdrew"
ALLOWED = {
    "competitions/loading_marks.py": "nobody withdraws from what nobody is shown yet",
    "competitions/loading_undone.py": "nobody withdraws from what nobody is shown yet",
    "directory/visible_people.py": "who somebody is, also of who withdrew",
    "registration/applications.py": "a unit sees its own who withdrew, and enters nobody twice",
    "registration/batch_before.py": "who left a batch before it began is offered in the next",
    "registration/consents.py": "whose names are shown is asked of who stands in the results",
    "registration/corrections.py": "an ID number stays with who withdrew",
    "registration/entrant_lookup.py": "somebody's own page, also of who withdrew",
    "registration/people_seals.py": "the seal covers everybody",
    "registration/people.py": "the list shows who withdrew as withdrawn; its count leaves them out",
    "registration/staging.py": "no code is given twice, nor that of who withdrew",
    "registration/preview.py": "an uploaded form meets who withdrew, and says so",
    "series/standings_above.py": BY_WHAT_WAS_JUDGED,
    "registration/passing.py": "a press is taken back of whomever it passed",
    "kernel/exempted.py": "an exemption stays with who withdrew, and may come back",
    "competitions/loading.py": "a file that is loaded knows nobody who withdrew",
    "registration/withdrawals.py": "asks `takes_part` itself",
    "registration/writing.py": "an uploaded form corrects who withdrew as well",
    "registration/acceptance_undo.py": "who withdrew is kept by the record of it",
    "registration/badges.py": "a void badge stays void",
    "registration/units/unit_list.py": "a unit stays while anybody is registered in its name",
    "competitions/dossier_sources.py": "an inspection reads of who withdrew, too",
    "competitions/erasure_requests.py": "personal data of who withdrew are erased too",
    "rules/rules_saving.py": "a module that is no more has no place for anybody",
    "sheets/sheet_lookup.py": "rules and codes stay once anybody has a sheet",
    "competitions/shifted_days.py": "a plan stays once anybody has a place in it",
    "competitions/event_setup.py": "an event stays while anybody is registered for it",
    "schedule/check_in_acts.py": "a check-in of who withdrew is refused in those words",
    "schedule/stage_undo.py": "sheets go with their stage, whoever they are of",
    "schedule/stations.py": "a place that became free is still a place",
    "schedule/draw_ends.py": "seats of a draw that broke off go, of who withdrew too",
    "schedule/session_plan.py": "a session moves with who withdrew, and may come back",
    "schedule/slots.py": "plan and sealed list keep the place of who withdrew, and may come back",
    "kernel/module_keys.py": "whoever asks `of_event` is looked at",
    "kernel/participants.py": "says it",
    "results/public_rechecks.py": BY_WHAT_WAS_JUDGED,
    "rules/next_in_rank.py": "asks who leaves a stage, by their outcomes",
    "closing/playoffs.py": "names whoever stands in a playoff, which was judged",
    "kernel/public_reasons.py": "the name of who withdrew is not told either",
    "awards/external_award_list.py": "asks of those alone who stand in published results",
    "results/exam_sections.py": "asks of those alone who stand in published results",
    "results/verdict_sums.py": "counts those alone who stand in published results",
    "certificates/kept_prizes.py": "turns the codes of published results into numbers",
}
JUDGED = {
    "rules/taking_effect.py",
    "appeals/appeal_states.py",
    "certificates/award_certificates.py",
    "certificates/counts.py",
    "certificates/grades_due.py",
    "certificates/grades_in_force.py",
    "awards/prize_money_payments.py",
    "certificates/reissuing.py",
    "certificates/outdated_names.py",
    "closing/blockers.py",
    "closing/penalties_and_outcomes.py",
    "closing/grade_proposals.py",
    "closing/lock_blockers.py",
    "closing/recheck_state.py",
    "closing/grade_decisions.py",
    "hall/board_table.py",
    "judging/sent_back_sheets.py",
    "judging/stage_following.py",
    "judging/tablet_view.py",
    "judging/panels/judge_analysis.py",
    "judging/panels/judge_progress.py",
    "judging/panels/module_watch.py",
    "judging/panels/reveal.py",
    "results/outdated_decisions.py",
    "results/withdrawn_notices.py",
    "scoring/bundle_marks.py",
    "scoring/flags.py",
    "scoring/mark_rows.py",
    "scoring/unnamed_judges.py",
    "sheets/act_table.py",
    "sheets/counts.py",
    "sheets/entry_seals.py",
    "sheets/working_times.py",
}
FILES = sorted(
    name
    for file in SERVICES.rglob("*.py")
    if OF_ALL.search(file.read_text(encoding="utf-8"))
    for name in [file.relative_to(SERVICES).as_posix()]
)


def test_a_list_of_entrants_says_whether_they_take_part() -> None:
    silent = {
        name
        for name in FILES
        if "takes_part()" not in (SERVICES / name).read_text(encoding="utf-8")
    }
    assert silent - {*ALLOWED, *JUDGED} == set()


def test_what_is_excepted_is_there() -> None:
    assert {*ALLOWED, *JUDGED} <= {
        file.relative_to(SERVICES).as_posix() for file in SERVICES.rglob("*.py")
    }
