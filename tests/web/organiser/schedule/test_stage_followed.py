"""A preliminary corrected after the final began: the final follows it, said first, by two."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.domain.explanation.tree import explain
from compete.domain.values.roles import Role
from compete.domain.values.states import SheetState
from compete.models import (
    Account,
    Act,
    Assignment,
    Competition,
    Entrant,
    HallBoard,
    Judge,
    Membership,
    OutcomeEntry,
    Sheet,
    Slot,
    db,
    utc_now,
)
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.invitations import invite, take_up_invitation
from compete.services.closing.blockers import find_blockers
from compete.services.closing.lock_blockers import faults_of_scope
from compete.services.closing.module_locks import lock_module, standing_lock
from compete.services.competitions.pending_approvals import pending_approvals
from compete.services.hall.now import hall_now
from compete.services.judging.recusal import reopen_recused, short_panels
from compete.services.judging.stage_following import follow_stage
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import AskedStage, change_settings, settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.day_forms import field_lines
from compete.services.rules.changes import Seat, agree_change, waiting_changes
from compete.services.schedule.allocation import allot_missing
from compete.services.schedule.next_stage import next_stages, open_stage
from compete.services.schedule.stage_moves import moves_of
from compete.services.schedule.station_moves import chosen_late, unplaced_late
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.counts import sheet_counts
from compete.services.sheets.sheet_lookup import closed_sheets
from compete.web.organiser.judging.progress import view_model
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.signing_in import official, signed_in
from tests.support.small import small

PAGE = "/desk/X/next-stage"
FOLLOW = PAGE + "/follow"


@pytest.fixture
def final(load: Callable[..., Competition], organiser: Account) -> Competition:
    """P1 and P2 of four are in the final, each at a station of its own, and nobody is marked."""
    points = {"P1": "90", "P2": "80", "P3": "70", "P4": "60"}
    plain = small([mark(code, value, stage_code="A") for code, value in points.items()])
    first = stage(module(), code="A", advance={"top": 2})
    plain["events"] = [event(first, stage(module() | {"name": "实操"}, code="B"))]
    made = load(plain)
    judge = next(it for it in made.judges if it.code == "J1")
    (own,) = made.events
    with unit_of_work() as session:
        session.add(
            Assignment(event_id=own.id, judge_id=judge.id, stage="B", module="m", station="")
        )
        for n, code in enumerate(("P1", "P2"), start=1):
            session.add(
                Slot(entrant_id=entrant(code).id, stage="B", module="m", station=f"{n}号工位")
            )
    lock_module(own, "A", "m", organiser)
    (next_stage,) = next_stages(made, live_results(made).results)
    open_stage(made, "E", "B", next_stage.mark, organiser)
    return made


def entrant(code: str) -> Entrant:
    return db.session.scalars(db.select(Entrant).filter_by(code=code)).one()


def sheet(code: str, stage_code: str = "B") -> Sheet:
    query = db.select(Sheet).join(Entrant).where(Entrant.code == code, Sheet.stage == stage_code)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def places() -> dict[str, str | None]:
    query = db.select(Entrant.code, Slot.station).join(Slot, Slot.entrant_id == Entrant.id)
    return dict(db.session.execute(query).tuples().all())


def over(code: str) -> None:
    """The time of somebody's place is over: nobody gets it any more."""
    with unit_of_work():
        own = db.session.scalars(db.select(Slot).filter_by(entrant_id=entrant(code).id)).one()
        own.starts_at = utc_now() - timedelta(hours=1)


def mark_it(on: Sheet, value: str, by: Account, state: SheetState | None = None) -> None:
    with unit_of_work() as session:
        at = {"sheet_id": on.id, "judge_id": on.judge_id, "aspect": "a"}
        session.add(Act(uuid=str(uuid4()), kind="mark", value=Decimal(value), **at))
        if state is not None:
            on.state, on.version = state, on.version + 1
        competition = session.get_one(Competition, on.competition_id)
        audit.record(competition, by, "acts.take", on.label, after={"sheets": [on.public_id]})


def correct(competition: Competition, by: Account, **points: str) -> None:
    """Unlock the preliminary, put these marks there, lock it again."""
    (own,) = competition.events
    lock = standing_lock(competition, own, "A", "m", None)
    assert lock is not None
    with unit_of_work():
        lock.unlocked_at = utc_now()
    for code, value in points.items():
        mark_it(sheet(code, "A"), value, by)
    lock_module(own, "A", "m", by)


