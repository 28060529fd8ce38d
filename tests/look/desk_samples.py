"""Sample data of the organiser's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask

from compete.domain.values.kinds import Level
from compete.services.competitions.details import Details
from compete.web.meanwhile import Whose, carried
from compete.web.organiser.details.forms import DetailsForm
from compete.web.organiser.details.view_model import DetailsPage, PlanMove
from compete.web.organiser.overview.shapes import (
    CompetitionHead,
    Missing,
    NextStep,
    NothingMissing,
    OverviewPage,
    OverviewUrls,
    Record,
    Step,
    Today,
    TodayLine,
)
from compete.web.organiser.registration.shapes import (
    CellFix,
    PreviewCell,
    PreviewColumn,
    PreviewFile,
    PreviewRow,
    PreviewUrls,
)
from compete.web.organiser.shapes import CompetitionLink, LastAct
from compete.web.pages import fields_of
from tests.look.people import COMPETITION, SITE, sheets

Sample = dict[str, Any]


def competition() -> Sample:
    """Page 4."""

    return {"site": SITE, **fields_of(_overview())}


def details() -> Sample:
    """The competition's own details, as somebody else changed them meanwhile."""
    with Flask(__name__).test_request_context():
        form = DetailsForm(formdata=None, meta={"csrf": False})
        form.level.choices = [(Level.PROVINCIAL_2, "省级二类")]
    stands = Details(
        name=COMPETITION.name,
        level=Level.PROVINCIAL_2,
        starts=date(2022, 9, 14),
        ends=date(2022, 9, 16),
        venue="连云港港口职工培训中心",
        host="省总工会",
        contact="组委会 0518-85851234",
        bring="身份证、参赛证、劳保鞋",
    )
    form.show(stands)
    theirs = replace(stands, venue="海州港实训基地", notice_days=7)
    whose = {
        name: Whose(
            said=f"吴敏 9月1日 10:20 改成“{text}”", mine=f"mine:{name}", theirs=f"theirs:{name}"
        )
        for name, text in (("venue", "海州港实训基地" * 9), ("notice_days", "7"))
    }
    problem = "你打开以后别人也改过，有不一样的，下面标出来了。选用谁的"
    shown = DetailsPage(
        last=LastAct(said="9月1日 10:20 吴敏改了地点、检录处", why_not="", mark="m", undo_url="#"),
        competition=CompetitionLink(name=COMPETITION.name, url="#"),
        problem=problem,
        whose=whose,
        was=carried(stands),
        theirs=carried(theirs),
        name_stays=None,
        is_labour=False,
        put_away=False,
        put_away_url="#",
        back_url="#",
        personal_data_url="#",
        version="照第 2 版算",
        version_url="#",
        asked=None,
        outside="日程里有 3 场不在这几天：2022年9月20日。改了日期，场次的时间不自己跟着改。",
        plan_url="#",
        move=PlanMove(days=6, label="日程整个往后移 6 天", why_not=None, url="#", last=None),
        published="已公布的第 1 版不变，它的公示期和申诉时间也不变。改了的从下一版起算。",
    )
    return {"site": SITE, "form": form, **fields_of(shown)}


