"""Issuing certificates in a large competition: a job, with its progress."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.models import Account, Certificate, Competition, IssuingBody, Job, db
from compete.services.certificates.entitlements import WAITING_LISTS
from compete.services.certificates.issuing_bodies import required_body
from compete.services.certificates.waiting_lists import WaitingList, issue_waiting
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.refusal import Refused
from compete.services.log.sequencing import LOGGING, catch_up_quietly
from compete.services.sheets.counts import MOST_ROWS, is_large


def issue_or_ask(
    waiting: WaitingList,
    competition: Competition,
    by: Account,
    reason: str = "",
) -> list[Certificate] | Job:
    """Issue all that is due of a list where that is quickly done; else the job.

    Raises `Refused` in either case for what is known to be missing now, as a body for grades.
    """
    body = required_body(competition) if waiting.kind == "grade" else None
    due = waiting.count(competition)
    # What rests on no results waits for nothing of all who take part.
    if not (is_large(competition, due) if waiting.of_results else due > MOST_ROWS):
        return issue_waiting(waiting, competition, by, reason, body=body)

    def still(competition: Competition) -> None:
        waiting.check(competition, reason, body)
        if not waiting.count(competition):
            raise Refused(waiting.none_due)

    asked = {"reason": reason, "body": body.id if body is not None else None}
    return ask_for(competition, waiting.job, by, arguments=asked, still=still)


def _issue_by_portions(run: Run) -> None:
    """Issue each portion with its numbers in one transaction: no number without a certificate.

    Each is in the log before the next is written, and all of them before it is
    done: who reads that it is done can show the proofs.
    """
    waiting = next(queue for queue in WAITING_LISTS if queue.job == run.kind)
    number, reason = run.arguments.get("body"), run.arguments.get("reason", "")
    issued = int(run.kept.get("issued", 0))
    total = issued + waiting.count(run.competition)
    left = True
    while left:
        run.step(msg("给证书编号，写入"), issued, total)
        with run.writing():
            left = not issued or waiting.count(run.competition) > 0
            if left:
                body = db.session.get_one(IssuingBody, number) if number is not None else None
                made = issue_waiting(
                    waiting, run.competition, run.by, reason, body=body, most=run.portion
                )
                issued += len(made)
                run.keep(issued, issued=issued)
        db.session.rollback()
        if not left:
            run.step(LOGGING, issued, total)
        catch_up_quietly()
    with run.writing():
        run.finish(number=issued)


for _list in WAITING_LISTS:
    work_for(_list.job)(_issue_by_portions)
