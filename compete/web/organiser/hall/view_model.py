"""The hall's board as the desk sees it: its phase, its link, and how many rows are left."""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.hall import PHASE_WORDS, BoardPhase, SnapshotPurpose
from compete.models import BoardSnapshot, Competition, HallBoard
from compete.services.hall.board import final_rows
from compete.services.hall.snapshots import latest_snapshot
from compete.web.addresses import public_url
from compete.web.language import say
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
    """What the page says of a board beside its row."""

    url: str
    chip: Chip
    """The phase in words."""
    left: int
    """How many rows the ceremony opens yet."""
    frozen: BoardSnapshot | None
    opens_at: str
    """As the field takes it; empty where no time is set."""


def describe_board(competition: Competition, board: HallBoard) -> BoardOnDesk:
    """The board as the desk sees it: link, phase, rows to open."""
    rows = final_rows(board) if board.phase is BoardPhase.REVEALING else 0
    at = board.opens_at
    return BoardOnDesk(
        public_url("hall.board", code=competition.code, token=board.token),
        Chip(text=say(PHASE_WORDS[board.phase]), kind=_CHIPS[board.phase]),
        rows - board.revealed,
        latest_snapshot(board, SnapshotPurpose.FROZEN),
        at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if at else "",
    )
