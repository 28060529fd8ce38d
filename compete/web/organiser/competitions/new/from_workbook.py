"""A workbook that begins a competition: looked at, then written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message, some_of
from compete.models import Competition
from compete.services.competitions.bundle_uploads import BundleUpload, drop_bundle_upload
from compete.services.competitions.drafts import propose_code
from compete.services.competitions.workbook_starts import (
    RulesStart,
    SchemeStart,
    StartFault,
    make_labour_start,
    make_scheme_start,
    read_start,
)
from compete.services.kernel.clock import local_today
from compete.sheets.scheme_aspects import SchemeForm
from compete.web.bundle_places import place_words
from compete.web.language import other_languages, say
from compete.web.organiser.competitions.new.forms import RulesBookForm, SchemeBookForm
from compete.web.organiser.competitions.new.view_model import FileCount, FileProblem, file_page

_NAMED = 4
_Brought = tuple[Sequence[str], Sequence[FileCount], Sequence[FileProblem]]
"""What is said at the head of the page, what a workbook brings, and what wants a look."""


def workbook_page(token: str, upload: BundleUpload) -> ResponseReturnValue:
    """Preview what the workbook would bring; once sent, write it."""
    start = read_start(upload.data, other_languages())
    form = RulesBookForm() if isinstance(start, RulesStart) else SchemeBookForm()
    form.offer_levels(as_before=False)
    problem, status = None, 200
    if not form.is_submitted():
        _propose(form, start, upload.filename)
    else:
        made, problem, status = _made(form, start, upload.filename)
        if made is not None:
            return written(token, made)
    brought = _rules(start) if isinstance(start, RulesStart) else _scheme(start)
    return file_page(token, upload.filename, form, *brought, problem), status


def _made(
    form: RulesBookForm | SchemeBookForm, start: RulesStart | SchemeStart, filename: str
) -> tuple[Competition | None, str | None, int]:
    """Make the draft; or return the reason there is none, beside the fields' faults."""
    if (status := form.refusal()) is not None:
        return None, None, status
    wanted = form.beginnings()
    if isinstance(start, RulesStart):
        return form.attempt(lambda: make_labour_start(start, wanted, filename, current_user))
    assert isinstance(form, SchemeBookForm)
    names = form.event_name, form.module_name
    return form.attempt(lambda: make_scheme_start(start, wanted, *names, filename, current_user))


def written(token: str, made: Competition) -> ResponseReturnValue:
    """The upload has become a draft: it goes, and the draft's own page follows."""
    drop_bundle_upload(token, current_user)
    flash(_("建好了草稿，谁也没通知。下面列着还要补的"), "ok")
    return redirect(url_for("organiser.overview", code=made.code))


def _propose(
    form: RulesBookForm | SchemeBookForm, start: RulesStart | SchemeStart, filename: str
) -> None:
    stem = PurePath(filename).stem
    form.code.data = propose_code("", local_today().year)
    if isinstance(start, RulesStart):
        form.name.data = start.title or stem
    elif isinstance(form, SchemeBookForm):
        # A file is often called after the day it was sent: an event is not.
        form.name.data, form.event.data = start.heading or stem, start.title
        form.module.data = start.sheet


def _rules(start: RulesStart) -> _Brought:
    """The rules of a labour competition."""
    labour = start.rules.labour
    headings = list(dict.fromkeys(each.heading or each.name for each in labour.indicators))
    named = sorted({group for _unit, group in start.rules.units if group})
    units = [unit for unit, _group in start.rules.units]
    departments = list(start.rules.departments)
    said = _("分组：%(groups)s", groups=_some(named)) if named else _some(units)
    counts = [
        (_("指标"), len(labour.indicators), _some(headings)),
        (_("期次"), len(labour.periods), _some([each.name for each in labour.periods])),
        (_("打分部门"), len(departments), _some(departments)),
        (_("单位"), len(units), said),
    ]
    told = [FileProblem(place="", path="", what=say(each)) for each in start.warnings]
    return [_("劳动竞赛"), _("规则表")], counts, told


def _scheme(start: SchemeStart) -> _Brought:
    """A marking scheme."""
    forms = {
        SchemeForm.TRADE: _("四列的表（项目、考核要点、配分、评分标准）"),
        SchemeForm.COLUMNS: _("11 列的表（Sub Criteria、M、J）"),
    }
    aspects = [row.draft for row in start.rows]
    headings = list(dict.fromkeys(row.criterion for row in aspects if row.criterion))
    counts = [
        (_("赛项"), 1, _("一个赛段，奖项照常用的设")),
        (_("模块"), 1, _("满分 %(full)s，权重 100", full=start.full)),
        (_("评分点"), len(aspects), _some([row.name for row in aspects])),
    ]
    if headings:
        counts.append((_("项目"), len(headings), _some(headings)))
    told = [FileProblem(place="", path="", what=say(each)) for each in start.warnings]
    told += [
        FileProblem(place=_row(start.sheet, row.number), path="", what=say(each))
        for row in start.rows
        for each in row.notes
    ]
    return [_("技能竞赛"), forms[start.form]], counts, told


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
