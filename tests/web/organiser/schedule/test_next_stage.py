"""From a preliminary to the final: who goes on is shown, and gets sheets once that is settled."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.domain.values.states import SheetState
from compete.models import (
    Account,
    Act,
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    OutcomeEntry,
    Sheet,
    db,
    utc_now,
)
from compete.services.accounts.accounts import account_of_judge
from compete.services.closing.module_locks import lock_module, standing_lock
from compete.services.judging.act_intake import take_acts
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.notice import print_notice
from compete.services.schedule.draw_ceremonies import why_no_draw
from compete.services.schedule.next_stage import next_stages, open_stage
from compete.services.schedule.stage_undo import take_stage_back
from compete.services.scoring.live import live_results
from compete.services.sheets.act_rules import ActIn
from compete.web.organiser.competition_words import subtitle_of
from tests.documents.reading import pages
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.signing_in import signed_in, without_token
from tests.support.small import small

PAGE = "/desk/X/next-stage"


@pytest.fixture
def preliminary(load: Callable[..., Competition]) -> Competition:
    """Everybody is marked in the first of two stages; the third and the second are level."""
    points = {"P1": "90", "P2": "80", "P3": "80", "P4": "60"}
    plain = small([mark(code, value, stage_code="A") for code, value in points.items()])
    first = stage(module(), code="A", advance={"top": 2})
    hands = module() | {"name": "实操"}
    last = stage(hands, code="B", carry={"from": "A", "weight": "0.3", "own": "0.7"})
    prize = {"code": "x", "name": "优秀奖", "top": 4}
    plain["events"] = [event(first, last, awards=[prize])]
    return load(plain)


def seat(competition: Competition) -> None:
    judge = next(it for it in competition.judges if it.code == "J1")
    with unit_of_work() as session:
        own = competition.events[0].id
        session.add(Assignment(event_id=own, judge_id=judge.id, stage="B", module="m", station=""))


def final_sheets() -> list[str]:
    query = db.select(Entrant.code).join(Sheet, Sheet.entrant_id == Entrant.id)
    return sorted(db.session.scalars(query.where(Sheet.stage == "B")))


def begin(desk: object, page: str) -> TestResponse:
    fields = dict(re.findall(r'name="(event|stage|seen)" value="([^"]*)"', page))
    return desk.post(PAGE, data=fields)  # type: ignore[attr-defined, no-any-return]


def test_the_final_waits_for_the_preliminary_and_is_never_passed_over(
    app: Flask, here: Flask, preliminary: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    # The preliminary alone is no end: all of it cannot be locked while somebody goes on.
    assert "评完了，锁定了再评" in desk.get("/desk/X/").text
    assert "还没开始评分" in desk.get("/desk/X/lock").text
    assert desk.post("/desk/X/lock").status_code == 409
    page = desk.get(PAGE).text
    assert "谁能进照锁定的分定" in page
    (event_,) = preliminary.events
    lock_module(event_, "A", "m", organiser)
    assert "还没有裁判" in desk.get(PAGE).text
    seat(preliminary)
    assert "3 人进“赛段B”" in desk.get("/desk/X/").text
    page = desk.get(PAGE).text
    # Level with the last place: both go on.
    assert "P1 赵启明、P2 钱文、P3 孙䶮" in page
    assert "1 人止步“赛段A”" in page
    assert "P4" not in without_token(page)
    assert (
        begin(desk, page.replace('name="seen" value="', 'name="seen" value="x')).status_code == 409
    )
    assert final_sheets() == []
    assert begin(desk, page).status_code == 302
    assert final_sheets() == ["P1", "P2", "P3"]
    assert begin(desk, page).status_code == 409
    assert final_sheets() == ["P1", "P2", "P3"]
    assert desk.get(PAGE).status_code == 302
    home = desk.get("/desk/X/").text
    assert "催齐 3 张评分表" in home
    assert "开始评“赛段B”：3 个参赛号，3 张表" in home
    record = db.session.scalars(db.select(AuditEntry).filter_by(action="stage.open")).one()
    assert (record.after or {})["people"] == ["P1", "P2", "P3"]
    assert list(verify_chain(preliminary)) == []


def test_marks_that_are_opened_again_hold_the_final_back(
    preliminary: Competition, organiser: Account
) -> None:
    seat(preliminary)
    (own,) = preliminary.events
    lock_module(own, "A", "m", organiser)
    (next_stage,) = next_stages(preliminary, live_results(preliminary).results)
    assert (next_stage.why_not, next_stage.staying) == (None, 1)
    lock = standing_lock(preliminary, own, "A", "m", None)
    assert lock is not None
    with unit_of_work():
        lock.unlocked_at = utc_now()
    with pytest.raises(Refused, match="还没锁定"):
        open_stage(preliminary, "E", "B", next_stage.mark, organiser)
    assert final_sheets() == []


def test_an_event_of_one_stage_has_none(judged: Competition) -> None:
    assert next_stages(judged, live_results(judged).results) == []


def test_nobody_is_promised_an_award_that_the_final_may_take(
    app: Flask, here: Flask, preliminary: Competition, organiser: Account
) -> None:
    # By the rules P4 alone has a rank so far, and with it the award.
    assert live_results(preliminary).event("E").awards
    page = signed_in(app, organiser).get("/desk/X/standings").text
    assert "“赛段B”还没评完：名次是暂定的" in page
    assert "优秀奖" not in page
    # P4 did nothing in 实操: the preliminary's module bears the same code and no more.
    assert page.count("60.00") == 1
    words = "".join(pages(print_notice(preliminary, "E")))
    assert "赛段B" in words
    assert "优秀奖" not in words
    with app.test_request_context():
        assert subtitle_of(preliminary)[-1] == (
            "赛段A：模块m 100%；赛段B：赛段A成绩 × 0.3、本赛段成绩 × 0.7、实操 100%"
        )


BACK = PAGE + "/take-back"


def begun(competition: Competition, by: Account) -> None:
    """The final was begun; nobody marked there."""
    seat(competition)
    lock_module(competition.events[0], "A", "m", by)
    (coming,) = next_stages(competition, live_results(competition).results)
    open_stage(competition, "E", "B", coming.mark, by)


def test_a_stage_begun_too_soon_is_taken_back_and_can_be_drawn_and_begun_again(
    app: Flask, here: Flask, preliminary: Competition, organiser: Account
) -> None:
    begun(preliminary, organiser)
    (own,) = preliminary.events
    desk = signed_in(app, organiser)
    assert "先在评分进度页撤回开始" in str(why_no_draw(own, "B", "m"))
    assert BACK in desk.get(board("B")).text
    assert BACK not in desk.get(board("A")).text
    page = desk.get(BACK).text
    assert "“赛段B”的 3 张空评分表没有了" in page
    # The first stage is none of those, nor is one that nobody began.
    assert desk.post(BACK, data={"event": "E", "stage": "A"}).status_code == 409
    assert begin_back(desk, page).status_code == 302
    assert final_sheets() == []
    assert why_no_draw(own, "B", "m") is None
    home = desk.get("/desk/X/").text
    assert "撤回开始评“赛段B”：3 张空表没有了" in home
    assert BACK not in desk.get(board("B")).text
    assert desk.get(BACK).status_code == 302
    # Begun again it has its sheets again, by the same results.
    assert begin(desk, desk.get(PAGE).text).status_code == 302
    assert final_sheets() == ["P1", "P2", "P3"]
    assert list(verify_chain(preliminary)) == []


def test_marks_of_a_stage_that_was_taken_back_meanwhile_are_refused_with_the_reason(
    app: Flask, here: Flask, preliminary: Competition, organiser: Account
) -> None:
    begun(preliminary, organiser)
    final = db.session.scalars(db.select(Sheet).where(Sheet.stage == "B")).first()
    assert final is not None
    offline = ActIn(uuid=str(uuid4()), sheet=final.public_id, kind="mark", aspect="a", value="5")
    judge = final.judge
    account = account_of_judge(judge, preliminary, None)
    assert take_stage_back(preliminary, "E", "B", organiser) == 3
    taken = take_acts(judge, [offline], account)
    assert taken.stored == []
    ((number, reason),) = taken.refused
    assert (number, "" if reason is None else str(reason)) == (
        offline.uuid,
        "这张表现在不是你的（换了人，或者撤回了），分还在这台平板里，问裁判长",
    )


@pytest.mark.parametrize("what", ["mark", "opened", "outcome"])
def test_a_stage_in_which_anything_stands_is_not_taken_back(
    app: Flask, here: Flask, preliminary: Competition, organiser: Account, what: str
) -> None:
    begun(preliminary, organiser)
    sheet = db.session.scalars(db.select(Sheet).where(Sheet.stage == "B")).first()
    assert sheet is not None
    with unit_of_work() as session:
        if what == "mark":
            at = {"sheet_id": sheet.id, "judge_id": sheet.judge_id, "aspect": "a"}
            session.add(Act(uuid=str(uuid4()), kind="mark", value=Decimal(5), **at))
        elif what == "opened":
            session.get_one(Sheet, sheet.id).state = SheetState.BEGUN
        else:
            session.add(OutcomeEntry(entrant_id=sheet.entrant_id, stage="B", status="dns"))
        audit.record(preliminary, organiser, "acts.take", sheet.label, after={"sheets": []})
    desk = signed_in(app, organiser)
    assert BACK not in desk.get(board("B")).text
    assert "不能撤回" in desk.get(BACK).text
    assert desk.post(BACK, data={"event": "E", "stage": "B"}).status_code == 409
    assert final_sheets() == ["P1", "P2", "P3"]


def board(stage_code: str) -> str:
    own = db.session.scalars(db.select(Event)).one()
    return f"/desk/X/progress?module={module_key(own, stage_code, 'm')}"


def begin_back(desk: FlaskClient, page: str) -> TestResponse:
    return desk.post(BACK, data=dict(re.findall(r'name="(event|stage)" value="([^"]*)"', page)))
