"""Labour competitions for other systems: the periods, and the values in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.models import Competition
from compete.services.accounts.api_tokens import Scope
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.from_system import MOST_ROWS, SentValue, put_values
from compete.services.labour.period_progress import period_stands, state_of
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import Grid, GridUnit, grid_of, leaves_of
from compete.web.api_v1.operations import (
    Body,
    Operation,
    Page,
    PagedQuery,
    Query,
    Text,
    WrittenRowsOut,
    asking_token,
    cursor_after,
    number_text,
    operation,
    own_competition,
    read_cursor,
    written_rows,
)


class PeriodOut(msgspec.Struct, frozen=True):
    """A period; values are entered in those that are leaves."""

    code: str
    name: str
    part_of: str | None
    leaf: bool
    state: str
    """`open`, `closed`, `published`, or `corrected` after it was published."""
    closed: datetime | None


class ValueOut(msgspec.Struct, frozen=True):
    """A unit's value of an indicator; `entry` is the number of what was entered last."""

    unit: str
    indicator: str
    value: str | None
    target: str | None
    text: str | None
    """What was written and not accepted."""
    state: str
    """`missing`, `refused`, `question` where it waits to be confirmed, `entered` or `signed`."""
    entry: int | None
    at: datetime | None


class ValueIn(Body, frozen=True, kw_only=True):
    """A value to be written; without `target` the target stays, an empty text empties.

    `entry` is the number that was read, where somebody else wrote there; `sure` confirms what
    was asked about.
    """

    unit: Text
    indicator: Text
    value: Text | int | float | None
    target: Text | int | float | msgspec.UnsetType | None = msgspec.UNSET
    entry: Annotated[int, msgspec.Meta(ge=0, le=2**62)] = 0
    sure: bool = False


ValuesIn = Annotated[list[ValueIn], msgspec.Meta(min_length=1, max_length=MOST_ROWS)]


_PERIOD = {
    "code": "2026-08",
    "name": "八月",
    "part_of": "2026-Q3",
    "leaf": True,
    "state": "open",
    "closed": None,
}
_VALUE = {
    "unit": "A",
    "indicator": "safety",
    "value": "28.5",
    "target": None,
    "text": None,
    "state": "entered",
    "entry": 412,
    "at": "2026-09-02T08:15:00Z",
}


@operation(
    Operation(
        name="periods",
        path="/competitions/<code>/periods",
        scope=Scope.LABOUR_READ,
        summary=msg("劳动竞赛的各期和现在的状态"),
        query=PagedQuery,
        answer=Page[PeriodOut],
        example={"data": [_PERIOD], "next": None},
    )
)
def periods(code: str, query: PagedQuery) -> Page[PeriodOut]:
    """List the periods, in the order of the rules."""
    row = _labour_competition(code, Scope.LABOUR_READ)
    labour, stands = labour_of(row), period_stands(row)
    leaves = set(leaves_of(labour))
    start = (read_cursor(query.cursor, 1) or [0])[0]
    shown = labour.periods[start : start + query.limit]
    return Page(
        [
            PeriodOut(
                code=period.code,
                name=period.name,
                part_of=period.part_of,
                leaf=period.code in leaves,
                state=state_of(stands, period.code).value,
                closed=stands[period.code].closed_at if period.code in stands else None,
            )
            for period in shown
        ],
        cursor_after(start + query.limit) if start + query.limit < len(labour.periods) else None,
    )


@operation(
    Operation(
        name="values",
        path="/competitions/<code>/periods/<period>/values",
        scope=Scope.LABOUR_READ,
        summary=msg("一期里每个单位每项指标的值和状态"),
        query=PagedQuery,
        answer=Page[ValueOut],
        example={"data": [_VALUE], "next": None},
    )
)
def values(code: str, period: str, query: PagedQuery) -> Page[ValueOut]:
    """List the squares of a leaf period, unit by unit."""
    row = _labour_competition(code, Scope.LABOUR_READ)
    grid = grid_of(row, period)
    signed = {
        indicator
        for sign_off in sign_offs(row, period).values()
        for indicator in sign_off.department.indicators
    }
    after = tuple(read_cursor(query.cursor, 2) or (0, 0))
    # By number: a unit that comes in later comes last.
    squares = [
        (unit, place, indicator.code)
        for unit in sorted(grid.units, key=lambda unit: unit.id)
        for place, indicator in enumerate(grid.indicators, start=1)
        if (unit.id, place) > after
    ]
    shown = squares[: query.limit]
    following = len(squares) > query.limit
    return Page(
        [_value(grid, unit, indicator, signed=indicator in signed) for unit, _, indicator in shown],
        cursor_after(shown[-1][0].id, shown[-1][1]) if following else None,
    )


@operation(
    Operation(
        name="put_values",
        path="/competitions/<code>/periods/<period>/values",
        method="PUT",
        scope=Scope.LABOUR_WRITE,
        summary=msg("部门打分的值：和填报页一样查，有一行不行就都不写；签核了的不收"),
        body=ValuesIn,
        sent=[{"unit": "A", "indicator": "safety", "value": "28.5"}],
        answer=WrittenRowsOut,
        example={"data": [{"row": 0, "result": "changed"}]},
    )
)
def put_values_in(code: str, period: str, query: Query, body: Sequence[ValueIn]) -> WrittenRowsOut:
    """Write values of departments, all or none."""
    row, token = _labour_competition(code, Scope.LABOUR_WRITE), asking_token()
    assert token is not None
    sent = [
        SentValue(
            unit=value.unit,
            indicator=value.indicator,
            value=number_text(value.value),
            target=None if value.target is msgspec.UNSET else number_text(value.target),
            entry=value.entry,
            sure=value.sure,
        )
        for value in body
    ]
    new = put_values(row, period, sent, token.account)
    return written_rows(new)


def _labour_competition(code: str, scope: Scope) -> Competition:
    """The competition if the token may do there what the scope says; refused if it has no
    periods.
    """
    row = own_competition(code, scope)
    kind = competition_kind(row)
    if not kind.has_periods:
        raise Refused(kind.not_here, kind=Refusal.UNKNOWN)
    return row


def _value(grid: Grid, unit: GridUnit, indicator: str, *, signed: bool) -> ValueOut:
    square = unit.id, indicator
    entry = grid.standing.get(square)
    read = None if entry is None else grid.read(entry)
    if read is not None:
        state = "question" if read.ask else "refused"
    elif not grid.filled(square):
        state = "missing"
    else:
        state = "signed" if signed else "entered"
    number, target = (None, None) if entry is None else (entry.value, entry.target)
    return ValueOut(
        unit=unit.code,
        indicator=indicator,
        value=None if number is None else plain(number),
        target=None if target is None else plain(target),
        text=entry.text if entry is not None else None,
        state=state,
        entry=entry.id if entry is not None else None,
        at=entry.made_at if entry is not None else None,
    )
