"""Essays by two blind markers through their pages, the marks taken over, what everybody sees."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from flask import Flask

from compete.cli import main
from compete.domain.exam.exam_reading import read_exam
from compete.domain.exam.exam_results import (
    OptionResult,
    QuestionResult,
    write_exam_results,
)
from compete.domain.exam.exam_scoring import score_exam
from compete.domain.values.examination_states import SittingState
from compete.domain.values.roles import BankRole, Role
from compete.models import ExamEssay, ExamMark, db
from compete.services.accounts.accounts import grant_role
from compete.services.examinations import exam_marks
from compete.services.examinations.essays import EssayStand, essay_stands, next_essay
from compete.services.examinations.exam_file import exam_file
from compete.services.examinations.figures import keep_figures
from compete.services.examinations.key_corrections import agree_key, keys_of
from compete.services.examinations.paper_content import essay_codes, filed_content
from compete.services.examinations.rooms import add_time, start_room
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import changing
from compete.services.questions.bank_rights import put_in_bank
from compete.services.registration.units.links import make_link
from compete.services.scoring.bundle_out import export_bundle
from compete.web.judge import essays as judge_essays
from tests.domain.exam import plain_scorer
from tests.support.announced import announce
from tests.support.banks import administrator, question
from tests.support.examinations import Hall, Seat, right_answers
from tests.support.signing_in import signed_in
from tests.web.organiser.desk.test_list_books import rows
from tests.web.organiser.examinations.test_exam_pages import DESK, press, text_of

ANSWER = "先关出口阀，再启动，观察电流表；泵体有异响要停机。"


def test_essays_are_marked_by_two_by_a_third_and_count(
    app: Flask,
    tmp_path: object,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall = Hall(essay=True)
        by, exam = hall.panel.organiser, hall.exam.id
        desk, where = signed_in(app, by), f"{DESK}/{exam}"
        code = hall.open().code
        seats = {who: Seat(app, code, who) for who in ("E1", "E2")}
        for seat in seats.values():
            assert seat.sit()[0] == 200
        start_room(hall.room, by)
        clock.shift(timedelta(minutes=1))
        for who, seat in seats.items():
            answers = right_answers(hall.exam, hall.sitting(who).form, ANSWER)
            seat.send(*(seat.act("answer", it, value) for it, value in answers.items()))
        essays = set(essay_codes(hall.exam))
        ids = {it: hall.panel.judge(it).id for it in ("J1", "J2", "J3")}
        few = desk.post(f"{where}/essays", data={"who": [ids["J1"]]})
        assert few.status_code == 400
        both = [ids["J1"], ids["J2"]]
        assert "考完再发给他们" in press(desk, f"{where}/essays", who=both)
        clock.shift(timedelta(minutes=31))
        assert "还没有发给评卷人" in desk.get(where).text
        assert desk.post(f"{where}/marks").status_code == 409
        assert "新的 2 份" in press(desk, f"{where}/essays", who=both)
        assert "新的 0 份" in press(desk, f"{where}/essays", who=both)
        # What was said in time and comes late is another answer.
        (asked,) = essays & set(right_answers(hall.exam, hall.sitting("E2").form))
        late = seats["E2"].act("answer", asked, f"{ANSWER}查轴承。")
        late["at"] = late["at"].replace("T01:32", "T01:29")
        assert seats["E2"].send(late)["held"] == [late["uuid"]]
        assert "又送到 1 条简答" in desk.get(where).text
        clock.shift(timedelta(seconds=1))
        assert "新的 1 份" in press(desk, f"{where}/essays", who=both)
        assert db.session.query(ExamEssay).filter_by(ended_at=None).count() == 2

        judges = {it: signed_in(app, hall.panel.account(it)) for it in ids}
        assert "没有要评的简答" in text_of(judges["J3"].get("/judge/essays").text)
        assert "还有 2 份" in judges["J1"].get("/judge/essays").text
        first = judges["J1"].get(f"/judge/essays/{exam}/next", follow_redirects=True)
        shown = text_of(first.text)
        assert ANSWER in shown
        assert "评分要点" in shown
        assert not {"王一", "李二", "E1", "E2"} & set(shown.split())
        mine = first.request.path
        assert judges["J3"].get(mine).status_code == 404
        assert judges["J1"].post(mine, data={"points": "3.5"}).status_code == 400
        onward = judges["J1"].post(mine, data={"points": "3"})
        again = judges["J1"].post(mine, data={"points": "3"})
        assert onward.location == again.location != mine
        other = onward.location
        assert judges["J1"].post(other, data={"points": "2.5"}).location == "/judge/essays"
        assert db.session.query(ExamMark).count() == 2
        # The other marker sees nothing of it, and is asked for both.
        page = text_of(judges["J2"].get(mine).text)
        assert "还有 2 份" in page
        assert "改成这个分" not in page
        judges["J2"].post(mine, data={"points": "1"})
        judges["J2"].post(other, data={"points": "2"})
        # Who takes the file out may be a marker: nobody's points are in it until all are marked.
        filed = desk.get(f"{where}.json").json
        assert filed is not None
        assert "marks" not in filed
        # Nor does the record say them, or whose paper it is.
        record = "\n".join(map(str, rows(desk, "/desk/PANEL/records.xlsx")))
        assert "J2 评了答卷" in record
        assert "2.5 分" not in record
        assert not [
            it for it in record.splitlines() if "T-" in it and hall.sitting("E1").blind in it
        ]
        assert "再选一位评卷人" in desk.get(where).text
        refused = desk.post(f"{where}/marks")
        assert refused.status_code == 409
        press(desk, f"{where}/essays", who=list(ids.values()))
        assert "J3 有 1 份" in desk.get(where).text
        third = next_essay(hall.exam, hall.panel.judge("J3"))
        assert third is not None
        assert f"/judge/essays/{third.public_id}" == mine
        # A marker puts a wrong mark right: a further row.
        judges["J2"].post(mine, data={"points": "0.5"})
        assert db.session.query(ExamMark).count() == 5
        assert judges["J3"].post(mine, data={"points": "2"}).location == "/judge/essays"
        assert not any(it.lacks for it in essay_stands(hall.exam))
        # Nobody's is wanted any more.
        assert judges["J3"].post(other, data={"points": "2"}).status_code == 409

        # An essay of a void sitting wants no marks.
        with changing(hall.panel.competition, hall.exam):
            sitting = hall.sitting("E2")
            before, sitting.state = sitting.state, SittingState.VOID
            db.session.flush()
            assert [it.sitting for it in essay_stands(hall.exam)] == [hall.sitting("E1").blind]
            sitting.state = before
        assert "写入 2 人的成绩" in press(desk, f"{where}/marks")
        path = f"{tmp_path}/exam.json"
        with open(path, "wb") as out:
            out.write(desk.get(f"{where}.json").data)
        assert main(["exam", "score", path]) == 0
        results = {it["sitting"]: it for it in json.loads(capsys.readouterr().out)["sittings"]}
        # 3 and 0.5 lie wider apart than 1: the third's 2 is nearer to 3; and (2.5 + 2) ÷ 2.
        blinds = {it.public_id: it.sitting.blind for it in db.session.query(ExamEssay)}
        by_path = {f"/judge/essays/{number}": blind for number, blind in blinds.items()}
        expected = {by_path[mine]: "2.50", by_path[other]: "2.25"}
        for blind, points in expected.items():
            own = results[blind]
            assert [it["points"] for it in own["items"] if it["question"] in essays] == [points]
            assert float(own["total"]) == 17 + float(points)
        # A correction after that is told at the examination.
        clock.shift(timedelta(minutes=1))
        judges["J3"].post(mine, data={"points": "3"})
        assert "改过简答题的分" in desk.get(where).text
        # Of many it is done by a job.
        monkeypatch.setattr(exam_marks, "is_large", lambda *_many: True)
        monkeypatch.setattr(queue, "wake", lambda _nobody: None)
        started = desk.post(f"{where}/marks", data={"reason": "复核"})
        put = exam_marks.submit_marks

        def meanwhile(*given: object) -> object:
            clock.shift(timedelta(seconds=1))
            return put(*given)

        # What is put right while it is at work is not among these marks, and is told.
        monkeypatch.setattr(exam_marks, "submit_marks", meanwhile)
        begun = datetime.now(UTC)
        assert do_next(hall.panel.competition.id)
        assert hall.exam.marked_at == begun < datetime.now(UTC)
        done = desk.get(started.location, follow_redirects=True)
        assert "写入 1 人的成绩，1 人和原来一样" in text_of(done.text)
        file = exam_file(hall.exam)
        scored = score_exam(read_exam(file))
        assert json.loads(write_exam_results(scored)) == plain_scorer.results(json.loads(file))
        marks = export_bundle(hall.panel.competition).marks
        totals = {it.sitting: it.total for it in scored.sittings}
        assert {it.entrant: f"{it.value:.2f}" for it in marks if it.module == "paper"} == {
            who: totals[hall.sitting(who).blind] for who in seats
        }

        figures = text_of(desk.get(f"{where}/figures").text)
        assert "人数不够" in figures
        code = filed_content(hall.exam)["questions"][0]["code"]
        strange = QuestionResult(
            *(code, 40, False, "0.250", "0.050", "0.025"),
            [OptionResult("A", "0.500"), OptionResult("B", "0.000")],
            ["hard", "weak", "unused", "key"],
        )
        with changing(hall.panel.competition):
            keep_figures(hall.exam, [(question(code), strange)])
        figures = text_of(desk.get(f"{where}/figures").text)
        assert "25.0% 0.050 2.5% A 50.0% B 0.0% 太难 区分度低 有选项没人选 疑似答案错" in figures
        assert f'value="{code}"' in desk.get(f"{where}/keys?question={code}").text
        assert judges["J1"].get(f"{where}/figures").status_code in (403, 404)
        put_in_bank(hall.exam.paper.bank, by, BankRole.REVIEWER, administrator())
        number = question(code).id
        bank = text_of(desk.get(f"/desk/banks/{hall.exam.paper.bank_id}/questions/{number}").text)
        assert f"{hall.exam.paper.name} 2026-12-01" in bank
        assert "疑似答案错" in bank

        unit = hall.panel.entrant("E1").unit
        own_page = f"/c/{hall.panel.entrant('E1').badge_token}"
        assert "各部分" not in app.test_client().get(own_page).text
        for who in ("J1", "J2", "J3"):
            for entrant in ("E1", "E2"):
                hall.panel.fill(hall.panel.sheet(who, entrant))
        announce(hall.panel.competition, by)
        sections = {it["code"]: it["name"] for it in filed_content(hall.exam)["sections"]}
        profile = results[hall.sitting("E1").blind]["profile"]
        first, *_rest = (
            f"{sections[it['section']]} {float(it['points']):g} / {float(it['of']):g}"
            for it in profile
        )
        page = text_of(app.test_client().get(own_page).text)
        assert first in page
        assert ANSWER not in page
        assert "理论各部分" in desk.get("/desk/PANEL/entrants/E1/").text
        contact = app.test_client()
        token = make_link(unit, hall.panel.competition, "顾燕", by)
        contact.post(f"/sign-in/{token}", data={"pin": "4827", "again": "4827"})
        own = text_of(contact.get("/unit/PANEL/theory").text)
        assert f"王一 E1 理论 {first.replace(' / ', ' ')}" in own
        assert "李二" not in own
        assert list(verify_chain(hall.panel.competition)) == []
        assert list(check_rows(hall.panel.competition.id)) == []
        db.session.rollback()


def test_an_essay_that_counts_by_time_added_later_is_given_out(app: Flask) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall = Hall(essay=True)
        by, where = hall.panel.organiser, f"{DESK}/{hall.exam.id}"
        desk, code = signed_in(app, by), hall.open().code
        seat = Seat(app, code, "E1")
        assert seat.sit()[0] == 200
        start_room(hall.room, by)
        clock.shift(timedelta(minutes=31))
        form = hall.sitting("E1").form
        (asked,) = set(essay_codes(hall.exam)) & set(right_answers(hall.exam, form))
        seat.send(seat.act("answer", asked, ANSWER))
        clock.shift(timedelta(minutes=1))
        both = [hall.panel.judge(it).id for it in ("J1", "J2")]
        assert "新的 0 份" in press(desk, f"{where}/essays", who=both)
        assert essay_stands(hall.exam) == []
        add_time([hall.room], 5, "停电", by, alone=None)
        clock.shift(timedelta(minutes=5))
        refused = desk.post(f"{where}/marks")
        assert (refused.status_code, "重新发给评卷人" in refused.text) == (409, True)
        assert [it.question for it in essay_stands(hall.exam)] == [asked]
        assert "J1 有 1 份" in desk.get(where).text


def _marked_hall(app: Flask, clock: time_machine.Traveller) -> tuple[Hall, str]:
    """A hall in which E1 answered the essay and two markers were chosen; and that answer's page."""
    hall = Hall(essay=True)
    desk, where = signed_in(app, hall.panel.organiser), f"{DESK}/{hall.exam.id}"
    code = hall.open().code
    seat = Seat(app, code, "E1")
    assert seat.sit()[0] == 200
    start_room(hall.room, hall.panel.organiser)
    answers = right_answers(hall.exam, hall.sitting("E1").form, ANSWER)
    seat.send(*(seat.act("answer", it, value) for it, value in answers.items()))
    clock.shift(timedelta(minutes=31))
    both = [hall.panel.judge(it).id for it in ("J1", "J2")]
    assert "新的 1 份" in press(desk, f"{where}/essays", who=both)
    (stand,) = essay_stands(hall.exam)
    return hall, f"/judge/essays/{stand.public_id}"


