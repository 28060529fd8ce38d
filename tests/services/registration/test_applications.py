"""Whom a unit enters is nobody on the list until an organiser accepts; what is said is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, event, func, select

from compete.domain.values.roles import Role
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import (
    Account,
    Application,
    AuditEntry,
    Competition,
    Entrant,
    Membership,
    Sheet,
    db,
    utc_now,
)
from compete.services.accounts.roles import close_account
from compete.services.accounts.sessions import begin_session, load_account
from compete.services.accounts.sign_in_cards import use_card
from compete.services.competitions.archive import bring_back, put_away
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.chains import known_chains
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration import unit_upload
from compete.services.registration.acceptance import accept_people, return_people
from compete.services.registration.applications import (
    applications_of,
    cells_of,
    problems_of,
    save_person,
)
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.people import find_applications
from compete.services.registration.people_seals import check_people
from compete.services.registration.preview import offer_of, plan_mark
from compete.services.registration.submission import submit_people, take_back
from compete.services.registration.unit_upload import (
    keep_unit_upload,
    plan_unit_upload,
    write_unit_upload,
)
from compete.services.registration.units.links import (
    cancel_link,
    good_until,
    links_of,
    make_link,
    show_link,
)
from compete.services.registration.waiting_list import quota_of
from compete.services.registration.window import Window, change_window
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow, citizen_id
from tests.sheets.reading.files import book_of
from tests.support.judging import seat_and_open
from tests.support.small import IDS, small

FIRST, SECOND, THIRD = (citizen_id(date(1991, 2, 3), number) for number in (5, 6, 7))


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    """The contact of the first unit, who came by the link."""
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def entered(
    competition: Competition, by: Account, name: str = "新来", number: str = FIRST, **more: str
) -> Application:
    return save_person(
        competition.units[0], competition, {"name": name, "id_number": number} | more, by
    )


def seen(*applications: Application) -> dict[str, int]:
    return {row.public_id: row.version for row in applications}


def how_many(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def all_holds(competition: Competition) -> None:
    assert list(verify_chain(competition)) == []
    assert list(check_people(competition)) == []
    db.session.rollback()
    db.session.expire_all()
    assert [fault for chain in known_chains() for fault in check_rows(chain.number)] == []


@pytest.mark.each_database
def test_from_a_draft_to_the_list(fresh: Competition, organiser: Account, contact: Account) -> None:
    unit, before = fresh.units[0], how_many(Entrant)
    draft = save_person(unit, fresh, {"name": "新来", "grade": "4"}, contact)
    assert list(problems_of(draft)) == ["id_number"]
    with pytest.raises(Refused, match="没填"):
        submit_people(unit, fresh, [draft.public_id], contact)
    with pytest.raises(WrongFieldsError) as wrong:
        save_person(unit, fresh, {"id_number": FIRST[:-1] + "Y"}, contact, application=draft)
    assert list(wrong.value.problems) == ["id_number"]
    save_person(
        unit, fresh, {"id_number": FIRST, "phone": "13800000000"}, contact, application=draft
    )
    assert cells_of(draft)["name"] == "新来"
    assert FIRST not in db.session.scalars(select(AuditEntry.after)).all().__repr__()
    raw = db.session.connection().exec_driver_sql("SELECT cells FROM application").scalar_one()
    assert FIRST not in str(raw)
    submit_people(unit, fresh, [draft.public_id], contact)
    with pytest.raises(Refused, match="先撤回"):
        save_person(unit, fresh, {"name": "别名"}, contact, application=draft)
    assert how_many(Entrant) == before
    returned = return_people(fresh, seen(draft), "照片不是白底", organiser)
    assert (returned.left, draft.state, draft.reason) == (
        [],
        ApplicationState.RETURNED,
        "照片不是白底",
    )
    save_person(unit, fresh, {"grade": "3"}, contact, application=draft)
    submit_people(unit, fresh, [draft.public_id], contact)
    assert draft.reason is None
    stale = seen(draft)
    take_back(draft, contact)
    submit_people(unit, fresh, [draft.public_id], contact)
    assert [str(left.why) for left in accept_people(fresh, stale, organiser).left] == [
        "刚被改过，再看一遍"
    ]
    done = accept_people(fresh, seen(draft), organiser)
    assert [(entrant.name, entrant.grade, entrant.unit_id) for entrant in done.entrants] == [
        ("新来", 3, unit.id)
    ]
    assert (draft.state, draft.entrant_id) == (ApplicationState.ACCEPTED, done.entrants[0].id)
    assert (how_many(Entrant), applications_of(unit)) == (before + 1, [])
    all_holds(fresh)


def test_two_units_want_one_person_and_one_is_there_already(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    first, second = fresh.units
    other = use_card(make_link(second, fresh, "", organiser))
    mine = entered(fresh, contact)
    theirs = save_person(second, fresh, {"name": "新来", "id_number": FIRST}, other)
    known = save_person(second, fresh, {"name": "赵启明", "id_number": IDS["P1"]}, other)
    again = entered(fresh, contact, "又一次")
    team = entered(fresh, contact, "有队", SECOND, team="甲队")
    submit_people(first, fresh, [mine.public_id, team.public_id], contact)
    with pytest.raises(Refused, match="已经提交过"):
        submit_people(first, fresh, [again.public_id], contact)
    # Nothing tells a unit whom another has on the list.
    submit_people(second, fresh, [theirs.public_id, known.public_id], other)
    with pytest.raises(Refused, match="看一遍"):
        submit_people(second, fresh, [mine.public_id], other)
    done = accept_people(fresh, seen(mine, theirs, known, team), organiser)
    assert [(entrant.name, entrant.unit_id) for entrant in done.entrants] == [
        ("新来", first.id),
        ("有队", first.id),
    ]
    assert {left.application.id: str(left.why) for left in done.left} == {
        theirs.id: "甲单位也报了这个人，先定是谁的",
        known.id: "这个赛项的名单里已经有这个人：甲单位 P1 赵启明。用不着这一份就退回",
    }
    assert done.entrants[1].team is not None
    late = save_person(second, fresh, {"name": "借队", "id_number": THIRD, "team": "甲队"}, other)
    submit_people(second, fresh, [late.public_id], other)
    assert "别的单位" in str(accept_people(fresh, seen(late), organiser).left[0].why)
    # A mistake with the own people is told at once.
    with pytest.raises(Refused, match="已经有名字"):
        submit_people(first, fresh, [again.public_id], contact)
    listing = find_applications(fresh, page_size=10)
    assert listing.counts == {ApplicationState.ACCEPTED: 2, ApplicationState.SUBMITTED: 3}
    all_holds(fresh)


def test_the_window_and_the_quota_hold(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    unit, hour = fresh.units[0], timedelta(hours=1)
    there = quota_of(unit, fresh).used
    assert change_window(fresh, Window(quota=there + 1), organiser)
    first_application, two = entered(fresh, contact), entered(fresh, contact, "第二人", SECOND)
    submit_people(unit, fresh, [first_application.public_id, two.public_id], contact)
    assert quota_of(unit, fresh).used == there + 2
    take_back(two, contact)
    assert quota_of(unit, fresh).left == 0
    # Who is given back keeps the place, and needs no second.
    return_people(fresh, seen(first_application), "缺照片", organiser)
    assert quota_of(unit, fresh).left == 0
    submit_people(unit, fresh, [first_application.public_id], contact)
    for window, why in (
        (Window(opens=utc_now() + hour), "还没到"),
        (Window(closes=utc_now() - hour), "截止"),
    ):
        change_window(fresh, window, organiser)
        with pytest.raises(Refused, match=why):
            entered(fresh, contact, "第三人", THIRD)
        with pytest.raises(Refused, match=why):
            submit_people(unit, fresh, [two.public_id], contact)
        with pytest.raises(Refused, match=why):
            take_back(first_application, contact)
    with pytest.raises(Refused, match="晚于"):
        change_window(fresh, Window(utc_now(), utc_now() - hour), organiser)
    # The organiser decides when he likes, also about the late.
    assert accept_people(fresh, seen(first_application), organiser).left == []
    change_window(fresh, Window(), organiser)
    # Of a competition that was put away nobody reads what is handed in.
    put_away(fresh, fresh.name, organiser)
    with pytest.raises(Refused, match="收起来"):
        submit_people(unit, fresh, [two.public_id], contact)
    bring_back(fresh, organiser)
    with unit_of_work():
        fresh.state = CompetitionState.JUDGING
    with pytest.raises(Refused, match="开始评分"):
        submit_people(unit, fresh, [two.public_id], contact)
    take = db.session.get_one(Application, two.id)
    assert take.state is ApplicationState.TAKEN_BACK


def test_a_workbook_makes_drafts_and_corrects_them(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    unit = fresh.units[0]
    done = entered(fresh, contact, "交了的", SECOND, grade="4")
    submit_people(unit, fresh, [done.public_id], contact)
    draft = entered(fresh, contact, "草稿", THIRD)
    rows = [
        RegistrationRow(
            name="新来", id_number=FIRST, unit="甲单位", code="Z9", phone="13800000000"
        ),
        RegistrationRow(name="草稿", id_number=THIRD, unit="甲单位", grade="三级/高级工"),
        RegistrationRow(name="交了的", id_number=SECOND, unit="甲单位", grade="二级/技师"),
        RegistrationRow(name="别家的", id_number=IDS["P3"], unit="乙单位"),
    ]
    content = write_registration_workbook(offer_of(fresh), rows)
    batch = keep_unit_upload(unit, fresh, "报名.xlsx", content, contact)
    plan = plan_unit_upload(batch, unit)
    assert [row.status for row in plan.rows] == [
        RowStatus.ADDED,
        RowStatus.CHANGED,
        RowStatus.REFUSED,
        RowStatus.REFUSED,
    ]
    assert "没有“乙单位”" in str(plan.rows[3].problems[0].message)
    write_unit_upload(batch.id, unit, plan_mark(plan), contact)
    assert cells_of(draft)["grade"] == "3"
    assert [(row.name, row.state.value) for row in applications_of(unit)] == [
        ("交了的", "submitted"),
        ("草稿", "draft"),
        ("新来", "draft"),
    ]
    assert all(not problems_of(row) for row in applications_of(unit))
    all_holds(fresh)


def test_a_title_with_a_unit_that_there_is_not_is_told_as_it_is_taken(
    fresh: Competition, contact: Account
) -> None:
    unit = fresh.units[0]
    rows = [["华能焦作电厂有限公司报名表"], ["姓名", "身份证号", "工种"], ["新来", FIRST, None]]
    batch = keep_unit_upload(unit, fresh, "a.xlsx", book_of({"表": rows}), contact)
    plan = plan_unit_upload(batch, unit)
    assert [row.shown["unit"] for row in plan.rows] == [unit.name]
    sentences = [str(it) for it in plan.notices]
    assert any(f"当作本单位“{unit.name}”的人" in it for it in sentences)
    assert not any("照上面写的" in it for it in sentences)


def test_three_uploads_of_a_unit_wait_and_so_many_come_in_a_day(
    fresh: Competition, contact: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, few = fresh.units[0], replace(config_here(), uploads_per_day=4)
    monkeypatch.setattr(unit_upload, "config_here", lambda: few)
    row = RegistrationRow(name="新来", id_number=FIRST, unit="甲单位")
    content = write_registration_workbook(offer_of(fresh), [row])
    uploads = [keep_unit_upload(unit, fresh, name, content, contact) for name in "abcd"]
    kept = [(row.state.value, row.content is None) for row in uploads]
    assert kept == [("discarded", True), *[("previewed", False)] * 3]
    with pytest.raises(Refused, match="一天最多传 4 个"):
        keep_unit_upload(unit, fresh, "e", content, contact)
    keep_unit_upload(fresh.units[1], fresh, "f", content, contact)
    all_holds(fresh)


def test_what_others_did_meanwhile_is_said_and_many_ask_no_more_than_few(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    unit = fresh.units[0]
    gone, first_application, two, three = (
        entered(fresh, contact, f"人{n}", citizen_id(date(1991, 2, 3), n)) for n in range(21, 25)
    )
    # Another tab dropped it; here it still stands.
    with unit_of_work() as session:
        behind = {"synchronize_session": False, "noted": True}
        session.execute(
            delete(Application).where(Application.id == gone.id), execution_options=behind
        )
    for act in (
        lambda: take_back(gone, contact),
        lambda: save_person(unit, fresh, {"name": "换名"}, contact, application=gone),
        lambda: submit_people(unit, fresh, [f"{n:x}" for n in range(70_000)], contact),
    ):
        with pytest.raises(Refused, match="刚被别人改过"):
            act()
    with pytest.raises(Refused, match="分几次"):
        accept_people(fresh, {f"{n:x}": 1 for n in range(70_000)}, organiser)
    asked: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    def reads(act: Callable[[], object]) -> int:
        asked.clear()
        act()
        return sum("FROM team" in line or "FROM member" in line for line in asked)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        few = reads(lambda: submit_people(unit, fresh, [first_application.public_id], contact))
        many = reads(lambda: submit_people(unit, fresh, [two.public_id, three.public_id], contact))
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    assert (few, many) == (2, 2)


def test_a_link_is_renewed_and_ends(fresh: Competition, organiser: Account, here: Flask) -> None:
    unit = fresh.units[0]
    first = make_link(unit, fresh, "顾燕", organiser)
    assert show_link(unit, fresh, organiser) == first
    second = make_link(unit, fresh, "", organiser)
    with pytest.raises(Refused, match="不能用"):
        use_card(first)
    account = use_card(second)
    assert account.name == "顾燕"
    assert show_link(unit, fresh, organiser) is None
    part = db.session.scalars(select(Membership).where(Membership.account_id == account.id)).one()
    assert (part.role, part.unit_id) == (Role.CONTACT, unit.id)
    cancel_link(unit, fresh, organiser)
    with pytest.raises(Refused, match="不能用"):
        use_card(second)
    with pytest.raises(Refused, match="没有在用"):
        cancel_link(unit, fresh, organiser)
    # A link for an account that was closed would let nobody in.
    close_account(account, organiser, "离职")
    other = use_card(make_link(unit, fresh, "新人", organiser))
    assert (other.id != account.id, other.name) == (True, "新人")
    assert links_of(fresh)[unit.id].standing


def test_a_contact_is_signed_in_as_long_as_the_desk(fresh: Competition, contact: Account) -> None:
    token = begin_session(contact, method="card")
    idle = timedelta(hours=config_here().desk_idle_hours)
    with time_machine.travel(utc_now() + idle + timedelta(minutes=1)):
        assert load_account(token) is None


def test_who_is_accepted_late_gets_sheets(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    contact = use_card(make_link(competition.units[0], competition, "", organiser))
    late = entered(competition, contact)
    submit_people(competition.units[0], competition, [late.public_id], contact)
    seat_and_open(competition, organiser)
    before = how_many(Sheet)
    done = accept_people(competition, seen(late), organiser)
    assert len(done.entrants) == 1
    assert how_many(Sheet) > before


def test_a_link_given_at_registration_outlives_the_time_to_appeal(fresh: Competition) -> None:
    today = utc_now().date()
    with unit_of_work():
        fresh.starts, fresh.ends = today, today + timedelta(days=10)
    assert good_until(fresh) > utc_now() + timedelta(days=69)
    with unit_of_work():
        fresh.starts = fresh.ends = today - timedelta(days=40)
    assert good_until(fresh) > utc_now() + timedelta(days=59)
