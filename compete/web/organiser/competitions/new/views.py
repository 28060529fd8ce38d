"""Making a competition: the four ways, and the look at a file before it is written.

And the likely meaning of what is to be made, with what does not fit in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.accounts.access import competitions_for
from compete.services.competitions.bundle_uploads import (
    BundleUpload,
    drop_bundle_upload,
    keep_bundle_upload,
    open_bundle_upload,
)
from compete.services.competitions.drafts import (
    Origin,
    blank,
    make_draft,
    propose_code,
    renamed,
)
from compete.services.competitions.editions import name_doubts, next_edition, next_name
from compete.services.competitions.schemes import (
    RulesStart,
    SchemeStart,
    StartedModule,
    StartError,
    StartFault,
    make_labour_start,
    make_scheme_start,
    read_start,
)
from compete.services.competitions.shifted_days import MovedDay
from compete.services.competitions.templates import (
    evaluation_of,
    from_template,
    labour_templates,
    make_labour_draft,
    make_labour_edition,
)
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.errors import sentence_for
from compete.web.language import other_languages, say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.new.forms import (
    BlankForm,
    DatedForm,
    EditionForm,
    EvaluationForm,
    NameForm,
    RulesBookForm,
    SchemeBookForm,
    TemplateForm,
)
from compete.web.organiser.competitions.new.view_model import (
    AskedAgain,
    FileCount,
    FileProblem,
    bundle_page,
    file_page,
    file_problem,
    first_names,
    new_page,
)
from compete.web.organiser.earlier import LABOUR, template_of, templates
from compete.web.organiser.rules.events.view_model import scheme_form_words
from compete.web.refusals import status_of
from compete.web.templating import day

_Brought = tuple[Sequence[str], Sequence[FileCount], Sequence[FileProblem]]
"""What is said at the head of the page, what a workbook brings, and what wants a look."""


def _workbook_page(token: str, upload: BundleUpload) -> ResponseReturnValue:
    """Preview what the workbook would bring; once sent, write it."""
    start = read_start(upload.data, other_languages())
    form = RulesBookForm() if isinstance(start, RulesStart) else SchemeBookForm()
    if isinstance(start, SchemeStart) and len(start.modules) > 1:
        # They are called as their sheets are.
        del form.module
    form.offer_levels(as_before=False)
    problem, status = None, 200
    if not form.is_submitted():
        _propose_from_book(form, start, upload.filename)
    else:
        made, problem, status = _made_of_book(form, start, upload.filename)
        if made is not None:
            return _open_draft(token, made)
    brought = _rules_brought(start) if isinstance(start, RulesStart) else _scheme_brought(start)
    return file_page(token, upload.filename, form, *brought, problem), status


def _made_of_book(
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


def _open_draft(token: str, made: Competition) -> ResponseReturnValue:
    """The upload has become a draft: it goes, and the draft's own page follows."""
    drop_bundle_upload(token, current_user)
    if competition_kind(made).ranks_people and settings_of(made).set_up is None:
        # Its people came along, so registration is open at once.
        flash(_("建好了，正在报名：单位的链接发了就能用。谁也没通知，下面列着还要补的"), "ok")
    else:
        flash(_("建好了草稿，谁也没通知。下面列着还要补的"), "ok")
    return redirect(url_for("organiser.overview", code=made.code))


def _propose_from_book(
    form: RulesBookForm | SchemeBookForm, start: RulesStart | SchemeStart, filename: str
) -> None:
    stem = PurePath(filename).stem
    form.code.data = propose_code("", local_today().year)
    if isinstance(start, RulesStart):
        form.name.data = start.title or stem
    elif isinstance(form, SchemeBookForm):
        # A file is often called after the day it was sent: an event is not.
        form.name.data, form.event.data = start.heading or stem, start.title
        if form.module is not None:
            form.module.data = start.modules[0].sheet


def _rules_brought(start: RulesStart) -> _Brought:
    """The rules of a labour competition."""
    labour = start.rules.labour
    headings = list(
        dict.fromkeys(indicator.heading or indicator.name for indicator in labour.indicators)
    )
    named = sorted({group for _unit, group in start.rules.units if group})
    units = [unit for unit, _group in start.rules.units]
    departments = list(start.rules.departments)
    detail = _("分组：%(groups)s", groups=first_names(named)) if named else first_names(units)
    counts = [
        (_("指标"), len(labour.indicators), first_names(headings)),
        (_("期次"), len(labour.periods), first_names([period.name for period in labour.periods])),
        (_("打分部门"), len(departments), first_names(departments)),
        (_("单位"), len(units), detail),
    ]
    problems = [FileProblem(place="", path="", what=say(warning)) for warning in start.warnings]
    return [_("劳动竞赛"), _("规则表")], counts, problems


