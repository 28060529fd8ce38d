"""Sample data of how far results are, and of the working days that are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.calendar.view_model import CalendarPage, YearForm, YearRow
from compete.web.organiser.details.asked import AskedTermsCard
from compete.web.organiser.results.shapes import (
    EarlyEnd,
    Lacking,
    Moved,
    NoticeDays,
    Problem,
    ResultActs,
    ResultsPage,
    ResultStep,
)
from compete.web.organiser.shapes import CompetitionLink, Link, View
from compete.web.pages import fields_of
from compete.web.shapes import Chip
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]

_DAYS = ["9月19日 星期一", "9月20日 星期二", "9月21日 星期三", "9月22日 星期四", "9月23日 星期五"]
_PAGE = ResultsPage(
    competition=CompetitionLink(name=COMPETITION.name, url="#"),
    event="FORK",
    event_name="叉车司机",
    views=[
        View(label="叉车司机", url="#", current=True),
        View(label="门机司机", url="#", current=False),
    ],
    chips=[
        Chip(text="公示中，到9月23日", kind="warn", icon="clock"),
        Chip(text="还有 3 个工作日", kind=""),
        Chip(text="第 1 版", kind=""),
    ],
    steps=[
        ResultStep(name="暂定", state="done", note="还会变，只有工作人员看得到"),
        ResultStep(name="已核对", state="done", note="签名、争议、复核都办完了"),
        ResultStep(name="公示", state="now", note="9月19日 至 9月23日"),
        ResultStep(name="最终成绩", state="later", note="公示期满，申诉都答复了"),
    ],
    lead="公示到 9月23日，期满以后定为最终成绩",
    lead_text="定了以后才能发证书。",
    withdrawn=None,
    missing=[
        Lacking(what="公示到 2022年9月23日 17:30，还没期满", detail="", link=None),
        Lacking(what="2 件申诉没有答复", detail="", link=Link(label="去看", url="#")),
    ],
    notice=NoticeDays(
        span="9月19日 至 9月23日，5 个工作日",
        counted=_DAYS,
        skipped="不上班、不算的：9月17日、9月18日",
        doubt="2027 年的放假安排还没有，按周一到周五算",
        calendar_url="#",
    ),
    asked=AskedTermsCard(
        what=["公示 0 个工作日，现在是 5"],
        who="吴敏 9月16日 10:20",
        why="内部选拔，规程不要求公示",
        agree_url="#",
        agree_why_not=None,
        drop_url="#",
    ),
    early=EarlyEnd(
        who="吴敏 9月20日 10:02",
        why="颁奖仪式 9月21日办",
        agree_url="#",
        agree_why_not=None,
        drop_url="#",
    ),
    acts=ResultActs(early="#", extend="#", withdraw="#"),
    history=[
        Moved(at="9月20日 10:02", text="吴敏 提出 叉车司机 不等公示期满就定，理由：颁奖仪式"),
        Moved(at="9月16日 18:20", text="吴敏 公布 叉车司机 第 1 版，公示到 9月23日"),
        Moved(at="9月16日 17:40", text="沈国梁 核对了 叉车司机 的成绩"),
    ],
    links=[
        Link(label="成绩排名", url="#"),
        Link(label="公示文件", url="#"),
        Link(label="成绩汇总表", url="#"),
    ],
    problem=Problem(
        act="extend", why="延长要 1 到 30 个工作日", reason="有人补材料", days="99", at="days"
    ),
)


def states() -> Sample:
    """Under notice, with somebody who wants to end it, and an extension that was refused."""
    return {"site": SITE, **fields_of(_PAGE)}


def states_withdrawn() -> Sample:
    """Withdrawn, with a reason of many characters."""
    shown = replace(
        _PAGE,
        chips=[Chip(text="公示已撤下", kind="bad")],
        withdrawn="报名工龄写 6 年，核实是 4 年，名次要重新排。" * 4,
        notice=None,
        early=None,
        asked=None,
        acts=ResultActs(),
        history=[],
        views=[],
        problem=None,
    )
    return {"site": SITE, **fields_of(shown)}


def calendar() -> Sample:
    """Two years known, one refused."""
    page = CalendarPage(
        years=[
            YearRow(
                year=2027,
                source="国办发明电〔2026〕7 号，2026年11月21日 录入",
                counts="休 28 天，调休上班 6 天",
                text="",
                edit_url="#",
            ),
            YearRow(
                year=2026,
                source="程序自带，照国务院办公厅的通知",
                counts="休 33 天，调休上班 6 天",
                text="",
                edit_url="#",
            ),
        ],
        missing="2028 年的放假安排还没有，按周一到周五算",
        form=YearForm(
            year="2028",
            source="通知",
            days="2028-13-01 休",
            problem="第 1 行读不懂：2028-13-01 休。要像“2028-10-01 至 2028-10-07 休”",
        ),
        act_url="#",
    )
    return {"site": SITE, **fields_of(page)}
