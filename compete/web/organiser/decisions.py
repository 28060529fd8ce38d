"""扣罚、缺考、退出、取消 on the desk: proposed by one, confirmed by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from compete.domain.values import CompetitionState, DecisionState, msg
from compete.models import Competition, Decision, Entrant, OutcomeEntry, PenaltyEntry, Sheet, db
from compete.services.closing import (
    KIND_WORDS,
    Proposal,
    confirm,
    decisions_of,
    find_decision,
    label_of,
    loaded_entries,
    photo_type,
    propose,
    withdraw,
)
from compete.services.kernel import Refused, rules_of
from compete.web import guard
from compete.web.language import say
from compete.web.organiser import face
from compete.web.templating import moment, plain, state_word

_FIELDS = ("who", "kind", "place", "points", "seconds", "reason", "evidence")


@face.route("/<code>/decisions", methods=["GET", "POST"])
@guard.officials
def decisions(competition: Competition) -> ResponseReturnValue:
    """Everything decided about people, and the form for the next."""
    problem = None
    if request.method == "POST":
        if not guard.may_act():
            abort(404)
        try:
            _propose(competition)
        except Refused as refused:
            problem = say(refused.message)
        else:
            flash(_("记下了，等另一个人确认后生效"), "ok")
            return redirect(url_for("organiser.decisions", code=competition.code))
    judging = competition.state is CompetitionState.JUDGING
    source = request.form if problem else request.args
    page = render_template(
        "organiser/decisions.html",
        competition={
            "name": competition.name,
            "url": url_for("organiser.overview", code=competition.code),
        },
        decisions=[_row(competition, one, judging) for one in decisions_of(competition)],
        loaded=[_loaded(one) for one in loaded_entries(competition)],
        form={
            "values": {name: source.get(name, "") for name in _FIELDS},
            "kinds": [{"value": key, "label": say(word)} for key, word in KIND_WORDS.items()],
            "places": _places(competition),
        }
        if judging and guard.may_act()
        else None,
        problem=problem,
        urls={"back": url_for("organiser.progress", code=competition.code)},
    )
    return page, 400 if problem else 200


@face.post("/<code>/decisions/<int:number>/confirm")
@guard.officials
def confirm_decision(competition: Competition, number: int) -> ResponseReturnValue:
    """The second signature; a supervisor may give it."""
    confirm(_found(competition, number), current_user)
    flash(_("确认了，从现在起生效"), "ok")
    return redirect(url_for("organiser.decisions", code=competition.code))


@face.post("/<code>/decisions/<int:number>/withdraw")
@guard.heads
def withdraw_decision(competition: Competition, number: int) -> ResponseReturnValue:
    """Take a decision back, with a reason."""
    form = request.form
    decision = _found(competition, number)
    withdraw(decision, form.get("reason", ""), current_user, seen=form.get("seen", ""))
    flash(_("撤回了，不再计入"), "ok")
    return redirect(url_for("organiser.decisions", code=competition.code))


@face.get("/<code>/decisions/<int:number>/photo")
@guard.officials
def decision_photo(competition: Competition, number: int) -> Response:
    """The evidence's photo."""
    photo = _found(competition, number).photo
    kind = photo_type(photo) if photo else None
    if photo is None or kind is None:
        abort(404)
    return Response(photo, mimetype=kind)


def _found(competition: Competition, number: int) -> Decision:
    decision = find_decision(competition, number)
    if decision is None:
        abort(404)
    return decision


def _propose(competition: Competition) -> None:
    form = request.form
    stage, _slash, module = form.get("place", "").partition("|")
    upload = request.files.get("photo")
    entrant = _entrant(competition, form.get("who", "").strip())
    if entrant is None:
        who = form.get("who", "")[:40]
        raise Refused(msg("没有编号是“%(who)s”的选手", who=who), status=400)
    wanted = Proposal(
        kind=form.get("kind", ""),
        stage=stage,
        module=module or None,
        reason=form.get("reason", ""),
        evidence=form.get("evidence", ""),
        points=form.get("points", ""),
        seconds=form.get("seconds", ""),
        photo=upload.read() or None if upload else None,
    )
    propose(entrant, wanted, current_user)


