"""The one page on which a small contest is made, and its look before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.services.accounts.access import may
from compete.services.competitions.drafts import LONGEST_TITLE
from compete.services.competitions.small_contest import (
    SmallContest,
    contest_of,
    small_faults,
    start_small_contest,
)
from compete.services.competitions.small_lines import (
    MOST_PEOPLE,
    MOST_POINTS,
    NOTHING_ANSWERED,
    Answered,
    Lines,
    PersonLine,
    PointLine,
    heading_notice,
    people_lines,
    points_lines,
    total_of,
)
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.rows_by_number import competition_by_code
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.small.read_lines import answers, read_lines, sum_words
from compete.web.refusals import refusal_on

_FIELDS = ("name", "day", "people", "points", "judges", "prizes")
"""The fields in the order of the form."""


def _draft_parts(form: SmallForm, faults: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The form as it reads so far, with the sheet that a judge would have."""
    wanted = form.contest()
    heading = heading_notice(form.people.data or "")
    good = [person for person in wanted.people if person.fault is None]
    marked = [point for point in wanted.marked if point.fault is None]
    return {
        "people": len(wanted.people),
        "points": len(wanted.points),
        "total": plain(total_of(marked)),
        "judges": wanted.judges,
        "prizes": sum(wanted.prizes),
        "first": good[0] if good else None,
        "phone": marked,
        "faults": faults,
        "heading": None if heading is None else say(heading),
        "asked": _asked(wanted),
        "out": sum(not it.head for it in (*form.lines[0].out, *form.lines[1].out)),
        "first_wrong": next((name for name in _FIELDS if name in faults), None),
    }


def _asked(wanted: SmallContest) -> int:
    """How many lines somebody has to answer."""
    people = sum(person.asked is not None for person in wanted.people)
    return people + sum(point.asked is not None for point in wanted.points)


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

    def __init__(
        self, answered: tuple[Answered, Answered] = (NOTHING_ANSWERED, NOTHING_ANSWERED)
    ) -> None:
        super().__init__()
        if not self.is_submitted():
            self.day.data = local_today()
        self.lines: tuple[Lines[PersonLine], Lines[PointLine]] = (
            people_lines(self.people.data or "", answered[0]),
            points_lines(self.points.data or "", answered[1]),
        )

    def contest(self) -> SmallContest:
        """Return the typed contest; what is no number is none."""
        return SmallContest(
            name=" ".join((self.name.data or "").split()),
            day=self.day.data or local_today(),
            people=self.lines[0].rows,
            points=self.lines[1].rows,
            judges=self.judges.data or 0,
            prizes=(self.first.data or 0, self.second.data or 0, self.third.data or 0),
            drop=self.drop.data,
            as_written=self.as_written.data,
        )

    def fill(self, contest: SmallContest) -> None:
        """Put a contest that there was into the fields."""
        self.name.data, self.day.data = contest.name, contest.day
        self.people.data = "\n".join(
            "\t".join(filter(None, (it.name, it.unit, it.id_number))) for it in contest.people
        )
        self.points.data = "\n".join(
            f"{it.name}\t{_('每次扣 %(off)s', off=plain(it.off))}\t{plain(it.most or 0)}"
            if it.off is not None
            else f"{it.name}\t{plain(it.most or 0)}"
            for it in contest.points
        )
        self.judges.data, self.drop.data = contest.judges, contest.drop
        self.first.data, self.second.data, self.third.data = contest.prizes
        self.as_written.data = contest.as_written
        self.lines = (people_lines(self.people.data), points_lines(self.points.data))

    def faults_in_lines(self) -> set[str]:
        """The fields whose faults are mended line by line on the page before it starts."""
        people, points = self.lines
        fields = set()
        if people.rows and len(people.rows) <= MOST_PEOPLE:
            fields.add("people")
        if len(points.rows) <= MOST_POINTS:
            fields.add("points")
        return fields

    def faults(self, wanted: SmallContest) -> dict[str, list[str]]:
        """Return the faults to put right, by field."""
        by_field = {key: [say(it) for it in faults] for key, faults in small_faults(wanted).items()}
        if self.day.errors:
            by_field["day"] = [str(it) for it in self.day.errors]
        return by_field


_PARTS = ("phone", "people-told", "points-told", "prizes-told", "judges-told", "sum")


@face.get("/new/small")
@guard.may(Right.MAKE)
def new_small() -> ResponseReturnValue:
    """Set up a small contest, on one page; `of` names one whose start was taken back."""
    form = SmallForm()
    before = competition_by_code(request.args.get("of", ""))
    if before is not None and may(current_user, before, Right.LEAD) and settings_of(before).small:
        form.fill(contest_of(before))
    return _shown_form(form)


@face.post("/new/small")
@guard.may(Right.MAKE)
@only_once
@refusal_on(lambda refused: _shown_form(SmallForm(), {"name": [say(refused.message)]}))
def make_small() -> ResponseReturnValue:
    """Make it and open it; what is doubtful or left out is looked at first."""
    looked = "looked" in request.form
    answered = answers() if looked else (NOTHING_ANSWERED, NOTHING_ANSWERED)
    form = SmallForm(answered)
    wanted = form.contest()
    faults = form.faults(wanted)
    if "back" in request.form:
        return _shown_form(form)
    valid, in_lines = form.validate(), form.faults_in_lines()
    if not valid or (set(faults) - in_lines):
        return _shown_form(form, faults), 400
    waits = _asked(wanted) > 0
    asked_to_start = not looked or "start" in request.form
    if looked:
        unseen = bool(faults) or waits or not asked_to_start
    else:
        unseen = bool(faults) or any(lines.wants_a_look for lines in form.lines)
    if unseen:
        return _shown_lines(form, answered), 400 if looked and asked_to_start else 200
    competition = start_small_contest(wanted, current_user)
    return redirect(url_for("organiser.small_codes", code=competition.code))


def _shown_lines(form: SmallForm, answered: tuple[Answered, Answered]) -> str:
    """Show what was understood of each line, before it starts."""
    people, points = form.lines
    texts = (form.people.data or "", form.points.data or "")
    shown = read_lines(people, points, texts, answered, ())
    wanted = form.contest()
    kept = [
        (field.name, field._value())
        for field in (form.name, form.day, form.judges, form.first, form.second, form.third)
    ] + [(field.name, "y") for field in (form.drop, form.as_written) if field.data]
    return render_template(
        "organiser/competitions/new/small_read.html",
        form=form,
        shown=shown,
        kept=kept,
        total=sum_words(shown) if points.rows else plain(total_of(wanted.marked)),
        prizes=sum(wanted.prizes),
    )


@face.post("/new/small/look")
@guard.may(Right.MAKE)
def look_at_small() -> ResponseReturnValue:
    """Return the values read so far, as parts of the page."""
    form = SmallForm()
    wanted = form.contest()
    draft = _draft_parts(form, form.faults(wanted))
    return jsonify(
        {
            part: render_template("organiser/competitions/small/_read.html", part=part, **draft)
            for part in _PARTS
        }
    )


def _shown_form(form: SmallForm, faults: dict[str, list[str]] | None = None) -> str:
    draft = _draft_parts(form, faults or {})
    return render_template("organiser/competitions/new/small.html", form=form, **draft)
