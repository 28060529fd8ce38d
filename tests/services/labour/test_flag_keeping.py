"""A flag that may be kept for good: after so many periods in a row, decided and said everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import msgspec
import pytest
from flask import Flask

from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.kept_flags import FLAG_KEEP, FlagKeep, flag_keep_of, with_flag_keep
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import FlagDays, change_settings
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.after_closing import Followed, set_followed
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import Wanted, agree_correction, ask_correction
from compete.services.labour.rule_changes import agree_rules, set_flag_keep
from compete.services.labour.rules import labour_rules, save_labour_rules
from compete.services.results.bulletin import bulletin_of
from compete.services.scoring.journeys import flag_journey
from compete.services.scoring.live_labour import labour_live
from compete.web.organiser.labour.rules.differences import differences
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


def flag_note(competition: Competition, period: str) -> str:
    chapters = bulletin_of(competition, period).chapters
    table = next(chapter for chapter in chapters if chapter.title.endswith("流动红旗")).table
    assert table is not None
    return table.rows[0].cells[-1]


def keep(competition: Competition, period: str, by: Account, day: date = DAY) -> bool:
    days = FlagDays(date(2026, 4, 1), None, day)
    return set_followed(competition, period, Followed({"甲": days}, {}), by)


def test_what_was_a_setting_is_what_stood_before(
    app: Flask, here: Flask, year: Competition, organiser: Account
) -> None:
    """A competition from before it was a rule: the difference and the rules' page say it."""
    with unit_of_work():
        change_settings(year, flag_keep=FlagKeep(3, "Q1"))
    desk = signed_in(app, organiser)
    kept = "一季度这样的期次，连续 3 期得旗的可以永久保留"
    assert kept in desk.get("/desk/L/labour/rules").text
    change = set_flag_keep(year, FlagKeep(4, "Q1"), organiser, "开会定的")
    assert change is not None
    page = desk.get(f"/desk/L/labour/rules/changes/{change.id}").text
    assert kept in page
    assert kept.replace("3", "4") in page


def test_a_workbook_of_rules_says_nothing_of_flags_that_are_kept(
    app: Flask, year: Competition, organiser: Account
) -> None:
    before = labour_rules(year)
    rules = replace(before, labour=with_flag_keep(before.labour, FlagKeep(2, "Q1")))
    silent = replace(rules, labour=msgspec.structs.replace(rules.labour, extra=None))
    with app.test_request_context():
        assert differences(year, rules, silent) == [], "as it says nothing, it stays"
        (group,) = differences(year, silent, rules)
        (row,) = group.rows
    assert row.was == "红旗一直流动，哪家都不永久保留"


def set_by_two(competition: Competition, wanted: FlagKeep | None, by: Account) -> None:
    """The rule as another person agreed to it."""
    change = set_flag_keep(competition, wanted, by, "开会定的")
    assert change is not None
    second = create_account("第二人")
    grant_role(second, competition, Role.ORGANISER, by=by)
    agree_rules(change, second)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.kind is Refusal.INVALID
    return refusal.value.message.render()


def test_after_three_quarters_in_a_row_it_may_stay_and_the_next_is_a_new_one(
    app: Flask, year: Competition, organiser: Account
) -> None:
    assert flag_note(year, "Q3") == "连续第 3 季", "nothing was set"
    assert "没有定连续几期" in refused(lambda: keep(year, "Q3", organiser))
    set_by_two(year, FlagKeep(3, "Q2"), organiser)
    message = refused(lambda: set_flag_keep(year, FlagKeep(3, "Q2"), organiser, "再来"))
    assert message == "和现在的一样，没有要改的"
    assert flag_note(year, "Q2") == "连续第 2 季"
    assert flag_note(year, "Q3") == "连续第 3 季；可以永久保留，由组委会定"
    message = refused(lambda: keep(year, "Q2", organiser))
    assert message == "甲：连续 3 期得旗才可以永久保留，现在是第 2 期"
    early = FlagDays(DAY, None, date(2026, 10, 1))
    both = FlagDays(date(2026, 4, 1), DAY, DAY)
    for days, why in ((early, "不能比授旗早"), (both, "只写一个日期")):
        flags = Followed({"甲": days}, {})
        assert why in refused(lambda flags=flags: set_followed(year, "Q3", flags, organiser))
    assert keep(year, "Q3", organiser)
    assert flag_note(year, "Q3") == "连续第 3 季；4月1日授旗；10月15日起永久保留"
    assert flag_note(year, "Q4") == "上一面归甲永久保留，这是新的一面；新得红旗"
    journey = flag_journey(year, labour_live(year))
    assert [journey.running(code, "甲") for code in QUARTERS] == [1, 2, 3, 1]
    assert not journey.may_keep("Q4", "甲")
    register = bulletin_of(year, "Y").chapters
    table = next(chapter for chapter in register if chapter.title.endswith("流动红旗")).table
    assert table is not None
    assert [row.cells[-1] for row in table.rows] == ["—", "—", "10月15日起永久保留", "—"]
    set_by_two(year, None, organiser)
    assert flag_note(year, "Q3").endswith("10月15日起永久保留"), "what was left to it stays with it"
    assert list(verify_chain(year)) == []


