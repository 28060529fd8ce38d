"""A competition's own details, set by its organisers; the plan moved along with its days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Level
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.appeals.rules import MOST_APPEAL_HOURS
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.details import (
    DETAILS_SET,
    LONGEST_HINT,
    LONGEST_ITEM,
    LONGEST_TEXT,
    MOST_ITEMS,
    MOST_MINUTES,
    MOST_NOTICE_DAYS,
    MOST_SHARE,
    UNTIL_JUDGING,
    Details,
    FieldRefused,
    agree_terms,
    change_details,
    details_of,
    drop_terms,
    last_change,
    undo_details,
    waiting_terms,
    why_not_renamed,
)
from compete.services.competitions.shifted_days import (
    LastMove,
    days_outside,
    days_to_move,
    last_plan_move,
    move_plan,
    undo_plan_move,
)
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.schedule.session_plan import why_plan_stays
from compete.sheets.texts import typed_parts
from compete.web import guard
from compete.web.edit_conflicts import carried, settle, values_on_page, whose
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.asked_terms import asked_terms_card
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import level_word
from compete.web.organiser.detail_words import DETAIL_WORDS, detail_value
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.refusals import status_of
from compete.web.templating import day, moment
from compete.web.typed import is_typed
from compete.web.words import moved_days_words

_W = DETAIL_WORDS
_SHORT = [Optional(), Length(max=LONGEST_TEXT, message=_l("最多 %(max)d 个字"))]


def _items_in(text: str | None) -> tuple[str, ...]:
    """Apart where a comma of either kind or a line stands between, each once."""
    return tuple(dict.fromkeys(typed_parts(text or "")))


def _items(_form: object, field: Field) -> None:
    items = _items_in(field.data)
    if len(items) > MOST_ITEMS:
        raise ValidationError(_l("最多 %(most)s 样", most=MOST_ITEMS))
    if any(len(item) > LONGEST_ITEM for item in items):
        raise ValidationError(_l("一样最多 %(most)s 个字", most=LONGEST_ITEM))


LONGEST_COUNT, LONGEST_REASON = 100, 500
OF_LABOUR = ("low_share",)
"""The fields that a labour competition alone has."""
OF_PEOPLE = (
    "contact",
    "place",
    "bring",
    "results_at",
    "notice_days",
    "notice_closes",
    "notice_again",
    "certify_early",
    "why_shorter",
    "appeal_hours",
    "full_names",
    "check_in_items",
    "check_in_closes",
    "call_up",
)
"""Fields for contestants and their results, which a labour competition has not."""


_YES_OR_NO = ("full_names", "searchable", "notice_again", "certify_early", "call_up")


class CountField(IntegerField):  # type: ignore[misc]
    """A number of days, hours or minutes: one of hundreds of digits is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        if valuelist and len(valuelist[0].strip()) > LONGEST_COUNT:
            self.data = None
            raise ValueError(_l("数太长了"))
        super().process_formdata(valuelist)


def _line(key: str, description: LazyString | str = "") -> Field:
    """A text of one line, which may be left out."""
    return StringField(_W[key], description=description, validators=_SHORT)


def _count(key: str, missing: LazyString, least: int, most: int, description: LazyString) -> Field:
    """A number from `least` to `most`, which has to be written."""
    between = NumberRange(least, most, message=_l("%(min)s 到 %(max)s"))
    return CountField(
        _W[key], description=description, validators=[InputRequired(missing), between]
    )


