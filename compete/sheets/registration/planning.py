"""Planning: from raw cells to a plan of what each row does, and why some do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from compete.domain.eligibility import Rule
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.choices import CodeMaker
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.draft import Draft, Events, Examiner, NameNote, require_group
from compete.sheets.registration.fitting import NOTHING_WAIVED, Fitting, Tries, Waived
from compete.sheets.registration.matching import Crews, Registered, Repeats
from compete.sheets.registration.packed_rows import without
from compete.sheets.registration.people import KnownEntrant, KnownPeople, RegistrationOffer
from compete.sheets.registration.plan import Change, PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.showing import (
    changed_registration,
    changes,
    new_registration,
    show,
)
from compete.sheets.registration.table import RawRow, RawTable
from compete.sheets.registration.units import Teams, Units
from compete.sheets.resting import resting_collector

_ORDER = [*PEOPLE_BY_KEY]
_CODE_WIDTH = 3


def plan_registration(
    table: RawTable,
    offer: RegistrationOffer,
    known: KnownPeople,
    *,
    today: date,
    allow_new_units: bool = False,
    name_note: NameNote | None = None,
    lenient: bool = False,
    waived: Waived = NOTHING_WAIVED,
    drafts: bool = False,
) -> RegistrationPlan:
    """Plan what every row would do; nothing is written, and the same input gives the same plan.

    People are found again by their paper within the same event. An empty cell
    that need not be filled leaves what is known as it is; 无 takes it away.
    Who is not in the file stays registered. Units named in the sheet of units,
    or with `allow_new_units` in the rows themselves, and teams named in the
    rows are made on the way. `name_note` may remark on a name. Who does not meet what
    the event asks of people is refused, or with `lenient` only remarked on, as is what is
    `waived` for a row. With `drafts` rows stand for themselves: those of one crew are not
    put together yet.
    """
    fitting = Fitting(offer, known, today, lenient=lenient, waived=waived)
    planner = _planner(table, offer, known, today, name_note, fitting, allow_new=allow_new_units)
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

    What is made on the way stands in the last piece. A file that names crews comes in one piece,
    since the rows of a crew may stand anywhere in it.
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
            yield planner.piece(rows[start : start + size])


def _planner(
    table: RawTable,
    offer: RegistrationOffer,
    known: KnownPeople,
    today: date,
    name_note: NameNote | None,
    fitting: Fitting,
    *,
    allow_new: bool = False,
) -> _Planner:
    table = without(table, offer.left_out)
    units = Units(offer, table.units, allow_new=allow_new)
    examiner = Examiner(Events(offer), units, Teams(offer), known.id_key, today, name_note)
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
        plan = self.piece(self.table.people.rows)
        seen = {row.existing.code for row in plan.rows if row.existing is not None}
        there = [it for it in self.known if not (it.withdrawn or it.is_crew)]
        absent = tuple(it for it in there if it.code not in seen and it.id_key not in self.named)
        return replace(plan, absent=absent) if len(absent) * 2 <= len(there) else plan

    def look_ahead(self) -> None:
        """Note what an earlier row must know of all rows: codes, and who is in which event."""
        sheet, repeats = self.table.people, Repeats()
        for row in sheet.rows:
            if not self.offer.conditions and "code" not in row.cells:
                continue
            draft = self.examiner.examine(sheet, row)
            repeats.check(draft)
            self._match(draft)
            self.fitting.feed(draft)
            if draft.said.code:
                self.taken_codes.append(draft.said.code)

    def piece(self, rows: Sequence[RawRow]) -> RegistrationPlan:
        """Plan a piece: first each row by itself and against those before it, then its result.

        Codes are given out last: to rows that will be written, past every
        code that stands anywhere in the file.
        """
        sheet = self.table.people
        drafts: list[tuple[Draft, KnownEntrant | None]] = []
        left: list[PlannedRow] = []
        for row in rows:
            draft = self.examiner.examine(sheet, row)
            self.named.add(draft.id_key)
            if row.number in self.table.left and (first := self.repeats.earlier(draft)):
                left.append(self._left(draft, sheet.row_name(first)))
                continue
            self.repeats.check(draft)
            found = self._match(draft)
            self.tries.check(draft, found)
            self.fitting.feed(draft)
            if not self.drafts:
                self.crews.feed(draft, found)
            drafts.append((draft, found))
        for draft, found in drafts:
            if not draft.refused and (broken := self.fitting.check(draft, found)):
                self.unfit[draft.row.number] = broken
        if not self.drafts:
            self.crews.check(self.unfit)
        if self.codes is None:
            given = [draft.said.code for draft, _ in drafts if draft.said.code]
            self.codes = CodeMaker([*self.taken_codes, *given])
        planned = [self._finish(draft, found, self.codes) for draft, found in drafts]
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

    def _match(self, draft: Draft) -> KnownEntrant | None:
        found = self.registered.match(draft)
        if found is None:
            require_group(draft)
        return found

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

    def _left(self, draft: Draft, first: str) -> PlannedRow:
        """Plan a row that somebody left unwritten: it stands there, and does nothing."""
        note = msg("与第 %(row)s 行是同一个人，留第 %(row)s 行", row=first)
        return replace(self._planned(draft, RowStatus.UNCHANGED), notes=(note,))

    def _finish(self, draft: Draft, found: KnownEntrant | None, codes: CodeMaker) -> PlannedRow:
        if draft.refused:
            problems = sorted(draft.check.problems, key=lambda it: _ORDER.index(it.column))
            return self._planned(draft, RowStatus.REFUSED, existing=found, problems=tuple(problems))
        event, unit_text = draft.said.event, draft.said.unit
        assert event  # a row without problems has both
        assert unit_text
        unit = self.units.code(unit_text)
        differences: tuple[Change, ...] = ()
        if found is None:
            crew = None
            if draft.said.crew and not self.drafts:
                crew, code = self.crews.place(draft, codes)
            else:
                code = draft.said.code or codes.next(event.code_prefix, _CODE_WIDTH)
            registration = new_registration(draft, code, unit, self.teams, crew)
            status = RowStatus.ADDED
        else:
            registration = changed_registration(draft, found, unit, self.teams)
            differences = changes(draft, found, registration, self.units, self.teams)
            status = RowStatus.CHANGED if differences else RowStatus.UNCHANGED
            if found.withdrawn:
                draft.check.notes.append(msg("这个人已退赛，这里不恢复"))
        return self._planned(
            draft,
            status,
            registration.code,
            registration=registration,
            existing=found,
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
