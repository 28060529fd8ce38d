"""Person links: entrants and officials connected to the installation's record of them.

By the number's hash, and only where the name is the same too: two names under
one number are two records, which are put together by hand or not at all.
Without a number everybody has a record of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select

from compete.domain.identity.names import same_name_key
from compete.models import (
    NAME_KEY_LENGTH,
    Account,
    Attendance,
    Competition,
    Entrant,
    Examinee,
    Expert,
    Judge,
    Member,
    Mentorship,
    OutsideResult,
    Person,
    PersonsApart,
    PointConsent,
    PointEntry,
    Unit,
    db,
)
from compete.models.types import keyed_hash
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.person_links import drop_links
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks, rows_among, tuples_among
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.row_seals import delete_noted
from compete.services.kernel.sealed_inserts import insert_new


def _merged_with(person: Person) -> list[Person]:
    """The other records that somebody said are the same person's."""
    counted = with_merged(Person, [standing(person).id])
    query = select(Person).where(Person.id.in_(counted), Person.id != person.id)
    return list(db.session.scalars(query.order_by(Person.id)))


def _may_be_one(others: Sequence[Person], id_type: str, id_hash: str | None) -> bool:
    """True if somebody of this number can be these others too: not with two of one paper."""
    return all(
        id_hash is None or row.id_hash in (None, id_hash) or row.id_type != id_type
        for row in others
    )


def _merged_into(numbers: Sequence[int]) -> dict[int | None, list[Person]]:
    """The merged records, by the record they were merged into."""
    merged: dict[int | None, list[Person]] = {}
    for row in _rows(Person.merged_into_id, numbers):
        merged.setdefault(row.merged_into_id, []).append(row)
    return merged


def _end_mergers(left: Sequence[Person], by: Account | None) -> list[Person]:
    """End mergers of records that nobody holds any more: they stand for no others.

    Told on either side's page. Returns those that stand for themselves again.
    """
    free: list[Person] = []
    if not left:
        return free
    merged = _merged_into([person.id for person in left])
    for person in left:
        ended = merged.get(person.id, [])
        free += ended
        pairs = [(person, row) for row in ended]
        if person.merged_into_id is not None:
            pairs.append((db.session.get_one(Person, person.merged_into_id), person))
        for kept, gone in pairs:
            gone.merged_into_id = gone.merged_by = gone.merged_at = None
            record_of_two("person.part", kept, gone, by, corrected=True)
    db.session.flush()
    return free


def record_of_two(
    action: str,
    kept: Person,
    gone: Person,
    by: Account | None,
    reason: str | None = None,
    **more: bool,
) -> None:
    """Record on both sides, so that either's page tells of it; names alone, never a number."""
    after = {"name": kept.name, "other": gone.name, "numbers": [kept.id, gone.id], **more}
    for row in (kept, gone):
        audit.record(None, by, action, str(row.id), after=after, reason=reason)


Holder = Entrant | Member | Judge | Examinee
"""A row of a competition that stands for one person; a crew does not."""


def name_key_of(name: str) -> str:
    """The key that spellings of one name share, as long as its column takes."""
    return same_name_key(name)[:NAME_KEY_LENGTH]


def connect_people(
    competition: Competition,
    by: Account | None,
    changed: Iterable[Holder] = (),
    added: Sequence[Entrant] = (),
    *,
    past_session: bool = False,
) -> None:
    """Connect all of a competition who are nobody yet, and anew those whose number is another now.

    `added` are new entrants, no crews, who are not written yet: they are then written once, with
    their person, and not twice. With `past_session` the session does not know them: their
    records and they are written here, by statements.

    Inside a unit of work that holds the competition. Whoever has a record to themselves
    takes it along when name or number are corrected; a record that others share stays theirs.
    What was merged by hand follows a corrected number as long as that can be one person.
    """
    if not added:
        db.session.flush()
    with db.session.no_autoflush:
        holders = [*_nobody_yet(competition), *added]
        holders += [holder for holder in changed if holder.person_id is not None]
        if not holders:
            return
        # Two registrations at once must not both make a record of one number.
        audit.claim_chain(None)
        work = _Connecting(competition, holders, past_session=past_session)
        for holder in holders:
            work.connect(holder)
        work.number()
        if past_session:
            insert_new(competition, added)
    free = _end_mergers(work.left, by)
    left = _drop(work.left)
    follow_holders(free, by)
    if not (work.made or work.found or db.session.dirty):
        return
    after = {"new": work.made, "known": work.found, "left": left}
    audit.record(None, by, "people.connect", competition.code, after=after)


