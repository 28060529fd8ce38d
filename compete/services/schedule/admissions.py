"""Who was passed (审核通过) and may be seated: an admission that stands, on what has not changed.

While people are registered it stands as long as everything that it rests on is as it was; once
judging has begun it stands for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle import evaluation_facts
from compete.domain.kinds.kinds import competition_kind, kinds_where
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Admission,
    ApplicantDocument,
    Competition,
    Entrant,
    Event,
    Sheet,
    Slot,
    db,
    utc_now,
)
from compete.services.directory.issued_here import IssuedHere, newest_grade
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.exempted import exempt_from_level
from compete.services.kernel.participants import takes_part
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.versions import remembered_beside_check_ins

PARTS: Mapping[str, Message] = {
    "conditions": msg("申报条件"),
    "grade": msg("现等级"),
    "years": msg("从业年限"),
    "papers": msg("学历和职称"),
    "person": msg("本人的资料"),
    "documents": msg("材料"),
}
"""What a reviewer passes somebody on, by the keys of `Admission.basis`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An admission that was not taken back, and what changed since of what it rests on."""

    admission: Admission
    changed: Sequence[str]

    @property
    def counts(self) -> bool:
        """True if the person is passed."""
        return not self.changed


def standing_among(competition: Competition, people: Collection[int]) -> dict[int, Standing]:
    """The admissions of these people that were not taken back, by the entrants' numbers."""
    query = select(Admission).where(Admission.ended_at.is_(None))
    query = query.options(joinedload(Admission.maker))
    rows = rows_among(query, Admission.entrant_id, sorted(people))
    compared = [row.entrant_id for row in rows if row.basis is not None]
    now = _bases_of(competition, compared) if _is_compared(competition) else {}
    return {row.entrant_id: Standing(row, _changed(row, now.get(row.entrant_id))) for row in rows}


def _changed(row: Admission, now: Mapping[str, str] | None) -> list[str]:
    if row.basis is None or now is None:
        return []
    return [part for part in PARTS if row.basis.get(part) != now.get(part)]


def _is_compared(competition: Competition) -> bool:
    """True while an admission falls with what it rests on."""
    return competition.state is CompetitionState.REGISTERING


def admitted_in(event: Event) -> frozenset[int] | None:
    """The numbers of those who may be seated in an event; None where nobody is reviewed."""
    competition = event.competition
    if not competition_kind(competition).has_review:
        return None
    number = event.id

    def read() -> frozenset[int]:
        query = (
            select(Admission.entrant_id)
            .join(Entrant, Entrant.id == Admission.entrant_id)
            .where(Entrant.event_id == number, Admission.ended_at.is_(None), takes_part())
        )
        people = db.session.scalars(query).all()
        if not _is_compared(competition):
            return frozenset(people)
        standing = standing_among(competition, people)
        return frozenset(number for number, it in standing.items() if it.counts)

    # A certificate of another competition moves no version of this one.
    return remembered_beside_check_ins(competition, ("admitted", number, newest_grade()), read)


def unpassed_in(competition: Competition) -> frozenset[int]:
    """The numbers of those who take part and may not be seated; nobody where nobody is reviewed."""
    if not competition_kind(competition).has_review:
        return frozenset()

    def read() -> frozenset[int]:
        everybody = select(Entrant.id).where(Entrant.competition_id == competition.id, takes_part())
        passed = {number for event in competition.events for number in admitted_in(event) or ()}
        return frozenset(db.session.scalars(everybody)) - passed

    return remembered_beside_check_ins(competition, ("unpassed", newest_grade()), read)


def is_admitted(entrant: Entrant) -> bool:
    """True if somebody may be seated and gets a card: was passed, or nobody is reviewed here."""
    if not competition_kind(entrant.competition).has_review:
        return True
    standing = standing_among(entrant.competition, [entrant.id]).get(entrant.id)
    return standing is not None and standing.counts


def changed_words(changed: Sequence[str]) -> list[Message]:
    """What changed since somebody was passed, in words."""
    return [PARTS[part] for part in changed]


_FACTS = (
    *(Entrant.id, Entrant.event_id, Entrant.id_hash, Entrant.grade, Entrant.grade_since),
    *(Entrant.certificate, Entrant.months, Entrant.trade, Entrant.registered_at, Entrant.papers),
    *(Entrant.birth, Entrant.group.label("group")),
)


