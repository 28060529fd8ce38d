"""Checks of codes: unique in their list, pointing at something, and not in circles."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.messages import Message, listed, msg

_LONGEST_CIRCLE = 6


class Codes:
    """The things of a list by their codes, or by another key; of equal codes the first."""

    __slots__ = ("by_code", "whole")

    def __init__(self, items: Iterable[Any], key: str = "code") -> None:
        self.by_code: dict[str, Any] = {}
        self.whole = items is not UNREADABLE
        for item in items:
            code = getattr(item, key)
            if code is not UNREADABLE:
                self.by_code.setdefault(code, item)
            elif item is UNREADABLE:
                self.whole = False

    def lacks(self, code: str | None) -> bool:
        """True if the code surely points nowhere."""
        return (
            self.whole and code is not None and code is not UNREADABLE and code not in self.by_code
        )


def note_repeats(items: Iterable[Any], path: str, problems: Problems) -> None:
    """Note codes used twice in one list, which is at `path`."""
    first: dict[str, int] = {}
    for index, item in enumerate(items):
        code = item.code
        if code is UNREADABLE:
            continue
        if code in first:
            problems.add(
                f"{path}[{index}].code",
                used_twice(code, f"{path}[{first[code]}]"),
            )
        else:
            first[code] = index


def used_twice(code: str, where: str) -> Message:
    """The sentence about a code that stands at `where` already."""
    return msg("“%(code)s”在 %(where)s 已经用过，编号不能重复", code=code, where=where)


def note_reference(
    code: str | None, known: Codes, path: str, where: str | Message, problems: Problems
) -> None:
    """Note a code at `path` that is not one of those in the list `where`."""
    if known.lacks(code):
        problems.add(path, nowhere(code, where))


def nowhere(code: object, where: object) -> Message:
    """The sentence about a code that `where` has not."""
    return msg("“%(code)s”在 %(where)s 里找不到", code=code, where=where)


def unknown_tie(key: str, allowed: Sequence[str]) -> Message:
    """The sentence about a tie key that is none of those allowed."""
    return msg("不认识并列判据“%(key)s”，可以写：%(allowed)s", key=key, allowed=listed(allowed))


def note_loops(
    items: Iterable[Any], above: Callable[[Any], Any], path: str, key: str, problems: Problems
) -> None:
    """Note things that stand above themselves: each circle once, at its first member."""
    places: dict[str, int] = {}
    parents: dict[str, Any] = {}
    for index, item in enumerate(items):
        if item.code is not UNREADABLE and item.code not in places:
            places[item.code] = index
            parents[item.code] = above(item)
    done: set[str] = set()
    for code in places:
        walked: dict[str, None] = {}
        while code in places and code not in done and code not in walked:
            walked[code] = None
            code = parents[code]
        if code in walked:
            circle = list(walked)[list(walked).index(code) :]
            first = min(places[code] for code in circle)
            problems.add(f"{path}[{first}].{key}", circle_of(circle))
        done.update(walked)


def circle_of(codes: Sequence[str]) -> Message:
    """The sentence about things that each lead to the next, and the last to the first."""
    shown = codes if len(codes) <= _LONGEST_CIRCLE else [*codes[:_LONGEST_CIRCLE], "…"]
    return msg("绕成了一圈：%(codes)s", codes=" → ".join([*shown, codes[0]]))
