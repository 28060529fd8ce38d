"""Judges: who marks what, their sign-in cards, and how far the sheets are."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import CompetitionState, Right, msg
from compete.models import Competition, Event, Judge
from compete.services.accounts import account_of_judge, cancel_cards, issue_card, print_judge_cards
from compete.services.competitions import unjudged_modules
from compete.services.kernel import Refusal, Refused, rules_of, unit_of_work
from compete.services.officials import add_official, roles_to_add
from compete.services.panels import assignments_of, judge_lines
from compete.services.schedule import (
    assign_judges,
    examiners_short,
    name_timekeeper,
    panels_settled,
)
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link
from compete.web.organiser.confirming.last_look import last_look
from compete.web.organiser.confirming.view_model import make_fact, second_fact
from compete.web.organiser.judges.asking import ask_first
from compete.web.organiser.judges.card import require_card_right
from compete.web.organiser.judges.correcting import chosen_unit
from compete.web.organiser.judges.shapes import (
    AssignmentForm,
    AssignmentRow,
    AssignmentTyped,
    JudgesUrls,
    OfficialForm,
)
from compete.web.organiser.judges.view_model import (
    assignment_form,
    cards_warning,
    is_timed,
    judge_row,
    module_name,
    official_form,
)
from compete.web.organiser.list_book import send_list
from compete.web.organiser.shapes import competition_link
from compete.web.refusals import status_of
from compete.web.templating import role_word

_CLOSED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


@face.get("/<code>/judges")
@guard.may(Right.SEE)
def judges(competition: Competition) -> ResponseReturnValue:
    """Everybody who judges, their modules and cards."""
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
        row = judge_row(competition, line)
        modules = _("、").join(row.modules) or row.warning
        card = (row.card.used or row.card.made) if row.card else row.no_card
        sheets = (row.done, row.all) if row.all else (None, None)
        rows.append([row.code, row.name, row.unit, row.role, modules, *sheets, card])
    last = (_("已提交"), _("评分表"), _("登录卡"))
    return send_list(competition, msg("裁判名单"), [*heads, *last], rows)


def _shown(
    competition: Competition,
    adding: OfficialForm | None = None,
    seating: AssignmentForm | None = None,
) -> str:
    """The page; with the forms that were refused, as they were filled in."""
    adding = adding or official_form(competition, request.args.get("role", ""))
    seating = seating or assignment_form(competition, AssignmentTyped())
    code = competition.code
    may_change = guard.may_do(Right.APPOINT)
    editable = may_change and competition.state not in _CLOSED
    lines = judge_lines(competition)
    return render_template(
        "organiser/judges/judges.html",
        competition=competition_link(competition),
        judges=[judge_row(competition, line) for line in lines],
        cards_warning=cards_warning(lines) if editable else None,
        assignments=[
            AssignmentRow(
                id=row.id,
                module=module_name(event, row.stage, row.module),
                station=row.station,
                judge=f"{row.judge.code} {row.judge.name}",
                timekeeper=row.timekeeper,
                keep_url=url_for("organiser.keep_time", code=code, row_id=row.id)
                if editable and is_timed(event, row.stage, row.module)
                else None,
                remove_url=url_for("organiser.unassign", code=code, row_id=row.id)
                if editable and panels_settled(event, row.stage, row.module) is None
                else None,
            )
            for event, row in assignments_of(competition)
        ],
        form=seating if editable and competition.judges and competition.events else None,
        adding=adding if may_change and competition.state is not CompetitionState.FINAL else None,
        missing=[
            *(_("“%(name)s”还没有裁判", name=name) for name in unjudged_modules(competition)),
            *(say(short.line) for short in examiners_short(competition)),
        ],
        urls=JudgesUrls(
            cards=url_for("organiser.cards", code=code) if may_change else None,
            progress=board_link(competition),
            book=url_for("organiser.judges_book", code=code),
            pool=url_for("organiser.experts", asking=code) if adding and may_change else None,
            bring=url_for("organiser.upload_officials", code=code)
            if may_change and competition.state is not CompetitionState.FINAL
            else None,
            seating=guard.allowed_url("organiser.seating", code=code)
            if competition.events
            else None,
        ),
    )


@face.post("/<code>/judges/add")
@guard.may(Right.APPOINT)
@only_once
def new_official(competition: Competition) -> ResponseReturnValue:
    """One more recorder, supervisor, judge or coder."""
    wanted = request.form.get("role")
    role = next((role for role in roles_to_add(competition) if role.value == wanted), None)
    if role is None:
        abort(400)
    name, chosen = request.form.get("name", ""), request.form.get("unit", "")
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


@face.post("/<code>/judges/assign")
@guard.may(Right.APPOINT)
@only_once
def assign(competition: Competition) -> ResponseReturnValue:
    """Put one judge to one module, at one station or at all."""
    typed = AssignmentTyped(
        judge=request.form.get("judge", ""),
        module=request.form.get("module", ""),
        station=request.form.get("station", ""),
        reason=request.form.get("reason", ""),
    )
    event, stage, module = _chosen_module(competition, typed.module)
    judge = next((j for j in competition.judges if j.code == typed.judge), None)
    if judge is None:
        abort(400)
    seats = [
        (row.judge, row.station)
        for _event, row in assignments_of(competition)
        if (row.event_id, row.stage, row.module) == (event.id, stage, module)
    ]
    try:
        assign_judges(
            event,
            stage,
            module,
            [*seats, (judge, typed.station)],
            current_user,
            reason=typed.reason,
        )
    except Refused as refused:
        if competition.state in _CLOSED:
            # The form stands on the page no more.
            raise
        form = assignment_form(competition, typed, say(refused.message))
        return _shown(competition, seating=form), status_of(refused)
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.post("/<code>/judges/assign/<int:row_id>/remove")
@guard.may(Right.APPOINT)
def unassign(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Take one judge off one module; refused once that judge has begun."""
    rows = assignments_of(competition)
    gone = next(((event, row) for event, row in rows if row.id == row_id), None)
    if gone is None:
        abort(404)
    event, row = gone
    seats = [
        (other.judge, other.station)
        for _event, other in rows
        if (other.event_id, other.stage, other.module) == (event.id, row.stage, row.module)
        and other.id != row_id
    ]
    assign_judges(event, row.stage, row.module, seats, current_user)
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.post("/<code>/judges/assign/<int:row_id>/time")
@guard.may(Right.APPOINT)
def keep_time(competition: Competition, row_id: int) -> ResponseReturnValue:
    """Name the judge who takes the time there, or let everybody's readings count again."""
    seat = next((row for _event, row in assignments_of(competition) if row.id == row_id), None)
    if seat is None:
        abort(404)
    name_timekeeper(seat, not seat.timekeeper, current_user)
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.post("/<code>/judges/cards.pdf")
@guard.may(Right.APPOINT)
def cards(competition: Competition) -> ResponseReturnValue:
    """Everybody's sign-in card, made where there is none: an act, so no address to look at.

    Where somebody would not count as another person for a day from now on, it asks first.
    """
    warning = cards_warning(judge_lines(competition))
    if warning is not None and request.values.get("sure") != "yes":
        return last_look(
            competition,
            _("打印登录卡"),
            [make_fact(_("24 小时内少了第二个人"), warning), second_fact(competition)],
            [],
            url_for("organiser.cards", code=competition.code),
            url_for("organiser.judges", code=competition.code, people=1),
            fields={"sure": "yes"},
        )
    return send_pdf(
        print_judge_cards(competition, current_user, gettext), f"登录卡_{competition.name}.pdf"
    )


