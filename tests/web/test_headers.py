"""Headers of every answer, and cookies where they belong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from compete.models import Account, Competition, Entrant, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.competitions.details import change_details, details_of
from compete.services.kernel.fields import with_values
from tests.support.announced import announce
from tests.support.people import visitor
from tests.support.second_day import person


@pytest.fixture
def public_pages(forklift: Competition, organiser: Account) -> list[str]:
    """Addresses of all that anyone may open, of a published competition."""
    announce(forklift, organiser)
    certificate = issue_award_certificates(forklift, organiser, "急用")[0]
    badge = db.session.query(Entrant).first()
    assert badge is not None
    return [
        "/",
        f"/c/{badge.badge_token}",
        f"/p/{forklift.code}",
        f"/p/{forklift.code}/bundle.json",
        f"/p/{forklift.code}/results.json",
        "/verify",
        f"/v/{certificate.token}",
        "/v/unknown",
        "/c/unknown",
        "/nowhere",
    ]


def test_public_pages_set_no_cookie_and_ask_for_none(app: Flask, public_pages: list[str]) -> None:
    client = app.test_client()
    for address in public_pages:
        answer = client.get(address)
        assert answer.status_code in (200, 404), address
        assert "Set-Cookie" not in answer.headers, address


@pytest.mark.parametrize(
    "sent",
    [
        {"Host": "a..b"},
        {"Host": ".a:80"},
        {"Host": "x" * 64},
        {"Referer": "http://["},
        {"Referer": "http://\u2100.x/".encode().decode("latin-1")},
    ],
    ids=["two dots", "dot first", "long label", "open bracket", "another sign for a slash"],
)
def test_what_nobody_can_read_is_as_if_it_had_not_been_sent(
    app: Flask, sent: dict[str, str]
) -> None:
    client = app.test_client()
    assert client.get("/", headers=sent).status_code == 200
    assert client.get("/c/none", headers=sent).status_code == 404
    # Forms look at where they come from.
    for address, status in (("/nowhere", 404), ("/log", 405), ("/verify", 200)):
        assert client.post(address, headers=sent).status_code == status


def test_every_answer_carries_the_policy(app: Flask, public_pages: list[str]) -> None:
    client = app.test_client()
    others = ["/sign-in", "/desk/", "/api/home", "/static/icons/mark.svg", "/sign-in/none"]
    for address in public_pages + others:
        with client.get(address) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, address
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_only_pages_that_read_codes_may_run_webassembly(app: Flask, judged: Competition) -> None:
    desk = visitor(app, "organiser", judged)
    judge = visitor(app, "judge", judged)
    for client, address, allowed in (
        (judge, "/judge/", True),
        (judge, "/judge/scan", True),
        (judge, "/judge/scan?code=nobody", True),
        (judge, "/judge/sign", False),
        (desk, f"/desk/{judged.code}/handover", True),
        (desk, f"/desk/{judged.code}/entrants", False),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        policy = answer.headers["Content-Security-Policy"]
        assert ("script-src 'self' 'wasm-unsafe-eval'" in policy) == allowed, address
        assert ('id="code-reader"' in answer.text) == allowed, address
        assert "default-src 'self'" in policy


def test_personal_pages_are_kept_by_no_cache(app: Flask, judged: Competition) -> None:
    client = visitor(app, "organiser", judged)
    for address in ("/desk/", "/desk/X/entrants", "/desk/X/badges.pdf", "/sign-in"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address


def test_links_of_persons_stay_out_of_search_engines(app: Flask, public_pages: list[str]) -> None:
    client = app.test_client()
    for address in public_pages:
        robots = client.get(address).headers.get("X-Robots-Tag")
        hidden = address.startswith(("/c/", "/v/", "/p/", "/log/check/"))
        assert (robots == "noindex, nofollow") == hidden, address


def test_an_organiser_lets_search_engines_see_what_is_published(
    app: Flask, here: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    pages = ("/p/X", "/p/X", "/p/X/results.json", "/log/check/X")
    own = f"/c/{person(judged, 'P1').badge_token}"

    def robots_headers() -> list[bool]:
        # Twice the same page: the second time it comes from where it is stored.
        return ["X-Robots-Tag" in app.test_client().get(page).headers for page in (*pages, own)]

    assert robots_headers() == [True] * 5
    seen = details_of(judged)
    change_details(judged, with_values(seen, searchable=True), seen, organiser)
    assert robots_headers() == [False] * 4 + [True]


def test_the_session_cookie_is_for_this_site_and_no_script(app: Flask, fresh: Competition) -> None:
    client = app.test_client()
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("compete=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_cookies_are_sent_over_nothing_else(app: Flask) -> None:
    from compete.commands.serve import for_production
    from compete.config import Config

    config: Config = app.extensions["compete.config"]

    safe = for_production(replace(config, base_url="https://hall.example"))
    assert safe.secure_cookies
    assert not for_production(replace(config, base_url="http://10.0.0.2:8000")).secure_cookies


def test_only_a_file_that_is_there_may_be_kept_by_everybody(app: Flask) -> None:
    client = app.test_client()
    with client.get("/static/icons/mark.svg") as there:
        assert there.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/static/icons/none.svg").headers["Cache-Control"] == "no-store"
