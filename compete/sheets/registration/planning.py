"""Planning: from raw cells to a plan of what each row does, and why some do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from compete.domain.eligibility import Rule
from compete.domain.grades.ladder import NATIONAL
from compete.domain.identity.masks import mask_id, mask_phones
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.cells import NONE, Shown
from compete.sheets.registration.columns import PEOPLE_BY_KEY, PEOPLE_COLUMNS, own_spelling
from compete.sheets.registration.draft import Draft, Events, Examiner, NameNote
from compete.sheets.registration.fitting import NOTHING_WAIVED, Fitting, Tries, Waived
from compete.sheets.registration.matching import Crews, Registered, Repeats
from compete.sheets.registration.packed_rows import without
from compete.sheets.registration.people import (
    Answers,
    KnownEntrant,
    KnownPeople,
    Registration,
    RegistrationOffer,
)
from compete.sheets.registration.plan import Change, PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.table import RawRow, RawTable
from compete.sheets.registration.units import CODE_WIDTH, CodeMaker, Teams, Units
from compete.sheets.resting import resting_collector
from compete.sheets.texts import as_typed

_MASKED_FROM = 7
"""Texts in the ID column shorter than this give nothing away."""
_TOLD_BY_NUMBER = ("birth", "gender")
_UNCOMPARED = ("paper", "id_number", "event")
_WHO = ("name", "paper", "id_number")
_SETTLED = {column.key for column in PEOPLE_COLUMNS} - set(Answers.__struct_fields__)
"""Columns with more than the row's own word: number, name, unit and the like."""
_ANSWERS = tuple(column for column in PEOPLE_COLUMNS if column.key not in _SETTLED)


def show(
    draft: Draft, units: Units, event_names: Mapping[str, str], code: str | None = None
) -> dict[str, Shown]:
    """Texts to show by column key. Empty cells are left out; ID numbers and phones are masked.

    `code` is the one that the row will have.
    """
    shown: dict[str, Shown] = {
        key: as_typed(value).strip() for key, value in draft.row.cells.items()
    }
    bad = {problem.column for problem in draft.check.problems}
    understood = _understood(draft, units, event_names)
    shown.update({key: value for key, value in understood.items() if key not in bad})
    if "id_number" in shown:
        shown["id_number"] = _masked(str(shown["id_number"]), draft.values.id_number)
    if code is not None:
        shown["code"] = code
    return shown


def _understood(draft: Draft, units: Units, event_names: Mapping[str, str]) -> dict[str, Shown]:
    fields, event = draft.values, draft.values.event
    ladder = event.ladder if event else NATIONAL
    words = {
        column.key: column.value_words(value, ladder)
        for column in PEOPLE_COLUMNS
        if column.shown
        and column.key in fields.given
        # A grade that is said to be none has a word of its own.
        and ((value := getattr(fields, column.key)) is not None or column.none is not NONE)
    }
    if fields.unit:
        words["unit"] = units.name(fields.unit)
    if event:
        words["event"] = event_names[event.code]
    return words


def _masked(typed: str, number: str | None) -> str:
    if number:
        return mask_id(number)
    if "E+" in typed or len(typed) < _MASKED_FROM:
        return typed
    return mask_id("".join(typed.split()))


def _new_registration(
    draft: Draft, code: str, unit: str, teams: Teams, crew_code: str | None = None
) -> Registration:
    """A new entrant, or a crew's new member, from a row without problems."""
    fields = draft.values
    # A draft without problems has an event; the type doesn't know.
    assert fields.event
    answers = {column.key: getattr(fields, column.key) for column in _ANSWERS}
    team = teams.code(fields.event.code, unit, fields.team) if fields.team else None
    answers |= {"group": fields.group or "worker", "crew_code": crew_code}
    return _registration(draft, answers, code, fields.event.code, unit, team)