@face.post("/<code>/judges/<judge_code>/card")
@guard.may(Right.GIVE_CARDS)
@only_once
def new_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card and make another, in one go."""
    judge = _judge(competition, judge_code)
    require_card_right(competition, judge)
    with unit_of_work():
        account = account_of_judge(judge, competition, current_user)
        cancel_cards(account, current_user, _("换卡"))
        issue_card(account, one_time=False, by=current_user)
    return redirect(url_for("organiser.show_card", code=competition.code, judge_code=judge.code))


@face.get("/<code>/judges/<judge_code>/card/renew")
@guard.may(Right.GIVE_CARDS)
def confirm_renewal(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """What another card does to the one in use."""
    return ask_first(competition, _judge(competition, judge_code), renewing=True)


@face.get("/<code>/judges/<judge_code>/cancel")
@guard.may(Right.GIVE_CARDS)
def confirm_cancelling(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """What cancelling a card does."""
    return ask_first(competition, _judge(competition, judge_code), renewing=False)


@face.post("/<code>/judges/<judge_code>/cancel")
@guard.may(Right.GIVE_CARDS)
def cancel_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card; whoever holds it is signed out at once."""
    judge = _judge(competition, judge_code)
    require_card_right(competition, judge)
    cancel_cards(account_of_judge(judge, competition, current_user), current_user, _("作废"))
    flash(_("%(name)s 的登录卡作废了", name=judge.name), "ok")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


def _chosen_module(competition: Competition, text: str) -> tuple[Event, str, str]:
    parts = text.split("|")
    event = next((e for e in competition.events if e.code == parts[0]), None)
    if event is None or len(parts) != 3 or not _has_module(event, parts[1], parts[2]):
        abort(400)
    return event, parts[1], parts[2]


def _has_module(event: Event, stage: str, module: str) -> bool:
    return any(
        (known_stage.code, candidate.code) == (stage, module)
        for known_stage in rules_of(event).stages
        for candidate in known_stage.modules
    )


def _judge(competition: Competition, code: str) -> Judge:
    judge = next(
        (known_judge for known_judge in competition.judges if known_judge.code == code), None
    )
    if judge is None:
        abort(404)
    return judge