def test_until_the_first_value_one_person_sets_it_and_other_rules_keep_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    periods = [{"code": "Y", "name": "全年"}]
    periods += [{"code": month, "name": month, "part_of": "Y"} for month in ("1 月", "2 月")]
    flags = {"count": 1, "min": 90, "periods": ["1 月", "2 月"]}
    bundle = labour_bundle("甲", periods=periods, indicators=[indicator("安全")], flags=flags)
    competition = load(json.loads(write_bundle(bundle)))
    assert set_flag_keep(competition, FlagKeep(2, "1 月"), organiser) is None
    rules = labour_rules(competition)
    assert flag_keep_of(rules.labour) == FlagKeep(2, "1 月")
    # A form and a workbook say nothing of it.
    silent = msgspec.structs.replace(rules.labour, adjust_cap=Decimal(3), extra=None)
    assert save_labour_rules(competition, replace(rules, labour=silent), organiser)
    rules = labour_rules(competition)
    assert rules.labour.adjust_cap == Decimal(3)
    assert flag_keep_of(rules.labour) == FlagKeep(2, "1 月")
    for setting in (3, {"after": "x"}, [], {"of": "Y"}):
        odd = msgspec.structs.replace(rules.labour, extra={FLAG_KEEP: setting})
        assert flag_keep_of(odd) is None
    assert flag_keep_of(with_flag_keep(rules.labour, None)) is None


def test_a_number_that_cannot_be_is_refused(year: Competition, organiser: Account) -> None:
    for after in (1, 5):
        message = refused(partial(set_flag_keep, year, FlagKeep(after, "Q1"), organiser, "试"))
        assert message == "连续几期：2 到 4"
    with pytest.raises(Refused) as refusal:
        set_flag_keep(year, FlagKeep(3, "Y"), organiser, "试")
    assert refusal.value.kind is Refusal.UNKNOWN
    assert refused(lambda: set_flag_keep(year, FlagKeep(3, "Q1"), organiser)) == "写明为什么改规则"
    assert flag_keep_of(labour_rules(year).labour) is None


def test_what_a_correction_takes_away_is_told(
    app: Flask, year: Competition, organiser: Account
) -> None:
    second = create_account("周颖")
    grant_role(second, year, Role.ORGANISER, by=organiser)
    set_by_two(year, FlagKeep(3, "Q1"), organiser)
    keep(year, "Q3", organiser)
    asked = ask_correction(
        year, Wanted(kind="veto", period="Q2", unit="甲", reason="查实瞒报"), organiser
    )
    agree_correction(asked, second)
    assert flag_note(year, "Q3") == "从乙转到甲；4月1日授旗；10月15日起永久保留"
    page = signed_in(app, organiser).get("/desk/L/labour/periods/Q3").text
    assert "现在不够连续的期数了" in page


def test_pages_say_it(app: Flask, year: Competition, organiser: Account) -> None:
    desk = signed_in(app, organiser)
    second = create_account("周颖")
    grant_role(second, year, Role.ORGANISER, by=organiser)
    months = "/desk/L/labour/periods"
    assert "红旗一直流动，哪家都不永久保留" in desk.get(months).text
    for wrong in ("三", "9"):
        sent = {"after": wrong, "of": "Q1", "reason": "年初会上定的"}
        answer = desk.post("/desk/L/labour/flag-keep", data=sent)
        assert answer.status_code == 400
        assert f'value="{wrong}"' in answer.text, "what was typed stays"
        assert "年初会上定的" in answer.text
    assert "哪天起永久保留" not in desk.get(f"{months}/Q3").text
    sent = {"after": "3", "of": "Q1"}
    answer = desk.post("/desk/L/labour/flag-keep", data=sent)
    assert answer.status_code == 400
    assert "写明为什么改规则" in answer.text
    asked = desk.post("/desk/L/labour/flag-keep", data=sent | {"reason": "年初会上定的"})
    assert asked.status_code == 302
    change = desk.get(asked.location).text
    assert "一季度这样的期次，连续 3 期得旗的可以永久保留" in change
    assert "红旗一直流动，哪家都不永久保留" in desk.get(months).text, "until another agrees"
    assert 'action="/desk/L/labour/flag-keep"' not in desk.get(months).text, "it waits"
    agreed = signed_in(app, second).post(f"{asked.location}/agree")
    assert agreed.status_code == 302
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
