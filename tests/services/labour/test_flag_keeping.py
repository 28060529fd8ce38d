"""A flag that may be kept for good: after so many periods in a row, decided and said everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from compete.domain.bundle import write_bundle
from compete.domain.values import Role
from compete.models import Account, Competition
from compete.services.accounts import create_account, grant_role
from compete.services.kernel import FlagDays, FlagKeep, Refusal, Refused, settings_of, verify_chain
from compete.services.labour import (
    Followed,
    Wanted,
    agree_correction,
    ask_correction,
    close_period,
    publish_closed,
    set_flag_keep,
    set_followed,
)
from compete.services.publication import bulletin_of
from compete.services.scoring import flag_journey, labour_live
from tests.domain.labour.build import indicator, labour_bundle, value
from tests.support.signing_in import signed_in

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
NAMES = ("一季度", "二季度", "三季度", "四季度")
DAY = date(2026, 10, 15)


@pytest.fixture
def year(load: Callable[..., Competition], organiser: Account) -> Competition:
    """Four quarters, all closed; 甲 has the flag in each of them."""
    bundle = labour_bundle(
        "甲乙",
        periods=[
            {"code": "Y", "name": "全年"},
            *(
                {"code": code, "name": name, "part_of": "Y"}
                for code, name in zip(QUARTERS, NAMES, strict=True)
            ),
        ],
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, code, "安全", points)
            for code in QUARTERS
            for unit, points in (("甲", 95), ("乙", 92))
        ],
        flags={"count": 1, "min": 90, "periods": list(QUARTERS)},
    )
    competition = load(json.loads(write_bundle(bundle)))
    grant_role(organiser, competition, Role.ORGANISER, by=organiser)
    for code in QUARTERS:
        close_period(competition, code, "", organiser)
    return competition


def said(competition: Competition, period: str) -> str:
    told = bulletin_of(competition, period).chapters
    table = next(each for each in told if each.title.endswith("流动红旗")).table
    assert table is not None
    return table.rows[0].cells[-1]


def keep(competition: Competition, period: str, by: Account, day: date = DAY) -> bool:
    days = FlagDays(date(2026, 4, 1), None, day)
    return set_followed(competition, period, Followed({"甲": days}, {}), by)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        act()
    assert found.value.kind is Refusal.INVALID
    return found.value.message.render()


def test_after_three_quarters_in_a_row_it_may_stay_and_the_next_is_a_new_one(
    app: Flask, year: Competition, organiser: Account
) -> None:
    assert said(year, "Q3") == "连续第 3 季", "nothing was set"
    assert "没有定连续几期" in refused(lambda: keep(year, "Q3", organiser))
    assert set_flag_keep(year, FlagKeep(3, "Q2"), organiser)
    assert not set_flag_keep(year, FlagKeep(3, "Q2"), organiser)
    assert said(year, "Q2") == "连续第 2 季"
    assert said(year, "Q3") == "连续第 3 季；可以永久保留，由组委会定"
    told = refused(lambda: keep(year, "Q2", organiser))
    assert told == "甲：连续 3 期得旗才可以永久保留，现在是第 2 期"
    early = FlagDays(DAY, None, date(2026, 10, 1))
    both = FlagDays(date(2026, 4, 1), DAY, DAY)
    for days, why in ((early, "不能比授旗早"), (both, "只写一个日期")):
        flags = Followed({"甲": days}, {})
        assert why in refused(lambda flags=flags: set_followed(year, "Q3", flags, organiser))
    assert keep(year, "Q3", organiser)
    assert said(year, "Q3") == "连续第 3 季；4月1日授旗；10月15日起永久保留"
    assert said(year, "Q4") == "上一面归甲永久保留，这是新的一面；新得红旗"
    journey = flag_journey(year, labour_live(year))
    assert [journey.running(code, "甲") for code in QUARTERS] == [1, 2, 3, 1]
    assert not journey.may_keep("Q4", "甲")
    register = bulletin_of(year, "Y").chapters
    table = next(each for each in register if each.title.endswith("流动红旗")).table
    assert table is not None
    assert [row.cells[-1] for row in table.rows] == ["—", "—", "10月15日起永久保留", "—"]
    assert set_flag_keep(year, None, organiser)
    assert said(year, "Q3").endswith("10月15日起永久保留"), "what was left to it stays with it"
    assert list(verify_chain(year)) == []


def test_a_number_that_cannot_be_is_refused(year: Competition, organiser: Account) -> None:
    for after in (1, 5):
        told = refused(lambda after=after: set_flag_keep(year, FlagKeep(after, "Q1"), organiser))
        assert told == "连续几期：2 到 4"
    with pytest.raises(Refused) as found:
        set_flag_keep(year, FlagKeep(3, "Y"), organiser)
    assert found.value.kind is Refusal.UNKNOWN
    assert settings_of(year).flag_keep is None


def test_what_a_correction_takes_away_is_told(
    app: Flask, year: Competition, organiser: Account
) -> None:
    second = create_account("周颖")
    grant_role(second, year, Role.ORGANISER, by=organiser)
    set_flag_keep(year, FlagKeep(3, "Q1"), organiser)
    keep(year, "Q3", organiser)
    asked = ask_correction(
        year, Wanted(kind="veto", period="Q2", unit="甲", reason="查实瞒报"), organiser
    )
    agree_correction(asked, second)
    assert said(year, "Q3") == "从乙转到甲；4月1日授旗；10月15日起永久保留"
    page = signed_in(app, organiser).get("/desk/L/labour/periods/Q3").text
    assert "现在不够连续的期数了" in page


def test_pages_say_it(app: Flask, year: Competition, organiser: Account) -> None:
    desk = signed_in(app, organiser)
    months = "/desk/L/labour/periods"
    assert "红旗一直流动，哪家都不永久保留" in desk.get(months).text
    for wrong in ("三", "9"):
        answer = desk.post("/desk/L/labour/flag-keep", data={"after": wrong, "of": "Q1"})
        assert answer.status_code == 400
        assert f'value="{wrong}"' in answer.text, "what was typed stays"
    assert "哪天起永久保留" not in desk.get(f"{months}/Q3").text
    sent = {"after": "3", "of": "Q1"}
    assert desk.post("/desk/L/labour/flag-keep", data=sent).status_code == 302
    assert "一季度到四季度，连续 3 期得旗的可以永久保留" in desk.get(months).text
    assert "哪天起永久保留" not in desk.get(f"{months}/Q2").text
    assert "连续第 3 季，可以永久保留，由组委会定" in desk.get(f"{months}/Q3").text
    publish_closed(year, organiser, "", [])
    assert "连续第 4 季，可以永久保留，由组委会定" in desk.get("/p/L/wall/甲").text
    days = {"given:甲": "2026-12-10", "back:甲": "", "kept:甲": "2026-12-15"}
    assert desk.post(f"{months}/Q4/after", data=days).status_code == 302
    for url in (
        "/desk/L/labour?period=Q4",
        "/desk/L/labour/units/甲?period=Q4",
        "/p/L/periods/Q4",
        "/p/L/periods/Q4/units/甲",
        "/p/L/wall/甲",
        f"{months}/Q4",
    ):
        assert "连续第 4 季，12月15日起永久保留" in desk.get(url).text, url
    assert "甲（永久保留）" in desk.get("/p/L/periods/Q1").text, "the journey tells of it"
