"""Scheme (方案): a competition's rules, units and plan as a file, to begin another from."""

from __future__ import annotations

import msgspec

from compete.domain.bundle.types import Bundle
from compete.domain.values.kinds import Kind
from compete.models import Competition
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.editions import next_edition
from compete.services.competitions.labour_starts import rules_of_edition
from compete.services.results.indicator_departments import with_departments


def scheme_of(competition: Competition) -> Bundle:
    """The scheme to begin a competition from: no people, marks or values, its own name and days.

    The desk's settings, conditions of entry and terms of notice and appeal, are in no bundle. A
    labour competition tells its units' groups and which department enters what.
    """
    same = Beginnings(
        name=competition.name,
        code=competition.code,
        year=competition.year,
        starts=competition.starts,
        ends=competition.ends,
    )
    bundle = next_edition(competition, same).bundle
    if competition.kind != Kind.LABOUR:
        return bundle
    labour = with_departments(competition, rules_of_edition(competition).labour)
    return msgspec.structs.replace(bundle, labour=labour)
