"""The own row of the board, for a contestant with several attempts."""

from __future__ import annotations

from compete.domain.hall import BoardPhase, BoardRow
from compete.models import Entrant
from compete.services.hall.board_acts import board_of
from compete.services.hall.board_table import names_open
from compete.services.hall.snapshots import read_table, shown_snapshot
from compete.services.kernel.event_rules import rules_of
from compete.services.sheets.blind_codes import is_coded


def own_row(entrant: Entrant) -> BoardRow | None:
    """What the hall's board has of an entrant of an event with several attempts, as late as there.

    None where the board is off, frozen or coded: the phone then knows no more than the screen.
    """
    event = entrant.event
    if all(part.take is None for stage in rules_of(event).stages for part in stage.parts):
        return None
    board = board_of(event)
    if board is None or not board.switched_on or board.phase is not BoardPhase.LIVE:
        return None
    if is_coded(event) or not names_open(event):
        return None
    snapshot = shown_snapshot(board)
    rows = read_table(snapshot).rows if snapshot is not None else ()
    return next((row for row in rows if row.number == entrant.code), None)
