"""Attempts on the day: who marks them, in which order, who waives one, what counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from compete.models import Assignment, AuditEntry, Decision, OutcomeEntry, Slot, db
from compete.services.closing.attempt_waivers import is_waivable, waive_attempt
from compete.services.closing.lock_blockers import faults_of_scope
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
    withdraw_proposal,
)
from compete.services.competitions.overview import _absent, unjudged_modules
from compete.services.hall.board_acts import make_board
from compete.services.hall.board_table import board_table
from compete.services.hall.now import hall_now
from compete.services.judging.judge_replacement import replace_judge
from compete.services.judging.tablet_view import home_data, my_sheets, sheet_data
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import open_judging, replaced_judges
from compete.services.schedule.away import Away
from compete.services.schedule.drawn_places import drawn_so_far
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.counts import sheet_counts
from tests.support.attempted import attempt, load_attempts, open_attempts, seat_first
from tests.support.panels import Panel, client_of


@pytest.fixture
def twice(here: Flask) -> Panel:
    return open_attempts()


def order(panel: Panel, judge: str = "J1") -> list[str]:
    return [f"{it.entrant.code} {it.module}" for it in my_sheets(panel.judge(judge))]


def seated(panel: Panel, module: str) -> list[str]:
    query = select(Assignment).where(Assignment.module == module).order_by(Assignment.judge_id)
    return [seat.judge.code + seat.station for seat in db.session.scalars(query)]


def waive(panel: Panel, entrant: str, module: str = "run2", reason: str = "身体不适") -> None:
    waive_attempt(panel.sheet("J1", entrant, module), reason, panel.account("J1"))


def test_who_marks_the_first_attempt_has_the_others_without_anyone_setting_it_up(
    here: Flask,
) -> None:
    panel = load_attempts(attempts=3, best=2)
    seat_first(panel, "J1")
    seat_first(panel, "J1", "J2")
    assert seated(panel, "run3") == ["J1", "J2"]
    # An attempt with judges of its own no longer follows, nor does what comes after it.
    seat_first(panel, "J3", module="run2")
    seat_first(panel, "J1", "J4")
    assert [seated(panel, f"run{n}") for n in (1, 2, 3)] == [["J1", "J4"], ["J3"], ["J3"]]


def test_a_plan_of_the_first_attempt_alone_is_enough(here: Flask) -> None:
    panel = load_attempts()
    event = panel.competition.events[0]
    with unit_of_work() as session:
        for judge, station in (("J1", "1号"), ("J2", "1号"), ("J3", "2号"), ("J4", "2号")):
            seat = Assignment(event_id=event.id, stage="final", module="run1", station=station)
            seat.judge_id = panel.judge(judge).id
            session.add(seat)
        for code, station in (("E1", "2号"), ("E2", "2号"), ("E3", "1号")):
            place = {"stage": "final", "module": "run1", "station": station}
            session.add(Slot(entrant_id=panel.entrant(code).id, **place))
    assert unjudged_modules(panel.competition) == []
    open_judging(panel.competition, panel.organiser)
    assert order(panel, "J1") == ["E3 run1", "E3 run2"]
    # Nobody pressed it, but it is on record as if somebody had.
    record = db.session.scalars(select(AuditEntry).filter_by(action="judges.assign")).one()
    assert (record.subject, record.before, len(record.after)) == ("FORK/final/run2", [], 4)
    assert seated(panel, "run2") == seated(panel, "run1")
    assert order(panel, "J3") == ["E1 run1", "E1 run2", "E2 run1", "E2 run2"]


def test_the_second_is_called_when_the_first_is_in_and_says_which_it_is(twice: Panel) -> None:
    assert order(twice)[:3] == ["E1 run1", "E1 run2", "E2 run1"]
    second = twice.sheet("J1", "E1", "run2")
    first = twice.sheet("J1", "E1", "run1")
    assert sheet_data(second)["expected"] == {"id": first.public_id, "code": "E1 1/2"}
    attempt(twice, "E1", 1, "40", "100")
    assert sheet_data(twice.sheet("J1", "E1", "run2"))["expected"] is None
    following = sheet_data(twice.sheet("J1", "E1", "run1"))["next"]
    assert following == {"id": second.public_id, "code": "E1 2/2"}
    rows = home_data(twice.judge("J1"))["sheets"]
    assert [row["module"] for row in rows[:2]] == ["叉车作业 1/2", "叉车作业 2/2"]


@pytest.mark.parametrize("rounds", [False, True])
def test_times_of_their_own_make_it_go_by_rounds(here: Flask, rounds: bool) -> None:
    panel = open_attempts()
    with unit_of_work() as session:
        for hour, code in enumerate(("E3", "E1", "E2")):
            for number in (1, 2) if rounds else (1,):
                starts = datetime(2026, 9, 16, hour + 5 * number, tzinfo=UTC)
                place = {"stage": "final", "module": f"run{number}", "station": "1号"}
                session.add(Slot(entrant_id=panel.entrant(code).id, starts_at=starts, **place))
    turns = [("E3", 1), ("E3", 2), ("E1", 1), ("E1", 2), ("E2", 1), ("E2", 2)]
    if rounds:
        turns.sort(key=lambda turn: turn[1])
    assert order(panel) == [f"{code} run{number}" for code, number in turns]


@pytest.mark.parametrize("timed", [False, True])
def test_by_rounds_a_second_attempt_waits_for_everybodys_first(here: Flask, timed: bool) -> None:
    panel = open_attempts(rounds=True)
    firsts = ["E1", "E2", "E3"]
    if timed:
        firsts = ["E3", "E1", "E2"]
        with unit_of_work() as session:
            for hour, code in enumerate(firsts):
                starts = datetime(2026, 9, 16, hour + 1, tzinfo=UTC)
                place = {"stage": "final", "module": "run1", "station": "1号"}
                session.add(Slot(entrant_id=panel.entrant(code).id, starts_at=starts, **place))
    seconds = [f"{code} run2" for code in firsts]
    assert order(panel) == [*(f"{code} run1" for code in firsts), *seconds]
    assert sheet_data(panel.sheet("J1", "E1", "run2"))["expected"]["code"].endswith("1/2")
    attempt(panel, "E1", 1, "40", "100")
    # Of the others nobody has made the first.
    expected = sheet_data(panel.sheet("J1", "E1", "run2"))["expected"]
    assert expected["code"] == f"{next(it for it in firsts if it != 'E1')} 1/2"
    for code in ("E2", "E3"):
        attempt(panel, code, 1, "40", "100")
    assert sheet_data(panel.sheet("J1", "E1", "run2"))["expected"] is None


def test_who_waives_the_second_keeps_the_first(twice: Panel) -> None:
    attempt(twice, "E1", 1, "40", "101")
    assert is_waivable(twice.sheet("J2", "E1", "run2"))
    waive(twice, "E1")
    assert "E1 run2" not in order(twice, "J2")
    row = live_results(twice.competition).results.events[0].standings[0]
    # 40 + 40 × 299 ÷ 300 = 79.87, cut off upwards.
    assert (row.entrant, row.status, row.total) == ("E1", "ranked", "80.00")
    (outcome,) = db.session.scalars(select(OutcomeEntry))
    assert (outcome.module, outcome.status, outcome.reason) == ("run2", "dns", "身体不适")
    record = db.session.scalars(select(AuditEntry).filter_by(action="decision.confirm")).one()
    assert record.after["alone"] is True
    assert export_bundle(twice.competition).outcomes[0].reason == "身体不适"
    # Nobody calls them absent: they were there.
    assert _absent(twice.competition) == []


def test_a_waiver_by_mistake_is_taken_back(twice: Panel) -> None:
    attempt(twice, "E1", 1, "40", "101")
    waive(twice, "E1")
    decision = db.session.scalars(select(Decision)).one()
    withdraw_proposal(decision, "点错了", twice.organiser, seen="confirmed")
    attempt(twice, "E1", 2, "50", "100")
    row = live_results(twice.competition).results.events[0].standings[0]
    assert (row.entrant, row.total) == ("E1", "90.00")


def test_one_person_alone_takes_nobody_out_of_the_contest(twice: Panel) -> None:
    with pytest.raises(Refused, match="一次都没做的按缺考办"):
        waive(twice, "E1")
    attempt(twice, "E1", 1, "40", "100", judges="1")
    with pytest.raises(Refused, match="交了另一次"):
        waive(twice, "E1")
    attempt(twice, "E1", 1, "40", "100", judges="2")
    with pytest.raises(Refused, match="理由没写"):
        waive(twice, "E1", reason=" ")
    waive(twice, "E1")
    with pytest.raises(Refused, match="已经不用评了"):
        waive(twice, "E1")
    with pytest.raises(Refused, match="已经有人评了"):
        waive(twice, "E1", "run1")
    # What was begun is no waiver, whoever of the panel began.
    attempt(twice, "E2", 1, "40", "100")
    twice.act(twice.sheet("J2", "E2", "run2"), "mark", aspect="work", value="3")
    with pytest.raises(Refused, match="中途退出"):
        waive(twice, "E2")


def test_no_module_but_an_attempt_is_waived(here: Flask) -> None:
    panel = open_attempts(theory=True)
    paper = panel.sheet("J3", "E1", "paper")
    assert not is_waivable(paper)
    with pytest.raises(Refused, match="按缺考办"):
        waive_attempt(paper, "累了", panel.account("J3"))


def both_and_theory() -> Panel:
    """J1 marks both attempts, and the theory besides."""
    panel = load_attempts(theory=True)
    seat_first(panel, "J1", "J2")
    seat_first(panel, "J1", module="paper")
    open_judging(panel.competition, panel.organiser)
    return panel


def test_the_page_names_the_attempts_in_which_somebody_is_replaced(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = both_and_theory()
    desk, page = client_of(app, panel, ""), "/desk/TWICE/judges/J1/replace"
    assert ">叉车作业 1/2、叉车作业 2/2</a>" in desk.get(page).text
    second = desk.get(f"{page}?module=FORK|final|run2").text
    assert re.search(r'aria-current="page">叉车作业 1/2、叉车作业 2/2</a>', second)
    assert "6 张没交的评分表跟着走" in second


def test_who_is_replaced_in_one_attempt_is_replaced_in_the_others_in_one_act(
    here: Flask,
) -> None:
    panel = both_and_theory()
    attempt(panel, "E1", 1, "40", "100", judges="1")
    event = panel.competition.events[0]
    old, new = panel.judge("J1"), panel.judge("J4")
    done = replace_judge(old, new, "病了", panel.organiser, at=(event.id, "final", "run1"))
    assert (len(done.sheets), done.kept, done.elsewhere) == (5, 1, True)
    assert [seated(panel, module) for module in ("run1", "run2", "paper")] == [
        ["J2", "J4"],
        ["J2", "J4"],
        ["J1"],
    ]
    record = db.session.scalars(select(AuditEntry).filter_by(action="judge.replace")).one()
    assert record.after["at"] == ["FORK/final/run1", "FORK/final/run2"]
    assert record.after["only"] == "叉车作业 1/2、叉车作业 2/2"
    # In none of them they come back; of the theory they are still the judge.
    for module in ("run1", "run2"):
        assert replaced_judges(event, "final", module) == {old.id}
    assert replaced_judges(event, "final", "paper") == frozenset()


def test_progress_and_locks_wait_for_what_is_missing_alone(twice: Panel) -> None:
    event = twice.competition.events[0]
    assert (sheet_counts(twice.competition).all, sheet_counts(twice.competition).left) == (12, 12)
    for code in ("E1", "E2", "E3"):
        attempt(twice, code, 1, "40", "100")
    waive(twice, "E1")
    attempt(twice, "E2", 2, "41", "100")
    counts = sheet_counts(twice.competition)
    assert (counts.all, counts.done) == (10, 8)

    def faults(module: str) -> list[str]:
        return [str(it.what) for it in faults_of_scope(event, "final", module, None, signed=False)]

    assert faults("run1") == []
    assert faults("run2") == ["没交的评分表 2 张"]
    attempt(twice, "E3", 2, "1", "400")
    assert faults("run2") == []


def test_the_hall_shows_the_best_so_far_and_says_so(twice: Panel) -> None:
    event = twice.competition.events[0]
    attempt(twice, "E1", 1, "40", "100")
    attempt(twice, "E2", 1, "50", "100")
    waive(twice, "E2")

    def rows() -> list[tuple[int, str, str, str]]:
        table = board_table(twice.competition, event)
        return [(row.rank, row.number, row.total, row.so_far) for row in table.rows]

    assert rows() == [(1, "E2", "90.00", ""), (2, "E1", "80.00", "1/2")]
    # What is still to be made is not waived.
    waits = board_table(twice.competition, event).rows[1]
    assert (waits.values, waits.notes) == (("80", "—"), ())
    # One judge alone has handed the second in: it is not there yet.
    attempt(twice, "E1", 2, "60", "100", judges="1")
    assert rows() == [(1, "E2", "90.00", ""), (2, "E1", "80.00", "1/2")]
    attempt(twice, "E1", 2, "60", "100", judges="2")
    assert rows() == [(1, "E1", "100.00", ""), (2, "E2", "90.00", "")]
    values, notes = zip(
        *((row.values, row.notes) for row in board_table(twice.competition, event).rows),
        strict=True,
    )
    assert board_table(twice.competition, event).columns == ("叉车作业 1/2", "叉车作业 2/2")
    assert values == (("80", "100"), ("90", "—"))
    assert notes == (("不计", ""), ("", "放弃"))
    # Who waived an attempt is in the count, and done.
    now = hall_now(make_board(event, twice.organiser))
    assert (now.done, now.all) == (2, 3)


def test_too_few_attempts_are_no_best_yet(here: Flask) -> None:
    panel = open_attempts(attempts=3, best=2, theory=True)
    event = panel.competition.events[0]
    attempt(panel, "E1", 1, "40", "100")
    panel.fill(panel.sheet("J3", "E1", "paper"), {"all": "50"})
    assert board_table(panel.competition, event).rows == ()
    attempt(panel, "E1", 2, "50", "100")
    table = board_table(panel.competition, event)
    (row,) = table.rows
    # Four columns are too many for the wall: the part has one.
    assert table.columns == ("叉车作业", "理论")
    # (80 + 90) ÷ 2 × 60 % + 50 × 40 %
    assert (row.total, row.so_far) == ("71.00", "2/3")
    # What else is missing is missing.
    attempt(panel, "E2", 1, "60", "100")
    attempt(panel, "E2", 2, "60", "100")
    assert [it.number for it in board_table(panel.competition, event).rows] == ["E1"]


def test_who_waived_is_not_counted_as_away_from_the_draw(twice: Panel) -> None:
    attempt(twice, "E1", 1, "40", "100")
    waive(twice, "E1")
    so_far = drawn_so_far(twice.competition)
    assert (so_far.away, so_far.expected) == (0, 3)
    away = Away(twice.competition)
    assert str(away.word_in(twice.entrant("E1"), "final", "run2")) == "放弃第 2 次"
    assert away.word_in(twice.entrant("E1"), "final", "run1") is None
    # Who missed both is away.
    wanted = Proposal("dns", "final", None, "没来", "检录表")
    decision = propose_decision(twice.entrant("E2"), wanted, twice.account("C1"))
    confirm_proposal(decision, twice.organiser)
    so_far = drawn_so_far(twice.competition)
    assert (so_far.away, so_far.expected) == (1, 2)
