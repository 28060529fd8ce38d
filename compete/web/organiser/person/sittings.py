"""单科保留 and 补考 of one person: a mark brought, taken back, made void; an attempt noted."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.registration.carrying import bring_module, take_module_back, void_module
from compete.services.registration.earlier_sittings import drop_resit, record_resit
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.finding import find_entrant, in_the_list


@face.post("/<code>/entrants/<who>/carried")
@guard.of_evaluations
@guard.may(Right.REGISTER)
@only_once
def bring(competition: Competition, who: str) -> ResponseReturnValue:
    """What an earlier sitting keeps counts here."""
    kept = bring_module(find_entrant(competition, who), request.form.get("key", ""), current_user)
    flash(_("%(module)s的成绩带来了，这里不用再考", module=kept.name), "ok")
    return _back(competition, who)


@face.post("/<code>/entrants/<who>/carried/back")
@guard.of_evaluations
@guard.may(Right.REGISTER)
@only_once
def take_brought_back(competition: Competition, who: str) -> ResponseReturnValue:
    """It is examined here after all."""
    take_module_back(find_entrant(competition, who), request.form.get("of", ""), current_user)
    flash(_("收回了，这一科在这里考"), "ok")
    return _back(competition, who)


@face.post("/<code>/entrants/<who>/carried/void")
@guard.of_evaluations
@guard.may(Right.REGISTER)
def make_brought_void(competition: Competition, who: str) -> ResponseReturnValue:
    """What is from this competition and does not hold any more counts no longer."""
    void_module(find_entrant(competition, who), request.form.get("of", ""), current_user)
    flash(_("作废了，这一科在这里考，或者重新带"), "ok")
    return _back(competition, who)


@face.post("/<code>/entrants/<who>/resit")
@guard.of_evaluations
@guard.may(Right.REGISTER)
@only_once
def note_resit(competition: Competition, who: str) -> ResponseReturnValue:
    """The person tries again what was proposed."""
    record_resit(find_entrant(competition, who), current_user)
    flash(_("记为补考了"), "ok")
    return _back(competition, who)


@face.post("/<code>/entrants/<who>/resit/drop")
@guard.of_evaluations
@guard.may(Right.REGISTER)
@only_once
def drop_noted_resit(competition: Competition, who: str) -> ResponseReturnValue:
    """The person tries for the first time after all."""
    drop_resit(find_entrant(competition, who), current_user)
    flash(_("收回了，不算补考"), "ok")
    return _back(competition, who)


def _back(competition: Competition, who: str) -> ResponseReturnValue:
    url = url_for("organiser.person", code=competition.code, who=who)
    return redirect(f"{in_the_list(url)}#sittings")
