"""Values of a period that another system sends: a department's, all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import uuid4

from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, LabourValueEntry, utc_now
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.row_faults import RowFault, RowFaultsError
from compete.services.kernel.text_limits import too_long
from compete.services.kernel.transactions import changing
from compete.services.labour.departments import departments_of
from compete.services.labour.entry import MOST_AT_ONCE, CellAct, Writer, enter_cells
from compete.services.labour.period_progress import why_closed
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import (
    LONGEST_TEXT,
    Grid,
    Square,
    grid_of,
    needs_target,
    read_number,
    read_value,
)

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SentValue:
    """A value as it is sent; an empty text empties the square.

    `entry` is the number of what stood in it when the sender read it, `sure` that an odd value
    was confirmed. Without `target` the target stays.
    """

    unit: str
    indicator: str
    value: str
    target: str | None = None
    entry: int = 0
    sure: bool = False


def put_values(
    competition: Competition, period: str, rows: Sequence[SentValue], by: Account
) -> list[bool]:
    """Write values into a leaf period, for the departments that enter them; which were new.

    All or none. Raises `RowFaultsError` for rows that the page would not take, or that somebody
    else wrote or signed off; `Refused` (UNKNOWN) for no such period, (CONFLICT) for a closed one.
    """
    if len(rows) > MOST_ROWS:
        raise invalid(msg("一次最多 %(n)s 行", n=MOST_ROWS))
    with changing(competition) as competition:
        work = _Putting(competition, grid_of(competition, period), by)
        refuse_if(why_closed(competition, period))
        faults = [fault for place, row in enumerate(rows) for fault in work.check(place, row)]
        if faults:
            raise RowFaultsError(faults)
        new = [work.is_new(row) for row in rows]
        acts: dict[int, list[CellAct]] = defaultdict(list)
        for row, is_new in zip(rows, new, strict=True):
            if is_new:
                acts[work.department_of[row.indicator].id] += _acts(row)
        for department in departments_of(competition):
            writer = Writer(competition, by, department=department)
            for some in in_chunks(acts.get(department.id, []), MOST_AT_ONCE):
                done = enter_cells(writer, period, some)
                if done.refused:
                    raise Refused(done.refused[0][1])
    return new


class _Putting:
    """The rows of a call, held against what stands."""

    def __init__(self, competition: Competition, grid: Grid, by: Account) -> None:
        self.department_of = {
            code: department
            for department in departments_of(competition)
            for code in department.indicators
        }
        self._grid, self._by = grid, by
        self._units = {unit.code: unit.id for unit in grid.units}
        self._asked = {indicator.code: indicator for indicator in grid.indicators}
        self._signed = {
            code
            for sign_off in sign_offs(competition, grid.period).values()
            for code in sign_off.department.indicators
        }
        self._rows: dict[Square, int] = {}

    def check(self, place: int, row: SentValue) -> Iterator[RowFault]:
        """The faults of a row."""

        def fault(field: str, code: str, what: Message, late: bool = False) -> RowFault:
            return RowFault(place, field, code, what, late)

        unit, indicator = self._units.get(row.unit), self._asked.get(row.indicator)
        if unit is None:
            yield fault("unit", "unit_unknown", msg("这一期没有这个单位"))
        if indicator is None:
            yield fault("indicator", "indicator_unknown", msg("这一期没有这项指标"))
        elif row.indicator not in self.department_of:
            what = msg("这项指标还没有分给部门打分")
            yield fault("indicator", "no_department", what)
        if unit is None or indicator is None:
            return
        square = unit, row.indicator
        if square in self._rows:
            what = msg("和第 %(n)s 行是同一格", n=self._rows[square] + 1)
            yield fault("indicator", "repeated", what)
        self._rows[square] = place
        if row.target is not None and not needs_target(indicator):
            yield fault("target", "no_target", msg("这项指标没有目标"))
            return
        if self.is_new(row):
            if row.indicator in self._signed:
                what = msg("部门已经签核，要改先撤回签核")
                yield fault("value", "signed", what, True)
            standing = self._grid.standing.get(square)
            if standing is not None and self._is_anothers(standing, row):
                what = msg("这一格别人填过，先读一遍，把读到的 entry 带上再送")
                yield fault("entry", "changed", what, True)
        yield from self._check_numbers(fault, row, square)

    def _check_numbers(
        self, fault: Callable[[str, str, Message], RowFault], row: SentValue, square: Square
    ) -> Iterator[RowFault]:
        indicator, standing = self._asked[row.indicator], self._grid.standing.get(square)
        target = standing.target if standing is not None else None
        for field, text in (("target", row.target or ""), ("value", row.value)):
            if len(text) > LONGEST_TEXT:
                yield fault(field, "too_long", too_long(text, LONGEST_TEXT))
                return
        if row.target is not None:
            read = read_value(indicator, row.target, None, target=True) if row.target else None
            target = read.value if read is not None else None
            if read is not None and read.problem is not None:
                yield fault("target", "refused", read.problem)
        if row.value:
            read = read_value(indicator, row.value, self._grid.before.get(square), beside=target)
            if read.problem is not None and not (read.ask and row.sure):
                yield fault("value", "question" if read.ask else "refused", read.problem)

    def is_new(self, row: SentValue) -> bool:
        """True if the row says other than what stands."""
        square = self._units[row.unit], row.indicator
        standing = self._grid.standing.get(square)
        value, target = (None, None) if standing is None else (standing.value, standing.target)
        text = standing.text if standing is not None else None
        same = row.target is None or _number(row.target) == target
        return not (same and text is None and _number(row.value) == value)

    def _is_anothers(self, standing: LabourValueEntry, row: SentValue) -> bool:
        return standing.made_by != self._by.id and standing.id > row.entry


def _number(text: str) -> Decimal | str | None:
    """The number that a text says, None for none; what is no number as it is."""
    if not text:
        return None
    number = read_number(text)
    return text if number is None else number


def _acts(row: SentValue) -> Iterator[CellAct]:
    # What is odd was asked about before: both together, as they will stand.
    texts: list[tuple[Literal["target", "value"], str]] = [("value", row.value)]
    if row.target is not None:
        texts.insert(0, ("target", row.target))
    for kind, text in texts:
        yield CellAct(
            uuid=str(uuid4()),
            kind=kind,
            unit=row.unit,
            indicator=row.indicator,
            text=text,
            at=utc_now(),
            seen=row.entry or None,
            sure=True,
        )
