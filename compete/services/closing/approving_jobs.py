"""Approving all proposed grades of a large competition: a job, part by part, with its progress.

So does whoever asks for it where two approve, and whoever agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import GradeState
from compete.models import Account, Competition, Event, GradeDecision, Job, SignedPaper, db
from compete.services.accounts.second_persons import SecondWord, on_paper, paper_in_hand
from compete.services.closing.grade_proposals import (
    approval_word,
    decide_grades,
    grade_decisions_of,
    proposed_codes,
    why_not_approved,
)
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.refusal import Refused
from compete.services.sheets.counts import is_large

APPROVE_GRADES = "grades.approve"
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedApproval:
    """All grades that one person, `first`, asked to be approved and nobody has agreed to yet."""

    competition: Competition
    first: int
    at: datetime
    """The time of the last of them."""
    mark: str
    """Tells what is asked from what may be asked later."""
    reason: str | None
    """The reason that was given with the first of them that has one."""
    numbers: Sequence[int]
    """The decisions, by id."""

    @property
    def by(self) -> Account:
        """The person who asked."""
        return db.session.get_one(Account, self.first)

    @property
    def what(self) -> Message:
        """The grades in words: how many, and the first of the people."""
        some = grade_decisions_of(self.competition, numbers=self.numbers[:_MOST_NAMED])
        names = listed([row.person.name for row in some])
        if len(self.numbers) <= _MOST_NAMED:
            return msg("批准%(names)s的等级", names=names)
        return msg("批准%(names)s等 %(n)s 人的等级", names=names, n=len(self.numbers))

    @property
    def word(self) -> SecondWord:
        """The conditions of agreeing."""
        return approval_word(self.competition, self.first)


def asked_approvals(competition: Competition) -> list[AskedApproval]:
    """List what waits for a second person, once for each who asked."""
    by_first: dict[int, list[Any]] = {}
    # Whose grades they are, is read of few: unsealing thousands of names takes long.
    for row in db.session.execute(
        select(
            GradeDecision.id, GradeDecision.grade, GradeDecision.rule, GradeDecision.asked_by,
            GradeDecision.asked_at, GradeDecision.decision_reason,
        )
        .join(Event, Event.id == GradeDecision.event_id)
        .where(
            Event.competition_id == competition.id,
            GradeDecision.state == GradeState.PROPOSED,
            GradeDecision.asked_by.is_not(None),
        )
        .order_by(GradeDecision.id)
    ):  # fmt: skip
        by_first.setdefault(row.asked_by, []).append(row)
    return [
        AskedApproval(
            competition=competition,
            first=first,
            at=max(row.asked_at for row in rows),
            mark=short_mark([(row.id, row.grade, row.rule) for row in rows]),
            reason=next((row.decision_reason for row in rows if row.decision_reason), None),
            numbers=[row.id for row in rows],
        )
        for first, rows in sorted(by_first.items())
    ]


def approve_proposed_or_ask(
    competition: Competition, by: Account, *, checked: bool = False
) -> int | Job:
    """Approve every grade that is proposed where that is quickly done, else the job that does it.

    Where two approve it is asked of a second person. Whose present grade wants a look first
    (`wants_a_look`) stays proposed unless somebody has `checked` it. Returns of how many it was
    approved or asked. Who must not be approved stays proposed as well (`why_not_approved`); where
    that is everybody, `Refused`.
    """
    return _approve_or_ask(competition, by, checked=checked, asked=None)


def agree_to_approval(asked: AskedApproval, by: Account) -> int | Job:
    """Agree as the second person to all that somebody asked to be approved; a job where many are.

    Raises `Refused` for who is no second person beside that one (`approval_word`).
    """
    asked.word.require(by)
    return _approve_or_ask(asked.competition, by, checked=True, asked=asked)


def _approve_or_ask(
    competition: Competition, by: Account, *, checked: bool, asked: AskedApproval | None
) -> int | Job:
    first, until = (asked.first, asked.at) if asked else (None, None)
    proposed = proposed_codes(competition, checked=checked, first=first, until=until)
    if not proposed:
        return 0
    barred = why_not_approved(competition)
    codes = [code for code in proposed if code not in barred]
    if not codes:
        raise Refused(next(iter(barred.values())))
    if not is_large(competition, len(codes)):
        return decide_grades(competition, codes, GradeState.APPROVED, by)
    paper = paper_in_hand()
    return ask_for(
        competition,
        APPROVE_GRADES,
        by,
        "checked" if first is None and checked else str(first or ""),
        {
            "checked": checked,
            "first": first,
            "until": until.isoformat() if until else None,
            "paper": paper.id if paper else None,
        },
        still=lambda competition: _require_proposed(competition, first),
    )


def _require_proposed(competition: Competition, first: int | None) -> None:
    if not proposed_codes(competition, most=1, first=first):
        raise Refused(msg("没有待批准的人了"))


@work_for(APPROVE_GRADES)
def _approve(run: Run) -> None:
    approved = int(run.kept.get("approved", 0))
    # One asked for before the present grades were looked up apart approves all, as it said.
    checked = bool(run.arguments.get("checked", True))
    first, number = run.arguments.get("first"), run.arguments.get("paper")
    # What was asked since was not there when the second person agreed.
    last = run.arguments.get("until")
    until = datetime.fromisoformat(last) if last else None

    def codes_to_approve() -> list[str]:
        codes = proposed_codes(run.competition, checked=checked, first=first, until=until)
        return [code for code in codes if code not in barred]

    barred = why_not_approved(run.competition)
    total = approved + len(codes_to_approve())
    while True:
        run.step(msg("批准等级"), approved, total)
        with run.writing():
            codes = codes_to_approve()[: run.portion]
            if not codes:
                run.finish(number=approved)
                return
            paper = db.session.get_one(SignedPaper, number) if number else None
            with on_paper(paper) if paper else nullcontext():
                approved += decide_grades(run.competition, codes, GradeState.APPROVED, run.by)
            run.keep(approved, approved=approved)
        db.session.rollback()
