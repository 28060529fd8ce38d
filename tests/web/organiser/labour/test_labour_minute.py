"""A year in a minute: one sentence of facts, flags, who moved and why, vetoes and yellow cards."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

from flask import Flask
from playwright.sync_api import expect
from pypdf import PdfReader

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.labour.closing import close_period, publish_closed
from tests.domain.labour.build import indicator, labour_bundle, value
from tests.support.application import serving
from tests.support.browser import Visitor
from tests.support.signing_in import signed_in

QUARTERS = ("一季度", "二季度", "三季度", "四季度")
TOTALS = {
    "甲": (95, 96, 97, 98),
    "乙": (94, 93, 70, 72),
    "丙": (80, 81, 95, 96),
    "丁": (85, 85, 85, 85),
}
"""Of 100 in each quarter, and 10 more in the fourth, when 创新 is asked too."""


def _year() -> dict[str, Any]:
    periods = [
        {"code": "Y", "name": "全年"},
        *({"code": name, "name": name, "part_of": "Y"} for name in QUARTERS),
    ]
    bundle = labour_bundle(
        "甲乙丙丁",
        periods=periods,
        indicators=[indicator("安全"), indicator("创新", 10, periods=["四季度"])],
        values=[
            *(
                value(unit, quarter, "安全", points)
                for unit, totals in TOTALS.items()
                for quarter, points in zip(QUARTERS, totals, strict=True)
            ),
            *(value(unit, "四季度", "创新", 2) for unit in TOTALS),
        ],
        groups={"甲": "土建", "乙": "土建", "丙": "土建", "丁": "机电"},
        flags={"count": 1, "min": 90, "periods": list(QUARTERS)},
        warn_below=75,
        vetoes=[{"unit": "丙", "period": "三季度", "reason": "脚手架坍塌"}],
    )
    plain: dict[str, Any] = json.loads(write_bundle(bundle))
    return plain


def _published_year(load: Callable[..., Competition], organiser: Account) -> None:
    competition = load(_year())
    for period in (*QUARTERS, "Y"):
        close_period(competition, period, "", organiser)
    publish_closed(competition, organiser)


def _text(answer: str) -> str:
    main = answer[answer.index("<main") : answer.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_the_year_is_said_in_one_sentence_and_each_move_by_what_made_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    _published_year(load, organiser)
    desk = _text(signed_in(app, organiser).get("/desk/L/labour?period=Y").text)
    public = app.test_client().get("/p/L").text
    for page in (desk, _text(public)):
        assert "甲拿了 4 面旗 ； 机电没有一家够 90 分得旗 ； 丙一票否决，不评优 。" in page, page
        assert "空缺 最高 85" in page
        assert "乙 降 1 名 安全 两段各 100 分 93.5% → 71%" in page
        assert "丙 升 1 名 安全 两段各 100 分 80.5% → 95.5%" in page
        assert "创新" not in page[page.index("升得最多") : page.index("一票否决 1")]
        assert "一票否决 1，黄牌 2" in page
        assert "乙 三季度 70.00，不到 75" in page
        assert "四季度 110，别的 100" in page
    assert "丙 三季度：脚手架坍塌 三季度、全年不评优" in desk
    # On a phone the first screen has the sentence and the groups: downloads are one menu.
    head = public[public.index("<main") : public.index("minute-sentence")]
    assert len(re.findall(r'class="button', head)) <= 2


def test_a_quarter_that_is_open_has_no_flag_vacant(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(_year())
    close_period(competition, "一季度", "", organiser)
    page = _text(signed_in(app, organiser).get("/desk/L/labour?period=Y").text)
    assert "空缺 最高 85 待定" in page


def test_the_year_is_printed_on_one_sheet_on_its_side(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    visitor: Callable[..., Visitor],
) -> None:
    _published_year(load, organiser)
    with serving(app) as address:
        page = visitor("desk").page()
        page.goto(f"{address}/p/L")
        expect(page.get_by_role("button", name="印这一页")).to_have_count(1)
        sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    width, height = sheets[0].mediabox[2:]
    assert (len(sheets), width > height) == (1, True)
    # What a font draws alike comes out as either sign.
    text = unicodedata.normalize("NFKC", sheets[0].extract_text())
    assert "每月平均得分率" in text
    assert "竞赛文件核对词" not in text
