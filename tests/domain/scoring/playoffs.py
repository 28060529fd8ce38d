"""Playoffs for a made-up competition: among those whom nothing else has parted."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.domain.reference.event import Event

Plain = dict[str, Any]


def with_playoffs(rng: Random, plain: Plain, most: int = 3) -> Plain:
    """The competition with up to so many playoffs, each of which fits."""
    playoffs: list[Plain] = []
    for _ in range(rng.randint(0, most)):
        made = {**plain, "playoffs": playoffs}
        groups = [
            (event["code"], stage.code, equals)
            for event in plain["events"]
            for stage in Event(made, event).stages
            for equals in sets_of_equals(stage)
        ]
        if not groups:
            break
        event, stage, equals = rng.choice(groups)
        # Who goes on from here changes, and with it who is equal in later stages.
        later = _later_stages(plain, event, stage)
        playoffs = [it for it in playoffs if (it["event"], it["stage"]) not in later]
        playoffs.append({"event": event, "stage": stage, **parting(rng, equals)})
    return {**plain, "playoffs": playoffs} if playoffs else plain


def _later_stages(plain: Plain, event: str, stage: str) -> set[tuple[str, str]]:
    (stages,) = (event_row["stages"] for event_row in plain["events"] if event_row["code"] == event)
    codes = [later_stage["code"] for later_stage in stages]
    return {(event, code) for code in codes[codes.index(stage) + 1 :]}


def sets_of_equals(stage: Any) -> list[list[str]]:
    """Those of a stage who are still equal, two or more together."""
    sets: dict[Any, list[str]] = {}
    for code, key in stage.order_keys.items():
        sets.setdefault(key, []).append(code)
    return [equals for equals in sets.values() if len(equals) > 1]


def parting(rng: Random, equals: list[str]) -> Plain:
    """An order of these, in which some may stay equal."""
    codes = rng.sample(equals, len(equals))
    cuts = sorted(rng.sample(range(1, len(codes)), rng.randint(1, len(codes) - 1)))
    groups = [codes[low:high] for low, high in zip([0, *cuts], [*cuts, len(codes)], strict=True)]
    order = [group[0] if len(group) == 1 and rng.random() < 0.9 else group for group in groups]
    return {"order": order, "kind": rng.choice(["extra", "lot"]), "reason": "同分"}
