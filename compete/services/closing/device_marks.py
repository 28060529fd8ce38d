"""Marks that a device measured (examination platform, timing gate, measuring machine).

They stand as the first reading of the sheets, and settle nothing: a recorder reads them from the
device's own print, by a list of marks or sheet by sheet, and what both say alike counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from compete.domain.aspects.types import AspectType
from compete.domain.bundle.event_types import Module
from compete.domain.identity.typed_numbers import code_as_typed
from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Event, Sheet
from compete.services.closing.marks_lists import MarkedModule, ModuleLook, marked_module
from compete.services.closing.paper_entry import DeviceReading, enter_paper, paper_state
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.row_faults import RowFault, RowFaultsError
from compete.services.kernel.transactions import changing
from compete.services.sheets.act_limits import typed_fault
from compete.services.sheets.act_rules import OPEN_STATES, typed_number
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.locks_in_force import require_judging

MOST_ROWS = 1000
LONGEST_SOURCE = 200
_NUMBERS = (AspectType.SCORE, AspectType.TIME, AspectType.RELATIVE)
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-5]?[0-9](?:\.[0-9]{1,3})?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMark:
    """A mark as it is sent: a value, or a time in seconds or as a watch shows it."""

    entrant: str
    value: str | None = None
    time: str | None = None
    source: str
    at: datetime

    @property
    def field(self) -> str:
        """The field that bears the mark."""
        return "time" if self.time is not None else "value"


def enter_device_marks(
    competition: Competition,
    event: str,
    module: str,
    rows: Sequence[SentMark],
    by: Account,
    *,
    stage: str | None = None,
) -> list[bool]:
    """Take marks of a module as what a device read; which were new. All or none.

    Raises `RowFaultsError` for rows that cannot be taken; `Refused`: UNKNOWN for no such module,
    INVALID for one whose sheet is more than a number, CONFLICT while nobody may mark, or by codes.
    """
    if len(rows) > MOST_ROWS:
        raise invalid(msg("一次最多 %(n)s 行", n=MOST_ROWS))
    with changing(competition) as competition:
        place = _place(competition, event, module, stage)
        require_judging(competition)
        if is_coded(place.event):
            raise Refused(msg("盲评的项目按加密号评，不能按名单录成绩"))
        work = _Entering(place, ModuleLook(place, None), by)
        faults = [fault for number, row in enumerate(rows) for fault in work.check(number, row)]
        if faults:
            raise RowFaultsError(faults)
        return [work.enter(number, row) for number, row in enumerate(rows)]


def _place(
    competition: Competition, event_code: str, module_code: str, stage: str | None
) -> MarkedModule:
    event = next((it for it in competition.events if it.code == event_code), None)
    stages = [] if event is None else _stages_with(event, module_code)
    wanted = [code for code in stages if stage in (None, code)]
    if event is None or not wanted:
        raise Refused(msg("没有这个模块"), kind=Refusal.UNKNOWN)
    if len(wanted) > 1:
        raise invalid(msg("几个赛段都有这个模块，写明 stage"))
    place = marked_module(event, wanted[0], module_code)
    if not _is_one_number(place.module):
        raise invalid(msg("这个模块的评分表不止一个数，设备的读数收不了"))
    return place


def _stages_with(event: Event, module: str) -> list[str]:
    stages = rules_of(event).stages
    return [stage.code for stage in stages if module in {it.code for it in stage.modules}]


def _is_one_number(module: Module) -> bool:
    added_up = module.panel is not None and module.panel.combine == "sum"
    if len(module.aspects) != 1 or added_up:
        return False
    aspect = module.aspects[0]
    measured = aspect.type == AspectType.MEASUREMENT and bool(aspect.bands)
    return aspect.type in _NUMBERS or measured


class _Entering:
    """The rows of a call, held against the module's sheets as they stand."""

    def __init__(self, place: MarkedModule, look: ModuleLook, by: Account) -> None:
        self._place, self._look, self._by = place, look, by
        self._rows: dict[int, int] = {}

    def check(self, number: int, row: SentMark) -> Iterator[RowFault]:
        """The faults of a row."""
        entrant = self._look.by_code.get(code_as_typed(row.entrant))
        if entrant is None:
            what = msg("这个项目里没有这个号码")
            yield RowFault(number, "entrant", "entrant_unknown", what)
        elif entrant.id in self._rows:
            what = msg("和第 %(n)s 行是同一个人", n=self._rows[entrant.id] + 1)
            yield RowFault(number, "entrant", "repeated", what)
        else:
            self._rows[entrant.id] = number
            yield from self._check_sheets(number, entrant.id)
        if not row.source.strip():
            yield RowFault(number, "source", "missing", msg("写明是哪台设备、哪个平台"))
        if (row.value is None) == (row.time is None):
            yield RowFault(number, "value", "missing", msg("value 和 time 写一个"))
            return
        value = self._value(row)
        if isinstance(value, Message):
            yield RowFault(number, row.field, "refused", value)

    def enter(self, number: int, row: SentMark) -> bool:
        """Enter a row that was checked; True if it says other than what the device said before."""
        value = self._value(row)
        assert not isinstance(value, Message)
        entrant = self._look.by_code[code_as_typed(row.entrant)]
        reading = DeviceReading(row.source.strip(), row.at)
        is_new = False
        for sheet in self._look.sheets[entrant.id]:
            if self._stands(sheet, value, reading):
                continue
            values = {self._place.aspect.code: value}
            try:
                enter_paper(sheet, values, signed=False, by=self._by, device=reading)
            except Refused as refused:
                late = refused.kind is Refusal.CONFLICT
                fault = RowFault(number, "entrant", "sheet", refused.message, late)
                raise RowFaultsError([fault]) from None
            is_new = True
        return is_new

    def _stands(self, sheet: Sheet, value: Decimal, reading: DeviceReading) -> bool:
        last = paper_state(sheet, self._by).by_device
        return (
            last is not None
            and last.device == reading.source
            and last.values == {self._place.aspect.code: f"{value:f}"}
        )

    def _check_sheets(self, number: int, entrant: int) -> Iterator[RowFault]:
        sheets = self._look.sheets.get(entrant, [])
        if entrant in self._look.brought:
            what = msg("这个模块的成绩是带来的，不用录")
            yield RowFault(number, "entrant", "brought", what)
        elif not sheets:
            what = msg("这个人在这个模块没有评分表，先分配裁判")
            yield RowFault(number, "entrant", "no_sheet", what)
        elif entrant in self._look.absent:
            what = msg("这个人已经记了缺考、退出或取消，要先撤回那一件")
            yield RowFault(number, "entrant", "absent", what, is_late=True)
        elif submitted := [sheet.label for sheet in sheets if sheet.state not in OPEN_STATES]:
            what = msg("%(code)s 已经提交，要改请找裁判长或组委会退回", code=submitted[0])
            yield RowFault(number, "entrant", "submitted", what, is_late=True)

    def _value(self, row: SentMark) -> Decimal | Message:
        aspect = self._place.aspect
        text = row.time if row.time is not None else row.value or ""
        if row.time is not None and aspect.type != AspectType.TIME:
            return msg("这个模块不是计时的，写 value")
        number = _seconds(text) if aspect.type == AspectType.TIME else typed_number(text)
        fault = typed_fault(aspect, number, text)
        if fault is not None or number is None:
            return fault or msg("“%(text)s”不是数", text=text[:20])
        return number


def _seconds(text: str) -> Decimal | None:
    """The seconds of a time: 92.5, 1:32.5 or 0:01:32.5."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock is None:
        return typed_number(text)
    hours, minutes, seconds = clock.groups()
    return Decimal(int(hours or 0) * 3600 + int(minutes) * 60) + Decimal(seconds)