def blockers(competition: Competition) -> list[str]:
    db.session.expire_all()
    return [it.kind for it in find_blockers(competition, live_results(competition).results)]


def follow(desk: FlaskClient, page: str, **more: str) -> TestResponse:
    fields = dict(re.findall(r'name="(event|stage|seen)" value="([^"]*)"', page))
    return desk.post(FOLLOW, data=fields | more)


def second(competition: Competition) -> Account:
    with unit_of_work() as session:
        account = Account(name="监督乙", username="watcher", password_hash="x")
        session.add(account)
        session.flush()
        session.add(
            Membership(competition_id=competition.id, account_id=account.id, role=Role.SUPERVISOR)
        )
    return account


def test_who_newly_goes_on_gets_sheets_and_who_no_longer_does_is_not_waited_for(
    app: Flask, here: Flask, final: Competition, organiser: Account
) -> None:
    over("P2")
    desk = signed_in(app, organiser)
    (own,) = final.events
    assert desk.get(PAGE).status_code == 302
    assert "“赛段B”已经在评" in desk.get("/desk/X/progress?module=E|A|m").text
    lock = standing_lock(final, own, "A", "m", None)
    assert lock is not None
    with unit_of_work():
        lock.unlocked_at = utc_now()
    mark_it(sheet("P3", "A"), "85", organiser)
    # The lock tells it before it falls; until then nothing is done, not even by 补评分表.
    assert "新进 1 人，不再进 1 人" in desk.get("/desk/X/locks?module=E|A|m").text
    assert "还没锁定" in desk.get(PAGE).text
    with pytest.raises(Refused, match="没有评分表可补"):
        allot_missing(final, organiser)
    lock_module(own, "A", "m", organiser)
    assert "stage" in blockers(final)
    assert "sheetless" not in blockers(final)
    results = live_results(final).event("E")
    assert "stage" in [it.kind for it in faults_of_scope(own, "B", "m", None, signed=False)]
    assert moves_of(own, "B", results).marked == ()
    assert "的人变了，先办这件" in desk.get("/desk/X/").text
    page = desk.get(PAGE).text
    assert "P3 孙䶮" in page
    assert "P2 钱文" in page
    assert 'name="why"' not in page
    answer = follow(desk, page)
    assert answer.status_code == 302
    home = desk.get("/desk/X/").text
    assert "新生成 1 张评分表，停用 1 张" in home
    # The place of who left is free; who came has none yet, and that is said.
    assert places() == {"P1": "1号工位"}
    assert "P3 还没有场次和工位" in home
    assert "按新的名单评：新进 P3，不再进 P2" in home
    assert (sheet("P2").state, sheet("P3").state) == (SheetState.WITHDRAWN, SheetState.NOT_BEGUN)
    assert sheet_counts(final).of(own, "B", "m").all == 2
    # It is no 回避: no panel is short, no sheet of that kind is listed or opened again.
    assert short_panels(final) == []
    assert closed_sheets(final) == []
    with pytest.raises(Refused, match="没有进这个赛段"):
        reopen_recused(sheet("P2"), "误会", organiser)
    assert "stage" not in blockers(final)
    assert follow(desk, page).status_code == 409
    assert list(verify_chain(final)) == []


def test_where_marks_would_stop_counting_it_takes_two_and_a_reason(
    app: Flask, here: Flask, final: Competition, organiser: Account
) -> None:
    mark_it(sheet("P2"), "88", organiser, SheetState.COMPLETE)
    correct(final, organiser, P3="85")
    desk, other = signed_in(app, organiser), signed_in(app, second(final))
    page = desk.get(PAGE).text
    assert "其中 1 人已经有分" in page
    assert follow(desk, page).status_code == 400
    assert follow(desk, page, why="预赛记错了").status_code == 302
    assert sheet("P2").state is SheetState.COMPLETE
    assert "按新的名单评，等第二个人同意" in other.get("/desk/X/").text
    assert follow(desk, page, why="再来").status_code == 409
    asked = other.get(PAGE).text
    assert "预赛记错了" in asked
    assert follow(other, asked).status_code == 302
    assert sheet("P2").state is SheetState.WITHDRAWN
    # Kept, and not counted: the act is there, the results know nothing of it.
    assert db.session.scalars(db.select(Act).filter_by(sheet_id=sheet("P2").id)).all()
    results = live_results(final).event("E")
    in_final = next(it.standings for it in results.stages if it.code == "B")
    assert sorted(row.entrant for row in in_final) == ["P1", "P3"]


