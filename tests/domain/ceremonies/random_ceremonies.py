"""Random ceremonies of every kind, drawn by the second checker, and ways to change them."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.domain.ceremonies import plain_checker

# Beyond the BMP code points and UTF-16 sort differently; U+2028 and U+007F stand as they are.
ALPHABET = 'AB19甲é-"\\/ｱ\ufffd𠅤😀\u2028\x7f<&'
UNTIDY = ALPHABET + "\n\t\r\x00\x1f  "


def text(rng: Random, alphabet: str = ALPHABET, most: int = 5) -> str:
    """A text of one to `most` characters, in NFC."""
    letters = "".join(rng.choice(alphabet) for _ in range(rng.randint(1, most)))
    return unicodedata.normalize("NFC", letters)


def name(rng: Random) -> str:
    """A text without line breaks and control characters."""
    return text(rng, '组委会领队 B12é😀"\\', 6)


def some(rng: Random, **values: Any) -> dict[str, Any]:
    """An object that has each key or not."""
    return {key: value for key, value in values.items() if rng.random() < 0.75}


def random_list(rng: Random, size: int, units: int) -> list[dict[str, Any]]:
    """So many people of so many units; some of none."""
    codes: set[str] = set()
    while len(codes) < size:
        codes.add(text(rng))
    people = []
    for code in sorted(codes):
        unit = {"unit": f"U{rng.randrange(units)}"} if rng.random() < 0.9 else {}
        people.append({"code": code, **unit})
    return people


def random_places(rng: Random, size: int) -> list[dict[str, Any]]:
    """Places by session and station, some without, and sometimes in no order at all."""
    stations = rng.choice([1, 1, 2, 4])
    turns = rng.choice([1, 3, 6, 100])
    first = rng.choice([0, 1, -2, 2**53 - 200])
    wild = rng.random() < 0.2
    places: list[dict[str, Any]] = []
    for number in range(size):
        turn = rng.randrange(3) if wild else number // stations
        place: dict[str, Any] = {"code": f"{number}-{text(rng)}"}
        if rng.random() < 0.9:
            place |= {"line": str(number % stations), "order": first + turn}
        elif rng.random() < 0.3:
            place["order"] = turn
        if rng.random() < 0.9:
            place["session"] = "ABCDEFGH"[rng.randrange(3) if wild else turn // turns % 8]
        places.append(place)
    return places


def random_draw(rng: Random, most: int = 14) -> dict[str, Any]:
    """A draw that was not drawn yet."""
    size = rng.randint(1, most)
    draw: dict[str, Any] = {
        "event": text(rng),
        "stage": "final",
        "module": text(rng),
        "layer": rng.choice(["unit", "order", "station", text(rng, UNTIDY)]),
        "list": random_list(rng, size, rng.choice([1, 2, 4, 9])),
        "places": random_places(rng, size + rng.choice([0, 0, 1, 5])),
    }
    if rng.random() < 0.85:
        draw["rule"] = some(rng, apart=rng.random() < 0.8, per_session=rng.randint(1, 3))
    return draw


def random_party(rng: Random, called: str, opened: bool) -> dict[str, Any]:
    """A party whose seal is not made yet."""
    share, key = text(rng, UNTIDY, 9), rng.randbytes(16).hex()
    return {"name": called, "share": share, "key": key, "opened": opened}


def random_ceremony(rng: Random, most: int = 14) -> dict[str, Any]:
    """A ceremony held as the page says; one of ten is void."""
    names: set[str] = set()
    while len(names) < rng.choice([3, 3, 4, 6]):
        names.add(name(rng))
    *parties, spare = rng.sample(sorted(names), len(names))
    void = rng.random() < 0.1
    number = rng.choice([1, 1, 2, 3, 2**53 - 1])
    before = {"head": rng.randbytes(32).hex(), "reason": text(rng, UNTIDY), "by": name(rng)}
    file: dict[str, Any] = {
        "format": "compete-draw/1",
        "ceremony": name(rng),
        "number": number,
        **({"before": before} if number > 1 else {}),
        "draws": [random_draw(rng, most) for _ in range(rng.choice([1, 1, 2, 3]))],
        "parties": [random_party(rng, party, rng.random() < 0.7 - void * 0.5) for party in parties],
        "spare": random_party(rng, spare, not void or rng.random() < 0.5),
    }
    for party in (*file["parties"], file["spare"]):
        party["seal"] = plain_checker.seal_of(file, party)
        if not party.pop("opened"):
            party["share"] = party["key"] = None
    draw_all(file)
    return file


def draw_all(file: dict[str, Any]) -> None:
    """Write into the file what its openings give."""
    void = file["spare"]["share"] is None or all(
        party["share"] is None for party in file["parties"]
    )
    for number, draw in enumerate(file["draws"]):
        if void:
            draw |= {"result": [], "unmet": [], "tries": 0}
        else:
            draw |= plain_checker.drawn(plain_checker.seed_of(file), number, draw)


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text, number, truth and null, and to every empty list and rule."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from leaves(item, (*way, key))
    else:
        yield way


def changed_leaf(rng: Random, value: Any) -> Any:
    """Another value of the same kind, as near as can be."""
    if value is None or isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice([-1, 1])
    if isinstance(value, list | dict):
        return ["x"] if isinstance(value, list) else {"apart": False}
    at = rng.randrange(len(value))
    if all(c in "0123456789abcdef" for c in value):
        other = rng.choice("0123456789abcdef".replace(value[at], ""))
    else:
        other = rng.choice("xyz")
    return value[:at] + other + value[at + 1 :]


def changed(rng: Random, file: dict[str, Any]) -> dict[str, Any]:
    """The file with one value changed, one key or row left out, or two rows swapped."""
    file = copy.deepcopy(file)
    way = rng.choice(list(leaves(file)))
    here: Any = file
    for step in way[:-1]:
        here = here[step]
    act = rng.random()
    if act < 0.8:
        here[way[-1]] = changed_leaf(rng, here[way[-1]])
    elif act < 0.9:
        del here[way[-1]]
    else:
        rows = rng.choice([*file["draws"], file]).get(rng.choice(["list", "places", "parties"]))
        if rows:
            rng.shuffle(rows)
    return file


def as_bytes(rng: Random, file: dict[str, Any]) -> bytes:
    """The file written in one of the ways that JSON allows."""
    written = json.dumps(
        file,
        ensure_ascii=rng.random() < 0.3,
        indent=rng.choice([None, 1, 4]),
        sort_keys=rng.random() < 0.3,
    )
    if rng.random() < 0.1:
        written = "\ufeff" + written.replace("\n", "\r\n")
    return written.encode()
