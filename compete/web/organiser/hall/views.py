"""The hall's board from the desk: its link and settings, the freeze, the ceremony."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.hall import PHASE_WORDS, BoardPhase, SnapshotPurpose
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Account, BoardSnapshot, Competition, Event, HallBoard
from compete.services.hall.board_acts import (
    board_of,
    break_off,
    change_board,
    final_rows,
    freeze,
    make_board,
    renew_link,
    reveal_blocker,
    reveal_next,
    start_reveal,
    thaw,
)
from compete.services.hall.snapshots import LONGEST_DELAY, latest_snapshot
from compete.services.kernel.refusal import invalid
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.results.standings.views import chosen_event
from compete.web.organiser.typed_moments import typed_moment
from compete.web.pages import or_404
from compete.web.posted import posted_number
from compete.web.shapes import Chip
from compete.web.templating import zone

_CHIPS = {
    BoardPhase.LIVE: "info",
    BoardPhase.FROZEN: "solid",
    BoardPhase.REVEALING: "warn",
    BoardPhase.OPENED: "ok",
}


@dataclass(frozen=True, slots=True)
class BoardOnDesk:
    """The desk's facts on a board beside its row."""

    url: str
    chip: Chip
    """The phase in words."""
    left: int
    """The number of rows that the ceremony has yet to open."""
    frozen: BoardSnapshot | None
    opens_at: str
    """The time as the field takes it; empty if none is set."""
    reveal_blocker: str
    """Why the ceremony cannot begin yet; empty if it can."""


def describe_board(competition: Competition, board: HallBoard) -> BoardOnDesk:
    """The board as the desk sees it: link, phase, rows to open."""
    rows = final_rows(board) if board.phase is BoardPhase.REVEALING else 0
    blocker = reveal_blocker(board) if board.phase is BoardPhase.FROZEN else None
    return BoardOnDesk(
        public_url("hall.board", code=competition.code, token=board.token),
        Chip(text=say(PHASE_WORDS[board.phase]), kind=_CHIPS[board.phase]),
        rows - board.revealed,
        latest_snapshot(board, SnapshotPurpose.FROZEN),
        typed_moment(board.opens_at),
        say(blocker) if blocker else "",
    )


_ACTS: dict[str, Callable[[HallBoard, Account], Any]] = {
    "freeze": freeze,
    "thaw": thaw,
    "reveal": start_reveal,
    "break": break_off,
    "link": renew_link,
}


@face.get("/<code>/hall")
@guard.may(Right.RUN_HALL, of=guard.SKILLS)
def hall(competition: Competition) -> ResponseReturnValue:
    """Show one event's board: what it shows, how to open it, what can be done with it."""
    event = chosen_event(competition)
    board = board_of(event)
    return render_template(
        "organiser/hall/hall.html",
        competition=competition,
        event=event,
        board=board,
        shown=describe_board(competition, board) if board else None,
        longest_delay=int(LONGEST_DELAY.total_seconds()),
    )


@face.post("/<code>/hall/settings")
@guard.may(Right.RUN_HALL, of=guard.SKILLS)
def hall_settings(competition: Competition) -> ResponseReturnValue:
    """Switch it on or off, and say what it shows."""
    event = chosen_event(competition)
    board = _existing(event)
    form = request.form
    change_board(
        board,
        switched_on=bool(form.get("on")),
        delay=form.get("delay", ""),
        places=form.get("places", ""),
        stations=bool(form.get("stations")),
        opens_at=_instant(form.get("opens_at", "")),
        by=current_user,
    )
    flash(_("大屏设好了"), "ok")
    return _to_hall(competition, event)


@face.post("/<code>/hall/next")
@guard.may(Right.RUN_HALL, of=guard.SKILLS)
@only_once
def hall_next(competition: Competition) -> ResponseReturnValue:
    """Open one more row; a press sent twice opens one."""
    event = chosen_event(competition)
    board = _existing(event)
    reveal_next(board, current_user, posted_number("seen"))
    return _to_hall(competition, event)


@face.post("/<code>/hall/<act>")
@guard.may(Right.RUN_HALL, of=guard.SKILLS)
@only_once
def hall_act(competition: Competition, act: str) -> ResponseReturnValue:
    """Make it, freeze it, thaw it, begin or break off the ceremony, renew the link."""
    event = chosen_event(competition)
    if act == "make":
        make_board(event, current_user)
    elif act in _ACTS:
        _ACTS[act](_existing(event), current_user)
    else:
        abort(404)
    return _to_hall(competition, event)


def _existing(event: Event) -> HallBoard:
    return or_404(board_of(event))


def _instant(text: str) -> datetime | None:
    """A time of the hall's clock, or None for nothing."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=zone())
    except ValueError:
        raise invalid(msg("“颁奖时间”要写成 2026-09-16 14:00 这样")) from None


def _to_hall(competition: Competition, event: Event) -> ResponseReturnValue:
    return redirect(url_for("organiser.hall", code=competition.code, event=event.code))
