"""A unit's contact reports an accident; the pages say that it is to be checked until two settle it.

Every step by the pages, as the contact, a department, and two of the organisers see them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.clock import local_today
from compete.web.organiser.log import record_words
from tests.services.labour.made_up import Contest, made_up
from tests.support.signing_in import signed_in
from tests.web.labour_entry.test_notes import PDF, contact

HOME, DESK = "/labour-entry/L", "/desk/L/labour/accidents"
PAGE = f"{HOME}?period=二月"


@pytest.fixture
def contest(app: Flask, load: Callable[..., Competition], organiser: Account) -> Contest:
    app.config["WTF_CSRF_ENABLED"] = False
    return made_up(load, organiser)


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return unescape(answer.text)


def _report(client: FlaskClient, **keys: object) -> int:
    page = _text(client, PAGE)
    (token,) = re.findall(r'name="uuid" value="([^"]+)"', page)
    data = {
        "uuid": token,
        "happened": local_today().isoformat(),
        "text": "吊物坠落",
        "file": (BytesIO(PDF), "现场.pdf"),
    }
    return client.post(f"{HOME}/二月/accidents", data={**data, **keys}).status_code


def test_a_report_goes_from_the_unit_to_a_veto_by_two(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    unit, other = contact(app, contest, 0), contact(app, contest, 1)
    assert "报一起事故" in _text(unit, PAGE)
    refused = unit.post(
        f"{HOME}/二月/accidents", data={"happened": "2031-01-01", "text": "钢管滑落"}
    )
    assert refused.status_code == 400
    assert "今天或者以前" in refused.text
    assert "钢管滑落" in refused.text, "what was typed stays"
    assert _report(unit) == 302
    assert "吊物坠落" in (own := _text(unit, PAGE))
    assert "待核" in own
    assert "吊物坠落" not in _text(other, PAGE)
    department = signed_in(app, contest.zhou)
    assert "吊物坠落" in (seen := _text(department, PAGE))
    assert "报一起事故" not in seen
    assert department.post(f"{HOME}/二月/accidents", data={}).status_code == 404
    file = f"{HOME}/accidents/1/evidence"
    assert [client.get(file).status_code for client in (unit, department, other)] == [200, 200, 404]
    first = signed_in(app, organiser)
    account = create_account("周颖")
    grant_role(account, contest.competition, Role.SUPERVISOR, by=organiser)
    second = signed_in(app, account)
    assert "1 起安全事故待核" in _text(first, "/desk/L/labour")
    assert "吊物坠落" in _text(first, DESK)
    assert first.get(f"{DESK}/1/evidence").data == PDF
    wrong = first.post(
        f"{DESK}/1/confirm", data={"kind": "adjustment", "points": "多", "reason": "轻伤"}
    )
    assert (wrong.status_code, 'value="多"' in wrong.text) == (400, True)
    veto = {"kind": "veto", "reason": "查实"}
    assert first.post(f"{DESK}/1/confirm", data=veto).status_code == 302
    waits = "甲 二月 一票否决，等第二个人同意"
    month = _text(first, "/desk/L/labour?period=二月")
    assert "一票否决" not in month.replace(waits, "", 1)
    assert "待核" in _text(unit, PAGE)
    assert "等第二个人同意，去看会动到谁" in _text(second, DESK)
    assert second.post("/desk/L/labour/corrections/1/agree").status_code == 302
    assert "核实了" in _text(unit, PAGE)
    assert "核过的" in _text(first, DESK)
    assert "安全事故待核" not in _text(first, "/desk/L/labour")
    with app.test_request_context():
        rows = db.session.query(AuditEntry).filter(AuditEntry.action.startswith("labour.acc"))
        sentences = [record_words.record_text(row, {}) for row in rows]
    assert [("甲" in sentence, "安全事故" in sentence) for sentence in sentences] == [
        (True, True)
    ] * 3


def test_a_report_is_refused_by_two_with_a_reason_that_its_unit_reads(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    unit, first = contact(app, contest, 0), signed_in(app, organiser)
    account = create_account("周颖")
    grant_role(account, contest.competition, Role.SUPERVISOR, by=organiser)
    second = signed_in(app, account)
    assert _report(unit) == 302
    assert first.post(f"{DESK}/1/refuse", data={"reason": " "}).status_code == 400
    assert first.post(f"{DESK}/1/refuse", data={"reason": "报重了"}).status_code == 302
    assert "同意，不算" not in _text(first, DESK)
    assert first.post(f"{DESK}/1/agree").status_code == 409
    assert "报重了" not in _text(unit, PAGE)
    assert "同意，不算" in _text(second, DESK)
    assert second.post(f"{DESK}/1/drop").status_code == 404
    assert first.post(f"{DESK}/1/drop").status_code == 302
    assert first.post(f"{DESK}/1/refuse", data={"reason": "报重了"}).status_code == 302
    assert second.post(f"{DESK}/1/agree").status_code == 302
    assert "不算的理由：报重了" in _text(unit, PAGE)
    assert first.post(f"{DESK}/9/agree").status_code == 404
    assert unit.get(DESK).status_code == 404


def test_what_is_too_long_is_told_at_its_field(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    unit, far = contact(app, contest, 0), "长" * 501
    sent = {"happened": local_today().isoformat(), "text": far}
    for client, address, data, field in (
        (unit, f"{HOME}/二月/accidents", sent, "accident-text"),
        (signed_in(app, organiser), f"{DESK}/1/confirm", {"reason": far}, "accident-why-1"),
    ):
        if field != "accident-text":
            assert _report(unit) == 302
        answer = client.post(address, data=data)
        assert answer.status_code == 400
        page = unescape(answer.text)
        (error_text,) = re.findall(rf'id="{field}-error".{{0,400}}', page, re.S)
        assert "最多 500 个字，现在是 501 个" in error_text
        assert far in page, "what was typed stays"
        assert page.count("最多 500 个字") == 1
