"""Checks of tables over several events: what they count is there, and counted so."""

import re

from compete.domain.bundle.checks.amounts import note_below_zero
from compete.domain.bundle.checks.codes import Codes, note_reference, note_repeats, nowhere
from compete.domain.bundle.checks.events import dense_ranks
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.overall_types import Overall
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle
from compete.domain.values.kinds import AwardScope, Kind, OverallBy, OverallTie, RankStyle
from compete.domain.values.messages import msg

_RANK = re.compile("[1-9][0-9]{0,6}")
_BY_POINTS = (OverallBy.RANKS, OverallBy.AWARDS)


def note_overall(bundle: Bundle, problems: Problems) -> None:
    if bundle.competition.kind == Kind.LABOUR:
        problems.add("overall", msg("kind 是 labour 的竞赛不能有 overall"))
        return
    note_repeats(bundle.overall, "overall", problems)
    events = Codes(bundle.events)
    for index, table in enumerate(bundle.overall):
        path = f"overall[{index}]"
        for place, code in enumerate(table.events):
            note_reference(code, events, f"{path}.events[{place}]", "events", problems)
            if code is not UNREADABLE and code in table.events[:place]:
                problems.add(f"{path}.events[{place}]", msg("“%(code)s”写了不止一次", code=code))
        counted = [
            event
            for event in bundle.events
            if event is not UNREADABLE and (not table.events or event.code in table.events)
        ]
        if table.by is not UNREADABLE:
            _note_points(table, counted, path, problems)
            _note_medals(table, path, problems)
            _note_shared(table, counted, f"{path}.shared", problems)
        if table.by is OverallBy.SCALED:
            for event in counted:
                if event.scale is None:
                    problems.add(
                        f"{path}.by", msg("赛项 %(event)s 没有标准分（scale）", event=event.code)
                    )


def _note_points(table: Overall, counted: list[Event], path: str, problems: Problems) -> None:
    """Note points that are not of ranks or of awards alone."""
    if table.points is UNREADABLE:
        return
    if table.by not in _BY_POINTS:
        if table.points is not None:
            problems.add(f"{path}.points", msg("by 是 ranks 或 awards 时才写 points"))
        return
    if not table.points:
        problems.add(f"{path}.points", msg("by 是 ranks 或 awards 时要写 points"))
        return
    awards = {
        award.code
        for event in counted
        for award in event.awards
        if award is not UNREADABLE and award.scope in (AwardScope.ENTRANTS, UNREADABLE)
    }
    is_whole = all(UNREADABLE not in (event.awards, *event.awards) for event in counted)
    for key, points in table.points.items():
        where = f"{path}.points.{key}"
        note_below_zero(points, where, problems)
        if key is UNREADABLE:
            continue
        if table.by is OverallBy.RANKS and not _RANK.fullmatch(key):
            problems.add(where, msg("“%(key)s”不是名次", key=key))
        if table.by is OverallBy.AWARDS and is_whole and key not in awards:
            problems.add(where, nowhere(key, "awards"))


def _note_shared(table: Overall, counted: list[Event], path: str, problems: Problems) -> None:
    """Note points of shared ranks where none are given, or where ranks fill no others."""
    if table.shared in (None, UNREADABLE):
        return
    if table.by is not OverallBy.RANKS:
        problems.add(path, msg("by 是 ranks 时才写 shared"))
    elif table.averages:
        for event in counted:
            if event.ranking is not UNREADABLE and event.ranking.style is RankStyle.DENSE:
                problems.add(path, dense_ranks(event.code))


def _note_medals(table: Overall, path: str, problems: Problems) -> None:
    """Note settings of a medals table: medals leave nothing to choose, to add up or to round."""
    if table.by is not OverallBy.MEDALS:
        return
    for key in ("best", "method", "places"):
        if getattr(table, key) not in (None, UNREADABLE):
            problems.add(f"{path}.{key}", msg("by 是 medals 时不写 %(key)s", key=key))
    for place, key in enumerate(table.ties):
        if key is OverallTie.BEST:
            problems.add(f"{path}.ties[{place}]", msg("by 是 medals 时不写 %(key)s", key=key.value))
