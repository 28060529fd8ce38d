"""Playoffs (加赛, 抽签) among equals of a stage: one proposes the order, a second confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.results import EventResults, Notice, Results
from compete.domain.values.kinds import PlayoffKind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import DECISION_MOVES, DecisionState, move
from compete.models import Account, Competition, Entrant, Event, Playoff, db, utc_now
from compete.services.accounts.second_persons import SecondWord, beside_chief
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, claimed, unit_of_work
from compete.services.scoring.bundle_out import playoffs_in_force
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import drawn_codes
from compete.services.sheets.locks_in_force import require_judging

Order = Sequence[Sequence[str]]
"""The order of people: those of one list stay equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A tie: all who share a rank in a stage; with the places that stay open by it, if any."""

    event: str
    stage: str
    rank: int
    entrants: Sequence[str]
    notices: Sequence[Notice] = ()


def ties_of(results: Results) -> list[Tie]:
    """List every shared rank, by event and stage; those that keep places open first."""
    ties = [tie for event in results.events for tie in _ties(event)]
    return sorted(ties, key=lambda tie: not tie.notices)


def _ties(event: EventResults) -> list[Tie]:
    ties = []
    for stage in event.stages:
        shared: dict[int, list[str]] = {}
        for row in stage.standings:
            if row.rank is not None:
                shared.setdefault(row.rank, []).append(row.entrant)
        ties += [
            Tie(
                event=event.code,
                stage=stage.code,
                rank=rank,
                entrants=people,
                notices=[
                    it for it in event.notices or () if (it.stage, it.rank) == (stage.code, rank)
                ],
            )
            for rank, people in shared.items()
            if len(people) > 1
        ]
    return ties


def open_ties(results: Results) -> list[Tie]:
    """List ties that keep places of a next stage open: they are parted before publishing."""
    return [tie for tie in ties_of(results) if tie.notices]


def playoffs_of(competition: Competition) -> list[Playoff]:
    """List all playoffs: those that wait first, then the newest."""
    rows = db.session.scalars(
        select(Playoff)
        .where(Playoff.competition_id == competition.id)
        .options(joinedload(Playoff.event), joinedload(Playoff.proposer))
        .order_by(Playoff.id.desc())
    ).all()
    return sorted(rows, key=lambda row: row.state is not DecisionState.PROPOSED)


def void_playoffs(competition: Competition) -> dict[int, Message]:
    """The playoffs in force, by row, that part nobody since marks were corrected, with why.

    They are to be taken out, on record, before anything is published.
    """
    rows = playoffs_in_force(competition)
    reasons = {}
    for problem in live_results(competition).problems:
        index = int(problem.path.removeprefix("playoffs[").partition("]")[0])
        reasons[rows[index].id] = problem.message
    return reasons


def propose_playoff(
    event: Event, stage: str, kind: str, order: Order, reason: str, by: Account
) -> Playoff:
    """Write down who is before whom; it parts nobody before a second person confirms it.

    Raises `Refused`: INVALID without a reason, or for an order that parts nobody or names others
    than all of one set of equals; CONFLICT while marks are not being taken, where the competition
    goes by the first version of the file, or where one waits already.
    """
    reason = reason_text(reason)
    if kind not in set(PlayoffKind):
        raise invalid(msg("选加赛还是抽签"))
    if len(order) < 2:
        raise invalid(msg("都写成一样的先后，等于没分"))
    if not reason:
        raise invalid(msg("写明怎么加赛、怎么抽的"))
    with changing(event.competition) as competition:
        require_judging(competition)
        if competition.format == "compete-bundle/1":
            raise Refused(msg("这个竞赛照竞赛文件第 1 版算，没有加赛和抽签"))
        _require_tie(event, stage, order)
        for row in playoffs_of(competition):
            if row.state is DecisionState.PROPOSED and (row.event_id, row.stage) == (
                event.id,
                stage,
            ):
                raise Refused(msg("这个赛段已经有一份在等第二个人确认"))
        playoff = Playoff(
            competition_id=competition.id,
            event_id=event.id,
            stage=stage,
            kind=kind,
            order=[people[0] if len(people) == 1 else list(people) for people in order],
            reason=reason,
            proposed_by=by.id,
        )
        db.session.add(playoff)
        db.session.flush()
        _note(playoff, competition, by, "playoff.propose", reason=reason)
    return playoff


def confirm_playoff(playoff: Playoff, by: Account) -> Playoff:
    """The second signature: from now on it parts them.

    Raises `Refused` for who proposed it, where neither of the two is a chief judge, and where they
    are not the same equals any more.
    """
    with unit_of_work():
        playoff, competition = claimed(playoff)
        require_judging(competition)
        to = move(playoff.state, DecisionState.CONFIRMED, DECISION_MOVES)
        playoff_word(playoff).require(by)
        _require_tie(playoff.event, playoff.stage, order_of(playoff))
        now = utc_now()
        playoff.state, playoff.confirmed_by, playoff.confirmed_at = to, by.id, now
        playoff.at = now.isoformat(timespec="seconds")
        _note(playoff, competition, by, "playoff.confirm")
    return playoff


def playoff_word(playoff: Playoff) -> SecondWord:
    """The conditions of confirming it; one from the file was proposed by nobody and is in force."""
    assert playoff.proposer is not None
    return beside_chief(playoff.event.competition, playoff.proposer)


def withdraw_playoff(playoff: Playoff, why: str, by: Account) -> Playoff:
    """Withdraw a playoff, on record: taken back, or void since a mark was corrected.

    What two decided and is not void two undo (`settle_playoff`).
    Raises `Refused` (INVALID) without a reason, (CONFLICT) while marks are locked.
    """
    why = reason_text(why, msg("撤回要写理由"))
    with unit_of_work():
        playoff, competition = claimed(playoff)
        require_judging(competition)
        move(playoff.state, DecisionState.WITHDRAWN, DECISION_MOVES)
        if playoff.waits_to_end:
            raise Refused(msg("已经有人提出撤回了，等另一个人同意"))
        void = playoff.id in void_playoffs(competition)
        if not void and playoff.confirmed_by not in (None, playoff.proposed_by):
            playoff.ended_by, playoff.ended_why = by.id, why
            _note(playoff, competition, by, "playoff.ask_withdraw", reason=why)
        else:
            _end(playoff, competition, by, why, void=void)
    return playoff


def playoff_end_word(playoff: Playoff) -> SecondWord:
    """The conditions of agreeing that a playoff of two is undone."""
    assert playoff.ender is not None
    return beside_chief(playoff.event.competition, playoff.ender)


def settle_playoff(playoff: Playoff, by: Account) -> bool:
    """Undo a playoff as the second of two; True if it is undone. Who asked drops that.

    Raises `Refused` where nobody asked, for who is no second person, while marks are locked.
    """
    with unit_of_work():
        playoff, competition = claimed(playoff)
        require_judging(competition)
        if not playoff.waits_to_end or playoff.ender is None:
            raise Refused(msg("没有人提出撤回，或者已经办了"))
        if by.id == playoff.ended_by:
            playoff.ended_by = playoff.ended_why = None
            _note(playoff, competition, by, "playoff.keep")
            return False
        playoff_end_word(playoff).require(by)
        asked, why = audit.signer(playoff.ender), playoff.ended_why or ""
        void = playoff.id in void_playoffs(competition)
        _end(playoff, competition, by, why, void=void, asked=asked)
    return True


def _end(
    playoff: Playoff,
    competition: Competition,
    by: Account,
    why: str,
    *,
    void: bool,
    asked: str | None = None,
) -> None:
    before = {"state": playoff.state.value, "void": void}
    playoff.state = move(playoff.state, DecisionState.WITHDRAWN, DECISION_MOVES)
    playoff.ended_by, playoff.ended_at, playoff.ended_why = by.id, utc_now(), why
    _note(
        playoff,
        competition,
        by,
        "playoff.withdraw",
        asked=asked,
        reason=why,
        before=before,
        bends=True,
    )


def order_of(playoff: Playoff) -> Order:
    """The order of people, a list for each place."""
    return [[it] if isinstance(it, str) else list(it) for it in playoff.order]


def called_in(event: Event, *, by_name: bool) -> dict[str, str]:
    """The labels of all in the event, by code: names, else what judges know them by."""
    rows = db.session.execute(
        select(Entrant.id, Entrant.code, Entrant.name).where(Entrant.event_id == event.id)
    ).tuples()
    if by_name:
        return {code: f"{code} {name}" for _number, code, name in rows}
    known = drawn_codes(event)
    return {code: known.get(number, "") for number, code, _name in rows}


def _require_tie(event: Event, stage: str, order: Order) -> None:
    """Raise `Refused` unless these are exactly all who share a rank of the stage."""
    if stage not in {it.code for it in rules_of(event).stages}:
        raise invalid(msg("没有这个赛段"))
    named = sorted(code for people in order for code in people)
    results = live_results(event.competition).results
    here = [tie for tie in ties_of(results) if (tie.event, tie.stage) == (event.code, stage)]
    if named not in [sorted(tie.entrants) for tie in here]:
        raise Refused(msg("同分的人和刚才看到的不一样了，再看一遍"))


def _note(
    playoff: Playoff,
    competition: Competition,
    by: Account,
    action: str,
    asked: str | None = None,
    **details: Any,
) -> None:
    after = {
        "playoff": playoff.id,
        "stage": playoff.stage,
        "kind": playoff.kind,
        "order": playoff.order,
        "state": playoff.state.value,
        **({"asked": asked} if asked else {}),
    }
    audit.record(competition, by, action, playoff.event.code, after=after, **details)
