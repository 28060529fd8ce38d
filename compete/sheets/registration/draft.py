"""Draft of a row, or of a form's fields, checked by itself before it meets the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from compete.domain.eligibility import age_on
from compete.domain.grades.ladder import GradeError, Ladder, parse_grade
from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.cells import RowCheck, Seen
from compete.sheets.registration.columns import PEOPLE_BY_KEY, PEOPLE_COLUMNS, PERSON_KEYS
from compete.sheets.registration.entry_cells import read_identity
from compete.sheets.registration.people import (
    IssuedGrades,
    OfferedEvent,
    RegistrationOffer,
    Said,
)
from compete.sheets.registration.present_grade import (
    as_issued,
    grade_problem,
    issued_grade,
    issued_words,
    since_problem,
)
from compete.sheets.registration.table import RawRow, RawSheet
from compete.sheets.registration.units import Choices, Teams, Units, unknown_name_message

NameNote = Callable[[str], Message | None]
"""Says something about a name if there is something to say, such as a rare character."""

_YOUNGEST = 16
"""Below this age nobody may be employed; only noted, for a contest of students may differ."""
_READ = sorted(
    (column for column in PEOPLE_COLUMNS if column.read is not None),
    key=lambda column: column.key not in PERSON_KEYS,
)
"""In the order in which they are remarked on: first what speaks of the person."""


class Events:
    """The events on offer, by the names that people write."""

    def __init__(self, offer: RegistrationOffer) -> None:
        self._by_code = {event.code: event for event in offer.events}
        self._choices = Choices((event.code, event.name) for event in offer.events)
        self._only = offer.events[0] if len(offer.events) == 1 else None
        self.unnumbered = all(event.unnumbered for event in offer.events)
        """True if none of the events asks for ID numbers."""
        self._tried = [(event, event.tried) for event in offer.events if event.tried]

    def read(self, check: RowCheck) -> OfferedEvent | None:
        """Read the row's event; where only one is on offer, an empty cell means it."""
        if self._only and "event" not in check.row.cells:
            return self._only
        if "event" in check.values:
            return check.once("event", self._read)
        return self._read(check, "event")

    def _read(self, check: RowCheck, key: str) -> OfferedEvent | None:
        text = check.required(key)
        if text is None:
            return None
        code = self._choices.find(text) or self._of_level(text)
        if code is None:
            guess = self._choices.guess(text) or self._choices.part_of(text)
            check.problem(key, unknown_name_message(text, guess), best=guess or "")
            return None
        return self._by_code[code]

    def _of_level(self, text: str) -> str | None:
        """The only event of an evaluation that tries people for the grade which a text names."""
        events = [
            event.code
            for event, tried in self._tried
            if _grade_named(text, event.ladder) == tried.grade
        ]
        return events[0] if len(events) == 1 else None


def _grade_named(text: str, ladder: Ladder) -> int | None:
    try:
        return parse_grade(text, ladder)
    except GradeError:
        return None


def _read_row(check: RowCheck, events: Events) -> Said:
    """Check the cells of a row: who it is, the event, and what else is said, by the columns."""
    check.unnumbered = events.unnumbered
    check.event = events.read(check)
    identity = read_identity(check)
    check.tell_unsaid()
    others = {
        column.key: check.read(column)
        for column in _READ
        if column.required or column.key in check.values
    }
    given = check.given()
    return Said(**identity, **others, event=check.event, given=given)


class Draft(msgspec.Struct, frozen=True, gc=False):
    """The content of one row; `id_key` is none while the number is wrong or missing."""

    check: RowCheck
    values: Said
    id_key: str | None

    @property
    def row(self) -> RawRow:
        """The row as read."""
        return self.check.row

    @property
    def person_key(self) -> str | None:
        """The key of the person: the number's, or name and unit where it may be lacking."""
        fields = self.values
        if self.id_key is not None or not (fields.event and fields.event.unnumbered):
            return self.id_key
        names = [same_name_key(it or "") for it in (fields.name, fields.unit)]
        return "\n".join(names) if all(names) and not fields.id_number else None

    @property
    def refused(self) -> bool:
        """True if anything wrong has been found so far."""
        return bool(self.check.problems)


