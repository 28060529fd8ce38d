"""激励名单 at the desk: made by an administrator, kept by one, its lists, its points."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from compete.models import (
    Account,
    Certificate,
    Competition,
    Person,
    RewardList,
    RewardScheme,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.kernel.clock import local_today
from compete.services.rewards.people import people_of
from tests.support.rewards import certify_all, firm_of_all, keeper_of_rewards
from tests.support.signing_in import signed_in


@pytest.fixture
def certified(forklift: Competition, organiser: Account) -> list[Certificate]:
    return certify_all(forklift, organiser)


def test_from_a_scheme_to_the_workbook_of_a_month(
    here: Flask, certified: list[Certificate]
) -> None:
    admin = create_account("管理员", is_admin=True)
    keeper = keeper_of_rewards()
    firm_of_all(admin)
    desk = signed_in(here, admin)
    assert signed_in(here, keeper).get("/desk/rewards").status_code == 404
    wrong = desk.post("/desk/rewards", data={"organisation": "没有的", "keeper": "hr"})
    assert (wrong.status_code, "机构里没有" in wrong.text) == (400, True)
    made = desk.post("/desk/rewards", data={"organisation": "港口集团", "keeper": "hr"})
    scheme = db.session.scalars(select(RewardScheme)).one()
    at = f"/desk/rewards/{scheme.id}"
    assert made.location == at
    assert "规则和名单只给管的人看" in desk.get(at).text
    own = signed_in(here, keeper)
    assert "港口集团" in own.get("/desk/rewards").text
    rule = {
        **{"grade": "3", "amount": "300", "basis": "month", "start": "this"},
        **{"first": "2020-01-01", "document": "集团〔2026〕8 号"},
    }
    bad = own.post(f"{at}/rules", data=rule | {"amount": "零"})
    assert (bad.status_code, "集团〔2026〕8 号" in bad.text) == (400, True)
    own.post(f"{at}/rules", data=rule)
    own.post(f"{at}/rules", data=rule | {"grade": "honour", "honour": "没人得的奖"})
    listed = own.post(f"{at}/lists", data={"month": local_today().isoformat()})
    page = own.get(listed.location).text
    row = db.session.scalars(select(RewardList)).one()
    assert row.people == sum(it.face["level"].startswith("三级") for it in certified)
    assert "一个人也没有对上" in page
    assert desk.get(listed.location).status_code == 404
    assert desk.get(f"{listed.location}.xlsx").status_code == 404
    book = load_workbook(BytesIO(own.get(f"{listed.location}.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    heads = next(it for it in rows if "姓名" in it)
    amounts = [it[heads.index("这次金额（元）")] for it in rows[rows.index(heads) + 1 :]]
    # Numbers, so that the column can be summed.
    assert amounts == [300] * row.people
    ended = own.post(f"{at}/rules/1/end", data={"last": "2026-01-31"})
    assert ended.location == at
    assert "2026年1月" in own.get(at).text
    own.post(f"{at}/rules/1/end", data={"last": "2019-12-31"})
    assert "一个月也不发" in own.get(at).text
    other = create_account("新人事", username="hr2")
    desk.post(f"{at}/keeper", data={"keeper": "hr2"})
    assert own.get(at).status_code == 404
    assert signed_in(here, other).get(listed.location).status_code == 200


def test_points_from_a_pasted_list_of_attendance(here: Flask, certified: list[Certificate]) -> None:
    admin = create_account("管理员", is_admin=True)
    keeper = keeper_of_rewards()
    firm_of_all(admin)
    signed_in(here, admin).post("/desk/rewards", data={"organisation": "港口集团", "keeper": "hr"})
    scheme = db.session.scalars(select(RewardScheme)).one()
    at, own = f"/desk/rewards/{scheme.id}", signed_in(here, keeper)
    rule = {"source": "attendance", "points": "2", "first": "2020-01-01", "months": ""}
    own.post(f"{at}/points/rules", data=rule)
    person = db.session.get_one(Person, min(people_of(scheme.organisation)))
    today = date.today().isoformat()
    tail = (person.id_number or "")[-4:]
    pasted = (
        f"姓名\t证件后四位\t培训班\t日期\n{person.name}\t{tail}\t安全培训\t{today}\n"
        f"没有这人\t\t安全培训\t{today}\n"
    )
    looked = own.post(f"{at}/attendance", data={"pasted": pasted}).text
    assert "新记 1 人次" in looked
    assert "这个单位没有叫没有这人的" in looked
    carried = looked.split('name="rows" value="', 1)[1].split('"', 1)[0]
    left = own.post(f"{at}/attendance/write", data={"rows": carried})
    assert "还有 1 行没写" in left.text
    own.post(f"{at}/points/reckon")
    page = own.get(f"{at}/points").text
    assert "安全培训" in page
    assert person.name not in page
    assert own.get(f"{at}/points.xlsx").status_code == 200
    assert own.get(f"{at}/attendance.xlsx").status_code == 200
    own.post(f"{at}/points/rules/1/end", data={"last": today})
    gone = own.post(f"{at}/attendance/end", data={"course": "安全培训", "day": today})
    assert gone.location == f"{at}/points"
    assert "安全培训" not in own.get(f"{at}/points").text.split("培训签到</h2>")[-1][:20]
