"""Whatever goes wrong is said in words, as a page or, to the tablet, as JSON."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from compete.models import Competition, db
from compete.services.registration.preview import offer_of
from compete.sheets.registration.template import write_registration_workbook
from compete.web import guard
from tests.sheets.people import RegistrationRow
from tests.support.people import visitor
from tests.support.small import IDS


@pytest.fixture
def failing(app: Flask) -> Callable[[Callable[[], object]], None]:
    """Give the application a page `/fails` (and `/api/fails`) that does this."""
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def add(act: Callable[[], object]) -> None:
        for address in ("/fails", "/api/fails"):
            app.add_url_rule(address, address, guard.public(lambda: str(act())))

    return add


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nowhere", 404, "没有这个页面"),
        ("/desk/X/entrants/upload/99", 404, "没有这个页面"),
        ("/language/fr", 404, "没有这个页面"),
        ("/sign-out", 405, "不能这样打开"),
        ("/p/X", 404, "这里还没有公布的成绩"),
    ],
)
def test_errors_are_pages_with_a_sentence(
    app: Flask, fresh: Competition, address: str, status: int, sentence: str
) -> None:
    answer = visitor(app, "organiser", fresh).get(address)
    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.mimetype == "text/html"
    assert "Not Found" not in answer.text


def test_the_address_of_a_form_leads_to_the_page_above_it(app: Flask, fresh: Competition) -> None:
    """A form that came back stands at its own address: a browser started again asks for that."""
    desk = visitor(app, "organiser", fresh)
    above = {
        "/desk/X/entrants/P1/number": "/desk/X/entrants/P1",
        "/desk/X/unlock": "/desk/X",
        "/desk/X/judges/add": "/desk/X/judges",
    }
    for form, page in above.items():
        answer = desk.get(form)
        assert answer.status_code == 405
        assert f'class="button primary" href="{page}"' in answer.text
        assert desk.get(page, follow_redirects=True).status_code == 200
    assert 'href="/desk' not in desk.get("/sign-out").text


def test_the_tablet_gets_its_errors_as_json(app: Flask, fresh: Competition) -> None:
    judge = visitor(app, "judge", fresh)
    for answer, status in (
        (judge.get("/api/nowhere"), 404),
        (judge.get("/api/sheets/none"), 404),
        (judge.post("/api/acts", data=b"{"), 400),
        (judge.post("/api/acts", data=b"\xff\xfe"), 400),
        (judge.post("/api/acts", data=b'{"acts": 1}'), 400),
        (app.test_client().get("/api/home"), 401),
    ):
        assert answer.status_code == status
        assert isinstance(answer.json["error"], str)


@pytest.mark.each_database
def test_a_failure_of_the_program_is_owned_up_to(
    app: Flask, fresh: Competition, failing: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    failing(lambda: 1 // 0)
    client = visitor(app, "organiser", fresh)
    with caplog.at_level(logging.ERROR):
        page, api_answer = client.get("/fails"), client.get("/api/fails")
    assert (page.status_code, api_answer.status_code) == (500, 500)
    assert "系统出了错，已记下" in page.text
    assert "系统出了错" in api_answer.json["error"]
    assert "ZeroDivisionError" not in page.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.each_database
def test_a_failure_of_the_database_is_a_page_too(
    app: Flask, fresh: Competition, failing: Callable[..., None]
) -> None:
    failing(lambda: db.session.execute(text("SELECT nothing FROM nowhere")))
    answer = visitor(app, "organiser", fresh).get("/fails")
    assert answer.status_code == 500
    assert "系统出了错" in answer.text


def test_when_not_even_the_page_can_be_drawn_the_sentence_is_left(
    app: Flask, failing: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_pages(*_names: object, **_values: object) -> str:
        raise RuntimeError("no templates today")

    monkeypatch.setattr("compete.web.errors.render_template", break_pages)
    failing(lambda: 1 // 0)
    answer = app.test_client().get("/fails")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "系统出了错" in answer.text


@pytest.mark.each_database
def test_two_who_make_the_same_at_once_are_told_of_a_conflict(
    app: Flask, fresh: Competition, failing: Callable[..., None]
) -> None:
    same = (
        "INSERT INTO unit (competition_id, code, name) SELECT competition_id, code, name FROM unit"
    )
    failing(lambda: db.session.execute(text(same)))
    answer = visitor(app, "organiser", fresh).get("/fails")
    assert answer.status_code == 409
    assert "别人刚刚改过" in answer.text


def test_an_error_that_is_logged_tells_nobodys_name(
    app: Flask, fresh: Competition, failing: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    who = {"who": IDS["P1"]}
    failing(lambda: db.session.execute(text("SELECT :who FROM nowhere"), who))
    with caplog.at_level(logging.ERROR):
        app.test_client().get("/fails")
    assert "nowhere" in caplog.text
    assert IDS["P1"] not in caplog.text


WITH_NUL = [
    "/p/%00",
    "/c/%00",
    "/v/%00",
    "/sign-in/%00",
    "/desk/%00/",
    "/desk/X/entrants?q=%00",
    "/desk/X/entrants?unit=%00",
    "/desk/X/entrants?%00=1",
    "/judge/scan?code=%00",
]


@pytest.mark.each_database
def test_what_no_text_may_hold_is_refused_before_the_database_sees_it(
    app: Flask, fresh: Competition
) -> None:
    client = visitor(app, "organiser", fresh)
    answers = {address: client.get(address).status_code for address in WITH_NUL}
    assert set(answers.values()) == {400}, answers
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"username": "a\0", "password": "b"}
    assert app.test_client().post("/sign-in", data=form).status_code == 400
    as_parts = {"content_type": "multipart/form-data"}
    for parts in (form, {"a\0": "b"}, {"file": (io.BytesIO(b"x"), "a\0.xlsx")}):
        assert client.post("/desk/X/entrants/upload", data=parts, **as_parts).status_code == 400


TAMPERED = [
    ("/desk/X/entrants?page=99999999999999999999999999", 200),
    ("/desk/X/entrants?page=-5", 200),
    ("/desk/X/entrants?page=zwei", 200),
    ("/desk/X/certificates?page=1000000", 200),
    ("/desk/X/entrants/upload/99999999999999999999999999", 404),
    ("/desk/X/certificates/99999999999999999999999999/file.pdf", 404),
    ("/desk/X/progress?module=none", 404),
    ("/desk/X/standings?event=none", 404),
    ("/desk/X/standings?open=none", 200),
    ("/desk/X/awards?show=none", 200),
]


@pytest.mark.each_database
def test_addresses_that_were_tampered_with_never_fail(app: Flask, judged: Competition) -> None:
    client = visitor(app, "organiser", judged)
    answers = [(address, client.get(address).status_code) for address, _ in TAMPERED]
    assert answers == TAMPERED


@pytest.mark.parametrize("module", ["", "E", "E|S", "E|S|none", "E|none|m", "none|S|m", "|||"])
def test_a_module_that_there_is_not_is_refused(app: Flask, fresh: Competition, module: str) -> None:
    form = {"module": module, "judge": "J1", "station": ""}
    answer = visitor(app, "organiser", fresh).post("/desk/X/judges/assign", data=form)
    assert answer.status_code == 400


def test_a_file_over_the_limit_is_refused_on_the_page_it_was_sent_from(
    app: Flask, fresh: Competition
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 3 * 1024**2
    client = visitor(app, "organiser", fresh)
    large = {"workbook": (io.BytesIO(b"x" * 4 * 1024**2), "大.xlsx")}
    for csrf in (False, True):
        app.config["WTF_CSRF_ENABLED"] = csrf
        answer = client.post("/desk/X/entrants/upload", data=dict(large))
        assert answer.status_code == 413
        assert "文件太大了，最大 3 MB" in answer.text
        assert "把名单放进来" in answer.text
        large = {"workbook": (io.BytesIO(b"x" * 4 * 1024**2), "大.xlsx")}


def test_a_bundle_over_the_limit_is_told_the_limit_where_it_was_chosen(
    app: Flask, fresh: Competition
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 3 * 1024**2
    large = {"bundle": (io.BytesIO(b"x" * 4 * 1024**2), "大.json")}
    answer = visitor(app, "organiser", fresh).post("/desk/new/file", data=large)
    assert answer.status_code == 413
    assert "文件太大了，最大 3 MB" in answer.text
    assert 'name="bundle"' in answer.text
    app.config["MAX_CONTENT_LENGTH"] = 1024
    large = {"bundle": (io.BytesIO(b"x" * 4096), "大.json")}
    assert visitor(app, "judge", fresh).post("/desk/new/file", data=large).status_code == 404


def test_a_stranger_is_told_nothing_by_a_file_over_the_limit(
    app: Flask, fresh: Competition
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024
    for who, status in (("stranger", 404), ("anonymous", 302)):
        large = {"workbook": (io.BytesIO(b"x" * 4096), "大.xlsx")}
        answer = visitor(app, who, fresh).post("/desk/X/entrants/upload", data=large)
        assert answer.status_code == status
        assert "报名" not in answer.text


def test_a_large_call_of_the_tablet_is_refused_as_json(app: Flask, fresh: Competition) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024
    answer = visitor(app, "judge", fresh).post("/api/acts", data=b"[" * 4096)
    assert answer.status_code == 413
    assert answer.json["error"] == "文件太大了，最大 1 KB"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "文件是空的"), (b"%PDF-1.7", "这是 PDF 文件"), (b"PK\x03\x04", "文件坏了")],
)
def test_what_is_no_workbook_is_refused_on_the_upload_page(
    app: Flask, fresh: Competition, content: bytes, sentence: str
) -> None:
    client = visitor(app, "organiser", fresh)
    form = {"workbook": (io.BytesIO(content), "a.xlsx")}
    answer = client.post("/desk/X/entrants/upload", data=form)
    assert answer.status_code == 400
    assert "这个文件没法读" in answer.text
    assert sentence in answer.text


def test_no_file_at_all_is_said(app: Flask, fresh: Competition) -> None:
    client = visitor(app, "organiser", fresh)
    for form in ({}, {"workbook": (io.BytesIO(b""), "")}):
        answer = client.post(
            "/desk/X/entrants/upload", data=form, content_type="multipart/form-data"
        )
        assert answer.status_code == 400
        assert "还没选文件" in answer.text


def test_an_upload_walks_through_preview_writing_and_refused_rows(
    app: Flask, fresh: Competition
) -> None:
    client = visitor(app, "organiser", fresh)
    rows = [
        RegistrationRow(name="新来", unit="甲单位"),
        RegistrationRow(name="赵启明", id_number=IDS["P1"], unit="乙单位"),
    ]
    content = write_registration_workbook(offer_of(fresh), rows)
    form = {"workbook": (io.BytesIO(content), "表.xlsx")}
    preview = client.post("/desk/X/entrants/upload", data=form).location
    page = client.get(preview).text
    assert "证件号码" in page
    assert IDS["P1"] not in page
    refused = client.get(f"{preview}/refused.xlsx")
    assert refused.data.startswith(b"PK")
    assert "filename*=UTF-8''" in refused.headers["Content-Disposition"]
    stale = client.post(f"{preview}/write?plan=0000000000000000")
    assert stale.status_code == 409
    assert "刚被别人改过" in stale.text
    assert "write?plan=" in stale.text, "the preview as it is now, to be written from there"
    mark = page.split("write?plan=")[1][:16]
    assert client.post(f"{preview}/write?plan={mark}").status_code == 302
    again = client.post(f"{preview}/write?plan={mark}", follow_redirects=True)
    assert again.status_code == 409
    assert "乙单位" in client.get("/desk/X/entrants?q=赵").text
    assert client.get(preview).status_code == 200, "the refused row waits"


def test_what_is_too_large_is_told_with_its_limit(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    form = {"username": "长" * 20_000}
    typed = client.post("/sign-in", data=form, content_type="multipart/form-data")
    assert (typed.status_code, "填的内容太多：一格最多 32 KB，一共最多 1000 格" in typed.text) == (
        413,
        True,
    )
    app.config["MAX_CONTENT_LENGTH"] = 2 * 1024**2
    sent = client.post("/sign-in", data={"username": "长" * 800_000})
    assert (sent.status_code, "文件太大了，最大 2 MB" in sent.text) == (413, True)


def test_a_form_comes_back_only_as_large_as_a_form_may_be(app: Flask, fresh: Competition) -> None:
    client = visitor(app, "organiser", fresh)
    page = client.post("/desk/X/details", data={"name": "长" * 3000})
    assert (page.status_code, "最多 200 个字" in page.text) == (400, True)
    for content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        sent = client.post(
            "/desk/X/details", data={"name": "长" * 300_000}, content_type=content_type
        )
        assert (sent.status_code, "一格最多 256 KB" in sent.text) == (413, True)
        assert len(sent.data) < 50_000
