"""Making a competition in the browser: four ways, and whom each is open to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.set_up import is_shut
from compete.web.organiser.competitions.new import views as proposing
from tests.support.evaluation import evaluation
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

FIELDS = {"name": "2026年小赛", "code": "X-2026", "starts": "2026-11-23", "ends": "", "year": ""}


def made(code: str) -> Competition:
    db.session.expire_all()
    return db.session.query(Competition).filter_by(code=code).one()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Another day for what is proposed; without one it is the first of June 2026."""

    def on(day: date) -> None:
        monkeypatch.setattr(proposing, "local_today", lambda: day)

    on(date(2026, 6, 1))
    return on


def test_without_an_earlier_edition_the_page_leads_to_the_templates(
    app: Flask, here: Flask
) -> None:
    page = (
        signed_in(app, create_account("管理员", is_admin=True)).get("/desk/new?start=edition").text
    )
    empty = page.partition("还没有办过的竞赛")[2]
    assert empty.partition('href="')[2].partition('"')[0].endswith("start=template")


@pytest.mark.parametrize(
    ("today_is", "had", "first_day", "proposed"),
    [
        # Still to come this year, today, gone by, and years ago.
        ("2026-06-01", 2025, "2025-09-15", ("2026-09-15", 2026)),
        ("2026-09-15", 2025, "2025-09-15", ("2026-09-15", 2026)),
        ("2026-11-24", 2025, "2025-09-15", ("2027-09-15", 2027)),
        ("2026-11-24", 2022, "2022-09-15", ("2027-09-15", 2027)),
        ("2027-01-01", 2022, "2022-09-15", ("2027-09-15", 2027)),
        # Held in the year after the one it is of: so is the next.
        ("2026-11-24", 2024, "2025-03-01", ("2027-03-01", 2026)),
        ("2027-03-02", 2024, "2025-03-01", ("2028-03-01", 2027)),
        # The edition of the year before is not made once more.
        ("2025-02-01", 2025, "2025-03-01", ("2026-03-01", 2026)),
        ("2026-11-24", 2024, "2024-02-29", ("2027-02-28", 2027)),
    ],
)
def test_no_day_is_proposed_that_has_gone_by(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    today: Callable[[date], None],
    today_is: str,
    had: int,
    first_day: str,
    proposed: tuple[str, int],
) -> None:
    load(small(all_marks(), competition={"starts": first_day, "year": had}))
    today(date.fromisoformat(today_is))
    page = signed_in(app, organiser).get("/desk/new?start=edition&of=X").text
    day, year = proposed
    for field, value in (("starts", day), ("year", year), ("code", f"X-{year}")):
        tag = re.search(rf'<input[^>]* name="{field}"[^>]*>', page)
        assert tag is not None
        assert f'value="{value}"' in tag[0]


def test_from_last_year_in_three_presses(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    today: Callable[[date], None],
) -> None:
    load(small(all_marks(), competition={"starts": "2025-09-15", "year": 2025}))
    desk = signed_in(app, organiser)
    assert 'href="/desk/new"' in desk.get("/desk/").text
    page = desk.get("/desk/new").text
    assert 'value="X-2026"' in page
    assert 'value="2026-09-15"' in page
    # What comes along is counted for the edition that is chosen.
    bundle = small()
    modules = [m for s in bundle["events"][0]["stages"] for m in s["modules"]]
    aspects = sum(len(module["aspects"]) for module in modules)
    assert f"{len(modules)} 个模块、{aspects} 个评分点" in page
    assert f"{len(bundle['units'])} 个单位，链接重新发" in page
    assert re.search(r"建一份草稿，带来 \d+ 项", page)
    answer = desk.post("/desk/new/edition", data=FIELDS | {"of": "X"}, follow_redirects=True)
    assert "建好了草稿" in answer.text
    assert "照“小赛”新建竞赛 X-2026" in answer.text
    draft = made("X-2026")
    assert draft.state is CompetitionState.REGISTERING
    assert draft.year == 2026
    page = desk.get("/desk/X-2026/set-up?part=entry")
    assert "去年的，没看过" in page.text
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    sent = {"part": "entry", "event": "", "seen": seen[1]}
    kept = desk.post("/desk/X-2026/set-up/keep", data=sent, follow_redirects=True)
    assert "报名要求照旧，记下了" in kept.text
    assert "照旧，看过了" in kept.text
    assert "看过报名要求，照旧" in desk.get("/desk/X-2026/").text
    refused = desk.post("/desk/X-2026/set-up/open")
    assert refused.status_code == 409
    assert "补齐了才能开放报名" in refused.text
    again = desk.post("/desk/new/edition", data=FIELDS | {"of": "X", "name": "又一个"})
    assert again.status_code == 409
    assert "已经有编号为“X-2026”的竞赛" in again.text
    assert 'value="又一个"' in again.text


def test_another_edition_is_chosen_later(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    today: Callable[[date], None],
) -> None:
    load(small())
    desk = signed_in(app, organiser)
    assert desk.post("/desk/new/blank", data=FIELDS | {"level": "enterprise"}).status_code == 302
    assert desk.post("/desk/X-2026/set-up/edition", data={"of": "none"}).status_code == 400
    answer = desk.post("/desk/X-2026/set-up/edition", data={"of": "X"}, follow_redirects=True)
    assert "还什么都没带过来" in answer.text


