"""A labour competition has its ranking and its people, and says what pages it has not."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import compete
from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period, publish_closed
from compete.services.scoring.live_labour import labour_live
from tests.documents.reading import pages
from tests.domain.labour.build import one_month
from tests.services.labour.made_up import act, everything, made_up
from tests.services.labour.test_rules import changed_book
from tests.support.signing_in import signed_in

_SAMPLE = Path(compete.__file__).parents[1] / "sample_events" / "key-projects-labour"


@pytest.fixture
def desk(app: Flask, load: Callable[..., Competition], organiser: Account) -> FlaskClient:
    load(json.loads((_SAMPLE / "bundle.json").read_text()))
    return signed_in(app, organiser)


_OF_SKILLS = (
    "awards",
    "certificates/body",
    "recheck",
    "entrants",
    "entrants/upload",
    "entrants/workbook.xlsx",
    "judges?people=1",
    "paper",
    "handover",
    "coding",
    "decisions",
    "recusals",
    "standings.xlsx",
    "publish",
    "lock",
)


def _text(answer: TestResponse) -> str:
    """A page's words without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def _a_unit_is_told_where_its_points_come_from_and_what_moved_it(desk: FlaskClient) -> None:
    standings = _text(desk.get("/desk/LB-2022/labour?period=Q3"))
    assert "降得最多 比二季度 土建27标" in standings
    assert "一季度 土建04标 二季度 土建54标 三季度 土建04标 四季度 土建20标" in standings
    assert "同分怎么排：土建19标、土建45标都是 87.52" in standings
    # What nobody was given in a period decides nothing there, and no 0 is written for it.
    inspected = _text(desk.get("/desk/LB-2022/labour?period=Q1-I"))
    assert "都是 100.00，名次相同" in inspected
    assert "履约检查得分率（%）平均" in inspected
    assert "隐患和违章平均" not in inspected
    page = _text(desk.get("/desk/LB-2022/labour/units/S027?period=Q3"))
    assert "83.76 第 42 名，土建 58 家里 降 20" in page
    for words in (
        "比二季度，得分率 89.9% → 83.8%",
        "隐患和违章 86.7% → 73.3% −2.8%",
        "离流动红旗还差 13.79 分",
        "三季度：第 42 名，总分 83.76",
        "在 土建56标 之后：总分 83.81 > 83.76",
        "7 月：第",
    ):
        assert words in page
    assert "10 月" not in page
    late = _text(desk.get("/desk/LB-2022/labour/units/S055?period=M01"))
    assert "还没有总分 没有参加" in late
    assert "缺 " not in late
    january = desk.get("/desk/LB-2022/labour?period=M01").text
    assert 'aria-current="page">1 月</a>' in january
    assert re.search(
        r'<div class="table-wrap"><table class="table tied"><thead><tr>[^\n]*比什么', january
    )
    for wrong in ("units/S999", "units/S027?period=X", "bulletin.pdf?period=X"):
        assert desk.get(f"/desk/LB-2022/labour/{wrong}").status_code == 404, wrong