def _scheme_brought(start: SchemeStart) -> _Brought:
    """Marking schemes."""
    aspects = [row.draft for it in start.modules for row in it.rows]
    headings = list(dict.fromkeys(row.criterion for row in aspects if row.criterion))
    counts = [
        (_("赛项"), 1, _("一个赛段，奖项照常用的设")),
        (_("模块"), len(start.modules), _full_words(start.modules)),
        (_("评分点"), len(aspects), first_names([row.name for row in aspects])),
    ]
    if headings:
        counts.append((_("项目"), len(headings), first_names(headings)))
    problems = [FileProblem(place="", path="", what=say(warning)) for warning in start.warnings]
    problems += [
        FileProblem(place=_row(it.sheet, row.number), path="", what=say(note))
        for it in start.modules
        for row in it.rows
        for note in row.notes
    ]
    forms = dict.fromkeys(scheme_form_words()[it.form] for it in start.modules)
    return [_("技能竞赛"), *forms], counts, problems


def _full_words(modules: Sequence[StartedModule]) -> str:
    if len(modules) == 1:
        return _("满分 %(full)s，权重 100", full=modules[0].full)
    words = (_("%(name)s（%(full)s 分）", name=it.sheet, full=it.full) for it in modules)
    return _("、").join(words)


def _start_problem(fault: StartFault) -> FileProblem:
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


_STARTS = ("edition", "template", "file", "evaluation", "blank")
_MOVED_NAMED = 4


@face.get("/new")
@guard.may(Right.MAKE)
def new_competition() -> ResponseReturnValue:
    """The four ways; from an earlier edition where there is any."""
    editions = competitions_for(current_user)
    start = request.args.get("start") or ("edition" if editions else "template")
    if start not in _STARTS:
        abort(404)
    form = _form(start, editions)
    doubts = propose(form, start, editions) if form is not None else ()
    return _new_page(start, form, editions, doubts=doubts)


@face.post("/new/<start>")
@guard.may(Right.MAKE)
@only_once
def make_competition(start: str) -> ResponseReturnValue:
    """Make the draft; what cannot be taken stays in its field."""
    if start == "file":
        return _take_file()
    if start not in _STARTS:
        abort(404)
    editions = competitions_for(current_user)
    form = _form(start, editions)
    assert form is not None
    if (refusal := form.refusal()) is not None:
        return _new_page(start, form, editions, status=refusal)
    if isinstance(form, EditionForm):
        old = _old(form, editions)
        if "fits" in request.form:
            _take_what_fits(form, old)
        if again := _asked_again(form, old):
            return _new_page(start, form, editions, again=again, status=409)
    made, problem, status = form.attempt(lambda: _make_competition(form, editions))
    if made is None:
        return _new_page(start, form, editions, problem=problem, status=status)
    competition, gave_way = made
    flash(_("建好了草稿，谁也没通知。下面列着还要补的"), "ok")
    if gave_way:
        flash(_moved_words(gave_way), "info")
    return redirect(url_for("organiser.overview", code=competition.code))


@face.route("/new/file/<token>", methods=["GET", "POST"])
@guard.may(Right.MAKE)
@only_once
def bundle_file(token: str) -> ResponseReturnValue:
    """Preview what the file would bring; once sent, write it."""
    upload = open_bundle_upload(token, current_user)
    if upload.is_workbook:
        return _workbook_page(token, upload)
    bundle = _read(upload)
    form, problem, status = NameForm(), None, 200
    if not form.is_submitted():
        form.name.data, form.code.data = bundle.competition.name, bundle.competition.code
    elif form.validate():
        wanted = renamed(bundle, name=form.title, code=form.wanted_code)
        made, problem, status = form.attempt(
            lambda: make_draft(wanted, Origin.FILE, upload.filename, current_user)
        )
        if made is not None:
            return _open_draft(token, made)
    else:
        status = 400
    return bundle_page(token, upload.filename, form, bundle, problem), status


