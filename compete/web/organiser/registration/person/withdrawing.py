"""A person withdraws, or comes back; once judging has begun it is an outcome, decided by two."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Competition, Entrant
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.kernel.refusal import Refused
from compete.services.registration.person_record import states_of_sheets
from compete.services.registration.waiting_list import next_in_line
from compete.services.registration.withdrawals import (
    return_person,
    stage_judged,
    why_not_withdrawn,
    withdraw_person,
)
from compete.services.sheets.blind_codes import is_coded
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.person.finding import find_entrant
from compete.web.organiser.registration.person.views import refused_page
from compete.web.words import outcome_word


@face.post("/<code>/entrants/<who>/withdraw")
@guard.may(Right.REGISTER)
def withdraw(competition: Competition, who: str) -> ResponseReturnValue:
    """Withdraw a person before judging; afterwards propose an outcome to the second person."""
    entrant = find_entrant(competition, who)
    reason = request.form.get("reason", "")
    try:
        if competition.state is CompetitionState.JUDGING and why_not_withdrawn(entrant):
            return _propose(entrant, reason, request.form.get("evidence", ""))
        withdraw_person(entrant, reason, current_user)
    except Refused as refused:
        return refused_page(entrant, refused, "#withdraw")
    if entrant.slots:
        flash(_("%(name)s 退赛了，位子空出来了。还能撤回", name=entrant.name), "ok")
    else:
        flash(_("%(name)s 退赛了。还能撤回", name=entrant.name), "ok")
    if next_in_line(competition):
        flash(_("空出名额了，候补的人可以递补：在“单位和个人报名”里"), "info")
    return redirect(url_for("organiser.person", code=competition.code, who=who))


@face.post("/<code>/entrants/<who>/return")
@guard.may(Right.REGISTER)
def return_to_list(competition: Competition, who: str) -> ResponseReturnValue:
    """Take the withdrawal back; name the person who has come to the same place."""
    entrant = find_entrant(competition, who)
    beside = return_person(entrant, current_user)
    flash(_("%(name)s 回到名单了", name=entrant.name), "ok")
    tell_beside(beside)
    return redirect(url_for("organiser.person", code=competition.code, who=who))


def tell_beside(beside: Sequence[Entrant]) -> None:
    """Name those who have come to the places of whoever is back."""
    if beside:
        names = _("、").join(f"{other.code} {other.name}" for other in beside)
        flash(_("同一场同一个工位还有 %(names)s", names=names), "warn")


def _propose(entrant: Entrant, reason: str, evidence: str) -> ResponseReturnValue:
    """缺考 where nothing was begun in the stage that is judged now, else 中途退出."""
    states = states_of_sheets(entrant)
    stage = stage_judged(entrant)
    begun = any(
        state is not SheetState.NOT_BEGUN
        for (code, _module), found in states.items()
        if code == stage
        for state in found
    )
    kind = "dnf" if begun else "dns"
    wanted = Proposal(kind=kind, stage=stage, module=None, reason=reason, evidence=evidence)
    propose_decision(entrant, wanted, current_user)
    flash(_("提出了%(kind)s，等第二个人确认才算", kind=outcome_word(kind)), "ok")
    code = entrant.competition.code
    # The list of decisions tells a blind event's code: not right after a click beside the name.
    if is_coded(entrant.event):
        return redirect(url_for("organiser.person", code=code, who=entrant.code))
    return redirect(url_for("organiser.decisions", code=code))
