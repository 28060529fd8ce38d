"""A row checked for itself: what it says, what is wrong with it, before it meets the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import msgspec

from compete.domain.values.messages import Message, msg
from compete.sheets.registration.cells import NOT_FILLED, RowCheck, Seen
from compete.sheets.registration.entry_cells import Entry, Events, read_entry
from compete.sheets.registration.identity_cells import Person, read_person
from compete.sheets.registration.table import RawRow, RawSheet
from compete.sheets.registration.teams import Teams
from compete.sheets.registration.units import Units

NameNote = Callable[[str], Message | None]
"""Says something about a name if there is something to say, such as a rare character."""

_YOUNGEST = 16
"""Below this age nobody may be employed; only noted, for a contest of students may differ."""


class Draft(msgspec.Struct, frozen=True, gc=False):
    """One row's own content; `id_key` is none while the number is wrong or missing."""

    check: RowCheck
    person: Person
    entry: Entry
    id_key: str | None

    @property
    def row(self) -> RawRow:
        """The row as read."""
        return self.check.row

    @property
    def refused(self) -> bool:
        """Whether anything wrong has been found so far."""
        return bool(self.check.problems)


@dataclass(frozen=True, slots=True)
class Examiner:
    """What it takes to check a row by itself."""

    events: Events
    units: Units
    teams: Teams
    id_key: Callable[..., str]
    today: date
    name_note: NameNote | None
    seen: Seen = field(default_factory=dict, repr=False)
    """What cells of the file were found to mean so far."""

    def examine(self, sheet: RawSheet, row: RawRow) -> Draft:
        """Check one row's cells."""
        check = RowCheck(sheet, row, self.seen)
        person = read_person(check, self.today)
        entry = read_entry(check, self.events, self.today)
        if entry.unit:
            self.units.check(check, entry.unit)
        if entry.team and entry.event:
            self.teams.check(check, entry.event.code, entry.team)
        self._add_notes(check, person)
        key = (
            self.id_key(person.paper, person.id_number)
            if person.paper and person.id_number
            else None
        )
        return Draft(check, person, entry, key)

    def _add_notes(self, check: RowCheck, person: Person) -> None:
        if person.name and self.name_note and (note := self.name_note(person.name)):
            check.notes.append(note)
        if person.birth and _age(person.birth, self.today) < _YOUNGEST:
            check.notes.append(msg("不满 %(age)s 周岁", age=_YOUNGEST))
        if check.row.hidden:
            check.notes.append(msg("这一行在表里是隐藏的，也读了"))
        if check.row.merged:
            check.notes.append(msg("有合并单元格，每行都按同一个内容读"))


def require_group(draft: Draft) -> None:
    """A new entrant of an event without workers must say which group it is."""
    event = draft.entry.event
    if event and "group" not in draft.entry.given and "worker" not in event.groups:
        draft.check.problem("group", NOT_FILLED)


def _age(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
