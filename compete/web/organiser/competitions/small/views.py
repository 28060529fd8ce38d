"""小比武: one page to make it, its codes, its marks as they come in, published at once."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.closing.typed_marks import TypedSheet, read_typed, sheets_to_type, type_marks
from compete.services.competitions.drafts import LONGEST_TITLE
from compete.services.competitions.small_closing import (
    Finished,
    correct_small_contest,
    finish_small_contest,
)
from compete.services.competitions.small_contest import (
    SmallContest,
    renew_code,
    small_faults,
    start_small_contest,
)
from compete.services.competitions.small_lines import read_people, read_points
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.results.snapshots import latest_publication
from compete.services.sheets.absences import excused_sheets
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.values import standing_values
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.small.view_model import (
    codes_page,
    draft_parts,
    event_of,
    marks_page,
    module_of_small,
    sheets_typed_anew,
)
from compete.web.pages import or_404
from compete.web.refusals import status_of

_MOST_TYPED = 20_000


class SmallForm(FlaskForm):  # type: ignore[misc]
    """The form: a name, a day, who, what, by how many judges, how many prizes."""

    name = StringField(
        _l("叫什么"), validators=[DataRequired(_l("名称要写")), Length(max=LONGEST_TITLE)]
    )
    day = DateField(_l("哪天"), validators=[InputRequired(_l("哪天比要写"))])
    people = TextAreaField(_l("谁来比"), validators=[Length(max=_MOST_TYPED)])
    points = TextAreaField(_l("比什么"), validators=[Length(max=_MOST_TYPED)])
    judges = IntegerField(_l("每人几名裁判评"), default=3)
    first = IntegerField(_l("一等奖"), default=1)
    second = IntegerField(_l("二等奖"), default=2)
    third = IntegerField(_l("三等奖"), default=3)
    drop = BooleanField(_l("去掉一个最高分、一个最低分（四名裁判起）"))
    as_written = BooleanField(_l("出场次序照写的，不随机排"))

    def __init__(self) -> None:
        super().__init__()
        if not self.is_submitted():
            self.day.data = local_today()

    def wanted(self) -> SmallContest:
        """Return the typed contest; what is no number is none."""
        return SmallContest(
            name=" ".join((self.name.data or "").split()),
            day=self.day.data or local_today(),
            people=read_people(self.people.data or ""),
            points=read_points(self.points.data or ""),
            judges=self.judges.data or 0,
            prizes=(self.first.data or 0, self.second.data or 0, self.third.data or 0),
            drop=self.drop.data,
            as_written=self.as_written.data,
        )

    def faults(self, wanted: SmallContest) -> dict[str, list[str]]:
        """Return the faults to put right, by field."""
        found = {key: [say(it) for it in faults] for key, faults in small_faults(wanted).items()}
        if self.day.errors:
            found["day"] = [str(it) for it in self.day.errors]
        return found


_PARTS = ("phone", "people-told", "points-told", "prizes-told", "judges-told", "sum")


@face.get("/new/small")
@guard.may(Right.MAKE)
def new_small() -> ResponseReturnValue:
    """Set up a small contest, on one page."""
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
    """Return the values read so far, as parts of the page."""
    form = SmallForm()
    wanted = form.wanted()
    draft = draft_parts(wanted, form.faults(wanted))
    return jsonify(
        {
            part: render_template("organiser/competitions/small/_read.html", part=part, **draft)
            for part in _PARTS
        }
    )


@face.get("/<code>/small/codes")
@guard.may(Right.GIVE_CARDS)
def small_codes(competition: Competition) -> ResponseReturnValue:
    """A code for each judge, to be scanned by phone."""
    _require_small(competition)
    return codes_page(competition)


@face.post("/<code>/small/codes/<judge>")
@guard.may(Right.GIVE_CARDS)
@only_once
def renew_small_code(competition: Competition, judge: str) -> ResponseReturnValue:
    """Make another code for a judge; the phone of the code before it is signed out."""
    _require_small(competition)
    found = or_404(next((row for row in competition.judges if row.code == judge), None))
    renew_code(found, competition, current_user)
    flash(_("%(name)s 换了新码，旧码登录的手机退出了，评过的分都在", name=found.name), "ok")
    return redirect(url_for("organiser.small_codes", code=competition.code))


@face.get("/<code>/small")
@guard.may(Right.SEE)
def small_marks(competition: Competition) -> ResponseReturnValue:
    """Show everybody's marks, ranked as they stand."""
    _require_small(competition)
    return marks_page(competition)


@face.post("/<code>/small/marks")
@guard.may(Right.LEAD)
@only_once
def type_small_marks(competition: Competition) -> ResponseReturnValue:
    """Write what was typed in the judges' names, all of it or none."""
    _require_small(competition)
    return _write(competition, anew=False)


