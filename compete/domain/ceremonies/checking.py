"""Check that a draw file fits together: seals first, then void or not, then what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain, islice, zip_longest
from typing import Any, NamedTuple

import msgspec

from compete.domain.ceremonies import hashing
from compete.domain.ceremonies.drawing import NOTHING, Outcome, draw_places
from compete.domain.ceremonies.types import DrawFile


class Checked(StrEnum):
    """The things that a check compares."""

    SEAL = "seal"
    HEAD = "head"
    OPENINGS = "openings"
    VOID = "void"
    RESULT = "result"
    UNMET = "unmet"
    TRIES = "tries"


class Difference(NamedTuple):
    """A difference: one thing that does not come out.

    `found` stands in the file at `place`, or was noted at the ceremony;
    `wanted` was worked out. Rows are objects with the keys of the file; None
    stands for a row that is not there. For a ceremony that is void `found` is
    how many opened, and `wanted` how many had to.
    """

    what: Checked
    place: str
    found: Any
    wanted: Any


class Findings(NamedTuple):
    """The result of a check. Everything fits if `differences` is empty.

    At most two differences are there: the first, and for a void ceremony the
    first of what should be empty and is not. `seed` is None while the spare is
    sealed. Hashes are lower-case hex.
    """

    head: str
    openings: str
    seed: str | None
    differences: tuple[Difference, ...]

    @property
    def fits(self) -> bool:
        """True if all came out, and the ceremony is not void."""
        return not self.differences


def check_draw_file(file: DrawFile, *, noted_head: str = "", noted_openings: str = "") -> Findings:
    """Work a ceremony out again and hold it against its file.

    What was noted at the ceremony may be the first digits of head and
    openings, in lower-case hex.
    """
    head = hashing.head(file)
    openings = hashing.openings(file, head)
    seed = hashing.seed(openings, file.spare) if file.spare.opened else None
    differences = _first(
        _seals(file),
        _hash_difference(Checked.HEAD, noted_head, head),
        _hash_difference(Checked.OPENINGS, noted_openings, openings),
    )
    if not differences and file.void:
        differences = (_void(file), *_first(_draw_differences(file, None)))
    elif not differences:
        differences = _first(_draw_differences(file, seed))
    return Findings(head, openings, seed.hex() if seed else None, differences)


def _seals(file: DrawFile) -> Iterator[Difference]:
    seals = hashing.Seals(file.ceremony, file.number)
    parties = [(f"parties[{number}]", party) for number, party in enumerate(file.parties)]
    for place, party in (*parties, ("spare", file.spare)):
        seal = seals.of(party)
        if seal is not None and seal != party.seal:
            yield Difference(Checked.SEAL, f"{place}.seal", party.seal, seal)


def _hash_difference(what: Checked, noted: str, worked_out: str) -> Iterator[Difference]:
    if not worked_out.startswith(noted):
        yield Difference(what, what.value, noted, worked_out)


def _void(file: DrawFile) -> Difference:
    if file.spare.opened:
        return Difference(Checked.VOID, "parties", 0, 1)
    return Difference(Checked.VOID, "spare", 0, 1)


def _draw_differences(file: DrawFile, seed: bytes | None) -> Iterator[Difference]:
    """Differences in the draws; nothing was drawn without a seed."""
    for number, draw in enumerate(file.draws):
        wanted = NOTHING if seed is None else draw_places(seed, number, draw)
        outcome = Outcome(draw.result, draw.unmet, draw.tries)
        if outcome == wanted:
            continue
        place = f"draws[{number}]"
        yield from _rows(Checked.RESULT, place, outcome.result, wanted.result)
        yield from _rows(Checked.UNMET, place, outcome.unmet, wanted.unmet)
        if outcome.tries != wanted.tries:
            yield Difference(Checked.TRIES, f"{place}.tries", outcome.tries, wanted.tries)


def _rows(
    what: Checked, place: str, rows: Sequence[Any], wanted: Sequence[Any]
) -> Iterator[Difference]:
    for number, (row, other) in enumerate(zip_longest(rows, wanted)):
        if row != other:
            stated, right = msgspec.to_builtins(row), msgspec.to_builtins(other)
            yield Difference(what, f"{place}.{what.value}[{number}]", stated, right)


def _first(*differences: Iterator[Difference]) -> tuple[Difference, ...]:
    return tuple(islice(chain(*differences), 1))
