"""Administrators make tokens of the API at the desk, see each once, and take them back."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from compete.models import Competition
from compete.services.accounts.api_tokens import Scope, all_tokens, good_token, make_token
from tests.support.people import visitor
from tests.support.signing_in import signed_in


def token_in(page: str) -> str:
    hit = re.search(r">(ct_[0-9A-Za-z]{46})<", page)
    assert hit
    return hit[1]


def test_a_token_is_shown_once_works_and_is_taken_back(app: Flask, fresh: Competition) -> None:
    admin = visitor(app, "admin", fresh)
    form = {"name": "展示屏", "scope": Scope.ADMIN_READ, "competitions": "X", "days": "30"}
    token = token_in(admin.post("/desk/tokens", data=form).text)
    row = good_token(token)
    assert row is not None
    assert (row.name, row.scopes, row.competitions) == ("展示屏", ["admin:read"], ["X"])
    page = admin.get("/desk/tokens").text
    assert token not in page
    assert "读没公开的竞赛" in page
    assert "没用过" in page
    call = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/competitions/X", headers=call).status_code == 200
    assert "127.0.0.1" in admin.get("/desk/tokens").text
    assert admin.post(f"/desk/tokens/{row.id}/revoke").status_code == 302
    assert good_token(token) is None
    assert app.test_client().get("/api/v1/competitions/X", headers=call).status_code == 401
    page = admin.get("/desk/tokens").text
    assert f"/desk/tokens/{row.id}/revoke" not in page
    assert "停了的 1 个" in page


def test_a_token_of_the_command_line_stands_beside(app: Flask, fresh: Competition) -> None:
    admin = visitor(app, "admin", fresh)
    admin.post("/desk/tokens", data={"name": "甲", "scope": Scope.ADMIN_READ, "days": "9"})
    by = all_tokens()[0].account
    make_token("乙", scopes=[Scope.ADMIN_READ], by=by)
    page = signed_in(app, by).get("/desk/tokens").text
    assert "令牌 2 个" in page
    assert page.count("快到期") == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "令牌要有名字"),
        ({"scope": []}, "至少写一个权限"),
        ({"scope": "all"}, "没有“all”，可以写：registration:read"),
        ({"days": "367"}, "1 到 366 天"),
        ({"days": "三"}, "1 到 366 天"),
        ({"competitions": "X，NONE"}, "没有编号为“NONE”的竞赛"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    app: Flask, fresh: Competition, change: dict[str, object], words: str
) -> None:
    admin = visitor(app, "admin", fresh)
    form = {"name": "人事", "scope": Scope.ADMIN_READ, "days": "90", **change}
    answer = admin.post("/desk/tokens", data=form)
    assert answer.status_code == 400
    assert words in answer.text
    assert all_tokens() == []


def test_nobody_else_sees_or_makes_one(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    assert desk.get("/desk/tokens").status_code == 404
    form = {"name": "人事", "scope": Scope.ADMIN_READ, "days": "90"}
    assert desk.post("/desk/tokens", data=form).status_code == 404
    assert desk.post("/desk/tokens/1/revoke").status_code == 404
    assert all_tokens() == []


def test_what_a_token_may_is_told_in_the_readers_language(app: Flask, fresh: Competition) -> None:
    admin = visitor(app, "admin", fresh)
    admin.get("/language/en")
    page = admin.get("/desk/tokens").text
    assert 'lang="en"' in page
    assert not re.findall(r"[㐀-鿿]", page.split("<fieldset")[1].split("</fieldset>")[0])
