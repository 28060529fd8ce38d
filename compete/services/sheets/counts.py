"""Sheet counts: in all, in and left: every page, paper and workbook counts here.

A sheet counts unless it was closed by 回避, or is not in and nobody waits for it: an
outcome (缺考, 中途退出, 取消成绩) stands for its module or stage. What counts is in
(submitted or signed) or left.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select

from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import (
    AuditEntry,
    Competition,
    Entrant,
    Event,
    LockEntry,
    Sheet,
    Slot,
    db,
)
from compete.services.kernel.bounded_cache import Latest
from compete.services.kernel.installation import memory_of
from compete.services.kernel.module_keys import same_place
from compete.services.kernel.versions import (
    Version,
    has_changed,
    is_writing,
    records_since,
    version_of,
)
from compete.services.sheets.absences import excused

MOST_AT_ONCE, MOST_PEOPLE = 1000, 300
"""With more sheets or people than these, what goes over all of them is a job."""

MOST_ROWS = 100
"""So many people are decided or certified within the request; of more it is a job."""


_MOST_TOUCHED = 1000
_MOST_KEPT = 4
_KEY = "compete.tallies"
MOVING_NOTHING = frozenset(
    {
        *("account.create", "role.grant", "card.issue", "card.show", "card.print", "card.cancel"),
        *("card.first_use", "pin.set", "pin.locked", "sheet.remind", "photo.add", "field.sign"),
        *("decision.propose", "lock.ask_unlock", "lock.keep", "lock.set", "hall.make"),
        *("hall.settings", "hall.freeze", "hall.unfreeze", "doubt.right", "doubt.again"),
    }
)
"""Records of what moves no sheet and changes no result."""


class SheetPlace(NamedTuple):
    """The place where a sheet is counted. `unsigned` came from a tablet and wants a name.

    `session` and `station` are those that the entrant is called up in, or None.
    """

    event: int
    stage: str
    module: str
    session: str | None
    station: str | None
    judge: int
    state: SheetState
    unsigned: bool


def read_places(competition: Competition, *which: ColumnElement[bool]) -> dict[int, SheetPlace]:
    """The sheets that count, of all or of those that fit, by row."""
    query = (
        select(
            *(Sheet.id, Entrant.event_id, Sheet.stage, Sheet.module, Slot.session, Slot.station),
            *(Sheet.judge_id, Sheet.state, is_unsigned()),
        )
        .select_from(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .outerjoin(Slot, and_(*same_place(Slot, Sheet)))
        .where(Sheet.competition_id == competition.id, counts(), *which)
    )
    places: dict[SheetPlace, SheetPlace] = {}
    place_of = {}
    for row in db.session.execute(query).tuples():
        sheet, event, stage, module, session, station, judge, state, bare = row
        place = SheetPlace(event, stage, module, session, station, judge, state, bool(bare))
        place_of[sheet] = places.setdefault(place, place)
    return place_of


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """The number of sheets that count by place, ready to be narrowed and added up."""

    numbers: Mapping[SheetPlace, int]

    def narrowed(self, fits: Callable[[SheetPlace], bool]) -> SheetCounts:
        """The counts of the places that fit."""
        return SheetCounts({place: number for place, number in self.numbers.items() if fits(place)})

    def of(self, event: Event, stage: str, module: str, session: str | None = None) -> SheetCounts:
        """The counts of one module, or of one session of it."""
        here = event.id, stage, module
        return self.narrowed(lambda place: place[:3] == here and session in (None, place.session))

    def outside(self, locks: Iterable[LockEntry]) -> SheetCounts:
        """The counts of sheets that none of the locks covers."""
        closed = {(lock.event_id, lock.stage, lock.module, lock.session) for lock in locks}
        return self.narrowed(lambda place: not {(*place[:3], None), place[:4]} & closed)

    @property
    def states(self) -> Counter[SheetState]:
        """Count the sheets in each state."""
        counts: Counter[SheetState] = Counter()
        for place, number in self.numbers.items():
            counts[place.state] += number
        return counts

    @property
    def all(self) -> int:
        """Count all sheets."""
        return sum(self.numbers.values())

    @property
    def done(self) -> int:
        """Count the sheets that are in."""
        return self.narrowed(lambda place: place.state in HANDED_IN).all

    @property
    def left(self) -> int:
        """Count the sheets that are waited for."""
        return self.all - self.done

    @property
    def returned(self) -> int:
        """Count those left that were sent back and on which nothing was done since."""
        return self.states[SheetState.RETURNED]

    @property
    def unsigned(self) -> int:
        """Count those that are in, came from a tablet and bear no signature."""
        return self.narrowed(lambda place: place.unsigned).all

    def judges_with_sheets(self, *states: SheetState) -> set[int]:
        """The rows of the judges who have sheets left, or sheets in these states."""
        return {
            place.judge
            for place in self.numbers
            if (place.state in states if states else place.state not in HANDED_IN)
        }


def is_large(competition: Competition, rows: int = 0) -> bool:
    """True if work over all sheets and people takes longer than anybody should wait for.

    Neither who asked nor the marks that others store meanwhile. `rows`: what it writes for
    each by itself, as a decision or a certificate.
    """
    if rows > MOST_ROWS or sheet_counts(competition).all > MOST_AT_ONCE:
        return True
    here = select(func.count(Entrant.id)).where(Entrant.competition_id == competition.id)
    return (db.session.scalar(here) or 0) > MOST_PEOPLE


def counts() -> ColumnElement[bool]:
    """The condition that a sheet counts."""
    return and_(Sheet.state != SheetState.WITHDRAWN, or_(Sheet.state.in_(HANDED_IN), ~excused()))


def is_awaited() -> ColumnElement[bool]:
    """The condition that a sheet counts and is waited for."""
    return and_(Sheet.state != SheetState.WITHDRAWN, Sheet.state.not_in(HANDED_IN), ~excused())


def is_unsigned() -> ColumnElement[bool]:
    """The condition of a tablet's sheet in without a signature; nobody signs for the excused."""
    return and_(Sheet.state == SheetState.SUBMITTED, Sheet.submitted_at.is_not(None), ~excused())


