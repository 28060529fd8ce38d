"""A labour competition made from nothing in the browser, changed by its workbook, then entered."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal

import msgspec
import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.bundle.labour_types import Indicator, Scoring
from compete.domain.values.kinds import ScoringType
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Unit, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.departments import departments_of
from compete.services.labour.entry import Writer, enter_cells
from compete.services.labour.rules import labour_rules
from compete.web.labour_words import scoring_words
from tests.services.labour.made_up import act, made_up
from tests.services.labour.test_rules import changed_book
from tests.support.signing_in import signed_in
from tests.web.organiser.competitions.test_new_competition import made, sent

MADE = {"name": "2026年六比六赛", "code": "SIX-2026", "year": "2026", "level": ""}
RULES = "/desk/SIX-2026/labour/rules"


def _upload(desk: FlaskClient, content: bytes, **typed: str) -> tuple[int, str]:
    answer = desk.post(RULES, data={"rules": (io.BytesIO(content), "规则.xlsx"), **typed})
    return answer.status_code, answer.text


def _change_by_two(app: Flask, desk: FlaskClient, competition: Competition, book: bytes) -> None:
    """What is asked for shows old beside new and nobody's gain; another agrees, then it shows."""
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER)
    other = signed_in(app, second)
    assert "要第二个人同意" in desk.get(RULES).text

    def change(it: openpyxl.Workbook) -> None:
        it["指标"]["F3"] = 5
        it["指标"]["D3"] = 12
        it["单位"].append(["二标", "土建"])

    heavier = changed_book(desk.get(f"{RULES}.xlsx").data, change)
    status, text = _upload(desk, heavier, starts="all")
    assert (status, "写明为什么改规则" in text) == (400, True)
    status, text = _upload(desk, heavier, reason="太松", starts="")
    assert (status, "选新规则从哪一期起" in text, ">太松<" in text) == (400, True, True)
    gone = changed_book(heavier, lambda it: it["指标"].__setitem__("M3", "2 月"))
    status, text = _upload(desk, gone, reason="去掉", starts="all")
    assert (status, "已经填了 1 格" in text) == (400, True)
    status, _text = _upload(desk, heavier, reason="太松", starts="all")
    assert status == 302
    page = f"{RULES}/changes/1"
    shown = desk.get(page).text
    for phrase in ("每处扣 5", "重新算分的数 1 个，1 家单位", "二标", "要另一个人来", "撤回"):
        assert phrase in shown
    assert "谁的得分" not in shown
    assert desk.post(f"{page}/agree").status_code == 409
    assert other.post(f"{page}/refuse", data={"reason": " "}).status_code == 400
    assert other.post(f"{page}/withdraw").status_code == 403
    assert _upload(desk, heavier, reason="又", starts="all")[0] == 409
    assert page in desk.get(RULES).text
    for who, phrase in ((desk, "现在能办的：周颖"), (other, ">去同意</a>")):
        home = who.get("/desk/SIX-2026/labour").text
        assert "改竞赛规则，等第二个人同意" in home
        assert (page in home, phrase in home) == (True, True)
    assert other.post(f"{page}/agree").status_code == 302
    shown = other.get(page).text
    for phrase in ("第 2 版规则", "已生效", "谁的得分"):
        assert phrase in shown
    assert desk.get(f"{RULES}/changes/2").status_code == 404
    status, text = _upload(desk, heavier, reason="又", starts="all")
    assert (status, "和现在的规则一样" in text) == (400, True)
    assert _upload(desk, book, reason="改回去", starts="from:M02")[0] == 302
    refused = other.post(f"{RULES}/changes/2/refuse", data={"reason": "年中不改"})
    assert refused.status_code == 302
    assert "年中不改" in desk.get(f"{RULES}/changes/2").text
    assert _upload(desk, book, reason="还是改回去", starts="from:M02")[0] == 302
    assert other.post(f"{RULES}/changes/3/agree").status_code == 302
    shown = desk.get(page).text
    assert "已被换下，现在是第 3 版" in shown
    assert "已生效" in desk.get(f"{RULES}/changes/3").text


def test_a_template_has_half_years_beside_months_and_quarters(app: Flask, here: Flask) -> None:
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    assert "按月、季度、半年" in desk.get("/desk/new?start=template").text
    made = desk.post("/desk/new/template", data=MADE | {"of": "labour:six-halves"})
    assert made.status_code == 302
    above = {
        period.code: period.part_of
        for period in labour_of(
            db.session.query(Competition).filter_by(kind="labour").one()
        ).periods
    }
    assert (above["M04"], above["Q2"], above["Q3"]) == ("Q2", "H1", "H2")
    assert (above["H1"], above["Y"], len(above)) == ("Y", None, 19)


