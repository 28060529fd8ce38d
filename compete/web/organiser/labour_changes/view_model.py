"""Changes of the squares of a labour competition, as the desk lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.models import SELF, Competition, LabourValueEntry
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.changes import (
    ChangeFilter,
    SquareChange,
    change_numbers,
    changes_of,
    changes_of_numbers,
    count_changes,
)
from compete.services.labour.departments import departments_of
from compete.services.labour.squares import leaves_of
from compete.sheets.workbook.tables import Value
from compete.web.organiser.list_book import AT_ONCE, CHANGES_BOOK, long_list
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.paging import Paging, asked_page, describe_page
from compete.web.shapes import Choice
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change: which square, what stood and what stands, who, when, why."""

    when: str
    who: str
    source: str
    unit: str
    unit_url: str
    period: str
    indicator: str
    was: str
    now: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The chosen filters; empty for all."""

    unit: str
    period: str
    indicator: str
    department: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """The changes that were asked for, newest first."""

    competition: CompetitionLink
    back_url: str
    act: str
    book_url: str
    """The list as a workbook, filtered as it is."""
    chosen: Chosen
    units: Sequence[Choice]
    periods: Sequence[Choice]
    indicators: Sequence[Choice]
    departments: Sequence[Choice]
    rows: Sequence[ChangeRow]
    page: Paging


PAGE_SIZE = 50
_NONE = "—"


def changes_page(competition: Competition) -> ChangesPage:
    """The changes that the request's filters ask for, newest first."""
    labour, chosen = labour_of(competition), _chosen()
    kept = urlencode(_kept(chosen))
    departments = {str(row.id): row for row in departments_of(competition)}
    asked = _filter(competition, chosen)
    number, total = asked_page(), count_changes(competition, asked)
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    found = changes_of(competition, asked, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    names = {each.code: each.name for each in labour.periods}
    return ChangesPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.months", code=competition.code),
        act=url_for("organiser.labour_changes", code=competition.code),
        book_url=f"{url_for('organiser.labour_changes_book', code=competition.code)}?{kept}",
        chosen=chosen,
        units=_choices([(unit.code, unit.name) for unit in competition.units]),
        periods=_choices([(code, names[code]) for code in leaves_of(labour)]),
        indicators=_choices([(each.code, each.name) for each in labour.indicators]),
        departments=_choices([(key, row.name) for key, row in departments.items()]),
        rows=[_row(competition, labour, each) for each in found],
        page=describe_page(
            total,
            number,
            PAGE_SIZE,
            "organiser.labour_changes",
            code=competition.code,
            **_kept(chosen),
        ),
    )


def list_filters() -> dict[str, str]:
    """Return the request's filters as an address says them."""
    return _kept(_chosen())


def _numbers(asked: Asked) -> Sequence[int]:
    of = asked.of
    texts = {key: of.get(key, "") for key in ("unit", "period", "indicator", "department")}
    chosen = Chosen(**texts, own="own" in of)
    return change_numbers(asked.competition, _filter(asked.competition, chosen))


@printed_as(CHANGES_BOOK, at_once=AT_ONCE, keys=_numbers)
def _book(asked: Asked, numbers: Sequence[int]) -> bytes:
    """The changes that the filters ask for as a workbook, newest first, with all pages."""
    labour = labour_of(asked.competition)

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        found = changes_of_numbers(part)
        return [
            [
                *(row.when, row.who, row.source, row.unit, row.period, row.indicator),
                *(row.was, row.now, row.why),
            ]
            for row in (_row(asked.competition, labour, each) for each in found)
        ]

    return long_list(asked, msg("改数记录"), _heads, numbers, read)


def _heads() -> list[str]:
    heads = (_("什么时候"), _("谁"), _("怎么填的"), _("单位"), _("哪一期"), _("哪一项"))
    return [*heads, _("原来"), _("改成"), _("为什么")]


def _chosen() -> Chosen:
    args = request.args
    return Chosen(
        unit=args.get("unit", ""),
        period=args.get("period", ""),
        indicator=args.get("indicator", ""),
        department=args.get("department", ""),
        own="own" in args,
    )


def _kept(chosen: Chosen) -> dict[str, str]:
    """The filters as an address says them."""
    filters = {
        "unit": chosen.unit,
        "period": chosen.period,
        "indicator": chosen.indicator,
        "department": chosen.department,
        "own": "1" if chosen.own else "",
    }
    return {key: value for key, value in filters.items() if value}


def _filter(competition: Competition, chosen: Chosen) -> ChangeFilter:
    codes: set[str] | None = {chosen.indicator} if chosen.indicator else None
    if chosen.department:
        departments = {str(row.id): row for row in departments_of(competition)}
        department = departments.get(chosen.department)
        theirs = set(department.indicators) if department is not None else set()
        codes = theirs if codes is None else codes & theirs
    return ChangeFilter(chosen.unit or None, chosen.period or None, codes, chosen.own)


def _choices(known: list[tuple[str, str]]) -> list[Choice]:
    return [Choice(value="", label=_("全部")), *(Choice(value=k, label=n) for k, n in known)]


def _row(competition: Competition, labour: Labour, change: SquareChange) -> ChangeRow:
    row = change.row
    periods = {each.code: each.name for each in labour.periods}
    indicators = {each.code: each.name for each in labour.indicators}
    return ChangeRow(
        when=moment(row.made_at),
        who=change.by,
        source=_source(row.source),
        unit=row.unit.name,
        unit_url=url_for(
            "organiser.labour_unit", code=competition.code, unit=row.unit.code, period=row.period
        ),
        period=periods.get(row.period, row.period),
        indicator=indicators.get(row.indicator, row.indicator),
        was=_value(change.before),
        now=_value(row),
        why=row.reason or "",
    )


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
    if row.target is None:
        return plain(row.value)
    return _("%(value)s，目标 %(target)s", value=plain(row.value), target=plain(row.target))
