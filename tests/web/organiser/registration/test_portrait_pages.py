"""Photos of people at the desk: from a zip, one by one; who sees them, and where they come to."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Portrait, PortraitUpload, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.registration.officials import add_official
from tests.support.pictures import photo
from tests.support.portraits import portrait, sent, zipped
from tests.support.signing_in import signed_in
from tests.support.small import IDS
from tests.web.unit.test_unit_pages import NEW, by_link, ticks

PERSON, PICTURE = "/desk/X/entrants/P1/", "/desk/X/entrants/P1/photo.jpg"


def put(client: FlaskClient, url: str, data: bytes, **form: str) -> Any:
    form = {"seen": "none", "of": "P1"} | form
    return client.post(url, data={**form, **sent(data)}, content_type="multipart/form-data")


def mark(code: str = "P1") -> str:
    db.session.expire_all()
    entrant = db.session.query(Portrait).filter(Portrait.entrant_id.is_not(None)).one()
    return entrant.sha256[:16]


def test_a_zip_is_looked_at_and_then_written(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert 'href="/desk/X/photos"' in desk.get("/desk/X/entrants").text
    assert "没有照片" not in desk.get("/desk/X/entrants").text + desk.get("/desk/X/").text
    page = desk.get("/desk/X/photos").text
    assert "有 0 人，缺 4 人" in page
    content = zipped({f"{IDS['P1']}.jpg": portrait(), "IMG_7.jpg": portrait()})
    came = desk.post("/desk/X/photos", data=sent(content, "照片.zip", "photos"))
    assert came.status_code == 302
    shown = desk.get(came.location).text
    assert IDS["P1"] not in shown
    assert "P1 赵启明" in shown
    assert "名单里没有：文件名里要有姓名、证件号码或参赛号" in shown
    assert "将写入 1 张照片" in shown
    assert "写入后还有 3 人没有照片。" in shown
    pictures = re.findall(r'src="(/desk/X/photos/[^"]+\.jpg)"', shown)
    assert [desk.get(picture).mimetype for picture in pictures] == ["image/jpeg"] * 2
    assert "IMG_7" not in desk.get(f"{came.location}?show=added").text
    assert "照片.zip 传上来了，还没写入" in desk.get("/desk/X/photos").text
    write = re.search(r'action="([^"]+/write[^"]*)"', shown)
    assert write is not None
    stale = desk.post(write[1].replace("plan=", "plan=0"), follow_redirects=True)
    assert (stale.request.path, "存了" in stale.text) == (came.location, False)
    done = desk.post(write[1], follow_redirects=True).text
    assert "存了 1 张照片" in done
    assert "有 1 人，缺 3 人" in done
    assert desk.post(write[1]).status_code == 302
    # Where some have a photo, those without are told of.
    assert "3 人没有照片" in desk.get("/desk/X/").text
    assert desk.get("/desk/X/entrants").text.count("没有照片") == 3
    assert desk.get(pictures[0]).status_code == 404
    assert "照片成批写入" in desk.get(PERSON).text


def test_several_photos_are_sent_as_they_are(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    files = [
        (BytesIO(portrait()), "赵启明.jpg"),
        (BytesIO(photo("HEIF", size=(360, 480))), f"{IDS['P2']}.heic"),
    ]
    came = desk.post("/desk/X/photos", data={"photos": files})
    shown = desk.get(came.location).text
    assert "将写入 2 张照片" in shown
    assert IDS["P2"] not in shown
    assert "2 张照片 传上来了，还没写入" in desk.get("/desk/X/photos").text
    write = re.search(r'action="([^"]+/write[^"]*)"', shown)
    assert write is not None
    assert "存了 2 张照片" in desk.post(write[1], follow_redirects=True).text
    assert db.session.query(PortraitUpload.filename).one() == ("",)


def test_a_bad_zip_and_one_of_another_competition(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    nothing = desk.post("/desk/X/photos", data={})
    assert (nothing.status_code, "还没选文件" in nothing.text) == (400, True)
    bad = desk.post("/desk/X/photos", data=sent(b"Rar!....", "a.zip", "photos"))
    assert (bad.status_code, "这是 RAR" in bad.text) == (400, True)
    app.config["MAX_CONTENT_LENGTH"] = 3000
    large = desk.post("/desk/X/photos", data=sent(b"0" * 4000, "a.zip", "photos"))
    assert (large.status_code, "文件太大了" in large.text) == (413, True)
    assert desk.get("/desk/X/photos/99").status_code == 404
    assert desk.post("/desk/X/photos/99/write").status_code == 404


def test_one_photo_is_put_changed_and_taken_away_on_the_persons_page(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert "没有照片" in desk.get(PERSON).text
    assert desk.get(PICTURE).status_code == 404
    wide = put(desk, "/desk/X/entrants/P1/photo", photo())
    assert (wide.status_code, "照片要竖的" in wide.text) == (400, True)
    assert 'id="photo-problem-P1"' in wide.text
    assert put(desk, "/desk/X/entrants/P1/photo", b"").status_code == 400
    assert put(desk, "/desk/X/entrants/P1/photo", b"%PDF").status_code == 415
    page = put(desk, "/desk/X/entrants/P1/photo", portrait())
    assert page.status_code == 302
    shown = desk.get(PERSON).text
    assert f'src="{PICTURE}?v={mark()}"' in shown
    seen = desk.get(PICTURE)
    assert (seen.mimetype, seen.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    # Another tab, which showed none.
    stale = put(desk, "/desk/X/entrants/P1/photo", portrait(9))
    assert (stale.status_code, "刚被别人换过" in stale.text) == (409, True)
    assert put(desk, "/desk/X/entrants/P1/photo", portrait(9), seen=mark()).status_code == 302
    form = {"of": "P1", "seen": mark()}
    assert desk.post("/desk/X/entrants/P1/photo/remove", data=form).status_code == 302
    assert desk.get(PICTURE).status_code == 404
    page_text = desk.get(PERSON).text
    assert page_text.count("传照片或换照片") == 2
    assert "删照片" in page_text
    assert put(desk, "/desk/X/entrants/P1/photo", portrait(), of="P2").status_code == 404


def test_a_badge_bears_the_photo(app: Flask, fresh: Competition, organiser: Account) -> None:
    desk = signed_in(app, organiser)
    without = desk.get("/desk/X/entrants/P1/badge.pdf").data
    put(desk, "/desk/X/entrants/P1/photo", portrait())
    badge = desk.get("/desk/X/entrants/P1/badge.pdf").data
    assert badge.count(b"/DCTDecode") == without.count(b"/DCTDecode") + 1


def test_the_clerks_list_names_photos_and_nobody_else_sees_them(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    clerk = signed_in(
        app,
        account_of_judge(add_official(fresh, Role.CLERK, "丁一鸣", organiser), fresh, organiser),
    )
    before = clerk.get("/api/check-in/X/list").get_json()
    put(desk, "/desk/X/entrants/P1/photo", portrait())
    check_in_list = clerk.get(f"/api/check-in/X/list?known={before['version']}").get_json()
    addresses = {
        person["entrant"]: person["papers"][0]["photo"] for person in check_in_list["people"]
    }
    assert addresses["P2"] is None
    url = addresses["P1"]
    answer = clerk.get(url)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert clerk.get(url, headers={"X-Judge": "k1.999"}).status_code == 403
    assert clerk.get(PICTURE).status_code == 404
    # Another photo has another address, and the old one shows nothing.
    put(desk, "/desk/X/entrants/P1/photo", portrait(9), seen=mark())
    assert clerk.get(url).status_code == 404
    judge = signed_in(app, account_of_judge(fresh.judges[0], fresh, organiser))
    for address in (PICTURE, addresses["P1"], "/desk/X/photos"):
        assert judge.get(address).status_code in (403, 404)
        assert app.test_client().get(address).status_code in (302, 401)


def test_a_unit_puts_photos_of_its_own_and_they_go_with_who_is_accepted(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    unit.post("/unit/X/people/new", data={"name": "新来", "id_number": NEW})
    public_id = ticks(unit.get("/unit/X/").text)[0]
    page = f"/unit/X/people/{public_id}/photo"
    assert (
        'accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"'
        in unit.get(page).text
    )
    wide = put(unit, page, photo(), of=public_id)
    assert (wide.status_code, "照片要竖的" in wide.text) == (400, True)
    heic = photo("HEIF", size=(360, 480))
    assert put(unit, page, heic, of=public_id).status_code == 302
    assert f'src="{page}.jpg?v=' in unit.get("/unit/X/").text
    unit.post("/unit/X/submit", data={"who": [public_id]})
    version = re.search(rf'value="({public_id}[^"]*)"', desk.get("/desk/X/applications").text)
    assert version is not None
    assert f"/desk/X/applications/{public_id}/photo.jpg" in desk.get("/desk/X/applications").text
    done = desk.post("/desk/X/applications/accept", data={"who": version[1]}, follow_redirects=True)
    assert done.status_code == 200
    kept = db.session.query(Portrait).one()
    assert kept.application_id is None
    assert kept.entrant_id is not None
    # On the list: those without, and its own; not what the organiser put.
    listed = "/unit/X/listed/P1/photo"
    assert put(unit, listed, portrait()).status_code == 302
    put(desk, "/desk/X/entrants/P2/photo", portrait(), of="P2")
    refused = put(unit, "/unit/X/listed/P2/photo", portrait(9), of="P2")
    assert (refused.status_code, "组委会传的" in refused.text) == (409, True)
    assert unit.get("/unit/X/listed/P2/photo.jpg").mimetype == "image/jpeg"
    # Nobody of others.
    for address in ("/unit/X/listed/P3/photo", "/unit/X/listed/P3/photo.jpg"):
        assert unit.get(address).status_code == 404
    assert put(unit, "/unit/X/listed/P3/photo", portrait(), of="P3").status_code == 404
    other = by_link(app, fresh, organiser, 1)
    assert other.get("/unit/X/listed/P1/photo.jpg").status_code == 404
    assert other.get(page).status_code == 404


def test_a_draft_that_is_dropped_takes_its_photo_with_it(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    unit.post("/unit/X/people/new", data={"name": "新来", "id_number": NEW})
    public_id = ticks(unit.get("/unit/X/").text)[0]
    put(unit, f"/unit/X/people/{public_id}/photo", portrait(), of=public_id)
    assert unit.post(f"/unit/X/people/{public_id}/take-back").status_code == 302
    assert db.session.query(Portrait).count() == 0
