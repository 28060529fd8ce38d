"""Where a person could be moved, as a form: what is impossible stands grey with its reason."""

from __future__ import annotations

from flask import abort, request, url_for
from flask_babel import gettext as _

from compete.models import Entrant
from compete.services.kernel import module_title, rules_of
from compete.services.schedule import Move, possible_moves
from compete.web.language import say
from compete.web.organiser.person.shapes import MoveOption, MovePanel
from compete.web.templating import near_moment


def asked_place(entrant: Entrant, asked: str | None) -> tuple[str, str] | None:
    """Stage and module of `final/practice` in an address or a form; 404 for what is none."""
    if not asked:
        return None
    places = {
        f"{stage.code}/{module.code}": (stage.code, module.code)
        for stage in rules_of(entrant.event).stages
        for module in stage.modules
    }
    if asked not in places:
        abort(404)
    return places[asked]


def move_panel(entrant: Entrant, place: tuple[str, str], problem: str | None) -> MovePanel:
    """The form for one module; what was typed stays."""
    moves = possible_moves(entrant, *place)
    chosen = request.form.get("to", "")
    return MovePanel(
        place="/".join(place),
        title=module_title(entrant.event, *place),
        options=[_option(move, chosen) for move in moves],
        reason=request.form.get("reason", ""),
        problem=problem,
        url=url_for("organiser.move", code=entrant.competition.code, who=entrant.code),
    )


def _option(move: Move, chosen: str) -> MoveOption:
    place = move.place
    if move.other is not None:
        what = _("和 %(name)s 对换", name=f"{move.other.name} {move.other.code}")
    elif move.there:
        what = _("这里有 %(n)s 人，一起", n=move.there)
    else:
        what = _("空位子")
    return MoveOption(
        key=move.key,
        where=" ".join(part for part in (place.session, place.station) if part),
        when=near_moment(place.starts_at) if place.starts_at else _("时间没排"),
        what=what,
        why_not=say(move.why_not) if move.why_not is not None else None,
        chosen=move.key == chosen,
    )
