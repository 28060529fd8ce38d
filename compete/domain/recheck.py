"""复核: draw whose sheets a second person enters again, and say when that is not enough.

The rule of national skills competitions for vocational schools: all of the
best 30 % and at least 15 % of the rest are re-checked; where more than 5 % of
those are wrong, everybody is. The percentages are parameters here.

The sample can be drawn again by anyone who knows the seed:

1. Sort the codes of the rest as texts, and number them from 0.
2. For i from the last number down to 1: write the seed, a colon and i in
   decimal digits as UTF-8; take its SHA-256 as one big-endian number; let j be
   its remainder by i + 1; swap the codes at i and j.
3. The first of the order that has arisen are drawn, as many as the share wants,
   rounded up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import msgspec

from compete.domain.values.points import Number

_SEED = re.compile(r"[0-9a-f]{2,128}")


class Why(StrEnum):
    """The reason why a sheet is re-checked: its rank, the sample, or because everybody's is."""

    TOP = "top"
    SAMPLE = "sample"
    ALL = "all"


class Ruling(StrEnum):
    """The reason of a difference: the sheet was wrong, or the second person misread it."""

    ERROR = "error"
    MISREAD = "misread"


class RecheckShares(msgspec.Struct, frozen=True):
    """The shares of a re-check in per cent: best, others, errors. `required` None: by level."""

    required: bool | None = None
    top: Decimal = Decimal(30)
    rest: Decimal = Decimal(15)
    limit: Decimal = Decimal(5)


class RecheckDraw(msgspec.Struct, frozen=True):
    """A draw of re-checks: `top` by rank; `order` is the shuffled rest, `sampled` its beginning."""

    top: tuple[str, ...]
    sampled: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def drawn(self) -> tuple[str, ...]:
        """All who are re-checked."""
        return self.top + self.sampled


def recheck_draw(
    codes_in_rank_order: Sequence[str],
    seed: str,
    top_share: Number,
    rest_share: Number,
    *,
    ranks: Sequence[int | None] = (),
) -> RecheckDraw:
    """Draw who is re-checked: the top by rank, and a sample of the rest.

    Shares are per cent of the codes, rounded up to whole people. With `ranks`,
    in the same order, whoever is equal with the last of the top belongs to it,
    and who has no rank (None) always belongs to the rest. Raises ValueError for
    a seed that is not lower-case hex, a share outside 0 to 100, or codes that
    are not all different.
    """
    if not _SEED.fullmatch(seed):
        raise ValueError("a seed is 2 to 128 lower-case hex digits")
    if len(set(codes_in_rank_order)) != len(codes_in_rank_order):
        raise ValueError("a code stands twice")
    top = top_by_rank(codes_in_rank_order, top_share, ranks)
    order = shuffled(set(codes_in_rank_order) - set(top), seed)
    return RecheckDraw(top, order[: share_count(len(order), rest_share)], order)


def top_by_rank(
    codes: Sequence[str], share: Number, ranks: Sequence[int | None] = ()
) -> tuple[str, ...]:
    """The best by that share of all, with everyone equal to the last of them."""
    if ranks and len(ranks) != len(codes):
        raise ValueError("ranks and codes differ in number")
    count = share_count(len(codes), share)
    if not ranks:
        return tuple(codes[:count])
    placed = [(code, rank) for code, rank in zip(codes, ranks, strict=True) if rank is not None]
    if not count or not placed:
        return ()
    last = placed[min(count, len(placed)) - 1][1]
    return tuple(code for code, rank in placed if rank <= last)


def shuffled(codes: Iterable[str], seed: str) -> tuple[str, ...]:
    """The codes in the order that the seed gives them; any order in gives the same out."""
    order = sorted(codes)
    for i in range(len(order) - 1, 0, -1):
        digest = hashlib.sha256(f"{seed}:{i}".encode()).digest()
        j = int.from_bytes(digest, "big") % (i + 1)
        order[i], order[j] = order[j], order[i]
    return tuple(order)


def share_count(count: int, share: Number) -> int:
    """The number that so many per cent of some people are, rounded up."""
    if not 0 <= share <= 100:
        raise ValueError("a share is 0 to 100 per cent")
    exact = Fraction(count) * Fraction(share) / 100
    return -(-exact.numerator // exact.denominator)


def error_rate(wrong: int, checked: int) -> Fraction:
    """Wrong sheets among the checked, in per cent; 0 where none was checked."""
    return Fraction(100 * wrong, checked) if checked else Fraction(0)


def forces_all(wrong: int, checked: int, limit: Number) -> bool:
    """True if more than `limit` per cent are wrong, so that everybody is re-checked."""
    return error_rate(wrong, checked) > limit
