"""Every equation in a sentence, worked out again from the digits that are printed.

A number that ends in `…` stands for all that it may be rounded from. `=` must
hold exactly, but for those; `≈` must come with the places it was rounded to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

ROUNDED = re.compile(
    r"[（(](?:四舍五入到|rounded to|截到|cut to|有余数就进到|raised to) ?"
    r"(?:(\d+) (?:位小数|decimals?)|整数|a whole number)[）)]"
)
CUT = re.compile(r"截到|\bcut to\b")
RAISED = re.compile(r"进到|\braised to\b")
LONE = re.compile(r"\s*-?\d+(?:\.\d+)?…?\s*")
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(…?)")
WORD = re.compile(r"[^\W\d]\w*")
CLAUSE = re.compile(r"[；;：:，。]|, ")
COMPARED = re.compile(r"(\d[\d.]*…?) ([<>]) (\d[\d.]*…?)")


TOLD_BY_CLOCK = re.compile(r"(\d+):(\d\d(?:\.\d+)?) ?[（(](\d+(?:\.\d+)?) (?:秒|s)[）)]")
SECONDS = re.compile(r"(\d[\d.]*…?) (?:秒|s)\b")


def in_seconds(sentence: str) -> str:
    """The sentence with `7:50（470 秒）` as 470: what the watch shows must be so many seconds."""

    def seconds(match: re.Match[str]) -> str:
        assert int(match[1]) * 60 + Decimal(match[2]) == Decimal(match[3]), sentence
        assert Decimal(match[2]) < 60, sentence
        return match[3]

    return SECONDS.sub(r"\1", TOLD_BY_CLOCK.sub(seconds, sentence))


class Range:
    """All numbers from `low` to `high`."""

    def __init__(self, low: Fraction, high: Fraction) -> None:
        self.low, self.high = min(low, high), max(low, high)

    @classmethod
    def of(cls, digits: str, more: str) -> Range:
        number = Fraction(digits)
        if not more:
            return cls(number, number)
        half = Fraction(1, 2 * 10 ** len(digits.partition(".")[2]))
        return cls(number - half, number + half)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Range) -> Range:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def __truediv__(self, other: Range) -> Range:
        return self * Range(1 / other.low, 1 / other.high)

    def meets(self, other: Range) -> bool:
        return self.low <= other.high and other.low <= self.high


def worked_out(text: str) -> Range:
    """What a written formula comes to; words in it are left out."""
    text = WORD.sub(" ", text).replace("×", "*").replace("÷", "/")
    text = NUMBER.sub(r'n("\1", "\2")', text).replace("−", "-")
    span: Range = eval(text.strip(), {"__builtins__": {}, "n": Range.of})
    return span


def equations(sentence: str) -> Iterator[tuple[str, str, str, int | None]]:
    """Left side, sign, right side, and the places it says it was rounded to."""
    for clause in CLAUSE.split(in_seconds(sentence)):
        for sign in "=≈":
            if sign in clause:
                stated = ROUNDED.search(clause)
                places = None if stated is None else int(stated.group(1) or 0)
                left, _, right = ROUNDED.sub("", clause).partition(sign)
                # Some are told with the formula first.
                if LONE.fullmatch(right) and not LONE.fullmatch(WORD.sub("", left)):
                    left, right = right, left
                yield left, sign, right, places


def false_ones(sentence: str) -> list[str]:
    """The equations and comparisons of a sentence that do not hold."""
    falsehoods = [
        f"{left}{sign}{right} [{places}] in {sentence}"
        for left, sign, right, places in equations(sentence)
        if not _holds(left, sign, worked_out(right), places, sentence)
    ]
    for better, sign, worse in COMPARED.findall(in_seconds(sentence)):
        first, other = (Decimal(text.rstrip("…")) for text in (better, worse))
        if not (first > other if sign == ">" else first < other):
            falsehoods.append(f"{better} {sign} {worse} in {sentence}")
    return falsehoods


def _holds(left: str, sign: str, right: Range, places: int | None, sentence: str) -> bool:
    span = worked_out(left)
    if sign == "=":
        return places is None and span.meets(right)
    digits = WORD.sub("", left).strip().partition(".")[2]
    if places is None or len(digits) != places or span.low != span.high:
        return False
    half = Fraction(1, 2 * 10**places)
    is_exact = right.low == right.high
    if is_exact and right.low == span.low:
        return False
    beyond = abs(right.low) if right.low * right.high > 0 else Fraction(0)
    beyond = min(beyond, abs(right.high))
    most = max(abs(right.low), abs(right.high))
    if CUT.search(sentence):
        return abs(span.low) <= most and beyond < abs(span.low) + 2 * half
    if RAISED.search(sentence):
        return beyond <= abs(span.low) < most + 2 * half
    if span.low >= 0:
        return span.low - half <= right.high and right.low < span.low + half
    return span.low - half < right.high and right.low <= span.low + half
