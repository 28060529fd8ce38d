"""Ways to spoil a bundle at random, as objects and as bytes."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from tests.domain.bundle.sample import BUNDLES, labour, skills

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 5, 0.5, -0.0, 1e300, 1e-300, 10**30, float("nan"), float("inf"),
    "", "0", "-0", "1", "-1", "2.5", "1e3", "1_0", "NaN", " 1", "１", "any", "all", "U1", "E1",
    "s2", "craft", "module:craft", "stage:", ":", "2026-02-30", "x" * 200, "\x00", "\ud800",
    "😀", [], [[]], [None], {}, {"extra": {}}, {"code": "U1"}, [{"code": "a", "name": "b"}],
]  # fmt: skip


def originals() -> list[Any]:
    """Right bundles of every kind."""
    return [skills(), labour(), *(json.loads(path.read_bytes()) for path in BUNDLES)]


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value below the top."""
    ways: list[tuple[Any, ...]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        ways.append((*way, key))
        if isinstance(item, dict | list):
            ways += places(item, (*way, key))
    return ways


def spoiled(rng: Random, plain: Any, times: int) -> Any:
    """The bundle with some values replaced, left out, renamed or doubled."""
    plain = copy.deepcopy(plain)
    for _ in range(times):
        ways = places(plain)
        if not ways:
            break
        *way, key = rng.choice(ways)
        here = plain
        for step in way:
            here = here[step]
        _spoil(rng, here, key)
    return plain


def _spoil(rng: Random, here: Any, key: Any) -> None:
    act = rng.randrange(10)
    if act < 6:
        here[key] = copy.deepcopy(rng.choice(ODD))
    elif act < 8:
        del here[key]
    elif isinstance(here, list):
        here.insert(rng.randrange(len(here) + 1), copy.deepcopy(here[key]))
    else:
        here[rng.choice(["extra", "code", "value", "x", "points", "", "\ud800"])] = here.pop(key)


def broken(rng: Random, data: bytes) -> bytes:
    """The bytes with a few flipped, cut out, doubled or put in."""
    raw = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(raw) + 1)
        act = rng.randrange(4)
        if act == 0 and place < len(raw):
            raw[place] = rng.randrange(256)
        elif act == 1:
            del raw[place : place + rng.randint(1, 30)]
        elif act == 2:
            raw[place:place] = raw[place : place + rng.randint(1, 30)]
        else:
            raw[place:place] = rng.choice([b"[", b"{", b'"', b",", b":", b"\xff", b"\x00", b"e9"])
    return bytes(raw)
