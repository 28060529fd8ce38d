"""Who goes on to the next stage."""

from __future__ import annotations

from collections.abc import Mapping

from compete.domain.bundle import Advance
from compete.domain.ranking.standing import Standing
from compete.domain.values import AdvanceTies


def advancing(
    standing: Standing, advance: Advance | None, unit_of: Mapping[str, str]
) -> frozenset[str]:
    """Walk down the ranks, equal ranks in code order, and take who may go on.

    Nobody's unit sends more than `per_unit`. After `top` are taken, all who
    share the last taken rank come too unless `ties` is `cut`. Without a rule
    all the ranked go on.
    """
    if advance is None:
        return frozenset(standing.codes())
    taken: list[str] = []
    sent: dict[str, int] = {}
    last_rank = 0
    for rank, code in standing.ranked():
        if advance.top is not None and len(taken) >= advance.top:
            include = advance.ties is AdvanceTies.INCLUDE
            if not include or not taken or rank != last_rank:
                break
        unit = unit_of[code]
        if advance.per_unit is not None and sent.get(unit, 0) >= advance.per_unit:
            continue
        taken.append(code)
        sent[unit] = sent.get(unit, 0) + 1
        last_rank = rank
    return frozenset(taken)
