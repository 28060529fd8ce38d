"""National skills competitions."""

from __future__ import annotations

from compete.domain.bundle.packs.kinds import GradePack, Status
from compete.domain.bundle.packs.wording import STUDENTS, WORKERS, just, places, raised_to, rule
from compete.domain.values.kinds import Level

_FIRST, _SECOND = Level.NATIONAL_1, Level.NATIONAL_2
_TITLE = "全国技术能手"
_PASS_NOTE = "各模块合格是通行条件，赛项设了合格线才起作用。"

NATIONAL = (
    GradePack(
        name="cn-national-1-2011",
        title="国家级一类竞赛（2011 年通知：前 5 名、6 至 20 名）",
        edition="2011",
        status=Status.SOURCED,
        source=(
            "http://fsou.com/html/text/chl/1733/173315_2.html",
            "http://www.casakenia.com/laws/19066",
        ),
        notes=(
            "荣誉称号要经人力资源社会保障部门核准。",
            "“前 5 名授予称号”另见 2017 年通知，限职工身份。",
            _PASS_NOTE,
        ),
        rules=(
            rule(
                "national-1-top-5",
                "国家级一类竞赛职工前 5 名：晋升技师，已是技师的晋升高级技师，授予全国技术能手",
                places(5, WORKERS, _FIRST),
                raised_to(2, _TITLE),
            ),
            rule(
                "national-1-top-20",
                "国家级一类竞赛职工第 6 至 20 名：晋升高级工，已是高级工的晋升技师",
                places(20, WORKERS, _FIRST),
                raised_to(3),
            ),
            rule(
                "national-1-student-5",
                "国家级一类竞赛学生前 5 名：晋升高级工",
                places(5, STUDENTS, _FIRST),
                just(3),
            ),
        ),
    ),
    GradePack(
        name="cn-national-1-2012",
        title="国家级一类竞赛（2012 年通知：前 5 名、6 至 15 名）",
        edition="2012",
        status=Status.SOURCED,
        source=("http://fsou.com/html/text/chl/1764/176474_2.html",),
        notes=(
            "名次段各年通知不同，以本届通知为准。",
            "通知没写已有同级的怎么办，按通行做法晋升一级。",
            _PASS_NOTE,
        ),
        rules=(
            rule(
                "national-1-top-5",
                "国家级一类竞赛职工前 5 名：晋升技师，已是技师的晋升高级技师",
                places(5, WORKERS, _FIRST),
                raised_to(2),
            ),
            rule(
                "national-1-top-15",
                "国家级一类竞赛职工第 6 至 15 名：晋升高级工，已是高级工的晋升技师",
                places(15, WORKERS, _FIRST),
                raised_to(3),
            ),
        ),
    ),
    GradePack(
        name="cn-national-2-draft",
        title="国家级二类竞赛（前 3 名、4 至 15 名）",
        edition="草案",
        status=Status.MEMORY,
        source=("通行做法",),
        notes=("第二段的末位各通知不同，有 10 有 15，用前核对。", _PASS_NOTE),
        rules=(
            rule(
                "national-2-top-3",
                "国家级二类竞赛职工前 3 名：晋升技师，已是技师的晋升高级技师，授予全国技术能手",
                places(3, WORKERS, _SECOND),
                raised_to(2, _TITLE),
                status=str(Status.MEMORY),
            ),
            rule(
                "national-2-top-15",
                "国家级二类竞赛职工第 4 至 15 名：晋升高级工，已是高级工的晋升技师",
                places(15, WORKERS, _SECOND),
                raised_to(3),
                status=str(Status.ASSUMED),
            ),
            rule(
                "national-2-student-3",
                "国家级二类竞赛学生前 3 名：晋升高级工",
                places(3, STUDENTS, _SECOND),
                just(3),
                status=str(Status.MEMORY),
            ),
        ),
    ),
)