def _changed_registration(
    draft: Draft, known: KnownEntrant, unit: str, teams: Teams
) -> Registration:
    """A known entrant with what the row says; empty cells leave things as they are."""
    fields, given = draft.values, draft.values.given
    answers = {}
    for column in _ANSWERS:
        value = getattr(fields, column.key)
        if value is None and not (column.clears and column.key in given):
            value = _kept_value(known, column.key)
        answers[column.key] = value
    answers["crew"] = known.crew if known.crew_code or "crew" not in given else fields.crew
    team = _team(draft, known, unit, teams)
    answers["consent"] = _consent(draft, known)
    answers["crew_code"] = known.crew_code
    return _registration(draft, answers, fields.code or known.code, known.event, unit, team)


def _registration(
    draft: Draft, answers: Mapping[str, Any], code: str, event: str, unit: str, team: str | None
) -> Registration:
    """The answers with who it is, which a draft without problems says."""
    who = {key: getattr(draft.values, key) for key in _WHO}
    return Registration(code=code, event=event, unit=unit, team=team, **who, **answers)


def changes(
    draft: Draft, known: KnownEntrant, new: Registration, units: Units, teams: Teams
) -> tuple[Change, ...]:
    """The fields that differ, in the order of the columns.

    What the ID number tells of birth and gender is no change where nothing
    was kept and the row doesn't say it either.
    """
    given, event = draft.values.given, draft.values.event
    ladder = event.ladder if event else NATIONAL
    phones = mask_phones(known.phone or "", new.phone or "")
    differing = []
    for column in PEOPLE_COLUMNS:
        key = column.key
        if key in _UNCOMPARED:
            continue
        old, now = _kept_value(known, key), getattr(new, key)
        if old == now or (old is None and key not in given and key in _TOLD_BY_NUMBER):
            continue
        if key == "phone":
            words: list[Shown] = [phone or NONE for phone in phones]
        elif key in ("unit", "team"):
            names = units.names if key == "unit" else teams.names
            words = [names.get(it, it) if it else NONE for it in (old, now)]
        else:
            words = [column.value_words(it, ladder) for it in (old, now)]
        differing.append(Change(key, *words))
    if known.id_key is None and new.id_number is not None:
        differing.append(Change("id_number", NONE, mask_id(new.id_number)))
    return tuple(differing)


def _kept_value(known: KnownEntrant, key: str) -> Any:
    """The value that is kept; a gender as we spell it."""
    value = getattr(known, key)
    return own_spelling(key, value) if key == "gender" else value


def _consent(draft: Draft, known: KnownEntrant) -> bool | None:
    """The row's consent, unless the person said otherwise since."""
    consent = draft.values.consent
    if consent and known.took_back and not known.consent:
        draft.check.notes.append(msg("本人收回过公布全名的同意，报名表不能改回"))
        return known.consent
    return known.consent if consent is None else consent


def _team(draft: Draft, known: KnownEntrant, unit: str, teams: Teams) -> str | None:
    fields = draft.values
    if known.crew_code:
        return known.team
    if "team" in fields.given:
        return teams.code(known.event, unit, fields.team) if fields.team else None
    if unit == known.unit or teams.unit_of(known.team) != known.unit:
        return known.team
    draft.check.notes.append(msg("单位改了，代表队跟着变"))
    return teams.follows_unit(known.team, known.event, unit)


_ORDER = [*PEOPLE_BY_KEY]


def plan_registration(
    table: RawTable,
    offer: RegistrationOffer,
    known: KnownPeople,
    *,
    today: date,
    name_note: NameNote | None = None,
    lenient: bool = False,
    waived: Waived = NOTHING_WAIVED,
    drafts: bool = False,
) -> RegistrationPlan:
    """Plan what every row would do; nothing is written, and the same input gives the same plan.

    People are found again by their paper within the same event. An empty cell
    that need not be filled leaves what is known as it is; 无 takes it away.
    Who is not in the file stays registered. Units named in the sheet of units and
    teams named in the rows are made on the way. `name_note` may remark on a name. Who does
    not meet what the event asks of people is refused, or with `lenient` only remarked on, as
    is what is `waived` for a row. With `drafts` rows stand for themselves: those of one crew
    are not put together yet.
    """
    fitting = Fitting(offer, known, today, lenient=lenient, waived=waived)
    planner = _planner(table, offer, known, today, name_note, fitting)
    planner.drafts = drafts
    with resting_collector():
        return planner.plan()


