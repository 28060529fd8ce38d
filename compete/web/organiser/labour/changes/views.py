"""Changes of the squares of a labour competition: by unit, period, indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.models import SELF, Competition, LabourValueEntry
from compete.services.jobs.papers.kinds import CHANGES_BOOK, Asked, printed_as
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.changes import (
    ChangeFilter,
    SquareChange,
    change_numbers,
    changes_of,
    changes_of_numbers,
    count_changes,
)
from compete.services.labour.departments import department_names, departments_of
from compete.services.labour.squares import asked_in, leaves_of
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.labour_words import told_apart, with_target
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import AT_ONCE, long_list
from compete.web.paging import asked_page, describe_page
from compete.web.shapes import choices
from compete.web.templating import moment

PAGE_SIZE = 50
_NONE = "—"
_FILTERS = ("unit", "period", "indicator", "department")


@face.get("/<code>/labour/changes")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_changes(competition: Competition) -> ResponseReturnValue:
    """The changes, newest first; those that the filters ask for."""
    labour, chosen = labour_of(competition), _set_filters(request.args)
    asked = _filter(competition, chosen)
    number, total = asked_page(), count_changes(competition, asked)
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    changes = changes_of(competition, asked, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    names = labour.period_names
    departments, every = departments_of(competition), {"": _("全部")}
    return render_template(
        "organiser/labour/changes.html",
        chosen=chosen,
        units=choices(every | {unit.code: unit.name for unit in competition.units}),
        periods=choices(every | {code: names[code] for code in leaves_of(labour)}),
        indicators=choices(
            every | told_apart(labour.indicators, names, department_names(competition))
        ),
        departments=choices(every | {str(row.id): row.name for row in departments}),
        rows=[
            (change.row, cells)
            for change, cells in zip(changes, _cells(competition, changes), strict=True)
        ],
        page=describe_page(total, number, PAGE_SIZE, "organiser.labour_changes", **chosen),
    )


@face.get("/<code>/labour/changes.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_changes_book(competition: Competition) -> ResponseReturnValue:
    """The changes that the filters ask for, with all pages."""
    name = f"{say(msg('改数记录'))}_{competition.name}.xlsx"
    return print_or_follow(competition, CHANGES_BOOK, name, **_set_filters(request.args))


def _numbers(asked: Asked) -> Sequence[int]:
    return change_numbers(asked.competition, _filter(asked.competition, _set_filters(asked.of)))


@printed_as(CHANGES_BOOK, at_once=AT_ONCE, keys=_numbers)
def _book(asked: Asked, numbers: Sequence[int]) -> bytes:
    """The changes that the filters ask for as a workbook, newest first, with all pages."""

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        return _cells(asked.competition, changes_of_numbers(part))

    return long_list(asked, msg("改数记录"), _heads, numbers, read)


def _heads() -> list[str]:
    heads = (_("什么时候"), _("谁"), _("怎么填的"), _("单位"), _("哪一期"), _("哪一项"))
    return [*heads, _("原来"), _("改成"), _("为什么")]


def _set_filters(address: Mapping[str, str]) -> dict[str, str]:
    """The filters that are set, as an address says them."""
    chosen = {key: address[key] for key in _FILTERS if address.get(key)}
    return chosen | ({"own": "1"} if "own" in address else {})


def _filter(competition: Competition, chosen: Mapping[str, str]) -> ChangeFilter:
    codes: set[str] | None = {chosen["indicator"]} if "indicator" in chosen else None
    if "department" in chosen:
        departments = {str(row.id): row for row in departments_of(competition)}
        department = departments.get(chosen["department"])
        theirs = set(department.indicators) if department is not None else set()
        codes = theirs if codes is None else codes & theirs
    return ChangeFilter(chosen.get("unit"), chosen.get("period"), codes, "own" in chosen)


def _cells(competition: Competition, changes: Sequence[SquareChange]) -> list[Sequence[Value]]:
    """The texts of each change, in the order of the workbook's columns."""
    labour, whose = labour_of(competition), department_names(competition)
    periods = labour.period_names
    names = labour.indicator_names
    by_leaf = {
        leaf: names | told_apart(asked_in(labour, leaf), periods, whose)
        for leaf in leaves_of(labour)
    }
    return [
        (
            moment(row.made_at),
            change.by,
            _source(row.source),
            row.unit.name,
            periods.get(row.period, row.period),
            by_leaf.get(row.period, names).get(row.indicator, row.indicator),
            _value(change.before),
            _value(row),
            row.reason or "",
        )
        for change in changes
        for row in [change.row]
    ]


def _source(source: str | None) -> str:
    if source == SELF:
        return _("单位自评")
    if source == "workbook":
        return _("整表上传")
    return _("两个人更正") if source == "correction" else _("打分表")


def _value(row: LabourValueEntry | None) -> str:
    if row is None:
        return _NONE
    if row.text and row.value is None:
        return _("“%(text)s”没写入", text=row.text)
    if row.value is None:
        return _("空")
    return with_target(plain(row.value), row.target)
