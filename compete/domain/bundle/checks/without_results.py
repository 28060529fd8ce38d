"""Checks of a file of a kind without results: nothing in it may lead to an award or a grade."""

from __future__ import annotations

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle
from compete.domain.kinds.kinds import KINDS
from compete.domain.values.messages import msg

_OF_EVENTS = ("grades", "awards", "items", "team_ranking", "unit_ranking", "scale")
_OF_FILES = ("teams", "playoffs", "overall", "labour")
_OF_PEOPLE = ("promoted", "team", "members", "grade", "id_number")


def note_without_results(bundle: Bundle, problems: Problems) -> None:
    """Note what a practice has none of: what ranks, rewards or promotes, and ID numbers."""
    kind = bundle.competition.kind
    if kind is UNREADABLE or KINDS[kind].has_results:
        return
    rows = [
        ("", bundle, _OF_FILES),
        *((f"events[{at}].", it, _OF_EVENTS) for at, it in enumerate(bundle.events)),
        *((f"entrants[{at}].", it, _OF_PEOPLE) for at, it in enumerate(bundle.entrants)),
    ]
    for place, row, keys in rows:
        for key in keys:
            if getattr(row, key) not in (None, (), UNREADABLE):
                problems.add(
                    f"{place}{key}",
                    msg(
                        "kind 是 practice 的练习没有“%(key)s”：它不排名次，不评奖，不定等级",
                        key=key,
                    ),
                )
