"""师徒 at the desk: made, visited, ended, corrected, from a workbook, the rules, the best."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from compete.domain.values.mentor_states import MentorOutcome, MentorshipState
from compete.models import Account, Competition, MentorNote, Mentorship, db
from compete.services.accounts.accounts import create_account
from compete.services.mentors.mentorship_fields import PAIR_FIELDS, EndFields
from compete.services.mentors.mentorships import end_pair
from tests.support.mentors import WORKS, pair_of, row_texts, works
from tests.support.signing_in import signed_in

PAIR = {
    "organisation": WORKS,
    "mentor": "王师傅",
    "pupil": "小李",
    "occupation": "焊工",
    "mentor_grade": "2",
    "target_grade": "3",
    "starts": "2026-01-01",
    "until": "2026-12-31",
    "aims": "能独立焊管",
}


@pytest.fixture
def admin(here: Flask) -> Iterator[Account]:
    with time_machine.travel(date(2026, 6, 1), tick=True):
        account = create_account("管理员", is_admin=True)
        works(account)
        yield account


@pytest.fixture
def client(here: Flask, admin: Account) -> FlaskClient:
    return signed_in(here, admin)


def read(client: FlaskClient, address: str) -> str:
    page = unescape(client.get(address).text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))


def book(rows: list[dict[str, str]]) -> BytesIO:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append([str(title) for title in PAIR_FIELDS.values()])
    for row in rows:
        sheet.append([row.get(key, "") for key in PAIR_FIELDS])
    out = BytesIO()
    made.save(out)
    out.seek(0)
    return out


def look(client: FlaskClient, rows: list[dict[str, str]]) -> str:
    answer = client.post("/desk/mentorships/upload", data={"workbook": (book(rows), "师徒.xlsx")})
    return answer.text


def test_a_pair_from_its_making_to_its_outcome(client: FlaskClient) -> None:
    assert "还没有师徒协议" in read(client, "/desk/mentorships")
    assert client.get("/desk/mentorships/new").status_code == 200
    made = client.post("/desk/mentorships/new", data=PAIR)
    row = db.session.scalars(select(Mentorship)).one()
    at = f"/desk/mentorships/{row.id}"
    assert made.location == at
    page = read(client, at)
    assert "王师傅 带 小李" in page
    assert "焊工，目标三级/高级工" in page
    assert "能独立焊管" in page
    visit = {"by": "车间工会", "hours": "1.5", "text": "看焊接"}
    assert client.post(f"{at}/visits", data=visit).location == at
    client.post(f"{at}/visits", data=visit | {"hours": "8"})
    assert "2 次 共 9.5 小时" in read(client, at)
    wrong = db.session.scalars(select(MentorNote).order_by(MentorNote.id.desc())).first()
    assert wrong is not None
    refused = client.post(f"{at}/visits/{wrong.id}/withdraw", data={"reason": ""})
    assert (refused.status_code, "写为什么" in refused.text) == (400, True)
    gone = client.post(f"{at}/visits/{wrong.id}/withdraw", data={"reason": "记了两遍"})
    assert gone.location == at
    page = read(client, at)
    assert "1 次 共 1.5 小时" in page
    assert "撤回了：记了两遍" in page
    assert client.post(at, data=PAIR | {"document": "XY-7"}).location == at
    assert "XY-7" in read(client, at)
    client.post(f"{at}/end", data={"outcome": "excellent"})
    page = read(client, at)
    assert "优秀" in page
    assert "全额" in page
    client.post(f"{at}/open", data={"reason": "写早了"})
    assert "在带" in read(client, at)
    client.post(f"{at}/withdraw", data={"reason": "人写错了"})
    assert "为什么撤回 人写错了" in read(client, at)
    db.session.refresh(row)
    assert row.state is MentorshipState.WITHDRAWN
    assert "王师傅" in read(client, "/desk/mentorships?q=小李&state=withdrawn")
    assert "没有找到" in read(
        client, f"/desk/mentorships?state=open&organisation={row.organisation_id}"
    )


def test_faults_stand_beside_their_fields(client: FlaskClient, admin: Account) -> None:
    refused = client.post("/desk/mentorships/new", data={"organisation": "哪里"})
    assert refused.status_code == 400
    for words in ("师傅姓名要写", "徒弟姓名要写", "职业要写", "开始日期要写"):
        assert words in refused.text
    refused = client.post("/desk/mentorships/new", data=PAIR | {"mentor_grade": "4"})
    assert "师傅是四级/中级工，低于目标三级/高级工" in refused.text
    row = pair_of(admin)
    at = f"/desk/mentorships/{row.id}"
    refused = client.post(f"{at}/visits", data={"by": "", "text": "看", "hours": "25"})
    assert refused.status_code == 400
    assert "写谁去的" in refused.text
    refused = client.post(f"{at}/end", data={"outcome": "fail"})
    assert (refused.status_code, "写为什么" in refused.text) == (400, True)
    assert db.session.scalar(select(func.count()).select_from(MentorNote)) == 0


def test_a_workbook_is_looked_at_written_and_comes_out_again(
    client: FlaskClient, admin: Account
) -> None:
    rows = [
        row_texts("王师傅", "小李", target_grade="高级工", mentor_grade="技师"),
        row_texts("王师傅", "王师傅", starts="去年"),
        row_texts("刘师傅", "小周", organisation=""),
    ]
    page = look(client, rows)
    assert "新增 1 对" in page
    assert "拒绝 2 对" in page
    assert "日期看不懂" in page
    packed = re.search(r'name="rows" value="([^"]+)"', page)
    assert packed is not None
    filled = {"rows": packed[1], "fill:organisation": WORKS}
    written = client.post("/desk/mentorships/write", data=filled)
    assert "还有 1 行没写" in written.text
    assert db.session.scalar(select(func.count()).select_from(Mentorship)) == 2
    out = client.get("/desk/mentorships/workbook.xlsx").data
    again = client.post(
        "/desk/mentorships/upload", data={"workbook": (BytesIO(out), "师徒.xlsx")}
    ).text
    assert "都记过了" in again


def test_a_thousand_pairs_are_previewed_within_three_seconds(client: FlaskClient) -> None:
    rows = [row_texts(f"师{n // 2}", f"徒{n}") for n in range(1000)]
    sent = book(rows)
    began = time.monotonic()
    answer = client.post("/desk/mentorships/upload", data={"workbook": (sent, "师徒.xlsx")})
    took = time.monotonic() - began
    assert "新增 1000 对" in answer.text
    assert took < 3


def test_rules_and_the_best_mentors(client: FlaskClient, admin: Account) -> None:
    row = pair_of(admin)
    at = f"/desk/mentors/{row.organisation_id}"
    assert "还没定，照一般的" in read(client, f"{at}/rules")
    end_pair(row, EndFields(outcome=MentorOutcome.EXCELLENT, day=date(2026, 5, 1)), admin)
    page = read(client, f"{at}/best?year=2026")
    assert "2026-05-01 小李 带徒考核优秀 10 分" in page
    form = client.get(f"{at}/rules").text
    sent = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="(\d+)"', form))
    sent |= dict.fromkeys(("pays_excellent", "pays_pass", "pays_fail", "pays_ended"), "half")
    answer = client.post(f"{at}/rules", data=sent | {"points_excellent": "7"})
    assert answer.location == f"{at}/rules"
    assert "本组织自己定的" in read(client, f"{at}/rules")
    assert "带徒考核优秀 7 分" in read(client, f"{at}/best?year=2026")
    made = load_workbook(BytesIO(client.get(f"{at}/best.xlsx?year=2026").data))
    assert made.sheetnames[1:] == ["得分明细", "算分规则"]
    assert "这一年没有师徒" in read(client, f"{at}/best?year=2020")


def test_others_do_not_see_them(
    here: Flask, admin: Account, fresh: Competition, organiser: Account
) -> None:
    row = pair_of(admin)
    other = signed_in(here, organiser)
    assert other.get(f"/desk/mentorships/{row.id}").status_code == 404
    assert other.get(f"/desk/mentors/{row.organisation_id}/rules").status_code == 404
    assert "还没有师徒协议" in read(other, "/desk/mentorships")
