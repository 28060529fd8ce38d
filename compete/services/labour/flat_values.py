"""Flat files of values: a row for each unit, period and indicator, as other programs write them.

They become rows of the wide table that a department fills in; of other periods, and of indicators
that others enter, is said how many rows there were.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from compete.domain.values.messages import Message, msg, some_of
from compete.sheets.labour_values import (
    CODE,
    GROUP,
    UNIT,
    Chosen,
    HeadedTable,
    ValueRow,
    ValueRows,
    read_value_rows,
)
from compete.sheets.reading.kinds import VALUES
from compete.sheets.reading.words import reduced
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.refusal import WorkbookError

INDICATOR, PERIOD, VALUE, TARGET, REASON = "指标", "期次", "值", "目标", "扣分原因"
_OF_FIELD = {
    **{"unit": UNIT, "code": CODE, "group": GROUP},
    **{"indicator": INDICATOR, "value": VALUE, "target": TARGET},
}
_PERIODS = frozenset(
    (
        "期次",
        "期",
        "月份",
        "月",
        "考核月份",
        "考核期",
        "考核期次",
        "时段",
        "年月",
        "考评期",
        "考评月份",
    )
)
_REASONS = frozenset(("扣分原因", "原因", "扣分说明"))
_MOST_ROWS = 100_000
_PARTS = ((VALUE, "value"), (TARGET, "target"), (REASON, "reason"))
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})(?![0-9])")
_MONTH_ALONE = re.compile(r"0?[0-9]|1[0-2]")


def flat_rows(
    content: bytes,
    *,
    units: Sequence[str],
    here: Callable[[str], bool | None],
    column: Callable[[str, str], str | None],
    counted: Callable[[str], bool],
    elsewhere: Callable[[str], bool],
    chosen: Callable[[list[HeadedTable]], Chosen],
) -> ValueRows | None:
    """The rows of a flat file as a wide table has them; None for what is no flat file.

    `units` are those that there are. `here` says of a period's text whether it is the one that
    is filled in, None for what is no period; `column` which heading of the wide table an
    indicator's value, target or reason is,
    None where the file means no such; `counted`, whether what is entered is no points; `elsewhere`,
    whether another enters it, or in another period. Of tables without a column of periods those
    are read that `chosen` keeps.
    """
    points = False

    def named(heading: str, _upper: str) -> str | None:
        nonlocal points
        meant = _heading(heading)
        # Points are not the count or the quantity that they are given for.
        points = points or (meant == VALUE and heading.rstrip("）) ").endswith("分"))
        return meant

    try:
        flat = read_value_rows(
            content,
            [[UNIT], [INDICATOR], [VALUE]],
            [CODE, GROUP, PERIOD, TARGET, REASON],
            _MOST_ROWS,
            optional=True,
            units=units,
            alike=named,
            chosen=chosen,
        )
    except WorkbookError:
        return None
    if not any(_is_known(row, column, elsewhere) for row in flat.rows):
        return None
    rows: list[ValueRow] = []
    headings = {UNIT, *({CODE} & flat.headings)}
    others, theirs, strange, scored = 0, Counter[str](), Counter[str](), Counter[str]()
    for row in flat.rows:
        period, name = _text(row, PERIOD), _text(row, INDICATOR)
        dated = PERIOD in row.letters
        is_here = here(month_text(period)) if period else None if dated else True
        if is_here is False:
            others += 1
            continue
        if is_here is None:
            strange[period] += 1
            continue
        if points and counted(name):
            scored[name] += 1
            continue
        texts: dict[str, str] = {key: row.texts[key] for key in (UNIT, CODE) if key in row.texts}
        letters = {key: row.letters[key] for key in (UNIT, CODE) if key in row.letters}
        for part, kind in _PARTS:
            heading = column(name, kind) if row.texts.get(part) else None
            if heading is not None:
                texts[heading], letters[heading] = row.texts[part], row.letters[part]
                headings.add(heading)
        if column(name, "value") is None:
            (theirs if elsewhere(name) else strange)[name] += 1
            continue
        rows.append(ValueRow(row.sheet, row.number, texts, letters))
    notices = [*flat.notices, *_left_words(others, theirs, strange, scored)]
    return ValueRows(flat.title, rows, frozenset(headings), notices, flat.unused)


def month_text(text: str) -> str:
    """A month as a period's name may have it: 7, 07, 2022-07 and 2022-07-01 are one of those."""
    if _MONTH_ALONE.fullmatch(text):
        return f"{int(text)}月"
    match = _YEAR_MONTH.match("".join(text.split()))
    return text if match is None else f"{match[1]}年{int(match[2])}月"


def _heading(heading: str) -> str | None:
    plain = reduced(heading)
    if plain in _PERIODS:
        return PERIOD
    if plain in _REASONS:
        return REASON
    return _OF_FIELD.get(VALUES.field_of(heading)[1] or "")


def _is_known(
    row: ValueRow, column: Callable[[str, str], str | None], elsewhere: Callable[[str], bool]
) -> bool:
    name = _text(row, INDICATOR)
    return bool(name) and (column(name, "value") is not None or elsewhere(name))


def _text(row: ValueRow, heading: str) -> str:
    text = row.texts.get(heading, "")
    return "" if isinstance(text, Fault) else text


def _left_words(
    others: int, theirs: Counter[str], strange: Counter[str], scored: Counter[str]
) -> list[Message]:
    sentences = [msg("%(n)s 行是别的期的，没有读", n=others)] if others else []
    for counts, why in (
        (theirs, msg("不归你们打分，或者这一期不问")),
        (strange, msg("没有这样的指标或期次")),
        (scored, msg("这一列是分，这一项要填个数或数量")),
    ):
        if counts:
            sentences.append(
                msg(
                    "%(n)s 行没有读：%(names)s，%(why)s",
                    n=counts.total(),
                    names=some_of([name or "—" for name in counts]),
                    why=why,
                )
            )
    return sentences
