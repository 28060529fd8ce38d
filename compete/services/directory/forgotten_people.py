"""Forgotten people: let go of once competitions know them by a pseudonym alone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from compete.models import Account, Competition, Entrant, Examinee, Member, Person, PersonsApart, db
from compete.services.directory.person_records import uses_of
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.row_seals import delete_noted


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
        uses = uses_of(numbers)
        left = sorted(number for number in numbers if not uses[number])
        # What counted for another may have been all that kept that one.
        numbers = _drop(left)
        gone += len(left)
    audit.record(None, by, "people.forget", competition.code, after={"left": gone})
    return gone


def _drop(numbers: Sequence[int]) -> set[int]:
    """Take records away, with what was said about them; into which others they were merged."""
    into: set[int] = set()
    for chunk in in_chunks(numbers):
        beside = or_(PersonsApart.first_id.in_(chunk), PersonsApart.second_id.in_(chunk))
        apart = db.session.scalars(select(PersonsApart.id).where(beside)).all()
        merged = select(Person.merged_into_id).where(
            Person.id.in_(chunk), Person.merged_into_id.is_not(None)
        )
        into |= {number for number in db.session.scalars(merged) if number is not None}
        delete_noted(PersonsApart, apart)
        delete_noted(Person, chunk)
    return into
