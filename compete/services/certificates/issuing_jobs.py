"""Issuing certificates in a large competition: a job, with its progress."""

from __future__ import annotations

from collections.abc import Callable

from compete.domain.values.messages import msg
from compete.models import Account, Certificate, Competition, IssuingBody, Job, db
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.grade_certificates import issue_grade_certificates
from compete.services.certificates.grades_due import grades_ready, why_grades_cannot
from compete.services.certificates.issuing_gate import check_issue
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.refusal import Refused
from compete.services.log.sequencing import LOGGING, catch_up_quietly
from compete.services.sheets.counts import is_large

ISSUE_AWARDS = "certificates.awards"
ISSUE_GRADES = "certificates.grades"


def issue_awards_or_ask(
    competition: Competition, by: Account, reason: str = ""
) -> list[Certificate] | Job:
    """Issue every award certificate that is due where that is quickly done; else the job.

    Raises `Refused` in either case for what is known to be missing now.
    """
    if not is_large(competition, unissued_awards(competition)):
        return issue_award_certificates(competition, by, reason)

    def still(competition: Competition) -> None:
        check_issue(competition, reason)
        if not unissued_awards(competition):
            raise Refused(msg("该发的获奖证书都已经发了"))

    return ask_for(competition, ISSUE_AWARDS, by, arguments={"reason": reason}, still=still)


def issue_grades_or_ask(
    competition: Competition, body: IssuingBody, by: Account, reason: str = ""
) -> list[Certificate] | Job:
    """The same for grade certificates, in the name of the body."""
    if not is_large(competition, grades_ready(competition)):
        return issue_grade_certificates(competition, body, by, reason)

    def still(competition: Competition) -> None:
        check_issue(competition, reason)
        if not grades_ready(competition):
            raise Refused(msg("没有已批准、等发证的人"))
        hindrance = why_grades_cannot(competition, body)
        if hindrance is not None:
            raise Refused(hindrance)

    asked = {"reason": reason, "body": body.id}
    return ask_for(competition, ISSUE_GRADES, by, arguments=asked, still=still)


@work_for(ISSUE_AWARDS)
def _issue_awards(run: Run) -> None:
    def issue() -> list[Certificate]:
        reason = run.arguments["reason"]
        return issue_award_certificates(run.competition, run.by, reason, most=run.portion)

    by_portions(run, unissued_awards, issue)


@work_for(ISSUE_GRADES)
def _issue_grades(run: Run) -> None:
    def issue() -> list[Certificate]:
        body = db.session.get_one(IssuingBody, run.arguments["body"])
        reason = run.arguments["reason"]
        return issue_grade_certificates(run.competition, body, run.by, reason, most=run.portion)

    by_portions(run, grades_ready, issue)


def by_portions(
    run: Run, ready: Callable[[Competition], int], issue: Callable[[], list[Certificate]]
) -> None:
    """Issue each portion with its numbers in one transaction: no number without a certificate.

    `issue` issues the next portion, and raises `Refused` where there is none; `ready` says how
    many are left. Each is in the log before the next is written, and all of them before it is
    done: who reads that it is done can show the proofs.
    """
    issued = int(run.kept.get("issued", 0))
    total = issued + ready(run.competition)
    left = True
    while left:
        run.step(msg("给证书编号，写入"), issued, total)
        with run.writing():
            left = not issued or ready(run.competition) > 0
            if left:
                issued += len(issue())
                run.keep(issued, issued=issued)
        db.session.rollback()
        if not left:
            run.step(LOGGING, issued, total)
        catch_up_quietly()
    with run.writing():
        run.finish(number=issued)