def let_go(competition: Competition, numbers: Collection[int], by: Account | None) -> None:
    """Let people go from a competition: records that nobody points to any more go.

    Inside a unit of work that holds the competition, once their rows are gone.
    """
    if not numbers:
        return
    audit.claim_chain(None)
    uses = _uses_of(numbers)
    persons = _rows(Person.id, set(numbers))
    merged = Counter(person.merged_into_id for person in _rows(Person.merged_into_id, set(numbers)))
    left = [person for person in persons if uses[person.id] == merged[person.id]]
    free = _end_mergers(left, by)
    gone = _drop(left)
    follow_holders(free, by)
    after = {"new": 0, "known": 0, "left": gone}
    audit.record(None, by, "people.connect", competition.code, after=after)


def connect_everybody() -> None:
    """Connect everybody of every competition: an upgrade's last step, in a unit of work."""
    for competition in db.session.scalars(select(Competition).order_by(Competition.id)):
        connect_people(competition, None)


def follow_holders(persons: Iterable[Person], by: Account | None) -> None:
    """Let records that were others' too say what their holder says now; in a unit of work."""
    for person in persons:
        holders: list[Holder] = []
        for query in (select(Entrant), select(Member), select(Judge), select(Examinee)):
            column = query.column_descriptions[0]["entity"].person_id
            holders += db.session.scalars(query.where(column == person.id))
        for holder in holders:
            competition = db.session.get_one(Competition, holder.competition_id)
            connect_people(competition, by, [holder])