def test_from_a_template_to_the_first_value(app: Flask, here: Flask, organiser: Account) -> None:
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    assert "六比六赛" in desk.get("/desk/new?start=template").text
    made = desk.post("/desk/new/template", data=MADE | {"of": "labour:six-inspected"})
    assert made.status_code == 302
    for page in ("labour", "labour/periods", "labour/late", "departments", "units"):
        answer = desk.get(f"/desk/SIX-2026/{page}", follow_redirects=True)
        assert answer.status_code == 200, page
    shown = desk.get(RULES).text
    for phrase in ("隐患和违章", "填 2，得 8.00", "安全部", "每组 1 面", "1 月到 12 月"):
        assert phrase in shown
    book = desk.get(f"{RULES}.xlsx").data

    status, text = _upload(desk, changed_book(book, lambda it: it["指标"].__setitem__("D3", "十")))
    assert (status, "D3" in text, "“十”不是数" in text) == (400, True, True)
    looped = changed_book(book, lambda it: it["期次"].__setitem__("C3", "1 月"))
    status, text = _upload(desk, looped)
    assert status == 400, "what the format refuses is refused here too"
    assert _upload(desk, b"no workbook")[0] == 400
    with_units = changed_book(
        book, lambda it: [it["单位"].append(row) for row in (["一标", "土建"], ["机一标", "机电"])]
    )
    status, text = _upload(desk, with_units)
    assert (status, "看一遍，还没存" in text, "机一标" in text) == (200, True, True)
    assert "土建" not in desk.get(RULES).text, "nothing is saved yet"
    assert desk.post(RULES, data={"looked_at": "{"}).status_code == 400
    hit = re.search(r'name="looked_at" value="([^"]*)"', text)
    assert hit is not None
    looked_at = html.unescape(hit[1])
    assert desk.post(RULES, data={"looked_at": looked_at}).status_code == 302
    assert "土建" in desk.get(RULES).text

    competition = db.session.scalars(select(Competition)).one()
    zhou = create_account("周茹")
    safety = departments_of(competition)[0]
    grant_role(zhou, competition, Role.RECORDER, department=safety)
    unit = db.session.scalars(select(Unit).order_by(Unit.id)).first()
    assert unit is not None
    done = enter_cells(
        Writer(competition, zhou, department=safety), "M01", [act(unit.code, "I01", "2")]
    )
    assert len(done.stored) == 1
    _change_by_two(app, desk, competition, book)
    # The next year begins from it.
    next_year = MADE | {
        "name": "2027年六比六赛",
        "code": "SIX-2027",
        "year": "2027",
        "of": "SIX-2026",
    }
    assert desk.post("/desk/new/edition", data=next_year).status_code == 302
    assert "机电" in desk.get("/desk/SIX-2027/labour/rules").text


def test_points_by_place_are_told_by_runs_where_many_are_alike(app: Flask) -> None:
    scoring = Scoring(type=ScoringType.RANK, points=tuple(map(Decimal, (40, 38, 30, 30, 30, 30))))
    indicator = Indicator(
        code="C", name="创新成果", heading="创新", max=Decimal(40), scoring=scoring
    )
    few = msgspec.structs.replace(scoring, points=tuple(map(Decimal, (40, 38, 38))))
    with app.test_request_context():
        assert "第 1 名 40、第 2 名 38、第 3–6 名 30，" in scoring_words(indicator)
        assert "得分：40、38、38，" in scoring_words(
            msgspec.structs.replace(indicator, scoring=few)
        )


def test_a_scheme_begins_the_same_competition_elsewhere(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """Rules, units, groups and departments; no values, no people, and what is odd is passed by."""
    contest = made_up(load, organiser)
    old = contest.competition
    desk = signed_in(app, organiser)
    scheme = f"/desk/{old.code}/scheme.json"
    assert scheme in desk.get(f"/desk/{old.code}/labour/rules").text
    file = desk.get(scheme)
    assert file.headers["Content-Disposition"].startswith("attachment")
    scheme_file = file.get_json()
    assert not scheme_file["labour"].get("values")
    assert "周茹" not in file.text
    answer = sent(desk, file.text)
    assert desk.post(answer.location, data={"name": "明年", "code": "NEXT"}).status_code == 302
    new, old = made("NEXT"), made(old.code)
    rules, before = labour_rules(new), labour_rules(old)
    assert (rules.departments, rules.units) == (before.departments, before.units)
    assert rules.departments == {"安全部": ("安全", "隐患"), "工程部": ("产值",)}
    assert (rules.labour.indicators, rules.labour.periods) == (
        before.labour.indicators,
        before.labour.periods,
    )
    again = desk.get("/desk/NEXT/scheme.json").get_json()
    assert again["labour"] == scheme_file["labour"]
    odd = [
        "安全部",
        {"name": 7, "indicators": ["安全"]},
        {"name": "安全部", "indicators": ["没有的"]},
        {"name": "质检部", "indicators": ["隐患", "没有的"]},
        {"name": "质检部", "indicators": ["产值"]},
        {"name": "二部", "indicators": ["隐患"]},
    ]
    scheme_file["labour"]["extra"]["departments"] = odd
    answer = sent(desk, json.dumps(scheme_file))
    assert desk.post(answer.location, data={"name": "又一年", "code": "ODD"}).status_code == 302
    assert labour_rules(made("ODD")).departments == {"质检部": ("隐患",)}
    assert list(check_rows(made("ODD").id)) == []