def test_an_account_by_the_askers_own_link_never_takes_marks_out(
    final: Competition, organiser: Account
) -> None:
    mark_it(sheet("P2"), "88", organiser, SheetState.COMPLETE)
    correct(final, organiser, P3="85")
    _made, token = invite("吴敏二", competition=final, by=organiser)
    own = take_up_invitation(token, name="吴敏二", username="u2", password="lamp-cobalt-42")
    (moved,) = next_stages(final)
    follow_stage(final, "E", "B", moved.mark, organiser, "预赛记错了")
    with time_machine.travel(utc_now() + timedelta(days=3), tick=True):
        with pytest.raises(Refused, match="链接"):
            follow_stage(final, "E", "B", moved.mark, own)
        assert sheet("P2").state is SheetState.COMPLETE
        follow_stage(final, "E", "B", moved.mark, second(final))
    assert sheet("P2").state is SheetState.WITHDRAWN


def test_what_waits_for_a_second_in_another_event_goes_on_waiting(
    final: Competition, organiser: Account
) -> None:
    other = AskedStage(by=organiser.id, at=utc_now(), why="改判", event="F", stage="B", seen="x")
    with unit_of_work():
        change_settings(for_update(final), asked_stages=(other,))
    mark_it(sheet("P2"), "88", organiser, SheetState.COMPLETE)
    correct(final, organiser, P3="85")
    for by, waits in ((organiser, True), (second(final), False)):
        (next_stage,) = next_stages(final, live_results(final).results)
        done = follow_stage(final, "E", "B", next_stage.mark, by, "裁定改了")
        assert done.waits is waits
        assert other in settings_of(final).asked_stages
    assert settings_of(final).asked_stages == (other,)


def test_who_goes_on_after_all_finds_the_same_sheet_with_what_stood_on_it(
    final: Competition, organiser: Account
) -> None:
    def to_follow() -> None:
        (next_stage,) = next_stages(final, live_results(final).results)
        follow_stage(final, "E", "B", next_stage.mark, organiser)

    correct(final, organiser, P3="85")
    to_follow()
    before = sheet("P2").public_id
    # An appeal gives the mark back: P3 stays behind again.
    correct(final, organiser, P3="70")
    (next_stage,) = next_stages(final, live_results(final).results)
    assert (list(next_stage.people), list(next_stage.leaving)) == (["P2"], ["P3"])
    to_follow()
    assert (sheet("P2").public_id, sheet("P2").state) == (before, SheetState.RETURNED)
    assert sheet("P3").state is SheetState.WITHDRAWN
    assert next_stages(final, live_results(final).results) == []
    assert "stage" not in blockers(final)


def test_a_locked_final_is_opened_before_it_follows(final: Competition, organiser: Account) -> None:
    (own,) = final.events
    for code in ("P1", "P2"):
        mark_it(sheet(code), "80", organiser, SheetState.SUBMITTED)
    lock_module(own, "B", "m", organiser)
    correct(final, organiser, P3="85")
    (next_stage,) = next_stages(final, live_results(final).results)
    with pytest.raises(Refused, match="锁着"):
        follow_stage(final, "E", "B", next_stage.mark, organiser, "改分")
    assert sheet("P2").state is SheetState.SUBMITTED


def test_a_judge_is_told_why_a_sheet_is_closed(
    app: Flask, here: Flask, final: Competition, organiser: Account
) -> None:
    correct(final, organiser, P3="85")
    (next_stage,) = next_stages(final, live_results(final).results)
    follow_stage(final, "E", "B", next_stage.mark, organiser)
    judge = db.session.scalars(db.select(Judge).filter_by(code="J1")).one()
    with unit_of_work():
        account = account_of_judge(judge, final, None)
    answer = signed_in(app, account).get(f"/judge/sheets/{sheet('P2').public_id}")
    assert answer.status_code == 410
    assert "没有进这个赛段" in answer.text
    assert "回避了" not in answer.text


def test_who_is_disqualified_in_the_preliminary_leaves_the_final(
    final: Competition, organiser: Account
) -> None:
    with unit_of_work() as session:
        session.add(
            OutcomeEntry(
                entrant_id=entrant("P1").id, stage="A", module=None, status="dsq", reason="顶替"
            )
        )
        audit.record(final, organiser, "decision.confirm", "P1", after={})
    (next_stage,) = next_stages(final, live_results(final).results)
    assert (list(next_stage.people), list(next_stage.leaving)) == (["P3"], ["P1"])
    assert next_stage.why_not is None


