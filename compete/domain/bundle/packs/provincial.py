"""Provincial skills competitions: Shanxi, Hainan, and a draft for Jiangsu."""

from __future__ import annotations

from compete.domain.bundle.packs.kinds import GradePack, Status
from compete.domain.bundle.packs.wording import (
    WORKERS,
    best_percent,
    just,
    only,
    places,
    raised_to,
    rule,
)
from compete.domain.values.kinds import Level
from compete.domain.values.messages import msg

_FIRST, _SECOND = Level.PROVINCIAL_1, Level.PROVINCIAL_2
_SHANXI = ("https://news.shi-fen.com/china/202007/50-778881.html",)
_MAY_APPLY = "“可申报”的等级不自动晋升，写在各条的 extra.may_apply 里。"
_JIANGSU = ("没有找到省里的条文，按外省做法暂定",)
_TEAMS = "按队排名：每队只登记一人，名次和人数都是队的；晋升适用于全队，逐人按现等级核定。"
_ONE_EACH = msg("每个队只登记了一人，这个人的名次就是队的名次")

PROVINCIAL = (
    GradePack(
        name="shanxi-provincial-1-2020",
        title="省级一类竞赛（山西 2020）",
        edition="2020",
        status=Status.SOURCED,
        source=_SHANXI,
        notes=(_MAY_APPLY,),
        rules=(
            rule(
                "provincial-1-top-3",
                "省级一类竞赛职工前 3 名：晋升技师，可申报高级技师，授予三晋技术能手",
                places(3, WORKERS, _FIRST),
                just(2, "三晋技术能手"),
                may_apply=1,
            ),
            rule(
                "provincial-1-top-6",
                "省级一类竞赛职工第 4 至 6 名：晋升高级工，已是高级工的晋升技师",
                places(6, WORKERS, _FIRST),
                raised_to(3),
            ),
        ),
    ),
    GradePack(
        name="shanxi-provincial-2-2020",
        title="省级二类竞赛（山西 2020）",
        edition="2020",
        status=Status.SOURCED,
        source=_SHANXI,
        notes=(_MAY_APPLY,),
        rules=(
            rule(
                "provincial-2-first",
                "省级二类竞赛职工第 1 名：晋升技师，可申报高级技师，授予三晋技术能手",
                places(1, WORKERS, _SECOND),
                just(2, "三晋技术能手"),
                may_apply=1,
            ),
            rule(
                "provincial-2-top-3",
                "省级二类竞赛职工第 2、3 名：晋升高级工，可申报技师",
                places(3, WORKERS, _SECOND),
                just(3),
                may_apply=2,
            ),
            rule(
                "provincial-2-top-6",
                "省级二类竞赛职工第 4 至 6 名：晋升高级工",
                places(6, WORKERS, _SECOND),
                just(3),
            ),
        ),
    ),
    GradePack(
        name="hainan-team",
        title="海南自贸港技能大赛装配式建筑赛项（团队）",
        edition="通知",
        status=Status.SOURCED,
        source=("https://zhjsw.cn/jianshehangye/show-7604.html",),
        presumes=_ONE_EACH,
        notes=(_TEAMS, "原通知规定排名不并列。", "奖金（元）写在各条的 extra.bonus_yuan 里。"),
        rules=(
            rule(
                "hainan-team-first",
                "第 1 名的队：授予海南省技术能手",
                places(1, WORKERS, _FIRST, _SECOND),
                only("海南省技术能手"),
                bonus_yuan=[8000],
            ),
            rule(
                "hainan-team-top-3",
                "前 3 名的队：晋升技师，已是技师的晋升高级技师",
                places(3, WORKERS, _FIRST, _SECOND),
                raised_to(2),
                bonus_yuan=[8000, 5000, 3000],
            ),
            rule(
                "hainan-team-upper-half",
                "第 3 名以后、排在前一半的队：优胜奖，晋升高级工，已是高级工的晋升技师",
                best_percent(50, WORKERS, _FIRST, _SECOND),
                raised_to(3),
                award="优胜奖",
            ),
        ),
    ),
    GradePack(
        name="jiangsu-provincial-1-draft",
        title="省级一类竞赛（江苏，暂定）",
        edition="草案",
        status=Status.ASSUMED,
        source=_JIANGSU,
        notes=(
            "2021 年公路养护工省级一类竞赛第 5 名获省技术能手和省五一创新能手，称号据此到第 5 名。",
        ),
        rules=(
            rule(
                "provincial-1-top-3",
                "省级一类竞赛职工前 3 名：晋升技师，已是技师的晋升高级技师",
                places(3, WORKERS, _FIRST, once_a_year=True),
                raised_to(2),
                status=str(Status.ASSUMED),
            ),
            rule(
                "provincial-1-top-8",
                "省级一类竞赛职工第 4 至 8 名：晋升高级工，已是高级工的晋升技师",
                places(8, WORKERS, _FIRST, once_a_year=True),
                raised_to(3),
                status=str(Status.ASSUMED),
            ),
            rule(
                "provincial-1-titles",
                "省级一类竞赛职工前 5 名：授予江苏省技术能手、江苏省五一创新能手",
                places(5, WORKERS, _FIRST),
                only("江苏省技术能手", "江苏省五一创新能手"),
                status=str(Status.ASSUMED),
            ),
        ),
    ),
    GradePack(
        name="jiangsu-provincial-2-draft",
        title="省级二类竞赛（江苏，暂定）",
        edition="草案",
        status=Status.ASSUMED,
        source=_JIANGSU,
        rules=(
            rule(
                "provincial-2-first",
                "省级二类竞赛职工第 1 名：晋升技师，已是技师的晋升高级技师，授予江苏省技术能手",
                places(1, WORKERS, _SECOND, once_a_year=True),
                raised_to(2, "江苏省技术能手"),
                status=str(Status.ASSUMED),
            ),
            rule(
                "provincial-2-top-6",
                "省级二类竞赛职工第 2 至 6 名：晋升高级工，已是高级工的晋升技师",
                places(6, WORKERS, _SECOND, once_a_year=True),
                raised_to(3),
                status=str(Status.ASSUMED),
            ),
        ),
    ),
)
