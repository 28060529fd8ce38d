"""Ranking draft: an event's ranks of people, teams and units as a form has them, in texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.services.competitions.draft_fields import (
    ChainField,
    ChoiceField,
    FlagField,
    Form,
    TextField,
    UnsaidField,
    WholeField,
    draft_from,
    number,
    put,
    put_said,
    told,
)

BY_POINTS, BY_MEDALS = "points", "medals"
_STYLE = ("style", "ordinal_by")
_TWO = msg("空着是 2 位")


@dataclass(frozen=True, slots=True)
class PointsField(TextField):
    """A line for each rank: the rank and its points."""

    def of(self, value: Any) -> str:
        return "\n".join(f"{rank} {plain(Decimal(it))}" for rank, it in (value or {}).items())

    def tidy(self, form: Form, name: str) -> str:
        return "\n".join(each for raw in number(form, name).splitlines() if (each := raw.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingDraft:
    """A draft of ranking. `on`, `style`, `mode` and places of decimals empty: as usual.

    Where what parts equals at last is written, it stands behind the style: `ordinal/code`.

    Without `best` teams are not ranked, without `units_by` units are not.
    """

    on: str = told(UnsaidField, "ranking.on", msg("名次看什么"), usual="rounded")
    style: str = told(
        UnsaidField, "ranking.style", msg("同名次以后怎么数"), usual="competition", by_hand=True
    )
    aspect: str = told(WholeField, "rounding.aspect", msg("评分点几位小数"), msg("空着不取整"))
    module: str = told(WholeField, "rounding.module", msg("模块成绩几位小数"), _TWO)
    total: str = told(WholeField, "rounding.total", msg("总成绩几位小数"), _TWO)
    mode: str = told(UnsaidField, "rounding.mode", msg("多出的小数"), usual="half_up")
    """The rounding of all of them: `half_up` or `down`."""
    best: str = told(
        WholeField, "team_ranking.best", msg("取成绩最好的几名队员"), msg("不排团体就空着")
    )
    method: str = told(ChoiceField, "team_ranking.method", msg("几名队员的成绩"), usual="sum")
    min_members: str = told(
        WholeField, "team_ranking.min_members", msg("至少报名几人才排"), msg("空着是 1 人")
    )
    require_full: bool = told(
        FlagField,
        "team_ranking.require_full",
        msg("有名次的队员不够数就不排；不勾：缺的算 0"),
        short=msg("有名次的队员不够数就不排"),
        usually=True,
    )
    team_ties: tuple[str, ...] = told(ChainField, "team_ranking.ties", msg("团体同分先比什么"))
    units_by: str = told(ChoiceField, "unit_ranking.by", msg("单位排名"), by_hand=True)
    """Empty, `points` or `medals`."""
    points: str = told(
        PointsField,
        "unit_ranking.points",
        msg("名次积分，每行一个：名次、积分；没写的名次 0 分"),
        short=msg("名次积分"),
        by_hand=True,
    )


def ranking_draft_of(event: Mapping[str, Any]) -> RankingDraft:
    """The form's draft of ranking rules from a file."""
    ranking, units = event.get("ranking") or {}, event.get("unit_ranking") or {}
    return draft_from(
        RankingDraft,
        event,
        style="/".join(str(ranking[key]) for key in _STYLE if ranking.get(key)),
        units_by=BY_MEDALS if units.get("medals") else BY_POINTS if units.get("points") else "",
    )


def put_ranking(tree: dict[str, Any], draft: RankingDraft, event: Mapping[str, Any]) -> None:
    """Put into the rules what the draft says otherwise than they do."""
    old = ranking_draft_of(event)
    put_said(tree, draft, old)
    if draft.style != old.style:
        part = {key: it for key, it in (tree.get("ranking") or {}).items() if key not in _STYLE}
        style = dict(zip(_STYLE, filter(None, draft.style.split("/")), strict=False))
        put(tree, "ranking", part | style)
    if not draft.best:
        tree.pop("team_ranking", None)
    if (draft.units_by, draft.points) != (old.units_by, old.points):
        put(tree, "unit_ranking", _units(draft, tree.get("unit_ranking") or {}))


def _units(draft: RankingDraft, known: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: it for key, it in known.items() if key not in (BY_POINTS, BY_MEDALS)}
    if draft.units_by == BY_MEDALS:
        return kept | {"medals": True}
    if draft.units_by != BY_POINTS:
        return {}
    points: dict[str, str] = {}
    for line in draft.points.splitlines():
        rank, _blank, worth = line.replace("，", " ").replace(",", " ").strip().partition(" ")
        if rank:
            # A rank that stands twice is no rank: the reader refuses the line.
            points[line if rank in points else rank] = worth.strip()
    # Nothing is no way of ranking: a reader refuses the text.
    return kept | {"points": points or ""}
