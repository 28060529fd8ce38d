"""People of an organisation: whose newest part was with one of its units, and what they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.kinds.kinds import kinds_where
from compete.domain.rewards.dues import Holding, Merit
from compete.domain.values.kinds import Level
from compete.domain.values.states import CertificateState
from compete.models import (
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Examinee,
    GradeClaim,
    Member,
    Organisation,
    OutsideResult,
    Person,
    Unit,
    db,
)
from compete.services.directory.merged import same_people, standing, with_merged
from compete.services.directory.person_records import name_key_of
from compete.services.directory.tree import Tree
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.shown_competitions import is_shown

_EARLY = date(1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPerson:
    """A person of an organisation, with the unit they came from last."""

    person: int
    unit: str
    organisation: int
    day: date


def people_of(organisation: Organisation, on: date | None = None) -> Mapping[int, OwnPerson]:
    """The people of an organisation and of what stands beneath it, by their standing record.

    Of each the newest part that has begun on a day (today) with a unit that stands in the tree
    decides: who came for another since is that one's. Of who gets a grade without taking part in
    an event the unit's name does.
    """
    on = on or local_today()
    tree = Tree.read()
    beneath = tree.beneath(standing(organisation).id)
    parts = [*_parts(Entrant, on), *_parts(Member, on)]
    parts += [it for it in _examinees(tree) if it.day <= on]
    parts.sort(key=lambda it: (it.day, it.person))
    same = standing_numbers({it.person for it in parts})
    people: dict[int, OwnPerson] = {}
    for part in parts:
        people[same[part.person]] = part
    return {
        number: part
        for number, part in sorted(people.items())
        if tree.into.get(part.organisation) in beneath
    }


def standing_numbers(people: Collection[int]) -> Mapping[int, int]:
    """The number of the record that stands for each of these."""
    same: dict[int, int] = {}
    for chunk in in_chunks(sorted(people)):
        into = same_people(chunk)
        same |= {number: into.get(number, number) for number in chunk}
    return same


def _parts(table: type[Entrant | Member], on: date) -> Iterator[OwnPerson]:
    day = func.coalesce(Competition.ends, Competition.starts)
    begins = func.coalesce(Competition.starts, Competition.ends)
    query: Select[Any] = select(table.person_id, Unit.name, Unit.organisation_id, day)
    if table is Member:
        query = query.join(Entrant, Entrant.id == Member.entrant_id)
    query = (
        query.join(Unit, Unit.id == Entrant.unit_id)
        .join(Competition, Competition.id == Entrant.competition_id)
        .where(
            table.person_id.is_not(None),
            Unit.organisation_id.is_not(None),
            Competition.kind.in_(kinds_where(lambda kind: kind.has_results)),
            begins.is_(None) | (begins <= on),
            is_shown(),
        )
        .order_by(table.id)
    )
    for person, unit, organisation, on in db.session.execute(query).tuples():
        yield OwnPerson(person=person, unit=unit, organisation=organisation, day=on or _EARLY)


def _examinees(tree: Tree) -> Iterator[OwnPerson]:
    """Those who get a grade without an event; two organisations of one name are nobody's."""
    by_name: dict[str, int] = {}
    for row in tree.rows.values():
        by_name[row.name_key] = 0 if row.name_key in by_name else row.id
    query = (
        select(Examinee.person_id, Examinee.unit_name, Examinee.made_at)
        .join(Competition, Competition.id == Examinee.competition_id)
        .where(Examinee.person_id.is_not(None), is_shown())
        .order_by(Examinee.id)
    )
    for person, unit, at in db.session.execute(query).tuples():
        organisation = by_name.get(name_key_of(unit))
        if person is not None and organisation:
            yield OwnPerson(
                person=person,
                unit=unit,
                organisation=organisation,
                day=local_time(at).date(),
            )


def holdings_of(people: Collection[int]) -> Sequence[Holding]:
    """What these people have by certificates and by agreed results of contests held elsewhere.

    Void ones and what was taken away are there too; by person, day and certificate. What was
    replaced is in what replaced it, and begins on its day.
    """
    holdings: list[Holding] = []
    for chunk in in_chunks(sorted(people)):
        holdings += [*_holdings(chunk), *_won_elsewhere(chunk)]
    return sorted(holdings, key=lambda it: (it.person, it.day, it.key))


