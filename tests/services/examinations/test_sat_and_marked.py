"""An examination from the seat to the mark: acts once each, the server's clock, the file's word."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask

from compete.domain.exam.bank import Pool
from compete.domain.exam.exam_reading import read_exam
from compete.domain.exam.exam_results import ExamResults
from compete.domain.exam.exam_scoring import score_exam
from compete.domain.exam.files import file_sha256
from compete.domain.values.examination_states import BankRequestKind, SittingState
from compete.domain.values.roles import BankRole
from compete.models import ExamAct, Examination, Job, db
from compete.services.closing.penalties_and_outcomes import decisions_of
from compete.services.examinations import exam_marks
from compete.services.examinations.board import board_of
from compete.services.examinations.exam_file import ScoredExam, exam_file
from compete.services.examinations.exam_marks import (
    come_since_marked,
    take_exam_marks,
    take_marks_or_ask,
    why_not_marked,
)
from compete.services.examinations.key_corrections import (
    KeyFields,
    agree_key,
    ask_key,
    questions_asked,
    who_would_change,
)
from compete.services.examinations.rooms import add_time, close_room, start_room
from compete.services.examinations.seats import (
    let_in_late,
    move_device,
    undo_hand_in,
    void_sitting,
)
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.questions.by_two import (
    SealFields,
    agree_to_it,
    ask_for_two,
    ask_to_seal,
)
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_seals import check_acts
from tests.support import banks
from tests.support.banks import administrator, in_bank
from tests.support.examinations import Hall, Seat, right_answers
from tests.support.signing_in import signed_in


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with app.app_context():
        yield Hall()
        db.session.rollback()


def right(hall: Hall, code: str) -> dict[str, Any]:
    """The right answers to the sitting's form, by question."""
    return right_answers(hall.exam, hall.sitting(code).form)


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.each_database
def test_a_candidate_sits_answers_moves_and_the_mark_agrees_with_the_file(
    app: Flask, hall: Hall
) -> None:
    by = hall.panel.organiser
    room = hall.open()
    code = room.code
    first = Seat(app, code, "E1", off=timedelta(hours=1))
    assert first.sit(number="E9")[0] == 422
    status, looked = first.sit(confirm=False)
    assert (status, looked["person"]["name"]) == (200, "王一")
    with pytest.raises(Refused, match="还没有人"):
        start_room(hall.room, by)
    assert first.sit()[0] == 200
    assert first.whole["state"] == "waiting"
    assert first.whole["key"] is None
    # The paper is fetched before the start, and says nothing without its key.
    sealed = first.client.get("/api/exam/paper").json
    assert sealed is not None
    assert hashlib.sha256(decoded(sealed["sealed"])).hexdigest() == first.whole["paper"]["sha256"]
    assert first.client.get("/api/exam/paper?open=1").status_code == 409
    assert questions_asked(hall.exam) == []
    with pytest.raises(Refused, match="还没有考场开考"):
        ask_key(hall.exam, KeyFields(question="Q001", struck=True, reason="超纲"), by)
    early = first.send(first.act("answer", "Q01", "A"))
    assert early["held"] == []
    assert early["refused"][0]["reason"] == "还没开考"
    other = Seat(app, code, "E1")
    assert "换机" in other.sit()[1]["error"]

    start_room(hall.room, by)
    now = first.look()
    assert now["state"] == "open"
    opened = AESGCM(decoded(now["key"])).decrypt(
        decoded(sealed["nonce"]), decoded(sealed["sealed"]), None
    )
    shown = json.loads(opened)
    assert [row["code"] for row in shown["questions"]] == list(right(hall, "E1"))
    assert b'"key"' not in opened
    assert b"explanation" not in opened
    assert first.client.get("/api/exam/paper?open=1").data == opened

    answers = right(hall, "E1")
    *some, last = answers
    acts = [first.act("answer", question, answers[question]) for question in some]
    stored = first.send(*acts)
    assert stored["held"] == [act["uuid"] for act in acts]
    again = first.send(*acts)
    assert (again["held"], again["refused"]) == (stored["held"], [])
    changed = {**acts[0], "value": None}
    assert first.send(changed)["refused"][0]["uuid"] == acts[0]["uuid"]
    doubled = first.act("answer", last, None) | {"number": acts[0]["number"]}
    assert "序号" in first.send(doubled)["refused"][0]["reason"]
    assert "不能这样答" in first.send(first.act("answer", some[0], 5))["refused"][0]["reason"]
    first.send(first.act("flag", last, True), first.act("leave_page"))
    (troubled,) = board_of(hall.room).troubled
    assert (troubled.answered, troubled.of) == (len(some), len(answers))
    assert troubled.is_away

    # Moved: the old device locks, all answers are on the new one, what it still sends is held.
    move_device(hall.sitting("E1"), "触屏坏了", by)
    assert first.look()["state"] == "moved"
    assert first.look()["key"] is None
    assert other.sit()[0] == 200
    assert set(other.whole["answers"]) == set(some)
    assert other.whole["flags"] == [last]
    late = first.act("answer", last, None)
    # Nor does the old device hand in for the new one.
    away = first.act("hand_in")
    assert first.send(late, away)["held"] == [late["uuid"], away["uuid"]]
    assert other.look()["state"] == "open"
    add_time([hall.room], 10, "停电", by, alone=hall.sitting("E1"))
    grown = other.look()
    assert grown["grants"][0]["seconds"] == 600
    assert grown["seconds_left"] > 39 * 60
    final = other.act("answer", last, answers[last])
    # Its clock is an hour behind the first one's, and yet what it says is newer.
    other.send(final)
    assert other.look()["answers"][last] == answers[last]
    hand_in = other.act("hand_in")
    assert other.send(final, hand_in)["state"] == "handed_in"
    assert other.send(other.act("answer", last, None))["refused"][0]["reason"] == "已经交卷了"
    undo_hand_in(hall.sitting("E1"), "按错了", by)
    assert other.look()["state"] == "open"
    assert other.send(other.act("hand_in"))["handed_in"]["hash"].count(" ") == 3

    assert why_not_marked(hall.exam) is None
    content = exam_file(hall.exam)
    results = {it.sitting: it for it in score_exam(read_exam(content)).sittings}
    own = results[hall.sitting("E1").blind]
    assert (own.verdict, own.total) == ("pass", "17.00")
    assert [(it.uuid, it.why) for it in own.left_out] == [(late["uuid"], "other_device")]
    assert results[hall.sitting("E2").blind].verdict == "absent"
    assert "王一" not in content.decode()
    taken = take_exam_marks(hall.exam, "", by)
    assert (taken.put, taken.absent, list(taken.left_out)) == (1, 1, [])
    (mark,) = export_bundle(hall.panel.competition).marks
    assert (mark.entrant, mark.value) == ("E1", Decimal(17))
    assert mark.extra is not None
    assert mark.extra["from_exam"] == hall.exam.file_sha256
    (decision,) = decisions_of(hall.panel.competition)
    assert (decision.entrant.code, decision.kind) == ("E2", "dns")
    assert take_exam_marks(hall.exam, "", by).same == 1
    assert come_since_marked(hall.exam) is None
    behind = first.act("answer", last, None)
    assert first.send(behind)["held"] == [behind["uuid"]]
    assert "1 条" in str(come_since_marked(hall.exam))
    close_room(hall.room, by)
    with pytest.raises(Refused, match="收了"):
        undo_hand_in(hall.sitting("E1"), "按错了", by)
    assert take_exam_marks(hall.exam, "", by).same == 1
    # What counts already goes by a decision of two, not by a press in the hall.
    with pytest.raises(Refused, match="取消成绩"):
        void_sitting(hall.sitting("E1"), "带手机", by)
    competition = hall.panel.competition
    assert list(check_acts(competition)) == []
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition.id)) == []


