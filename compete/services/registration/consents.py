"""Consent to be published by the whole name: given or withdrawn, how, when, and every word of it.

Without consent a name is published with a part of it masked. Who withdraws is masked at once
wherever the name is shown anew; what was stored at a publication never had whole names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from sqlalchemy import Select, func, select

from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Consent, Entrant, Member, Unit, db
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing

Holder = Entrant | Member
OWN = "own"
DESK_SOURCES: dict[str, Message] = {
    "paper": msg("本人签的书面"),
    "told": msg("本人当面或来电"),
    "unit": msg("单位转达"),
}
"""The ways in which the desk may have heard of it."""
SOURCE_WORDS: dict[str, Message] = {
    **DESK_SOURCES,
    OWN: msg("本人在自己的页面上"),
    "import": msg("报名表"),
}


def consents_of(holder: Holder) -> Sequence[Consent]:
    """List every word of a person, the newest first."""
    query = select(Consent)
    if isinstance(holder, Member):
        query = query.where(Consent.member_id == holder.id)
    else:
        query = query.where(Consent.entrant_id == holder.id, Consent.member_id.is_(None))
    return db.session.scalars(query.order_by(Consent.id.desc())).all()


def has_consented(holder: Holder) -> bool:
    """True if the person's newest word is yes."""
    words = consents_of(holder)
    return bool(words) and words[0].given


def consenting(competition: Competition) -> frozenset[str]:
    """The codes of those whose whole names may be published.

    A crew may be called by its name where all its members agree.
    """
    newest = (
        select(func.max(Consent.id))
        .where(Consent.competition_id == competition.id)
        .group_by(Consent.entrant_id, Consent.member_id)
    )
    given = select(Consent.entrant_id, Consent.member_id).where(
        Consent.id.in_(newest), Consent.given
    )
    words = db.session.execute(given).tuples().all()
    if not words:
        return frozenset()
    alone = {entrant for entrant, member in words if member is None}
    agreeing = {member for _entrant, member in words if member is not None}
    crews: dict[int, list[bool]] = {}
    codes: set[str] = set()
    query = select(Member.id, Member.entrant_id, Member.code).where(
        Member.competition_id == competition.id
    )
    for number, crew, code in db.session.execute(query).tuples():
        crews.setdefault(crew, []).append(number in agreeing)
        if number in agreeing:
            codes.add(code)
    people = select(Entrant.id, Entrant.code).where(Entrant.competition_id == competition.id)
    for number, code in db.session.execute(people).tuples():
        if all(crews[number]) if number in crews else number in alone:
            codes.add(code)
    return frozenset(codes)


class Said(TypedDict):
    """The person's newest word on consent, as the checks of registration want it."""

    consent: bool | None
    took_back: bool
    """True if the person said it on the own page."""


NOTHING_SAID: Said = {"consent": None, "took_back": False}


def newest_words(
    competition_id: int, people: Select[Any] | None = None, crews: Select[Any] | None = None
) -> dict[tuple[int, int | None], Said]:
    """The newest word by entrant and member; of `people` and `crews` alone, where given."""
    newest = select(func.max(Consent.id)).where(Consent.competition_id == competition_id)
    if people is not None and crews is not None:
        chosen = people.with_only_columns(Entrant.id).order_by(None)
        newest = newest.where(Consent.entrant_id.in_(chosen) | Consent.entrant_id.in_(crews))
    query = select(Consent.entrant_id, Consent.member_id, Consent.given, Consent.source).where(
        Consent.id.in_(newest.group_by(Consent.entrant_id, Consent.member_id))
    )
    return {
        (entrant, member): {"consent": given, "took_back": source == OWN and not given}
        for entrant, member, given, source in db.session.execute(query).tuples()
    }


def words_of_unit(unit: Unit) -> dict[tuple[int, int | None], Said]:
    """The newest words of a unit's people on the list."""
    own = select(Entrant.id).where(Entrant.unit_id == unit.id)
    return newest_words(unit.competition_id, own, own)


def set_consent(
    holder: Holder, given: bool, source: str, by: Account | None, note: str = ""
) -> None:
    """Write a word down; `by` is nobody where the person said it on the badge's own page.

    Raises `Refused` (INVALID) for another source, (CONFLICT) where it says so already, and once
    the person's data were erased.
    """
    if source not in ({OWN} if by is None else DESK_SOURCES):
        raise invalid(msg("写明怎么知道的"))
    note = reason_text(note)
    entrant = holder.entrant if isinstance(holder, Member) else holder
    with changing(entrant.competition, holder) as competition:
        if isinstance(holder, Entrant) and holder.members:
            raise invalid(msg("组合由成员各自同意"))
        if holder.erased_at is not None:
            raise Refused(msg("个人资料已经删除，不能再改"))
        words = consents_of(holder)
        if words and words[0].given == given:
            raise Refused(msg("已经是这样了，请刷新"))
        db.session.add(consent_of(competition, holder, given, source, by, note or None))
        action = "consent.give" if given else "consent.withdraw"
        after, why = {"source": source}, note or None
        audit.record(competition, by, action, holder.code, after=after, reason=why)


def consent_of(
    competition: Competition,
    holder: Holder,
    given: bool,
    source: str,
    by: Account | None,
    note: str | None = None,
) -> Consent:
    """A word's row, for a unit of work that records it; the holder has a number already."""
    entrant_id = holder.entrant_id if isinstance(holder, Member) else holder.id
    return Consent(
        competition_id=competition.id,
        entrant_id=entrant_id,
        member_id=holder.id if isinstance(holder, Member) else None,
        given=given,
        source=source,
        note=note,
        made_by=by.id if by is not None else None,
    )