def _overview() -> OverviewPage:
    def step(name: str, state: str, count: int, unit: str, note: str = "", **more: Any) -> Step:
        return Step(name=name, state=state, count=count, unit=unit, note=note, url="#", **more)

    def lacks(icon: str, what: str, detail: str, who: str, label: str, blocker: bool) -> Missing:
        return Missing(
            icon=icon,
            what=what,
            detail=detail,
            who=who,
            label=label,
            url="#",
            blocker=blocker,
            post=label == "催办",
        )

    return OverviewPage(
        competition=CompetitionHead(
            name=COMPETITION.name,
            subtitle=[
                "省级二类",
                "起重装卸机械操作工（叉车司机）",
                "9月15日至17日",
                "江北港实训场",
                "理论 20%，实操 80%",
            ],
        ),
        urls=OverviewUrls(rules="#", people="#", print="#"),
        steps=[
            step("报名", "done", 46, "人", "12 个单位，拒绝 6 行已补报"),
            step("抽签", "done", 46, "", "结果已封存，可核验", of=46),
            step("检录", "done", 45, "", "1 人缺考：李浩（海州港）", of=46),
            step(
                "评分",
                "now",
                111,
                "张",
                of=138,
                ticks=sheets(signed=90, submitted=21, not_begun=27),
                tick_counts={"signed": 90, "submitted": 21, "not_begun": 27},
            ),
            step("公示", "later", 5, "个工作日", "评分锁定后开始"),
            step("发证", "later", 0, "张", "公示期满，待批准 10 人"),
        ],
        next_step=NextStep(
            title="催齐 27 张评分表，锁定实操",
            label="看是谁的表",
            url="#",
            text="涉及 12 位裁判，其中 2号工位平板 10:12 后没连上。锁定后自动算名次，进入公示。",
        ),
        missing_note="前 3 件不办，不能公示",
        nothing_missing=NothingMissing(title="都齐了", text="", met=True),
        missing=[
            lacks(
                "diamond-alert",
                "分差超限 2 处",
                "K-22、K-31 操作平稳",
                "裁判长 沈国梁",
                "催办",
                True,
            ),
            lacks("return", "退回没改 1 张", "K-19，2号工位", "裁判 03 许静", "催办", True),
            lacks(
                "shield-check",
                "复核抽取没做",
                "前 30% 全部，其余抽 15%",
                "监督 田春",
                "去抽取",
                True,
            ),
            lacks(
                "person",
                "缺 1 寸照片 5 人",
                "不影响评分，发证前要齐",
                "各单位联系人",
                "发通知",
                False,
            ),
            lacks("pencil", "公示联系电话没填", "写进公示文件", "吴敏", "去填写", False),
        ],
        today=Today(
            title="今天 9月16日",
            items=[
                TodayLine(time="08:00", what="检录", detail="46 人，1 人缺考", now=False),
                TodayLine(time="08:40", what="实操 第1场", detail="24 人，已结束", now=False),
                TodayLine(time="09:30", what="实操 第2场", detail="12 人，已结束", now=False),
                TodayLine(time="10:20", what="实操 第3场", detail="10 人，进行中", now=True),
                TodayLine(time="11:30", what="复核、统分", detail="田春、季红", now=False),
                TodayLine(time="14:00", what="成绩公布", detail="公布后 2 小时内可申诉", now=False),
            ],
        ),
        records=[
            Record(time="10:31", text="裁判 05 万敏提交 K-22 评分表"),
            Record(time="10:29", text="裁判长退回 K-19，理由：碰杆次数与录像不符"),
            Record(time="10:24", text="2号工位 K-27 开始计时"),
            Record(time="10:20", text="检录员 丁一鸣确认第3场 10 人到齐"),
        ],
        records_total=1284,
        records_url="#",
        unlock=None,
    )


def competition_empty() -> Sample:
    """Page 4 with nothing missing and nothing done."""
    page = replace(
        _overview(),
        missing=[],
        missing_note="",
        nothing_missing=NothingMissing(
            title="还没开始评分",
            text="每个模块都有裁判了。开始评分以后，缺什么列在这里。",
            met=False,
        ),
        records=[],
        today=None,
        next_step=None,
    )
    return {"site": SITE, **fields_of(page)}


def import_upload() -> Sample:
    """The page before the preview, after a file that could not be read."""
    return {
        "site": SITE,
        "competition": COMPETITION,
        "template_url": "#",
        "upload_url": "#",
        "limit": "20 MB",
        "problem": "它加了密码，打不开。在 Excel 里去掉密码，另存一份再传。",
    }


