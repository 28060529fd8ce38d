"""Evidence and comments on a square: who adds, sees and takes them back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, LabourNote, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.closing import close_period
from compete.services.labour.departments import save_department
from compete.services.labour.sign_off import sign_off
from compete.services.scoring.live_labour import labour_live
from tests.services.labour.made_up import PIN, Contest, act, made_up
from tests.support.signing_in import signed_in

HOME = "/labour-entry/L"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ASKED = {"Accept": "application/json"}


@pytest.fixture
def contest(app: Flask, load: Callable[..., Competition], organiser: Account) -> Contest:
    app.config["WTF_CSRF_ENABLED"] = False
    return made_up(load, organiser)


def contact(app: Flask, contest: Contest, place: int) -> FlaskClient:
    unit = contest.competition.units[place]
    account = create_account(f"联系人{unit.code}")
    grant_role(account, contest.competition, Role.CONTACT, unit=unit)
    return signed_in(app, account)


def photo() -> bytes:
    made = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CAMERA OF SOMEBODY"
    Image.new("RGB", (40, 30), "red").save(made, "JPEG", exif=exif)
    return made.getvalue()


def add(
    client: FlaskClient, square: tuple[str, str] = ("甲", "安全"), period: str = "二月", **keys: Any
) -> TestResponse:
    file = keys.pop("file", None)
    data = {"unit": square[0], "indicator": square[1], "uuid": str(uuid4()), **keys}
    if file is not None:
        data["file"] = (BytesIO(file[1]), file[0])
    return client.post(f"{HOME}/{period}/notes", data=data, headers=ASKED)


def standing(client: FlaskClient) -> Any:
    state = client.get(f"{HOME}/二月/state").json
    assert state is not None
    return state["notes"]


def seen(client: FlaskClient) -> list[str]:
    history = client.get(f"{HOME}/二月/history?unit=甲&indicator=安全").json
    assert history is not None
    return [note["name"] or note["text"] for note in history["notes"]]


def test_both_sides_of_a_square_see_what_is_on_it_and_nobody_else_does(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    zhou, chen = signed_in(app, contest.zhou), signed_in(app, contest.chen)
    own, other = contact(app, contest, 0), contact(app, contest, 1)
    reply = add(zhou, file=("证据/整改通知.PDF", PDF)).json
    assert reply is not None
    assert reply["notes"][0]["name"] == "整改通知.pdf"
    added = add(own, file=("现场.png", photo())).json
    assert added is not None
    add(own, text="已整改，见照片")
    assert seen(zhou) == seen(own) == ["整改通知.pdf", "现场.jpg", "已整改，见照片"]
    assert standing(zhou) == standing(own) == {"甲": {"安全": 3}}
    assert (standing(chen), standing(other)) == ({}, {})
    paths = [note["url"] for note in added["notes"] if note["url"]]
    assert [client.get(path).status_code for client in (zhou, own) for path in paths] == [200] * 4
    assert [client.get(path).status_code for client in (chen, other) for path in paths] == [404] * 4
    kept = own.get(paths[1])
    assert (kept.mimetype, b"CAMERA" in kept.data) == ("image/jpeg", False)
    assert kept.headers["Cache-Control"] == "private, no-store"
    # A PDF is saved, never opened among our pages.
    assert zhou.get(paths[0]).headers["Content-Disposition"].startswith("attachment")
    desk = signed_in(app, organiser)
    page = desk.get("/desk/L/labour/units/甲?period=Q").text
    assert "整改通知.pdf" in page
    assert "已整改，见照片" in page
    uuid = paths[0].rsplit("/", 1)[1]
    assert desk.get(f"/desk/L/labour/evidence/{uuid}").data == PDF
    assert app.test_client().get(f"/desk/L/labour/evidence/{uuid}").status_code in (302, 401, 404)
    assert list(verify_chain(contest.competition)) == []
    assert list(check_rows(contest.competition)) == []


@pytest.mark.parametrize(
    ("keys", "status", "why"),
    [
        ({}, 400, "写一句话，或者选一个文件"),
        ({"text": "字" * 501}, 400, "太长了"),
        ({"file": ("a.pdf", b"MZ not a pdf")}, 415, "这不是 PDF 或照片"),
        ({"file": ("a.pdf", PDF.replace(b"/Type", b"/JavaScript"))}, 415, "脚本"),
        ({"text": "好", "uuid": "x"}, 400, "编号不对"),
        ({"text": "好", "square": ("甲", "产值")}, 403, "不归你们填"),
        ({"text": "好", "square": ("丁", "安全")}, 404, "没有这一格"),
    ],
)
def test_what_is_not_taken_says_why_and_leaves_nothing(
    app: Flask, contest: Contest, keys: dict[str, Any], status: int, why: str
) -> None:
    answer = add(signed_in(app, contest.zhou), **keys)
    assert answer.status_code == status
    assert answer.json is not None
    assert why in answer.json["error"]
    assert db.session.query(LabourNote).count() == 0


def test_a_note_sent_twice_is_one_and_its_maker_alone_takes_it_back(
    app: Flask, contest: Contest
) -> None:
    zhou, own = signed_in(app, contest.zhou), contact(app, contest, 0)
    uuid = str(uuid4())
    add(zhou, uuid=uuid, file=("通知.pdf", PDF))
    reply = add(zhou, uuid=uuid, file=("通知.pdf", PDF)).json
    assert reply is not None
    assert (len(reply["notes"]), reply["standing"]) == (1, 1)
    assert add(own, uuid=uuid, text="好").status_code == 409
    path, back = reply["notes"][0]["url"], f"{HOME}/二月/notes/{uuid}/back"
    assert own.post(back, json={"reason": "传错"}, headers=ASKED).status_code == 403
    assert zhou.post(back, json={"reason": " "}, headers=ASKED).status_code == 400
    ended = zhou.post(back, json={"reason": "传到别家了"}, headers=ASKED).json
    assert ended is not None
    assert (ended["standing"], ended["notes"][0]["gone"]) == (0, "传到别家了")
    assert zhou.get(path).status_code == 404
    assert standing(zhou) == {}
    assert zhou.post(back, json={"reason": "再来"}, headers=ASKED).status_code == 409
    assert list(check_rows(contest.competition)) == []


def test_a_closed_period_takes_no_more_and_notes_do_not_score_anew(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    zhou = signed_in(app, contest.zhou)
    before = labour_live(contest.competition)
    assert add(zhou, text="见附件", period="一月").status_code == 200
    assert labour_live(contest.competition) is before
    contest.enter(act("甲", "安全", "28"))
    assert labour_live(contest.competition) is not before
    record = db.session.query(AuditEntry).filter_by(action="labour.note").one()
    assert record.after["period"] == "一月"
    close_all(contest, organiser)
    refused = add(zhou, text="晚了", period="一月")
    assert (refused.status_code, "已经结账" in (refused.json or {})["error"]) == (409, True)


def close_all(contest: Contest, organiser: Account) -> None:
    save_department(
        contest.competition, "安全部", ["安全", "隐患"], None, organiser, department=contest.safety
    )
    for department, account in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        sign_off(department, "一月", pin=PIN, name=account.name, by=account)
    close_period(contest.competition, "一月", "", organiser)