@dataclass(frozen=True, slots=True)
class Examiner:
    """The data for checking a row by itself."""

    events: Events
    units: Units
    teams: Teams
    id_key: Callable[..., str]
    today: date
    name_note: NameNote | None
    issued: IssuedGrades | None = None
    seen: Seen = field(default_factory=dict, repr=False)
    """The meanings of the file's cells found so far."""

    def examine(self, sheet: RawSheet, row: RawRow) -> Draft:
        """Check one row's cells."""
        check = RowCheck(sheet, row, PEOPLE_BY_KEY, today=self.today, seen=self.seen)
        fields = _read_row(check, self.events)
        if fields.unit:
            self.units.check(check, fields.unit)
        if fields.team and fields.event:
            self.teams.check(check, fields.event.code, fields.team)
        self._add_notes(check, fields)
        key = (
            self.id_key(fields.paper, fields.id_number)
            if fields.paper and fields.id_number
            else None
        )
        return Draft(check, fields, key)

    def as_issued(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Put the grades that were issued here into the rows, read for all of them at once."""
        if self.issued is None:
            return [*drafts]
        papers = ((it.values.paper, it.values.id_number) for it in drafts)
        self.issued.expect((paper, number) for paper, number in papers if paper and number)
        adopted = []
        for draft in drafts:
            grade = issued_grade(self.issued, draft.values)
            values = as_issued(draft.check, draft.values, grade)
            adopted.append(msgspec.structs.replace(draft, values=values))
        return adopted

    def _add_notes(self, check: RowCheck, fields: Said) -> None:
        if fields.name and self.name_note and (note := self.name_note(fields.name)):
            check.notes.append(note)
        if fields.birth and age_on(fields.birth, self.today) < _YOUNGEST:
            check.notes.append(msg("不满 %(age)s 周岁", age=_YOUNGEST))
        if check.row.hidden:
            check.notes.append(msg("这一行在表里是隐藏的，也读了"))
        if check.row.merged:
            check.notes.append(msg("有合并单元格，每行都按同一个内容读"))


@dataclass(frozen=True, slots=True)
class CheckedFields:
    """Typed fields after reading; `problems` has by column the first thing wrong there."""

    values: Said
    problems: Mapping[str, Message]
    by_certificate: Mapping[str, Message] = field(default_factory=dict)
    """Columns that say other than the certificate issued here, which counts in their stead."""


def check_fields(
    typed: Mapping[str, str], offer: RegistrationOffer, *, today: date
) -> CheckedFields:
    """Read fields by the keys of the workbook's columns; a field left empty says nothing."""
    cells = {key: text for key, text in typed.items() if text.strip() and key not in offer.left_out}
    check = RowCheck(RawSheet("", ()), RawRow(0, cells), PEOPLE_BY_KEY, today=today)
    typed_fields = _read_row(check, Events(offer))
    issued = issued_grade(offer.issued, typed_fields)
    fields = as_issued(check, typed_fields, issued)
    _check_tried(check, fields)
    problems: dict[str, Message] = {}
    for problem in check.problems:
        problems.setdefault(problem.column, problem.what)
    by_certificate = {}
    if issued is not None and fields is not typed_fields and fields.event is not None:
        words = issued_words(issued, fields.event.ladder)
        by_certificate = {
            key: words
            for key in ("grade", "grade_since")
            if getattr(fields, key) != getattr(typed_fields, key)
        }
    return CheckedFields(fields, problems, by_certificate)


def _check_tried(check: RowCheck, fields: Said) -> None:
    """Note why an evaluation would not take who has the grade, or had it from that day on."""
    tried = fields.event.tried if fields.event else None
    if fields.event is None or tried is None:
        return
    if why := grade_problem(tried, fields.grade, fields.event.ladder):
        check.problem("grade", why)
    if why := since_problem(tried, fields.grade, fields.grade_since):
        check.problem("grade_since", why)
