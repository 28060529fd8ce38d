"""Panel list (分工表): who judges where, on paper and as a workbook, for the organiser alone."""

from __future__ import annotations

from collections.abc import Iterator

from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Message, Translate, msg
from compete.models import Competition, utc_now
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import module_title, modules_in
from compete.services.kernel.installation import fonts
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.schedule.seating import Panels, panels_in

_TITLE = msg("裁判分工表")
_COLUMNS = (
    Column(msg("工位"), width=1.4),
    Column(msg("编号")),
    Column(msg("姓名"), width=1.4),
    Column(msg("单位"), width=2.4),
    Column(msg("专家级别"), width=1.2),
    Column(msg("评几个"), align="right"),
)


_Seat = tuple[Message | str, str, Message | str, str, str, int | str]
"""The cells of a seat by the columns; without a code nobody sits there yet."""


def print_panels(competition: Competition, translate: Translate | None = None) -> PrintedFile:
    """The panels of every module as PDF, with a line for each seat that is free.

    It says nothing of 回避 and no blind code. Raises `Refused` where there is no event.
    """
    first, *more = [
        Section(title, _COLUMNS, [Row(_texts(seat, translate), seat[1]) for seat in seats])
        for title, seats in _modules(competition)
    ]
    document = ListDocument(
        title=f"{competition.name} {_TITLE.render(translate)}",
        heading=first.title,
        columns=first.columns,
        rows=first.rows,
        more=more,
        signatures=[msg("裁判长"), msg("监督")],
        issuer=[competition.host] if competition.host else [],
        stamp=Stamp(local_time(utc_now())),
        text_size=13.5,
    )
    return render_list(document, fonts=fonts(), translate=translate, author=competition.issuer)


def panels_workbook(competition: Competition, translate: Translate | None = None) -> bytes:
    """The same as an .xlsx, a sheet for each module. Raises as `print_panels` does."""
    from compete.sheets.workbook.tables import Table, write_tables

    titles = [column.title for column in _COLUMNS]
    tables = [
        Table(
            name=title,
            title=f"{competition.name} {title}",
            columns=titles,
            rows=seats,
            frozen=1,
        )
        for title, seats in _modules(competition)
    ]
    return write_tables(tables, translate)


def _texts(seat: _Seat, translate: Translate | None) -> tuple[str, ...]:
    return tuple(
        cell.render(translate) if isinstance(cell, Message) else str(cell) for cell in seat
    )


def _modules(competition: Competition) -> list[tuple[str, list[_Seat]]]:
    modules = [
        (module_title(*module), list(_seats(panels_in(*module))))
        for module in modules_in(competition)
    ]
    if not modules:
        raise Refused(msg("还没有赛项，先在“赛项和规则”里加"), kind=Refusal.UNKNOWN)
    return modules


def _seats(panels: Panels) -> Iterator[_Seat]:
    """List seats by station, those who sit at all of them first."""
    for station in panels.all_stations:
        named = panels.called(station)
        coming = panels.clashes.people.get(station, 0)
        for judge in panels.at(station):
            level = panels.levels.get(judge.id, "")
            yield named, judge.code, judge.name, judge.unit_name, level, coming
        if station or panels.stations == [""]:
            for _free in range(panels.empty_at(station)):
                yield named, "", msg("空席"), "", "", ""
