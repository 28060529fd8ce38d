"""Marks lists (成绩单): marks of an examination held elsewhere, each row a reading of sheets.

Two recorders each bring the list; what both read alike counts, and what they read otherwise
is settled as with any paper sheet.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.identity.papers import Paper
from compete.domain.identity.typed_numbers import cleaned, code_as_typed
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import DecisionState, SheetState
from compete.models import Account, Decision, Entrant, Event, Job, PaperEntry, Sheet, db
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import SecondWord
from compete.services.closing.paper_entry import differing_papers, enter_paper
from compete.services.jobs.packed_sentences import packed
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.event_rules import module_of, module_title, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.preview import id_key
from compete.services.sheets.absences import brought_along
from compete.services.sheets.act_limits import typed_fault
from compete.services.sheets.act_rules import OPEN_STATES, typed_number
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.counts import is_large
from compete.services.sheets.locks_in_force import require_judging
from compete.sheets.headed_rows import RowsKind
from compete.sheets.reading.cells import read_decimal
from compete.sheets.reading.kinds import KINDS

ENTER_LIST = "marks.list"
LIST_FIELDS: dict[str, Message] = {
    "name": msg("姓名"),
    "mark": msg("成绩"),
    "code": msg("准考证号"),
    "id_number": msg("证件号码"),
}
MARKS_ROWS = RowsKind(
    "marks",
    LIST_FIELDS,
    dict.fromkeys(("卷面成绩", "考试成绩", "笔试成绩"), "mark"),
    5000,
    as_written=("id_number",),
    as_in_file=("mark",),
    called=KINDS["marks"],
    alone="mark",
)
_ABSENT = "缺考"
_PART = 5
"""Sheets of a unit of work: each costs about what a sheet typed in costs."""
_MOST_TOLD = 20

SentRows: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]
ListRow: TypeAlias = Planned[Sequence[Sheet], Mapping[str, str], tuple[Decimal | None]]


@dataclass(frozen=True)
class MarkedModule:
    """A module whose sheet is one paper mark."""

    event: Event
    stage: str
    module: Module

    @property
    def title(self) -> str:
        return module_title(self.event, self.stage, self.module.code)

    @property
    def aspect(self) -> Aspect:
        return self.module.aspects[0]


def rows_of_marks(place: MarkedModule) -> RowsKind:
    """The kind of list whose marks are the module's: a column that bears its name is that one."""
    name, part = place.module.name, place.module.part
    others = {**MARKS_ROWS.others, name: "mark", f"{name}成绩": "mark"}
    return replace(MARKS_ROWS, others=others, bears=tuple(filter(None, (name, part))))


@dataclass(frozen=True)
class ListPlan:
    """The plan of a list: each row's effect, and who of the module stands in none of its rows."""

    rows: Sequence[ListRow]
    without: Sequence[Entrant]


@dataclass(frozen=True)
class ListTaken:
    """The result of a list: counts of sheets that are settled, wait for the other, or differ."""

    settled: int = 0
    waits: int = 0
    differs: int = 0
    left_out: Sequence[tuple[str, Message]] = ()


def takes_list(module: Module) -> bool:
    """True if the module's marks can be a list: its sheet is one mark, and no part of a sum."""
    added_up = module.panel is not None and module.panel.combine == "sum"
    return len(module.aspects) == 1 and module.aspects[0].type == "score" and not added_up


def why_no_list(place: MarkedModule, by: Account) -> Message | None:
    """Say why this person brings no list of this module, and who does; None: may."""
    competition = place.event.competition
    if is_coded(place.event):
        return msg("盲评的项目按加密号评，不能按名单录成绩")
    if not may(by, competition, Right.READ_AGAIN):
        return SecondWord(competition, None, right=Right.READ_AGAIN).why_not(by)
    readers = {it.account_id for it in _readings(place) if it.account_id != by.id or it.device}
    for reader in readers:
        fault = SecondWord(competition, reader, right=Right.READ_AGAIN).why_not(by)
        if fault is not None:
            return fault
    return None


def differing_of(place: MarkedModule) -> list[Sheet]:
    """The module's sheets that two recorders read differently."""
    return [
        sheet
        for sheet in differing_papers(place.event.competition)
        if (sheet.entrant.event_id, sheet.stage, sheet.module)
        == (place.event.id, place.stage, place.module.code)
    ]