def plan_in_pieces(
    table: RawTable,
    offer: RegistrationOffer,
    known: KnownPeople,
    *,
    today: date,
    name_note: NameNote | None = None,
    size: int,
) -> Iterator[RegistrationPlan]:
    """Plan as `plan_registration`, so many rows at a time: a large plan is never whole in memory.

    What is made on the way and who is absent stand in the last piece. A file that names crews
    comes in one piece, since the rows of a crew may stand anywhere in it.
    """
    fitting = Fitting(offer, known, today, lenient=False)
    planner = _planner(table, offer, known, today, name_note, fitting)
    rows = planner.table.people.rows
    if not rows or any("crew" in row.cells for row in rows):
        with resting_collector():
            yield planner.plan()
        return
    planner.look_ahead()
    for start in range(0, len(rows), size):
        with resting_collector():
            piece = planner.piece(rows[start : start + size])
            yield piece if start + size < len(rows) else planner.with_absent(piece)


def _planner(
    table: RawTable,
    offer: RegistrationOffer,
    known: KnownPeople,
    today: date,
    name_note: NameNote | None,
    fitting: Fitting,
) -> _Planner:
    table = without(table, offer.left_out)
    units = Units(offer, table.units)
    events, teams = Events(offer), Teams(offer)
    examiner = Examiner(events, units, teams, known.id_key, today, name_note, offer.issued)
    return _Planner(table, offer, known, fitting, examiner)


