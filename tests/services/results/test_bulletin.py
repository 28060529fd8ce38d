"""A bulletin asks to fill in what is missing, and nothing of those that took no part."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import gettext

from compete.documents.bulletin import Chapter
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import EntryDeadline, FlagDays, FollowUp
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.after_closing import Followed, set_followed
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import Wanted, agree_correction, ask_correction
from compete.services.labour.deadlines import set_deadlines
from compete.services.labour.departments import save_department
from compete.services.results.bulletin import bulletin_of, print_bulletin
from compete.web.language import COOKIE
from tests.documents.reading import beyond_the_page, pages
from tests.domain.labour.build import indicator, labour_bundle, one_month, quarter, value


def test_who_took_no_part_has_nothing_to_fill_in(
    app: Flask, load: Callable[..., Competition]
) -> None:
    values = [
        value(unit, month, code, 40)
        for unit in "甲乙丙"
        for month in ("一月", "二月")
        for code in ("安全", "质量")
        if (unit, month) != ("乙", "一月") and (unit, month, code) != ("丙", "二月", "质量")
    ]
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 50), indicator("质量", 50)],
        values=values,
    )
    competition = load(json.loads(write_bundle(bundle)))

    def printed(period: str) -> str:
        return "".join(pages(print_bulletin(competition, period)))

    january, february, quarterly = (printed(period) for period in ("一月", "二月", "Q"))
    assert "补填" not in january
    assert "2家参赛" in january
    assert "1家没有参加：乙" in january
    assert "没有参加" in january.split("附：")[1]
    assert "补填二月的质量：丙" in february
    assert "1家还没填齐，没有总分" in february
    assert "补填二月的质量：丙" in quarterly
    assert "乙" not in quarterly.split("要做的")[1].split("附：")[0]
    # Words are longer in English: the mark behind the figures lies on the page all the same.
    with app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        english = print_bulletin(competition, "Q", gettext)
    assert "Provisional" in "".join(pages(english))
    assert beyond_the_page(english) == []


def test_long_names_of_periods_leave_the_units_their_room(
    app: Flask, load: Callable[..., Competition]
) -> None:
    months = ("2024年第一季度冬春之交安全生产百日攻坚", "Q1-LONG-ASSESSMENT-OF-ALL-UNITS", "三月")
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter(*months),
        indicators=[indicator("安全", 100)],
        values=[value(unit, month, "安全", 40) for unit in "甲乙丙" for month in months],
    )
    file = json.loads(write_bundle(bundle))
    for unit in file["units"]:
        unit["name"] = f"{unit['name']}省第一建筑工程集团有限公司"
    printed = pages(print_bulletin(load(file), "Q"))
    standings = next(page for page in printed if "附：" in page).split("附：")[1]
    assert f"第1期：{months[0]}" in standings
    assert f"第2期：{months[1]}" in standings
    head = re.search(r"名次.{0,60}结果", standings, re.S)
    assert head is not None
    assert re.sub(r"\s", "", head[0]) == "名次单位第1期第2期三月得分结果"
    # A row is two lines at most: so all three stand on the page of their head.
    assert standings.count("有限公司") == 3


def test_whoever_has_no_value_yet_may_come_until_the_month_is_closed(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月"),
        indicators=[indicator("安全", 100)],
        values=[value(unit, "一月", "安全", 90) for unit in "甲乙"],
    )
    competition = load(json.loads(write_bundle(bundle)))
    still_open = "".join(pages(print_bulletin(competition, "一月")))
    assert "3家参赛；1家还没有数" in still_open
    assert "没有参加" not in still_open
    close_period(competition, "一月", "", organiser)
    closed = "".join(pages(print_bulletin(competition, "一月")))
    assert "2家参赛；1家没有参加：丙" in closed
    assert "还没有数" not in closed


def first_places(competition: Competition) -> str:
    """The row of the one group in the table of the first three and the last."""
    text = "".join(pages(print_bulletin(competition, "M")))
    (row,) = re.findall(r"最后一名(.*?)名次是组内的", text)
    return str(row)


def test_a_shared_place_is_no_second_place(app: Flask, load: Callable[..., Competition]) -> None:
    scores = dict(zip("甲乙丙丁戊己", (80, 80, 70, 60, 50, 50), strict=True))
    competition = load(json.loads(write_bundle(one_month(scores))))
    assert first_places(competition) == "全部单位6家乙、甲80.00—丙70.00己、戊50.00"
    alike = json.loads(write_bundle(one_month(dict.fromkeys("甲乙丙丁戊己", 80))))
    alike["competition"]["code"] = "L2"
    assert first_places(load(alike)) == "全部单位6家丁、丙、乙等6个80.00———"


def test_it_says_what_parted_equal_totals_in_both_languages(
    app: Flask, load: Callable[..., Competition]
) -> None:
    """甲 and 乙 have 80 each, 甲 more for 安全; 丙 and 丁 share a place."""
    scores = {"甲": (50, 30), "乙": (40, 40), "丙": (20, 20), "丁": (20, 20)}
    bundle = labour_bundle(
        "甲乙丙丁",
        periods=quarter("一月"),
        indicators=[indicator("安全", 50), indicator("质量", 50)],
        values=[
            value(unit, "一月", code, points)
            for unit, both in scores.items()
            for code, points in zip(("安全", "质量"), both, strict=True)
        ],
        ties=["indicator:安全"],
    )
    competition = load(json.loads(write_bundle(bundle)))
    text = "".join(pages(print_bulletin(competition, "一月"))).split("附：")[1]
    assert "第2名乙在第1名之后：总分相同，同分要比的第1项安全：50>40" in text
    assert text.count("总分相同") == 1
    with app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        english = "".join(pages(print_bulletin(competition, "一月", gettext)))
    assert "totalsareequal" in english.lower(), english


MONTHS = tuple(f"{n} 月" for n in range(1, 7))


def half_year(load: Callable[..., Competition], **labour: object) -> Competition:
    """Two quarters of three months, with figures of the first four months; 甲 is ahead."""
    periods = [
        {"code": "Y", "name": "半年"},
        {"code": "Q1", "name": "一季度", "part_of": "Y", "weight": 1},
        {"code": "Q2", "name": "二季度", "part_of": "Y", "weight": 1},
    ]
    periods += [
        {"code": month, "name": month, "part_of": "Q1" if place < 3 else "Q2", "weight": 1}
        for place, month in enumerate(MONTHS)
    ]
    bundle = labour_bundle(
        "甲乙丙",
        periods=periods,
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, month, "安全", points)
            for month in MONTHS[:4]
            for unit, points in zip("甲乙丙", (95, 92, 60), strict=True)
        ],
        flags={"count": 1, "min": 90, "periods": ["Q1", "Q2"]},
        **labour,
    )
    file = json.loads(write_bundle(bundle))
    file["competition"] |= {"starts": "2026-01-01", "ends": "2026-12-31"}
    return load(file)


def chapter(competition: Competition, period: str, title: str) -> Chapter:
    chapters = bulletin_of(competition, period).chapters
    return next(section for section in chapters if section.title.endswith(title))


def test_issues_are_numbered_and_a_month_closes_its_quarter(
    app: Flask, load: Callable[..., Competition]
) -> None:
    half = half_year(load)
    heads = {
        period: (bulletin.issue, bulletin.period)
        for period in ("2 月", "3 月", "Q1", "4 月", "Y")
        for bulletin in [bulletin_of(half, period)]
    }
    assert heads == {
        "2 月": ("2026年第 2 期", "2 月"),
        "3 月": ("2026年第 3 期（单印）", "3 月"),
        "Q1": ("2026年第 3 期", "3 月暨一季度"),
        "4 月": ("2026年第 4 期", "4 月"),
        "Y": ("", "半年"),
    }
    (sentence, *_more) = chapter(half, "Q1", "总的情况").before
    assert "3 月全体平均 82.33；比2 月，得分率 82.3% → 82.3%" in sentence


def test_the_flag_of_a_quarter_that_is_open_is_not_called_vacant(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    half = half_year(load)
    for period in (*MONTHS[:3], "Q1"):
        close_period(half, period, "", organiser)
    table = chapter(half, "Y", "流动红旗").table
    assert table is not None
    assert [row.cells[1:3] for row in table.rows] == [
        ("一季度", "甲"),
        ("二季度", "还没结账，现在是甲"),
    ]


def test_a_flag_that_nobody_had_before_is_said_to_have_been_vacant(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    groups = {"甲": "土建", "乙": "土建", "丙": "机电"}
    half = half_year(load, groups=groups)
    for open_before in (True, False):
        table = chapter(half, "Q2", "流动红旗").table
        assert table is not None
        vacant = "还没结账" if open_before else "空缺"
        assert {row.cells[0]: row.cells[1] for row in table.rows} == {"土建": "甲", "机电": vacant}
        for period in (*MONTHS[:3], "Q1") if open_before else ():
            close_period(half, period, "", organiser)


def test_a_version_says_what_it_corrects_from_what_to_what_and_what_that_moves(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    half = half_year(load)
    second = create_account("周颖")
    grant_role(second, half, Role.ORGANISER, by=organiser)

    def correct(points: str) -> None:
        wanted = Wanted("value", "2 月", "甲", "看错了", "安全", points)
        agree_correction(ask_correction(half, wanted, organiser), second)

    close_period(half, "1 月", "", organiser)
    close_period(half, "2 月", "", organiser)
    correct("94")
    publish_closed(half, organiser)
    assert all("更正" not in section.title for section in bulletin_of(half, "2 月").chapters)
    correct("91.5")
    assert all("更正" not in section.title for section in bulletin_of(half, "2 月").chapters)
    second_version = publish_closed(half, organiser, "甲改了")
    correct("93")
    third = publish_closed(half, organiser, "又改了")
    first = "甲 2 月 安全 由 94 改为 91.5"
    moved = "甲 94.00 → 91.50，名次 1 → 2；乙 名次 2 → 1"
    for publication, rows in (
        (second_version, [(first, moved)]),
        (
            third,
            [
                (first, moved),
                ("甲 2 月 安全 由 91.5 改为 93", "甲 91.50 → 93.00，名次 2 → 1；乙 名次 1 → 2"),
            ],
        ),
    ):
        chapters = bulletin_of(half, "2 月", publication=publication).chapters
        table = next(section for section in chapters if section.title.endswith("更正")).table
        assert table is not None
        assert [row.cells[1:] for row in table.rows] == rows
    assert all("更正" not in section.title for section in bulletin_of(half, "1 月").chapters)


def _moment(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 17, tzinfo=local_zone())


def _to_do(competition: Competition, period: str) -> list[str]:
    return list(chapter(competition, period, "要做的").before)


def test_what_is_to_be_done_has_its_day_and_who_does_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    half = half_year(load, warn_below=70)
    save_department(half, "安全部", ["安全"], None, organiser)
    until = {
        "4 月": EntryDeadline(own=_moment(5, 3), sign=_moment(5, 5)),
        "5 月": EntryDeadline(sign=_moment(6, 5)),
    }
    set_deadlines(half, until, organiser)
    assert _to_do(half, "Q1") == [
        "1. 低于 70，黄牌，要整改：丙 60.00",
        "2. 各单位 4 月自评 5月3日 17:00 前交",
        "3. 安全部 4 月打分 5月5日 17:00 前签核",
    ]
    asked = FollowUp(_moment(4, 18), "省公司 302 会议室", date(2026, 4, 30), "安全部周茹")
    with pytest.raises(Refused) as refused:
        set_followed(half, "Q1", Followed({}, {"甲": asked}), organiser)
    assert refused.value.kind is Refusal.UNKNOWN, "甲 has no warning"
    assert set_followed(half, "Q1", Followed({}, {"丙": asked}), organiser)
    assert not set_followed(half, "Q1", Followed({}, {"丙": asked}), organiser)
    assert _to_do(half, "Q1")[0] == (
        "1. 丙 60.00，低于 70，黄牌：4月18日 17:00 到省公司 302 会议室约谈，"
        "4月30日前整改完，安全部周茹负责"
    )
    assert _to_do(half, "4 月")[:2] == [
        "没有缺项、黄牌和一票否决。",
        "1. 安全部 5 月打分 6月5日 17:00 前签核",
    ], "warnings are given where flags go"


def test_a_square_to_be_filled_in_says_by_whom_and_until_when(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 50), indicator("质量", 50)],
        values=[value("甲", "一月", code, 40) for code in ("安全", "质量")]
        + [value("乙", "一月", "安全", 40)],
    )
    competition = load(json.loads(write_bundle(bundle)))
    save_department(competition, "质量部", ["质量"], None, organiser)
    set_deadlines(competition, {"一月": EntryDeadline(sign=_moment(2, 5))}, organiser)
    assert _to_do(competition, "一月") == ["1. 补填 一月 的质量：乙（质量部，2月5日 17:00 前）"]


def test_a_flag_says_when_it_was_given_and_came_back(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    half = half_year(load)
    for period in (*MONTHS[:3], "Q1"):
        close_period(half, period, "", organiser)
    given, back = date(2026, 4, 15), date(2026, 7, 14)
    with pytest.raises(Refused) as refused:
        set_followed(half, "Q1", Followed({"甲": FlagDays(back, given)}, {}), organiser)
    assert refused.value.kind is Refusal.INVALID
    set_followed(half, "Q1", Followed({"甲": FlagDays(given, back)}, {}), organiser)
    first, year = (chapter(half, period, "流动红旗").table for period in ("Q1", "Y"))
    assert first is not None
    assert year is not None
    assert first.rows[0].cells[-1] == "新得红旗；4月15日授旗"
    assert year.rows[0].cells[-2:] == ("4月15日", "7月14日")
    assert year.rows[1].cells[-2:] == ("—", "—")
    second = chapter(half, "Q2", "流动红旗").table
    assert second is not None
    assert "甲 7月14日交回" in second.rows[0].cells[-1]


def test_each_heading_says_which_share_of_full_marks_all_units_got(
    app: Flask, load: Callable[..., Competition]
) -> None:
    given = {"甲": (40, 50), "乙": (29, 20), "丙": (44, None)}
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月"),
        indicators=[indicator("护栏", 50, heading="安全"), indicator("质量", 50)],
        values=[
            value(unit, "一月", code, points)
            for unit, both in given.items()
            for code, points in zip(("护栏", "质量"), both, strict=True)
            if points is not None
        ],
    )
    competition = load(json.loads(write_bundle(bundle)))
    # 丙 lacks one, has no total and counts under no heading.
    bars = chapter(competition, "一月", "总的情况").bars
    assert [(bar.name, bar.text, bar.share) for bar in bars] == [
        ("安全", "69.0%", 69.0),
        ("质量", "70.0%", 70.0),
    ]