def listed_people(place: MarkedModule) -> list[Entrant]:
    """List people of the module who still have no mark, in the order of numbers."""
    look = ModuleLook(place, None)
    return sorted({s.entrant for s in look.waited_for()}, key=lambda entrant: entrant.code)


def plan_marks_list(place: MarkedModule, sent: SentRows, by: Account) -> ListPlan:
    """Plan each row, or say what is wrong with it; nothing is written."""
    look = ModuleLook(place, by)
    rows = [look.planned(number, texts) for number, texts in sent]
    rows = list(_without_doubles(rows))
    named = {row.known[0].entrant_id for row in rows if row.known}
    missing = {s.entrant for s in look.waited_for() if s.entrant_id not in named}
    return ListPlan(rows, sorted(missing, key=lambda entrant: entrant.code))


def enter_list_or_ask(
    place: MarkedModule, content: bytes, sent: SentRows, by: Account, *, signed: bool
) -> ListTaken | Job:
    """Take the list as this recorder's reading; a long one by a job.

    `content` is the file whose rows `sent` are; its SHA-256 goes with each of them. `signed`
    says that whoever marks signed the list. Raises `Refused` where a row cannot be taken.
    """
    require_judging(place.event.competition)
    refuse_if(why_no_list(place, by), Refusal.FORBIDDEN)
    plan = plan_marks_list(place, sent, by)
    wrong = sum(row.state == "refused" for row in plan.rows)
    if wrong:
        raise invalid(msg("有 %(n)s 行要改，一行都没有写", n=wrong))
    rows = [
        (sheet.id, None if row.checked[0] is None else f"{row.checked[0]:f}")
        for row in plan.rows
        if row.state != "same" and row.checked is not None
        for sheet in row.known or ()
    ]
    if not rows:
        raise Refused(msg("你已经录过一样的，没有要写的"))
    reading = _Reading(place, hashlib.sha256(content).hexdigest(), signed)
    if is_large(place.event.competition, len(rows)):
        return _ask(reading, rows, by)
    for part in in_chunks(rows, _PART):
        with unit_of_work():
            reading.take(part, by)
    with unit_of_work():
        return reading.ended(by)


def _ask(reading: _Reading, rows: Sequence[tuple[int, str | None]], by: Account) -> Job:
    place = reading.place
    return ask_for(
        place.event.competition,
        ENTER_LIST,
        by,
        f"{place.event.id} {place.stage} {place.module.code} {reading.sha256} {by.id}",
        {
            "event": place.event.code,
            "stage": place.stage,
            "module": place.module.code,
            "sha256": reading.sha256,
            "signed": reading.signed,
        },
        private=json.dumps(rows),
        still=require_judging,
    )


@work_for(ENTER_LIST)
def _enter(run: Run) -> None:
    asked = run.arguments
    rows = json.loads(run.private or "[]")
    done = int(run.kept.get("rows", 0))
    counts, left_out = Counter(run.kept.get("counts", {})), list(run.kept.get("left_out", ()))
    while done < len(rows):
        run.step(msg("录入成绩单"), done, len(rows))
        with run.writing():
            reading = _Reading(_place_of(run), asked["sha256"], asked["signed"])
            part = rows[done : done + _PART]
            reading.take(part, run.by)
            counts += reading.counts
            left_out += [[label, packed(why)] for label, why in reading.left_out]
            done += len(part)
            run.keep(done, rows=done, counts=dict(counts), left_out=left_out)
        db.session.rollback()
    with run.writing():
        reading = _Reading(_place_of(run), asked["sha256"], asked["signed"])
        reading.counts = counts
        reading.record(run.by, [label for label, _why in left_out])
        run.finish(**counts, left=len(left_out), others=left_out[:_MOST_TOLD])


