"""Whatever a file can say of rules, a form can say."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec
import pytest

from compete.domain.bundle.event_types import Event
from compete.services.rules.rules_draft import draft_of, tree_of
from tests.domain.scoring.competitions import competition
from tests.support.every_rule import (
    KEEPS,
    as_stored,
    every_rule,
    keys_in,
    keys_of_rules,
    least_of,
    least_rules,
)


def variants() -> Iterator[dict[str, Any]]:
    yield every_rule("A")
    yield every_rule("A") | {
        "unit_ranking": {"medals": True},
        "ranking": {"style": "dense"},
        "rounding": {"mode": "up"},
    }


def test_the_samples_say_every_key_of_the_contract() -> None:
    keys: set[str] = set()
    for plain in variants():
        keys |= keys_in(msgspec.convert(plain, type=Event, strict=False))
    assert {key for key in keys_of_rules() - keys if key.split(".")[1] not in KEEPS} == set()


def test_what_a_file_says_can_be_typed_onto_the_least_rules() -> None:
    for plain in variants():
        full, least = as_stored(plain), as_stored(least_rules("A"))
        assert set(lost(full, tree_of(draft_of(full), least))) == set()
        assert tree_of(draft_of(full), full) == full


@pytest.mark.parametrize("seed", range(12))
def test_a_form_says_what_any_file_says(seed: int) -> None:
    rng = Random(seed)
    for _time in range(8):
        full = as_stored(competition(rng, version=None)["events"][0])
        draft = draft_of(full)
        assert tree_of(draft, full) == full
        # Typed onto an event that has the same rows and says nothing of them but that.
        typed = tree_of(draft, as_stored(least_of(full)))
        assert as_event(typed) == as_event(full)


def as_event(plain: dict[str, Any]) -> Event:
    event = msgspec.convert(plain, type=Event, strict=False)
    # Of awards true and `all` are the same.
    awards = tuple(
        msgspec.structs.replace(it, pass_modules="all") if it.pass_modules is True else it
        for it in event.awards
    )
    return msgspec.structs.replace(event, awards=awards)


def lost(wanted: Any, got: Any, path: str = "") -> Iterator[str]:
    """The ways of keys under which the two differ, without the numbers of rows."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in wanted | got:
            way = f"{path}.{key}".lstrip(".")
            if key not in wanted or key not in got:
                yield way
            else:
                yield from lost(wanted[key], got[key], way)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for item, other in zip(wanted, got, strict=True):
            yield from lost(item, other, path)
    elif wanted != got:
        yield path
