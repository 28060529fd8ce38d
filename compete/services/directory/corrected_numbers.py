"""What a corrected number means for a record that was put together with others by hand."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.models import Account, Person, db
from compete.services.directory.merged import standing, with_merged
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks


def merged_with(person: Person) -> list[Person]:
    """The other records that somebody said are the same person's."""
    counted = with_merged(Person, [standing(person).id])
    query = select(Person).where(Person.id.in_(counted), Person.id != person.id)
    return list(db.session.scalars(query.order_by(Person.id)))


def may_be_one(others: Sequence[Person], id_type: str, id_hash: str | None) -> bool:
    """Whether somebody of this number can be these others too: not with two of one paper."""
    return all(
        id_hash is None or row.id_hash in (None, id_hash) or row.id_type != id_type
        for row in others
    )


def _merged_into(numbers: Sequence[int]) -> dict[int | None, list[Person]]:
    """By record those that were merged into it."""
    found: dict[int | None, list[Person]] = {}
    for chunk in in_chunks(numbers):
        query = select(Person).where(Person.merged_into_id.in_(chunk))
        for row in db.session.scalars(query.order_by(Person.id)):
            found.setdefault(row.merged_into_id, []).append(row)
    return found


def end_mergers(left: Sequence[Person], by: Account | None) -> list[Person]:
    """Records that nobody holds any more stand for no others, nor others for them.

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
            after = {
                "name": kept.name,
                "other": gone.name,
                "numbers": [kept.id, gone.id],
                "corrected": True,
            }
            for row in (kept, gone):
                audit.record(None, by, "person.part", str(row.id), after=after)
    db.session.flush()
    return free
