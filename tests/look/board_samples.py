"""Sample data of the judges' list, the progress board and the list of competitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.home.shapes import (
    CompetitionRow,
    HomePage,
    Waiting,
    WaitingGroup,
    WaitingLine,
)
from compete.web.organiser.jobs.shapes import JobProgress, JobUrls
from compete.web.organiser.judges.shapes import (
    AssignmentForm,
    AssignmentRow,
    AssignmentTyped,
    CardWords,
    JudgesUrls,
    OfficialForm,
    OfficialRow,
)
from compete.web.organiser.progress.shapes import (
    Act,
    Board,
    BoardUrls,
    Cell,
    Dispute,
    FoundRight,
    HeadLock,
    Lacking,
    Level,
    Live,
    LockRow,
    ModuleName,
    RightForm,
    Station,
)
from compete.web.organiser.progress.shapes import Waiting as WaitingSheet
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE, sheets

Sample = dict[str, Any]


def judges() -> Sample:
    """People, assignments, cards."""

    def judge(code: str, name: str, done: int) -> OfficialRow:
        return OfficialRow(
            code=code,
            name=name,
            role="裁判",
            unit="江北港",
            sheets={"submitted": done, "not_begun": 12 - done},
            done=done,
            all=12,
            modules=["实操"],
            card=CardWords(made="没用过", used="9月16日 08:02 登录过"),
            no_card="没发过",
            new_card_url=None,
            renew_url="#",
            cancel_url="#",
        )

    return {
        "site": SITE,
        "competition": COMPETITION,
        "cards_warning": "现在打印，24 小时内不能互当第二个人。",
        "missing": ["理论还没有裁判"],
        "judges": [
            judge("01", "顾文", 11),
            judge("02", "钱立新", 11),
            replace(judge("03", "许静", 6), card=None, warning="和 2 名选手同单位"),
        ],
        "adding": OfficialForm(url="#", roles=[Choice(value="recorder", label="记分员")]),
        "views": [View(label="全部 3", url="#", current=True)],
        "urls": JudgesUrls(
            cards="#",
            progress=Link(label="评分进度", url="#"),
            book="#",
            bring="#",
            seating="#",
            assign="#",
        ),
    }


def seats() -> Sample:
    """Who marks what, in a list."""
    return {
        "site": SITE,
        "competition": COMPETITION,
        "judges_url": "#",
        "seating_url": "#",
        "assignments": [
            AssignmentRow(
                id=1,
                module="实操",
                station="1号工位",
                judge="裁判 01 顾文",
                timekeeper=False,
                keep_url=None,
                remove_url="#",
            )
        ],
        "form": AssignmentForm(
            url="#",
            judges=[Choice(value="1", label="01 顾文")],
            modules=[Choice(value="1", label="实操")],
            stations=[Choice(value="", label="全部工位"), Choice(value="1", label="1号")],
            typed=AssignmentTyped(),
        ),
    }


def judges_empty() -> Sample:
    """Before anyone was named."""
    return {**judges(), "judges": []}


def progress() -> Sample:
    """The progress board, drawn as the console of page 3."""

    def cell(judge: str, done: int, seen: str = "10:31 上传", offline: bool = False) -> Cell:
        counts = {
            "signed": done - 1,
            "submitted": 1,
            "returned": 1 if done < 11 else 0,
            "not_begun": 12 - done - (1 if done < 11 else 0),
        }
        return Cell(
            judge=judge,
            done=done,
            all=12,
            seen=seen,
            offline=offline,
            ticks=sheets(**counts),
            counts=counts,
        )

    def dispute(code: str, where: str, given: list[list[str]], text: str) -> Dispute:
        names = ("0 急停急转", "1 轻微晃动", "2 个别顿挫", "3 全程平稳")
        return Dispute(
            code=code,
            where=where,
            name="操作平稳",
            text=text,
            levels=[
                Level(label=label, judges=who) for label, who in zip(names, given, strict=True)
            ],
            acts=[
                Act(label="通知三人重评", url="#", kind="primary", post=True),
                Act(label="我来裁定", url="#"),
                Act(label="看三张评分表", url="#", kind="quiet"),
            ],
        )

    counts = {
        "signed": 90,
        "submitted": 15,
        "complete": 3,
        "begun": 5,
        "returned": 1,
        "disputed": 6,
        "not_begun": 18,
    }
    live = Live(
        counts=counts,
        all=138,
        ticks_all=sheets(**counts),
        waiting="锁定前还差：2 处超限没裁定，27 张没提交",
        oldest="最早的等了 12 分钟",
        disputes=[
            dispute(
                "K-22",
                "3号工位",
                [[], ["06", "07"], [], ["05"]],
                "3 位裁判评 3、1、1，差 2 档，上限 1 档",
            ),
            dispute(
                "K-31",
                "1号工位",
                [["01"], ["12"], ["02"], []],
                "3 位裁判评 0、2、1，差 2 档，上限 1 档",
            ),
        ],
        disputes_total=1,
        returned=_waiting(),
        odd_total=1,
        found_right=[
            FoundRight(
                code="K-12",
                text="裁判 08 记的“用时”是 3:58。沈国梁 10:20 看过，没错",
                url="#",
                again=RightForm(url="#", fields={"aspect": "run"}),
            )
        ],
        right_total=1,
        restored=None,
        judge_columns=3,
        stations=[
            Station(
                name="1号",
                note="绕桩",
                done=33,
                all=36,
                cells=[cell("01 顾文", 11), cell("02 钱立新", 11), cell("12 田野", 11)],
            ),
            Station(
                name="2号",
                note="窄门",
                done=23,
                all=36,
                cells=[
                    cell("03 许静", 6, "3 条待上传，10:12 后没连上", True),
                    cell("04 邵建华", 9),
                    cell("09 季红", 8),
                ],
            ),
        ],
        contestants_total=2,
        contestants=[
            Lacking(
                number="B07",
                name="孙志远",
                missing=["裁判 03 许静", "裁判 09 季红"],
                url="#",
            )
        ],
        lock=HeadLock(label="锁定实操", blocked="还差 27 张"),
        locks=_locks(),
        must_sign=True,
        must_sign_url="#",
        exempt=0,
    )
    board = Board(
        competition=COMPETITION,
        title="裁判长工作台",
        module=ModuleName(label="实操"),
        views=[],
        severity=None,
        live_url="",
        urls=BoardUrls(decisions="#", recusals="#", paper="#", book="#"),
    )
    return {"site": SITE, **fields_of(board), **fields_of(live)}


def _waiting() -> list[WaitingSheet]:
    return [
        WaitingSheet(
            code="K-19",
            state="returned",
            where="2号工位 裁判 03",
            text="碰杆 3 次，录像是 2 次",
            label="看评分表",
            url="#",
            remind_url="#",
        ),
        WaitingSheet(
            code="K-21",
            state="begun",
            where="裁判 09 季红",
            text="退回后在改，还没交：堆码再量一次",
            label="看评分表",
            url="#",
            remind_url="#",
            reminded="10:31",
            wait=40,
        ),
        WaitingSheet(
            code="K-44",
            state="odd",
            where="裁判 08 评 61.33",
            text="本人均值 84.10",
            label="看评分表",
            url="#",
            right=RightForm(url="#", fields={"aspect": "", "value": "61.33"}),
        ),
    ]


def _locks() -> list[LockRow]:
    return [
        LockRow(name="整个模块", locked=False, text="没交的评分表 27 张", blocked=True),
        LockRow(
            name="第1场",
            locked=True,
            text="第 2 版，沈国梁 9月16日 10:02 锁定，46 张",
            words="云杉 渡口 铜铃 春麦",
            ask_url="#",
        ),
        LockRow(
            name="第2场",
            locked=True,
            text="第 1 版，沈国梁 9月16日 10:20 锁定，46 张",
            words="石榴 白鹭 江桥 青松",
            asked="沈国梁 申请解锁：K-19 碰杆记错",
            confirm_url="#",
            keep_url="#",
        ),
    ]


def progress_empty() -> Sample:
    """Before judging began."""
    return {**progress(), "all": 0}


def competitions() -> Sample:
    """The list of competitions."""

    skills = CompetitionRow(
        name=COMPETITION.name,
        code="FORKLIFT",
        url="#",
        kind="skills",
        level="省级二类",
        dates="2022年9月15日",
        venue="江北港实训场",
        state=Chip(text="评分中", kind="info"),
        entrants="46 人",
        units=12,
    )

    page = HomePage(
        count=2,
        groups=[
            WaitingGroup(
                title="先办这 1 件",
                lines=[_waits("1 件申诉等仲裁答复", "去答复", due="还有 38 分", urgent=True)],
            ),
            WaitingGroup(title="这周", lines=[_waits("5 人没有照片", "去补", due="12月1日")]),
        ],
        orders=[
            View(label="按急的", url="#", current=True),
            View(label="按哪一场", url="#", current=False),
        ],
        next="",
        new_url="#",
        book_url="#",
        put_away=[replace(skills, name="试一试", back_url="#"), replace(skills, venue="")],
        competitions=[
            skills,
            replace(
                skills,
                name="2022年交通强省重点工程劳动竞赛（六比六赛）",
                kind="labour",
                venue="",
                entrants="",
                units=130,
            ),
        ],
    )
    site = replace(SITE, search_url=None, urls={"competitions": "#"})
    return {"site": site, **fields_of(page)}


def _waits(what: str, label: str, *, due: str, urgent: bool = False) -> WaitingLine:
    waiting = Waiting(
        icon="clock",
        what=what,
        detail="参赛证和等级证书上的照片位置会空着",
        label=label,
        url="#",
        competition=COMPETITION.name,
    )
    return WaitingLine(waiting=waiting, due=due, urgent=urgent)


def competitions_empty() -> Sample:
    """No competition yet, so nothing that waits."""
    return {**competitions(), "count": 0, "groups": [], "orders": [], "competitions": []}


_RUNNING = JobProgress(
    open=True,
    state="running",
    word="正在做",
    done=2,
    total=4,
    step="汇总“实操”的评分表",
    error="",
    asked="吴敏 今天 16:40 要求的",
    stopped="",
)


def job(progress: JobProgress = _RUNNING) -> Sample:
    """A job under way."""
    return {
        "site": SITE,
        "competition": COMPETITION,
        "area": "judges",
        "title": "锁定评分",
        "job": progress,
        "urls": JobUrls(live="#", stop="#", back="#"),
    }


def job_failed() -> Sample:
    """A job that could not be done."""
    why = "第 1 版公布以后评分又解锁了，重新公布以后才能发证"
    stays = "发了的 250 张有效，编号不变，没发的还可以发"
    ended = replace(_RUNNING, open=False, state="failed", word="没做成", step="")
    return job(replace(ended, error=why, stays=stays)) | {"title": "发技能等级证书"}