def test_who_is_entered_late_moves_nobody_before_there_are_marks(
    final: Competition, organiser: Account
) -> None:
    (own,) = final.events
    with unit_of_work() as session:
        late = Entrant(
            competition_id=final.id,
            event_id=own.id,
            unit_id=entrant("P1").unit_id,
            code="P9",
            name="周晚",
            badge_hash="9" * 64,
            badge_token="9" * 22,
        )
        session.add(late)
        session.flush()
        audit.record(final, organiser, "entrant.add", "P9", after={})
    assert next_stages(final, live_results(final).results) == []
    # The preliminary is locked: nobody gets a sheet there before it is opened by two.
    with pytest.raises(Refused, match="已经锁定"):
        allot_missing(final, organiser)
    stages = db.session.scalars(db.select(Sheet.stage).join(Entrant).where(Entrant.code == "P9"))
    assert list(stages) == []


def test_the_contestants_page_says_who_goes_on_and_who_stopped(
    app: Flask, here: Flask, final: Competition, organiser: Account
) -> None:
    def page(code: str) -> str:
        db.session.expire_all()
        return app.test_client().get(f"/c/{entrant(code).badge_token}").text

    over("P2")
    assert "进入“赛段B”" in page("P1")
    assert "止步赛段A" in page("P3")
    assert "在“赛段A”的成绩算数" in page("P3")
    correct(final, organiser, P3="85")
    (next_stage,) = next_stages(final, live_results(final).results)
    follow_stage(final, "E", "B", next_stage.mark, organiser)
    assert "进入“赛段B”" in page("P3")
    assert "时间和工位还没定" in page("P3")
    # On the paper of the final stand those who are in it, with a station or without.
    lines = field_lines([entrant(f"P{n}") for n in range(1, 5)], None, several=False)
    of_final = {it.number: it.station for it in lines if "实操" in it.heading}
    assert of_final == {"P1": "1号工位", "P3": ""}
    assert "止步赛段A" in page("P2")
    # Nor does the hall wait for who left: two are in the final.
    board = HallBoard(event=final.events[0], stations=False)
    now = hall_now(board)
    assert (now.done, now.all) == (0, 2)


def test_a_place_whose_time_is_to_come_goes_to_who_newly_goes_on(
    app: Flask, here: Flask, final: Competition, organiser: Account
) -> None:
    at = utc_now() + timedelta(hours=1)
    with unit_of_work():
        slot = db.session.scalars(db.select(Slot).filter_by(entrant_id=entrant("P2").id)).one()
        slot.session, slot.starts_at = "决赛第1场", at
    # Who is not in the final is offered no place there, though others have one.
    assert unplaced_late(entrant("P3")) == set()
    correct(final, organiser, P3="85")
    desk = signed_in(app, organiser)
    page = desk.get(PAGE).text
    assert "空出来的 1 个位置给新进的人" in page
    assert "P3 接 P2 的 决赛第1场 2号工位" in page
    answer = follow(desk, page)
    assert answer.status_code == 302
    assert places() == {"P1": "1号工位", "P3": "2号工位"}
    assert "P3 还没有场次和工位" not in desk.get("/desk/X/").text
    moved = db.session.scalars(db.select(Slot).filter_by(entrant_id=entrant("P3").id)).one()
    assert (moved.session, moved.starts_at) == ("决赛第1场", at)
    # Nobody drew it for them: it can be chosen otherwise.
    assert chosen_late(entrant("P3")) == {("B", "m")}
    # Back again it goes the same way.
    correct(final, organiser, P3="70")
    assert follow(desk, desk.get(PAGE).text).status_code == 302
    assert places() == {"P1": "1号工位", "P2": "2号工位"}
    assert list(verify_chain(final)) == []


def test_who_comes_back_is_placed_where_the_judges_of_the_own_sheets_sit(
    final: Competition, organiser: Account
) -> None:
    with unit_of_work() as session:
        seat = db.session.scalars(db.select(Assignment).filter_by(stage="B")).one()
        seat.station = "2号工位"
        other = next(it for it in final.judges if it.code == "J2")
        session.add(
            Assignment(
                event_id=seat.event_id, judge_id=other.id, stage="B", module="m", station="1号工位"
            )
        )
    correct(final, organiser, P3="85")
    (next_stage,) = next_stages(final, live_results(final).results)
    follow_stage(final, "E", "B", next_stage.mark, organiser)
    correct(final, organiser, P3="70")
    (next_stage,) = next_stages(final, live_results(final).results)
    follow_stage(final, "E", "B", next_stage.mark, organiser)
    assert places()["P2"] == "2号工位"
    assert sheet("P2").judge.code == "J1"


