"""A whole hall shares one address: whoever has signed in is counted alone."""

from __future__ import annotations

from flask import Flask, g
from flask_login import login_user

from compete.models import Competition
from compete.web.extensions import limiter, who_asks
from tests.support.people import account_for, visitor


def test_people_are_counted_by_account_and_passers_by_by_address(
    app: Flask, fresh: Competition
) -> None:
    keys = []
    for who in ("judge", "chief", None):
        with app.test_request_context(environ_base={"REMOTE_ADDR": "10.0.0.9"}):
            g.pop("_login_user", None)
            account = account_for(who, fresh) if who else None
            if account is not None:
                login_user(account)
            keys.append(who_asks())
    assert keys[0].startswith("account:")
    assert keys[1].startswith("account:")
    assert keys[0] != keys[1]
    assert keys[2] == "address:10.0.0.9"


def test_one_who_asks_too_often_is_told_when_to_come_back_and_the_others_go_on(
    app: Flask, fresh: Competition
) -> None:
    app.add_url_rule("/api/often", "often", limiter.limit("3 per minute")(_often))
    judge, chief = visitor(app, "judge", fresh), visitor(app, "chief", fresh)
    answers = [judge.get("/api/often") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "太频繁了" in answers[3].json["error"]
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert chief.get("/api/often").status_code == 200


def _often() -> str:
    return "ok"


_often.guard = "public"  # type: ignore[attr-defined]