def test_the_servers_clock_ends_it_late_arrivals_come_by_the_rule_and_keys_are_put_right_by_two(
    app: Flask, hall: Hall
) -> None:
    by = hall.panel.organiser
    code = hall.open().code
    with time_machine.travel(hall.room.opened_at, tick=False) as clock:
        early_bird = Seat(app, code, "E1")
        assert early_bird.sit()[0] == 200
        start_room(hall.room, by)
        answers = right(hall, "E1")
        question = next(iter(answers))
        wrong = next(it for it in "ABCD" if it != answers[question])
        clock.shift(timedelta(minutes=31))
        latecomer = Seat(app, code, "E2")
        assert "开考太久" in latecomer.sit()[1]["error"]
        assert early_bird.look()["state"] == "over"
        answer = early_bird.act("answer", question, wrong)
        assert early_bird.send(answer)["held"] == [answer["uuid"]]
        # Time that is added later meets what was said meanwhile.
        add_time([hall.room], 5, "断网", by, alone=None)
        assert early_bird.look()["state"] == "open"
        let_in_late(hall.sitting("E2"), "班车晚点", by)
        assert latecomer.sit()[0] == 200
        assert latecomer.look()["seconds_left"] == 4 * 60
        assert why_not_marked(hall.exam) is not None
        clock.shift(timedelta(minutes=5))
        assert "时间到了" not in str(why_not_marked(hall.exam))
        take_exam_marks(hall.exam, "", by)
        values = {mark.entrant: mark.value for mark in export_bundle(hall.panel.competition).marks}
        assert values == {"E1": Decimal(0), "E2": Decimal(0)}
        fields = KeyFields(question=question, key=f"{answers[question]} {wrong}", reason="教材两说")
        row = ask_key(hall.exam, fields, by)
        (changed,) = who_would_change(row)
        assert (changed.sitting, changed.from_, changed.to) == (
            hall.sitting("E1").blind,
            "0.00",
            "2.00",
        )
        with pytest.raises(Refused):
            agree_key(row, by)
        agree_key(row, hall.panel.account("C1"))
        marks = take_exam_marks(hall.exam, "答案更正", by)
        assert (marks.put, marks.same) == (1, 1)
        values = {mark.entrant: mark.value for mark in export_bundle(hall.panel.competition).marks}
        assert values == {"E1": Decimal(2), "E2": Decimal(0)}
        assert come_since_marked(hall.exam) is None
        struck = ask_key(hall.exam, KeyFields(question=question, struck=True, reason="超纲"), by)
        # What the key before it changed is no longer told.
        assert hall.sitting("E1").blind not in {it.sitting for it in who_would_change(struck)}
        clock.shift(timedelta(seconds=1))
        agree_key(struck, hall.panel.account("C1"))
        assert "改过答案" in str(come_since_marked(hall.exam))
        results = score_exam(read_exam(exam_file(hall.exam)))
        both_have_it = hall.sitting("E1").form == hall.sitting("E2").form
        assert [it.total for it in results.sittings].count("2.00") == (2 if both_have_it else 1)
    assert db.session.query(ExamAct).count() == 1
    assert list(check_acts(hall.panel.competition)) == []
    assert list(check_rows(hall.panel.competition.id)) == []


