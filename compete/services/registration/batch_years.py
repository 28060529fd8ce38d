"""A year of batches: how many people were examined, how often, with which verdict, by batch.

A person is whoever bears one ID number, however often and for whatever level; an attempt is one
person in one level of one batch. Verdicts are those in force.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import exists, select

from compete.domain.kinds.kinds import competition_kind
from compete.models import Account, Competition, Entrant, Withdrawal
from compete.services.accounts.access import competitions_for
from compete.services.kernel.chunks import tuples_among
from compete.services.registration.earlier_sittings import (
    taken_down_among,
    verdicts_of_version,
    versions_in_force,
)

VERDICTS = ("pass", "fail", "absent", "dsq", "incomplete")


@dataclass(slots=True)
class BatchCount:
    """What came of a batch, or of all of a year: people by a key of their own."""

    people: set[str] = field(default_factory=set)
    attempts: int = 0
    again: int = 0
    """Attempts that are not the first (补考)."""
    moved: int = 0
    """Who left before it began, for the next batch or altogether."""
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def unpublished(self) -> int:
        """Attempts whose verdict is not published."""
        return self.attempts - sum(self.verdicts.values())

    def add(self, other: BatchCount) -> None:
        """Count another batch in."""
        self.people |= other.people
        self.attempts += other.attempts
        self.again += other.again
        self.moved += other.moved
        self.verdicts += other.verdicts


@dataclass(frozen=True, slots=True)
class BatchYear:
    """The batches of a year in the order of their days, and all of them together."""

    year: int
    batches: Sequence[tuple[Competition, BatchCount]]
    whole: BatchCount


def batches_seen(by: Account) -> list[Competition]:
    """The evaluations whose results the account may see, in the order of their days."""
    mine = [it for it in competitions_for(by) if competition_kind(it).has_sittings]
    return sorted(
        (it for it in mine if year_of(it) is not None),
        key=lambda it: (it.starts or date.max, it.id),
    )


def year_of(competition: Competition) -> int | None:
    """The year that a batch counts in: that of its day, or the one that its organiser wrote."""
    return competition.starts.year if competition.starts else competition.year


def count_year(batches: Sequence[Competition], year: int) -> BatchYear:
    """Count the batches of a year, with a statement or two for all of them."""
    here = [it for it in batches if year_of(it) == year]
    counts = _counts({it.id: it for it in here})
    whole = BatchCount()
    for batch in here:
        whole.add(counts[batch.id])
    return BatchYear(year, [(it, counts[it.id]) for it in here], whole)


def _counts(batches: Mapping[int, Competition]) -> Mapping[int, BatchCount]:
    versions, down = versions_in_force(batches), taken_down_among(batches)
    verdicts = {number: verdicts_of_version(row) for number, row in versions.items()}
    events = {event.id: event.code for it in batches.values() for event in it.events}
    left = exists().where(Withdrawal.entrant_id == Entrant.id, Withdrawal.ended_at.is_(None))
    query = select(
        Entrant.competition_id,
        *(Entrant.event_id, Entrant.id, Entrant.code, Entrant.id_hash, Entrant.resit, left),
    )
    counts: defaultdict[int, BatchCount] = defaultdict(BatchCount)
    rows = tuples_among(query, Entrant.competition_id, list(batches))
    for batch, event, number, code, key, resit, gone in rows:
        count = counts[batch]
        if gone:
            count.moved += 1
            continue
        count.people.add(key or f"#{number}")
        count.attempts += 1
        count.again += bool(resit)
        row = verdicts.get(batch, {}).get(events[event], {}).get(code)
        if row is not None and event not in down:
            count.verdicts[row.verdict] += 1
    return counts
