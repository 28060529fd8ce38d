"""A module's marking scheme as a workbook: handed out, sent back, looked at, put into the form."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.models import Account, Competition, db
from compete.services.kernel.event_rules import rules_of
from tests.domain.scoring.build import aspect, event, module, panel, stage
from tests.sheets.schemes.test_schemes import HEAD, modules_of_four, sheet_of
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.web.organiser.rules.test_event_pages import fields

M = "stages[0].modules[0]"


def of_every_type() -> dict[str, Any]:
    """A competition whose first module has an aspect of each type, with all that an aspect says."""
    rows = [
        aspect("a1", full=10, kind="score", step="0.5", name="打分", standard="第 1 节"),
        aspect("a2", full=10, kind="judgement", scale=4, name="分档", criterion="操作"),
        aspect("a3", full=10, kind="judgement", name="四档", criterion="操作"),
        aspect("a4", full=10, kind="deduction", points="2.5", name="计错", criterion="操作"),
        aspect("a5", full=10, kind="checklist", checks=["帽", "鞋"], name="清单", factor="2"),
        aspect("a6", full=10, kind="measurement", name="合格"),
        aspect("a7", full=10, kind="measurement", name="偏差"),
        aspect("a8", full=10, kind="time", full_at=60, zero_at="160.5", name="用时"),
        aspect("a9", full=10, kind="relative", better="higher", name="最多"),
    ]
    rows[2]["extra"] = {"descriptors": ["差", "中", "良", "优"], "hint": "看货\n看人"}
    rows[3]["extra"] = {"unit": "次", "most": 20, "hint": "一次记一次"}
    rows[6]["bands"] = [{"within": "1", "marks": "10"}, {"within": "2.5", "marks": "4"}]
    plain = small()
    plain["events"] = [event(stage(module("m", rows, panel=panel(1), name="实操")))]
    plain["entrants"] = []
    return plain


def send(
    desk: FlaskClient, place: str, form: dict[str, str], act: str, data: bytes
) -> TestResponse:
    file = {f"{act.partition(':')[2]}.scheme": (io.BytesIO(data), "方案.xlsx")} if data else {}
    return desk.post(place, data=form | {"act": act} | file, content_type="multipart/form-data")


def test_out_in_and_saved_is_the_same_and_other_modules_take_it(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(of_every_type())
    (the_event,) = competition.events
    before = rules_of(the_event).stages[0].modules[0].aspects
    desk = signed_in(app, organiser)
    place = f"/desk/X/events/rules?event={the_event.code}"
    page = desk.get(place).text
    links = [html.unescape(it) for it in re.findall(r'href="([^"]*scheme\.xlsx[^"]*)"', page)]
    assert len(links) == 2
    for link in links:
        data = desk.get(link).data
        looked = send(desk, place, fields(page), f"scheme:{M}", data)
        assert looked.status_code == 200
        assert looked.text.count("原有的") == 9
        assert "要改" not in looked.text
        assert "会去掉" not in looked.text
        taken = desk.post(place, data=fields(looked.text) | {"act": f"take:{M}"})
        assert "换成了表里的 9 行，还没存" in taken.text
        saved = desk.post(place, data=fields(taken.text), follow_redirects=True)
        assert "和原来一样，没有要存的" in saved.text
    # As a new module nothing but what no sheet says is lost: codes, `most`, levels without words.
    data = desk.get(links[1]).data
    more = desk.post(place, data=fields(page) | {"act": "more:stages[0].modules"}).text
    new = {"stages[0].modules[1].name": "加试", "stages[0].modules[1].weight": "0"}
    form = fields(more) | new | {"stages[0].modules[1].full": "100"}
    looked = send(desk, place, form, "scheme:stages[0].modules[1]", data)
    assert "每一档写一行" in looked.text
    taken = desk.post(place, data=fields(looked.text) | {"act": "take:stages[0].modules[1]"})
    form = fields(taken.text) | {"stages[0].modules[1].aspects[1].levels": "零\n一\n二\n三\n四"}
    assert "现在是第 2 版" in desk.post(place, data=form, follow_redirects=True).text
    db.session.expire_all()
    after = rules_of(the_event).stages[0].modules[1].aspects
    for old, now in zip(before, after, strict=True):
        extra = {key: it for key, it in (old.extra or {}).items() if key != "most"}
        if old.name == "分档":
            extra["descriptors"] = ["零", "一", "二", "三", "四"]
        for key in ("name", "criterion", "type", "max", "factor", "standard", "step", "scale"):
            assert getattr(now, key) == getattr(old, key), (old.name, key)
        for key in ("bands", "checks", "points", "full_at", "zero_at", "better"):
            assert getattr(now, key) == getattr(old, key), (old.name, key)
        assert (now.extra or {}) == extra


def test_wrong_rows_are_named_and_nothing_typed_is_lost(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(of_every_type())
    desk = signed_in(app, organiser)
    place = f"/desk/X/events/rules?event={competition.events[0].code}"
    form = fields(desk.get(place).text) | {"name": "改了名"}
    for data, why in (
        (b"", "还没选文件"),
        (b"%PDF", "这是 PDF"),
        (sheet_of([["甲"]]), "没有找到表头"),
    ):
        refused = send(desk, place, form, f"scheme:{M}", data)
        assert (refused.status_code, why in refused.text) == (400, True), why
        assert 'value="改了名"' in refused.text
    rows = [["项目", "考核要点", "配分", "评分标准"], ["操作", "计错", 40, None]]
    rows += [["操作", "新的", "很多", "看"], [None, "四档", 58, "分 1 档\n0 差"]]
    looked = send(desk, place, form, f"scheme:{M}", sheet_of(rows))
    scheme_text = re.sub(r"<[^>]*>", "", looked.text.split('id="scheme"')[1].split("</section>")[0])
    assert "第 3 行 C3：“很多”不是数" in scheme_text
    assert "第 4 行 “评分标准”列：每一档写一行" in scheme_text
    assert "没写怎么给分，照原来的" in scheme_text
    assert "会去掉的评分点：打分" in scheme_text
    # The whole form goes with the file, however many rows it has.
    long = {f"awards[{n}].name": "" for n in range(1500)}
    assert send(desk, place, form | long, f"scheme:{M}", sheet_of(rows)).status_code == 200
    rows[2][2] = 0
    looked = send(desk, place, form, f"scheme:{M}", sheet_of(rows))
    assert "配分加起来是 98，模块“实操”满分 100" in looked.text
    left = desk.post(place, data=fields(looked.text) | {"act": f"leave:{M}"})
    assert 'id="scheme"' not in left.text
    of_the_page = {"csrf_token": "", "once": ""}
    assert fields(left.text) | of_the_page == form | of_the_page
    gone = desk.post(place, data=fields(looked.text) | {"act": f"take:{M}"})
    assert (gone.status_code, 'value="改了名"' in gone.text) == (410, True)
    bad = desk.post(place, data=form | {"act": "scheme:stages[7].modules[0]"})
    assert bad.status_code == 400
    address = f"/desk/X/events/scheme.xlsx?event={quote(competition.events[0].code)}"
    for query in ("", "&stage=s&module=none", "&stage=s&module=m&form=other"):
        assert desk.get(address + query).status_code == 404, query
    for who, status in (("chief", 404), ("judge", 404)):
        assert visitor(app, who, competition).get(place).status_code == status, who


def test_a_workbook_of_several_modules_goes_into_the_form_as_those_that_are_chosen(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(of_every_type())
    (the_event,) = competition.events
    desk = signed_in(app, organiser)
    place = f"/desk/X/events/rules?event={the_event.code}"
    form = fields(desk.get(place).text)
    data = modules_of_four(实操=[HEAD, ["操作", "打分", 60], ["操作", "计错", 40]])
    looked = send(desk, place, form, f"scheme:{M}", data)
    scheme_text = looked.text.split('id="scheme"')[1].split("</section>")[0]
    assert scheme_text.count("新的模块，满分 25") == 4
    assert "“实操”：核对评分标准" in scheme_text
    assert scheme_text.count('name="sheet"') == 5
    unchecked = {key: it for key, it in fields(looked.text).items() if key != "sheet"}
    none = desk.post(place, data=unchecked | {"act": f"take:{M}"})
    assert (none.status_code, "一页也没勾，没有放进表单" in none.text) == (400, True)
    chosen = {"sheet": ["模块2", "实操"], "act": f"take:{M}"}
    taken = desk.post(place, data=fields(looked.text) | chosen)
    assert "“模块2、实操”的评分点换成了表里的 4 行，还没存" in taken.text
    now = fields(taken.text)
    assert now["stages[0].modules[0].aspects[1].name"] == "计错"
    assert now["stages[0].modules[1].name"] == "模块2"
    assert (now["stages[0].modules[1].full"], now["stages[0].modules[1].weight"]) == ("25", "25")
    assert now["stages[0].modules[1].aspects[0].name"] == "装车2"
    assert "stages[0].modules[2].name" not in now
    # Where no sheet is called as the module, the first is this one.
    looked = send(desk, place, form, f"scheme:{M}", modules_of_four())
    chosen["sheet"] = ["模块1", "模块2", "模块3", "模块4"]
    now = fields(desk.post(place, data=fields(looked.text) | chosen).text)
    assert [now[f"stages[0].modules[{n}].name"] for n in range(4)] == chosen["sheet"]
