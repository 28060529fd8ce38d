"""A seating that is proposed, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.models import Judge
from compete.services.schedule.clashes import some_clashes
from compete.services.schedule.seating import Panels
from compete.services.schedule.suggesting import SuggestedSeating
from compete.web.language import say
from compete.web.organiser.seating.shapes import MoveRow, SuggestionCard


def suggestion_card(
    panels: Panels, found: SuggestedSeating, *, loads_first: bool
) -> SuggestionCard:
    """Moves, what is met and what not; even loads first, or the highest level."""
    first, other = ("loads", "level") if loads_first else ("level", "loads")
    empty = sum(max(0, panels.wanted_at(each)) for each in panels.stations) - sum(
        station in panels.stations for _judge, station in found.seats
    )
    fewest, most = found.loads
    names = {judge.id: judge.code for judge in panels.judges}
    told = _("%(n)s 秒算完", n=f"{found.seconds:.1f}")
    return SuggestionCard(
        moves=[
            MoveRow(
                text=_("%(who)s 到 %(where)s", who=_who(move.judge), where=_at(move.station))
                if move.comes
                else _("%(who)s 离开 %(where)s", who=_who(move.judge), where=_at(move.station)),
                why=say(move.why),
                explain=say(some_clashes(move.clashes)) if move.clashes else "",
            )
            for move in found.moves
        ],
        short=found.short,
        facts=[
            (
                _("必须回避"),
                _("%(n)s 处", n=found.barred),
                "bad" if found.barred else "ok",
            ),
            *([(_("同时在两处"), _("%(n)s 处", n=found.twice), "bad")] if found.twice else []),
            (
                _("要说明的"),
                _("%(n)s 处", n=found.explained),
                "warn" if found.explained else "ok",
            ),
            (
                _("每人评几个"),
                _("%(n)s 个", n=most)
                if fewest == most
                else _("%(least)s 到 %(most)s 个", least=fewest, most=most),
                "",
            ),
            (_("空着的席位"), _("%(n)s 席", n=empty), "warn" if empty else "ok"),
        ],
        best=_("照现在的裁判名单，没有坐得更齐的排法。差在哪里，写在下面。")
        if empty
        else _("已经开始评的裁判在这里换不下来，必须回避的到“回避”里办。")
        if found.barred or found.twice
        else _("现在的分工就是最好的，不用动。"),
        told=told if found.proven else _("%(told)s，时间到了，可能还有更好的", told=told),
        seats=[f"{names[judge]}|{station}" for judge, station in sorted(found.seats)],
        seen=found.seen,
        explained=bool(found.explained),
        first=first,
        other=other if panels.levels and len(panels.stations) > 1 else "",
    )


def _at(station: str) -> str:
    return station or _("这个模块")


def _who(judge: Judge) -> str:
    return f"{judge.code} {judge.name}"
