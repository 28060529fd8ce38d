"""小比武: one page to make it, its codes, its marks as they come in, published at once."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values import Message, Right
from compete.models import Competition
from compete.services.closing import TypedSheet, read_typed, sheets_to_type, type_marks
from compete.services.competitions import finish_small_contest, renew_code, start_small_contest
from compete.services.kernel import Refused, settings_of
from compete.services.sheets import OPEN_STATES
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.small.forms import SmallForm
from compete.web.organiser.small.view_model import (
    codes_page,
    draft_of,
    event_of,
    marks_page,
    module_of_small,
)
from compete.web.pages import fields_of
from compete.web.refusals import status_of

_PARTS = ("phone", "people-told", "points-told", "prizes-told", "judges-told", "sum")


@face.get("/new/small")
@guard.may(Right.MAKE)
def new_small() -> ResponseReturnValue:
    """Everything that a small contest needs, on one page."""
    return _shown_form(SmallForm())


@face.post("/new/small")
@guard.may(Right.MAKE)
@only_once
def make_small() -> ResponseReturnValue:
    """Make it and open it."""
    form = SmallForm()
    wanted = form.wanted()
    faults = form.faults(wanted)
    if not form.validate() or faults:
        return _shown_form(form, faults), 400
    try:
        competition = start_small_contest(wanted, current_user)
    except Refused as refused:
        return _shown_form(form, {"name": [say(refused.message)]}), status_of(refused)
    return redirect(url_for("organiser.small_codes", code=competition.code))


@face.post("/new/small/look")
@guard.may(Right.MAKE)
def look_at_small() -> ResponseReturnValue:
    """What was read so far, as parts of the page."""
    form = SmallForm()
    wanted = form.wanted()
    draft = draft_of(wanted, form.faults(wanted))
    return jsonify(
        {
            part: render_template("organiser/small/_read.html", part=part, **fields_of(draft))
            for part in _PARTS
        }
    )


@face.get("/<code>/small/codes")
@guard.may(Right.GIVE_CARDS)
def small_codes(competition: Competition) -> ResponseReturnValue:
    """A code for each judge, to be scanned by phone."""
    _require_small(competition)
    return render_template("organiser/small/codes.html", **fields_of(codes_page(competition)))


@face.post("/<code>/small/codes/<judge>")
@guard.may(Right.GIVE_CARDS)
@only_once
def renew_small_code(competition: Competition, judge: str) -> ResponseReturnValue:
    """Another code for a judge; the phone of the code before it is signed out."""
    _require_small(competition)
    found = next((row for row in competition.judges if row.code == judge), None)
    if found is None:
        abort(404)
    renew_code(found, competition, current_user)
    flash(_("%(name)s 换了新码，旧码登录的手机退出了，评过的分都在", name=found.name), "ok")
    return redirect(url_for("organiser.small_codes", code=competition.code))


@face.get("/<code>/small")
@guard.may(Right.SEE)
def small_marks(competition: Competition) -> ResponseReturnValue:
    """Who has which marks, ranked as they stand."""
    _require_small(competition)
    return render_template("organiser/small/marks.html", **fields_of(marks_page(competition)))


@face.post("/<code>/small/marks")
@guard.may(Right.LEAD)
@only_once
def type_small_marks(competition: Competition) -> ResponseReturnValue:
    """Write what was typed in the judges' names, all of it or none."""
    _require_small(competition)
    event = event_of(competition)
    module, rows = module_of_small(event), []
    typed: dict[int, str] = {}
    faults: dict[int, str] = {}
    for sheet in sheets_to_type(event):
        text = request.form.get(f"mark-{sheet.id}", "").strip()
        if not text:
            continue
        typed[sheet.id] = text
        if sheet.state not in OPEN_STATES:
            faults[sheet.id] = _(
                "%(name)s 已经交了，“%(text)s”没记", name=sheet.judge.name, text=text[:40]
            )
            continue
        read = read_typed(module, text)
        if isinstance(read, Message):
            faults[sheet.id] = say(read)
        else:
            rows.append(TypedSheet(sheet, read))
    reason, evidence = request.form.get("reason", ""), request.form.get("evidence", "")
    if faults:
        said = ngettext(
            "有 %(num)s 格要改，一格都没记", "有 %(num)s 格要改，一格都没记", len(faults)
        )
        page = marks_page(
            competition, typed=typed, faults=faults, reason=reason, evidence=evidence, problem=said
        )
        return render_template("organiser/small/marks.html", **fields_of(page)), 400
    over = bool(request.form.get("over"))
    try:
        type_marks(event, rows, reason=reason, evidence=evidence, by=current_user, over=over)
    except Refused as refused:
        page = marks_page(
            competition,
            typed=typed,
            reason=reason,
            evidence=evidence,
            problem=say(refused.message),
            asks_over=not over,
        )
        return render_template("organiser/small/marks.html", **fields_of(page)), status_of(refused)
    flash(ngettext("记下 %(num)s 格", "记下 %(num)s 格", len(rows)), "ok")
    return redirect(url_for("organiser.small_marks", code=competition.code))


@face.route("/<code>/small/publish", methods=["GET", "POST"])
@guard.may(Right.PUBLISH)
@only_once
def publish_small(competition: Competition) -> ResponseReturnValue:
    """The last look; sent, places are public and certificates can be printed."""
    _require_small(competition)
    problem, status = None, 200
    if request.method == "POST":
        try:
            made = finish_small_contest(competition, current_user)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
        else:
            flash(_("公布了，发了 %(n)s 张奖状", n=len(made)), "ok")
            return redirect(url_for("organiser.small_marks", code=competition.code))
    page = marks_page(competition, problem=problem)
    return render_template("organiser/small/publish.html", **fields_of(page)), status


def _require_small(competition: Competition) -> None:
    if not settings_of(competition).small:
        abort(404)


def _shown_form(form: SmallForm, faults: dict[str, list[str]] | None = None) -> str:
    draft = draft_of(form.wanted(), faults or {})
    return render_template("organiser/new_competition/small.html", form=form, **fields_of(draft))
