"""Awards given by hand: nominate, grant, take back, and which titles there are."""

from __future__ import annotations

import re
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Distinction
from compete.services.certificates.misspelt_names import (
    agree_correction,
    ask_correction,
    drop_correction,
)
from compete.services.certificates.nominated_award_rules import MOST_RULES, change_rules
from compete.services.certificates.nominated_awards import (
    agree_distinction,
    ask_recall,
    drop_distinction,
    propose_distinctions,
)
from compete.services.certificates.nominated_holders import Nominee
from compete.services.kernel.competition_settings import DistinctionRule
from compete.services.kernel.refusal import Refused, invalid
from compete.web import guard
from compete.web.certificate_words import shown_number
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.awards.nominated.view_model import (
    RuleRow,
    distinction_cards,
    gender_words,
    kinds_here,
    rule_rows,
)
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list, sentences
from compete.web.pages import own_row
from compete.web.refusals import status_of

_BETWEEN = re.compile(r"[\s,，、;；]+")
_NAMES = re.compile(r"[,，、;；\n]")
_COLUMNS = ("title", "kind", "age_to", "age_on", "gender", "places")


@face.get("/<code>/distinctions")
@guard.may(Right.SEE, of=guard.SKILLS | guard.LABOUR)
def distinctions(competition: Competition) -> ResponseReturnValue:
    """Every title, who has it and who is nominated."""
    return _page(competition)


@face.get("/<code>/distinctions/list.xlsx")
@guard.may(Right.SEE, of=guard.SKILLS | guard.LABOUR)
def distinctions_book(competition: Competition) -> Response:
    """Download who has which award and who is nominated, as it is shown."""
    heads = (_("奖项"), _("评给"), _("单位"), _("理由"), _("状态"), _("说明"), _("证书"))
    rows = [
        [
            *(card.rule.title, given.row.called, given.row.of_unit, given.row.reason, given.word),
            sentences([given.place, *given.notes]),
            shown_number(given.paper) if given.paper is not None else None,
        ]
        for card in distinction_cards(competition)
        for given in card.given
    ]
    return send_list(competition, msg("评选奖项"), heads, rows)


@face.post("/<code>/distinctions/nominate")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@only_once
def nominate(competition: Competition) -> ResponseReturnValue:
    """Nominate somebody for an award; a second person grants it."""
    form, title = request.form, request.form.get("title", "")
    event = next((e for e in competition.events if e.code == form.get("event", "")), None)
    try:
        made = propose_distinctions(
            competition, title, _nominees(), form.get("reason", ""), current_user, event=event
        )
    except Refused as refused:
        return _page(competition, problem=say(refused.message)), status_of(refused)
    return _back(_("提名了 %(n)s 个，等第二个人同意", n=len(made)))