def test_who_sees_whose_paper_it_is_marks_none(app: Flask) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall, answer = _marked_hall(app, clock)
        competition, where = hall.panel.competition, f"{DESK}/{hall.exam.id}"
        desk, ids = (
            signed_in(app, hall.panel.organiser),
            {it: hall.panel.judge(it).id for it in ("C1", "J1", "J2", "J3")},
        )
        page = desk.get(where).text
        assert "看得到答卷是谁的，不能选：C1" in text_of(page)
        assert f'name="who" value="{ids["C1"]}"' not in page
        refused = desk.post(f"{where}/essays", data={"who": [ids["C1"], ids["J1"]]})
        assert refused.status_code == 400
        assert "C1 看得到答卷是谁的，不能评" in text_of(refused.text)
        # Who comes to the desk after being chosen marks no more.
        second = hall.panel.account("J2")
        marker = signed_in(app, second)
        assert marker.get(answer).status_code == 200
        grant_role(second, competition, Role.CLERK)
        assert marker.get(answer).status_code == 404
        assert "C1、J2" in text_of(desk.get(where).text)
        assert "J1 有 1 份" in desk.get(where).text
        assert "J2 有 1 份" not in desk.get(where).text
        third = [ids["J1"], ids["J3"]]
        assert "新的 0 份" in press(desk, f"{where}/essays", who=third)
        assert "还有 1 份" in signed_in(app, hall.panel.account("J3")).get("/judge/essays").text


