"""Tables over several events as a form has them: texts, one for each thing that it can show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compete.domain.values.kinds import OverallBy
from compete.domain.values.messages import msg
from compete.services.rules.draft_fields import (
    ChainField,
    ChoiceField,
    Form,
    RuleField,
    TicksField,
    UnsaidField,
    WholeField,
    coded,
    draft_field,
    draft_from,
    number,
    number_of,
    put,
    row_tree,
)
from compete.services.rules.rules_draft import PointsField, points_by_rank

AwardPoints = tuple[tuple[str, str], ...]
"""The points of each award, by its code, as they were typed."""


@dataclass(frozen=True, slots=True)
class AwardPointsField(RuleField):
    """A field for the points of each award, named by its code: `points.award1`."""

    @property
    def start(self) -> AwardPoints:
        return ()

    def of(self, value: Any) -> AwardPoints:
        return tuple((code, number_of(points)) for code, points in (value or {}).items())

    def read(self, form: Form, name: str, old: Any) -> AwardPoints:
        """Read what was typed: first what was before, in its order."""
        start = f"{name}."
        typed = {
            key.removeprefix(start): number(form, key) for key in form if key.startswith(start)
        }
        before = [code for code, _points in old if code in typed]
        return tuple(
            (code, typed[code]) for code in dict.fromkeys((*before, *typed)) if typed[code]
        )

    def texts(self, now: Any, name: str) -> dict[str, str]:
        return {f"{name}.{code}": points for code, points in now}


@dataclass(frozen=True, slots=True, kw_only=True)
class OverallDraft:
    """A draft of a table. `best`, `least_events` and places empty: as usual.

    `rank_points` are lines, of which `by` says whether they count, or the `award_points` do.
    """

    was: str = ""
    name: str = draft_field(RuleField, "name", msg("总表"), needed=True)
    who: str = draft_field(ChoiceField, "who", msg("排谁"), usual="units")
    events: tuple[str, ...] = draft_field(
        TicksField, "events", msg("算哪些赛项；都不勾就是全部"), short=msg("算哪些赛项")
    )
    by: str = draft_field(ChoiceField, "by", msg("按什么算"), usual="", needed=True)
    rank_points: str = draft_field(
        PointsField,
        "points",
        msg("名次积分，每行一个：名次、积分；没写的名次 0 分"),
        short=msg("名次积分"),
        by_hand=True,
    )
    award_points: tuple[tuple[str, str], ...] = draft_field(
        AwardPointsField, "points", msg("各奖项几分"), by_hand=True
    )
    shared: str = draft_field(UnsaidField, "shared", msg("并列的名次"), usual="full")
    best: str = draft_field(WholeField, "best", msg("每个赛项取本单位最高的几个"), msg("空着都取"))
    method: str = draft_field(UnsaidField, "method", msg("取的几个怎么合"), usual="sum")
    places: str = draft_field(WholeField, "places", msg("保留几位小数"), msg("空着是 2 位"))
    least_events: str = draft_field(
        WholeField, "least_events", msg("至少在几个赛项里有分才排"), msg("空着是 1 个")
    )
    ties: tuple[str, ...] = draft_field(ChainField, "ties", msg("同分先比什么"))

    @property
    def is_blank(self) -> bool:
        """True if it is a new one in which nothing was written."""
        return self == OverallDraft()


_NOT_OF_MEDALS = ("best", "method", "places")


def overall_drafts(tables: Iterable[Mapping[str, Any]]) -> tuple[OverallDraft, ...]:
    """The form's drafts of tables from a file."""
    drafts = []
    for table in tables:
        awards = table["by"] == OverallBy.AWARDS
        silent = {"rank_points": ""} if awards else {"award_points": ()}
        drafts.append(draft_from(OverallDraft, table, **silent))
    return tuple(drafts)


def overall_trees(
    drafts: Sequence[OverallDraft], tables: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The tables with what the drafts say; what no form shows, or nobody changed, stays as it is.

    Not checked: numbers that are none stay the texts that they are, for a reader to refuse.
    """
    known = {table["code"]: table for table in tables}
    return list(coded(drafts, known, _table_tree, "T"))


def _table_tree(draft: OverallDraft, known: Mapping[str, Any] | None, code: str) -> dict[str, Any]:
    tree = row_tree(draft, known, code)
    by_points = draft.by in (OverallBy.RANKS, OverallBy.AWARDS)
    (old,) = overall_drafts([known]) if known else (OverallDraft(),)
    points_now = (draft.by, draft.rank_points, draft.award_points)
    if points_now != (old.by, old.rank_points, old.award_points):
        awards = draft.by == OverallBy.AWARDS
        points = dict(draft.award_points) if awards else points_by_rank(draft.rank_points)
        put(tree, "points", points, needed=True)
    # What the form does not show with this way of counting has no part in it.
    hidden = [
        *([] if by_points else ["points"]),
        *([] if draft.by == OverallBy.RANKS else ["shared"]),
        *(_NOT_OF_MEDALS if draft.by == OverallBy.MEDALS else ()),
    ]
    for key in hidden:
        tree.pop(key, None)
    return tree
