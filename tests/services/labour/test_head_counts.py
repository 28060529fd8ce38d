"""How many workers take part: reported by units, put down by the organiser, added up, told."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook

from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.head_counts import head_count, heads_in
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Unit
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.entry import Writer
from compete.services.labour.head_counts import (
    heads_book,
    heads_of,
    read_heads_book,
    read_people,
    report_heads,
    set_heads,
)
from compete.services.results.announced_periods import announced_labour
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live_labour import LabourLive, labour_live
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.services.labour.made_up import Contest, made_up
from tests.sheets.reading.files import book_of
from tests.web.public.test_labour_wall import made


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def _heads(contest: Contest, period: str) -> dict[str, int]:
    live = labour_live(contest.competition)
    return heads_in(live.labour, live.outcome.field.tree, period)


def _contact(competition: Competition, unit: Unit) -> Writer:
    account = create_account(f"{unit.name}联系人")
    grant_role(account, competition, Role.CONTACT, unit=unit)
    return Writer(competition, account, unit=unit)


def test_what_is_reported_holds_until_the_next_report(contest: Contest, organiser: Account) -> None:
    assert set_heads(contest.competition, "一月", {"甲": 120, "乙": 0}, organiser)
    assert set_heads(contest.competition, "二月", {"甲": 95, "丙": 7}, organiser)
    assert _heads(contest, "一月") == {"甲": 120, "乙": 0}
    assert _heads(contest, "二月") == {"甲": 95, "乙": 0, "丙": 7}
    assert _heads(contest, "Q") == _heads(contest, "二月")
    assert head_count(_heads(contest, "一月"), "甲乙丙").people == 120
    words = head_count(_heads(contest, "一月"), "甲乙丙").words
    assert words is not None
    assert words.render(None) == "上报 120 人（1 家没报）"
    assert not set_heads(contest.competition, "二月", {"甲": 95}, organiser), "the same again"
    assert set_heads(contest.competition, "二月", {"甲": None}, organiser)
    assert _heads(contest, "二月")["甲"] == 120, "taken back: the one before stands"
    assert head_count({}, "甲乙丙").words is None, "nothing is made up"
    assert list(verify_chain(contest.competition)) == []


def test_a_unit_reports_its_own_while_the_period_is_open(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙")
    unit = competition.units[0]
    writer = _contact(competition, unit)
    assert report_heads(writer, "一月", 1_306)
    assert heads_of(competition, "一月").reported == {unit.code: 1_306}
    with pytest.raises(Refused, match="只有单位"):
        report_heads(Writer(competition, organiser), "一月", 5)
    close_period(competition, "一月", "", organiser)
    with pytest.raises(Refused, match="已经结账"):
        report_heads(writer, "一月", 5)
    assert set_heads(competition, "一月", {unit.code: 1_307}, organiser)


def test_a_version_keeps_what_it_told(load: Callable[..., Competition], organiser: Account) -> None:
    competition = made(load, "甲乙丙")
    set_heads(competition, "一月", {"甲": 120}, organiser)
    set_heads(competition, "二月", {"甲": 95}, organiser)
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    set_heads(competition, "一月", {"甲": 121}, organiser)
    publication = latest_publication(competition)
    assert publication is not None
    version = announced_labour(publication)
    assert heads_in(version.labour, version.outcome.field.tree, "一月") == {"甲": 120}
    assert heads_in(version.labour, version.outcome.field.tree, "Q") == {"甲": 120}, (
        "no February yet"
    )


def test_counts_go_out_with_the_bundle(contest: Contest, organiser: Account) -> None:
    set_heads(contest.competition, "一月", {"甲": 120, "乙": 3}, organiser)
    bundle = export_bundle(contest.competition)
    assert bundle.labour is not None
    assert bundle.labour.extra == {
        "head_counts": [
            {"unit": "甲", "period": "一月", "people": 120},
            {"unit": "乙", "period": "一月", "people": 3},
        ]
    }


def test_a_workbook_is_read_by_its_headings_and_writes_nothing(
    contest: Contest, organiser: Account
) -> None:
    set_heads(contest.competition, "一月", {"甲": 120}, organiser)
    book = load_workbook(BytesIO(heads_book(contest.competition, "一月")))
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    at = next(place for place, row in enumerate(rows) if "参赛人数" in row)
    assert next(row[-1] for row in rows[at + 1 :]) == 120
    for place, (code, name, people) in enumerate(
        (("甲", "甲", "1,250"), ("", "乙", 40), ("无", "无", 3), ("甲", "甲", 9))
    ):
        for column, text in zip((1, 2, 4), (code, name, people), strict=True):
            sheet.cell(at + 2 + place, column).value = text
    written = BytesIO()
    book.save(written)
    reading = read_heads_book(contest.competition, written.getvalue())
    names = {unit.code: unit.name for unit in contest.competition.units}
    assert {names[code]: text for code, text in reading.texts.items()} == {
        "甲": "1,250",
        "乙": "40",
    }
    assert [problem.render(None) for problem in reading.problems] == [
        f"第 {at + 4} 行：没有这个单位 无",
        f"第 {at + 5} 行：甲 写了两次",
    ]
    assert heads_of(contest.competition, "一月").reported == {"甲": 120}


@pytest.mark.parametrize(
    ("text", "people"), [("1,250", 1250), (" 40 人", 40), ("", None), ("0", 0)]
)
def test_a_count_is_a_whole_number(text: str, people: int | None) -> None:
    assert read_people(text) == people


@pytest.mark.parametrize("text", ["许多", "-1", "1.5", "1000001", "٣"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="整数"):
        read_people(text)


def test_who_is_no_unit_and_what_is_no_leaf_is_refused(
    contest: Contest, organiser: Account
) -> None:
    with pytest.raises(Refused, match="没有这家单位"):
        set_heads(contest.competition, "一月", {"无": 3}, organiser)
    with pytest.raises(Refused):
        set_heads(contest.competition, "Q", {"甲": 3}, organiser)
    assert labour_of(contest.competition).extra is None


def test_who_takes_no_part_is_not_counted_and_named_apart(
    load: Callable[..., Competition], organiser: Account
) -> None:
    """丙 has no value in January. While January is open that only says that it has none yet."""
    competition = load(json.loads(write_bundle(_two_months(second=""))))
    assert set_heads(competition, "一月", {"甲": 120, "丙": 9}, organiser)

    def words(period: str) -> str | None:
        live = labour_live(competition)
        sentence = head_count(_stood(live, period), "甲乙丙", live.away[period]).words
        return sentence.render(None) if sentence else None

    assert labour_live(competition).away["一月"] == frozenset()
    assert words("一月") == "上报 129 人（1 家没报）"
    close_period(competition, "一月", "", organiser)
    assert labour_live(competition).away == {"一月": {"丙"}, "二月": set(), "Q": {"丙"}}
    assert words("一月") == "上报 120 人（1 家没报，没参加的 1 家不算）"
    assert heads_of(competition, "一月").away == {"丙"}
    assert words("二月") == "上报 129 人（1 家没报）", "there it may yet come"
    assert set_heads(competition, "一月", {"乙": 1}, organiser)
    assert words("一月") == "上报 121 人（没参加的 1 家不算）"
    publish_closed(competition, organiser)
    newest = latest_publication(competition)
    assert newest is not None
    assert announced_labour(newest).away["一月"] == {"丙"}


def test_who_reported_for_an_open_month_will_take_part_in_the_quarter(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(json.loads(write_bundle(_two_months(second=""))))
    close_period(competition, "一月", "", organiser)
    assert labour_live(competition).away["Q"] == {"丙"}
    set_heads(competition, "二月", {"丙": 9}, organiser)
    assert labour_live(competition).away["Q"] == frozenset()


def test_once_the_next_month_has_values_nobody_is_waited_for(
    load: Callable[..., Competition],
) -> None:
    competition = load(json.loads(write_bundle(_two_months(second="甲丙"))))
    assert labour_live(competition).away == {"一月": {"丙"}, "二月": set(), "Q": set()}


def _two_months(*, second: str) -> Bundle:
    """甲 and 乙 are there in January, the units of `second` in February."""
    return labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, month, "安全", 90)
            for month, units in (("一月", "甲乙"), ("二月", second))
            for unit in units
        ],
    )


def _stood(live: LabourLive, period: str) -> dict[str, int]:
    return heads_in(live.labour, live.outcome.field.tree, period)


def test_a_table_of_ones_own_is_read_and_what_is_no_row_is_told(contest: Contest) -> None:
    rows = [["二月参赛职工"], ["序号", "单位名称", "人数"], [1, "甲（盖章）", 120]]
    rows.append(["合计", None, 120])
    reading = read_heads_book(contest.competition, book_of({"表": rows}, {"表": ["A1:C1"]}))
    assert list(reading.texts.values()) == ["120"]
    assert "4（合计）" in " ".join(map(str, reading.notices))
