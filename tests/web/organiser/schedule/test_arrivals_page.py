"""The desk's list of who came: counts that add up, and what can be done from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind, CompetitionState
from compete.models import Account, CheckIn, Competition, Slot, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.clock import local_time
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from tests.services.schedule.test_check_in import planned
from tests.support.people import visitor
from tests.support.signing_in import signed_in

PAGE = "/desk/X/arrivals"


@pytest.fixture
def hall(load: Callable[..., Competition]) -> Competition:
    """The first session began a quarter of an hour ago, the second begins in an hour."""
    competition, now = load(planned()), utc_now()
    with unit_of_work():
        for slot in db.session.query(Slot):
            begins = now + timedelta(minutes=-15 if slot.session == "第1场" else 60)
            slot.check_in_at = slot.starts_at = begins
            slot.ends_at = None
    return competition


@pytest.fixture
def desk(app: Flask, hall: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def send(hall: Competition, by: Account, entrant: str, **keys: Any) -> str:
    slot = next(
        slot for slot in db.session.query(Slot) if slot.entrant.code == entrant and slot.starts_at
    )
    assert slot.starts_at is not None
    fields: dict[str, Any] = {
        **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": entrant, "stage": "S"},
        **{"session": slot.session, "day": local_time(slot.starts_at).date(), "at": utc_now()},
        **{"compared": True, "items": ("身份证", "参赛证"), "note": "晚到，吴敏准的"},
    }
    act = CheckInIn(**(fields | keys))
    taken = take_check_ins(hall, [act], by)
    assert taken.refused == []
    return act.uuid


def counts(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="count-filter.*?<b>(\d+)</b>', page)]


def test_counts_add_up_and_filter(desk: FlaskClient, hall: Competition, organiser: Account) -> None:
    everything = desk.get(f"{PAGE}?session=all").text
    assert counts(everything) == [4, 2, 2, 0, 0]
    assert "没有记录不等于没来" in everything
    send(hall, organiser, "P1")
    page = desk.get(f"{PAGE}?session=all").text
    assert counts(page) == [4, 1, 2, 1, 0]
    assert "没有记录不等于没来" not in page
    assert "没点：劳保用品" in page
    assert "晚了 15 分钟" in page
    late = desk.get(f"{PAGE}?session=all&state=late").text
    assert "钱文" in late
    assert "赵启明" not in late
    # Without a session it is the one that comes next.
    assert counts(desk.get(PAGE).text) == [2, 0, 2, 0, 0]
    assert f'href="{PAGE}"' in desk.get("/desk/X/").text


def test_absence_is_recorded_by_the_act_that_there_is(desk: FlaskClient, hall: Competition) -> None:
    assert "记缺考" not in desk.get(f"{PAGE}?session=all").text
    with unit_of_work():
        hall.state = CompetitionState.JUDGING
    page = desk.get(f"{PAGE}?session=all").text
    links = re.findall(r'href="(/desk/X/decisions[^"]*)"[^>]*><span>记缺考', page)
    assert len(links) == 2
    form = desk.get(links[0].replace("&amp;", "&")).text
    assert "检录时没到" in form
    assert re.search(r'value="P1"', form)


def test_a_check_in_is_taken_back_and_its_record_stays(
    desk: FlaskClient, hall: Competition, organiser: Account
) -> None:
    record = send(hall, organiser, "P1", at=utc_now() - timedelta(hours=1))
    page = desk.post(f"{PAGE}/undo", data={"record": record}, follow_redirects=True).text
    assert "赵启明 的检录撤销了" in page
    assert counts(desk.get(f"{PAGE}?session=all").text) == [4, 2, 2, 0, 0]
    assert db.session.query(CheckIn).count() == 2
    assert desk.post(f"{PAGE}/undo", data={"record": record}).status_code == 409
    assert desk.post(f"{PAGE}/undo", data={"record": "x"}).status_code == 404


def test_what_changes_is_told_while_it_is_open(
    desk: FlaskClient, hall: Competition, organiser: Account
) -> None:
    send(hall, organiser, "P3", kind=CheckInKind.STOPPED, note="不是本人，照片上是别人")
    answer = desk.get(f"{PAGE}/live?session=all")
    assert answer.json is not None
    assert "照片上是别人" in answer.json["parts"]["rows"]
    again = {"If-None-Match": answer.headers["ETag"]}
    status = desk.get(f"{PAGE}/live?session=all", headers=again).status_code
    assert status in (200, 304)  # The minute may have turned.


@pytest.mark.parametrize(
    ("who", "may"), [("chief", False), ("supervisor", False), ("organiser", True)]
)
def test_whose_page_it_is(app: Flask, hall: Competition, who: str, may: bool) -> None:
    client = visitor(app, who, hall)
    assert client.get(PAGE).status_code == (200 if may else 404)


def test_a_clerk_sees_the_list_and_takes_nothing_back_there(
    app: Flask, hall: Competition, organiser: Account
) -> None:
    clerk = create_account("丁一鸣")
    grant_role(clerk, hall, Role.CLERK)
    record = send(hall, clerk, "P1")
    tablet = signed_in(app, clerk)
    page = tablet.get(f"{PAGE}?session=all").text
    assert "赵启明" in page
    assert "撤销检录" not in page
    assert "/desk/X/entrants" not in page
    assert tablet.post(f"{PAGE}/undo", data={"record": record}).status_code == 404