def test_a_struck_essay_is_put_back_with_the_marks_that_it_had(app: Flask) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall, answer = _marked_hall(app, clock)
        by, other = hall.panel.organiser, hall.panel.account("C1")
        desk, where = signed_in(app, by), f"{DESK}/{hall.exam.id}"
        for code, points in (("J1", "2"), ("J2", "1")):
            signed_in(app, hall.panel.account(code)).post(answer, data={"points": points})
        (essay,) = {it.question for it in essay_stands(hall.exam)}

        def mark() -> str:
            clock.shift(timedelta(minutes=1))
            press(desk, f"{where}/marks", reason="更正")
            marks = export_bundle(hall.panel.competition).marks
            return next(f"{it.value:.2f}" for it in marks if it.module == "paper")

        def ask(**fields: str) -> int:
            asked = {"question": essay, "reason": "复核", **fields}
            return desk.post(f"{where}/keys", data=asked, follow_redirects=True).status_code

        def agree() -> None:
            clock.shift(timedelta(minutes=1))
            agree_key(keys_of(hall.exam)[0], other)

        assert mark() == "18.50"
        assert ask(back="1") == 400
        assert ask(struck="1") == 200
        page = text_of(desk.get(f"{where}/keys").text)
        assert "答卷 原来 改后" in page
        assert "18.50" in page
        agree()
        full = mark()
        assert full == "20.00"
        press(desk, f"{where}/essays", who=[hall.panel.judge(it).id for it in ("J1", "J2")])
        assert ask(back="1", struck="1") == 400
        assert ask(back="1") == 200
        assert f"放回 {essay} 题" in text_of(desk.get(f"{where}/keys").text)
        agree()
        assert "改过答案" in desk.get(where).text
        assert mark() == "18.50"
        filed = json.loads(exam_file(hall.exam))
        assert filed["keys"] == []
        assert ask(struck="1") == 200
        agree()
        assert mark() == full
        (key,) = json.loads(exam_file(hall.exam))["keys"]
        assert (key["number"], key["struck"]) == (2, True)
        assert list(verify_chain(hall.panel.competition)) == []


