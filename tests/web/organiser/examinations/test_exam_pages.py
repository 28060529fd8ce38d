"""An examination at the desk: set up, its room opened and begun, helped, marked, put right."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from compete.cli import main
from compete.domain.values.examination_states import BankRequestKind, SittingState
from compete.domain.values.roles import BankRole, Role
from compete.models import Account, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.examinations.exam_marks import why_not_marked
from compete.services.examinations.key_corrections import KeyFields, agree_key, ask_key
from compete.services.examinations.paper_content import filed_content
from compete.services.examinations.rooms import start_room
from compete.services.examinations.setting_up import examinations_of, papers_offered
from compete.services.kernel.transactions import changing
from compete.services.questions.by_two import agree_to_it, ask_for_two
from compete.services.questions.papers import SeedFields, UseFields, assemble_paper, use_paper
from compete.services.questions.reviews import put_back_question, withdraw_question
from compete.services.questions.sealing import codes_in
from tests.support.banks import administrator, in_bank, question
from tests.support.examinations import Hall, Seat
from tests.support.signing_in import official, signed_in

DESK = "/desk/PANEL/exams"


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def press(client: FlaskClient, path: str, **fields: object) -> str:
    answer = client.post(path, data=fields, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code, text_of(answer.text)[-900:])
    return text_of(answer.text)


def test_an_examination_from_its_desk(
    app: Flask, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall = Hall()
        exam = hall.exam.id
        desk = signed_in(app, hall.panel.organiser)
        clerk: Account = create_account("施红", username="clerk")
        grant_role(clerk, hall.panel.competition, Role.CLERK)
        invigilator = signed_in(app, clerk)
        assert "设一个机考" in desk.get(DESK).text
        assert "设一个机考" not in invigilator.get(DESK).text
        refused = desk.post(DESK, data={"module": "", "paper": "1", "minutes": "0"})
        assert refused.status_code == 400
        assert desk.post(DESK, data={"module": "FORK|final|paper"}).status_code == 400

        page = invigilator.get(f"{DESK}/{exam}").text
        assert "开考场" in page
        assert "写入模块" not in page
        where = f"{DESK}/{exam}"
        board = press(invigilator, f"{where}/open", session="", station="")
        code = hall.room.code
        assert f"考场码 {code}" in board
        assert "2 没到" in board
        at = f"{where}/rooms/{hall.room.id}"
        # To whom nobody came is closed, marked absent, and opened again until then.
        assert "都算缺考" in press(invigilator, f"{at}/close")
        assert desk.get(f"{where}.json").status_code == 409
        assert why_not_marked(hall.exam) is None
        assert "考场重开了" in press(invigilator, f"{at}/reopen")
        assert invigilator.post(f"{at}/reopen").status_code == 409
        code = hall.room.code
        first = Seat(app, code, "E1")
        assert first.sit()[0] == 200
        assert "先开考" in invigilator.post(f"{at}/close").text
        assert "开考了，1 人" in press(invigilator, f"{at}/start")
        clock.shift(timedelta(minutes=1))
        who = {"who": hall.sitting("E1").id}
        late = {"who": hall.sitting("E2").id, "reason": "班车晚点"}
        questions = [str(row["code"]) for row in one_paper(first)]
        first.send(first.act("answer", questions[0], None), first.act("leave_page"))
        board = text_of(invigilator.get(at).text)
        assert "离开了考试页面" in board
        assert "1 人要看一下" in board
        assert "加了 5 分钟" in press(invigilator, f"{at}/time", minutes=5, reason="停电", **who)
        assert "加了 3 分钟" in press(invigilator, f"{at}/time", minutes=3, reason="停电")
        assert "1 个考场加了 2 分钟" in press(desk, f"{where}/time", minutes=2, reason="停电")
        assert first.look()["seconds_left"] == 39 * 60
        refused = invigilator.post(f"{at}/time", data={"minutes": "-5", "reason": "停电"})
        assert refused.status_code == 400
        assert "换一台坐下" in press(invigilator, f"{at}/move", reason="黑屏", **who)
        assert "在换机" in invigilator.get(at).text
        second = Seat(app, code, "E1")
        assert second.sit()[0] == 200
        live = invigilator.get(f"{at}/live").json
        assert live is not None
        assert second.whole["sitting"]["device"] in live["parts"]["rows"]
        second.send(second.act("hand_in"))
        assert "可以接着考" in press(invigilator, f"{at}/go-on", reason="按错了", **who)
        clock.shift(timedelta(minutes=33))
        assert "可以坐下了" in press(invigilator, f"{at}/let-in", **late)
        other = Seat(app, code, "E2")
        assert other.sit()[0] == 200
        assert invigilator.post(f"{at}/close").status_code == 409
        assert desk.get(f"{where}.json").status_code == 409
        clock.shift(timedelta(minutes=7))
        assert invigilator.post(f"{at}/void", data=late).status_code == 404
        live = invigilator.get(f"{at}/live").json
        assert live is not None
        events = re.findall(r"\d\d:\d\d (.*?)(?= \d\d:|$)", text_of(live["parts"]["troubles"]))
        assert events == [
            "李二 迟到，坐下了",
            "王一 加 5 分钟",
            "全场加 3 分钟",
            "全场加 2 分钟",
            f"王一 换到 {second.whole['sitting']['device']}",
        ]
        assert "作废了" in press(desk, f"{at}/void", **late)
        assert "考场收了" in press(invigilator, f"{at}/close")

        page = press(desk, f"{where}/marks")
        assert "写入 1 人的成绩" in page
        assert "E2 没写入：考试作废" in page
        keys = f"{where}/keys"
        wrong = desk.post(keys, data={"question": questions[0], "key": "?", "reason": "错了"})
        assert wrong.status_code == 400
        asked = press(desk, keys, question=questions[0], struck="1", reason="超纲")
        assert f"删掉 {questions[0]} 题" in asked
        assert hall.sitting("E1").blind in asked
        assert desk.post(f"{keys}/1/agree").status_code == 409
        # Once marks are written a sitting is void by a decision alone.
        refused = desk.post(f"{at}/void", data={"reason": "替考", **who})
        assert (refused.status_code, "取消成绩" in refused.text) == (409, True)
        assert hall.sitting("E1").state is not SittingState.VOID
        chief = signed_in(app, official(hall.panel.competition, "C1"))
        assert "定了" in press(chief, f"{keys}/1/agree")
        assert "写入 1 人的成绩" in press(desk, f"{where}/marks", reason="删了一题")
        press(desk, keys, question=questions[1], struck="1", reason="超纲")
        press(desk, keys, question=questions[2], struck="1", reason="也超纲")
        shown = chief.get(keys).text
        assert f"{keys}/2/agree" in shown
        assert f"{keys}/3/agree" in shown
        assert "不改了" in press(chief, f"{keys}/3/drop")
        assert "不改了" in press(chief, f"{keys}/2/drop")

        file = desk.get(f"{where}.json")
        path = f"{tmp_path}/exam.json"
        with open(path, "wb") as out:
            out.write(file.data)
        assert main(["exam", "score", path]) == 0
        results = json.loads(capsys.readouterr().out)
        totals = {it["sitting"]: (it["verdict"], it["total"]) for it in results["sittings"]}
        points = {it["code"]: it["points"] for it in filed_content(hall.exam)["questions"]}
        assert totals == {
            hall.sitting("E1").blind: ("fail", f"{float(points[questions[0]]):.2f}"),
            hall.sitting("E2").blind: ("void", None),
        }
        assert "机考" in text_of(desk.get("/desk/PANEL/").text)
        db.session.rollback()


def one_paper(seat: Seat) -> list[dict[str, object]]:
    answer = seat.client.get("/api/exam/paper?open=1")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, object]] = json.loads(answer.data)["questions"]
    return rows


def test_what_is_set_up_is_taken_back_until_a_room_is_open(app: Flask) -> None:
    with app.app_context():
        hall = Hall()
        desk = signed_in(app, hall.panel.organiser)
        paper, hall_table = hall.exam.paper_id, hall.exam.paper.table
        press(desk, f"{DESK}/{hall.exam.id}/away")
        assert examinations_of(hall.panel.competition) == []
        fields = {"module": "FORK|final|paper", "paper": paper, "pass_line": 10, "minutes": 30}
        rest = {"late_entry": 30, "late_minutes": 30}
        more = {"multiple": "all", "essay_line": "0", "essay_third": "nearest"}
        assert "照日程的考场开" in press(desk, DESK, **fields, **rest, **more)
        hall.open()
        away = press(desk, f"{DESK}/{hall.exam.id}/away")
        assert "已经开过考场，不能撤" in away

        # Nobody can sit a paper that was made void by then: another takes its place.
        seat = Seat(app, hall.room.code, "E1")
        assert seat.sit()[0] == 200
        keepers = [
            in_bank(hall.exam.paper.bank, BankRole.KEEPER, name, administrator())
            for name in ("first", "second")
        ]
        void = ask_for_two(BankRequestKind.VOID, hall.exam.paper, keepers[0], "泄题")
        assert "撤掉" not in desk.get(f"{DESK}/{hall.exam.id}").text
        agree_to_it(void, keepers[1])
        where = f"{DESK}/{hall.exam.id}"
        assert desk.post(f"{where}/rooms/{hall.room.id}/start").status_code == 409
        assert "撤掉" in desk.get(where).text
        assert "撤了" in press(desk, f"{where}/away")
        assert examinations_of(hall.panel.competition) == []
        assert seat.client.get("/api/exam/sitting").status_code == 401
        assert papers_offered(hall.panel.organiser) == []
        again = desk.post(DESK, data={**fields, **rest, **more})
        assert (again.status_code, "作废了，另组一份" in again.text) == (400, True)

        # Nor is one taken in which a question is by now that anybody practises on.
        old = assemble_paper(hall_table, SeedFields(8), hall.panel.organiser)
        use_paper(old, UseFields(date(2026, 1, 9)), hall.panel.organiser)
        known = question(min(codes_in(old)))
        agree_to_it(ask_for_two(BankRequestKind.RELEASE, known, keepers[0], "旧题"), keepers[1])
        again = desk.post(DESK, data={**fields, **rest, **more, "paper": old.id})
        assert (again.status_code, f"{known.code} 题已经是练习题" in again.text) == (400, True)


def test_a_paper_with_a_question_that_was_withdrawn_or_struck_is_not_set_up(app: Flask) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall = Hall()
        by, paper = hall.panel.organiser, hall.exam.paper
        desk = signed_in(app, by)
        keeper = in_bank(paper.bank, BankRole.KEEPER, "keeper", administrator())
        fields = {"module": "FORK|final|paper", "paper": paper.id, "pass_line": 10, "minutes": 30}
        fields |= {"late_entry": 30, "late_minutes": 30, "multiple": "all"}
        fields |= {"essay_line": "0", "essay_third": "nearest"}
        press(desk, f"{DESK}/{hall.exam.id}/away")
        gone = question(min(codes_in(paper)))
        withdraw_question(gone, "标准改了", keeper)
        refused = desk.post(DESK, data=fields)
        assert (refused.status_code, f"{gone.code} 题组卷以后停用了" in refused.text) == (400, True)
        assert "请保密员放回来，或者另组一份" in refused.text
        put_back_question(gone, keeper)
        assert "照日程的考场开" in press(desk, DESK, **fields)

        room = hall.open()
        assert Seat(app, room.code, "E1").sit()[0] == 200
        start_room(room, by)
        clock.shift(timedelta(minutes=31))
        struck = ask_key(hall.exam, KeyFields(question=gone.code, struck=True, reason="超纲"), by)
        agree_key(struck, hall.panel.account("C1"))
        # The module is free for another examination.
        with changing(hall.panel.competition, hall.exam):
            hall.exam.ended_at = hall.exam.made_at
        again = desk.post(DESK, data=fields)
        assert (again.status_code, f"{gone.code} 题在考过的一场里删掉了" in again.text) == (
            400,
            True,
        )
        db.session.rollback()
