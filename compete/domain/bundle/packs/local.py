"""Competitions of cities, districts, enterprises and schools: Tianjin 2024."""

from __future__ import annotations

from compete.domain.bundle.packs.kinds import GradePack, Status
from compete.domain.bundle.packs.wording import (
    STUDENTS,
    WORKERS,
    best_percent,
    just,
    only,
    places,
    raised_to,
    rule,
)
from compete.domain.values.kinds import Level

_CITY, _ENTERPRISE = Level.MUNICIPAL, Level.ENTERPRISE
_TIANJIN = ("http://publicservices.hrss.tj.gov.cn/kbms/node/3228",)
_ONCE = "同一个人一个自然年只晋升一次。"

LOCAL = (
    GradePack(
        name="tianjin-municipal-1-2024",
        title="市级综合赛和市级一类竞赛（天津 2024）",
        edition="2024",
        status=Status.SOURCED,
        source=_TIANJIN,
        notes=(_ONCE, "市技术能手只限第 1 名，是可申报，不自动授予。"),
        rules=(
            rule(
                "municipal-1-first",
                "市级一类竞赛职工第 1 名：可申报天津市技术能手",
                places(1, WORKERS, _CITY),
                only("天津市技术能手（可申报）"),
            ),
            rule(
                "municipal-1-top-10",
                "市级一类竞赛职工前 10 名：晋升技师，已是技师的晋升高级技师",
                places(10, WORKERS, _CITY, once_a_year=True),
                raised_to(2),
            ),
            rule(
                "municipal-1-student-10",
                "市级一类竞赛学生前 10 名：晋升高级工",
                places(10, STUDENTS, _CITY, once_a_year=True),
                just(3),
            ),
        ),
    ),
    GradePack(
        name="tianjin-municipal-2-2024",
        title="市级二类竞赛和区级竞赛（天津 2024）",
        edition="2024",
        status=Status.SOURCED,
        source=_TIANJIN,
        notes=(_ONCE,),
        rules=(
            rule(
                "municipal-2-top-6",
                "市级二类竞赛职工前 6 名：晋升高级工，已是高级工的晋升技师",
                places(6, WORKERS, _CITY, once_a_year=True),
                raised_to(3),
            ),
            rule(
                "municipal-2-student-6",
                "市级二类竞赛学生前 6 名：晋升中级工",
                places(6, STUDENTS, _CITY, once_a_year=True),
                just(4),
            ),
        ),
    ),
    GradePack(
        name="tianjin-enterprise-2024",
        title="企业和院校级竞赛（天津 2024）",
        edition="2024",
        status=Status.SOURCED,
        source=_TIANJIN,
        notes=(_ONCE,),
        rules=(
            rule(
                "enterprise-top-30-percent",
                "企业级竞赛职工前 30%：晋升中级工，已是中级工的晋升高级工",
                best_percent(30, WORKERS, _ENTERPRISE, once_a_year=True),
                raised_to(4),
            ),
            rule(
                "enterprise-student-30-percent",
                "院校级竞赛学生前 30%：晋升中级工",
                best_percent(30, STUDENTS, _ENTERPRISE, once_a_year=True),
                just(4),
            ),
        ),
    ),
)