def test_no_room_begins_with_a_paper_under_seal_and_no_clock_stops_a_sitting(
    app: Flask, hall: Hall
) -> None:
    by, paper = hall.panel.organiser, hall.exam.paper
    with time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        keeper = in_bank(paper.bank, BankRole.KEEPER, "封卷人", administrator())
        openers = [
            in_bank(paper.bank, BankRole.ASSEMBLER, name, administrator())
            for name in ("开卷甲", "开卷乙")
        ]
        agree_to_it(ask_to_seal(paper, SealFields("2026-12-01T10:00"), by), keeper)
        code = hall.open().code
        seat = Seat(app, code, "E1", off=timedelta(hours=-1))
        assert seat.sit()[0] == 200
        with pytest.raises(Refused, match="封着"):
            start_room(hall.room, by)
        assert "封着" in signed_in(app, by).get(f"/desk/PANEL/exams/{hall.exam.id}").text
        assert seat.look()["key"] is None
        clock.shift(timedelta(hours=1))
        agree_to_it(ask_for_two(BankRequestKind.OPEN, paper, openers[0]), openers[1])
        start_room(hall.room, by)
        question = next(iter(right(hall, "E1")))
        # Another room may sit it yet: nothing in it is practice until the marks are put.
        keepers = keeper, in_bank(paper.bank, BankRole.KEEPER, "转题人", administrator())
        secret = banks.question(question)
        with pytest.raises(Refused, match="还没有考完"):
            ask_for_two(BankRequestKind.RELEASE, secret, keepers[0], "旧题")
        for at in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
            wild = seat.act("answer", question, "A") | {"at": at}
            assert seat.send(wild)["refused"][0]["reason"] == "这一条读不懂"
            still = seat.act("answer", question, None)
            assert seat.send(still, **{"X-Clock": f"{at} 1"})["held"] == [still["uuid"]]
        dead = seat.act("answer", question, None) | {"at": "1970-01-02T00:00:00Z"}
        assert seat.send(dead)["held"] == [dead["uuid"]]
        assert seat.look()["number"] == dead["number"]
        clock.shift(timedelta(hours=2))
        take_exam_marks(hall.exam, "", by)
        agree_to_it(ask_for_two(BankRequestKind.RELEASE, secret, keepers[0], "旧题"), keepers[1])
        assert secret.pool is Pool.PRACTICE


