"""Judges: their modules, their sign-in cards, and the state of their sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import MARKING_ROLES, Role
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Judge
from compete.services.accounts.accounts import account_of_judge, known_account_of
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.sessions import sessions_of
from compete.services.accounts.sign_in_cards import cancel_cards, issue_card, lasting_card
from compete.services.competitions.officials_upload import plan_officials, write_officials
from compete.services.competitions.overview import unjudged_modules
from compete.services.judging.panels.judge_progress import judge_lines
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official, roles_to_add
from compete.services.schedule.examiners import examiners_short
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.last_look import last_look, make_fact, second_fact
from compete.web.organiser.list_book import send_list
from compete.web.organiser.schedule.judges.card import require_card_right
from compete.web.organiser.schedule.judges.correcting import chosen_unit
from compete.web.organiser.schedule.judges.view_model import (
    OfficialForm,
    cards_warning,
    find_official,
    judge_row,
    official_form,
    official_lines,
)
from compete.web.organiser.shapes import View, competition_link
from compete.web.refusals import status_of
from compete.web.templating import role_word


def _ask_first(competition: Competition, judge: Judge, *, renewing: bool) -> str:
    """The page before the act; where there is no card in use, there is nothing to ask."""
    require_card_right(competition, judge)
    account = known_account_of(judge)
    if account is None or lasting_card(account) is None:
        abort(404)
    devices = len(sessions_of(account))
    facts = [
        make_fact(_("旧卡和 PIN 马上不能再用"), ""),
        make_fact(
            _("%(name)s 马上退出 %(n)s 台设备", name=judge.name, n=devices)
            if devices
            else _("%(name)s 现在没有登录着的设备", name=judge.name),
            _("已上传的分都在。平板上没上传的分留在平板上，同一个人再登录就上传。")
            if (judge.role or Role.JUDGE) in MARKING_ROLES
            else "",
        ),
        make_fact(_("新卡的码马上显示"), _("由%(name)s本人扫，再设一个新 PIN。", name=judge.name))
        if renewing
        else make_fact(_("要再登录"), _("到这里再发一张登录卡。")),
    ]
    act = "organiser.new_card" if renewing else "organiser.cancel_card"
    return last_look(
        competition,
        _("给%(name)s换一张登录卡", name=judge.name)
        if renewing
        else _("%(name)s的登录卡作废", name=judge.name),
        facts,
        [],
        url_for(act, code=competition.code, judge_code=judge.code),
        url_for("organiser.judges", code=competition.code, people=1),
    )


_CLOSED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


@face.get("/<code>/judges")
@guard.may(Right.SEE)
def judges(competition: Competition) -> ResponseReturnValue:
    """Show everybody who judges, their modules and cards."""
    code = competition.code
    begun = competition.state is not CompetitionState.REGISTERING
    if begun and "people" not in request.args:
        return redirect(url_for("organiser.progress", code=code))
    return _shown(competition)


@face.get("/<code>/judges/list.xlsx")
@guard.may(Right.SEE)
def judges_book(competition: Competition) -> Response:
    """The list as it is shown."""
    heads = (_("编号"), _("姓名"), _("单位"), _("职责"), _("评什么"))
    rows: list[list[Value]] = []
    for line in judge_lines(competition):
        row, judge = judge_row(competition, line), line.judge
        modules = _("、").join(row.modules) or row.warning
        sheets = (row.done, row.all) if row.all else (None, None)
        person = (judge.code, judge.name, judge.unit_name, row.role)
        rows.append([*person, modules, *sheets, row.card or row.no_card])
    last = (_("已提交"), _("评分表"), _("登录卡"))
    return send_list(competition, msg("裁判名单"), [*heads, *last], rows)


def _shown(competition: Competition, adding: OfficialForm | None = None) -> str:
    """The page; with the form that was refused, as it was filled in."""
    adding = adding or official_form(competition, request.args.get("role", ""))
    code, final = competition.code, competition.state is CompetitionState.FINAL
    may_change = guard.may_do(Right.APPOINT)
    editable = may_change and competition.state not in _CLOSED
    lines = judge_lines(competition)
    rows = [judge_row(competition, line) for line in lines]
    apart = {
        "cardless": [row for row in rows if not row.card],
        "free": [row for row in rows if row.warning is not None],
    }
    shown = request.args.get("show", "all")
    if shown not in apart:
        shown = "all"
    return render_template(
        "organiser/schedule/judges/judges.html",
        competition=competition_link(competition),
        code=code,
        rows=apart.get(shown, rows),
        final=final,
        may_change=may_change,
        may_open=guard.may_open,
        views=[
            View(
                label=_("%(what)s %(n)s", what=word, n=len(apart.get(key, rows))),
                url=url_for("organiser.judges", code=code, people=1, show=key),
                current=key == shown,
            )
            for key, word in (("all", _("全部")), ("cardless", _("没卡")), ("free", _("没排")))
        ],
        cards_warning=cards_warning(lines) if editable else None,
        adding=adding if may_change and not final else None,
        missing=[
            *(_("“%(name)s”还没有裁判", name=name) for name in unjudged_modules(competition)),
            *(say(short.line) for short in examiners_short(competition)),
        ],
        progress=board_link(competition),
        events=competition.events,
    )


@face.post("/<code>/judges/add")
@guard.may(Right.APPOINT)
@only_once
def new_official(competition: Competition) -> ResponseReturnValue:
    """More recorders, supervisors, judges or coders: a line for each."""
    wanted = request.form.get("role")
    role = next((role for role in roles_to_add(competition) if role.value == wanted), None)
    if role is None:
        abort(400)
    name, chosen = request.form.get("name", ""), request.form.get("unit", "")
    rows = official_lines(name, role, chosen_unit(competition, chosen))
    if len(rows) > 1 or (rows[0]["unit"] and not chosen):
        return _add_all(competition, rows, official_form(competition, role.value, name, "", chosen))
    try:
        judge = add_official(
            competition, role, name, current_user, unit=chosen_unit(competition, chosen)
        )
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        form = official_form(competition, role.value, name, say(refused.message), chosen)
        return _shown(competition, form), status_of(refused)
    flash(
        _(
            "加了%(role)s %(name)s，编号 %(code)s。给他发登录卡。",
            role=role_word(role),
            name=judge.name,
            code=judge.code,
        ),
        "ok",
    )
    return redirect(url_for("organiser.judges", code=competition.code, people=1, role=role.value))


def _add_all(
    competition: Competition, rows: Sequence[Mapping[str, str]], form: OfficialForm
) -> ResponseReturnValue:
    """Add them by the checks of a workbook; a wrong line is named, and nobody is added."""
    planned = plan_officials(competition, list(enumerate(rows, start=1)))
    wrong = [
        _("第 %(n)s 行 %(name)s：%(why)s", n=plan.number, name=plan.texts["name"], why=say(why))
        for plan in planned
        for why in plan.faults.values()
    ]
    if wrong:
        return _shown(competition, replace(form, error=_("；").join(wrong))), 400
    made = write_officials(competition, rows, current_user)
    added = ngettext(
        "加了 %(num)s 人，接着给他们发登录卡", "加了 %(num)s 人，接着给他们发登录卡", len(made)
    )
    known = len(rows) - len(made)
    there = ngettext("%(num)s 人已在名单里", "%(num)s 人已在名单里", known) if known else ""
    flash(_("；").join(filter(None, (added if made else "", there))), "ok")
    role = form.role
    return redirect(url_for("organiser.judges", code=competition.code, people=1, role=role))


@face.post("/<code>/judges/cards.pdf")
@guard.may(Right.APPOINT)
def cards(competition: Competition) -> ResponseReturnValue:
    """Sign-in cards of those who were ticked, or of all, made where there is none: an act, so no
    address to look at.

    Where somebody would not count as another person for a day from now on, it asks first.
    """
    chosen = " ".join(request.values.getlist("who")).split()
    lines = [line for line in judge_lines(competition) if line.judge.code in chosen or not chosen]
    if len(lines) < len(set(chosen)):
        abort(400)
    judges = [line.judge for line in lines]
    warning = cards_warning(lines)
    if warning is not None and request.values.get("sure") != "yes":
        return last_look(
            competition,
            _("打印登录卡"),
            [make_fact(_("24 小时内少了第二个人"), warning), second_fact(competition)],
            [],
            url_for("organiser.cards", code=competition.code),
            url_for("organiser.judges", code=competition.code, people=1),
            fields={"sure": "yes", "who": " ".join(chosen)},
        )
    return send_pdf(
        print_judge_cards(competition, current_user, gettext, of=judges),
        f"登录卡_{competition.name}.pdf",
    )


@face.post("/<code>/judges/<judge_code>/card")
@guard.may(Right.GIVE_CARDS)
@only_once
def new_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card and make another, in one go."""
    judge = find_official(competition, judge_code)
    require_card_right(competition, judge)
    with unit_of_work():
        account = account_of_judge(judge, competition, current_user)
        cancel_cards(account, current_user, _("换卡"))
        issue_card(account, one_time=False, by=current_user)
    return redirect(url_for("organiser.show_card", code=competition.code, judge_code=judge.code))


@face.get("/<code>/judges/<judge_code>/card/renew")
@guard.may(Right.GIVE_CARDS)
def confirm_renewal(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Show what another card does to the one in use."""
    return _ask_first(competition, find_official(competition, judge_code), renewing=True)


@face.get("/<code>/judges/<judge_code>/cancel")
@guard.may(Right.GIVE_CARDS)
def confirm_cancelling(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Show what cancelling a card does."""
    return _ask_first(competition, find_official(competition, judge_code), renewing=False)


@face.post("/<code>/judges/<judge_code>/cancel")
@guard.may(Right.GIVE_CARDS)
def cancel_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card; whoever holds it is signed out at once."""
    judge = find_official(competition, judge_code)
    require_card_right(competition, judge)
    cancel_cards(account_of_judge(judge, competition, current_user), current_user, _("作废"))
    flash(_("%(name)s 的登录卡作废了", name=judge.name), "ok")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))
