"""方案: a competition's rules, units and plan as a file, from which it can be begun elsewhere."""

from __future__ import annotations

from compete.domain import bundle as b
from compete.models import Competition
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.editions import next_edition


def scheme_of(competition: Competition) -> b.Bundle:
    """What a skills competition can be begun from: no people, no marks, its own name and days.

    The desk's settings, conditions of entry and terms of notice and appeal, are in no bundle.
    """
    same = Beginnings(
        name=competition.name,
        code=competition.code,
        year=competition.year,
        starts=competition.starts,
        ends=competition.ends,
    )
    return next_edition(competition, same).bundle