def test_who_went_on_through_anothers_error_is_kept_beside_the_other_by_two(
    app: Flask, final: Competition, organiser: Account
) -> None:
    mark_it(sheet("P2"), "55", organiser)
    correct(final, organiser, P3="85")
    desk = signed_in(app, organiser)
    page = desk.get(PAGE).text
    assert "都留下" in page
    (stage_now,) = next_stages(final)
    assert (stage_now.people, stage_now.leaving) == (("P3",), ("P2",))
    decide(desk, final, "keep")
    (stage_now,) = next_stages(final)
    assert (stage_now.people, stage_now.leaving) == (("P3",), ())
    desk.post(FOLLOW, data={"event": "E", "stage": "B", "seen": stage_now.mark})
    assert sheet("P3").state is not SheetState.WITHDRAWN
    # The mark of who stays counts on.
    assert sheet("P2").state is not SheetState.WITHDRAWN
    rows = live_results(final).event("E").stages
    assert {row.entrant for row in rows[1].standings} == {"P1", "P2", "P3"}


def test_nobody_comes_in_for_who_went_on_through_anothers_error_by_two(
    app: Flask, final: Competition, organiser: Account
) -> None:
    """It is too late for who should have gone on: the place stays empty, theirs is the next."""
    mark_it(sheet("P2"), "55", organiser, SheetState.BEGUN)
    correct(final, organiser, P3="85")
    desk = signed_in(app, organiser)
    assert "不补进" in desk.get(PAGE).text
    decide(desk, final, "close")
    (stage_now,) = next_stages(final)
    assert (stage_now.people, stage_now.leaving) == ((), ("P2",))
    for person in (organiser, second(final)):
        # P2 has a mark: by two.
        why = {"why": "预赛登记错了", "event": "E", "stage": "B", "seen": stage_now.mark}
        assert signed_in(app, person).post(FOLLOW, data=why).status_code == 302
    assert sheet("P2").state is SheetState.WITHDRAWN
    assert next_stages(final) == []
    results = live_results(final).event("E")
    assert {row.entrant for row in results.stages[1].standings} == {"P1"}
    ranked = [row.entrant for row in results.standings if row.entrant != "P1"]
    assert ranked[:2] == ["P3", "P2"]
    # What was decided stands against a later change, and in the file.
    (own,) = final.events
    assert rules_of(own).stages[0].advance.missed == ("P3",)
    # The file says why: whoever works it out gets the same words.
    assert "决定不再补进" in repr(explain(export_bundle(final), "P3"))


def decide(desk: FlaskClient, final: Competition, course: str) -> None:
    """Ask for a course with a reason, and let chief judge and supervisor agree."""
    look = desk.get(f"{PAGE}/course?event=E&stage=B&course={course}").text
    fields = dict(re.findall(r'name="(event|stage|course|seen)" value="([^"]*)"', look))
    assert desk.post(f"{PAGE}/course", data=fields | {"why": ""}).status_code != 302
    asked = desk.post(f"{PAGE}/course", data=fields | {"why": "预赛登记错了"})
    assert asked.status_code == 302
    (change,) = waiting_changes(final)
    assert any("预赛登记错了" in it.reason for it in pending_approvals(final))
    agree_change(change, Seat.CHIEF, official(final, "C1"))
    agree_change(change, Seat.SUPERVISOR, official(final, "S1"))


@pytest.mark.parametrize(("most", "names"), [(2, ["1号工位", "2号工位"]), (1, ["2 个工位"])])
def test_many_stations_of_one_person_each_are_one_row_of_the_board(
    app: Flask,
    here: Flask,
    final: Competition,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    names: list[str],
) -> None:
    monkeypatch.setattr(view_model, "MOST_SINGLE", most)
    mark_it(sheet("P2"), "88", organiser, SheetState.SUBMITTED)
    page = signed_in(app, organiser).get("/desk/X/progress?module=E|B|m").text
    assert re.findall(r'<th scope="row"><b class="station">([^<]*)', page) == names
    # Nobody's sheet is lost by it: one of two is in, each still a tick.
    done = re.findall(r'<td><b class="station">(\d) / (\d)', page)
    assert (sum(int(it) for it, _all in done), sum(int(it) for _done, it in done)) == (1, 2)
