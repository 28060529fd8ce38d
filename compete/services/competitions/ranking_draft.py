"""How an event ranks people, teams and units, as a form has it: texts, one for each thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compete.domain.values.numerals import plain
from compete.services.competitions.draft_parts import put, put_changed, text_of, whole

BY_POINTS, BY_MEDALS = "points", "medals"
_ROUNDED = ("aspect", "module", "total", "mode")
_STYLE = ("style", "ordinal_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingDraft:
    """`on`, `style` and `mode` empty: as usual; places of decimals empty: as usual.

    Where what parts equals at last is written, it stands behind the style: `ordinal/code`.

    Without `best` teams are not ranked, without `units_by` units are not.
    """

    on: str = ""
    style: str = ""
    aspect: str = ""
    module: str = ""
    total: str = ""
    mode: str = ""
    """How all of them are rounded: `half_up` or `down`."""
    best: str = ""
    method: str = "sum"
    require_full: bool = True
    min_members: str = ""
    team_ties: tuple[str, ...] = ()
    units_by: str = ""
    """Empty, `points` or `medals`."""
    points: str = ""
    """A line for each rank: the rank and its points."""


def ranking_draft_of(event: Mapping[str, Any]) -> RankingDraft:
    """What a form shows of rules as a file writes them."""
    ranking, rounding = event.get("ranking") or {}, event.get("rounding") or {}
    team, units = event.get("team_ranking") or {}, event.get("unit_ranking") or {}
    points = units.get("points") or {}
    return RankingDraft(
        on=str(ranking.get("on") or ""),
        style="/".join(str(ranking[key]) for key in _STYLE if ranking.get(key)),
        **{key: text_of(rounding.get(key)) for key in _ROUNDED},
        best=text_of(team.get("best")),
        method=str(team.get("method") or "sum"),
        require_full=bool(team.get("require_full", True)),
        min_members=text_of(team.get("min_members")),
        team_ties=tuple(team.get("ties") or ()),
        units_by=BY_MEDALS if units.get("medals") else BY_POINTS if points else "",
        points="\n".join(f"{rank} {plain(Decimal(it))}" for rank, it in points.items()),
    )


def put_ranking(tree: dict[str, Any], draft: RankingDraft, event: Mapping[str, Any]) -> None:
    """Put into the rules what the draft says otherwise than they do."""
    old = ranking_draft_of(event)
    if draft == old:
        return
    _put_parts(tree, "ranking", draft, old, ("on", "style"))
    if draft.style != old.style:
        part = {key: it for key, it in (tree.get("ranking") or {}).items() if key not in _STYLE}
        put(
            tree,
            "ranking",
            part | dict(zip(_STYLE, filter(None, draft.style.split("/")), strict=False)),
        )
    _put_parts(tree, "rounding", draft, old, _ROUNDED)
    if not draft.best:
        tree.pop("team_ranking", None)
    elif _of_teams(draft) != _of_teams(old):
        team = dict(tree.get("team_ranking") or {})
        team["best"] = whole(draft.best)
        put_changed(team, draft, old, ("method",), lambda way: "" if way == "sum" else way)
        put_changed(team, draft, old, ("require_full",), lambda full: None if full else False)
        put_changed(team, draft, old, ("min_members",), whole)
        if draft.team_ties != old.team_ties:
            put(team, "ties", list(draft.team_ties))
        tree["team_ranking"] = team
    if (draft.units_by, draft.points) != (old.units_by, old.points):
        put(tree, "unit_ranking", _units(draft, tree.get("unit_ranking") or {}))


def _of_teams(draft: RankingDraft) -> tuple[object, ...]:
    return draft.best, draft.method, draft.require_full, draft.min_members, draft.team_ties


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


def _put_parts(
    tree: dict[str, Any],
    name: str,
    draft: RankingDraft,
    old: RankingDraft,
    keys: tuple[str, ...],
) -> None:
    part = dict(tree.get(name) or {})
    put_changed(part, draft, old, keys, whole)
    put(tree, name, part)
