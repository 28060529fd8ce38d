"""Appealing from a badge: whose it is has to be proven, and nothing typed is lost."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition, utc_now
from compete.services.appeals import appeals_of, open_appeals
from compete.services.certificates import issue_award_certificates, unissued_awards
from compete.services.kernel import Refused
from compete.web.extensions import limiter
from compete.web.public import appeal
from tests.support.announced import announce
from tests.support.appealing import appealed, person
from tests.support.pictures import photo
from tests.support.small import IDS

SCRIPT = {"X-Requested-With": "fetch"}


def address(code: str = "P2") -> str:
    return f"/c/{person(code).badge_token}/appeal"


def sent(page: str, **said: Any) -> dict[str, Any]:
    """What the page's form sends."""
    uuid = re.search(r'name="uuid" value="([^"]+)"', page)
    assert uuid is not None
    keys = {"item": "S/m/f", "kind": "judged", "matter": "第 2 次是杆座松了自己倒的"}
    return {"uuid": uuid[1], "last_four": IDS["P2"][-4:], **keys, **said}


def test_from_the_badge_to_the_receipt(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    badge = address().removesuffix("/appeal")
    assert address() in client.get(badge).text
    page = client.get(address()).text
    assert "对哪一项有疑问" in page
    assert IDS["P2"] not in page
    photos = [(io.BytesIO(photo()), "a.jpg")]
    answer = client.post(address(), data=sent(page, photos=photos), headers=SCRIPT)
    assert answer.status_code == 200
    after = client.get(answer.get_json()["url"]).text
    assert "收到了，在时间内" in after
    assert "比截止早" in after
    assert "申诉 01" in after
    # Sent again after a lost answer it is the same one.
    again = client.post(address(), data=sent(page))
    assert again.status_code == 303
    assert len(appeals_of(judged)) == 1
    assert "申诉中" in client.get(badge).text
    assert client.get("/p/X").text.count("申诉中") == 1
    assert unissued_awards(judged) is not None
    with pytest.raises(Refused, match="1 件申诉没有了结"):
        issue_award_certificates(judged, organiser, "急用")


def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: FlaskClient, judged: Competition
) -> None:
    page = client.get(address()).text
    wrong = client.post(address(), data=sent(page, last_four="0000"))
    assert wrong.status_code == 422
    assert "后四位不对" in wrong.text
    assert "第 2 次是杆座松了自己倒的" in wrong.text
    assert 'value="0000"' not in wrong.text
    short = client.post(address(), data=sent(page, matter="短"), headers=SCRIPT)
    assert (short.status_code, short.get_json()) == (400, {"problem": "写清楚哪里不对"})
    forged = client.post("/c/nobody/appeal", data=sent(page))
    assert forged.status_code == 404
    assert open_appeals(judged, None) == 0


def test_the_last_four_are_guessed_at_slowly(
    client: FlaskClient, judged: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(address()).text
    for _try in range(5):
        assert client.post(address(), data=sent(page, last_four="0000")).status_code == 422
    stopped = client.post(address(), data=sent(page))
    assert stopped.status_code == 429
    assert "过 10 分钟再试" in stopped.text
    # Another badge is not stopped by it.
    other = sent(client.get(address("P3")).text, last_four=IDS["P3"][-4:])
    assert client.post(address("P3"), data=other).status_code == 303
    limiter.reset()


def test_who_goes_from_badge_to_badge_is_stopped(
    client: FlaskClient, judged: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appeal, "WRONG_OF_ADDRESS", "2 per hour")
    for code in ("P2", "P3"):
        wrong = sent(client.get(address(code)).text, last_four="0000")
        assert client.post(address(code), data=wrong).status_code == 422
    # The next guess is not looked at, right as it is.
    right = sent(client.get(address()).text)
    assert client.post(address(), data=right).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.9.8.7"}
    assert client.post(address(), data=right, environ_base=elsewhere).status_code == 303
    limiter.reset()


def test_late_ones_are_refused_with_the_time(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    page = client.get(address()).text
    with time_machine.travel(utc_now() + timedelta(hours=2, minutes=5)):
        late = client.post(address(), data=sent(page))
        assert late.status_code == 409
        assert re.search(r"申诉时间到 \S+( \S+)? 为止，现在是 \S+，没有收", late.text)
        assert "现在不能提" in client.get(address()).text


def test_it_is_added_to_and_withdrawn_from_the_same_page(
    client: FlaskClient, judged: Competition
) -> None:
    appeal = appealed()
    four = {"last_four": IDS["P2"][-4:]}
    add = f"{address()}/{appeal.public_id}/add"
    assert client.post(add, data={"words": "没证明"}).status_code == 422
    assert client.post(add, data={"words": "还有一句", **four}).status_code == 303
    assert "还有一句" in client.get(address()).text
    # Another's badge does not reach it.
    assert client.post(f"{address('P3')}/{appeal.public_id}/withdraw").status_code == 404
    back = f"{address()}/{appeal.public_id}/withdraw"
    assert client.post(back, data=four).status_code == 303
    assert client.post(back, data=four).status_code == 409
    assert open_appeals(judged, None) == 0


def test_it_reads_in_english(client: FlaskClient, app: Flask, judged: Competition) -> None:
    appealed()
    client.get("/language/en")
    page = client.get(address()).text
    assert "With the arbiters" in page
    assert not re.search(r"判错|等仲裁", page)
