"""Steps that a pattern takes on a text, counted by a matcher that goes back as `re` does.

A clock would say what the machine was doing; the count says what the pattern costs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Next = Callable[[int], bool]
_REPEATS = (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT)


class Steps:
    """A counter of how often a single character of `text` was compared with the pattern."""

    def __init__(self, pattern: re.Pattern[Any], text: Sequence[int]) -> None:
        self.text, self.taken = text, 0
        self._flags = pattern.flags
        self._tree = list(_parser.parse(pattern.pattern, pattern.flags))
        self._groups: dict[int, Sequence[int]] = {}

    def whole(self) -> int:
        """Count steps of `fullmatch`, which are those of `match` and more."""
        self._run(self._tree, 0, lambda at: at == len(self.text))
        return self.taken

    def everywhere(self) -> int:
        """Count steps of `findall`: from every place on, and after a match behind it."""
        start = 0
        while start <= len(self.text):
            ends: list[int] = []
            hit = self._run(self._tree, start, lambda at, ends=ends: not ends.append(at))
            start = max(ends[0], start + 1) if hit else start + 1
        return self.taken

    def _run(self, nodes: Sequence[Any], at: int, then: Next) -> bool:
        if not nodes:
            return then(at)
        (kind, operand), rest = nodes[0], nodes[1:]
        onward: Next = lambda place: self._run(rest, place, then)  # noqa: E731
        if kind in _REPEATS:
            return self._repeat(kind, operand, at, onward)
        if kind is c.SUBPATTERN:
            return self._run(list(operand[3]), at, self._closing(operand[0], at, onward))
        if kind is c.GROUPREF:
            group_codes = self._groups.get(operand, (-1,))
            self.taken += len(group_codes)
            return list(self.text[at : at + len(group_codes)]) == list(group_codes) and onward(
                at + len(group_codes)
            )
        if kind is c.ATOMIC_GROUP:
            return self._once(list(operand), at, onward)
        if kind is c.BRANCH:
            return any(self._run(list(branch), at, onward) for branch in operand[1])
        if kind in (c.ASSERT, c.ASSERT_NOT):
            direction, inner = operand
            place = at - inner.getwidth()[0] if direction < 0 else at
            holds = place >= 0 and self._run(list(inner), place, lambda _at: True)
            return holds == (kind is c.ASSERT) and onward(at)
        if kind is c.AT:
            return self._stands(operand, at) and onward(at)
        self.taken += 1
        return at < len(self.text) and self._is(kind, operand, self.text[at]) and onward(at + 1)

    def _closing(self, group: int | None, begun: int, then: Next) -> Next:
        """End a group: what it caught is known to what comes after it."""

        def close(at: int) -> bool:
            if group is not None:
                self._groups[group] = self.text[begun:at]
            return then(at)

        return close

    def _repeat(self, kind: Any, operand: Any, at: int, then: Next) -> bool:
        least, most, body = operand[0], operand[1], list(operand[2])
        if kind is c.POSSESSIVE_REPEAT:
            return self._once([(c.MAX_REPEAT, operand)], at, then)

        def more(place: int, count: int) -> bool:
            again: Next = lambda end: (end > place or count < least) and more(end, count + 1)  # noqa: E731
            if count < least:
                return self._run(body, place, again)
            if kind is c.MIN_REPEAT:
                return then(place) or (count < most and self._run(body, place, again))
            return (count < most and self._run(body, place, again)) or then(place)

        return more(at, 0)

    def _once(self, nodes: list[Any], at: int, then: Next) -> bool:
        ends: list[int] = []
        return self._run(nodes, at, lambda end: not ends.append(end)) and then(ends[0])

    def _stands(self, where: Any, at: int) -> bool:
        if where in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
            return at == 0
        return where not in (c.AT_END, c.AT_END_STRING) or at == len(self.text)

    def _is(self, kind: Any, operand: Any, code: int) -> bool:
        if kind is c.LITERAL:
            return bool(code == operand)
        if kind is c.NOT_LITERAL:
            return bool(code != operand)
        if kind is c.ANY:
            return code != 10 or bool(self._flags & re.DOTALL)
        if kind is c.RANGE:
            return bool(operand[0] <= code <= operand[1])
        if kind is c.CATEGORY:
            return _in_category(operand, chr(code))
        assert kind is c.IN, kind
        turned = bool(operand) and operand[0][0] is c.NEGATE
        inside = any(self._is(*item, code) for item in operand if item[0] is not c.NEGATE)
        return inside != turned


def _in_category(category: Any, character: str) -> bool:
    kinds = {
        "DIGIT": character.isdigit(),
        "SPACE": character.isspace(),
        "WORD": character.isalnum() or character == "_",
    }
    name = str(category).removeprefix("CATEGORY_")
    inside = kinds[name.removeprefix("NOT_").removeprefix("UNI_").removeprefix("UNI_NOT_")]
    return inside != name.startswith("NOT_")


def attacks(pattern: re.Pattern[Any], size: int) -> Iterator[list[int]]:
    """Build texts of about `size` that lead into each repeat of the pattern and fail at its end."""
    tree = list(_parser.parse(pattern.pattern, pattern.flags))
    letters = sorted(set(_letters(tree)))
    for before, body in _loops(tree, [], {}):
        for pump in (body, *([letter] for letter in letters)):
            if pump:
                yield before + pump * (size // len(pump)) + [1]


Groups = dict[int, list[int]]


def _loops(
    nodes: Sequence[Any], before: list[int], groups: Groups
) -> Iterator[tuple[list[int], list[int]]]:
    for kind, operand in nodes:
        inner: list[Any] = []
        if kind in _REPEATS:
            inner = [list(operand[2])]
            if operand[1] is c.MAXREPEAT or operand[1] > 100:
                yield before, _example(inner[0], groups)
        elif kind is c.SUBPATTERN:
            inner = [list(operand[3])]
        elif kind is c.ATOMIC_GROUP:
            inner = [list(operand)]
        elif kind is c.BRANCH:
            inner = [list(branch) for branch in operand[1]]
        for nodes_inside in inner:
            yield from _loops(nodes_inside, before, groups)
        before = before + _example([(kind, operand)], groups)


def _example(nodes: Sequence[Any], groups: Groups) -> list[int]:
    """Build a short text that the nodes match; `groups` keeps what stands for each."""
    codes: list[int] = []
    for kind, operand in nodes:
        if kind in _REPEATS:
            codes += _example(list(operand[2]), groups) * max(1, operand[0])
        elif kind is c.SUBPATTERN:
            caught = _example(list(operand[3]), groups)
            codes += caught
            if operand[0] is not None:
                groups[operand[0]] = caught
        elif kind is c.GROUPREF:
            codes += groups[operand]
        elif kind is c.ATOMIC_GROUP:
            codes += _example(list(operand), groups)
        elif kind is c.BRANCH:
            codes += _example(list(operand[1][0]), groups)
        elif kind not in (c.AT, c.ASSERT, c.ASSERT_NOT):
            codes.append(_letter(kind, operand))
    return codes


def _letters(nodes: Sequence[Any]) -> Iterator[int]:
    for kind, operand in nodes:
        if kind in _REPEATS:
            yield from _letters(list(operand[2]))
        elif kind is c.SUBPATTERN:
            yield from _letters(list(operand[3]))
        elif kind is c.BRANCH:
            for branch in operand[1]:
                yield from _letters(list(branch))
        elif kind is c.IN:
            yield from (_letter(*item) for item in operand if item[0] is not c.NEGATE)
        elif kind in (c.LITERAL, c.ANY):
            yield _letter(kind, operand)


def _letter(kind: Any, operand: Any) -> int:
    if kind is c.LITERAL:
        return int(operand)
    if kind is c.RANGE:
        return int(operand[0])
    if kind is c.CATEGORY:
        return {"D": 55, "S": 32, "W": 97}.get(str(operand).removeprefix("CATEGORY_")[0], 97)
    if kind is c.IN and operand[0][0] is not c.NEGATE:
        return _letter(*operand[0])
    return 97


def grows(pattern: re.Pattern[Any], *, everywhere: bool, size: int = 40) -> float:
    """The growth of steps when the worst text doubles: 2 for linear, 4 for quadratic."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))

    def cost(length: int) -> list[int]:
        counters = [Steps(pattern, text) for text in attacks(pattern, length)]
        return [counter.everywhere() if everywhere else counter.whole() for counter in counters]

    pairs = zip(cost(size), cost(2 * size), strict=True)
    return max((after / max(before, 1) for before, after in pairs), default=1.0)