class _Reading:
    """A recorder's list being taken in, part by part; what became of its rows so far."""

    def __init__(self, place: MarkedModule, sha256: str, signed: bool) -> None:
        self.place, self.sha256, self.signed = place, sha256, signed
        self.counts: Counter[str] = Counter()
        self.left_out: list[tuple[str, Message]] = []

    def take(self, rows: Sequence[tuple[int, str | None]], by: Account) -> None:
        """Take these rows; inside a unit of work."""
        for number, text in rows:
            sheet = db.session.get_one(Sheet, number)
            values = {self.place.aspect.code: None if text is None else Decimal(text)}
            try:
                state = enter_paper(
                    sheet, values, signed=self.signed, by=by, marks_list=self.sha256
                )
            except Refused as refused:
                self.left_out.append((sheet.label, refused.message))
            else:
                self.counts[state.word] += 1

    def ended(self, by: Account) -> ListTaken:
        self.record(by, [label for label, _why in self.left_out])
        counts = {word: self.counts[word] for word in ("settled", "waits", "differs")}
        return ListTaken(**counts, left_out=self.left_out)

    def record(self, by: Account, left_out: Sequence[str]) -> None:
        """Put on record that the whole list was taken."""
        place = self.place
        after = {
            "event": place.event.code,
            "stage": place.stage,
            "module": place.module.code,
            "file": self.sha256,
            "signed": self.signed,
            "sheets": self.counts.total(),
            **self.counts,
            "refused": list(left_out),
        }
        audit.record(place.event.competition, by, "paper.list", place.title, after=after)


class ModuleLook:
    """The module's sheets and people as they stand, asked once for all rows."""

    def __init__(self, place: MarkedModule, by: Account | None) -> None:
        self.place = place
        self.sheets: dict[int, list[Sheet]] = {}
        for sheet in db.session.scalars(
            _sheets(place)
            .where(Sheet.state != SheetState.WITHDRAWN)
            .options(contains_eager(Sheet.entrant), joinedload(Sheet.judge))
        ):
            self.sheets.setdefault(sheet.entrant_id, []).append(sheet)
        people = db.session.scalars(
            select(Entrant).where(Entrant.event_id == place.event.id, takes_part())
        ).all()
        self.by_code = {code_as_typed(entrant.code): entrant for entrant in people}
        self.by_key = {entrant.id_hash: entrant for entrant in people if entrant.id_hash}
        self.brought = {
            who for who, code in brought_along(place.event) if code == place.module.code
        }
        self.absent = _decided(place)
        self.mine = _mine(place, by) if by else {}

    def waited_for(self) -> Iterator[Sheet]:
        """The sheets without a mark of who is not absent."""
        for who, sheets in self.sheets.items():
            if who not in self.absent and who not in self.brought:
                yield from (sheet for sheet in sheets if sheet.state in OPEN_STATES)

    def planned(self, number: int, texts: Mapping[str, str]) -> ListRow:
        """Plan one row."""
        faults: dict[str, Message] = {}
        sheets = self._sheets(texts, faults)
        checked = self._mark(texts.get("mark", ""), faults)
        changes: dict[str, str] | None = None
        if sheets and checked is not None:
            self._fits(sheets, checked[0], faults)
            changes = self._changes(sheets, checked[0])
        return Planned(number, texts, faults, changes, checked, sheets)

    def _changes(self, sheets: Sequence[Sheet], value: Decimal | None) -> dict[str, str] | None:
        """This recorder's earlier, different readings; None if some sheet was not read yet."""
        if sheets[0].entrant_id in self.absent:
            return {}
        if any(sheet.id not in self.mine for sheet in sheets):
            return None
        before = {self.mine[sheet.id] for sheet in sheets}
        return {} if before == {value} else {"mark": "\n".join(map(_value_text, before))}

    def _sheets(self, texts: Mapping[str, str], faults: dict[str, Message]) -> Sequence[Sheet]:
        entrant = self._entrant(texts, faults)
        if entrant is None:
            return ()
        if cleaned(entrant.name) != cleaned(texts.get("name", "")):
            faults["name"] = msg("和名单上的“%(name)s”不一样", name=entrant.name)
        field = "code" if texts.get("code") else "id_number"
        sheets = self.sheets.get(entrant.id, [])
        if entrant.id in self.brought:
            faults[field] = msg("这个模块的成绩是带来的，不用录")
        elif not sheets:
            faults[field] = msg("这个人在这个模块没有评分表，先分配裁判")
        else:
            return sheets
        return ()

    def _entrant(self, texts: Mapping[str, str], faults: dict[str, Message]) -> Entrant | None:
        entrants: dict[str, Entrant | None] = {}
        if number := texts.get("code", ""):
            entrants["code"] = self.by_code.get(code_as_typed(number))
        if number := cleaned(texts.get("id_number", "")):
            keys = (id_key(paper, number) for paper in Paper)
            entrants["id_number"] = next((self.by_key[k] for k in keys if k in self.by_key), None)
        for field, entrant in entrants.items():
            if entrant is None:
                faults[field] = msg("这个项目里没有这个号码")
        if not entrants:
            faults["code"] = msg("没填。准考证号和证件号码要有一个")
        if faults:
            return None
        first, *others = entrants.values()
        if any(other is not first for other in others):
            faults["id_number"] = msg("和准考证号不是同一个人")
            return None
        return first

    def _mark(self, text: str, faults: dict[str, Message]) -> tuple[Decimal | None] | None:
        if not text:
            faults["mark"] = msg("空着。没来考写“缺考”，考了零分写 0")
            return None
        if text == _ABSENT:
            return (None,)
        aspect, value = self.place.aspect, typed_number(text)
        if value is None:
            # As in any other table: 85分 is 85.
            read, doubt = read_decimal(text)
            value = Decimal(str(read)) if read is not None and doubt is None else None
        fault = typed_fault(aspect, value, text)
        if fault is None:
            return (value,)
        faults["mark"] = fault
        return None

    def _fits(
        self, sheets: Sequence[Sheet], value: Decimal | None, faults: dict[str, Message]
    ) -> None:
        handed_in = [sheet.label for sheet in sheets if sheet.state not in OPEN_STATES]
        if sheets[0].entrant_id in self.absent:
            if value is not None:
                faults["mark"] = msg("这个人已经记了缺考、退出或取消，要先撤回那一件")
        elif handed_in:
            faults["mark"] = msg("%(code)s 已经提交，要改请找裁判长或组委会退回", code=handed_in[0])


