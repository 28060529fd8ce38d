"""Making a competition: the four ways, and the look at a file before it is written."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
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
    FieldRefused,
    Origin,
    blank,
    check_beginnings,
    make_draft,
    renamed,
)
from compete.services.competitions.editions import next_edition
from compete.services.competitions.evaluation_start import evaluation_of
from compete.services.competitions.labour_starts import (
    labour_templates,
    make_labour_draft,
    make_labour_edition,
)
from compete.services.competitions.shifted_days import MovedDay
from compete.services.competitions.templates import from_template
from compete.services.competitions.workbook_starts import StartError, read_start
from compete.services.kernel.refusal import Refused
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
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
    TemplateForm,
)
from compete.web.organiser.competitions.new.from_workbook import start_problem, workbook_page
from compete.web.organiser.competitions.new.proposing import asked_again, propose, take_what_fits
from compete.web.organiser.competitions.new.shapes import AskedAgain, FileProblem
from compete.web.organiser.competitions.new.view_model import bundle_page, file_problem, new_page
from compete.web.organiser.earlier import LABOUR, templates
from compete.web.refusals import status_of
from compete.web.templating import day

_STARTS = ("edition", "template", "file", "evaluation", "blank")
_MOVED_NAMED = 4


@face.get("/new")
@guard.may(Right.MAKE)
def new_competition() -> ResponseReturnValue:
    """The four ways; from an earlier edition where there is any."""
    editions = _editions()
    start = request.args.get("start") or ("edition" if editions else "template")
    if start not in _STARTS:
        abort(404)
    form = _form(start, editions)
    doubts = propose(form, start, editions) if form is not None else ()
    return _shown(start, form, editions, doubts=doubts)


@face.post("/new/<start>")
@guard.may(Right.MAKE)
@only_once
def make_competition(start: str) -> ResponseReturnValue:
    """Make the draft; what cannot be taken stays in its field."""
    if start == "file":
        return _take_file()
    if start not in _STARTS:
        abort(404)
    editions = _editions()
    form = _form(start, editions)
    assert form is not None
    valid = form.validate_on_submit()
    faults = check_beginnings(form.beginnings())
    if not valid or faults:
        # All at once, each at its field: nobody sends the form again for the next one.
        for fault in faults:
            field = getattr(form, fault.field)
            field.errors = field.errors or [say(fault.message)]
        status = min([status_of(fault) for fault in faults] if valid else [400])
        return _shown(start, form, editions, status=status)
    if isinstance(form, EditionForm):
        old = _old(form, editions)
        if "fits" in request.form:
            take_what_fits(form, old)
        if again := asked_again(form, old):
            return _shown(start, form, editions, again=again, status=409)
    try:
        competition, gave_way = _made(start, form, editions)
    except FieldRefused as refused:
        getattr(form, refused.field).errors = [say(refused.message)]
        return _shown(start, form, editions, status=status_of(refused))
    except Refused as refused:
        return _shown(
            start, form, editions, problem=say(refused.message), status=status_of(refused)
        )
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
        return workbook_page(token, upload)
    bundle = _read(upload)
    form, problem, status = NameForm(), None, 200
    if not form.is_submitted():
        form.name.data, form.code.data = bundle.competition.name, bundle.competition.code
    elif form.validate():
        try:
            competition = make_draft(
                renamed(bundle, name=form.title, code=form.wanted_code),
                Origin.FILE,
                upload.filename,
                current_user,
            )
            drop_bundle_upload(token, current_user)
            flash(_("建好了草稿，谁也没通知。下面列着还要补的"), "ok")
            return redirect(url_for("organiser.overview", code=competition.code))
        except FieldRefused as refused:
            getattr(form, refused.field).errors = [say(refused.message)]
            status = status_of(refused)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
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


def _editions() -> list[Competition]:
    """List the competitions to begin from."""
    return competitions_for(current_user)


def _take_file() -> ResponseReturnValue:
    editions = _editions()
    sent = request.files.get("bundle")
    if sent is None or not sent.filename:
        return _shown("file", None, editions, problem=_("还没选文件"), status=400)
    try:
        data = read_upload(sent.stream, declared=request.content_length)
        upload = BundleUpload(sent.filename, data)
        if upload.is_workbook:
            read_start(data, other_languages())
        else:
            _read(upload)
    except WorkbookError as error:
        return _shown("file", None, editions, problem=say(error.message), status=400)
    except BundleError as error:
        found = [file_problem(each) for each in error.problems]
        return _shown("file", None, editions, file_problems=found, status=400)
    except StartError as misfit:
        found = [start_problem(each) for each in misfit.faults]
        return _shown("file", None, editions, file_problems=found, status=400)
    try:
        token = keep_bundle_upload(sent.filename, data, current_user)
    except Refused as refused:
        problem = say(refused.message)
        return _shown("file", None, editions, problem=problem, status=status_of(refused))
    return redirect(url_for("organiser.bundle_file", token=token))


@guard.may(Right.MAKE)
def refuse_large_bundle() -> ResponseReturnValue:
    """A file over the limit is refused before it is read, on the page it was sent from."""
    return _shown("file", None, _editions(), problem=sentence_for(413), status=413)


def _read(upload: BundleUpload) -> Bundle:
    return read_bundle(upload.data, form="json" if upload.is_json else "yaml")


def _made(
    start: str, form: DatedForm, editions: list[Competition]
) -> tuple[Competition, tuple[MovedDay, ...]]:
    wanted = form.beginnings()
    if isinstance(form, EditionForm):
        old = _old(form, editions)
        if old.kind == "labour":
            return make_labour_edition(old, wanted, current_user), ()
        edition = next_edition(old, wanted, officials=form.officials.data)
        for told in edition.written:
            flash(_("上一届没写明的，新的一届写上了：%(what)s", what=say(told)), "info")
        made = make_draft(
            edition.bundle, Origin.EDITION, old.name, current_user, edition.settings, old.code
        )
        return made, edition.gave_way
    if isinstance(form, TemplateForm) and form.of.data.startswith(LABOUR):
        key = form.of.data.removeprefix(LABOUR)
        begun = next(each for each in labour_templates() if each.key == key)
        return make_labour_draft(begun.rules, wanted, current_user, Origin.TEMPLATE, begun.name), ()
    if isinstance(form, TemplateForm):
        template = next(each for each in templates() if each.key == form.of.data)
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
    return next(each for each in editions if each.code == form.of.data)


def _form(start: str, editions: list[Competition]) -> DatedForm | None:
    if start == "edition":
        form = EditionForm()
        form.of.choices = [(competition.code, competition.name) for competition in editions]
        form.offer_levels(as_before=True)
        return form
    if start == "template":
        form = TemplateForm()
        form.of.choices = [
            *((each.key, each.bundle.competition.name) for each in templates()),
            *((f"{LABOUR}{each.key}", each.name) for each in labour_templates()),
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
    said = [
        _("%(was)s 改到 %(now)s", was=day(moved.would_be), now=day(moved.now))
        for moved in gave_way[:_MOVED_NAMED]
    ]
    more = "…" if len(gave_way) > _MOVED_NAMED else ""
    return _("碰上周末或节假日的往后挪了：%(days)s", days=_("、").join(said) + more)


def _shown(
    start: str,
    form: DatedForm | None,
    editions: list[Competition],
    *,
    problem: str | None = None,
    file_problems: Sequence[FileProblem] = (),
    doubts: Sequence[str] = (),
    again: AskedAgain | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return new_page(start, editions, form, problem, file_problems, doubts, again), status
