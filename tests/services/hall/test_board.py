"""The hall's board: stored tables, the delay, the freeze that really freezes, the ceremony."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from flask import Flask

from compete.domain.hall import BoardPhase, BoardTable, SnapshotPurpose
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Account,
    Act,
    BoardSnapshot,
    Competition,
    HallBoard,
    PenaltyEntry,
    Sheet,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.hall.board_acts import (
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
from compete.services.hall.now import hall_now
from compete.services.hall.snapshots import (
    latest_snapshot,
    live_snapshot,
    read_table,
    shown_snapshot,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.contest import contest

NOON = datetime(2022, 9, 16, 4, 0, tzinfo=UTC)


@pytest.fixture
def organiser(here: Flask) -> Account:
    return create_account("吴敏")


@pytest.fixture
def make(here: Flask, organiser: Account) -> Callable[..., HallBoard]:
    """A board that is switched on, of a contest of twelve."""

    def run(**keys: object) -> HallBoard:
        competition = load_bundle(contest(**{"entrants": 12, **keys}))
        board = make_board(competition.events[0], organiser)
        set_up(board, organiser)
        return board

    return run


def set_up(board: HallBoard, by: Account, **keys: object) -> None:
    usual = {
        "switched_on": True,
        "delay": "0",
        "places": "9",
        "stations": True,
        "opens_at": None,
    }
    change_board(board, **(usual | keys), by=by)


def table(snapshot: BoardSnapshot | None) -> BoardTable:
    assert snapshot is not None
    return read_table(snapshot)


def punish(competition: Competition, number: str, by: Account) -> None:
    """Throw somebody down the ranks, as a change that leaves its row in the chain."""
    with unit_of_work() as session:
        entrant = next(e for e in session.query(Sheet).all() if e.label == number).entrant
        session.add(
            PenaltyEntry(
                entrant_id=entrant.id, stage="final", module="practice", points=Decimal(70)
            )
        )
        audit.record(competition, by, "penalty.record", number)


def lock(competition: Competition) -> None:
    with unit_of_work():
        competition.state = CompetitionState.LOCKED


def test_the_table_has_ranks_gaps_and_the_shares_of_the_total(
    make: Callable[..., HallBoard],
) -> None:
    shown = table(live_snapshot(make()))
    assert [row.rank for row in shown.rows] == list(range(1, 13))
    assert shown.columns == ("理论", "实操")
    first, second = shown.rows[:2]
    assert first.gap == ""
    assert Decimal(second.gap.replace("−", "-")) == Decimal(second.total) - Decimal(first.total)
    assert len(first.values) == 2
    assert first.name.startswith("选手")
    assert first.unit.endswith("港")


def test_a_coded_event_shows_codes_and_stores_no_name_at_all(
    make: Callable[..., HallBoard],
) -> None:
    board = make(blind=True)
    snapshot = live_snapshot(board)
    assert all(row.name == row.unit == "" for row in table(snapshot).rows)
    assert all(not row.number.startswith("P") for row in table(snapshot).rows)
    assert "选手" not in str(snapshot.content)


def test_names_come_once_all_is_announced(make: Callable[..., HallBoard]) -> None:
    board = make(blind=True)
    with unit_of_work():
        board.event.competition.state = CompetitionState.NOTICE
    assert table(live_snapshot(board)).rows[0].name.startswith("选手")


def test_who_has_not_been_marked_wholly_is_not_ranked(make: Callable[..., HallBoard]) -> None:
    board = make(unmarked=("P003", "P004"))
    numbers = {row.number for row in table(live_snapshot(board)).rows}
    assert len(numbers) == 10
    assert not numbers & {"P003", "P004"}


def test_a_table_is_worked_out_once_for_each_change(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make()
    first = live_snapshot(board)
    assert live_snapshot(board).id == first.id
    punish(board.event.competition, "P001", organiser)
    # Within three seconds the table stands: marks that rain down cost one scoring.
    assert live_snapshot(board).id == first.id
    assert live_snapshot(board, at_once=True).id != first.id
    assert first.version < latest_snapshot(board, SnapshotPurpose.LIVE).version


@pytest.mark.each_database
def test_a_freeze_is_a_stored_table_that_later_marks_do_not_move(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make()
    before = table(live_snapshot(board))
    freeze(board, organiser)
    leader = before.rows[0].number
    punish(board.event.competition, leader, organiser)
    assert table(live_snapshot(board, at_once=True)).rows[0].number != leader
    frozen = latest_snapshot(board, SnapshotPurpose.FROZEN)
    assert table(frozen).rows == before.rows
    assert table(frozen).done == (hall_now(board).done, hall_now(board).all)
    assert db.session.get_one(HallBoard, board.id).phase is BoardPhase.FROZEN


def test_a_freeze_of_a_delayed_board_keeps_what_the_hall_was_seeing(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        board = make()
        set_up(board, organiser, delay="300")
        seen = table(live_snapshot(board))
        clock.shift(timedelta(minutes=6))
        punish(board.event.competition, seen.rows[0].number, organiser)
        freeze(board, organiser)
    frozen = latest_snapshot(board, SnapshotPurpose.FROZEN)
    assert table(frozen).rows == seen.rows
    assert frozen.taken_at == NOON


def test_a_delayed_board_shows_what_was_true_then(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        board = make()
        set_up(board, organiser, delay="120")
        assert shown_snapshot(board) is None
        clock.shift(timedelta(seconds=119))
        assert shown_snapshot(board) is None
        clock.shift(timedelta(seconds=1))
        before = table(shown_snapshot(board))
        leader = before.rows[0].number
        punish(board.event.competition, leader, organiser)
        clock.shift(timedelta(seconds=5))
        # This look stores the new table, but shows it only when its time has come.
        assert table(shown_snapshot(board)).rows[0].number == leader
        clock.shift(timedelta(seconds=119))
        assert table(shown_snapshot(board)).rows[0].number == leader
        clock.shift(timedelta(seconds=2))
        assert table(shown_snapshot(board)).rows[0].number != leader


def test_old_live_tables_are_thrown_away_and_frozen_ones_never(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        board = make()
        live_snapshot(board)
        freeze(board, organiser)
        for _hour in range(3):
            clock.shift(timedelta(hours=1))
            punish(board.event.competition, "P002", organiser)
            live_snapshot(board)
        kept = db.session.query(BoardSnapshot).all()
    assert sum(snapshot.purpose is SnapshotPurpose.LIVE for snapshot in kept) == 2
    assert sum(snapshot.purpose is SnapshotPurpose.FROZEN for snapshot in kept) == 1


def test_the_ceremony_waits_for_the_lock_and_for_the_re_check(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make(level="provincial-2")
    freeze(board, organiser)
    with pytest.raises(Refused, match="评分还没锁定"):
        start_reveal(board, organiser)
    lock(board.event.competition)
    with pytest.raises(Refused, match="还不能揭晓：还没抽复核"):
        start_reveal(board, organiser)
    assert db.session.get_one(HallBoard, board.id).phase is BoardPhase.FROZEN


@pytest.mark.each_database
def test_each_press_opens_one_row_and_the_last_opens_the_board(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make()
    set_up(board, organiser, places="3")
    freeze(board, organiser)
    lock(board.event.competition)
    start_reveal(board, organiser)
    assert final_rows(board) == 3
    assert reveal_next(board, organiser, 0) == 1
    # The same press sent twice.
    assert reveal_next(board, organiser, 0) == 1
    assert reveal_next(board, organiser, 1) == 2
    assert board.phase is BoardPhase.REVEALING
    assert reveal_next(board, organiser, 2) == 3
    assert board.phase is BoardPhase.OPENED
    assert board.opened_at is not None
    with pytest.raises(Refused, match="现在不在揭晓"):
        reveal_next(board, organiser, 3)


def test_a_ceremony_that_is_broken_off_begins_again_with_nothing_open(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make()
    freeze(board, organiser)
    lock(board.event.competition)
    start_reveal(board, organiser)
    reveal_next(board, organiser, 0)
    break_off(board, organiser)
    assert board.phase is BoardPhase.FROZEN
    start_reveal(board, organiser)
    assert board.revealed == 0


def test_moves_that_make_no_sense_are_refused(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make()
    with pytest.raises(Refused, match="大屏现在是“实时”"):
        thaw(board, organiser)
    freeze(board, organiser)
    with pytest.raises(Refused, match="大屏现在是“封榜”"):
        freeze(board, organiser)
    thaw(board, organiser)
    assert board.phase is BoardPhase.LIVE


def test_only_the_right_link_of_a_board_that_is_on_is_found(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    board = make()
    token = board.token
    assert find_board("CUP", token) is not None
    assert find_board("CUP", token + "x") is None
    assert find_board("OTHER", token) is None
    renew_link(board, organiser)
    assert find_board("CUP", token) is None
    assert find_board("CUP", board.token) is not None
    set_up(board, organiser, switched_on=False)
    assert find_board("CUP", board.token) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("delay", "-1"), ("delay", "1801"), ("delay", "x"), ("places", "0"), ("places", "9" * 5000)],
)
def test_settings_that_are_no_numbers_are_refused_by_name(
    make: Callable[..., HallBoard], organiser: Account, field: str, value: str
) -> None:
    names = {"delay": "晚多少秒", "places": "显示前几名"}
    with pytest.raises(Refused, match=names[field]):
        set_up(make(), organiser, **{field: value})


def start_watch(sheet: Sheet, *, stop: bool = False, moment: datetime | None = None) -> None:
    with unit_of_work() as session:
        for kind in ("watch_start", "watch_stop")[: 2 if stop else 1]:
            session.add(
                Act(
                    uuid=str(uuid.uuid4()),
                    sheet_id=sheet.id,
                    judge_id=sheet.judge_id,
                    kind=kind,
                    said_at=moment.isoformat() if moment else None,
                )
            )


@pytest.mark.each_database
def test_running_and_stopped_watches_show_at_their_stations(
    make: Callable[..., HallBoard],
) -> None:
    board = make(entrants=4)
    with time_machine.travel(NOON, tick=False) as clock:
        sheets = db.session.query(Sheet).filter_by(module="practice").all()
        with unit_of_work():
            for sheet in sheets:
                sheet.state = SheetState.BEGUN
        first = next(sheet for sheet in sheets if sheet.label == "P001")
        second = next(sheet for sheet in sheets if sheet.label == "P002")
        start_watch(first, moment=NOON - timedelta(seconds=40))
        start_watch(second, stop=True, moment=NOON - timedelta(hours=3))
        clock.shift(timedelta(seconds=20))
        now = hall_now(board)
    running, stopped = now.stations
    assert (running.station, running.number, running.stopped) == ("1号工位", "P001", False)
    assert running.started == NOON - timedelta(seconds=40)
    # A clock that is hours off is not believed: the server's time stands.
    assert (stopped.number, stopped.stopped, stopped.started) == ("P002", True, NOON)


def test_stations_and_who_is_next_stay_hidden_where_the_board_keeps_them(
    make: Callable[..., HallBoard], organiser: Account
) -> None:
    with time_machine.travel(datetime(2022, 9, 16, 0, 0, tzinfo=UTC), tick=False):
        board = make(unmarked=("P011",))
        set_up(board, organiser, stations=False)
        hidden = hall_now(board)
    assert hidden.stations == []
    assert hidden.coming == []
    # P011 has no sheet: that is no more done than an empty one.
    assert (hidden.done, hidden.all) == (11, 12)


def test_a_blind_events_board_keeps_stations_to_itself_from_the_start(
    here: Flask, organiser: Account
) -> None:
    competition = load_bundle(contest(entrants=4, blind=True))
    assert make_board(competition.events[0], organiser).stations is False