@pytest.mark.each_database
def test_while_a_session_is_to_come_nothing_is_released_and_who_sits_in_it_can_be_made_void(
    app: Flask, hall: Hall
) -> None:
    by, bank = hall.panel.organiser, hall.exam.paper.bank
    keepers = [in_bank(bank, BankRole.KEEPER, it, administrator()) for it in ("转题甲", "转题乙")]
    hall.plan(E1="上午", E2="下午")
    with time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        morning = hall.open_session("上午")
        assert Seat(app, morning.code, "E1").sit()[0] == 200
        start_room(morning, by)
        secret = banks.question(next(iter(right(hall, "E1"))))
        clock.shift(timedelta(minutes=31))
        assert take_exam_marks(hall.exam, "", by).put == 1
        close_room(morning, by)
        with pytest.raises(Refused, match="还有考场没考（下午 201教室）"):
            ask_for_two(BankRequestKind.RELEASE, secret, keepers[0], "旧题")
        clock.shift(timedelta(minutes=5))
        afternoon = hall.open_session("下午")
        assert Seat(app, afternoon.code, "E2").sit()[0] == 200
        with pytest.raises(Refused, match="还有考场没考"):
            ask_for_two(BankRequestKind.RELEASE, secret, keepers[0], "旧题")
        start_room(afternoon, by)
        assert "又有 1 人考" in str(come_since_marked(hall.exam))
        assert [it.is_marked for it in board_of(morning).rows] == [True]
        assert [it.is_marked for it in board_of(afternoon).rows] == [False]
        void_sitting(hall.sitting("E2"), "带手机", by)
        with pytest.raises(Refused, match="取消成绩"):
            void_sitting(hall.sitting("E1"), "带手机", by)
        clock.shift(timedelta(minutes=31))
        taken = take_exam_marks(hall.exam, "", by)
        assert (taken.put, taken.same, len(taken.left_out)) == (0, 1, 1)
        agree_to_it(ask_for_two(BankRequestKind.RELEASE, secret, keepers[0], "旧题"), keepers[1])


def test_a_room_to_which_nobody_comes_is_closed_and_stops_no_release(
    app: Flask, hall: Hall
) -> None:
    by, bank = hall.panel.organiser, hall.exam.paper.bank
    keeper = in_bank(bank, BankRole.KEEPER, "转题甲", administrator())
    hall.plan(E1="上午", E2="下午")
    with time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        morning, afternoon = hall.open_session("上午"), hall.open_session("下午")
        assert Seat(app, morning.code, "E1").sit()[0] == 200
        start_room(morning, by)
        secret = banks.question(next(iter(right(hall, "E1"))))
        clock.shift(timedelta(minutes=31))
        take_exam_marks(hall.exam, "", by)
        with pytest.raises(Refused, match="还有考场没考"):
            ask_for_two(BankRequestKind.RELEASE, secret, keeper, "旧题")
        close_room(afternoon, by)
        ask_for_two(BankRequestKind.RELEASE, secret, keeper, "旧题")