def test_another_year_wants_another_name(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    name = "2022年第十二届小赛"
    bundle = small(all_marks(), competition={"starts": "2022-09-15", "year": 2022})
    bundle["competition"]["name"] = name
    load(bundle)
    desk = signed_in(app, organiser)
    # A first day in another year: number, year and code go with it.
    page = desk.get("/desk/new?start=edition&of=X&starts=2027-05-06").text
    for proposed in ("2027年第十三届小赛", "2027-05-06", "X-2027"):
        assert f'value="{proposed}"' in page
    assert "两届隔了 5 年，届数只加了一，是第 13 届" in page
    assert desk.get("/desk/new?start=edition&of=X&starts=x").status_code == 200
    # Sent with the old name and year, nothing is made before somebody has looked.
    sent = FIELDS | {"of": "X", "name": name, "year": "2022", "code": "Y"}
    asked = desk.post("/desk/new/edition", data=sent)
    assert asked.status_code == 409
    for sentence in ("和原来那一届同名", "年度写的是 2022，2026 年才开始", "2026年第十三届小赛"):
        assert sentence in asked.text
    assert db.session.query(Competition).count() == 1
    sure = re.search(r'name="sure" value="([^"]+)"', asked.text)
    assert sure is not None
    other = desk.post("/desk/new/edition", data=sent | {"sure": sure[1], "year": "2023"})
    assert other.status_code == 409
    assert desk.post("/desk/new/edition", data=sent | {"sure": sure[1]}).status_code == 302
    assert (made("Y").name, made("Y").year) == (name, 2022)
    fitting = desk.post("/desk/new/edition", data=sent | {"code": "Z", "fits": ""})
    assert fitting.status_code == 302
    assert (made("Z").name, made("Z").year) == ("2026年第十三届小赛", 2026)


def test_from_a_template_and_from_nothing(app: Flask, here: Flask) -> None:
    desk = signed_in(app, create_account("管理员", is_admin=True))
    templates = desk.get("/desk/new").text
    assert "从模板" in templates
    assert "（实践操作 60% 理论考试 20% 体能测试 20%）" in templates
    chosen = desk.get("/desk/new?start=template&of=port-forklift").text
    assert re.search(r'value="port-forklift"[^>]* checked', chosen)
    assert "个模块" in desk.get("/desk/new?start=template&of=none").text
    first = re.search(r'value="(labour:[^"]*)"', templates + chosen)
    assert first is not None
    assert "项指标，连同打分部门" in desk.get(f"/desk/new?start=template&of={first[1]}").text
    wanted = FIELDS | {"of": "port-forklift", "level": "enterprise"}
    answer = desk.post("/desk/new/template", data=wanted)
    assert answer.status_code == 302
    assert [event.code for event in made("X-2026").events] != []
    assert made("X-2026").level == "enterprise"
    assert desk.post("/desk/new/template", data=wanted | {"code": "T", "level": ""}).location
    assert made("T").level == "provincial-2"
    nothing = FIELDS | {"code": "B-2026", "level": "municipal"}
    answer = desk.post("/desk/new/blank", data=nothing, follow_redirects=True)
    assert answer.status_code == 200
    assert (made("B-2026").level, made("B-2026").events) == ("municipal", [])
    for wrong in ({"name": " "}, {"code": "a b"}, {"ends": "2026-01-01"}, {"starts": "昨天"}):
        refused = desk.post("/desk/new/blank", data=nothing | {"code": "C-1"} | wrong)
        assert refused.status_code == 400, wrong
        assert "field-error" in refused.text
        assert '<option selected value="municipal">' in refused.text
    many = {"code": "a b", "starts": "2026-09-02", "ends": "2026-09-01"}
    refused = desk.post("/desk/new/blank", data=nothing | many)
    assert refused.status_code == 400
    for sentence in ("编号只用字母", "结束日期早于开始日期"):
        assert sentence in refused.text
    many = {"code": "b-2026", "starts": "昨天", "level": "none"}
    refused = desk.post("/desk/new/blank", data=nothing | many)
    assert (refused.status_code, "编号为“B-2026”" in refused.text) == (400, True)


def sent(desk: FlaskClient, text: str, name: str = "a.json"):  # type: ignore[no-untyped-def]
    return desk.post("/desk/new/file", data={"bundle": (BytesIO(text.encode()), name)})


def test_a_file_is_looked_at_and_then_written(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    desk = signed_in(app, organiser)
    answer = sent(desk, json.dumps(small(all_marks())))
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    assert "赵启明" in page
    assert "<b>28</b>" in page
    # Its code is taken: said beside the field, and another may be written there.
    refused = desk.post(answer.location, data={"name": "新的", "code": "X"})
    assert refused.status_code == 409
    assert "已经有编号为“X”的竞赛" in refused.text
    stranger = signed_in(app, create_account("别人", is_admin=True))
    assert stranger.get(answer.location).status_code == 410
    desk = signed_in(app, organiser)
    done = desk.post(answer.location, data={"name": "新的", "code": "Y"}, follow_redirects=True)
    assert "从文件 a.json 新建竞赛 Y" in done.text
    assert "建好了草稿" not in done.text
    assert "建好了，正在报名：单位的链接发了就能用" in done.text
    assert made("Y").state is CompetitionState.REGISTERING
    # It brought its people.
    assert not is_shut(made("Y"))
    assert desk.get(answer.location).status_code == 410


def test_an_evaluation_is_taken_in_from_its_file(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    desk = signed_in(app, organiser)
    answer = sent(desk, json.dumps(evaluation()))
    assert answer.status_code == 302
    page = desk.get(answer.location).text
    assert evaluation()["competition"]["name"] in page