def _without_doubles(rows: Sequence[ListRow]) -> Iterator[ListRow]:
    """The rows, refused where somebody stands in another row, too."""
    places: dict[int, list[int]] = {}
    for row in rows:
        if row.known:
            places.setdefault(row.known[0].entrant_id, []).append(row.number)
    for row in rows:
        also = places[row.known[0].entrant_id] if row.known else []
        if len(also) < 2:
            yield row
            continue
        field = "code" if row.texts.get("code") else "id_number"
        lines = listed(map(str, also))
        fault = {field: msg("同一个人写了几行：第 %(rows)s 行", rows=lines)}
        yield Planned(row.number, row.texts, {**row.faults, **fault}, None, row.checked, row.known)


def _value_text(value: Decimal | None) -> str:
    return _ABSENT if value is None else f"{value:f}"


def _sheets(place: MarkedModule) -> Select[tuple[Sheet]]:
    return (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(of_event(Sheet, place.event, place.stage, place.module.code))
    )


def _readings(place: MarkedModule) -> Sequence[PaperEntry]:
    """List the readings of the module's sheets that are not settled, the earliest first."""
    return db.session.scalars(
        select(PaperEntry)
        .where(
            PaperEntry.settled_at.is_(None),
            PaperEntry.sheet_id.in_(
                _sheets(place).where(Sheet.state.in_(OPEN_STATES)).with_only_columns(Sheet.id)
            ),
        )
        .order_by(PaperEntry.id)
    ).all()


def _mine(place: MarkedModule, by: Account) -> dict[int, Decimal | None]:
    values: dict[int, Decimal | None] = {}
    for entry in _readings(place):
        if entry.account_id == by.id and entry.device is None:
            text = entry.values.get(place.aspect.code)
            values[entry.sheet_id] = None if text is None else Decimal(text)
    return values


def _decided(place: MarkedModule) -> Collection[int]:
    """The people absent, out or struck in the module, as proposed or confirmed."""
    return set(
        db.session.scalars(
            select(Decision.entrant_id).where(
                Decision.competition_id == place.event.competition_id,
                Decision.kind != "penalty",
                Decision.stage == place.stage,
                Decision.module.is_(None) | (Decision.module == place.module.code),
                Decision.state != DecisionState.WITHDRAWN,
            )
        )
    )


def _place_of(run: Run) -> MarkedModule:
    asked = run.arguments
    event = next(e for e in run.competition.events if e.code == asked["event"])
    return marked_module(event, asked["stage"], asked["module"])


def marked_module(event: Event, stage: str, module: str) -> MarkedModule:
    """The module of these codes; KeyError where there is none."""
    return MarkedModule(event, stage, module_of(rules_of(event), stage, module))
