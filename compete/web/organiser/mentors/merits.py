"""优秀导师 of an organisation and a year, with what each point is for; the rules behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import grade_label
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Organisation
from compete.services.directory.merged import standing
from compete.services.directory.tree import may_change
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.mentors.mentor_rights import may_make_in
from compete.services.mentors.mentor_rules import (
    OUTCOME_WORDS,
    MentorRules,
    rules_in_force,
    set_rules,
)
from compete.services.workers.mentor_merits import (
    MentorMerits,
    Merit,
    MeritKind,
    merits_of_year,
)
from compete.sheets.workbook.tables import Table, Value
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.pages import or_404
from compete.web.paging import asked_number
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act

_FIRST_YEAR, _LAST_YEAR = 1950, 9998


def _organisation_or_404(number: int) -> Organisation:
    row = or_404(find(Organisation, number))
    row = standing(row)
    return or_404(row if may_make_in(current_user, row) else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritWords:
    """What a point is for, in words."""

    day: str
    pupil: str
    text: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorRow:
    """A mentor of the list."""

    rank: int
    name: str
    unit: str
    pupils: int
    outcomes: str
    of_outcomes: int
    of_places: int
    of_awards: int
    of_grades: int
    points: int
    merits: Sequence[MeritWords]


def _words(merit: Merit) -> MeritWords:
    if merit.kind is MeritKind.OUTCOME and merit.outcome is not None:
        text = _("带徒考核%(outcome)s", outcome=say(OUTCOME_WORDS[merit.outcome]))
    elif merit.kind is MeritKind.PLACE:
        text = _("%(event)s第 %(n)s 名", event=merit.title, n=merit.rank)
    elif merit.kind is MeritKind.GRADE:
        label = say(grade_label(merit.grade))
        text = _("%(occupation)s，取得%(grade)s", occupation=merit.title, grade=label)
    else:
        text = merit.title
    return MeritWords(day=str(merit.day), pupil=merit.pupil, text=text, points=merit.points)


def _row(it: MentorMerits) -> MentorRow:
    outcomes = [
        _("%(outcome)s %(n)s", outcome=say(word), n=it.outcomes[outcome])
        for outcome, word in OUTCOME_WORDS.items()
        if it.outcomes.get(outcome)
    ]
    return MentorRow(
        rank=it.rank,
        name=it.mentor.name,
        unit=it.unit,
        pupils=it.pupils,
        outcomes=_("，").join(outcomes),
        of_outcomes=it.points_of(MeritKind.OUTCOME),
        of_places=it.points_of(MeritKind.PLACE),
        of_awards=it.points_of(MeritKind.AWARD),
        of_grades=it.points_of(MeritKind.GRADE),
        points=it.points,
        merits=[_words(merit) for merit in it.merits],
    )


def _year() -> int:
    year = asked_number("year")
    return year if year is not None and _FIRST_YEAR <= year <= _LAST_YEAR else local_today().year


@face.get("/mentors/<int:organisation_id>/best")
@guard.may(Right.MENTORS)
def best_mentors(organisation_id: int) -> ResponseReturnValue:
    """The mentors of a year, the best first."""
    organisation, year = _organisation_or_404(organisation_id), _year()
    stand = rules_in_force(organisation)
    return render_template(
        "organiser/mentors/best.html",
        organisation=organisation,
        year=year,
        rows=[_row(it) for it in merits_of_year(organisation, year, current_user)],
        rules=_points_shown(stand.rules),
        after=stand.rules.after,
    )


def _points_shown(rules: MentorRules) -> list[tuple[str, str]]:
    form = act_form(MentorRules, None, rules)
    return [
        (say(setting.title), str(getattr(rules, control.name)))
        for control, setting in form.settings()
        if control.name.startswith("points_")
    ]


@face.get("/mentors/<int:organisation_id>/best.xlsx")
@guard.may(Right.MENTORS)
def best_mentors_workbook(organisation_id: int) -> ResponseReturnValue:
    """The same as a workbook, with a sheet of what each point is for, and one of the rules."""
    organisation, year = _organisation_or_404(organisation_id), _year()
    rows = [_row(it) for it in merits_of_year(organisation, year, current_user)]
    columns = [
        *(_("名次"), _("师傅"), _("单位"), _("徒弟数"), _("带徒考核")),
        *(_("考核得分"), _("名次得分"), _("奖项得分"), _("等级得分"), _("总分")),
    ]
    lines: list[list[Value]] = [
        [row.name, row.unit, it.pupil, it.day, it.text, it.points]
        for row in rows
        for it in row.merits
    ]
    reasons = Table(
        name=msg("得分明细"),
        title=msg("得分明细"),
        columns=[_("师傅"), _("单位"), _("徒弟"), _("日期"), _("得分事项"), _("分")],
        rows=lines,
        frozen=1,
    )
    counted: list[list[Value]] = [
        [title, int(text)] for title, text in _points_shown(rules_in_force(organisation).rules)
    ]
    points = Table(
        name=msg("算分规则"),
        title=msg("算分规则"),
        columns=[_("得分事项"), _("分")],
        rows=counted,
        frozen=1,
    )
    title = msg("%(name)s%(year)s年优秀导师", name=organisation.name, year=year)
    return send_list(
        None,
        title,
        columns,
        [
            [
                *(row.rank, row.name, row.unit, row.pupils, row.outcomes),
                *(row.of_outcomes, row.of_places, row.of_awards, row.of_grades, row.points),
            ]
            for row in rows
        ],
        reasons,
        points,
    )


def _show_rules(organisation_id: int, refused: Refused | None = None) -> str:
    organisation = _organisation_or_404(organisation_id)
    stand = rules_in_force(organisation)
    return render_template(
        "organiser/mentors/rules.html",
        organisation=organisation,
        whose=stand.whose,
        form=act_form(MentorRules, refused, stand.rules),
        facts=_facts(stand.rules),
        may_set=may_change(organisation, current_user),
        problem=problem_of(refused),
    )


def _facts(rules: MentorRules) -> list[tuple[str, str]]:
    form = act_form(MentorRules, None, rules)
    return [
        (say(setting.title), say(setting.word_of(getattr(rules, control.name)) or "—"))
        for control, setting in form.settings()
    ]


@face.get("/mentors/<int:organisation_id>/rules")
@guard.may(Right.MENTORS)
def mentor_rules(organisation_id: int) -> ResponseReturnValue:
    """The rules of an organisation."""
    return _show_rules(organisation_id)


@face.post("/mentors/<int:organisation_id>/rules")
@guard.may(Right.MENTORS)
@refusal_on(_show_rules)
def set_mentor_rules(organisation_id: int) -> ResponseReturnValue:
    """Write the organisation's own rules."""
    organisation = _organisation_or_404(organisation_id)
    changed = set_rules(organisation, typed_act(MentorRules), current_user)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.mentor_rules", organisation_id=organisation.id))
