"""Approving all proposed grades of a large competition: a job, part by part, with its progress."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.domain.values.states import GradeState
from compete.models import Account, Competition, Job, db
from compete.services.closing.grade_proposals import decide_grades, proposed_codes, why_not_approved
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.refusal import Refused
from compete.services.sheets.counts import is_large

APPROVE_GRADES = "grades.approve"


def approve_proposed_or_ask(
    competition: Competition, by: Account, *, checked: bool = False
) -> int | Job:
    """Approve every grade that is proposed where that is quickly done, else the job that does it.

    Whose present grade wants a look first (`wants_a_look`) stays proposed unless somebody has
    `checked` it. Returns how many were approved. Who must not be approved stays proposed as well
    (`why_not_approved`); where that is everybody, `Refused`.
    """
    proposed = proposed_codes(competition, checked=checked)
    if not proposed:
        return 0
    barred = why_not_approved(competition)
    codes = [code for code in proposed if code not in barred]
    if not codes:
        raise Refused(next(iter(barred.values())))
    if not is_large(competition, len(codes)):
        return decide_grades(competition, codes, GradeState.APPROVED, by)
    return ask_for(
        competition,
        APPROVE_GRADES,
        by,
        "checked" if checked else "",
        {"checked": checked},
        still=_require_proposed,
    )


def _require_proposed(competition: Competition) -> None:
    if not proposed_codes(competition, most=1):
        raise Refused(msg("没有待批准的人了"))


@work_for(APPROVE_GRADES)
def _approve(run: Run) -> None:
    approved = int(run.kept.get("approved", 0))
    # One asked for before the present grades were looked up apart approves all, as it said.
    checked = bool(run.arguments.get("checked", True))

    def codes_to_approve() -> list[str]:
        return [
            code for code in proposed_codes(run.competition, checked=checked) if code not in barred
        ]

    barred = why_not_approved(run.competition)
    total = approved + len(codes_to_approve())
    while True:
        run.step(msg("批准等级"), approved, total)
        with run.writing():
            codes = codes_to_approve()[: run.portion]
            if not codes:
                run.finish(number=approved)
                return
            approved += decide_grades(run.competition, codes, GradeState.APPROVED, run.by)
            run.keep(approved, approved=approved)
        db.session.rollback()
