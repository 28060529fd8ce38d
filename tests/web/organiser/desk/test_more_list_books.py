"""Workbooks of claims, decisions, departments, periods, records, competitions, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, ResultStand, db, utc_now
from compete.services.accounts.accounts import create_account
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.archive import put_away
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.web.organiser import list_book
from tests.services.awards.test_external_awards import PDF
from tests.services.labour.made_up import made_up
from tests.support.announced import announce, announce_again, body_for, lock
from tests.support.panels import Panel
from tests.support.people import visitor
from tests.support.second_day import PRIZES
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.organiser.desk.test_list_books import offered, people_of, refused, rows


def test_grades_on_other_grounds_go_out_with_how_far_they_are(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    body_for(competition)
    desk = signed_in(app, organiser)
    page = "/desk/X/claims"
    assert "导出 Excel" not in desk.get(page).text
    form = {
        "people": "P4",
        "ground": "direct",
        "grade": "4",
        "clause": "=1+1",
        "facts": "省赛第一名",
        "document": (BytesIO(PDF), "文件.pdf"),
    }
    assert desk.post(page, data=form).status_code == 302
    (line,) = rows(desk, offered(desk, page))
    assert line[:2] == ("李小小", "P4")
    assert line[7:9] == ("=1+1", "省赛第一名")
    assert (line[9], "提出" in str(line[10]), line[11]) == ("已提出", True, "—")
    assert len(rows(visitor(app, "supervisor", competition), f"{page}/list.xlsx")) == 1
    assert refused(signed_in(app, create_account("别处的")), f"{page}/list.xlsx")


def test_decisions_go_out_with_who_made_them(app: Flask, panel: Panel) -> None:
    desk = signed_in(app, panel.account("C1"))
    page = "/desk/PANEL/decisions"
    assert "导出 Excel" not in desk.get(page).text
    wanted = Proposal("dns", "final", "practice", "=1+1", "签到表")
    decision = propose_decision(panel.entrant("E1"), wanted, panel.account("C1"))
    (line,) = rows(desk, offered(desk, page))
    assert (line[1], line[4:6]) == ("缺考", ("=1+1", "签到表"))
    assert "提出" in str(line[6])
    confirm_proposal(decision, panel.organiser)
    assert "确认" in str(rows(desk, f"{page}/list.xlsx")[0][6])
    assert refused(signed_in(app, create_account("别处的")), f"{page}/list.xlsx")


def test_departments_go_out_with_what_they_enter(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = made_up(load, organiser)
    desk = signed_in(app, organiser)
    page = "/desk/L/departments"
    whole = rows(desk, offered(desk, page))
    department = made.safety
    with unit_of_work():
        department.name = "=安全部"
    changed = rows(desk, f"{page}/list.xlsx")
    assert len(changed) == len(whole)
    assert "=安全部" in {line[0] for line in changed}
    assert all(line[1] and line[3] for line in changed)
    assert refused(signed_in(app, create_account("别处的")), f"{page}/list.xlsx")


def test_periods_and_days_without_an_accident_go_out(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    desk = signed_in(app, organiser)
    periods = rows(desk, offered(desk, "/desk/L/labour/periods"))
    assert {str(line[0]).strip("　") for line in periods} >= {"一月", "二月"}
    assert all(line[1] for line in periods)
    page = "/desk/L/labour/safe-days"
    since = (local_today() - timedelta(days=9)).isoformat()
    assert desk.post(page, data={"day:甲": since, "kind:甲": "accident"}).status_code == 302
    lines = {line[0]: line for line in rows(desk, offered(desk, page))}
    assert lines["甲"][2:4] == (since, "上次事故")
    assert lines["乙"][2:] == ("—", "—", "—")
    stranger = signed_in(app, create_account("别处的"))
    assert refused(stranger, f"{page}.xlsx")
    assert refused(stranger, "/desk/L/labour/periods.xlsx")
    assert competition.code == "L"


def test_progress_goes_out_by_station_and_judge_with_everybody_who_lacks_sheets(
    app: Flask, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = signed_in(app, panel.account("C1"))
    key = module_key(panel.competition.events[0], "final", "practice")
    address = offered(desk, f"/desk/PANEL/progress?module={key}")
    lines = rows(desk, address)
    judges = {str(line[1])[:2] for line in lines}
    assert judges >= {"J1", "J2"}
    lacking = rows(desk, address, sheet=1)
    monkeypatch.setattr("compete.web.organiser.judging.progress.view_model.MOST_LACKING", 1)
    assert rows(desk, address, sheet=1) == lacking
    assert len(lacking) > 1
    assert all("J" not in str(line[0]) and line[2] for line in lacking)
    assert refused(signed_in(app, panel.account("J1")), address)


def test_every_record_goes_out_in_words_and_many_by_a_job(
    app: Flask, here: Flask, judged: Competition, organiser: Account
) -> None:
    with unit_of_work():
        audit.record(judged, organiser, "competition.change", judged.code, reason="=1+1")
    desk = signed_in(app, organiser)
    assert "/desk/X/records.xlsx" in desk.get("/desk/X/").text
    lines = rows(desk, "/desk/X/records.xlsx")
    assert [line[0] for line in lines] == list(range(audit.count(judged), 0, -1))
    assert lines[0][2:] == (organiser.name, f"{organiser.name} 改竞赛资料：", "=1+1")
    assert all(line[3] for line in lines)
    assert refused(signed_in(app, create_account("别处的")), "/desk/X/records.xlsx")


def test_competitions_go_out_those_that_were_put_away_last(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert "导出 Excel" not in desk.get("/desk/").text
    first = load(small())
    with unit_of_work():
        first.name = "=1+1"
    (line,) = rows(desk, offered(desk, "/desk/"))
    assert line[:2] == ("=1+1", "X")
    made_up(load, organiser)
    put_away(first, first.name, organiser)
    both = rows(desk, "/desk/list.xlsx")
    assert [list_line[1] for list_line in both] == ["L", "X"]
    assert both[1][7] == "收起了"
    assert app.test_client().get("/desk/list.xlsx").status_code in (302, 404)


def test_what_is_kept_goes_out_with_until_when(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    page = "/desk/personal-data"
    assert "导出 Excel" not in desk.get(page).text
    past_competition = load(small(all_marks()))
    lock(past_competition, organiser)
    publish(past_competition, organiser)
    past = utc_now() - timedelta(days=1100)
    with unit_of_work():
        past_competition.name, past_competition.state = "=1+1", CompetitionState.FINAL
        past_competition.starts = past_competition.ends = past.date()
        for stand in db.session.query(ResultStand):
            stand.changed_at = past
        audit.record(past_competition, None, "competition.change", past_competition.code)
    (line,) = rows(desk, offered(desk, page))
    assert (line[0], line[4]) == ("=1+1", "过了保存期")
    assert str(len(people_of(past_competition))) in str(line[3])
    assert refused(visitor(app, "chief", past_competition), f"{page}/list.xlsx")


def test_what_a_version_changed_goes_out_with_what_was(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    desk = signed_in(app, organiser)
    assert refused(desk, "/desk/X/consequences/changes.xlsx")
    with unit_of_work():
        db.session.query(Entrant).filter_by(code="P1").one().name = "=1+1"
    announce_again(judged, organiser)
    lines = rows(desk, offered(desk, "/desk/X/consequences/changes"))
    assert [(line[1], line[2]) for line in lines] == [("P1", "=**1")]
    assert lines[0][5] == lines[0][6]


def test_very_many_accounts_go_out_in_parts(
    app: Flask, here: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = signed_in(app, create_account("管理员", is_admin=True))
    for number in range(4):
        create_account(f"联系人{number}")
    monkeypatch.setattr(list_book, "MOST", 2)
    page = admin.get("/desk/accounts").text
    assert "导出 Excel：1 到 2" in page
    assert "导出 Excel：5 到 5" in page
    names = [
        line[1]
        for part in (1, 2, 3)
        for line in rows(admin, f"/desk/accounts/list.xlsx?part={part}")
    ]
    assert names == ["管理员", *(f"联系人{number}" for number in range(4))]
    assert refused(admin, "/desk/accounts/list.xlsx?part=4")