@pytest.mark.parametrize("as_job", [False, True])
def test_who_is_made_void_while_marks_are_put_has_none_or_keeps_it_with_words(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch, as_job: bool
) -> None:
    by = hall.panel.organiser
    with time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        code = hall.open().code
        for who in ("E1", "E2"):
            assert Seat(app, code, who).sit()[0] == 200
        start_room(hall.room, by)
        clock.shift(timedelta(minutes=31))
        first, last = sorted(("E1", "E2"), key=lambda it: hall.sitting(it).blind)
        refused: list[str] = []
        scored, put = exam_marks.scored_exam, exam_marks.new_figures

        def scored_meanwhile(content: bytes) -> ScoredExam:
            results = scored(content)
            if hall.sitting(last).state is not SittingState.VOID:
                void_sitting(hall.sitting(last), "带手机", by)
            return results

        def put_meanwhile(examination: Examination, results: ExamResults) -> object:
            # All marks are put, and the figures come: too late for the first one.
            figures = put(examination, results)
            if figures and any(board_of(hall.room).rows[n].is_marked for n in (0, 1)):
                with pytest.raises(Refused) as refusal:
                    void_sitting(hall.sitting(first), "带手机", by)
                refused.append(str(refusal.value))
            return figures

        monkeypatch.setattr(exam_marks, "scored_exam", scored_meanwhile)
        monkeypatch.setattr(exam_marks, "new_figures", put_meanwhile)
        if as_job:
            monkeypatch.setattr(exam_marks, "is_large", lambda *_many: True)
            monkeypatch.setattr(queue, "wake", lambda _nobody: None)
            job = take_marks_or_ask(hall.exam, "", by)
            assert isinstance(job, Job)
            assert do_next(hall.panel.competition.id)
            result = db.session.get_one(Job, job.id, populate_existing=True).result
            assert (result["put"], result["same"], result["left"]) == (1, 0, 1)
        else:
            taken = take_exam_marks(hall.exam, "", by)
            assert (taken.put, taken.same) == (1, 0)
            ((who, why),) = taken.left_out
            assert who == last
            assert "作废" in str(why)
        assert [mark.entrant for mark in export_bundle(hall.panel.competition).marks] == [first]
        assert len(refused) == 1
        assert "取消成绩" in refused[0]
        # File and figures are of those who stand.
        assert hall.exam.file_sha256 == file_sha256(exam_file(hall.exam))
        assert sum(it["n"] for it in hall.exam.forms) == 1


def test_guesses_of_a_number_are_counted_however_it_is_typed(app: Flask, hall: Hall) -> None:
    hall.open()
    seat = Seat(app, "000000", "E1")
    typed = [f"{' ' * n}e1{' ' * n}" for n in range(31)]
    assert [seat.sit(number=number)[0] for number in typed] == [422] * 30 + [429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    body = {"competition": "PANEL", "number": "E1", "code": "000000"}
    answer = seat.client.post("/api/exam/seat", json=body, environ_overrides=elsewhere)
    assert answer.status_code == 422


def test_who_never_heard_that_they_sit_asks_again_and_sits_at_the_same_device(
    app: Flask, hall: Hall
) -> None:
    room = hall.open()
    mine, others = "a" * 32, "b" * 32
    status, first = Seat(app, room.code, "E1").sit(secret=mine)
    assert status == 200
    start_room(room, hall.panel.organiser)
    # The answer was lost with its cookie; another's secret, or none, is another's device.
    for secret in (others, None, ""):
        status, refused = Seat(app, room.code, "E1").sit(secret=secret)
        assert status == 422
        assert first["sitting"]["device"] in refused["error"]
    again = Seat(app, room.code, "E1")
    status, second = again.sit(secret=mine)
    assert (status, second["sitting"]) == (200, first["sitting"])
    answer = again.act("answer", next(iter(right_answers(hall.exam, "A"))), None)
    assert again.send(answer)["held"] == [answer["uuid"]]
    # One that somebody's seat has already, or that can be guessed, makes a seat of nobody else.
    for secret in (mine, "1"):
        status, answer = Seat(app, room.code, "E2").sit(secret=secret)
        assert status == 200, answer
        assert Seat(app, room.code, "E2").sit(secret=secret)[0] == 422
        move_device(hall.sitting("E2"), "机器坏了", hall.panel.organiser)
