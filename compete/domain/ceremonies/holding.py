"""A ceremony as rules of a file, without clock or database: seal, announce, open, fix, draw.

Each step gives a new `DrawFile`. Nothing here makes chance or asks a clock: the
keys come from the devices of those who seal, and when a step may be taken is for
the caller to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from compete.domain.ceremonies.drawing import NOTHING, Outcome, draw_places, places_before
from compete.domain.ceremonies.hashing import head, openings, seal, seed
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import (
    FORMAT,
    KEY_BYTES,
    Before,
    Draw,
    DrawFile,
    Party,
    Place,
)
from compete.domain.ceremonies.values import text_fault
from compete.domain.ceremonies.writing import write_draw_file
from compete.domain.values.messages import ToldError, msg


class OpeningError(ToldError):
    """An opening that can't be taken; `message` says why."""


def seal_share(ceremony: str, number: int, name: str, share: str, key: bytes) -> Party:
    """Seal a share on the party's own device, opening and all: `key` is 16 fresh random bytes.

    Only `sealed(...)` of it leaves the device before the opening. Raises
    `OpeningError` for a share that no file may hold, ValueError for another length of key.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    fault = text_fault(share)
    if fault is not None:
        raise OpeningError(fault)
    made = seal(ceremony, number, name, key.hex(), share)
    return Party(name=name, seal=made, share=share, key=key.hex())


def sealed(party: Party) -> Party:
    """The part of a party that may be known before it opens."""
    return msgspec.structs.replace(party, share=None, key=None)


def announce(
    ceremony: str,
    number: int,
    draws: Sequence[Draw],
    parties: Sequence[Party],
    spare: Party,
    before: Before | None = None,
) -> DrawFile:
    """The ceremony as it is published before anything is opened, checked against the format.

    Openings and results that the arguments hold are left out. Raises `DrawFileError`.
    """
    return checked(
        DrawFile(
            format=FORMAT,
            ceremony=ceremony,
            number=number,
            before=before,
            draws=_with_outcomes(draws, (NOTHING for _ in draws)),
            parties=tuple(sealed(party) for party in parties),
            spare=sealed(spare),
        )
    )


def checked(file: DrawFile) -> DrawFile:
    """Check that the ceremony keeps the format, and return it. Raises `DrawFileError`."""
    return _read(write_draw_file(file))


# What was worked out before a lock was taken is not worked out again under it.
_read = lru_cache(maxsize=4)(read_draw_file)


def open_share(file: DrawFile, name: str, share: str, key: str) -> DrawFile:
    """The ceremony with one more opening, of a party or last of the spare.

    Raises `OpeningError` where it does not give the seal, was made before, or
    comes after the spare's: who opens then knows the outcome.
    """
    if file.spare.opened:
        raise OpeningError(msg("备签已经拆了，不能再拆别的签"))
    known = {known_party.name: known_party for known_party in (*file.parties, file.spare)}
    if name not in known:
        raise OpeningError(msg("没有“%(name)s”封的签", name=name))
    party = known[name]
    if party.opened:
        raise OpeningError(msg("“%(name)s”的签已经拆了", name=name))
    fault = text_fault(share)
    if fault is not None:
        raise OpeningError(fault)
    opened = msgspec.structs.replace(party, share=share, key=key)
    if seal(file.ceremony, file.number, name, key, share) != party.seal:
        raise OpeningError(msg("“%(name)s”的签和封签对不上", name=name))
    if party is file.spare:
        return msgspec.structs.replace(file, spare=opened)
    parties = tuple(opened if known_party is party else known_party for known_party in file.parties)
    return msgspec.structs.replace(file, parties=parties)


def fix_openings(file: DrawFile) -> str:
    """The hash that is published when the parties' time is over, before the spare is opened."""
    return openings(file, head(file))


@lru_cache(maxsize=4)
def draw(file: DrawFile) -> DrawFile:
    """The ceremony with its results; without any where it is void."""
    if file.void:
        outcomes: Iterable[Outcome] = (NOTHING for _ in file.draws)
    else:
        chance = seed(fix_openings(file), file.spare)
        outcomes = (
            draw_places(chance, number, undrawn) for number, undrawn in enumerate(file.draws)
        )
    return msgspec.structs.replace(file, draws=_with_outcomes(file.draws, outcomes))


def moved_from(file: DrawFile) -> dict[str, Place]:
    """The earlier place of each whom a rule moved, by code; none for a void file."""
    if file.void:
        return {}
    chance = seed(fix_openings(file), file.spare)
    return {
        code: place
        for number, drawn in enumerate(file.draws)
        if any(row.moved for row in drawn.result)
        for code, place in places_before(chance, number, drawn).items()
    }


def _with_outcomes(draws: Sequence[Draw], outcomes: Iterable[Outcome]) -> tuple[Draw, ...]:
    return tuple(
        msgspec.structs.replace(draw, **outcome._asdict())
        for draw, outcome in zip(draws, outcomes, strict=True)
    )
