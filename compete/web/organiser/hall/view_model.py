"""The hall's board as the desk sees it: its phase, its rows, what can be done next."""

from __future__ import annotations

from flask import url_for

from compete.domain.hall import PHASE_WORDS, BoardPhase, SnapshotPurpose
from compete.models import Competition, Event, HallBoard
from compete.services.hall.board import final_rows
from compete.services.hall.snapshots import latest_snapshot
from compete.web.addresses import public_url
from compete.web.language import say
from compete.web.organiser.hall.shapes import BoardCard
from compete.web.shapes import Chip
from compete.web.templating import moment, moment_said, zone

_CHIPS = {
    BoardPhase.LIVE: "info",
    BoardPhase.FROZEN: "solid",
    BoardPhase.REVEALING: "warn",
    BoardPhase.OPENED: "ok",
}

_OWN_ENDPOINTS = {"settings": "organiser.hall_settings", "next": "organiser.hall_next"}


def describe_board(competition: Competition, event: Event, board: HallBoard) -> BoardCard:
    """The board as the desk sees it: phase, rows opened, the next step and the others."""
    rows = final_rows(board) if board.phase is BoardPhase.REVEALING else 0
    frozen = latest_snapshot(board, SnapshotPurpose.FROZEN)
    return BoardCard(
        on=board.switched_on,
        url=public_url("hall.board", code=competition.code, token=board.token),
        delay=board.delay_seconds,
        places=board.places,
        stations=board.stations,
        blind=event.blind,
        opens_at=board.opens_at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")
        if board.opens_at
        else "",
        phase=board.phase.value,
        chip=Chip(text=say(PHASE_WORDS[board.phase]), kind=_CHIPS[board.phase]),
        frozen_at=moment_said(frozen.taken_at) if frozen else "",
        opened_at=moment(board.opened_at),
        rows=rows,
        revealed=board.revealed,
        left=rows - board.revealed,
        acts={
            act: url_of_act(competition, event, act)
            for act in ("settings", "freeze", "thaw", "reveal", "next", "break", "link")
        },
    )


def url_of_act(competition: Competition, event: Event, act: str) -> str:
    """Where one of the board's steps is posted."""
    code = competition.code
    if act in _OWN_ENDPOINTS:
        return url_for(_OWN_ENDPOINTS[act], code=code, event=event.code)
    return url_for("organiser.hall_act", code=code, act=act, event=event.code)
