"""Sheets that come in for who had been recorded as absent, or as waiving the attempt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from compete.models import Decision, db
from compete.services.closing.attempt_waivers import waive_attempt
from compete.services.closing.blockers import find_blockers
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.lock_blockers import faults_of_scope
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
    withdraw_proposal,
)
from compete.services.kernel.refusal import Refused
from compete.services.results.bends import bends_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.support.attempted import attempt, open_attempts
from tests.support.panels import Panel, client_of


@pytest.fixture
def twice(app: Flask) -> Panel:
    """E1 made one attempt; J2 recorded that they waive the second, which J1 then hands in."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_attempts()
        attempt(panel, "E1", 1, "40", "101")
        waive_attempt(panel.sheet("J2", "E1", "run2"), "不做了", panel.account("J2"))
        attempt(panel, "E1", 2, "55", "100", judges="1")
        db.session.remove()
    return panel


def blocked(panel: Panel) -> list[str]:
    results = live_results(panel.competition).results
    missing = find_blockers(panel.competition, results)
    return [str(it.what) for it in missing if it.kind == "absence"]


def test_neither_is_lost_until_somebody_decides(app: Flask, twice: Panel) -> None:
    with app.app_context():
        assert blocked(twice) == ["评分和缺考、放弃对不上 1 张"]
        here = twice.competition.events[0], "final", "run2", None
        faults = [str(it.what) for it in faults_of_scope(*here, signed=False)]
        assert "评分和缺考、放弃对不上：E1" in faults
        own = twice.sheet("J1", "E1", "run2").public_id
    judge, chief = client_of(app, twice, "J1"), client_of(app, twice, "C1")
    waits = "先记了放弃第 2 次，这张算不算，等裁判长定"
    assert judge.get(f"/api/sheets/{own}").json["late"] == waits
    rows = {row["id"]: row["late"] for row in judge.get("/api/home").json["sheets"]}
    assert (rows.pop(own), set(rows.values())) == (waits, {""})
    sentence = "记了放弃第 2 次以后，裁判 J1 许静 评了“叉车作业 2/2”"
    assert sentence in chief.get(f"/desk/{twice.code}/progress").text
    page = chief.get(f"/desk/{twice.code}/decisions").text
    assert sentence in page
    assert "评分和缺考、放弃对不上 1 张" in chief.get(f"/desk/{twice.code}/").text


def test_withdrawn_the_marks_count(app: Flask, twice: Panel) -> None:
    with app.app_context():
        decision = db.session.query(Decision).one()
        withdraw_proposal(decision, "他做了", twice.account("C1"), seen="confirmed")
        assert blocked(twice) == []
        attempt(twice, "E1", 2, "55", "100", judges="2")
        row = live_results(twice.competition).results.events[0].stages[0].standings[0]
        assert (row.entrant, str(row.modules["run2"].score)) == ("E1", "95")
        # Everybody reads that a waiver was withdrawn, and no absence.
        assert [str(it.what) for it in bends_of(twice.competition)] == ["放弃第 2 次撤回了"]


def test_kept_with_a_reason_they_do_not_and_everybody_reads_it(app: Flask, twice: Panel) -> None:
    chief = client_of(app, twice, "C1")
    with app.app_context():
        number = db.session.query(Decision).one().outcome_id
    address = f"/desk/{twice.code}/decisions/absences/{number}/keep"
    assert client_of(app, twice, "J1").post(address, data={"reason": "x"}).status_code == 404
    assert "维持要写理由" in chief.post(address, data={"reason": " "}).text
    page = chief.post(address, data={"reason": "录像里他没上车"}, follow_redirects=True).text
    assert "维持了，后到的评分不算" in page
    assert "定了才能锁定" not in page
    again = chief.post(address, data={"reason": "录像里他没上车"})
    assert again.status_code == 409
    with app.app_context():
        assert blocked(twice) == []
        (bend,) = bends_of(twice.competition)
        assert (str(bend.what), bend.why) == ("记了放弃第 2 次，以后到的评分不算", "录像里他没上车")
        # What comes in after that is another matter.
        twice.act(twice.sheet("J2", "E1", "run2"), "mark", aspect="work", value="50")
        assert blocked(twice) == ["评分和缺考、放弃对不上 1 张"]


def test_an_absence_that_two_decided_is_held_so_from_when_it_was_proposed(app: Flask) -> None:
    with app.app_context():
        panel = open_attempts()
        wanted = Proposal("dns", "final", None, "没来", "检录表")
        decision = propose_decision(panel.entrant("E2"), wanted, panel.account("C1"))
        attempt(panel, "E2", 1, "40", "101", judges="1")
        confirm_proposal(decision, panel.organiser)
        assert blocked(panel) == ["评分和缺考、放弃对不上 1 张"]
        # What was in when somebody proposed it was known to them.
        attempt(panel, "E3", 1, "40", "101", judges="1")
        decision = propose_decision(panel.entrant("E3"), wanted, panel.account("C1"))
        confirm_proposal(decision, panel.organiser)
        assert blocked(panel) == ["评分和缺考、放弃对不上 1 张"]
        with pytest.raises(Refused):
            lock_marks(panel.competition, panel.organiser)


def test_a_waiver_is_called_one_wherever_it_is_told(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_attempts()
        for entrant in ("E1", "E2", "E3"):
            attempt(panel, entrant, 1, "40", "101")
        waive_attempt(panel.sheet("J2", "E1", "run2"), "不做了", panel.account("J2"))
        explained = explain(export_bundle(panel.competition), "E1")
        words = "\n".join(str(step.text) for _depth, step in every_step(explained.steps))
    assert "放弃第 2 次：不做了" in words
    assert "缺考" not in words
    chief = client_of(app, panel, "C1")
    page = chief.get(f"/desk/{panel.code}/decisions").text
    row = page[page.index('id="decision-') : page.index("</li>", page.index('id="decision-'))]
    assert "放弃第 2 次" in row
    assert "缺考" not in row
    assert "代录" not in row
    log = chief.get(f"/desk/{panel.code}/").text
    assert "记 E1 放弃第 2 次" in log
    assert "E1 的缺考" not in log
    organiser = client_of(app, panel, "")
    person = organiser.get(f"/desk/{panel.code}/entrants/E1/").text
    assert "放弃第 2 次" in person
    assert "缺考（" not in person


def test_seconds_are_refused_where_nothing_is_timed(app: Flask) -> None:
    with app.app_context():
        panel = open_attempts(theory=True)
        chief, wanted = panel.account("C1"), Proposal("penalty", "final", "paper", "串通", "监考")
        with pytest.raises(Refused, match="“理论”没有按用时算分的项，罚秒不起作用。这里只能扣分"):
            propose_decision(panel.entrant("E1"), replace(wanted, seconds="7"), chief)
        propose_decision(panel.entrant("E1"), replace(wanted, points="7"), chief)
        timed = replace(wanted, module="run1", seconds="7")
        propose_decision(panel.entrant("E1"), timed, chief)
