"""Words on what a workbook would begin, and what keeps it from that."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.messages import Message, some_of
from compete.services.competitions.workbook_starts import RulesStart, SchemeStart, StartFault
from compete.sheets.scheme_aspects import SchemeForm
from compete.web.bundle_places import place_words
from compete.web.language import say
from compete.web.organiser.new_competition.shapes import FileCount, FilePage, FileProblem, NewUrls

_NAMED = 4


def rules_page(token: str, filename: str, start: RulesStart, problem: str | None) -> FilePage:
    """The rules of a labour competition, before any of it is written."""
    labour = start.rules.labour
    headings = list(dict.fromkeys(each.heading or each.name for each in labour.indicators))
    named = sorted({group for _unit, group in start.rules.units if group})
    units = [unit for unit, _group in start.rules.units]
    departments = list(start.rules.departments)
    counts = [
        FileCount(what=_("指标"), count=len(labour.indicators), detail=_some(headings)),
        FileCount(
            what=_("期次"),
            count=len(labour.periods),
            detail=_some([each.name for each in labour.periods]),
        ),
        FileCount(what=_("打分部门"), count=len(departments), detail=_some(departments)),
        FileCount(
            what=_("单位"),
            count=len(units),
            detail=_("分组：%(groups)s", groups=_some(named)) if named else _some(units),
        ),
    ]
    told = [FileProblem(place="", path="", what=say(each)) for each in start.warnings]
    return _page(token, filename, [_("劳动竞赛"), _("规则表")], counts, told, problem)


def scheme_page(token: str, filename: str, start: SchemeStart, problem: str | None) -> FilePage:
    """A marking scheme, before any of it is written."""
    forms = {
        SchemeForm.TRADE: _("四列的表（项目、考核要点、配分、评分标准）"),
        SchemeForm.COLUMNS: _("11 列的表（Sub Criteria、M、J）"),
    }
    aspects = [row.draft for row in start.rows]
    headings = list(dict.fromkeys(row.criterion for row in aspects if row.criterion))
    counts = [
        FileCount(what=_("赛项"), count=1, detail=_("一个赛段，奖项照常用的设")),
        FileCount(what=_("模块"), count=1, detail=_("满分 %(full)s，权重 100", full=start.full)),
        FileCount(
            what=_("评分点"),
            count=len(aspects),
            detail=_some([row.name for row in aspects]),
        ),
    ]
    if headings:
        counts.append(FileCount(what=_("项目"), count=len(headings), detail=_some(headings)))
    told = [FileProblem(place="", path="", what=say(each)) for each in start.warnings]
    told += [
        FileProblem(place=_row(start.sheet, row.number), path="", what=say(each))
        for row in start.rows
        for each in row.notes
    ]
    return _page(token, filename, [_("技能竞赛"), forms[start.form]], counts, told, problem)


def start_problem(fault: StartFault) -> FileProblem:
    """Explain the fault of a workbook, with its cell or row."""
    if fault.cell:
        place = _(
            "“%(sheet)s”页 %(cell)s 格，“%(what)s”",
            sheet=fault.sheet,
            cell=fault.cell,
            what=say(Message(fault.what)),
        )
    elif fault.row:
        place = _row(fault.sheet, fault.row)
    else:
        place = place_words(fault.path)
    return FileProblem(place=place, path="", what=say(fault.why))


def _row(sheet: str, number: int) -> str:
    return _("“%(sheet)s”页第 %(n)s 行", sheet=sheet, n=number)


def _some(names: Sequence[str]) -> str:
    return say(some_of(names, _NAMED)) if names else ""


def _page(
    token: str,
    filename: str,
    head: Sequence[str],
    counts: Sequence[FileCount],
    warnings: Sequence[FileProblem],
    problem: str | None,
) -> FilePage:
    return FilePage(
        filename=filename,
        head=head,
        counts=counts,
        warnings=warnings,
        problem=problem,
        discard_url=url_for("organiser.discard_bundle", token=token),
        urls=NewUrls(
            act=url_for("organiser.bundle_file", token=token),
            back=url_for("organiser.new_competition", start="file"),
        ),
    )