def _either(
    key: str, *offered: tuple[str, LazyString], description: LazyString | str = ""
) -> Field:
    """One of two, as they are offered: `1` for yes, nothing for no."""
    return RadioField(
        _W[key],
        description=description,
        choices=[SelectChoice(*choice) for choice in offered],
        validators=[Optional()],
    )


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """The form of the fields of `Details`."""

    name = StringField(
        _W["name"],
        validators=[
            InputRequired(_l("名称要写")),
            Length(max=LONGEST_TEXT, message=_l("最多 %(max)d 个字")),
        ],
    )
    level = SelectField(
        _W["level"], coerce=Level, description=_l("晋升和复核看它，评分开始后不能改")
    )
    year = IntegerField(
        _W["year"],
        description=_l("“一年只晋升一次”按它算"),
        validators=[Optional(), NumberRange(1, 9999, message=_l("%(min)s 到 %(max)s"))],
    )
    starts = DateField(_W["starts"], validators=[Optional()])
    ends = DateField(_W["ends"], description=_l("只比一天的不写"), validators=[Optional()])
    venue = _line("venue")
    host = _line("host", _l("印在参赛证、登录卡和证书上"))
    series = _line("series", _l("一届一届办的，每届写一样的，不写第几届"))
    contact = _line("contact", _l("选手的结果页和公示文件上写的，如 组委会 0518-85851234"))
    place = _line("place", _l("和地点一样的不写"))
    bring = TextAreaField(
        _W["bring"],
        description=_l("写在选手的页面上，如 身份证、参赛证、劳保鞋"),
        validators=[Optional(), Length(max=LONGEST_HINT, message=_l("最多 %(max)d 个字"))],
    )
    results_at = _line(
        "results_at", _l("写在选手的页面和公布成绩的网址上，公布以前看得到；没定就空着")
    )
    notice_days = _count(
        "notice_days",
        _l("要写几天"),
        0,
        MOST_NOTICE_DAYS,
        _l(
            "从公布的第二天算起，节假日不算，调休上班的算。规程不要求公示的写 0："
            "公布后过了申诉时间就能定为最终成绩。评分开始以后改成少于 3 天，由两个人定"
        ),
    )
    notice_closes = TimeField(
        _W["notice_closes"], description=_l("不写就是当天 24 时"), validators=[Optional()]
    )
    appeal_hours = _count("appeal_hours", _l("要写几小时"), 1, MOST_APPEAL_HOURS, _l("从公布算起"))
    notice_again = _either("notice_again", ("1", _l("重新公示")), ("", _l("不再公示，直接更正")))
    certify_early = _either(
        "certify_early", ("", _l("定为最终成绩以后")), ("1", _l("公示期间就能发，要写理由"))
    )
    why_shorter = StringField(
        _l("为什么要短、要早"),
        description=_l(
            "评分开始以后公示少于 3 个工作日、公示期间就发证、缩短申诉、取消更正后的公示，"
            "由两个人定：写明理由，另一位同意了才算"
        ),
        validators=[Optional(), Length(max=LONGEST_REASON, message=_l("最多 %(max)d 个字"))],
    )
    full_names = _either(
        "full_names",
        ("", _l("隐去一部分，如 林*涛")),
        ("1", _l("同意公布的写全")),
        description=_l("网页和打印的公示。没有同意、收回同意的，总是隐去一部分"),
    )
    searchable = _either(
        "searchable",
        ("", _l("不收录")),
        ("1", _l("可以收录")),
        description=_l("成绩页、通报和公布的文件。选手本人的页面、证书的页面总是不收"),
    )
    check_in_items = StringField(
        _W["check_in_items"],
        description=_l("检录员一样一样点，用顿号隔开；不写就只对本人"),
        validators=[Optional(), _items],
    )
    check_in_closes = _count(
        "check_in_closes",
        _l("要写几分钟"),
        0,
        MOST_MINUTES,
        _l("0 是到开始为止。过了时间检录员不放行，要组委会说一声"),
    )
    call_up = _either(
        "call_up",
        ("1", _l("后面的依次递补")),
        ("", _l("空着，不递补")),
        description=_l("递补由裁判长和监督同意，写在成绩页上"),
    )
    low_share = _count(
        "low_share",
        _l("要写百分之几"),
        0,
        MOST_SHARE,
        _l("排名和“一格一项”上的得分率；0 是都不标"),
    )

    def offer_levels(self) -> None:
        """The levels in the reader's language."""
        self.level.choices = [(level, level_word(level.value)) for level in Level]

    def leave_out(self, names: Iterable[str]) -> None:
        """Do not ask for these; they keep what stands."""
        for name in names:
            del self[name]

    def show(self, details: Details) -> None:
        """Fill the fields."""
        for field in self:
            # What was typed would be shown before it.
            field.raw_data = None
            if field.name in _YES_OR_NO:
                field.data = "1" if getattr(details, field.name) else ""
            elif field.name == "check_in_items":
                field.data = "、".join(details.check_in_items)
            elif hasattr(details, field.name):
                field.data = getattr(details, field.name)

    def mark(self, name: str, problem: str) -> str:
        """Say beside a field why what stands there was refused; what the page says on top."""
        if name in self:
            self[name].errors = [*self[name].errors, problem]
        return problem

    def read(self, stands: Details) -> Details:
        """Return the typed details, without outer blanks; fields not asked keep their value."""
        wanted = stands
        for field in self:
            # A choice that was not sent, by an older page, is none.
            if field.name in _YES_OR_NO and not field.raw_data:
                continue
            if hasattr(stands, field.name):
                wanted = replace(wanted, **{field.name: _typed_value(field)})
        return wanted