class _Planner:
    """A planner that looks at each row by itself, then against the others, then says the result."""

    def __init__(
        self,
        table: RawTable,
        offer: RegistrationOffer,
        known: KnownPeople,
        fitting: Fitting,
        examiner: Examiner,
    ) -> None:
        self.table, self.offer, self.known = table, offer, known.entrants
        self.named: set[str | None] = set()
        """People whose numbers stand in the file."""
        self.seen: set[str] = set()
        """People registered already whom a row is about."""
        self.examiner, self.fitting = examiner, fitting
        self.units, self.teams = examiner.units, examiner.teams
        self.registered = Registered(known, self.units)
        self.event_names = {event.code: event.name for event in offer.events}
        self.tries = Tries(offer, known)
        self.drafts = False
        self.crews = Crews(known, self.units)
        self.unfit: dict[int, tuple[Rule, ...]] = {}
        self.taken_codes = [*known.codes, *(entrant.code for entrant in known.entrants)]
        self.codes: CodeMaker | None = None
        self.repeats = Repeats()

    def plan(self) -> RegistrationPlan:
        """The whole file in one piece."""
        return self.with_absent(self.piece(self.table.people.rows))

    def with_absent(self, plan: RegistrationPlan) -> RegistrationPlan:
        """The last piece, with who is registered and stands in none."""
        there = [it for it in self.known if not (it.withdrawn or it.is_crew)]
        absent = tuple(
            it for it in there if it.code not in self.seen and it.id_key not in self.named
        )
        return replace(plan, absent=absent) if len(absent) * 2 <= len(there) else plan

    def look_ahead(self) -> None:
        """Note what an earlier row must know of all rows: codes, and who is in which event."""
        sheet, repeats = self.table.people, Repeats()
        for row in sheet.rows:
            if not self.offer.conditions and "code" not in row.cells:
                continue
            draft = self.examiner.examine(sheet, row)
            repeats.check(draft)
            self.registered.match(draft)
            self.fitting.feed(draft)
            if draft.values.code:
                self.taken_codes.append(draft.values.code)

    def piece(self, rows: Sequence[RawRow]) -> RegistrationPlan:
        """Plan a piece: first each row by itself and against those before it, then its result.

        Codes are given out last: to rows that will be written, past every
        code that stands anywhere in the file.
        """
        sheet = self.table.people
        drafts: list[tuple[Draft, KnownEntrant | None]] = []
        left: list[PlannedRow] = []
        examined = [self.examiner.examine(sheet, row) for row in rows]
        for draft in self.examiner.as_issued(examined):
            row = draft.row
            if draft.id_key is not None:
                self.named.add(draft.id_key)
            if row.number in self.table.left and (first := self.repeats.earlier(draft)):
                left.append(self._plan_unwritten(draft, sheet.row_name(first)))
                continue
            self.repeats.check(draft)
            entrant = self.registered.match(draft)
            self.tries.check(draft, entrant)
            self.fitting.feed(draft)
            if not self.drafts:
                self.crews.feed(draft, entrant)
            drafts.append((draft, entrant))
        for draft, entrant in drafts:
            if not draft.refused and (broken := self.fitting.check(draft, entrant)):
                self.unfit[draft.row.number] = broken
        if not self.drafts:
            self.crews.check(self.unfit)
        if self.codes is None:
            given = [draft.values.code for draft, _ in drafts if draft.values.code]
            self.codes = CodeMaker([*self.taken_codes, *given])
        planned = [self._finish(draft, known, self.codes) for draft, known in drafts]
        self.seen.update(known.code for _draft, known in drafts if known is not None)
        return RegistrationPlan(
            offer=self.offer,
            people=sheet,
            rows=tuple(sorted([*planned, *left], key=lambda row: row.number)),
            units=self.table.units,
            new_units=tuple(self.units.new.values()),
            new_teams=tuple(self.teams.new),
            unit_problems=tuple(self.units.sheet.problems),
            notices=self._notices(),
        )

    def _planned(
        self, draft: Draft, status: RowStatus, code: str | None = None, **more: Any
    ) -> PlannedRow:
        return PlannedRow(
            number=draft.row.number,
            status=status,
            show=partial(show, draft, self.units, self.event_names, code),
            raw=draft.row,
            notes=tuple(draft.check.notes),
            unfit=self.unfit.get(draft.row.number, ()),
            **more,
        )

    def _plan_unwritten(self, draft: Draft, first: str) -> PlannedRow:
        """Plan a row that somebody left unwritten: it stands there, and does nothing."""
        note = msg("与第 %(row)s 行是同一个人，留第 %(row)s 行", row=first)
        return replace(self._planned(draft, RowStatus.UNCHANGED), notes=(note,))

    def _finish(self, draft: Draft, entrant: KnownEntrant | None, codes: CodeMaker) -> PlannedRow:
        if draft.refused:
            problems = sorted(draft.check.problems, key=lambda it: _ORDER.index(it.column))
            return self._planned(
                draft, RowStatus.REFUSED, existing=entrant, problems=tuple(problems)
            )
        event, unit_text = draft.values.event, draft.values.unit
        assert event  # a row without problems has both
        assert unit_text
        unit = self.units.code(unit_text)
        differences: tuple[Change, ...] = ()
        if entrant is None:
            self.registered.note_elsewhere(draft)
            crew = None
            if draft.values.crew and not self.drafts:
                crew, code = self.crews.place(draft, codes)
            else:
                code = draft.values.code or codes.next(event.code_prefix, CODE_WIDTH)
            registration = _new_registration(draft, code, unit, self.teams, crew)
            status = RowStatus.ADDED
        else:
            registration = _changed_registration(draft, entrant, unit, self.teams)
            differences = changes(draft, entrant, registration, self.units, self.teams)
            status = RowStatus.CHANGED if differences else RowStatus.UNCHANGED
            if entrant.withdrawn:
                draft.check.notes.append(msg("这个人已退赛，这里不恢复"))
        return self._planned(
            draft,
            status,
            registration.code,
            registration=registration,
            existing=entrant,
            changes=differences,
        )

    def _notices(self) -> tuple[Message, ...]:
        notices = list(self.table.notices)
        if self.units.sheet.known:
            notices.append(
                msg(
                    "“单位”页有 %(count)s 个单位已经在了，没有改",
                    count=self.units.sheet.known,
                )
            )
        return tuple(notices)
