"""What anyone reads of a labour competition: closed periods alone, as its file gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import Wanted, agree_correction, ask_correction
from compete.web.public.prepared_pages import prepare_pages
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, one_month, quarter, value
from tests.support.signing_in import signed_in
from tests.web.papers import LABOUR, print_all

SCORES = {"甲": (90, 80), "乙": (85, 95), "丙": (70, 70), "丁": (60, 65)}
UNITS = "甲乙丙丁"


def _text(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def _load(load: Callable[..., Competition]) -> Competition:
    bundle = labour_bundle(
        UNITS,
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, month, "安全", points)
            for unit, months in SCORES.items()
            for month, points in zip(("一月", "二月"), months, strict=True)
        ],
        groups={"甲": "土建", "乙": "土建", "丙": "机电", "丁": "机电"},
        flags={"count": 1, "min": 80},
    )
    return load(json.loads(write_bundle(bundle)))


def test_a_place_is_a_figure_and_no_medal_for_it_says_nothing_of_an_award(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """A vetoed unit keeps its place and is barred from every award: as at the desk, no medal."""
    bundle = one_month(
        {"甲": 90, "乙": 80}, vetoes=[{"unit": "甲", "period": "M", "reason": "安全事故"}]
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "M", "", organiser)
    publish_closed(competition, organiser)
    answer = app.test_client().get("/p/L")
    assert re.search(r"1 甲 .*?一票否决，不评优 .*?2 乙", _text(answer))
    assert "rank-1" not in answer.text
    assert "place-1" not in answer.text


def test_a_prize_by_some_indicators_is_shown_and_printed_a_vetoed_unit_gets_none(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(write_bundle(one_month({"甲": 90, "乙": 80, "丙": 70})))
    plain["format"] = "compete-bundle/2"
    labour = plain["labour"]
    labour["vetoes"] = [{"unit": "甲", "period": "M", "reason": "安全事故"}]
    labour["prizes"] = [
        {"code": "w", "name": "安全之星", "by": "indicator:x", "top": 1, "min": 75},
        {"code": "v", "name": "质量之星", "by": "indicator:x", "top": 1, "min": 95},
    ]
    competition = load(plain)
    close_period(competition, "M", "", organiser)
    publish_closed(competition, organiser)
    page = _text(app.test_client().get("/p/L"))
    assert "单项奖 安全之星 乙 80.00 质量之星 空缺" in page
    printed = "".join(pages(app.test_client().get("/p/L/periods/M/bulletin.pdf").data))
    assert re.search(r"安全之星\S*乙80\.00", "".join(printed.split()))


def test_bars_show_the_first_of_each_group_and_lines_how_they_did(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition, client = _load(load), app.test_client()
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    first = client.get("/p/L").text
    assert "升得最多" not in first
    bars = first[first.index('class="leaders"') : first.index('class="with-side"')]
    assert re.findall(r'href="(#group-\d)">(\w+) 2 家', bars) == [
        ("#group-1", "土建"),
        ("#group-2", "机电"),
    ]
    assert "甲</a>" in bars
    assert "90.00" in bars
    assert 'class="chart trend"' not in first, "one month draws no line"
    close_period(competition, "二月", "", organiser)
    publish_closed(competition, organiser)
    later = client.get("/p/L/periods/二月").text
    assert later.count('class="chart trend"') == 2
    assert 'class="spark"' in client.get("/p/L/wall").text


def test_each_version_stays_to_be_read_with_all_that_belongs_to_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition, client = _load(load), app.test_client()
    assert client.get("/p/L").status_code == 404
    assert client.get("/p/L/periods/一月").status_code == 404
    close_period(competition, "一月", "", organiser)
    assert client.get("/p/L").status_code == 404, "closed is not published"
    publish_closed(competition, organiser)
    page = _text(client.get("/p/L"))
    assert "一月排名 第 1 版" in page
    assert "土建 2 家" in page
    assert "90.00" in page
    assert "红旗空缺" in page, "nobody of the other group has 80"
    assert "80.00" not in page, "February is open"
    for hidden in (
        "periods/二月",
        "periods/Q",
        "periods/二月/bulletin.pdf",
        "periods/二月/units/甲",
    ):
        assert client.get(f"/p/L/{hidden}").status_code == 404, hidden
    unit = _text(client.get("/p/L/periods/一月/units/乙"))
    assert "第 2 名，土建 2 家里" in unit
    assert "在 甲 之后：总分 90.00 > 85.00" in unit
    assert client.get("/p/L/periods/一月/units/戊").status_code == 404
    assert "劳动竞赛" in _text(client.get("/")), "the landing page names it"

    close_period(competition, "二月", "", organiser)
    close_period(competition, "Q", "", organiser)
    publish_closed(competition, organiser)
    page = _text(client.get("/p/L"))
    assert "季度排名 第 2 版" in page
    moved = _text(client.get("/p/L/periods/二月"))
    assert "土建 升得最多 比一月 乙 安全 85% → 95% 升 1" in moved
    assert "土建 降得最多 比一月 甲 安全 90% → 80% 降 1" in moved
    results = score(read_bundle(client.get("/p/L/bundle.json").data)).labour
    assert results is not None
    for period in results.periods:
        shown = _text(client.get(f"/p/L/periods/{period.code}"))
        bulletin = "".join(pages(client.get(f"/p/L/periods/{period.code}/bulletin.pdf").data))
        assert "暂定" not in bulletin
        for row in period.standings:
            assert re.search(rf"{row.rank} {row.unit} .*?{row.total}", shown), (period, row)
            assert f"{row.rank}{row.unit}" in bulletin
            assert f"{row.total}" in bulletin
    book = load_workbook(BytesIO(client.get("/p/L/standings.xlsx").data))
    assert len(book.sheetnames) == len(results.periods)
    first = client.get("/p/L/standings.xlsx?version=1")
    assert len(load_workbook(BytesIO(first.data)).sheetnames) == 1
    papers = {name: paper for name, paper in LABOUR.items() if name.startswith("public.")}
    print_all(app.test_client(), competition, papers)
    old = _text(client.get("/p/L?version=1"))
    assert "这是第 1 版，后来公布了第 2 版。" in old
    assert "季度" not in old.split("第 1 版")[0]
    assert client.get("/p/L/periods/二月?version=1").status_code == 404

    second = create_account("周颖")
    grant_role(second, competition, Role.SUPERVISOR, by=organiser)
    wanted = Wanted("value", "一月", "乙", "漏记", indicator="安全", points="95")
    agree_correction(ask_correction(competition, wanted, organiser), second)
    assert "90.00" in _text(client.get("/p/L/periods/一月/units/甲")), "until the next version"
    desk = signed_in(app, organiser)
    stale = "改过，还没公布：公布页和通报上还是第 2 版的。"
    for page in ("labour?period=一月", "labour/units/甲?period=一月"):
        shown = _text(desk.get(f"/desk/L/{page}"))
        assert stale in shown
        assert "排名 更正过，还没公布 " in shown or "甲 更正过，还没公布 " in shown
    shown = _text(desk.get("/desk/L/labour?period=二月"))
    assert stale not in shown
    assert "二月排名 已公布" in shown
    asked = _text(desk.get("/desk/L/labour/publish"))
    assert "会写在公布的成绩上，谁都看得到。" in asked
    assert "参赛号" not in asked, "nobody has one"
    sheets = load_workbook(BytesIO(desk.get("/desk/L/labour.xlsx").data))
    assert "暂定，第 2 版公布以后改过" in sheets["一月"]["A1"].value
    assert "第 2 版，核对词" in sheets["二月"]["A1"].value
    assert "第 2 版，核对词" in sheets["二月"].oddFooter.left.text
    publish_closed(competition, organiser, "乙一月安全 85 改为 95")
    assert "这一版：乙一月安全 85 改为 95" in _text(client.get("/p/L"))
    assert "第 1 名，土建 2 家里" in _text(client.get("/p/L/periods/一月/units/乙"))
    assert "第 2 名，土建 2 家里" in _text(client.get("/p/L/periods/一月/units/乙?version=2"))


def test_the_pages_are_drawn_once_and_handed_out_many_times(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition, client = _load(load), app.test_client()
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    assert prepare_pages(app, competition) == 2 * 4, "page, period, two files in each language"
    assert prepare_pages(app, competition) == 0
    first = client.get("/p/L/periods/一月/units/甲")
    again = client.get(
        "/p/L/periods/一月/units/甲", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_veto_that_was_taken_back_is_said_on_page_bulletin_and_the_units_own(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition, client = _load(load), app.test_client()
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER, by=organiser)
    for kind, why in (("veto", "基坑坍塌"), ("lift", "复查不是责任事故")):
        agree_correction(
            ask_correction(competition, Wanted(kind, "一月", "甲", why), organiser), second
        )
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser, also=("reasons",))
    sentence = "甲 一月的一票否决取消了，不再算；当时的原因：基坑坍塌；取消的理由：复查不是责任事故"
    assert sentence in _text(client.get("/p/L/periods/一月"))
    assert sentence in _text(client.get("/p/L/periods/一月/units/甲"))
    assert "取消了" not in _text(client.get("/p/L/periods/一月/units/乙"))
    printed = "".join(pages(client.get("/p/L/periods/一月/bulletin.pdf").data))
    assert sentence.replace(" ", "") in printed
    desk = signed_in(app, organiser)
    assert sentence in _text(desk.get("/desk/L/labour?period=一月"))
    for kind, why in (("veto", "瞒报"), ("lift", "查无此事")):
        agree_correction(
            ask_correction(competition, Wanted(kind, "一月", "乙", why), organiser), second
        )
    publish_closed(competition, organiser, "改过一次")
    page = _text(client.get("/p/L/periods/一月"))
    assert "乙 一月的一票否决取消了，不再算" in page
    assert "瞒报" not in page, "reasons that were not ticked stay out"


def test_a_phone_has_the_sentence_and_the_first_then_one_link_to_all_and_files_last(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    scores = {unit: 90 - place for place, unit in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯")}
    competition = load(json.loads(write_bundle(one_month(scores))))
    close_period(competition, "M", "", organiser)
    publish_closed(competition, organiser)
    client = app.test_client()
    page = client.get("/p/L").text
    order = [
        page.index(part)
        for part in (
            'class="minute-sentence"',
            'class="leaders"',
            'href="#all"',
            'class="with-side folds" id="all"',
            'id="find"',
            'id="files"',
        )
    ]
    assert order == sorted(order)
    assert "甲第一 。" in _text(client.get("/p/L"))
    assert "看全部 14 家" in _text(client.get("/p/L"))


def test_few_units_stand_on_the_page_as_they_are(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = _load(load)
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    page = app.test_client().get("/p/L").text
    assert 'class="with-side" id="all"' in page
    assert "看全部" not in page


def test_a_search_leads_to_the_unit_and_lists_several(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(write_bundle(one_month({"甲": 90, "乙": 80, "丙": 70})))
    names = {"甲": "土建1标", "乙": "土建2标", "丙": "机电1标"}
    for unit in plain["units"]:
        unit["name"] = names[unit["code"]]
    competition = load(plain)
    close_period(competition, "M", "", organiser)
    publish_closed(competition, organiser)
    client = app.test_client()
    own = client.get("/p/L/periods/M?q=机电")
    assert own.status_code == 302
    assert own.location.endswith("/p/L/periods/M/units/%E4%B8%99")
    several = client.get("/p/L?q=土建").text
    listed = several[several.index('aria-label="找单位"') : several.index('class="leaders"')]
    assert re.findall(r">(\w+)</a>", listed) == ["土建1标", "土建2标"]
    assert "没有这个单位" in client.get("/p/L?q=房建").text