def _holdings(people: Sequence[int]) -> Iterator[Holding]:
    records = with_merged(Person, people)
    rows = {
        row.id: (records[person], level, row)
        for query in _certificates(list(records))
        for person, level, row in db.session.execute(query).tuples()
    }
    first = _first_of_chains([row for _person, _level, row in rows.values()])
    for person, level, row in rows.values():
        key, day = first[row.id]
        is_void = row.state is CertificateState.REVOKED
        ended = local_time(row.revoked_at).date() if is_void and row.revoked_at else None
        is_grade = row.kind == Merit.GRADE
        grade = CertificateNumber.parse(row.number).grade if is_grade else None
        if is_grade and grade is None:
            continue
        yield Holding(
            person=person,
            merit=Merit.GRADE if is_grade else Merit.HONOUR,
            key=key,
            number=row.number,
            day=day,
            ended=ended,
            grade=grade,
            honour="" if is_grade else str(row.face["award"]),
            level=Level(level) if level and not is_grade else None,
        )


def _won_elsewhere(people: Sequence[int]) -> Iterator[Holding]:
    """Honours of contests held elsewhere, each once however often the result was corrected."""
    records = with_merged(Person, people)
    agreed = select(OutsideResult).where(OutsideResult.agreed_at.is_not(None))
    rows = {row.id: row for row in rows_among(agreed, OutsideResult.person_id, list(records))}
    chains: defaultdict[int, list[OutsideResult]] = defaultdict(list)
    for row in sorted(rows.values(), key=lambda it: it.id):
        first = row
        while first.replaces_id in rows:
            first = rows[first.replaces_id]
        chains[first.id].append(row)
    for number, chain in chains.items():
        # The last that has it tells of an honour; what a correction took away ended with it.
        for honour in dict.fromkeys(name for row in chain for name in row.honours):
            row = next(it for it in reversed(chain) if honour in it.honours)
            stands = row is chain[-1] and row.dropped_at is None
            ended = local_time(row.dropped_at).date() if row.dropped_at else None
            yield Holding(
                person=records[row.person_id or 0],
                merit=Merit.HONOUR,
                key=f"outside/{number}/{honour}",
                number=row.document,
                day=row.day,
                ended=None if stands else ended,
                honour=honour,
                level=row.level,
            )


def _certificates(records: Sequence[int]) -> tuple[Select[Any], ...]:
    """The certificates by whose they are: of entrants alone, members, examinees, by hand."""
    stands = Certificate.state != CertificateState.REPLACED
    by_hand, member, alone = aliased(Distinction), aliased(Member), aliased(Entrant)

    def of(person: Any) -> Select[Any]:
        return select(person, Competition.level, Certificate).join(
            Competition, Competition.id == Certificate.competition_id
        )

    return (
        of(Entrant.person_id)
        .join(Entrant, Entrant.id == Certificate.entrant_id)
        .where(Entrant.person_id.in_(records), Certificate.member_id.is_(None), stands),
        of(Member.person_id)
        .join(Member, Member.id == Certificate.member_id)
        .where(Member.person_id.in_(records), stands),
        of(Examinee.person_id)
        .join(GradeClaim, GradeClaim.id == Certificate.claim_id)
        .join(Examinee, Examinee.id == GradeClaim.examinee_id)
        .where(Examinee.person_id.in_(records), stands),
        of(func.coalesce(member.person_id, alone.person_id))
        .join(by_hand, by_hand.id == Certificate.distinction_id)
        .outerjoin(member, member.id == by_hand.member_id)
        .outerjoin(alone, alone.id == by_hand.entrant_id)
        .where(func.coalesce(member.person_id, alone.person_id).in_(records), stands),
    )


def _first_of_chains(rows: Sequence[Certificate]) -> Mapping[int, tuple[str, date]]:
    """The number and day of the first certificate of each one's chain of replacements."""
    first = {row.id: (row.number, row.issued_on) for row in rows}
    waiting = {row.id: row.replaces_id for row in rows if row.replaces_id is not None}
    while waiting:
        earlier: dict[int, Certificate] = {}
        for chunk in in_chunks(sorted(set(waiting.values()))):
            query = select(Certificate).where(Certificate.id.in_(chunk))
            earlier |= {row.id: row for row in db.session.scalars(query)}
        first |= {
            number: (earlier[before].number, earlier[before].issued_on)
            for number, before in waiting.items()
        }
        waiting = {
            number: further
            for number, before in waiting.items()
            if (further := earlier[before].replaces_id) is not None
        }
    return first
