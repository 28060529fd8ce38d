"""A person's record: sheets by state, outcomes, replaced badges, every change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import SheetState
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    DifficultyEntry,
    Entrant,
    Member,
    OutcomeEntry,
    ReplacedBadge,
    Sheet,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work

_ABOUT_PEOPLE = (
    "appeal.word",
    "entrant.%",
    "entrants.add",
    "badge.%",
    "checkin.%",
    "grade.%",
    "certificate.%",
    "consent.%",
    "floor.%",
    "portrait.%",
    "document.%",
)
_ABOUT_DECISIONS = "decision.%"
_OF_MANY = (
    *("entrants.import", "entrants.place", "competition.load", "portrait.import"),
    *("entrants.plan", "application.accept"),
    *("schedule.delay", "schedule.delay_undone"),
    *("entrant.erase", "certificate.issue_awards", "difficulty.set"),
)
_BY_CODE = ("stations", "places", "set")
"""Keys of a record of many under which each has what was done to whom."""


def states_of_sheets(entrant: Entrant) -> Mapping[tuple[str, str], Sequence[SheetState]]:
    """The states of a person's sheets by stage and module; nothing of who fills them, no mark."""
    states: dict[tuple[str, str], list[SheetState]] = defaultdict(list)
    query = (
        select(Sheet.stage, Sheet.module, Sheet.state)
        .where(Sheet.entrant_id == entrant.id, Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.id)
    )
    for stage, module, state in db.session.execute(query).tuples():
        states[stage, module].append(state)
    return states


def standing_outcomes(entrant: Entrant) -> list[OutcomeEntry]:
    """List 缺考、中途退出 and 取消成绩 that stand against a person, oldest first."""
    query = select(OutcomeEntry).where(
        OutcomeEntry.entrant_id == entrant.id, OutcomeEntry.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(OutcomeEntry.id)))


def replaced_badges(entrant: Entrant) -> list[ReplacedBadge]:
    """The badges that a person had before, oldest first."""
    query = select(ReplacedBadge).where(ReplacedBadge.entrant_id == entrant.id)
    return list(db.session.scalars(query.order_by(ReplacedBadge.id)))


def records_about(entrant: Entrant) -> list[AuditEntry]:
    """The rows of the audit chain that tell of this person or a member of the crew, newest first.

    In a blind event penalties, outcomes and difficulties are told of by the code on the sheets,
    and stay away.
    What was done to a certificate is told of by its number.
    """
    codes = {entrant.code, *(member.code for member in entrant.members)}
    kinds = _ABOUT_PEOPLE if entrant.event.blind else (*_ABOUT_PEOPLE, _ABOUT_DECISIONS)
    own = AuditEntry.subject.in_(codes) & or_(*(AuditEntry.action.like(kind) for kind in kinds))
    numbers = _certificate_numbers(entrant)
    papers = AuditEntry.subject.in_(numbers) & AuditEntry.action.like("certificate.%")
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.seq > _taken_out_at(entrant),
            or_(own, papers, AuditEntry.action.in_(_OF_MANY)),
        )
        .order_by(AuditEntry.seq.desc())
    )
    return [
        row
        for row in db.session.scalars(query)
        if row.action not in _OF_MANY or _tells_of(row, entrant, numbers)
    ]


def codes_told_since(competition: Competition, seq: int) -> Mapping[str, int]:
    """The newest record after that one, by the code of the entrant or member it tells of."""
    kinds = (*_ABOUT_PEOPLE, _ABOUT_DECISIONS)
    condition = or_(
        *(AuditEntry.action.like(kind) for kind in kinds), AuditEntry.action.in_(_OF_MANY)
    )
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition.id, AuditEntry.seq > seq, condition
    )
    newest: dict[str, int] = {}
    for row in db.session.scalars(query.order_by(AuditEntry.seq)):
        after = row.after if isinstance(row.after, dict) else {}
        codes = {row.subject, *after.get("accepted", {}).values(), *after.get("codes", ())}
        for key in _BY_CODE:
            codes |= set(after.get(key, ()))
        newest |= dict.fromkeys(codes, row.seq)
    return newest


def _taken_out_at(entrant: Entrant) -> int:
    """The record by which somebody else of this number was taken out of the list; else 0."""
    query = (
        select(AuditEntry.seq, AuditEntry.after)
        .where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action == "application.accept_undone",
        )
        .order_by(AuditEntry.seq.desc())
    )
    for seq, after in db.session.execute(query).tuples():
        if isinstance(after, dict) and entrant.code in after.get("taken_out", {}).values():
            return int(seq)
    return 0


def _certificate_numbers(entrant: Entrant) -> set[str]:
    query = select(Certificate.number).where(Certificate.entrant_id == entrant.id)
    return set(db.session.scalars(query))


def _tells_of(row: AuditEntry, entrant: Entrant, numbers: set[str]) -> bool:
    """True if an act upon many concerned this person."""
    if row.action == "competition.load":
        return row.at >= entrant.registered_at
    after = row.after if isinstance(row.after, dict) else {}
    codes = {entrant.code, *(member.code for member in entrant.members)}
    if row.action == "certificate.issue_awards":
        return not numbers.isdisjoint(after.get("numbers", ()))
    if row.action == "entrant.erase" and after.get("all") and "codes" not in after:
        return True
    if row.action == "application.accept":
        return entrant.code in after.get("accepted", {}).values()
    if row.action == "difficulty.set" and not _attempted(entrant, after["set"]):
        return False
    return not codes.isdisjoint(after.get("codes", ())) or any(
        entrant.code in after.get(key, ()) for key in _BY_CODE
    )


def _attempted(entrant: Entrant, difficulties: Mapping[str, Mapping[str, str]]) -> bool:
    """True if what is written of this code was written of the entrant: no blind code of another."""
    query = select(DifficultyEntry.aspect, DifficultyEntry.difficulty)
    rows = db.session.execute(query.where(DifficultyEntry.entrant_id == entrant.id)).tuples()
    known = {(aspect, plain(it)) for aspect, it in rows}
    return not entrant.event.blind and known.issuperset(difficulties.get(entrant.code, {}).items())


def show_number(holder: Entrant | Member, reason: str, by: Account) -> str:
    """The whole ID number of a person or a crew's member; who looked, and why, is recorded.

    Raises `Refused` (INVALID) without a reason, (UNKNOWN) where there is no number.
    """
    reason = reason_text(reason, msg("看全号要写原因"))
    if not holder.id_number:
        raise Refused(msg("没有证件号码"), kind=Refusal.UNKNOWN)
    entrant = holder.entrant if isinstance(holder, Member) else holder
    with unit_of_work():
        audit.record(entrant.competition, by, "entrant.show_number", holder.code, reason=reason)
    return holder.id_number