def _entrant(competition: Competition, number: str) -> Entrant | None:
    """Whoever bears the number; in a blind event the code on the sheets."""
    by_code = db.session.scalar(
        select(Entrant).where(
            Entrant.competition_id == competition.id,
            Entrant.code == number,
        )
    )
    if by_code is not None and not by_code.event.blind:
        return by_code
    sheet = db.session.scalar(
        select(Sheet).where(Sheet.competition_id == competition.id, Sheet.label == number).limit(1)
    )
    return sheet.entrant if sheet else None


def _places(competition: Competition) -> list[dict[str, str]]:
    places = []
    for event in competition.events:
        rules = rules_of(event)
        for stage in rules.stages:
            many = len(rules.stages) > 1 or len(competition.events) > 1
            head = f"{event.name} {stage.name} " if many else ""
            places += [
                {"value": f"{stage.code}|{module.code}", "label": head + module.name}
                for module in stage.modules
            ]
            places.append(
                {"value": f"{stage.code}|", "label": head + _("整个%(stage)s", stage=stage.name)}
            )
    return list({place["value"]: place for place in places}.values())


def _row(competition: Competition, one: Decision, judging: bool) -> dict[str, Any]:
    code = competition.code
    waits = one.state is DecisionState.PROPOSED
    mine = one.proposed_by == current_user.id
    return {
        "id": one.id,
        "who": _who(one.entrant),
        "what": _what(one.kind, one.points, one.seconds),
        "where": _where(one),
        "state": one.state.value,
        "word": state_word(one.state),
        "reason": one.reason,
        "evidence": one.evidence,
        "photo": url_for("organiser.decision_photo", code=code, number=one.id)
        if db.session.scalar(
            select(Decision.id).where(Decision.id == one.id, Decision.photo.is_not(None))
        )
        else None,
        "proposed": _("%(who)s %(at)s 提出", who=one.proposer.name, at=moment(one.proposed_at)),
        "confirmed": _("%(who)s %(at)s 确认", who=one.confirmer.name, at=moment(one.confirmed_at))
        if one.confirmer
        else None,
        "ended": _(
            "%(who)s %(at)s 撤回：%(why)s",
            who=one.ender.name,
            at=moment(one.ended_at),
            why=one.ended_why or "",
        )
        if one.ender
        else None,
        "mine": mine,
        "confirm_url": url_for("organiser.confirm_decision", code=code, number=one.id)
        if waits and judging and not mine
        else None,
        "withdraw_url": url_for("organiser.withdraw_decision", code=code, number=one.id)
        if one.ended_at is None and judging and guard.may_act()
        else None,
    }


def _loaded(one: OutcomeEntry | PenaltyEntry) -> dict[str, Any]:
    """What came with the competition's file: to be read, not changed here."""
    if isinstance(one, PenaltyEntry):
        what = _what("penalty", one.points, one.seconds)
    else:
        what = _what(one.status, None, None)
    return {
        "who": _who(one.entrant),
        "what": what,
        "where": _where(one),
        "reason": one.reason or "",
    }


def _who(entrant: Entrant) -> str:
    return label_of(entrant) if entrant.event.blind else f"{entrant.code} {entrant.name}"


def _what(kind: str, points: Decimal | None, seconds: Decimal | None) -> str:
    amounts = []
    if points is not None:
        amounts.append(_("扣 %(n)s 分", n=plain(points)))
    if seconds is not None:
        amounts.append(_("罚 %(n)s 秒", n=plain(seconds)))
    return "，".join([say(KIND_WORDS[kind]), *amounts])


def _where(one: Decision | OutcomeEntry | PenaltyEntry) -> str:
    for stage in rules_of(one.entrant.event).stages:
        if stage.code != one.stage:
            continue
        if one.module is None:
            return _("整个%(stage)s", stage=stage.name)
        return next((m.name for m in stage.modules if m.code == one.module), one.module)
    return one.stage
