"""The hall's board: its settings, its rank table, what goes on now, and snapshots of it."""

from compete.services.hall.board import (
    board_of,
    break_off,
    change_board,
    final_rows,
    find_board,
    freeze,
    make_board,
    renew_link,
    reveal_next,
    start_reveal,
    thaw,
)
from compete.services.hall.floor import (
    SILENT_AFTER,
    AtOneStation,
    Floor,
    FloorState,
    OnFloor,
    floor_of,
)
from compete.services.hall.now import AtStation, hall_now
from compete.services.hall.snapshots import (
    first_taken,
    latest_snapshot,
    read_table,
    shown_number,
    shown_snapshot,
)
from compete.services.hall.table import names_open

__all__ = [
    "SILENT_AFTER",
    "AtOneStation",
    "AtStation",
    "Floor",
    "FloorState",
    "OnFloor",
    "board_of",
    "break_off",
    "change_board",
    "final_rows",
    "find_board",
    "first_taken",
    "floor_of",
    "freeze",
    "hall_now",
    "latest_snapshot",
    "make_board",
    "names_open",
    "read_table",
    "renew_link",
    "reveal_next",
    "shown_number",
    "shown_snapshot",
    "start_reveal",
    "thaw",
]