def _typed_value(field: Field) -> Any:
    if field.name in _YES_OR_NO:
        return field.data == "1"
    if field.name == "check_in_items":
        return _items_in(field.data)
    if not isinstance(field, StringField):
        return field.data
    text = field.data or ""
    tidy = text.strip() if field.name == "bring" else " ".join(text.split())
    return tidy if field.name == "name" else tidy or None


@face.post("/<code>/details/move-plan")
@guard.may(Right.SET_UP)
@only_once
def move_whole_plan(competition: Competition) -> ResponseReturnValue:
    """Move all sessions by the days that the page offered."""
    days = request.form.get("days", type=int)
    if not days:
        abort(400)
    move_plan(competition, days, current_user)
    flash(_("日程整个移好了，看一遍"), "ok")
    return redirect(url_for("organiser.details", code=competition.code))


@face.post("/<code>/details/move-plan/undo")
@guard.may(Right.SET_UP)
@only_once
def undo_whole_plan(competition: Competition) -> ResponseReturnValue:
    """Put all sessions back on their former days."""
    undo = partial(undo_plan_move, competition)
    return undone(undo, "organiser.details", code=competition.code)


_NAMED_DAYS = 4


def _show_details(competition: Competition, form: DetailsForm, **state: Any) -> str:
    """Render the page; it is told a `problem`, `whose` double changes are, and the form's state.

    That is what `was` shown, and `theirs` who changed the same.
    """
    return render_template(
        "organiser/competitions/details/details.html",
        form=form,
        competition=competition_link(competition),
        code=competition.code,
        **state,
        name_stays=why_not_renamed(competition),
        is_labour=competition_kind(competition).has_periods,
        put_away=is_put_away(competition),
        version=competition.format.rpartition("/")[2],
        last=_last(competition),
        asked=asked_terms_card(competition),
        outside=_outside(competition),
        move=_plan_move(competition),
        publication=latest_publication(competition),
    )


def _last(competition: Competition) -> LastAct | None:
    last = last_change(competition)
    if last is None:
        return None
    what = _("、").join(str(DETAIL_WORDS[name]) for name in last.fields)
    text = _("%(at)s %(who)s改了%(what)s", **when_and_who(last), what=what)
    return last_act(last, text, url_for("organiser.undo_last_details", code=competition.code))


def _detail_words(details: Details) -> dict[str, str]:
    """Return the details in words."""
    words = {}
    for part in fields(Details):
        stands = detail_value(part.name, getattr(details, part.name))
        if part.name == "check_in_items":
            stands = _("、").join(stands) or None
        elif part.name == "notice_closes" and stands is not None:
            stands = stands.isoformat("minutes")
        elif part.name == "results_at" and stands is not None:
            stands = moment(read_wall_clock(stands))
        words[part.name] = "—" if stands is None else str(stands)
    return words


def _plan_move(competition: Competition) -> dict[str, Any] | None:
    outside, last = days_outside(competition), last_plan_move(competition)
    if not outside and last is None:
        return None
    code, days = competition.code, days_to_move(competition) or 0
    why = why_plan_stays(competition)
    return {
        "days": days,
        "label": moved_days_words(days),
        "why_not": (say(why) if why else _("整个移也移不进这几天，到各场去改"))
        if outside and not days
        else None,
        "last": _last_move(last, code) if last else None,
    }


