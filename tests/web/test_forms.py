"""No form of another site's making is taken, over HTTP or HTTPS, and none leads away."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Competition
from compete.services.accounts.accounts import create_account
from compete.services.accounts.sessions import load_account
from compete.services.accounts.sign_in_cards import issue_card
from compete.web.auth import passwords
from compete.web.auth.views import own_path
from tests.support.people import visitor
from tests.support.signing_in import without_token

PASSWORD = "correct horse"
# A look-up that keeps name and number out of the address; it changes nothing.
READS_ONLY = {
    *("public.look_up", "public.found_credential", "public.compare_holder"),
    "draws.party",
}
# Who somebody is, is said in the form itself: they stand on no session that another page could use.
WITHOUT_SESSION = {
    *("public.withdraw_consent", "public.file_appeal", "public.appeal_act"),
    *("draws.party_seals", "draws.party_opens", "public.stop_own_messages"),
    *("public.hand_in", "public.correct_entry", "public.take_entry_back", "public.delete_entry"),
    "public.send_own_photo",
    "public.send_entry_document",
    "public.send_own_document",
    "auth.sign_out_by_firm",
    "practice.take",
    *("worker.choose", "worker.end_share", "worker.enter_again", "worker.first"),
    *("worker.leave_again", "worker.make_share", "worker.say_of_points"),
}


def token_of(client: FlaskClient, address: str, **keys: str) -> str:
    hit = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address, **keys).text)
    assert hit is not None
    return hit[1]


def test_every_post_wants_the_token_of_its_own_page(app: Flask, fresh: Competition) -> None:
    client = visitor(app, "organiser", fresh)
    app.config["WTF_CSRF_ENABLED"] = True
    seen = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        values = {name: 1 if name.endswith(("_id", "number")) else "x" for name in rule.arguments}
        address = app.url_map.bind("localhost").build(
            rule.endpoint, values | ({"code": "X"} if "code" in values else {}), method="POST"
        )
        # The API is called by tokens, never by a session.
        if rule.endpoint in READS_ONLY | WITHOUT_SESSION or rule.endpoint.startswith("api_v1."):
            continue
        for data in ({}, {"csrf_token": "made up"}):
            answer = client.post(address, data=data)
            assert answer.status_code == 400, address
            message = answer.json["error"] if address.startswith("/api/") else answer.text
            assert "刷新后再提交一次" in message, address
        seen += 1
    assert seen > 20


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_one_signs_in_by_password_over_either(app: Flask, here: Flask, scheme: str) -> None:
    create_account("钱文", username="qian", password=PASSWORD, is_admin=True)
    client, site = app.test_client(), f"{scheme}://hall.example"
    page = client.get("/sign-in", base_url=site)
    # What the browser says of where a form stands follows from this.
    assert page.headers["Referrer-Policy"] == "same-origin"
    form = {
        "csrf_token": token_of(client, "/sign-in", base_url=site),
        "username": "qian",
        "password": PASSWORD,
    }
    own = {"Referer": f"{site}/sign-in"}
    answer = client.post("/sign-in", data=form, base_url=site, headers=own)
    assert (answer.status_code, answer.location) == (302, "/desk/")


def test_over_https_a_form_of_another_site_is_refused(app: Flask, here: Flask) -> None:
    create_account("钱文", username="qian", password=PASSWORD)
    client, site = app.test_client(), "https://hall.example"
    form = {
        "csrf_token": token_of(client, "/sign-in", base_url=site),
        "username": "qian",
        "password": PASSWORD,
    }
    for headers in ({}, {"Referer": "https://evil.example/"}):
        answer = client.post("/sign-in", data=form, base_url=site, headers=headers)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "way",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/desk/\\..\\..",
        "javascript:alert(1)",
        "evil.example",
        "",
        None,
    ],
)
def test_nobody_is_led_away_from_the_site(app: Flask, here: Flask, way: str | None) -> None:
    assert own_path(way) is None
    create_account("钱文", username="qian", password=PASSWORD, is_admin=True)
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"username": "qian", "password": PASSWORD}
    client = app.test_client()
    answer = client.post("/sign-in", data=form, query_string={"next": way or ""})
    assert answer.location == "/desk/"
    answer = client.get("/language/en", query_string={"back": way or ""})
    assert answer.location == "/"


@pytest.mark.parametrize("way", ["/", "/desk/", "/desk/X/entrants?q=赵&page=2", "/c/a-_b"])
def test_ways_within_the_site_are_kept(way: str) -> None:
    assert own_path(way) == way


def test_after_signing_in_one_is_where_one_wanted_to_go(app: Flask, fresh: Competition) -> None:
    create_account("钱文", username="qian", password=PASSWORD, is_admin=True)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    sign_in = client.get("/desk/X/entrants?q=赵").location
    answer = client.post(sign_in, data={"username": "qian", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200
    assert answer.location.startswith("/desk/X/entrants?q=")


def test_after_an_act_that_needed_signing_in_one_is_not_sent_back_to_the_act(
    app: Flask, fresh: Competition
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert app.test_client().post("/desk/X/open").location == "/sign-in?over=1"


def test_wrong_names_and_wrong_passwords_read_the_same(app: Flask, here: Flask) -> None:
    create_account("钱文", username="qian", password=PASSWORD)
    app.config["WTF_CSRF_ENABLED"] = False
    pages = []
    for name in ("qian", "nobody"):
        answer = app.test_client().post("/sign-in", data={"username": name, "password": "x" * 12})
        # A passkey's challenge is another at each look.
        text = re.sub(r'data-options="[^"]*"', "", without_token(answer.text))
        pages.append((answer.status_code, text.replace(name, "")))
    assert pages[0] == pages[1]
    assert "用户名或密码不对" in pages[0][1]


def test_what_stood_in_the_session_before_is_gone_after_signing_in(app: Flask, here: Flask) -> None:
    account = create_account("许静")
    _card, token = issue_card(account, one_time=True)
    client = app.test_client()
    before = token_of(client, f"/sign-in/{token}")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    answer = client.post(f"/sign-in/{token}", data={"csrf_token": before})
    assert answer.status_code == 302
    with client.session_transaction() as session:
        assert "planted" not in session
        first = session["_user_id"]
        assert load_account(first) == account
    client.post("/sign-out", data={"csrf_token": before})
    with client.session_transaction() as session:
        assert session.get("_user_id") == first


def test_looking_at_a_link_uses_nothing_up(app: Flask, here: Flask) -> None:
    _card, token = issue_card(create_account("许静"), one_time=True)
    client = app.test_client()
    for _ in range(3):
        assert client.get(f"/sign-in/{token}").status_code == 200
        assert client.head(f"/sign-in/{token}").status_code == 200
    form = {"csrf_token": token_of(client, f"/sign-in/{token}")}
    assert client.post(f"/sign-in/{token}", data=form).status_code == 302
    assert app.test_client().get(f"/sign-in/{token}").status_code == 410


def test_guessing_a_password_is_slowed_down_by_name_and_not_by_hall(
    app: Flask, here: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "check_password", lambda _name, _password: None)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()

    def tries(name: str, count: int) -> list[int]:
        form = {"username": name, "password": "wrong"}
        return [client.post("/sign-in", data=form).status_code for _ in range(count)]

    assert tries("qian", 11) == [200] * 10 + [429]
    # Everybody else in the hall has the same address.
    assert tries("zhou", 10) == [200] * 10
    form = {"username": "qian", "password": "x"}
    assert "太频繁了" in client.post("/sign-in", data=form).text
