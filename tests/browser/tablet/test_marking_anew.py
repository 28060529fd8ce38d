"""A panel too far apart: everybody sees it, marks anew with nothing chosen, both rounds stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Act, db
from compete.services.judging.disputes import rule_dispute, send_panel_back
from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import desk_work, forklift
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.tablet import Tablet
from tests.support.axe import violations
from tests.support.browser import each_look

VALUES = {"hit": "2", "fall": "0", "spill": "0", "safe": "0", "smooth": "3", "stack": "14"}


def given(hall: Hall, name: str, values: dict[str, Any]) -> None:
    """What stands on a sheet already."""
    hall.stored += [
        {"uuid": f"{name}-{key}", "sheet": name, "kind": "mark", "aspect": key, "value": value}
        for key, value in values.items()
    ]


def returned(hall: Hall, *aspects: str) -> None:
    """K-27 came back: these aspects are to be marked anew."""
    full = VALUES | {"time": "480"}
    given(hall, "k27", {key: value for key, value in full.items() if key not in aspects})
    hall.sheets["k27"] |= {
        "state": "returned",
        "version": 20,
        "returned_reason": "操作平稳差两档，商量一下",
        "previous": {key: full[key] for key in aspects},
        "remark": {
            "limit": "1",
            "aspects": list(aspects),
            "total": None,
        },
    }


def test_the_round_before_is_dashed_and_nothing_is_chosen(tablet: Tablet, hall: Hall) -> None:
    returned(hall, "smooth")
    tablet.open_sheet()
    talk = tablet.part("talks")
    expect(talk).to_contain_text("组里分差超限，操作平稳请重评")
    expect(talk).to_contain_text("最多差 1 档")
    # The control is in sight, and who marks anew is not led by what others gave.
    expect(tablet.aspect("smooth").locator(".ladder-cell").first).to_be_in_viewport()
    expect(tablet.part("talks").locator(".card")).to_have_count(1)
    cells = tablet.aspect("smooth").locator(".ladder-cell")
    expect(cells.nth(3)).to_have_class(re.compile("before"))
    expect(cells.nth(3).locator("[data-part=last]")).to_have_text("上轮")
    expect(cells.nth(1).locator("[data-part=last]")).to_be_hidden()
    for place in range(4):
        expect(cells.nth(place)).to_have_attribute("aria-checked", "false")
    # All else is folded away and stays as it was.
    expect(tablet.page.locator(".tile:visible")).to_have_count(6)
    expect(tablet.part("state").last).to_have_text("还有 1 项没评")
    tablet.level("smooth", 2)
    expect(tablet.part("submit")).to_be_visible()
    tablet.part("submit").click()
    tablet.answer()
    hall.until(lambda: hall.sheets["k27"]["state"] == "submitted")
    assert hall.values("k27")["smooth"] == "2"
    expect(talk).to_be_hidden()


def test_sums_apart_say_what_oneself_gave_and_that_a_tile_opens(tablet: Tablet, hall: Hall) -> None:
    returned(hall)
    hall.sheets["k27"]["remark"] |= {"limit": "5", "total": "81.00"}
    tablet.open_sheet()
    talk = tablet.part("talks")
    expect(talk).to_contain_text("组里的总分差得太多，请再看一遍")
    expect(talk).to_contain_text("最多差 5 分。你的总分是 81.00")
    expect(talk).to_contain_text("点开那一格")
    expect(tablet.part("returnedhow")).to_be_hidden()
    expect(tablet.page.locator(".tile:visible")).to_have_count(7)
    tablet.page.locator(".tile:visible", has_text="操作平稳").click()
    tablet.level("smooth", 2)
    tablet.part("submit").click()
    tablet.answer()
    hall.until(lambda: hall.sheets["k27"]["state"] == "submitted")
    expect(talk).to_be_hidden()


def test_a_sheet_sent_back_alone_says_that_a_tile_opens(tablet: Tablet, hall: Hall) -> None:
    given(hall, "k27", VALUES | {"time": "480"})
    hall.sheets["k27"] |= {"state": "returned", "version": 20, "returned_reason": "堆码再量一次"}
    tablet.open_sheet()
    expect(tablet.part("returned").last).to_contain_text("退回：堆码再量一次")
    expect(tablet.part("returnedhow")).to_have_text("要改哪一项，点开那一格；看完再提交。")


def test_no_fault_has_to_be_said_where_faults_are_counted_anew(tablet: Tablet, hall: Hall) -> None:
    returned(hall, "hit")
    tablet.open_sheet()
    expect(tablet.part("talks")).to_contain_text("最多差 1 分")
    control = tablet.aspect("hit")
    expect(control.locator("[data-part=count]")).to_have_text("—")
    expect(control.locator("[data-part=before]")).to_have_text("上轮 2 次")
    expect(tablet.part("submit")).to_be_hidden()
    control.get_by_text("0 次").last.click()
    expect(tablet.part("submit")).to_be_visible()
    hall.until(lambda: hall.values("k27").get("hit") == "0")


def test_every_kind_of_control_shows_the_round_before(tablet: Tablet, hall: Hall) -> None:
    hall.sheets["k33"] |= {
        "state": "returned",
        "version": 9,
        "previous": {"plan": "17.5", "tools": False, "result": "60"},
    }
    tablet.open_sheet("k33")
    for code, words in (("plan", "上轮 17.5"), ("tools", "上轮 不合格"), ("result", "上轮 60")):
        expect(tablet.aspect(code).locator("[data-part=before]")).to_have_text(words)
    no = tablet.aspect("tools").locator("[data-part=no]")
    expect(no).to_have_class(re.compile("before"))
    expect(no).to_have_attribute("aria-pressed", "false")
    returned(hall, "time", "stack")
    tablet.open_sheet()
    expect(tablet.aspect("time").locator("[data-part=before]")).to_have_text("上轮 08:00.0")
    expect(tablet.aspect("stack").locator("[data-part=before]")).to_have_text("上轮 14 毫米")


def test_while_the_chief_decides_the_panel_sees_all_marks(tablet: Tablet, hall: Hall) -> None:
    given(hall, "k27", VALUES | {"time": "480"})
    hall.sheets["k27"] |= {"state": "submitted", "version": 20}
    tablet.open_sheet()
    expect(tablet.part("talks")).to_be_hidden()
    marks = [
        {"judge": "03", "name": "许静", "mine": True, "values": {"smooth": "3"}},
        {"judge": "06", "name": "邵建华", "mine": False, "values": {"smooth": "1"}},
    ]
    hall.sheets["k27"] |= {
        "panel": {"size": 2, "submitted": 2, "revealed": True, "marks": marks},
        "dispute": {
            "aspect": "smooth",
            "name": "操作平稳",
            "limit": "1",
            "values": {"03": "3", "06": "1"},
            "descriptors": forklift()[4]["descriptors"],
            "also": ["堆码偏差"],
        },
    }
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    talk = tablet.part("talks")
    expect(talk).to_contain_text("组里分差超限：操作平稳")
    expect(talk).to_contain_text("还有 堆码偏差。等裁判长通知重评或者裁定，先不用动。")
    expect(talk.locator(".given")).to_have_text(["1有急停，货物轻微晃动06", re.compile("3.*你$")])


def test_marking_anew_against_the_whole_application(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    with app.app_context():
        hall.panel.fill_panel("3", "1", "1")
    tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
    expect(tablet.part("talks")).to_contain_text("组里分差超限：操作平稳")
    expect(tablet.part("talks")).to_contain_text("J1 评 3 档，J2 评 1 档，J3 评 1 档")
    with app.app_context():
        chief = hall.panel.account("C1")
        send_panel_back(hall.panel.sheet("J1"), ["smooth"], "商量一下", chief)
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(tablet.part("talks")).to_contain_text("操作平稳请重评")
    expect(tablet.part("talks")).not_to_contain_text("J2")
    tablet.page.locator(".ladder-cell").nth(2).click()
    tablet.part("submit").click()
    tablet.page.locator("dialog [data-part=yes]").click()
    expect(tablet.part("talks")).to_be_hidden()
    expect(tablet.part("chip-words")).to_contain_text("都已上传")
    with app.app_context():
        sheet = hall.panel.sheet("J1")
        rows = db.session.query(Act).filter_by(sheet_id=sheet.id, aspect="smooth").order_by(Act.id)
        assert [(row.kind, str(row.value)) for row in rows] == [
            ("mark", "3"),
            ("recall", "None"),
            ("mark", "2"),
        ]


def test_a_ruling_never_looks_like_the_judges_own_value(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = RealHall(app, live_url, visitor)
    with app.app_context():
        hall.panel.fill_panel("3", "1", "1")
        chief = hall.panel.account("C1")
        rule_dispute(hall.panel.sheet("J1"), {"smooth": "2"}, "录像里有一次急停", chief)
    tablet = hall.tablet("J1").go(f"/judge/sheets/{hall.sheet_id('J1')}")
    talk = tablet.part("talks")
    expect(talk).to_contain_text("裁判长裁定：操作平稳 2 档")
    expect(talk).to_contain_text("你评的是 3 档。理由：录像里有一次急停")
    tablet.go("/judge/sign")
    expect(tablet.page.locator(".sign-row .ruled")).to_have_text(
        "裁判长裁定：操作平稳 2 档，你评的是 3 档，理由：录像里有一次急停"
    )


@each_look
def test_marking_anew_is_sound(
    visitor: Callable[..., Any],
    hall: Hall,
    picture: Callable[..., Any],
    theme: str,
    size: tuple[int, int],
) -> None:
    hall.theme = theme
    returned(hall, "smooth", "hit")
    hall.add_sheet(
        {
            "id": "k34",
            "code": "K-34",
            "aspects": desk_work(),
            "state": "returned",
            "previous": {"plan": "17.5", "tools": False},
        }
    )
    page = visitor("tablet", viewport={"width": size[0], "height": size[1]}).page()
    tablet = Tablet(page, hall)
    for name in ("k27", "k34"):
        tablet.open_sheet(name)
        picture(page, f"judge-anew-{name}-{size[0]}-{theme}", full_page=False)
        assert violations(page) == []
