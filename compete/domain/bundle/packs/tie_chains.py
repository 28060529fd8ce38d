"""Usual orders of tie keys, for people and teams with equal totals. All end in a shared rank."""

from __future__ import annotations

from compete.domain.bundle.packs.kinds import Status, TiePack

_CUSTOM = ("通行做法",)
_PRACTICAL_CODES = (
    "{practical}、{theory} 换成本赛项实操和理论的代码；多个模块合成的部分写 part:代码。"
)

TIE_CHAINS = (
    TiePack(
        name="ties-practical-time-theory",
        title="先比实操成绩，再比实操用时，再比理论成绩",
        edition="通行",
        status=Status.MEMORY,
        source=_CUSTOM,
        notes=(_PRACTICAL_CODES,),
        keys=("module:{practical}", "time:{practical}", "module:{theory}"),
    ),
    TiePack(
        name="ties-time-practical-theory",
        title="先比实操用时，再比实操成绩，再比理论成绩",
        edition="通行",
        status=Status.SOURCED,
        source=("http://fsou.com/html/text/lar/17207918",),
        notes=(_PRACTICAL_CODES,),
        keys=("time:{practical}", "module:{practical}", "module:{theory}"),
    ),
    TiePack(
        name="ties-practical-only",
        title="只比实操成绩，仍相同则并列",
        edition="通行",
        status=Status.MEMORY,
        source=_CUSTOM,
        notes=(_PRACTICAL_CODES,),
        keys=("module:{practical}",),
    ),
    TiePack(
        name="team-ties-best-rank",
        title="团体总分相同，比队里最好的个人名次",
        edition="通行",
        status=Status.MEMORY,
        source=_CUSTOM,
        keys=("best_rank",),
        for_teams=True,
    ),
    TiePack(
        name="team-ties-time",
        title="团体总分相同，比队员实操用时之和",
        edition="通行",
        status=Status.SOURCED,
        source=("http://fsou.com/html/text/lar/17207918",),
        notes=(_PRACTICAL_CODES,),
        keys=("time:{practical}",),
        for_teams=True,
    ),
)
