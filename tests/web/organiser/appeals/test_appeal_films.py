"""A film as evidence: from badge or desk to the arbiters, any part of it, and to nobody else."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.appeals.appeal_states import appeals_of
from compete.services.appeals.record_paper import print_appeal
from compete.services.kernel.row_checks import check_rows
from tests.documents.reading import pages as pages_of
from tests.support.appealing import appealed, official, person
from tests.support.films import PLACE, film
from tests.support.signing_in import signed_in
from tests.support.small import IDS

PAGE = "/desk/X/appeals"
SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def arbiter(app: Flask, judged: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, official(judged, Role.ARBITER, "高原", organiser))


def test_the_words_come_first_and_the_film_follows_them(
    client: FlaskClient, judged: Competition, arbiter: FlaskClient
) -> None:
    address = f"/c/{person('P2').badge_token}/appeal"
    page = client.get(address).text
    assert "video/mp4" in page
    uuid = re.search(r'name="uuid" value="([^"]+)"', page)
    assert uuid is not None
    fields = {"uuid": uuid[1], "last_four": IDS["P2"][-4:], "item": "S/m", "kind": "judged"}
    answer = client.post(address, data=fields | {"matter": "杆座松了自己倒的"}, headers=SCRIPT)
    add = answer.get_json()["add"]
    assert client.post(add, data={"words": "0:31 倒了"}, headers=SCRIPT).status_code == 422
    for wrong, words, status in ((film()[:-1], "", 415), (film(20), "0:31 倒了", 400)):
        body = {"words": words, "last_four": IDS["P2"][-4:], "photos": (io.BytesIO(wrong), "f")}
        assert client.post(add, data=body, headers=SCRIPT).status_code == status
    body = {"words": "0:31 第 1 次\n0:50 第 2 次", "last_four": IDS["P2"][-4:]}
    body["photos"] = (io.BytesIO(film(78)), "film.mp4")  # type: ignore[assignment]
    assert client.post(add, data=body, headers=SCRIPT).status_code == 200
    assert "录像：0:31 第 1 次" in client.get(address).text

    shown = arbiter.get(PAGE).text
    at = re.search(r'src="([^"]+/evidence/\d+\.mp4)"', shown)
    assert at is not None
    assert re.findall(r'data-at="(\d+)"', shown) == ["31", "50"]
    whole = arbiter.get(at[1])
    assert (whole.status_code, whole.mimetype) == (200, "video/mp4")
    assert PLACE not in whole.data
    assert whole.headers["Cache-Control"] == "private, no-store"
    part = arbiter.get(at[1], headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, b"ftyp")
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(whole.data)}"
    assert arbiter.get(at[1], headers={"Range": "bytes=999999-"}).status_code == 416
    assert arbiter.get(at[1].replace(".mp4", ".jpg")).status_code == 404
    g.pop("_login_user", None)
    assert client.get(at[1]).status_code == 302


def test_the_desk_puts_its_cameras_film_and_everybody_sees_whose_it_is(
    app: Flask, client: FlaskClient, judged: Competition, organiser: Account, arbiter: FlaskClient
) -> None:
    appeal = appealed()
    desk = signed_in(app, organiser)
    address = re.search(r'action="([^"]+/evidence)"', desk.get(PAGE).text)
    assert address is not None
    assert "/evidence" not in arbiter.get(PAGE).text
    body = {"words": "0:19 机位 2，第 1 次", "photos": (io.BytesIO(film(30)), "a.mp4")}
    assert arbiter.post(address[1], data=body).status_code == 404
    refused = desk.post(address[1], data={"words": ""})
    assert refused.status_code == 400
    assert "写一句" in refused.text
    body = {"words": "0:19 机位 2，第 1 次", "photos": (io.BytesIO(b"GIF89a"), "a.gif")}
    refused = desk.post(address[1], data=body)
    assert refused.status_code == 415
    assert "要 MP4 或 MOV" in refused.text
    assert ">0:19 机位 2，第 1 次</textarea>" in refused.text
    body = {"words": "0:19 机位 2，第 1 次", "photos": (io.BytesIO(film(30)), "a.mp4")}
    assert desk.post(address[1], data=body).status_code == 302
    shown = arbiter.get(PAGE).text
    assert f"组委会 {organiser.name}" in shown
    assert "<b>0:19</b> 机位 2，第 1 次" in shown
    badge = client.get(f"/c/{person('P2').badge_token}/appeal").text
    assert "录像：0:19 机位 2，第 1 次" in badge
    db.session.rollback()
    (appeal,) = appeals_of(judged)
    paper = "".join(pages_of(print_appeal(appeal, organiser, lambda text, **_holes: text)))
    assert "录像，核对词" in paper
    assert list(check_rows(judged)) == []
