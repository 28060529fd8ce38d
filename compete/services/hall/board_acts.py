"""The hall's board as its organiser runs it: switch on, freeze, open row by row."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from compete.domain.hall import BOARD_MOVES, PHASE_WORDS, BoardPhase, SnapshotPurpose, within
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.states import CompetitionState
from compete.models import Account, Event, HallBoard, db, utc_now
from compete.models.types import token_hash
from compete.services.closing.blockers import find_blockers
from compete.services.closing.recheck_state import recheck_blockers
from compete.services.hall.now import hall_now
from compete.services.hall.snapshots import (
    LONGEST_DELAY,
    keep,
    latest_snapshot,
    read_table,
    shown_snapshot,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.live import live_results

MOST_PLACES = 99
_DECIDED = (CompetitionState.LOCKED, CompetitionState.NOTICE, CompetitionState.FINAL)


def find_board(code: str, token: str) -> HallBoard | None:
    """The board of that link, if it is switched on; else None."""
    board = db.session.scalar(select(HallBoard).where(HallBoard.token_hash == token_hash(token)))
    if board is None or not board.switched_on or board.event.competition.code != code:
        return None
    return board


def board_of(event: Event) -> HallBoard | None:
    """The event's board, or None while nobody has made one."""
    return db.session.scalar(select(HallBoard).where(HallBoard.event_id == event.id))


def make_board(event: Event, by: Account) -> HallBoard:
    """The event's board, made if there is none yet; switched off to begin with."""
    with unit_of_work() as session:
        own_board = board_of(event)
        if own_board is not None:
            return own_board
        token = secrets.token_urlsafe(18)
        board = HallBoard(
            event_id=event.id,
            token=token,
            token_hash=token_hash(token),
            stations=not event.blind,
        )
        session.add(board)
        audit.record(event.competition, by, "hall.make", event.code)
    return board


def change_board(
    board: HallBoard,
    *,
    switched_on: bool,
    delay: str,
    places: str,
    stations: bool,
    opens_at: datetime | None,
    by: Account,
) -> None:
    """Set the board; `Refused` for numbers that are none, naming the field."""
    most = int(LONGEST_DELAY.total_seconds())
    seconds = _whole(delay, msg("晚多少秒"), 0, most)
    count = _whole(places, msg("显示前几名"), 1, MOST_PLACES)
    with unit_of_work():
        board = _locked(board)
        if board.phase is BoardPhase.REVEALING and count != board.places:
            raise Refused(msg("正在揭晓，不能改显示前几名"))
        board.switched_on, board.delay_seconds, board.places = switched_on, seconds, count
        board.stations, board.opens_at = stations, opens_at
        _record(
            board,
            by,
            "hall.settings",
            {
                "on": switched_on,
                "delay": seconds,
                "places": count,
                "stations": stations,
                "opens_at": opens_at.isoformat() if opens_at else None,
            },
        )


def renew_link(board: HallBoard, by: Account) -> None:
    """A new link; whoever has the old one sees nothing any more."""
    with unit_of_work():
        board = _locked(board)
        board.token = secrets.token_urlsafe(18)
        board.token_hash = token_hash(board.token)
        _record(board, by, "hall.link", None)


def freeze(board: HallBoard, by: Account) -> None:
    """Store what the screen shows now; it shows that until it is opened."""
    on_screen = shown_snapshot(board)
    now = hall_now(board)
    with unit_of_work():
        board = _move(_locked(board), BoardPhase.FROZEN)
        snapshot = keep(board, SnapshotPurpose.FROZEN, on_screen)
        snapshot.content = {**snapshot.content, "done": [now.done, now.all]}
        _record(board, by, "hall.freeze", {"version": snapshot.version})


def thaw(board: HallBoard, by: Account) -> None:
    """Go back to live, from a freeze by mistake or after the ceremony."""
    with unit_of_work():
        board = _move(_locked(board), BoardPhase.LIVE)
        board.revealed, board.opened_at = 0, None
        _record(board, by, "hall.unfreeze", None)


def start_reveal(board: HallBoard, by: Account) -> None:
    """Store the final table; from now on each press opens one row, from the last up.

    What the hall sees is then as good as announced: marks must be locked, and
    nothing may be left that would keep results from being published.
    """
    with unit_of_work():
        board = _locked(board)
        refuse_if(reveal_blocker(board))
        _move(board, BoardPhase.REVEALING)
        board.revealed = 0
        snapshot = keep(board, SnapshotPurpose.FINAL)
        _record(board, by, "hall.reveal", {"version": snapshot.version})


def reveal_blocker(board: HallBoard) -> Message | None:
    """Why the ceremony cannot begin yet; None if it can."""
    competition = board.event.competition
    if competition.state not in _DECIDED:
        return msg("评分还没锁定，现在揭晓了还会变")
    results = live_results(competition).results
    left = [*find_blockers(competition, results), *recheck_blockers(competition, results)]
    return msg("还不能揭晓：%(what)s", what=left[0].what) if left else None


def reveal_next(board: HallBoard, by: Account, seen: int) -> int:
    """Open one more row; returns how many are open.

    `seen` is how many the presser's page showed: a press that was sent twice
    opens one row. After the first place the board is opened.
    """
    with unit_of_work():
        board = _locked(board)
        if board.phase is not BoardPhase.REVEALING:
            raise Refused(msg("现在不在揭晓"))
        if seen == board.revealed:
            board.revealed += 1
            if board.revealed >= final_rows(board):
                _move(board, BoardPhase.OPENED)
                board.opened_at = utc_now()
                _record(board, by, "hall.open", {"rows": board.revealed})
        return board.revealed


def break_off(board: HallBoard, by: Account) -> None:
    """Hide everything again and go back to the frozen table."""
    with unit_of_work():
        board = _move(_locked(board), BoardPhase.FROZEN)
        board.revealed = 0
        _record(board, by, "hall.break_off", None)


def final_rows(board: HallBoard) -> int:
    """Count the rows of the ceremony."""
    snapshot = latest_snapshot(board, SnapshotPurpose.FINAL)
    if snapshot is None:
        return 0
    return len(within(read_table(snapshot).rows, board.places))


def _locked(board: HallBoard) -> HallBoard:
    """The board as it stands now, claimed until the unit of work ends: two presses never mix."""
    return db.session.get_one(HallBoard, board.id, with_for_update=True, populate_existing=True)


def _move(board: HallBoard, to: BoardPhase) -> HallBoard:
    if to not in BOARD_MOVES[board.phase]:
        raise Refused(
            msg(
                "大屏现在是“%(now)s”，不能变成“%(to)s”",
                now=PHASE_WORDS[board.phase],
                to=PHASE_WORDS[to],
            )
        )
    board.phase = to
    return board


def _record(board: HallBoard, by: Account, action: str, after: object) -> None:
    audit.record(board.event.competition, by, action, board.event.code, after=after)


def _whole(text: str, name: object, least: int, most: int) -> int:
    number = whole_number(text, most, least=least)
    if number is None:
        raise invalid(
            msg("“%(name)s”要 %(least)s 到 %(most)s 的整数", name=name, least=least, most=most)
        )
    return number