def test_a_marker_finds_every_answer_that_they_marked(app: Flask) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall, _answer = _marked_hall(app, clock)
        judge = hall.panel.judge("J1")
        many = [
            EssayStand(
                public_id=f"{n:032}", sitting=f"A{n:03}", question="E01",
                marks={judge.id: Decimal(n)}, lacks=0,
            )
            for n in range(70)
        ]  # fmt: skip
        marker = signed_in(app, hall.panel.account("J1"))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(judge_essays, "essay_stands", lambda _exam: many)
            page = text_of(marker.get("/judge/essays").text)
        assert "评了 70 份" in page
        assert [it for it in many if it.sitting not in page] == []


def test_in_an_evaluation_a_third_marks_what_lies_apart_and_the_profile_says_where(
    app: Flask,
) -> None:
    with app.app_context(), time_machine.travel("2026-12-01T01:00:00Z", tick=False) as clock:
        hall = Hall(essay=True, evaluation=True)
        by, exam = hall.panel.organiser, hall.exam.id
        desk, where = signed_in(app, by), f"{DESK}/{exam}"
        code = hall.open().code
        seats = {who: Seat(app, code, who) for who in ("E1", "E2")}
        for seat in seats.values():
            assert seat.sit()[0] == 200
        start_room(hall.room, by)
        clock.shift(timedelta(minutes=1))
        for who, seat in seats.items():
            answers = right_answers(hall.exam, hall.sitting(who).form, ANSWER)
            seat.send(*(seat.act("answer", it, value) for it, value in answers.items()))
        clock.shift(timedelta(minutes=31))
        ids = {it: hall.panel.judge(it).id for it in ("J1", "J2", "J3")}
        page = press(desk, f"{where}/essays", who=[ids["J1"], ids["J2"]])
        assert "新的 2 份" in page
        assert not {"裁判", "选手", "名次"} & set(page.split())

        judges = {it: signed_in(app, hall.panel.account(it)) for it in ids}
        first = judges["J1"].get(f"/judge/essays/{exam}/next", follow_redirects=True)
        shown = text_of(first.text)
        assert ANSWER in shown
        # Blind to the person, and to the other marker.
        assert not {"王一", "李二", "E1", "E2"} & set(shown.split())
        mine = first.request.path
        other = judges["J1"].post(mine, data={"points": "3"}).location
        judges["J1"].post(other, data={"points": "2"})
        judges["J2"].post(mine, data={"points": "1"})
        judges["J2"].post(other, data={"points": "2"})
        assert [it.lacks for it in essay_stands(hall.exam)].count(True) == 1
        assert desk.post(f"{where}/marks").status_code == 409
        press(desk, f"{where}/essays", who=list(ids.values()))
        assert judges["J3"].post(mine, data={"points": "3"}).location == "/judge/essays"
        assert not any(it.lacks for it in essay_stands(hall.exam))
        assert "写入 2 人的成绩" in press(desk, f"{where}/marks")

        # 3 and 3 of 3, 1, 3 are nearest; 2 and 2: 17 besides.
        marks = export_bundle(hall.panel.competition).marks
        totals = sorted(f"{it.value:.2f}" for it in marks if it.module == "paper")
        assert totals == ["19.00", "20.00"]
        for judge in ("J1", "J2", "J3"):
            for who in ("E1", "E2"):
                hall.panel.fill(hall.panel.sheet(judge, who))
        announce(hall.panel.competition, by)
        own = text_of(app.test_client().get(f"/c/{hall.panel.entrant('E1').badge_token}").text)
        assert "理论各部分" in own
        assert "名次" not in own