def _preview_row(
    number: int,
    state: str,
    values: str,
    why: str = "",
    bad: str = "",
    changed: tuple[str, str] | None = None,
) -> PreviewRow:
    keys = ("name", "id_number", "unit", "group", "grade")
    cells = {
        key: PreviewCell(
            text=text,
            old=changed[1] if changed and changed[0] == key else None,
            bad=key == bad,
            fix=_cell_fix(number, key, text, why) if key == bad else None,
        )
        for key, text in zip(keys, values.split("|"), strict=True)
    }
    reasons = [why] if why and not bad else []
    return PreviewRow(number=number, state=state, cells=cells, reasons=reasons)


def _cell_fix(number: int, key: str, text: str, why: str) -> CellFix:
    """A wrong cell with all that may be said of it."""
    return CellFix(
        row=number,
        key=key,
        label="证件号码",
        why=[why],
        value="" if key == "id_number" else text,
        hint=text if key == "id_number" else "",
        best="海州港" if key == "unit" else "",
        alike=3,
        new_unit=key == "unit",
        empty="以证件为准" if "出生" in why else "",
        same="4" if "同一个人" in why else "",
        twins=2,
    )


def import_preview() -> Sample:
    """Page 5."""
    row = _preview_row
    return {
        "site": SITE,
        "competition": COMPETITION,
        "file": PreviewFile(name="报名表_省港口集团等12单位_0908.xlsx", sheet="选手", rows=62),
        "counts": {"all": 62, "added": 41, "changed": 6, "same": 9, "refused": 6},
        "shown": "all",
        "writable": 47,
        "begun": 0,
        "unfit": 2,
        "closed": None,
        "no_events": False,
        "units": [],
        "filter_urls": dict.fromkeys(("all", "added", "changed", "same", "refused"), "#"),
        "columns": [
            PreviewColumn(key="name", label="姓名"),
            PreviewColumn(key="id_number", label="证件号码"),
            PreviewColumn(key="unit", label="单位"),
            PreviewColumn(key="group", label="组别"),
            PreviewColumn(key="grade", label="现等级"),
        ],
        "rows": [
            row(
                9,
                "refused",
                "陈立新|3200**********0013|江北港|职工|四级/中级工",
                "证件号码 D9：最后一位应为 2，表里是 3",
                "id_number",
            ),
            row(
                17,
                "refused",
                "黄卫国|3.20000E+17|运河港|职工|四级/中级工",
                "证件号码 D17：被存成数字，末几位已丢。请设为文本再填",
                "id_number",
            ),
            row(
                23,
                "refused",
                "|3200**********0046|江南港|职工|五级/初级工",
                "姓名 B23：没填",
                "name",
            ),
            row(
                31,
                "refused",
                "孙学军|3200**********0020|海洲港|职工|四级/中级工",
                "单位 E31：没有“海洲港”。是不是“海州港”？",
                "unit",
            ),
            row(
                38,
                "refused",
                "周一凡|3200**********001X|运河港|职工|三级/高级工",
                "出生日期 G38：写 1989-07，证件号码是 1988-07",
                "id_number",
            ),
            row(
                52,
                "refused",
                "赵启明|3200**********0012|省港口集团|职工|四级/中级工",
                "与第 4 行是同一个人",
                "id_number",
            ),
            row(
                6,
                "changed",
                "钱海峰|3200**********0039|江南港|职工|四级/中级工",
                "现等级改了",
                changed=("grade", "五级/初级工"),
            ),
            row(
                12,
                "changed",
                "李晓东|3200**********0054|沿江石化港|职工|四级/中级工",
                "单位改了，代表队跟着变",
                changed=("unit", "海州港"),
            ),
            row(4, "added", "赵启明|3200**********0012|省港口集团|职工|四级/中级工"),
            row(
                5,
                "added",
                "吕䂮|3200**********0071|省港口集团|职工|三级/高级工",
                "姓名有生僻字，证书字体已确认有此字",
            ),
            row(7, "same", "孙志远|3200**********0063|江北港|职工|四级/中级工"),
        ],
        "page": None,
        "urls": PreviewUrls(
            upload="#", write="#", discard="#", refused="#", put_right="#", columns="#"
        ),
    }