def _last_move(last: LastMove, code: str) -> LastAct:
    what = moved_days_words(last.days)
    text = _("%(at)s %(who)s：%(what)s", **when_and_who(last), what=what)
    return last_act(last, text, url_for("organiser.undo_whole_plan", code=code))


def _outside(competition: Competition) -> str | None:
    days = days_outside(competition)
    if not days:
        return None
    return ngettext(
        "日程里有 %(num)s 场不在这几天：%(days)s。改了日期，场次的时间不自己跟着改。",
        "日程里有 %(num)s 场不在这几天：%(days)s。改了日期，场次的时间不自己跟着改。",
        sum(days.values()),
        days=_("、").join(day(date, with_year=True) for date in list(days)[:_NAMED_DAYS]),
    )


@face.route("/<code>/details", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.ANY_KIND)
def details(competition: Competition) -> ResponseReturnValue:
    """Show the details that may be set; a refused value stays in its field."""
    form = DetailsForm()
    form.offer_levels()
    form.leave_out(_not_asked(competition))
    problem, status, asked, theirs = None, 200, {}, ""
    stands = was = details_of(competition)
    if not form.is_submitted():
        form.show(stands)
    elif form.validate():
        wanted, shown = settle(request.form, form.read(stands))
        was = shown or stands
        try:
            before, why = waiting_terms(competition), form.why_shorter
            changed = change_details(
                competition,
                wanted,
                was,
                current_user,
                None if is_typed() else (why.data or "") if why else "",
            )
            after = waiting_terms(competition)
            if after is not None and (before is None or before.mark != after.mark):
                flash(_("公示和发证的时间提出了，等第二个人同意"), "ok")
            elif not changed:
                flash(_("和原来一样，没有要存的"), "ok")
            if changed:
                flash(_("存下了"), "ok")
            return redirect(url_for("organiser.details", code=competition.code))
        except BothChangedError as both:
            problem, status = say(both.message), status_of(both)
            form.show(both.merged)
            asked = whose(competition, DETAILS_SET, both, _detail_words(both.now))
            was, theirs = values_on_page(both, was), carried(both.now)
        except FieldRefused as wrong:
            problem, status = form.mark(wrong.field, say(wrong.message)), status_of(wrong)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
    else:
        was = settle(request.form, stands)[1] or stands
        status = 400
    state = {"problem": problem, "whose": asked, "was": carried(was), "theirs": theirs}
    return _show_details(competition, form, **state), status


@face.post("/<code>/details/undo")
@guard.may(Right.SET_UP, of=guard.ANY_KIND)
@only_once
def undo_last_details(competition: Competition) -> ResponseReturnValue:
    """Set what stood before the last change again."""
    undo = partial(undo_details, competition)
    return undone(undo, "organiser.details", code=competition.code)


@face.post("/<code>/details/agree")
@guard.may(Right.AGREE)
def agree_asked_terms(competition: Competition) -> ResponseReturnValue:
    """Agree, as the second person, to less time to object, or to earlier certificates."""
    agree_terms(competition, current_user, seen=request.args.get("asked"))
    flash(_("同意了，从现在起照这样"), "ok")
    return redirect(url_for("organiser.results", code=competition.code))


@face.post("/<code>/details/drop")
@guard.may(Right.SET_UP)
def drop_asked_terms(competition: Competition) -> ResponseReturnValue:
    """Drop the asked change: all stays as it is."""
    drop_terms(competition, current_user)
    flash(_("不改了，还和原来一样"), "ok")
    return redirect(url_for("organiser.details", code=competition.code))


def _not_asked(competition: Competition) -> list[str]:
    names = ["name"] if why_not_renamed(competition) is not None else []
    if competition.state is not CompetitionState.REGISTERING:
        names += UNTIL_JUDGING
    else:
        names.append("why_shorter")
    kind = competition_kind(competition)
    if not kind.ranks_people:
        names.append("call_up")
    return [*names, *set(OF_LABOUR if kind.of_people else OF_PEOPLE).difference(names)]
