"""A doubtful value that is right is ticked off, and stays so while it says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import AuditEntry, db
from compete.services.closing.module_locks import lock_module, set_must_sign
from compete.services.judging.panels import module_watch
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.web.organiser.log.record_words import record_text
from tests.support.panels import VALUES, Panel, bundle_of, client_of, open_panel
from tests.support.signing_in import signed_in

BOARD = "/desk/PANEL/progress?module=FORK|final|practice"
DOUBT = "裁判 J1 记的“用时”是 0.9 秒"


@pytest.fixture
def timed(app: Flask) -> Iterator[Panel]:
    """J1 has 0.9 s of a run of eight minutes, J2 and J3 agree with each other."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(timed=True, panel={"max_spread": 20}))
        for judge, time in (("J1", "0.9"), ("J2", "540"), ("J3", "542")):
            panel.fill(panel.sheet(judge), {**VALUES, "run": time})
        db.session.remove()
    return panel


@pytest.fixture
def chief(app: Flask, timed: Panel) -> FlaskClient:
    return client_of(app, timed, "C1")


def sheet_url(app: Flask, panel: Panel, judge: str = "J1") -> str:
    with app.app_context():
        return f"/desk/PANEL/sheets/{panel.sheet(judge).public_id}"


def parts(client: FlaskClient) -> tuple[str, str]:
    """What waits first on the board, and what was looked at."""
    text = client.get(BOARD).text
    waits, looked = (
        text.partition(f'data-live="{part}"')[2].partition('data-live="')[0]
        for part in ("first", "right")
    )
    return waits, looked if "<li>" in looked else ""


def tick(app: Flask, panel: Panel, client: FlaskClient, value: str = "0.9") -> str:
    return client.post(
        sheet_url(app, panel) + "/right",
        data={"aspect": "run", "value": value},
        follow_redirects=True,
    ).text


def test_what_was_looked_at_is_gone_from_the_list_and_can_be_taken_back(
    app: Flask, timed: Panel, chief: FlaskClient
) -> None:
    waits, looked = parts(chief)
    assert DOUBT in waits
    assert not looked
    assert re.search(r'/right"[^<]*<.*?name="value" value="0.9"', waits, re.DOTALL)
    assert "看过，没错" in tick(app, timed, chief)
    waits, looked = parts(chief)
    assert "反常" not in waits
    assert re.search(rf"{DOUBT}。沈国梁 .*看过，没错", looked)
    assert "看过，没错" in chief.get(sheet_url(app, timed)).text
    tick(app, timed, chief)  # A second tap is no second record.
    with app.app_context():
        record = db.session.query(AuditEntry).filter_by(action="doubt.right").one()
        assert record.after["value"] == "0.9"
        with app.test_request_context():
            sentence = record_text(record, {})
    assert sentence == "沈国梁 看过 E1 裁判 J1 的“用时”0.9 秒，没错"
    back = sheet_url(app, timed) + "/doubt"
    assert chief.post(back, data={"aspect": "run"}).status_code == 302
    waits, looked = parts(chief)
    assert DOUBT in waits
    assert not looked


def test_another_value_is_doubtful_again(app: Flask, timed: Panel, chief: FlaskClient) -> None:
    tick(app, timed, chief)
    with app.app_context():
        sheet = timed.sheet("J1")
        send_sheet_back(sheet, "看一眼", timed.account("C1"))
        timed.act(timed.sheet("J1"), "mark", aspect="run", value="0.8")
        timed.act(timed.sheet("J1"), "submit")
        db.session.remove()
    waits, looked = parts(chief)
    assert "是 0.8 秒" in waits
    assert not looked
    assert "已经改过了" in tick(app, timed, chief)
    with app.app_context():
        event = timed.competition.events[0]
        kept = watch_module(event, "final", "practice")
        fresh = module_watch._fresh(event, "final", "practice")
        assert kept.implausible == fresh.implausible != []
        assert (kept.looks, kept.found_right) == (fresh.looks, fresh.found_right)


def test_nobody_else_and_nobody_after_locking_finds_it_right(
    app: Flask, timed: Panel, chief: FlaskClient
) -> None:
    organiser = client_of(app, timed, "")
    assert DOUBT in parts(organiser)[0]
    assert "/right" not in parts(organiser)[0]
    data = {"aspect": "run", "value": "0.9"}
    assert organiser.post(sheet_url(app, timed) + "/right", data=data).status_code == 404
    tick(app, timed, chief)
    with app.app_context():
        for judge in ("J1", "J2", "J3"):
            timed.fill(timed.sheet(judge, "E2"), {**VALUES, "run": "545"})
        set_must_sign(timed.competition, False, timed.organiser)
        lock_module(timed.competition.events[0], "final", "practice", timed.organiser)
        db.session.remove()
    _waits, looked = parts(chief)
    assert "看过，没错" in looked
    assert "/doubt" not in looked
    back = chief.post(sheet_url(app, timed) + "/doubt", data={"aspect": "run"})
    assert "已经锁定" in back.text


def test_the_chief_rules_on_a_doubtful_time_of_a_panel_that_is_close_enough(
    app: Flask, timed: Panel, chief: FlaskClient
) -> None:
    with app.app_context():
        where = f"/desk/PANEL/panels/{timed.sheet('J2').public_id}"
    page = chief.get(where).text
    assert "一般在 2:00 到 24:00 之间" in page
    assert 'name="value-run"' in page
    assert 'name="value-smooth"' not in page
    refused = chief.post(where, data={"value-smooth": "3", "reason": "录像"})
    assert "这一项也不反常" in refused.text
    ruling = chief.post(where, data={"value-run": "541", "reason": "录像"}, follow_redirects=True)
    assert "裁定了 1 项" in ruling.text
    assert "反常" not in parts(chief)[0]
    page = chief.get(where).text
    assert "裁定过，锁定以前还能改" in page
    assert 'name="value-run"' in page
    assert 'name="value-smooth"' not in page
    again = chief.post(where, data={"value-run": "543", "reason": "看错"}, follow_redirects=True)
    assert "裁定了 1 项" in again.text
    assert "原来 裁定 9:01" in " ".join(again.text.split())
    with app.app_context():
        watched = signed_in(app, timed.organiser).get(where).text
        assert "锁定以前还能改" not in watched