@face.post("/new/file/<token>/discard")
@guard.may(Right.MAKE)
def discard_bundle(token: str) -> ResponseReturnValue:
    """Write nothing."""
    drop_bundle_upload(token, current_user)
    flash(_("没有写入"), "info")
    return redirect(url_for("organiser.new_competition", start="file"))


def _take_file() -> ResponseReturnValue:
    editions = competitions_for(current_user)
    sent = request.files.get("bundle")
    if sent is None or not sent.filename:
        return _new_page("file", None, editions, problem=_("还没选文件"), status=400)
    try:
        data = read_upload(sent.stream, declared=request.content_length)
        upload = BundleUpload(sent.filename, data)
        if upload.is_workbook:
            read_start(data, other_languages())
        else:
            _read(upload)
    except WorkbookError as error:
        return _new_page("file", None, editions, problem=say(error.message), status=400)
    except BundleError as error:
        problems = [file_problem(problem) for problem in error.problems]
        return _new_page("file", None, editions, file_problems=problems, status=400)
    except StartError as misfit:
        problems = [_start_problem(fault) for fault in misfit.faults]
        return _new_page("file", None, editions, file_problems=problems, status=400)
    try:
        token = keep_bundle_upload(sent.filename, data, current_user)
    except Refused as refused:
        problem = say(refused.message)
        return _new_page("file", None, editions, problem=problem, status=status_of(refused))
    return redirect(url_for("organiser.bundle_file", token=token))


@guard.may(Right.MAKE)
def refuse_large_bundle() -> ResponseReturnValue:
    """A file over the limit is refused before it is read, on the page it was sent from."""
    return _new_page(
        "file", None, competitions_for(current_user), problem=sentence_for(413), status=413
    )


def _read(upload: BundleUpload) -> Bundle:
    return read_bundle(upload.data, form="json" if upload.is_json else "yaml")


def _make_competition(
    form: DatedForm, editions: list[Competition]
) -> tuple[Competition, tuple[MovedDay, ...]]:
    wanted = form.beginnings()
    if isinstance(form, EditionForm):
        old = _old(form, editions)
        if competition_kind(old).has_periods:
            return make_labour_edition(old, wanted, current_user), ()
        edition = next_edition(old, wanted, officials=form.officials.data)
        for note in edition.additions:
            flash(_("上一届没写明的，新的一届写上了：%(what)s", what=say(note)), "info")
        made = make_draft(
            edition.bundle, Origin.EDITION, old.name, current_user, edition.settings, old.code
        )
        return made, edition.gave_way
    if isinstance(form, TemplateForm) and form.of.data.startswith(LABOUR):
        key = form.of.data.removeprefix(LABOUR)
        begun = next(template for template in labour_templates() if template.key == key)
        return make_labour_draft(begun.rules, wanted, current_user, Origin.TEMPLATE, begun.name), ()
    if isinstance(form, TemplateForm):
        template = next(template for template in templates() if template.key == form.of.data)
        title = template.bundle.competition.name
        bundle = from_template(template, wanted)
        made = make_draft(bundle, Origin.TEMPLATE, title, current_user, like=template.key)
        return made, ()
    if isinstance(form, EvaluationForm):
        levels = [int(level) for level in form.levels.data]
        bundle = evaluation_of(wanted, form.asked_occupation, levels, form.conditions.data)
        return make_draft(bundle, Origin.EVALUATION, "", current_user), ()
    assert isinstance(form, BlankForm)
    bundle = blank(wanted)
    return make_draft(bundle, Origin.BLANK, "", current_user), ()


def _old(form: EditionForm, editions: list[Competition]) -> Competition:
    return next(edition for edition in editions if edition.code == form.of.data)


def _form(start: str, editions: list[Competition]) -> DatedForm | None:
    if start == "edition":
        form = EditionForm()
        form.of.choices = [(competition.code, competition.name) for competition in editions]
        form.offer_levels(as_before=True)
        return form
    if start == "template":
        form = TemplateForm()
        form.of.choices = [
            *((template.key, template.bundle.competition.name) for template in templates()),
            *((f"{LABOUR}{template.key}", template.name) for template in labour_templates()),
        ]
        form.offer_levels(as_before=True)
        return form
    if start == "evaluation":
        return EvaluationForm()
    if start == "blank":
        form = BlankForm()
        form.offer_levels(as_before=False)
        return form
    return None


