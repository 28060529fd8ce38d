"""Where a person could be moved, as a form: what is impossible stands grey with its reason."""

from __future__ import annotations

from datetime import datetime

from flask import abort, request, url_for
from flask_babel import gettext as _

from compete.domain.values.states import CompetitionState
from compete.models import Entrant
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.schedule.moved_back import last_move
from compete.services.schedule.moving import (
    LateChoice,
    Move,
    late_choice,
    possible_moves,
    stations_to_choose,
)
from compete.web.language import say
from compete.web.organiser.last_act import LastAct, last_act, when_and_who
from compete.web.organiser.person.shapes import MoveOption, MovePanel, OwnTime
from compete.web.shapes import Choice
from compete.web.templating import moment, zone
from compete.web.words import heads_in

OWN_TIME = "own"
"""The key of a time that no session has."""


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
    late = late_choice(entrant, *place)
    chosen = request.form.get("to", "")
    return MovePanel(
        place="/".join(place),
        title=module_title(entrant.event, *place),
        hint=_hint(entrant, late),
        options=[_option(move, chosen, entrant) for move in moves],
        own_time=_own_time(entrant, place, chosen, alone=not moves) if late else None,
        reason=request.form.get("reason", ""),
        problem=problem,
        url=url_for("organiser.move", code=entrant.competition.code, who=entrant.code),
    )


def _hint(entrant: Entrant, late: LateChoice | None) -> str:
    if late and entrant.competition.state is CompetitionState.REGISTERING:
        return _("抽签以后加的人：挑空位子，没有就另加一个时间")
    if late is LateChoice.TIME:
        return _("工位已经排好，只定哪一场；有人的场次也可以一起")
    if late is LateChoice.ANYWHERE:
        return _("后来的人没有抽签，哪个位子都可以，有人的也可以一起")
    return _("这一场可以对换，空位子哪一场都行")


def _own_time(entrant: Entrant, place: tuple[str, str], chosen: str, *, alone: bool) -> OwnTime:
    return OwnTime(
        key=OWN_TIME,
        chosen=alone or chosen == OWN_TIME,
        at=request.form.get("at", ""),
        stations=[Choice(value=it, label=it) for it in stations_to_choose(entrant, *place)],
        station=request.form.get("station", ""),
    )


def typed_time(text: str) -> datetime | None:
    """A moment by the competition's clocks, as a field for date and time sends it; else None."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.year not in range(1971, 9999):
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone())


def _option(move: Move, chosen: str, entrant: Entrant) -> MoveOption:
    place = move.place
    if move.other is not None:
        what = _("和 %(name)s 对换", name=f"{move.other.name} {move.other.code}")
    elif move.there:
        what = _(
            "这里有 %(who)s，一起",
            who=heads_in(move.there, entrant.competition, entrant.event),
        )
    else:
        what = _("空位子")
    return MoveOption(
        key=move.key,
        where=" ".join(part for part in (place.session, place.station) if part),
        when=moment(place.starts_at) if place.starts_at else _("时间没排"),
        what=what,
        why_not=say(move.why_not) if move.why_not is not None else None,
        chosen=move.key == chosen,
    )


def moved_back_card(entrant: Entrant) -> LastAct | None:
    """The last move, where one press takes it back."""
    last = last_move(entrant)
    if last is None:
        return None
    other = last.back.other
    title = module_title(entrant.event, last.stage, last.module)
    told = {**when_and_who(last), "module": title, "was": last.was}
    if other is not None:
        said = _(
            "%(at)s %(who)s把%(module)s从 %(was)s 挪到了现在的位置，和 %(other)s 对换",
            **told,
            other=other.name,
        )
    else:
        said = _("%(at)s %(who)s把%(module)s从 %(was)s 挪到了现在的位置", **told)
    code = entrant.competition.code
    return last_act(last, said, url_for("organiser.undo_last_move", code=code, who=entrant.code))
