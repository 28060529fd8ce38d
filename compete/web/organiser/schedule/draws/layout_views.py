"""The timetable at the desk: laid out in bulk or by lines, places closed, people swapped."""

from __future__ import annotations

import msgspec
from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Competition, Entrant
from compete.services.kernel.competition_settings import Timetable
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused, invalid
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.schedule.draw_files import STATION
from compete.services.schedule.draw_lists import PlacesError, read_places
from compete.services.schedule.station_moves import swap_people
from compete.services.schedule.timetables import (
    Bulk,
    close_places,
    laid_out,
    lay_out,
    timetable_of,
    undo_timetable,
)
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.schedule.draws.draws_model import Entered, describe_draws, draws_url
from compete.web.organiser.schedule.draws.shapes import LayoutForm
from compete.web.organiser.schedule.draws.views import Module, chosen_module
from compete.web.refusals import status_of

_BULK = ("begins", "count", "minutes", "pause", "posts")
_LINES = ("stations", "sessions", "check_in")


@face.post("/<code>/draws/timetable")
@guard.may(Right.DRAW)
@only_once
def lay_out_places(competition: Competition) -> ResponseReturnValue:
    """Sessions and stations, out of a few numbers or as lines, and what the draw has to meet."""
    form, module = request.form, _module(competition)
    now = timetable_of(*module) or Timetable(stations="", sessions="")
    bulk = {key: form.get(key, "") for key in _BULK}
    faults: dict[str, Message] = {}
    wanted = msgspec.structs.replace(
        now,
        **{key: form.get(key, "").strip() for key in _LINES},
        layer=form.get("layer", STATION),
        apart=bool(form.get("apart")),
        per_session=_most(form.get("per_session", ""), faults),
    )
    try:
        if bulk["begins"].strip():
            stations, sessions = laid_out(
                Bulk(
                    begins=bulk["begins"],
                    sessions=bulk["count"],
                    minutes=bulk["minutes"],
                    pause=bulk["pause"],
                    stations=bulk["posts"],
                ),
                [line for line in map(str.strip, wanted.stations.splitlines()) if line],
            )
            wanted = msgspec.structs.replace(wanted, stations=stations, sessions=sessions)
        if faults:
            read_places(wanted.stations, wanted.sessions, wanted.check_in)
        else:
            lay_out(*module, wanted, current_user)
    except PlacesError as error:
        faults |= error.faults
    if faults:
        typed = LayoutForm(
            **bulk,
            **{key: form.get(key, "") for key in (*_LINES, "per_session", "layer")},
            apart=wanted.apart,
            errors={name: say(fault) for name, fault in faults.items()},
        )
        return describe_draws(competition, module, Entered(layout=typed)), 400
    return _back(module)


@face.post("/<code>/draws/timetable/close")
@guard.may(Right.DRAW)
def close_draw_place(competition: Competition) -> ResponseReturnValue:
    """Close a place (不用) with a reason, so that nobody is put there; or open it again.

    Of several places the page says of each what it is to be: nothing, or why it is not used.
    """
    module, form = _module(competition), request.form
    places, states = form.getlist("place"), form.getlist("state")
    now = timetable_of(*module)
    said: dict[str, str | None]
    if states:
        said = {place: _reason(text) for place, text in zip(places, states, strict=False)}
    else:
        closed = now.closed if now else ()
        said = {each: None if each in closed else form.get("why", "").strip() for each in places}
    try:
        close_places(*module, said, current_user)
    except Refused as refused:
        again = Entered(problem=say(refused.message), closed_why=form.get("why", ""))
        return describe_draws(competition, module, again), status_of(refused)
    return _back(module)


@face.post("/<code>/draws/timetable/undo")
@guard.may(Right.DRAW)
@only_once
def undo_layout(competition: Competition) -> ResponseReturnValue:
    """Undo one step of the layout."""
    module = _module(competition)
    undo_timetable(*module, current_user)
    return _back(module)


@face.post("/<code>/draws/swap")
@guard.may(Right.DRAW)
@only_once
def swap_drawn(competition: Competition) -> ResponseReturnValue:
    """Swap the places of two people, with a reason."""
    module = _module(competition)
    typed = {key: request.form.get(key, "").strip() for key in ("first", "second", "reason")}
    try:
        first, second = (_person(competition, module, typed[key]) for key in ("first", "second"))
        swap_people(first, second, *module[1:], typed["reason"], current_user)
    except Refused as refused:
        again = Entered(swap_error=say(refused.message))
        return describe_draws(competition, module, again), status_of(refused)
    return _back(module)


def _reason(text: str) -> str | None:
    """Return why a place is not used, by its pasted text; None if it is one."""
    text = " ".join(text.split())
    return None if not text else "" if text in (_("不用"), "不用") else text


def _module(competition: Competition) -> Module:
    return chosen_module(competition, request.form.get("module", ""))


def _back(module: Module) -> ResponseReturnValue:
    return redirect(draws_url(module_key(*module)))


def _most(text: str, faults: dict[str, Message]) -> int | None:
    """Read the most people of a unit in a session; None for no bound."""
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text[:6]) > 0:
        return int(text[:6])
    faults["per_session"] = msg("写 1 或更大的整数，不限就空着")
    return None


def _person(competition: Competition, module: Module, code: str) -> Entrant:
    """Find the contestant of that number in the event. Raises `Refused` (INVALID) for nobody."""
    found = entrants_by_code(competition, [code]).get(code)
    if found is None or found.event_id != module[0].id:
        raise invalid(msg("这个模块没有参赛号 %(code)s", code=code[:40] or _("（空）")))
    return found
