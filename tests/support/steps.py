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
            found = self._run(self._tree, start, lambda at, ends=ends: not ends.append(at))
            start = max(ends[0], start + 1) if found else start + 1
        return self.taken

    def _run(self, nodes: Sequence[Any], at: int, then: Next) -> bool:
        if not nodes:
            return then(at)
        (kind, told), rest = nodes[0], nodes[1:]
        onward: Next = lambda place: self._run(rest, place, then)  # noqa: E731
        if kind in _REPEATS:
            return self._repeat(kind, told, at, onward)
        if kind is c.SUBPATTERN:
            return self._run(list(told[3]), at, self._closing(told[0], at, onward))
        if kind is c.GROUPREF:
            said = self._groups.get(told, (-1,))
            self.taken += len(said)
            return list(self.text[at : at + len(said)]) == list(said) and onward(at + len(said))
        if kind is c.ATOMIC_GROUP:
            return self._once(list(told), at, onward)
        if kind is c.BRANCH:
            return any(self._run(list(branch), at, onward) for branch in told[1])
        if kind in (c.ASSERT, c.ASSERT_NOT):
            direction, inner = told
            place = at - inner.getwidth()[0] if direction < 0 else at
            holds = place >= 0 and self._run(list(inner), place, lambda _at: True)
            return holds == (kind is c.ASSERT) and onward(at)
        if kind is c.AT:
            return self._stands(told, at) and onward(at)
        self.taken += 1
        return at < len(self.text) and self._is(kind, told, self.text[at]) and onward(at + 1)

    def _closing(self, group: int | None, begun: int, then: Next) -> Next:
        """End a group: what it caught is known to what comes after it."""

        def close(at: int) -> bool:
            if group is not None:
                self._groups[group] = self.text[begun:at]
            return then(at)

        return close

    def _repeat(self, kind: Any, told: Any, at: int, then: Next) -> bool:
        least, most, body = told[0], told[1], list(told[2])
        if kind is c.POSSESSIVE_REPEAT:
            return self._once([(c.MAX_REPEAT, told)], at, then)

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

    def _is(self, kind: Any, told: Any, code: int) -> bool:
        if kind is c.LITERAL:
            return bool(code == told)
        if kind is c.NOT_LITERAL:
            return bool(code != told)
        if kind is c.ANY:
            return code != 10 or bool(self._flags & re.DOTALL)
        if kind is c.RANGE:
            return bool(told[0] <= code <= told[1])
        if kind is c.CATEGORY:
            return _in_category(told, chr(code))
        assert kind is c.IN, kind
        turned = bool(told) and told[0][0] is c.NEGATE
        inside = any(self._is(*item, code) for item in told if item[0] is not c.NEGATE)
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
    for kind, told in nodes:
        inner: list[Any] = []
        if kind in _REPEATS:
            inner = [list(told[2])]
            if told[1] is c.MAXREPEAT or told[1] > 100:
                yield before, _example(inner[0], groups)
        elif kind is c.SUBPATTERN:
            inner = [list(told[3])]
        elif kind is c.ATOMIC_GROUP:
            inner = [list(told)]
        elif kind is c.BRANCH:
            inner = [list(branch) for branch in told[1]]
        for nodes_inside in inner:
            yield from _loops(nodes_inside, before, groups)
        before = before + _example([(kind, told)], groups)


def _example(nodes: Sequence[Any], groups: Groups) -> list[int]:
    """Build a short text that the nodes match; `groups` keeps what stands for each."""
    said: list[int] = []
    for kind, told in nodes:
        if kind in _REPEATS:
            said += _example(list(told[2]), groups) * max(1, told[0])
        elif kind is c.SUBPATTERN:
            caught = _example(list(told[3]), groups)
            said += caught
            if told[0] is not None:
                groups[told[0]] = caught
        elif kind is c.GROUPREF:
            said += groups[told]
        elif kind is c.ATOMIC_GROUP:
            said += _example(list(told), groups)
        elif kind is c.BRANCH:
            said += _example(list(told[1][0]), groups)
        elif kind not in (c.AT, c.ASSERT, c.ASSERT_NOT):
            said.append(_letter(kind, told))
    return said


def _letters(nodes: Sequence[Any]) -> Iterator[int]:
    for kind, told in nodes:
        if kind in _REPEATS:
            yield from _letters(list(told[2]))
        elif kind is c.SUBPATTERN:
            yield from _letters(list(told[3]))
        elif kind is c.BRANCH:
            for branch in told[1]:
                yield from _letters(list(branch))
        elif kind is c.IN:
            yield from (_letter(*item) for item in told if item[0] is not c.NEGATE)
        elif kind in (c.LITERAL, c.ANY):
            yield _letter(kind, told)


def _letter(kind: Any, told: Any) -> int:
    if kind is c.LITERAL:
        return int(told)
    if kind is c.RANGE:
        return int(told[0])
    if kind is c.CATEGORY:
        return {"D": 55, "S": 32, "W": 97}.get(str(told).removeprefix("CATEGORY_")[0], 97)
    if kind is c.IN and told[0][0] is not c.NEGATE:
        return _letter(*told[0])
    return 97


def grows(pattern: re.Pattern[Any], *, everywhere: bool, size: int = 40) -> float:
    """The growth of steps when the worst text doubles: 2 for linear, 4 for quadratic."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))

    def cost(length: int) -> list[int]:
        counters = [Steps(pattern, text) for text in attacks(pattern, length)]
        return [counter.everywhere() if everywhere else counter.whole() for counter in counters]

    pairs = zip(cost(size), cost(2 * size), strict=True)
    return max((after / max(before, 1) for before, after in pairs), default=1.0)
