"""The form to move a person: what is impossible stands grey with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, url_for
from flask_babel import gettext as _

from compete.domain.values.states import CompetitionState
from compete.models import Entrant
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.schedule.station_moves import (
    LateChoice,
    Move,
    last_move,
    late_choice,
    possible_moves,
    stations_to_choose,
)
from compete.web.organiser.last_act import LastAct, last_act, when_and_who
from compete.web.shapes import Choice
from compete.web.words import heads_in

OWN_TIME = "own"
"""The key of a time that no session has."""


def asked_place(entrant: Entrant, asked: str | None) -> tuple[str, str] | None:
    """Read stage and module of `final/practice` in an address or a form; 404 if there is none."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePanel:
    """The form that moves somebody in one module."""

    place: str
    title: str
    hint: str
    options: Sequence[tuple[Move, str]]
    """Somewhere to move to, and whether it is free, shared, or with whom to swap."""
    own_time: bool
    """True for a person who came late, to whom no draw gave a time."""
    stations: Sequence[Choice]
    """The stations at which somebody can have a time of their own."""
    problem: str | None


def move_panel(entrant: Entrant, place: tuple[str, str], problem: str | None) -> MovePanel:
    """The form for one module."""
    late = late_choice(entrant, *place)
    stations = stations_to_choose(entrant, *place) if late else ()
    return MovePanel(
        place="/".join(place),
        title=module_title(entrant.event, *place),
        hint=_hint(entrant, late),
        options=[(move, _who_is_there(move, entrant)) for move in possible_moves(entrant, *place)],
        own_time=late is not None,
        stations=[Choice(value=it, label=it) for it in stations],
        problem=problem,
    )


def _hint(entrant: Entrant, late: LateChoice | None) -> str:
    if late and entrant.competition.state is CompetitionState.REGISTERING:
        return _("抽签以后加的人：挑空位子，没有就另加一个时间")
    if late is LateChoice.TIME:
        return _("工位已经排好，只定哪一场；有人的场次也可以一起")
    if late is LateChoice.ANYWHERE:
        return _("后来的人没有抽签，哪个位子都可以，有人的也可以一起")
    return _("这一场可以对换，空位子哪一场都行")


def _who_is_there(move: Move, entrant: Entrant) -> str:
    if move.other is not None:
        return _("和 %(name)s 对换", name=f"{move.other.name} {move.other.code}")
    if move.there:
        who = heads_in(move.there, entrant.competition, entrant.event)
        return _("这里有 %(who)s，一起", who=who)
    return _("空位子")


def moved_back_card(entrant: Entrant) -> LastAct | None:
    """The last move, where one press takes it back."""
    last = last_move(entrant)
    if last is None:
        return None
    other = last.back.other
    title = module_title(entrant.event, last.stage, last.module)
    parts = {**when_and_who(last), "module": title, "was": last.was}
    if other is not None:
        text = _(
            "%(at)s %(who)s把%(module)s从 %(was)s 挪到了现在的位置，和 %(other)s 对换",
            **parts,
            other=other.name,
        )
    else:
        text = _("%(at)s %(who)s把%(module)s从 %(was)s 挪到了现在的位置", **parts)
    code = entrant.competition.code
    return last_act(last, text, url_for("organiser.undo_last_move", code=code, who=entrant.code))