@face.route("/<code>/small/again", methods=["GET", "POST"])
@guard.may(Right.LEAD)
@only_once
def retype_small_marks(competition: Competition) -> ResponseReturnValue:
    """Type marks again; once sent, if they are published, the next version goes out."""
    _require_small(competition)
    if request.method == "POST":
        return _write(competition, anew=True)
    return marks_page(competition, anew=True)


def _write(competition: Competition, *, anew: bool) -> ResponseReturnValue:
    event = event_of(competition)
    typed, faults, rows = _read_cells(competition, anew=anew)
    form = request.form
    reason, evidence, over = (
        form.get("reason", ""),
        form.get("evidence", ""),
        bool(form.get("over")),
    )
    problem, status, asks_over = "", 400, False
    if faults:
        problem = ngettext(
            "有 %(num)s 格要改，一格都没记", "有 %(num)s 格要改，一格都没记", len(faults)
        )
    elif anew and not rows:
        problem = _("一格都没改")
    else:
        words = {"reason": reason, "evidence": evidence, "by": current_user}
        try:
            if anew and latest_publication(competition) is not None:
                done = correct_small_contest(competition, rows, **words)
                flash(_went_out(done), "ok")
            else:
                type_marks(event, rows, over=over, **words)
                flash(ngettext("记下 %(num)s 格", "记下 %(num)s 格", len(rows)), "ok")
        except Refused as refused:
            problem, status, asks_over = say(refused.message), status_of(refused), not over
        else:
            return redirect(url_for("organiser.small_marks", code=competition.code))
    page = marks_page(
        competition,
        typed=typed,
        faults=faults,
        reason=reason,
        evidence=evidence,
        problem=problem,
        asks_over=asks_over and not anew,
        anew=anew,
    )
    return page, status


def _read_cells(
    competition: Competition, *, anew: bool
) -> tuple[dict[int, str], dict[int, str], list[TypedSheet]]:
    """Read by sheet what was typed and what is wrong with it, and what is to be written."""
    event = event_of(competition)
    module, sheets = module_of_small(event), sheets_to_type(event)
    may_anew = sheets_typed_anew(competition) if anew else set()
    away, values = excused_sheets(competition), standing_values([it.id for it in sheets])
    typed: dict[int, str] = {}
    faults: dict[int, str] = {}
    read: dict[int, TypedSheet] = {}
    for sheet in sheets:
        text = request.form.get(f"mark-{sheet.id}", "").strip()
        if not text:
            continue
        typed[sheet.id] = text
        if sheet.state not in OPEN_STATES and sheet.id not in may_anew:
            faults[sheet.id] = _(
                "%(name)s 已经交了，“%(text)s”没记", name=sheet.judge.name, text=text[:40]
            )
            continue
        said = read_typed(module, text)
        if isinstance(said, Message):
            faults[sheet.id] = say(said)
        else:
            read[sheet.id] = TypedSheet(sheet, said)
    marked = {it.sheet.entrant_id for it in read.values() if it.values is not None}
    for number, row in read.items():
        if row.values is None and row.sheet.entrant_id in marked:
            faults[number] = _("别的格有分：没来的，每格都写“缺考”")
    rows = [
        row
        for number, row in read.items()
        if not anew or row.changes(values.get(number, {}), away=number in away)
    ]
    return typed, faults, rows


def _went_out(done: Finished) -> str:
    """Say what follows from a version: certificates issued, and withdrawn."""
    said = _("公布了第 %(n)s 版，发了 %(issued)s 张奖状", n=done.version, issued=len(done.issued))
    if not done.withdrawn:
        return said
    return _("%(said)s，收回 %(n)s 张", said=said, n=done.withdrawn)


@face.route("/<code>/small/publish", methods=["GET", "POST"])
@guard.may(Right.PUBLISH)
@only_once
def publish_small(competition: Competition) -> ResponseReturnValue:
    """Show the last look; once sent, places are public and certificates can be printed."""
    _require_small(competition)
    problem, status = None, 200
    if request.method == "POST":
        try:
            absent = bool(request.form.get("absent"))
            done = finish_small_contest(competition, current_user, absent=absent)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
        else:
            flash(_went_out(done), "ok")
            return redirect(url_for("organiser.small_marks", code=competition.code))
    return marks_page(competition, "publish", problem=problem), status


def _require_small(competition: Competition) -> None:
    if not settings_of(competition).small:
        abort(404)


def _shown_form(form: SmallForm, faults: dict[str, list[str]] | None = None) -> str:
    draft = draft_parts(form.wanted(), faults or {})
    return render_template("organiser/competitions/new/small.html", form=form, **draft)
