"""Compared by age: people whose birth decides a place; no other birth is published.

Keys are compared in order, so a birth counts only for those who share with somebody ranked
beside them all that is compared before the first `age:` key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from compete.domain.ranking.items import ItemState
from compete.domain.ranking.stage import StageState
from compete.domain.scoring.scorer import Scorer


def deciding_births(scorer: Scorer) -> frozenset[str]:
    """The entrants whose birth is looked at in any ranking of their event."""
    rankings: list[StageState | ItemState] = []
    for event in scorer.events.values():
        rankings += [*event.stages, *event.items]
    return frozenset(code for ranking in rankings for code in _compared_by_age(ranking))


def _compared_by_age(ranking: StageState | ItemState) -> Iterator[str]:
    ages = [place for place, tie in enumerate(ranking.ties, 1) if tie.text.startswith("age:")]
    if not ages:
        return
    before = {code: key[: ages[0]] for code, key in ranking.standing.keys.items()}
    shared = Counter(before.values())
    yield from (code for code, key in before.items() if shared[key] > 1)