@face.post("/<code>/distinctions/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.SKILLS | guard.LABOUR)
def agree_to_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Grant it as the second person, or agree that it is taken back."""
    row = own_row(Distinction, competition, number)
    if row.new_name is not None:
        paper = agree_correction(row, current_user)
        if paper is None:
            return _back(_("更正成 %(name)s 了", name=row.called))
        new = shown_number(paper)
        said = _("更正成 %(name)s 了，证书换成 %(new)s", name=row.called, new=new)
        return _back(said)
    agree_distinction(row, current_user)
    if row.state is DistinctionState.GRANTED:
        return _back(_("评定了：%(name)s %(title)s", name=row.called, title=row.title))
    return _back(_("收回了：%(name)s %(title)s", name=row.called, title=row.title))


@face.post("/<code>/distinctions/<int:number>/drop")
@guard.may(Right.AGREE, of=guard.SKILLS | guard.LABOUR)
def drop_one_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Drop a nomination; or leave what was to be taken back."""
    row = own_row(Distinction, competition, number)
    if row.new_name is not None:
        drop_correction(row, current_user)
        return _back(_("不更正：%(name)s %(title)s", name=row.called, title=row.title))
    drop_distinction(row, request.form.get("reason", ""), current_user)
    if row.state is DistinctionState.GRANTED:
        return _back(_("不收回：%(name)s %(title)s", name=row.called, title=row.title))
    return _back(_("不评了：%(name)s %(title)s", name=row.called, title=row.title))


@face.post("/<code>/distinctions/<int:number>/recall")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def recall_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that one without a certificate be taken back."""
    row = own_row(Distinction, competition, number)
    ask_recall(row, request.form.get("reason", ""), current_user)
    return _back(_("提出收回，等第二个人同意"))


@face.post("/<code>/distinctions/<int:number>/correct")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def correct_distinction(competition: Competition, number: int) -> ResponseReturnValue:
    """Ask that the award stand under another name."""
    row, form = own_row(Distinction, competition, number), request.form
    ask_correction(row, form.get("name", ""), form.get("reason", ""), current_user)
    return _back(_("提出更正，等第二个人同意"))


@face.post("/<code>/distinctions/rules")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def distinction_rules(competition: Competition) -> ResponseReturnValue:
    """Set the titles given by hand and their conditions; a line without a title is none."""
    columns = [request.form.getlist(name) for name in _COLUMNS]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_RULES + 2:
        abort(400)
    rows = [
        RuleRow(title=" ".join(t.split()), kind=k, age_to=a, age_on=on, gender=g, places=p)
        for t, k, a, on, g, p in zip(*columns, strict=True)
    ]
    try:
        change_rules(competition, [_rule(row) for row in rows if row.title], current_user)
    except Refused as refused:
        return _page(competition, rows=rows, rules_problem=say(refused.message)), status_of(refused)
    return _back(_("奖项改好了"))


def _rule(row: RuleRow) -> DistinctionRule:
    """Read a line as a rule. Raises `Refused` (INVALID), with the title, if it cannot be read."""
    if row.kind not in {kind.value for kind in DistinctionKind} or row.gender not in gender_words():
        abort(400)
    return DistinctionRule(
        title=row.title,
        kind=DistinctionKind(row.kind),
        age_to=_number(row, row.age_to),
        age_on=_day(row),
        gender=row.gender,  # type: ignore[arg-type]
        places=_number(row, row.places) or 1,
    )


def _number(row: RuleRow, text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise invalid(msg("“%(title)s”：%(text)s 不是整数", title=row.title, text=text[:20]))
    return int(text)


def _day(row: RuleRow) -> date | None:
    if not row.age_on.strip():
        return None
    try:
        return date.fromisoformat(row.age_on.strip())
    except ValueError as wrong:
        raise invalid(msg("“%(title)s”：日期写成 2022-09-20 这样", title=row.title)) from wrong


def _nominees() -> list[Nominee]:
    """Read the nominees: ticked, typed by number, or named as a coach."""
    form = request.form
    full = form.get("full_name") == "yes"
    codes = [*form.getlist("people"), *_BETWEEN.split(form.get("numbers", "").strip())]
    found = [Nominee(code=code, full_name=full) for code in dict.fromkeys(codes) if code]
    if "name" in form:
        names = [name for name in _NAMES.split(form["name"]) if name.strip()] or [""]
        found += [Nominee(name=name, unit=form.get("unit", ""), full_name=full) for name in names]
    return found


def _page(
    competition: Competition,
    *,
    problem: str | None = None,
    rows: list[RuleRow] | None = None,
    rules_problem: str | None = None,
) -> str:
    """Render the page; with a `problem` the nomination that was sent stands where it was typed."""
    return render_template(
        "organiser/awards/nominated.html",
        competition=competition,
        cards=distinction_cards(competition),
        shown_number=shown_number,
        named=DistinctionKind.named(),
        problem=problem,
        rules=rows or rule_rows(competition),
        rules_problem=rules_problem,
        kinds=kinds_here(competition),
        genders=gender_words(),
    )


def _back(done: str) -> ResponseReturnValue:
    flash(done, "ok")
    return redirect(url_for("organiser.distinctions"))