def others_under_number(holder: Holder) -> bool:
    """True if the installation knows somebody of another name under one's number."""
    if isinstance(holder, Judge) or holder.id_hash is None or holder.person is None:
        return False
    query = select(Person.id).where(
        Person.id_hash == holder.id_hash,
        Person.id.not_in((holder.person_id, standing(holder.person).id)),
        Person.merged_into_id.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def _nobody_yet(competition: Competition) -> Iterator[Holder]:
    crews = select(Member.entrant_id).where(Member.competition_id == competition.id)
    entrants = select(Entrant).where(Entrant.id.not_in(crews))
    for query, table in (
        (entrants, Entrant),
        (select(Member), Member),
        (select(Judge), Judge),
        (select(Examinee), Examinee),
    ):
        without = query.where(
            table.competition_id == competition.id, table.person_id.is_(None)
        ).order_by(table.id)
        if table is Entrant or table is Member or table is Examinee:
            # Whose data were erased is to be found under nobody's record again.
            without = without.where(table.erased_at.is_(None))
        yield from db.session.scalars(without)


class _Connecting:
    """A round of connecting, with what the database says read beforehand."""

    def __init__(
        self, competition: Competition, holders: Sequence[Holder], *, past_session: bool = False
    ) -> None:
        self.made = self.found = 0
        self._past_session = past_session
        self._left: list[Person] = []
        self._new: list[Person] = []
        self._given: list[tuple[Holder, Person]] = []
        self._units = {
            unit.id: unit.name
            for unit in db.session.scalars(
                select(Unit).where(Unit.competition_id == competition.id)
            )
        }
        self._crew_units = _units_of_crews(holders)
        numbers = {holder.person_id for holder in holders if holder.person_id is not None}
        self._persons = {person.id: person for person in _rows(Person.id, numbers)}
        self._uses = _uses_of(numbers)
        hashes = {key for holder in holders if (key := _hash_of(holder)) is not None}
        self._known: dict[tuple[str, str], Person] = {}
        for person in _rows(Person.id_hash, hashes):
            self._remember(person)

    def connect(self, holder: Holder) -> None:
        """Give one their record: the one of that number and name, the own one, or a new one."""
        person = self._persons.get(holder.person_id) if holder.person_id is not None else None
        if person is None:
            known = self._match(holder)
            if known is None:
                self._make(holder)
            else:
                self._join(holder, known)
            return
        alone = self._uses[person.id] == 1 and person.merged_into_id is None
        if _hash_of(holder) == person.id_hash:
            if alone:
                self._write(person, holder)
            return
        known = self._match(holder)
        others = [] if alone else _merged_with(person)
        # Records that were merged into it count, but nobody of a competition holds those.
        merged = sum(row.merged_into_id == person.id for row in others)
        alone = self._uses[person.id] - merged == 1
        if known is None and alone and _may_be_one(others, _type_of(holder), _hash_of(holder)):
            self._write(person, holder)
            return
        self._uses[person.id] -= 1
        if alone:
            self._uses[person.id] = 0
            self._forget(person)
            self._left.append(person)
        if known is None:
            self._make(holder)
        else:
            self._join(holder, known)

    def number(self) -> None:
        """Give the new records their numbers, so that they are added in one statement.

        Whoever got one bears its number: that costs a third of what the relation does.
        """
        if self._past_session:
            insert_new(None, self._new)
            for holder, person in self._given:
                holder.person_id = person.id
                if "person" in holder.__dict__:
                    db.session.expire(holder, ["person"])
            return
        connection = db.session.connection()
        for person, number in zip(
            self._new, reserve_ids(connection, Person, len(self._new)) or (), strict=False
        ):
            person.id = number
        for holder, person in self._given:
            if person.id is None or "person" in holder.__dict__:
                holder.person = person
            else:
                holder.person_id = person.id

    @property
    def left(self) -> list[Person]:
        """The records that nobody of a competition points to any more."""
        return [person for person in self._left if not self._uses[person.id]]

    def _match(self, holder: Holder) -> Person | None:
        key = _hash_of(holder)
        return self._known.get((key, name_key_of(holder.name))) if key is not None else None

    def _make(self, holder: Holder) -> None:
        person = Person()
        self._write(person, holder)
        self._given.append((holder, person))
        if not self._past_session:
            db.session.add(person)
        self._new.append(person)
        self.made += 1

    def _join(self, holder: Holder, person: Person) -> None:
        self._given.append((holder, person))
        if person.id is not None:
            self._uses[person.id] += 1
        self.found += 1
        unit = self._unit_of(holder)
        if unit is not None:
            person.unit_name, person.unit_key = unit, name_key_of(unit)
        person.phone_hash = _phone_of(holder) or person.phone_hash
        if not isinstance(holder, Judge | Examinee):
            person.birth = person.birth or holder.birth

    def _write(self, person: Person, holder: Holder) -> None:
        """Let a record say what its only holder says."""
        self._forget(person)
        person.name, person.name_key = holder.name, name_key_of(holder.name)
        unit = self._unit_of(holder)
        person.unit_name, person.unit_key = unit, name_key_of(unit) if unit else None
        if not isinstance(holder, Judge):
            person.id_type, person.id_hash = holder.id_type, holder.id_hash
            person.id_number = holder.id_number
        if not isinstance(holder, Judge | Examinee):
            person.birth, person.phone_hash = holder.birth, _phone_of(holder)
        self._remember(person)

    def _unit_of(self, holder: Holder) -> str | None:
        if isinstance(holder, Examinee):
            return holder.unit_name
        if isinstance(holder, Member):
            return self._units.get(self._crew_units.get(holder.entrant_id, 0))
        return self._units.get(holder.unit_id) if holder.unit_id is not None else None

    def _remember(self, person: Person) -> None:
        if person.id_hash is not None:
            self._known.setdefault((person.id_hash, person.name_key), person)

    def _forget(self, person: Person) -> None:
        key = (person.id_hash or "", person.name_key)
        if self._known.get(key) is person:
            del self._known[key]


def _hash_of(holder: Holder) -> str | None:
    return None if isinstance(holder, Judge) else holder.id_hash


def _type_of(holder: Holder) -> str:
    return "" if isinstance(holder, Judge) else holder.id_type


def _phone_of(holder: Holder) -> str | None:
    if isinstance(holder, Judge | Examinee) or not holder.phone:
        return None
    return keyed_hash(phone_text(holder.phone))


def phone_text(phone: str) -> str:
    """The text that a phone's look-up key is the hash of."""
    return f"phone:{phone}"


def _rows(column: Any, values: Iterable[Any]) -> list[Person]:
    """Read people by a column, lowest number first within each read."""
    return rows_among(select(Person).order_by(Person.id), column, sorted(values))


def _units_of_crews(holders: Sequence[Holder]) -> dict[int, int]:
    crews = sorted({holder.entrant_id for holder in holders if isinstance(holder, Member)})
    return dict(tuples_among(select(Entrant.id, Entrant.unit_id), Entrant.id, crews))


def _drop(gone: Sequence[Person]) -> int:
    """Take away records that nobody points to any more; how many."""
    # A list said that somebody came to a training: of a record that nobody has any more it stays.
    attended = _attended([person.id for person in gone])
    gone = [person for person in gone if person.id not in attended]
    if not gone:
        return 0
    db.session.flush()
    for chunk in in_chunks([person.id for person in gone]):
        _drop_sayings(chunk)
    for person in gone:
        db.session.delete(person)
    return len(gone)


def _attended(numbers: Sequence[int]) -> set[int]:
    query = select(Attendance.person_id).where(Attendance.ended_at.is_(None))
    return set(rows_among(query, Attendance.person_id, sorted(numbers)))


def _drop_sayings(numbers: Sequence[int]) -> None:
    """Take away links to these records, points and trainings of theirs and whether they are shown,
    and what says that one is another than a second.
    """
    drop_links(numbers)
    db.session.execute(delete(PointEntry).where(PointEntry.person_id.in_(numbers)))
    for table in (PointConsent, Attendance):
        query = select(table.id).where(table.person_id.in_(numbers))
        delete_noted(table, db.session.scalars(query).all())
    beside = or_(PersonsApart.first_id.in_(numbers), PersonsApart.second_id.in_(numbers))
    delete_noted(PersonsApart, db.session.scalars(select(PersonsApart.id).where(beside)).all())


def _uses_of(numbers: Iterable[int]) -> Counter[int]:
    """Count the rows of competitions, and the merged records, that point to each record."""
    uses: Counter[int] = Counter()
    wanted = sorted(numbers)
    for chunk in in_chunks(wanted):
        for column in (
            *(Entrant.person_id, Member.person_id, Judge.person_id, Expert.person_id),
            *(Examinee.person_id, Mentorship.mentor_id, Mentorship.pupil_id),
            *(OutsideResult.person_id, Person.merged_into_id),
        ):
            pointing = select(column, func.count()).where(column.in_(chunk)).group_by(column)
            for number, times in db.session.execute(pointing).tuples():
                uses[number or 0] += times
    return uses


def forget_people(
    competition: Competition, holders: Sequence[Entrant | Member | Examinee], by: Account
) -> int:
    """Part these rows from their records of the installation, which go where nothing needs them.

    Returns how many records went. A record that another competition, an official or an expert
    stands behind stays. Inside a unit of work that holds the competition.
    """
    numbers = {holder.person_id for holder in holders if holder.person_id is not None}
    if not numbers:
        return 0
    audit.claim_chain(None)
    for holder in holders:
        holder.person = None
        holder.person_id = None
    db.session.flush()
    gone = 0
    while numbers:
        uses = _uses_of(numbers)
        left = sorted(number for number in numbers if not uses[number])
        # What counted for another may have been all that kept that one.
        numbers = _drop_records(left)
        gone += len(left)
    audit.record(None, by, "people.forget", competition.code, after={"left": gone})
    return gone


def _drop_records(numbers: Sequence[int]) -> set[int]:
    """Take records away, with what was said about them; into which others they were merged."""
    into: set[int] = set()
    for chunk in in_chunks(numbers):
        merged = select(Person.merged_into_id).where(
            Person.id.in_(chunk), Person.merged_into_id.is_not(None)
        )
        into |= {number for number in db.session.scalars(merged) if number is not None}
        _drop_sayings(chunk)
        delete_noted(Person, chunk)
    return into
