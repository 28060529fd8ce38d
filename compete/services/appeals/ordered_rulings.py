"""Ordered rulings: the chief judge does what a decision orders, by a ruling."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from compete.domain.aspects.kinds import kind_of
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    Act,
    Appeal,
    AppealDecision,
    DifficultyEntry,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    TimeEntry,
    db,
    utc_now,
)
from compete.services.accounts.access import may
from compete.services.appeals.appeal_states import (
    appeals_of_entrant,
    standing_decision,
    to_carry_out,
)
from compete.services.appeals.arbiter_view import sheets_of
from compete.services.appeals.filing import note
from compete.services.appeals.windows import module_and_aspect
from compete.services.judging.disputes import rule_dispute
from compete.services.kernel.module_keys import same_place
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import LONGEST_REASON, reason_text
from compete.services.kernel.transactions import claimed, unit_of_work

AS_ORDERED = msg("照决定裁定")
"""The record's words where the program itself ruled as ordered."""


def carried_words(appeal: Appeal) -> Message:
    """Say how a decision was carried out; what was not typed is in the reader's language."""
    text = appeal.carried_how or ""
    return AS_ORDERED if text == AS_ORDERED.render() else msg("%(said)s", said=text)


def can_rule(appeal: Appeal) -> bool:
    """True if what is ordered is a value that one ruling puts onto the sheets of a panel."""
    decision = standing_decision(appeal)
    return (
        to_carry_out(appeal)
        and decision is not None
        and decision.value is not None
        and len(sheets_of(appeal)) > 1
    )


def aspects_to_rule(sheet: Sheet) -> frozenset[str]:
    """The aspects of a sheet on which a decided appeal orders a change that is not made yet.

    Those of the whole module, where the appeal names none.
    """
    aspects: set[str] = set()
    for appeal in appeals_of_entrant(sheet.entrant):
        if (appeal.stage, appeal.module) == (sheet.stage, sheet.module) and to_carry_out(appeal):
            module, _aspect = module_and_aspect(appeal)
            codes = {aspect.code for aspect in module.aspects}
            aspects |= codes & {appeal.aspect} if appeal.aspect else codes
    return frozenset(aspects)


def rule_as_ordered(appeal: Appeal, by: Account) -> Appeal:
    """The chief judge's ruling with the value that was ordered; with it the decision is done.

    Raises `Refused`: FORBIDDEN for others, CONFLICT where no value is ordered, the panel is not
    in, or its marks are locked.
    """
    with unit_of_work():
        appeal, _competition = claimed(appeal)
        decision = _ordered(appeal, by)
        if not can_rule(appeal) or decision.value is None or appeal.aspect is None:
            raise Refused(msg("决定里没有写改成几，在裁定或判罚里改"))
        _module, aspect = module_and_aspect(appeal)
        assert aspect is not None
        yes_no = kind_of(aspect).is_yes_no
        sent = bool(decision.value) if yes_no else f"{decision.value:f}"
        words = msg("申诉 %(number)s：%(why)s", number=f"{appeal.number:02}", why=decision.reason)
        reason = words.render()[:LONGEST_REASON]
        rule_dispute(sheets_of(appeal)[0], {aspect.code: sent}, reason, by, ordered=(aspect.code,))
        _mark_carried(appeal, AS_ORDERED.render(), by)
    return appeal


def carry_out(appeal: Appeal, text: str, by: Account) -> Appeal:
    """The chief judge says that what was ordered has been done.

    Raises `Refused`: FORBIDDEN for others, INVALID without words, CONFLICT where nothing is
    ordered, or nothing of this contestant's module was changed since it was.
    """
    text = reason_text(text, msg("怎么办的，写一句"))
    with unit_of_work():
        appeal, _competition = claimed(appeal)
        decision = _ordered(appeal, by)
        assert decision.stood_at is not None
        if not _changed_since(appeal, decision.stood_at):
            raise Refused(msg("还没看到改动：先退回重评、裁定或判罚，再来说办了"))
        _mark_carried(appeal, text, by)
    return appeal


def _ordered(appeal: Appeal, by: Account) -> AppealDecision:
    if not may(by, appeal.competition, Right.RULE):
        raise Refused(msg("这一步由裁判长办"), kind=Refusal.FORBIDDEN)
    decision = standing_decision(appeal)
    if decision is None or not to_carry_out(appeal):
        raise Refused(msg("这件申诉没有要办的"))
    return decision


def _mark_carried(appeal: Appeal, text: str, by: Account) -> None:
    appeal.carried_at, appeal.carried_by, appeal.carried_how = utc_now(), by.id, text
    note(appeal, by, "appeal.carry_out", text)


def _changed_since(appeal: Appeal, at: datetime) -> bool:
    acts = (
        select(Act.id)
        .join(Sheet, Sheet.id == Act.sheet_id)
        .where(*same_place(Sheet, appeal), Act.held_at > at)
    )
    if db.session.scalar(acts.limit(1)) is not None:
        return True
    for table in (PenaltyEntry, OutcomeEntry, TimeEntry):
        rows = select(table.id).where(
            table.entrant_id == appeal.entrant_id,
            table.stage == appeal.stage,
            (table.made_at > at) | (table.withdrawn_at > at),
        )
        if db.session.scalar(rows.limit(1)) is not None:
            return True
    query = select(DifficultyEntry.id).where(
        *same_place(DifficultyEntry, appeal), DifficultyEntry.made_at > at
    )
    return db.session.scalar(query.limit(1)) is not None