def count_sheets(competition: Competition) -> int:
    """Count the sheets that count, wherever they are; by one statement, also while writing."""
    query = select(func.count(Sheet.id)).where(Sheet.competition_id == competition.id, counts())
    return db.session.scalar(query) or 0


def sheet_counts(competition: Competition) -> SheetCounts:
    """Count all sheets of the competition that count; after a mark those alone that it touched."""
    if has_changed():
        return _fresh(competition)
    kept = memory_of(_KEY, lambda: Latest(_Tally, _MOST_KEPT)).of(competition.id)
    with kept.lock:
        return kept.follow(competition)


def _fresh(competition: Competition) -> SheetCounts:
    return SheetCounts(Counter(read_places(competition).values()))


class _Tally:
    """The tally of one competition's sheets, and the version that they were read at."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.version: Version | None = None
        self.places: dict[int, SheetPlace] = {}
        self.numbers: Counter[SheetPlace] = Counter()
        self.counts = SheetCounts({})

    def follow(self, competition: Competition) -> SheetCounts:
        """Bring them up to what the session sees; under the lock."""
        now = version_of(competition)
        if self.version == now:
            return self.counts
        if is_writing():
            # What is seen here may be rolled back: nothing of it is kept.
            return _fresh(competition)
        version, self.version = self.version, None
        records = records_since(competition, version) if version else None
        touched = _touched(records) if records is not None else None
        if touched is None:
            self.places = read_places(competition)
            self.numbers = Counter(self.places.values())
        else:
            self._read_again(competition, touched)
        if touched is None or touched:
            self.counts = SheetCounts(+self.numbers)
        if version_of(competition) == now:
            self.version = now
        return self.counts

    def _read_again(self, competition: Competition, touched: Collection[str]) -> None:
        these = Sheet.public_id.in_(touched)
        for number in db.session.scalars(select(Sheet.id).where(these)):
            if (before := self.places.pop(number, None)) is not None:
                self.numbers[before] -= 1
        again = read_places(competition, these)
        self.numbers.update(again.values())
        self.places |= again


def _touched(records: Iterable[AuditEntry]) -> set[str] | None:
    """The sheets whose place may have changed, by their public ids; None where any may have."""
    sheets: set[str] = set()
    for record in records:
        if record.action == "acts.take" and isinstance(record.after, dict):
            sheets.update(record.after.get("sheets", ()))
        elif record.action not in MOVING_NOTHING:
            return None
    return sheets if len(sheets) <= _MOST_TOUCHED else None