def _bases_of(competition: Competition, people: Collection[int]) -> dict[int, dict[str, str]]:
    """What an admission of each would rest on now: a mark for each part, by the numbers."""
    if not people:
        return {}
    rows: list[Any] = []
    documents: dict[int, list[list[str]]] = defaultdict(list)
    for chunk in in_chunks(sorted(people)):
        rows += db.session.execute(select(*_FACTS).where(Entrant.id.in_(chunk))).all()
        of_them = ApplicantDocument.entrant_id.in_(chunk)
        columns = (
            *(ApplicantDocument.entrant_id, ApplicantDocument.kind),
            *(ApplicantDocument.sha256, ApplicantDocument.state),
        )
        for number, kind, digest, state in db.session.execute(select(*columns).where(of_them)):
            documents[number].append([kind.value, digest, state.value])
    issued = IssuedHere(competition, lambda _paper, number: number)
    issued.expect_keys(row.id_hash for row in rows if row.id_hash)
    codes = {event.id: event.code for event in competition.events}
    asked = {event.id: _asked(event) for event in competition.events}
    exempt = exempt_from_level(competition)
    bases = {}
    for row in rows:
        certified = issued.of_key(codes[row.event_id], row.id_hash) if row.id_hash else None
        issued_since = [certified.grade, _day(certified.since)] if certified is not None else None
        bases[row.id] = {
            "conditions": short_mark([asked[row.event_id], row.id in exempt]),
            "grade": short_mark([row.grade, _day(row.grade_since), row.certificate, issued_since]),
            "years": short_mark([row.months, row.trade, row.registered_at.date().isoformat()]),
            "papers": short_mark(row.papers or []),
            "person": short_mark([_day(row.birth), row.group, row.id_hash]),
            "documents": short_mark(sorted(documents.get(row.id, ()))),
        }
    return bases


def _asked(event: Event) -> str:
    """The mark of what an event asks, and on which day."""
    rules = rules_of(event)
    day = evaluation_facts.day_of(rules, event.competition)
    return short_mark([event.code, rules.grade, msgspec.to_builtins(rules.apply), _day(day)])


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def seated_or_marked(people: Collection[int]) -> dict[int, Message]:
    """Say of those who have a seat or marks that they have: an admission stands for them."""
    why: dict[int, Message] = {}
    seated = select(Slot.entrant_id).where(
        Slot.station.is_not(None) | Slot.seat.is_not(None) | Slot.starts_at.is_not(None)
    )
    for column, query, words in (
        (Slot.entrant_id, seated, msg("已经排了座位")),
        (Sheet.entrant_id, select(Sheet.entrant_id).where(Sheet.version > 0), msg("已经有分")),
    ):
        why |= dict.fromkeys(rows_among(query.distinct(), column, sorted(people)), words)
    return why


def admit(
    competition: Competition,
    people: Collection[int],
    by: Account | None,
    at: datetime | None = None,
) -> None:
    """Pass these people on what is there now; in a unit of work that records it.

    Those whose admission fell get another in its place.
    """
    now = at or utc_now()
    before = select(Admission).where(Admission.ended_at.is_(None))
    for row in rows_among(before, Admission.entrant_id, sorted(people)):
        row.ended_by, row.ended_at = by.id if by is not None else None, now
    db.session.flush()
    bases, maker = _bases_of(competition, people), by.id if by is not None else None
    insert_new(
        competition,
        [
            Admission(entrant_id=number, basis=bases[number], made_by=maker, made_at=now)
            for number in sorted(people)
        ],
    )


def admit_those_under_way() -> None:
    """Pass who is seated or judged in evaluations of older programs: an upgrade's step.

    In a unit of work. Nobody was asked then, and nobody stands as who passed them.
    """
    query = select(Competition).where(
        Competition.kind.in_(kinds_where(lambda kind: kind.has_review))
    )
    for competition in db.session.scalars(query.order_by(Competition.id)):
        own = Entrant.competition_id == competition.id
        reviewed = select(Admission.id).join(Entrant).where(own).limit(1)
        if db.session.scalar(reviewed) is not None:
            continue
        people: Collection[int] = db.session.scalars(select(Entrant.id).where(own)).all()
        if _is_compared(competition):
            people = seated_or_marked(people)
        if people:
            admit(competition, people, None)
            after = {"people": len(people)}
            audit.record(competition, None, "entrants.pass_adopted", competition.code, after=after)
