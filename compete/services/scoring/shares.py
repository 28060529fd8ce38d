"""Shares: what a part or module adds to a total, written to be worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from compete.domain.bundle.event_types import Module, Part
from compete.domain.values.numerals import plain
from compete.domain.values.points import round_half_up, show


def share_of(what: Module | Part, score: str, own: Decimal) -> tuple[str, str]:
    """The score's multiplier, and what that comes to: " × 40% × 0.7", "= 27.16".

    `own` is how much the stage's own total counts beside one carried over, else 1.
    """
    weight, full = plain(what.weight), plain(what.full)
    if what.full == 100:
        times = f" × {weight}%"
    else:
        times = "" if weight == full else f" ÷ {full} × {weight}"
    if own != 1:
        times += f" × {plain(own)}"
    return times, comes_to(
        Fraction(score) * Fraction(what.weight) * Fraction(own) / Fraction(what.full)
    )


def carried_share(total: str, weight: Decimal) -> tuple[str, str]:
    """The same of an earlier stage's total."""
    return f" × {plain(weight)}", comes_to(Fraction(total) * Fraction(weight))


def comes_to(value: Fraction) -> str:
    """The value to two places, to four where it takes them; beyond that rounded, and so marked."""
    for places in (2, 4):
        scaled = round_half_up(value, 1, places)
        if scaled == value * 10**places:
            return f"= {show(scaled, places)}"
    return f"≈ {show(round_half_up(value, 1, 2), 2)}"
