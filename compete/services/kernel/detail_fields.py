"""Details of a competition that its organiser sets, each field in one line.

Those of `DetailSettings` are kept among its settings, those that `Details` adds in its own row.
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any

import msgspec

from compete.domain.kinds.contest import CONTEST
from compete.domain.values.canonical import short_mark
from compete.domain.values.kinds import Kind, Level
from compete.domain.values.messages import msg
from compete.services.kernel.fields import Setting, Step

LEVELS = {
    Level.NATIONAL_1: msg("国家级一类"),
    Level.NATIONAL_2: msg("国家级二类"),
    Level.PROVINCIAL_1: msg("省级一类"),
    Level.PROVINCIAL_2: msg("省级二类"),
    Level.MUNICIPAL: msg("市级"),
    Level.INDUSTRY: msg("行业级"),
    Level.ENTERPRISE: msg("企业级"),
}
LEAST_NOTICE_DAYS = 3
"""From here on an organiser sets the days of notice alone."""
MOST_APPEAL_HOURS = 240
_LINE, _LINES = 200, 500
_OF_PEOPLE = (Kind.SKILLS, Kind.EVALUATION)
_OF_RANKED = (Kind.SKILLS,)
KEPT_TERMS = msg(
    "评分锁定或公布以后，公示和申诉的时间只能加长，更正后的公示也不能取消；要提前定，由两个人办"
)
_SETTLED = msg("评分已经开始，级别和年度不能再改")


def is_less(now: Any, wanted: Any) -> bool:
    """True if less is wanted than stands."""
    return bool(wanted < now)


def is_more(now: Any, wanted: Any) -> bool:
    """True if more is wanted than stands."""
    return bool(wanted > now)


def _is_other(now: Any, wanted: Any) -> bool:
    return bool(wanted != now)


def _is_short(now: int, wanted: int) -> bool:
    return wanted < min(now, LEAST_NOTICE_DAYS)


def _is_earlier(now: str | None, wanted: str | None) -> bool:
    """True if a notice closes earlier on its last day; without an hour it lasts all of it."""
    return (wanted or "24") < (now or "24")


class DetailSettings(msgspec.Struct, frozen=True):
    """The details that are settings. Empty texts are None.

    `notice_days` are whole working days, `notice_closes` is when the last of them ends such as
    `17:00` (None: with the day), `notice_again`: a correction after it is under notice anew
    where somebody's place, award or grade moved; `certify_early`: certificates may go out
    before results are final; `two_approve_grades`: None as the kind of competition has it;
    `appeal_hours` count from the publication. `place` is where contestants check in, where that
    is not the venue; there `check_in_items` are asked for, until `check_in_closes` minutes
    before the start. `results_at` is when results are to come out, by the wall clock there such
    as `2022-09-16T14:00`: a plan, told before they do. `full_names`: of those who consent, on
    the page of results and the printed notice. `searchable`: search engines may list the public
    pages. `call_up`: the next in order may follow who leaves before a stage begins.
    `low_share`: scores of a labour competition that are under so many per cent of full marks
    stand out.
    """

    contact: Annotated[
        str | None,
        Setting(
            msg("有事找谁"),
            msg("选手的结果页和公示文件上写的，如 组委会 0518-85851234"),
            most=_LINE,
            of=_OF_PEOPLE,
        ),
    ] = None
    place: Annotated[
        str | None, Setting(msg("检录处"), msg("和地点一样的不写"), most=_LINE, of=_OF_PEOPLE)
    ] = None
    bring: Annotated[
        str | None,
        Setting(
            msg("要带什么"),
            msg("写在选手的页面上，如 身份证、参赛证、劳保鞋"),
            most=_LINES,
            lines=True,
            of=_OF_PEOPLE,
        ),
    ] = None
    results_at: Annotated[
        str | None,
        Setting(
            msg("计划什么时候公布成绩"),
            msg("写在选手的页面和公布成绩的网址上，公布以前看得到；没定就空着"),
            clock="moment",
            most=_LINE,
            of=_OF_PEOPLE,
        ),
    ] = None
    notice_days: Annotated[
        int,
        Setting(
            msg("公示几个工作日"),
            msg(
                "从公布的第二天算起，节假日不算，调休上班的算。规程不要求公示的写 0："
                "公布后过了申诉时间就能定为最终成绩。评分开始以后改成少于 3 天，由两个人定"
            ),
            most=60,
            needed=msg("要写几天"),
            of=_OF_PEOPLE,
            two_if=_is_short,
            kept_if=is_less,
            kept=KEPT_TERMS,
        ),
    ] = 5
    notice_closes: Annotated[
        str | None,
        Setting(
            msg("最后一天几点截止"),
            msg("不写就是当天 24 时"),
            clock="time",
            of=_OF_PEOPLE,
            kept_if=_is_earlier,
            kept=KEPT_TERMS,
        ),
    ] = None
    notice_again: Annotated[
        bool,
        Setting(
            msg("定了以后的更正"),
            choices={True: msg("重新公示"), False: msg("不再公示，直接更正")},
            of=_OF_PEOPLE,
            two_if=is_less,
            kept_if=is_less,
            kept=KEPT_TERMS,
        ),
    ] = True
    certify_early: Annotated[
        bool,
        Setting(
            msg("什么时候能发证"),
            choices={False: msg("定为最终成绩以后"), True: msg("公示期间就能发，要写理由")},
            of=_OF_PEOPLE,
            two_if=is_more,
        ),
    ] = False
    two_approve_grades: Annotated[
        bool | None,
        Setting(
            msg("谁批准等级"),
            msg("等级认定的规定要两个人：提出的和同意的各是各的账号"),
            choices={True: msg("一位提出，另一位同意"), False: msg("一个人就能批准")},
            of=_OF_PEOPLE,
            two_if=is_less,
        ),
    ] = None
    appeal_hours: Annotated[
        int,
        Setting(
            msg("申诉几小时"),
            msg("从公布算起"),
            least=1,
            most=MOST_APPEAL_HOURS,
            needed=msg("要写几小时"),
            of=_OF_PEOPLE,
            two_if=is_less,
            kept_if=is_less,
            kept=KEPT_TERMS,
        ),
    ] = 2
    full_names: Annotated[
        bool,
        Setting(
            msg("公示的姓名"),
            msg("网页和打印的公示。隐去的写成 林*涛；没有同意、收回同意的，总是隐去一部分"),
            choices={False: msg("隐去一部分"), True: msg("同意公布的写全")},
            of=_OF_PEOPLE,
        ),
    ] = False
    searchable: Annotated[
        bool,
        Setting(
            msg("搜索引擎"),
            msg("成绩页、通报和公布的文件。选手本人的页面、证书的页面总是不收"),
            choices={False: msg("不收录"), True: msg("可以收录")},
        ),
    ] = False
    check_in_items: Annotated[
        tuple[str, ...],
        Setting(
            msg("检录时看什么"),
            msg("检录员一样一样点，用顿号隔开；不写就只对本人"),
            most=8,
            each=12,
            of=_OF_PEOPLE,
        ),
    ] = CONTEST.check_in_items
    check_in_closes: Annotated[
        int,
        Setting(
            msg("开始前几分钟停止检录"),
            msg("0 是到开始为止。过了时间检录员不放行，要组委会说一声"),
            most=240,
            needed=msg("要写几分钟"),
            of=_OF_PEOPLE,
        ),
    ] = 0
    call_up: Annotated[
        bool,
        Setting(
            msg("下一赛段开始前有人退出"),
            msg("递补由裁判长和监督同意，写在成绩页上"),
            choices={True: msg("后面的依次递补"), False: msg("空着，不递补")},
            of=_OF_RANKED,
            two_if=_is_other,
        ),
    ] = True
    dossier_years: Annotated[
        int,
        Setting(
            msg("竞赛档案保存几年"),
            msg("从做好那天算。到期连钥匙一起删掉，删了谁也打不开；个人资料提前删了，档案不动"),
            least=1,
            most=50,
            needed=msg("要写几年"),
            of=_OF_PEOPLE,
            two_if=is_less,
        ),
    ] = 5
    low_share: Annotated[
        int,
        Setting(
            msg("低于百分之几标出来"),
            msg("排名和“一格一项”上的得分率；0 是都不标"),
            most=100,
            needed=msg("要写百分之几"),
            of=(Kind.LABOUR,),
        ),
    ] = 70


class Details(DetailSettings, frozen=True, kw_only=True):
    """The details as they stand, or as they are to be."""

    name: Annotated[
        str,
        Setting(
            msg("名称"),
            most=_LINE,
            needed=msg("名称要写"),
            until=Step.PUBLISHED,
            stays=msg("公布过的成绩和证书上写着这个名称，不能再改"),
        ),
    ]
    level: Annotated[
        Level,
        Setting(
            msg("级别"),
            msg("晋升和复核看它，评分开始后不能改"),
            choices=LEVELS,
            until=Step.OPENED,
            stays=_SETTLED,
        ),
    ]
    year: Annotated[
        int | None,
        Setting(
            msg("年度"),
            msg("“一年只晋升一次”按它算"),
            least=1,
            most=9999,
            until=Step.OPENED,
            stays=_SETTLED,
        ),
    ]
    starts: Annotated[
        date | None,
        Setting(
            msg("开始日期"),
            two_if=_is_other,
            kept_if=_is_other,
            kept_from=(Step.LOCKED,),
            kept=msg("评分已经锁定，申报条件和年龄按这一天算，不能再改；先解锁，再由两个人定"),
        ),
    ]
    ends: Annotated[date | None, Setting(msg("结束日期"), msg("只比一天的不写"))]
    venue: Annotated[str | None, Setting(msg("地点"), most=_LINE)]
    host: Annotated[str | None, Setting(msg("主办"), msg("印在参赛证、登录卡和证书上"), most=_LINE)]
    series: Annotated[
        str | None,
        Setting(msg("系列"), msg("一届一届办的，每届写一样的，不写第几届"), most=_LINE),
    ]

    @property
    def mark(self) -> str:
        """The mark that tells one state of them from another."""
        return short_mark(msgspec.to_builtins(self))


ROW_DETAILS: Collection[str] = tuple(Details.__annotations__)
"""The details that stand in the competition's own row."""