def _every_figure_of_the_bulletin_can_be_worked_out_again(desk: FlaskClient) -> None:
    bundle = read_bundle((_SAMPLE / "bundle.json").read_bytes())
    labour = score(bundle).labour
    assert labour is not None
    rows = {period.code: period.standings for period in labour.periods}
    names = {unit.code: unit.name for unit in bundle.units}
    printed = "".join(pages(desk.get("/desk/LB-2022/labour/bulletin.pdf?period=Q3").data))
    there = [Decimal(row.total) for row in rows["Q3"] if row.total]
    mean = (sum(there, Decimal(0)) / len(there)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert f"全体平均{mean}；比二季度，" in printed
    warned, vetoed = (
        sum(getattr(row, kind) for row in rows["Q3"]) for kind in ("warned", "vetoed")
    )
    assert f"一票否决{vetoed}家，黄牌{warned}家" in printed
    year = "".join(pages(desk.get("/desk/LB-2022/labour/bulletin.pdf?period=Y2022").data))
    assert "2家有的期次没有数据" in year
    assert "各项都填齐了" not in year
    assert "补填" not in year
    journey = year[year.index("三、流动红旗") : year.index("四、要做的")]
    for group in sorted({row.group for row in rows["Q1"] if row.group}):
        for quarter, name in zip(("Q1", "Q2", "Q3", "Q4"), "一二三四", strict=True):
            (flag, *_others) = [
                f"还没结账，现在是{names[row.unit]}{row.total}"
                for row in rows[quarter]
                if row.group == group and row.flag
            ] or ["还没结账—"]
            assert f"{group}{name}季度{flag}" in journey, (group, quarter)
    for row in rows["Q3"]:
        barred = "（一票否决，不评优）" if row.vetoed else ""
        assert f"{names[row.unit]}{barred}{row.total}" in printed or row.rank > 3, row
    whole = printed[printed.index("附：") :]
    extra = bundle.labour.extra if bundle.labour is not None else None
    heads: dict[str, int] = {}
    for report in (extra or {})["head_counts"]:
        if report["period"] <= "M09":
            heads[report["unit"]] = report["people"]
    silent = len(rows["Q3"]) - len(heads)
    assert silent == 2
    assert f"上报{sum(heads.values()):,}人（{silent}家没报）" in printed
    inner = {(row.unit, part): row.total for part in ("Q3-M", "Q3-I") for row in rows[part]}
    for row in rows["Q3"]:
        parts = "".join(inner[row.unit, part] or "—" for part in ("Q3-M", "Q3-I"))
        people = heads.get(row.unit, "—")
        assert f"{row.rank}{names[row.unit]}{people}{parts}{row.total}" in whole, row


def _it_has_its_own_pages_and_says_that_it_has_no_others(desk: FlaskClient) -> None:
    for page in ("", "labour", "labour.xlsx", "accounts"):
        assert desk.get(f"/desk/LB-2022/{page}", follow_redirects=True).status_code == 200, page
    for page in _OF_SKILLS:
        answer = desk.get(f"/desk/LB-2022/{page}")
        assert answer.status_code == 404, page
        assert "劳动竞赛没有这一页" in answer.text
    for step in ("open", "lock", "publish", "recheck/settings", "judges/add"):
        assert desk.post(f"/desk/LB-2022/{step}", data={"name": "甲"}).status_code == 404, step


def _close(desk: FlaskClient, *periods: str) -> None:
    for period in periods:
        page = f"/desk/LB-2022/labour/periods/{period}"
        answer = desk.post(f"{page}/close", data={"reason": "新来的下月起考核"})
        assert answer.status_code == 302, (period, _text(answer))


def _a_quarter_is_closed_published_and_corrected(
    app: Flask, desk: FlaskClient, organiser: Account
) -> None:
    periods, january = "/desk/LB-2022/labour/periods", "/desk/LB-2022/labour/periods/M01"
    assert desk.get("/desk/LB-2022/labour/publish").status_code == 302, "nothing is closed yet"
    assert desk.get(f"{periods}/X").status_code == 404
    assert desk.post(f"{periods}/M02/close").status_code == 409, "January comes first"
    assert "没有参加的" in _text(desk.get(january))
    _close(desk, "M01", "M02", "M03", "Q1-M", "Q1-I", "Q1")
    assert desk.post(f"{january}/close").status_code == 409
    confirm = _text(desk.get("/desk/LB-2022/labour/publish"))
    assert "新公布：一季度、一季度月度考核、1 月到 3 月、一季度检查" in confirm
    assert "现等级" not in confirm, "no column of people where there are none"
    assert desk.post("/desk/LB-2022/labour/publish").status_code == 302
    assert "公布了第 1 版" in _text(desk.get(periods))
    bulletin = "/desk/LB-2022/labour/bulletin.pdf?period="
    assert "暂定" not in "".join(pages(desk.get(f"{bulletin}Q1").data))
    assert "暂定" in "".join(pages(desk.get(f"{bulletin}Q2").data))
    wanted = {"kind": "adjustment", "unit": "S005", "points": "多", "reason": "漏记"}
    refused = desk.post(f"{january}/correct", data=wanted)
    assert refused.status_code == 400
    assert "分数写成数字" in _text(refused)
    assert 'value="多"' in refused.text, "what was typed stays"
    assert desk.post(f"{january}/correct", data=wanted | {"points": "-3"}).status_code == 302
    page = _text(desk.get(january))
    assert "等第二个人同意" in page
    assert "同意，更正" not in page, "nobody agrees to what they asked for"
    agree = "/desk/LB-2022/labour/corrections/1/agree"
    assert desk.post(agree).status_code == 409
    other = create_account("周颖")
    competition = db.session.scalars(select(Competition)).one()
    grant_role(other, competition, Role.SUPERVISOR, by=organiser)
    second = signed_in(app, other)
    assert "同意，更正" in _text(second.get(january))
    assert second.post("/desk/LB-2022/labour/publish").status_code == 404
    assert second.post(agree).status_code == 302
    assert "更正过，还没公布" in _text(desk.get(periods))
    at_home = "期更正过，还没公布 公布页和大屏上还是更正以前的"
    assert at_home in _text(desk.get("/desk/LB-2022/labour")), "whichever period is looked at"
    late = "公布以后更正过，新的一版还没公布"
    assert late in _text(desk.get("/p/LB-2022/periods/M01"))
    assert desk.post("/desk/LB-2022/labour/publish").status_code == 400, "a note is wanted"
    assert desk.post("/desk/LB-2022/labour/publish", data={"note": "S005 扣 3"}).status_code == 302
    assert "第 2 版" in _text(desk.get(periods))
    assert at_home not in _text(desk.get("/desk/LB-2022/labour"))
    assert late not in _text(desk.get("/p/LB-2022/periods/M01"))
    assert "第2版" in "".join(pages(desk.get(f"{bulletin}M01").data))
    page_text = desk.get("/p/LB-2022/periods/Q1").text
    assert page_text.count('periods/Q1-M"') == 1, "a period stands once among the links"
    _rules_change_under_what_is_published(desk, second)


def _rules_change_under_what_is_published(desk: FlaskClient, second: FlaskClient) -> None:
    rules, periods = "/desk/LB-2022/labour/rules", "/desk/LB-2022/labour/periods"
    lighter = changed_book(
        desk.get(f"{rules}.xlsx").data, lambda book: book["指标"].__setitem__("F3", 2)
    )
    sent = {"rules": (io.BytesIO(lighter), "规则.xlsx"), "starts": "all", "reason": "扣分太重"}
    assert desk.post(rules, data=sent).status_code == 302
    assert f"{rules}/changes/1" in desk.get(periods).text
    assert second.post(f"{rules}/changes/1/agree").status_code == 302
    moved = _text(desk.get(f"{rules}/changes/1?period=M02"))
    assert "谁的得分、名次变了" in moved
    assert "规则换成了第 2 版" in _text(desk.get("/p/LB-2022/periods/M02"))
    assert "公布的照新规则算" in _text(desk.get("/desk/LB-2022/labour/publish"))
    sent = {"note": "规则换了"}
    assert desk.post("/desk/LB-2022/labour/publish", data=sent).status_code == 302
    assert "规则换成了第 2 版" not in _text(desk.get("/p/LB-2022/periods/M02"))


def _a_sample_is_looked_at_again(desk: FlaskClient) -> None:
    month = "/desk/LB-2022/labour/periods/M02"
    look = f"{month}/second-look"
    assert "去抽" in _text(desk.get(month))
    assert desk.get("/desk/LB-2022/labour/periods/Q1/second-look").status_code == 404
    assert "结了账再抽" in _text(desk.get("/desk/LB-2022/labour/periods/M05/second-look"))
    wrong = desk.post(f"{look}/rules", data={"share": "多", "least": "3"})
    assert (wrong.status_code, 'value="多"' in wrong.text) == (400, True)
    fewer = {"share": "0", "least": "3", "why": "人手不够"}
    assert desk.post(f"{look}/rules", data=fewer).status_code == 302
    assert desk.get("/p/LB-2022/periods/M02/second-look.json").status_code == 404
    assert desk.post(f"{look}/draw", data={"said": "八月八"}).status_code == 302
    drawn = desk.get("/p/LB-2022/periods/M02/second-look.json").json
    assert drawn["seed"] in _text(desk.get(look))
    assert len(drawn["drawn"]) == 3
    assert "没有证据" in _text(desk.get(f"{look}/1"))
    assert desk.get(f"{look}/4").status_code == 404
    refused = desk.post(f"{look}/1", data={"result": "differs", "found": "3"})
    assert (refused.status_code, 'value="3"' in refused.text) == (400, True)
    asked = desk.post(f"{look}/1", data={"result": "differs", "reason": "不该有"})
    assert (asked.status_code, asked.location) == (302, f"{look}/2")
    assert "等第二个人同意" in _text(desk.get(f"{look}/1"))
    assert desk.post(f"{look}/2", data={"result": "agrees"}).location == f"{look}/3"
    assert desk.post(f"{look}/3", data={"result": "agrees"}).location == look
    assert "一致 2" in _text(desk.get(month))
    assert "二次抽查" in _text(desk.get("/p/LB-2022/periods/M02"))


def test_a_year_on_the_desk(app: Flask, desk: FlaskClient, organiser: Account) -> None:
    """All in one, since a year with 130 units takes seconds to load."""
    _it_has_its_own_pages_and_says_that_it_has_no_others(desk)
    _a_unit_is_told_where_its_points_come_from_and_what_moved_it(desk)
    _every_figure_of_the_bulletin_can_be_worked_out_again(desk)
    _a_quarter_is_closed_published_and_corrected(app, desk, organiser)
    _a_sample_is_looked_at_again(desk)


def test_one_value_of_the_next_month_moves_nobody_in_the_running_total(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    client = signed_in(app, organiser)
    page = f"/desk/{contest.competition.code}/labour?period=Q"

    def standings() -> list[tuple[str, str | None, int | None]]:
        rows = labour_live(contest.competition).running("Q").standings["Q"]
        return [(row.unit, row.total, row.rank) for row in rows]

    before = standings()
    assert all(rank is not None for _unit, _total, rank in before)
    assert "还在填" not in client.get(page).text
    contest.enter(act("甲", "安全", "3"))
    assert standings() == before
    shown = client.get(page).text
    assert ("二月还在填" in shown, "没填齐" in shown) == (True, False)
    assert (
        "二月还在填"
        in client.get(f"/desk/{contest.competition.code}/labour/units/甲?period=Q").text
    )
    # Its own page says what stands, and once all is filled in it counts.
    assert "没填齐" in client.get(page.replace("=Q", "=二月")).text
    contest.enter(*everything())
    works = [act(unit, "产值", "100") for unit in "甲乙丙"]
    contest.enter(
        *works,
        *[act(unit, "产值", "100", kind="target") for unit in "甲乙丙"],
        by=contest.writer(contest.works),
    )
    assert standings() != before
    assert "还在填" not in client.get(page).text


def test_a_labour_competition_is_not_called_registering(desk: FlaskClient) -> None:
    listed = desk.get("/desk/").text
    assert "报名中" not in listed
    # Its last day is past, and no period is closed.
    assert "已结束" not in listed
    assert "期没结账" in listed


def test_a_labour_competition_is_over_once_its_periods_are_announced(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(write_bundle(one_month({"甲": 90, "乙": 80})))
    plain["competition"] |= {"starts": "2026-01-01", "ends": "2026-01-31"}
    competition = load(plain)
    client = signed_in(app, organiser)
    # Its values came with it: the list and the page that it leads to say the same of the rules.
    begun = client.get(f"/desk/{competition.code}/labour").text
    assert "已经有数了，要改得写理由、第二个人同意" in begun
    assert "第一个数填进来以前随时能改" not in begun
    assert "还有 1 期没结账" in client.get("/desk/").text
    close_period(competition, "M", "", organiser)
    assert "还有 1 期没公布" in client.get("/desk/").text
    publish_closed(competition, organiser)
    assert "已结束" in client.get("/desk/").text


def test_before_publishing_the_reasons_of_closed_periods_alone_are_shown(
    load: Callable[..., Competition], app: Flask, organiser: Account
) -> None:
    """What is still open goes out with its own period: to tick its reasons would tell nothing."""
    plain = json.loads(write_bundle(one_month({"甲": 90, "乙": 80})))
    labour = plain["labour"]
    months = [{"code": "M", "name": "本月"}, {"code": "N", "name": "下月"}]
    inner = [month | {"part_of": "Q"} for month in months]
    labour["periods"] = [{"code": "Q", "name": "本季"}, *inner]
    labour["adjustments"] = [
        {"unit": "甲", "period": "M", "points": "1", "reason": "这个月的"},
        {"unit": "甲", "period": "N", "points": "1", "reason": "下个月的"},
    ]
    competition = load(plain)
    close_period(competition, "M", "", organiser)
    page = signed_in(app, organiser).get(f"/desk/{competition.code}/labour/publish").text
    assert "这个月的" in page
    assert "下个月的" not in page
