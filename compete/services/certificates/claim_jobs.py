"""Grades on other grounds for many people at once: jobs, part by part, with their progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from compete.domain.values.canonical import sealed_text
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.messages import msg
from compete.models import (
    Account,
    ClaimDocument,
    Competition,
    GradeClaim,
    Job,
    db,
)
from compete.models.types import keyed_hash
from compete.services.certificates.claim_proposals import (
    Claim,
    check_proposal,
    complete_claim,
    keep_document,
    propose_claims,
    propose_people,
)
from compete.services.certificates.claims import decide_claims, put_up_claims
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.sheets.counts import MOST_ROWS
from compete.services.sheets.sent_documents import read_document

PROPOSE_CLAIMS, MOVE_CLAIMS = "claims.propose", "claims.move"


def propose_or_ask(
    competition: Competition, claim: Claim, by: Account
) -> Sequence[GradeClaim] | Job:
    """Propose where that is quickly done; else the job that does it, once all of it was checked.

    Raises `Refused` in either case as `propose_claims` does.
    """
    if len(claim.people) + len(claim.examinees) <= MOST_ROWS:
        return propose_claims(competition, claim, by)
    claim = complete_claim(competition, claim)
    kept = read_document(claim.document) if claim.document else None
    check_proposal(competition, claim)
    number = None
    if kept is not None:
        with unit_of_work():
            number = keep_document(for_update(competition), kept, by).id
    private = sealed_text(msgspec.to_builtins(replace(claim, document=b""))).decode()
    return ask_for(
        *(competition, PROPOSE_CLAIMS, by, keyed_hash(private), {"document": number}),
        private=private,
        still=lambda _competition: None,
    )


@work_for(PROPOSE_CLAIMS)
def _propose(run: Run) -> None:
    claim = msgspec.json.decode(run.private or "", type=Claim)
    people = len(claim.people)
    done, total = int(run.kept.get("proposed", 0)), people + len(claim.examinees)
    while done < total:
        run.step(msg("提出等级认定"), done, total)
        with run.writing() as session:
            end = min(done + run.portion, total)
            part = replace(
                claim,
                people=claim.people[done:end],
                examinees=claim.examinees[max(0, done - people) : max(0, end - people)],
            )
            number = run.arguments["document"]
            document = session.get_one(ClaimDocument, number) if number is not None else None
            propose_people(run.competition, part, document, run.by)
            done = end
            run.keep(done, proposed=done)
        db.session.rollback()
    with run.writing():
        run.finish(number=total)


_TITLES = {ClaimState.NOTICE: msg("开始公示"), ClaimState.APPROVED: msg("批准等级")}


def _moved(competition: Competition, ids: Sequence[int], to: ClaimState, by: Account) -> int:
    if to is ClaimState.NOTICE:
        return put_up_claims(competition, ids, by)
    return decide_claims(competition, ids, to, by)


def move_or_ask(
    competition: Competition, ids: Sequence[int], to: ClaimState, by: Account
) -> int | Job:
    """Put up or approve these where that is quickly done, else the job that does it.

    Returns how many. Raises `Refused` and `MoveError` as `put_up_claims` and `decide_claims` do.
    """
    if len(ids) <= MOST_ROWS:
        return _moved(competition, ids, to, by)
    asked = {"to": to.value, "ids": list(ids)}
    return ask_for(competition, MOVE_CLAIMS, by, to.value, asked, still=lambda _competition: None)


@work_for(MOVE_CLAIMS)
def _move(run: Run) -> None:
    to = ClaimState(run.arguments["to"])
    ids, done = run.arguments["ids"], int(run.kept.get("moved", 0))
    while done < len(ids):
        run.step(_TITLES[to], done, len(ids))
        with run.writing():
            done += _moved(run.competition, ids[done : done + run.portion], to, run.by)
            run.keep(done, moved=done)
        db.session.rollback()
    with run.writing():
        run.finish(number=len(ids))
