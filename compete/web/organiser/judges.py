"""Judges: who marks what, their sign-in cards, and how far the sheets are."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import MARKING_ROLES, SCORING_ROLES, CompetitionState, Role
from compete.models import Competition, Event, Judge, Sheet, db
from compete.services.accounts import account_of_judge, cancel_cards, issue_card, print_judge_cards
from compete.services.competitions import unjudged_modules
from compete.services.judging import return_sheet
from compete.services.kernel import rules_of, unit_of_work
from compete.services.panels import DONE, JudgeLine, assignments_of, judge_lines, stations_of
from compete.services.schedule import assign_judges
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.organiser import face
from compete.web.organiser.board import describe_board
from compete.web.organiser.new_card import require_card_right
from compete.web.templating import moment, role_word

_CLOSED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


@face.get("/<code>/judges")
@guard.officials
def judges(competition: Competition) -> ResponseReturnValue:
    """Everybody who judges, their modules and cards."""
    code = competition.code
    if competition.state is not CompetitionState.REGISTERING and "people" not in request.args:
        return redirect(url_for("organiser.progress", code=code))
    may_change = g.membership is None or g.membership.role is Role.ORGANISER
    editable = may_change and competition.state not in _CLOSED
    return render_template(
        "organiser/judges.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        judges=[_line(competition, line) for line in judge_lines(competition)],
        assignments=[
            {
                "id": row.id,
                "module": _module_name(event, row.stage, row.module),
                "station": row.station,
                "judge": f"{row.judge.code} {row.judge.name}",
                "remove_url": url_for("organiser.unassign", code=code, row_id=row.id)
                if editable
                else None,
            }
            for event, row in assignments_of(competition)
        ],
        form=_form(competition) if editable else None,
        missing=[_("“%(name)s”还没有裁判", name=name) for name in unjudged_modules(competition)],
        urls={
            "cards": url_for("organiser.cards", code=code) if may_change else None,
            "progress": url_for("organiser.progress", code=code),
        },
    )


@face.post("/<code>/judges/assign")
@guard.organiser
def assign(competition: Competition) -> ResponseReturnValue:
    """Put one judge to one module, at one station or at all."""
    event, stage, module = _chosen_module(competition, request.form.get("module", ""))
    judge = next((j for j in competition.judges if j.code == request.form.get("judge")), None)
    if judge is None:
        abort(400)
    seats = [
        (row.judge, row.station)
        for _event, row in assignments_of(competition)
        if (row.event_id, row.stage, row.module) == (event.id, stage, module)
    ]
    assign_judges(
        event, stage, module, [*seats, (judge, request.form.get("station", ""))], current_user
    )
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.post("/<code>/judges/assign/<int:row_id>/remove")
@guard.organiser
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


@face.get("/<code>/judges/cards.pdf")
@guard.organiser
def cards(competition: Competition) -> Response:
    """Everybody's sign-in card."""
    return send_pdf(print_judge_cards(competition, current_user), f"登录卡_{competition.name}.pdf")


@face.post("/<code>/judges/<judge_code>/card")
@guard.heads
def new_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card and make another, in one go."""
    judge = _judge(competition, judge_code)
    require_card_right(competition, judge)
    with unit_of_work():
        account = account_of_judge(judge, competition, current_user)
        cancel_cards(account, current_user, _("换卡"))
        issue_card(account, one_time=False, by=current_user)
    return redirect(url_for("organiser.show_card", code=competition.code, judge_code=judge.code))


@face.post("/<code>/judges/<judge_code>/cancel")
@guard.heads
def cancel_card(competition: Competition, judge_code: str) -> ResponseReturnValue:
    """Cancel a judge's card; whoever holds it is signed out at once."""
    judge = _judge(competition, judge_code)
    require_card_right(competition, judge)
    cancel_cards(account_of_judge(judge, competition, current_user), current_user, _("作废"))
    flash(_("%(name)s 的登录卡作废了", name=judge.name), "ok")
    return redirect(url_for("organiser.judges", code=competition.code, people=1))


@face.get("/<code>/progress")
@guard.officials
def progress(competition: Competition) -> ResponseReturnValue:
    """Which sheets are missing, by judge and contestant."""
    return render_template("organiser/progress.html", **describe_board(competition))


@face.post("/<code>/sheets/<public_id>/return")
@guard.heads
def send_back(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Send a sheet back to its judge, with a reason."""
    sheet = db.session.query(Sheet).filter_by(public_id=public_id).one_or_none()
    if sheet is None or sheet.competition_id != competition.id:
        abort(404)
    return_sheet(sheet, request.form.get("reason", ""), current_user)
    flash(_("已退回 %(label)s", label=sheet.label), "ok")
    return redirect(url_for("organiser.progress", code=competition.code))


def _line(competition: Competition, line: JudgeLine) -> dict[str, Any]:
    judge, code = line.judge, competition.code
    role = judge.role or Role.JUDGE
    card = None
    if line.card is not None:
        card = {
            "made": _("没用过"),
            "used": _("%(at)s 用过", at=moment(line.card.used_at)) if line.card.used_at else None,
        }
    return {
        "code": judge.code,
        "name": judge.name,
        "role": role_word(role),
        "unit": judge.unit.name if judge.unit else "",
        "modules": line.modules,
        "sheets": {state.value: count for state, count in line.sheets.items()},
        "all": sum(line.sheets.values()),
        "done": sum(line.sheets[state] for state in DONE),
        "card": card,
        "new_card_url": guard.door("organiser.new_card", code=code, judge_code=judge.code),
        "cancel_url": guard.door("organiser.cancel_card", code=code, judge_code=judge.code),
        "warning": None if line.modules or role not in MARKING_ROLES else _("还没分工"),
    }


def _form(competition: Competition) -> dict[str, Any]:
    return {
        "url": url_for("organiser.assign", code=competition.code),
        "judges": [
            {"value": judge.code, "label": f"{judge.code} {judge.name}"}
            for judge in competition.judges
            if (judge.role or Role.JUDGE) in SCORING_ROLES
        ],
        "modules": [
            {
                "value": f"{event.code}|{stage.code}|{module.code}",
                "label": " ".join(
                    part
                    for part in (
                        event.name if len(competition.events) > 1 else "",
                        stage.name if len(rules_of(event).stages) > 1 else "",
                        module.name,
                    )
                    if part
                ),
            }
            for event in competition.events
            for stage in rules_of(event).stages
            for module in stage.modules
        ],
        "stations": [{"value": "", "label": _("不分工位")}]
        + [{"value": station, "label": station} for station in stations_of(competition)],
        "error": None,
    }


def _chosen_module(competition: Competition, text: str) -> tuple[Event, str, str]:
    parts = text.split("|")
    event = next((e for e in competition.events if e.code == parts[0]), None)
    if event is None or len(parts) != 3 or not _has_module(event, parts[1], parts[2]):
        abort(400)
    return event, parts[1], parts[2]


def _has_module(event: Event, stage: str, module: str) -> bool:
    return any(
        (one.code, candidate.code) == (stage, module)
        for one in rules_of(event).stages
        for candidate in one.modules
    )


def _module_name(event: Event, stage: str, module: str) -> str:
    for one in rules_of(event).stages:
        for candidate in one.modules:
            if (one.code, candidate.code) == (stage, module):
                return candidate.name
    return module


def _judge(competition: Competition, code: str) -> Judge:
    judge = next((one for one in competition.judges if one.code == code), None)
    if judge is None:
        abort(404)
    return judge
