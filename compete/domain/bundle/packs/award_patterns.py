"""Usual rows of awards: shares of those ranked, or fixed numbers."""

from __future__ import annotations

from decimal import Decimal

from compete.domain.bundle.event_types import Award
from compete.domain.bundle.packs.kinds import AwardPack, Status
from compete.domain.values.kinds import AwardScope

_PRIZES = (("first", "一等奖"), ("second", "二等奖"), ("third", "三等奖"))
_CUSTOM = ("通行做法",)


def _numbers(*tops: int) -> tuple[Award, ...]:
    return tuple(
        Award(code=code, name=name, top=top)
        for (code, name), top in zip(_PRIZES, tops, strict=True)
    )


def _for_teams(*tops: int) -> tuple[Award, ...]:
    return tuple(
        Award(code=f"team-{code}", name=f"团体{name}", top=top, scope=AwardScope.TEAMS)
        for (code, name), top in zip(_PRIZES, tops, strict=True)
    )


AWARD_PATTERNS = (
    AwardPack(
        name="awards-10-20-30-percent",
        title="一等奖 10%，二等奖 20%，三等奖 30%",
        edition="2012",
        status=Status.SOURCED,
        source=("http://fsou.com/html/text/chl/1764/176474_2.html",),
        notes=("人数四舍五入，一等奖至少 1 人：这两点是暂定的。",),
        awards=(
            Award(code="first", name="一等奖", ratio=Decimal("0.1"), at_least=1),
            Award(code="second", name="二等奖", ratio=Decimal("0.2")),
            Award(code="third", name="三等奖", ratio=Decimal("0.3")),
        ),
    ),
    AwardPack(
        name="awards-1-2-3",
        title="一等奖 1 名，二等奖 2 名，三等奖 3 名",
        edition="通行",
        status=Status.MEMORY,
        source=_CUSTOM,
        awards=_numbers(1, 2, 3),
    ),
    AwardPack(
        name="awards-3-6-9",
        title="一等奖 3 名，二等奖 6 名，三等奖 9 名（三个赛项合计）",
        edition="通行",
        status=Status.MEMORY,
        source=_CUSTOM,
        awards=_numbers(3, 6, 9),
    ),
    AwardPack(
        name="awards-1-2-3-9",
        title="一等奖 1 名，二等奖 2 名，三等奖 3 名，优胜奖 9 名（湖北 2024）",
        edition="2024",
        status=Status.SOURCED,
        source=("2024 年湖北省灌排泵站运行工竞赛的公开报道",),
        awards=(*_numbers(1, 2, 3), Award(code="merit", name="优胜奖", top=9)),
    ),
    AwardPack(
        name="awards-2-8-10",
        title="一等奖 2 名，二等奖 8 名，三等奖 10 名（山东 2017，每个工种）",
        edition="2017",
        status=Status.SOURCED,
        source=("2017 年山东省水利行业竞赛的公开报道",),
        awards=_numbers(2, 8, 10),
    ),
    AwardPack(
        name="awards-team-1-2-3",
        title="团体一等奖 1 队，二等奖 2 队，三等奖 3 队（江苏 2024）",
        edition="2024",
        status=Status.SOURCED,
        source=("2024 年江苏省航闸养护竞赛决赛的公开报道",),
        awards=_for_teams(1, 2, 3),
    ),
)