def _moved_words(gave_way: tuple[MovedDay, ...]) -> str:
    days = [
        _("%(was)s 改到 %(now)s", was=day(moved.would_be), now=day(moved.now))
        for moved in gave_way[:_MOVED_NAMED]
    ]
    more = "…" if len(gave_way) > _MOVED_NAMED else ""
    return _("碰上周末或节假日的往后挪了：%(days)s", days=_("、").join(days) + more)


def _new_page(
    start: str,
    form: DatedForm | None,
    editions: list[Competition],
    *,
    status: int = 200,
    **shown: Any,
) -> ResponseReturnValue:
    return new_page(start, editions, form, **shown), status


def propose(form: DatedForm, start: str, editions: Sequence[Competition]) -> Sequence[str]:
    """Fill the form: the chosen or newest edition with its name for the next year, a free code.

    `starts` in the address is a first day that somebody has chosen; the year goes with it.
    Returns why the name wants a look.
    """
    today = local_today()
    if start == "edition" and editions:
        chosen = request.args.get("of")
        old = next((edition for edition in editions if edition.code == chosen), editions[0])
        had, starts = _year_of(old), _asked_day()
        year = _next_year(old, starts)
        proposed = next_name(old.name, had, year)
        form.of.data = old.code
        form.name.data = proposed.name
        batches = competition_kind(old).has_sittings
        form.officials.data = batches
        form.starts.data = starts or (None if batches else _first_day(old, year))
        form.year.data = year
        form.code.data = propose_code(old.code, year)
        return [say(doubt) for doubt in proposed.doubts]
    if start == "template":
        asked = request.args.get("of", "")
        form.of.data = asked if template_of(asked) is not None else templates()[0].key
    form.code.data = propose_code("", today.year)
    return []


def _asked_again(form: EditionForm, old: Competition) -> AskedAgain | None:
    """Return the doubts to see before this edition is made; None: it fits, or they were seen."""
    wanted = form.beginnings()
    starts = wanted.starts
    year = wanted.of_year
    doubts = name_doubts(wanted.name, old.name, year, starts)
    sure = "|".join((old.code, wanted.name, str(wanted.year or ""), str(starts or "")))
    if not doubts or request.form.get("sure") == sure:
        return None
    fits = _next_year(old, starts) if starts else year or _next_year(old, None)
    name = next_name(old.name, _year_of(old), fits).name
    if name == old.name or (name, fits) == (wanted.name, wanted.year):
        return AskedAgain(doubts=[say(doubt) for doubt in doubts], sure=sure)
    return AskedAgain(doubts=[say(doubt) for doubt in doubts], sure=sure, name=name, year=fits)


def _take_what_fits(form: EditionForm, old: Competition) -> None:
    """Put the name and the year that fit into the form, as they were shown."""
    again = _asked_again(form, old)
    if again is not None and again.name:
        form.name.data, form.year.data = again.name, again.year


def _next_year(old: Competition, starts: date | None) -> int:
    """The year it is of: as far from its first day as the one before was, never one gone by.

    The next batch of an evaluation may be of the same year.

    Nor one of which the first day has gone by, as it falls when nobody has chosen another.
    """
    had, today = _year_of(old), local_today()
    if starts is not None:
        return starts.year - _years_later(old)
    if competition_kind(old).has_sittings:
        return max(had or today.year, today.year)
    year = max(had + 1, today.year) if had else today.year
    while (first := _first_day(old, year)) is not None and first < today:
        year += 1
    return year


def _first_day(old: Competition, year: int) -> date | None:
    """The day of the one before, in the edition of that year."""
    return _same_day(old.starts, year + _years_later(old)) if old.starts else None


def _years_later(old: Competition) -> int:
    """Years from the year it belongs to until it begins: an edition of 2025 may be held in 2026."""
    return old.starts.year - old.year if old.starts and old.year else 0


def _year_of(old: Competition) -> int | None:
    return old.year or (old.starts.year if old.starts else None)


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("starts", ""))
    except ValueError:
        return None


def _same_day(day_before: date, year: int) -> date:
    try:
        return day_before.replace(year=year)
    except ValueError:
        return day_before.replace(year=year, day=28)
