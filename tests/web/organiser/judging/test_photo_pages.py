"""Photos over the wire: in by their judge, out to that judge and the officials alone."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.upload_limits import LARGEST_SHEET_PHOTO
from tests.support.panels import Panel, client_of
from tests.support.pictures import photo, picture_file


def sheet_of(app: Flask, panel: Panel, judge: str = "J1") -> str:
    with app.app_context():
        return panel.sheet(judge).public_id


def send(client: FlaskClient, public_id: str, data: bytes, **form: str) -> Any:
    form = {"uuid": str(uuid4())} | form
    return client.post(
        f"/api/sheets/{public_id}/photos",
        data={**form, "photo": (BytesIO(data), "张三_320000.jpg")},
        content_type="multipart/form-data",
    )


def test_a_judge_adds_a_photo_and_sees_it_again(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    uuid = str(uuid4())
    answer = send(judge, public_id, photo(), uuid=uuid, aspect="smooth").get_json()
    assert answer["held"] == uuid
    assert send(judge, public_id, photo(), uuid=uuid, aspect="smooth").status_code == 200
    sheet_data = judge.get(f"/api/sheets/{public_id}").get_json()
    assert sheet_data["photos"] == [{"uuid": uuid, "aspect": "smooth"}]
    answer = judge.get(f"/api/sheets/{public_id}/photos/{uuid}")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "张三" not in str(answer.headers)


def test_nobody_else_sees_or_adds_photos_but_officials_see_them(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    uuid = str(uuid4())
    send(judge, public_id, photo(), uuid=uuid)
    other = client_of(app, opened, "J2")
    assert send(other, public_id, photo()).status_code == 404
    assert other.get(f"/api/sheets/{public_id}/photos/{uuid}").status_code == 404
    desk = f"/desk/PANEL/sheets/{public_id}/photos/{uuid}"
    assert other.get(desk).status_code == 404
    assert app.test_client().get(desk).status_code == 302
    for official in ("", "C1", "S1"):
        assert client_of(app, opened, official).get(desk).mimetype == "image/jpeg"
    page = client_of(app, opened, "C1").get(f"/desk/PANEL/sheets/{public_id}").text
    assert f'src="{desk}"' in page
    assert "照片：整张表" in page
    # A photo of one sheet is not found under another.
    elsewhere = sheet_of(app, opened, "J2")
    assert client_of(app, opened, "C1").get(desk.replace(public_id, elsewhere)).status_code == 404


def test_what_is_refused_says_why(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    for data, status, why in (
        (b"GIF89a", 415, "这不是照片"),
        (b"\xff" * (LARGEST_SHEET_PHOTO + 100_000), 413, "最多 3 MB"),
    ):
        answer = send(judge, public_id, data)
        assert answer.status_code == status
        assert why in answer.get_json()["error"]
    assert judge.post(f"/api/sheets/{public_id}/photos").status_code == 400


def test_a_photo_whose_file_is_gone_is_not_found(app: Flask, opened: Panel) -> None:
    judge, public_id = client_of(app, opened, "J1"), sheet_of(app, opened)
    uuid = str(uuid4())
    send(judge, public_id, photo(), uuid=uuid)
    with app.app_context():
        for path in picture_file("00").parent.parent.rglob("*.jpg"):
            path.unlink()
    assert judge.get(f"/api/sheets/{public_id}/photos/{uuid}").status_code == 404
