"""The parts of a load: each a short unit of work; what is there already is not written again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, func, select

from compete.domain.bundle import types
from compete.models import Account, Base, Competition, Entrant, Event, Judge, Team, Unit, db
from compete.services.kernel import audit
from compete.services.kernel.portions import Portion
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.kernel.versions import is_writing

T = TypeVar("T")


class LoadedPerson(NamedTuple):
    """The numbers of an entrant and of the event."""

    id: int
    event: int


@dataclass
class Loading:
    """A bundle on its way into the database: the numbers of the rows made so far, by code.

    `acts` is the seal over the acts, once they are in.
    """

    bundle: types.Bundle
    number: int
    by: Account | None = None
    units: dict[str, int] = field(default_factory=dict)
    judges: dict[str, int] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    entrants: dict[str, LoadedPerson] = field(default_factory=dict)
    acts: dict[str, Any] | None = None

    @property
    def competition(self) -> Competition:
        """The competition as the session sees it now."""
        return db.session.get_one(Competition, self.number)

    @contextmanager
    def part(
        self, portion: Portion | None = None, *, recorded: bool = False
    ) -> Iterator[Competition]:
        """A unit of work that writes a part; the portion is fitted to how long it took.

        It is put on record, unless it is `recorded` already, or all is within one.
        """
        begun, alone = time.perf_counter(), not is_writing()
        with unit_of_work():
            competition = for_update(self.competition)
            yield competition
            if alone and not recorded:
                audit.record(competition, self.by, "competition.load_part", competition.code)
        if portion is not None:
            portion.fit(time.perf_counter() - begun)

    def take_codes(self) -> None:
        """Take the numbers of what is there already, by code."""
        own = {"competition_id": self.number}
        for table, numbers in (
            (Unit, self.units),
            (Judge, self.judges),
            (Event, self.events),
            (Team, self.teams),
        ):
            rows = db.session.execute(select(table.code, table.id).filter_by(**own))
            numbers.update(rows.tuples().all())
        people = select(Entrant.code, Entrant.id, Entrant.event_id).filter_by(**own)
        for code, number, event in db.session.execute(people).tuples():
            self.entrants[code] = LoadedPerson(number, event)

    def add_in_parts(
        self,
        table: type[Base],
        here: ColumnElement[bool],
        sources: Sequence[T],
        make: Callable[[T], Base],
        then: Callable[[Competition], object] | None = None,
    ) -> None:
        """Add a row for each of what a bundle says, in its order; `here` are the competition's.

        `then` ends each part.
        """
        done = count_rows(table, here)
        portion = Portion()
        while done < len(sources):
            rows = [make(source) for source in sources[done : done + portion.size]]
            with self.part(portion) as competition:
                db.session.add_all(rows)
                db.session.flush()
                if then is not None:
                    then(competition)
            done += len(rows)


def count_rows(table: type[Base], here: ColumnElement[bool]) -> int:
    """Count the rows of a table for which the condition holds."""
    return db.session.scalar(select(func.count()).select_from(table).where(here)) or 0
