"""扣罚、缺考、退出、取消 in words: what is proposed, by whom, and where it counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from compete.domain.values import DecisionState
from compete.models import Competition, Decision, Entrant, OutcomeEntry, PenaltyEntry, db
from compete.services.closing import (
    KIND_WORDS,
    decision_label,
)
from compete.services.kernel import rules_of
from compete.web import guard
from compete.web.language import say
from compete.web.templating import moment, plain, state_word


def known_places(competition: Competition) -> list[dict[str, str]]:
    """Every stage and module as a choice of the form."""
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


def decision_row(competition: Competition, decision: Decision, judging: bool) -> dict[str, Any]:
    """One decision: what, whom, why, whose, and what the reader may do with it."""
    code = competition.code
    waits = decision.state is DecisionState.PROPOSED
    mine = decision.proposed_by == current_user.id
    return {
        "id": decision.id,
        "who": _who(decision.entrant),
        "what": _what(decision.kind, decision.points, decision.seconds),
        "where": _where(decision),
        "state": decision.state.value,
        "word": state_word(decision.state),
        "reason": decision.reason,
        "evidence": decision.evidence,
        "photo": url_for("organiser.decision_photo", code=code, number=decision.id)
        if db.session.scalar(
            select(Decision.id).where(Decision.id == decision.id, Decision.photo.is_not(None))
        )
        else None,
        "proposed": _(
            "%(who)s %(at)s 提出", who=decision.proposer.name, at=moment(decision.proposed_at)
        ),
        "confirmed": _(
            "%(who)s %(at)s 确认", who=decision.confirmer.name, at=moment(decision.confirmed_at)
        )
        if decision.confirmer
        else None,
        "ended": _(
            "%(who)s %(at)s 撤回：%(why)s",
            who=decision.ender.name,
            at=moment(decision.ended_at),
            why=decision.ended_why or "",
        )
        if decision.ender
        else None,
        "mine": mine,
        "confirm_url": url_for("organiser.confirm_decision", code=code, number=decision.id)
        if waits and judging and not mine
        else None,
        "withdraw_url": url_for("organiser.withdraw_decision", code=code, number=decision.id)
        if decision.ended_at is None and judging and guard.may_act()
        else None,
    }


def loaded_rows(entry: OutcomeEntry | PenaltyEntry) -> dict[str, Any]:
    """What came with the competition's file: to be read, not changed here."""
    if isinstance(entry, PenaltyEntry):
        what = _what("penalty", entry.points, entry.seconds)
    else:
        what = _what(entry.status, None, None)
    return {
        "who": _who(entry.entrant),
        "what": what,
        "where": _where(entry),
        "reason": entry.reason or "",
    }


def _who(entrant: Entrant) -> str:
    return decision_label(entrant) if entrant.event.blind else f"{entrant.code} {entrant.name}"


def _what(kind: str, points: Decimal | None, seconds: Decimal | None) -> str:
    amounts = []
    if points is not None:
        amounts.append(_("扣 %(n)s 分", n=plain(points)))
    if seconds is not None:
        amounts.append(_("罚 %(n)s 秒", n=plain(seconds)))
    return "，".join([say(KIND_WORDS[kind]), *amounts])


def _where(entry: Decision | OutcomeEntry | PenaltyEntry) -> str:
    for stage in rules_of(entry.entrant.event).stages:
        if stage.code != entry.stage:
            continue
        if entry.module is None:
            return _("整个%(stage)s", stage=stage.name)
        return next((m.name for m in stage.modules if m.code == entry.module), entry.module)
    return entry.stage
