"""The tree of plain values that a file is before anything is known about its meaning.

Its leaves are texts, True, False, None, ints, floats, and `Overlong`.
"""

import json
from typing import Any

from compete.domain.values.canonical import SAFE

DEEPEST = 60
"""The greatest depth of objects and lists under `extra`, that object included."""

DEEPEST_FILE = 100
"""The greatest depth in a YAML file: room for `extra` wherever it stands."""


class Members(dict[str, Any]):
    """An object of the file, with the keys that stand in it more than once."""

    __slots__ = ("twice",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice: list[str] = []
        if len(self) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.twice.append(key)
                seen.add(key)


class Overlong:
    """A whole number with too many digits."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Powered(Overlong):
    """A number with an exponent: kept under `extra`, refused everywhere else."""

    __slots__ = ()

    def value(self) -> Any:
        """The binary float nearest to it."""
        return json.loads(self.text)


def decimal_number(text: str) -> Any:
    """The binary float nearest to a text with a point, or `Powered`."""
    return Powered(text) if "e" in text or "E" in text else json.loads(text)


class Padded(Overlong):
    """A number with a needless 0 in front, which one version of YAML reads apart from another."""

    __slots__ = ()


class NotWhole(Overlong):
    """A number with a point or an exponent, or NaN, where only whole numbers can stand."""

    __slots__ = ()


class Unsafe(Overlong):
    """A whole number that some reader of JSON would not keep exactly."""

    __slots__ = ()


def whole_number(text: str) -> int | Overlong:
    """The int that the digits stand for, unless there are absurdly many."""
    return int(text) if len(text) <= 40 else Overlong(text)


def safe_number(text: str) -> int | Overlong:
    """The int that the digits stand for, unless some reader of JSON would not keep it exactly."""
    number = whole_number(text)
    return number if isinstance(number, int) and -SAFE <= number <= SAFE else Unsafe(text)
