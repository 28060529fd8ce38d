"""Choices: what a name in a cell stands for, what may be meant instead, codes for new things."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from compete.domain.values.messages import Message, msg
from compete.sheets.texts import same_name_key

_CLOSE = 0.6
"""The least likeness of two names to ask 是不是, from 0 to 1."""
_COMPARED = 8
"""Names compared in full for one guess."""
_GUESSES = 300
"""Different unknown names that get a guess; a file of strangers must not cost minutes."""


class Choices:
    """Names and codes of things that can be chosen."""

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        """Take the code and name of each from `named`."""
        self._codes: dict[str, str] = {}
        self._names: list[str] = []
        self._with_character: dict[str, list[int]] = defaultdict(list)
        self._guesses: dict[str, str | None] = {}
        for code, name in named:
            self.add(code, name)

    def add(self, code: str, name: str) -> None:
        """Add one; a name or code that is there already keeps its meaning."""
        self._codes.setdefault(same_name_key(name), code)
        self._codes.setdefault(same_name_key(code), code)
        for character in set(same_name_key(name)):
            self._with_character[character].append(len(self._names))
        self._names.append(name)

    def find(self, text: str) -> str | None:
        """The code of what has this name or code, widths and blanks aside."""
        return self._codes.get(same_name_key(text))

    def guess(self, text: str) -> str | None:
        """The known name most like this one, or none that is near."""
        key = same_name_key(text)
        if key not in self._guesses:
            if len(self._guesses) >= _GUESSES:
                return None
            self._guesses[key] = self._nearest(key)
        return self._guesses[key]

    def part_of(self, text: str) -> str | None:
        """The only known name that a text contains."""
        key = same_name_key(text)
        named = [name for name in self._names if same_name_key(name) in key]
        return named[0] if len(named) == 1 else None

    def _nearest(self, key: str) -> str | None:
        shared: Counter[int] = Counter()
        for character in set(key):
            shared.update(self._with_character.get(character, ()))
        # Long names share many characters by chance; the share of the longer one counts.
        likely = sorted(
            shared.items(),
            key=lambda item: (-item[1] / max(len(self._names[item[0]]), len(key)), item[0]),
        )
        best, found = _CLOSE, None
        for place, _ in likely[:_COMPARED]:
            name = self._names[place]
            alike = SequenceMatcher(None, key, same_name_key(name), autojunk=False).ratio()
            if alike > best:
                best, found = alike, name
        return found


def not_known(text: str, guess: str | None) -> Message:
    """Say that there is no such name; with the nearest one there is."""
    if guess is None:
        return msg("没有“%(found)s”", found=text)
    return msg("没有“%(found)s”。是不是“%(guess)s”？", found=text, guess=guess)


_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)


class CodeMaker:
    """A maker of codes in order; the same codes taken and the same calls give the same codes."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, tuple[int, int]] = {}
        for code in self._taken:
            match = _NUMBERED.fullmatch(code)
            if match:
                prefix, digits = match.groups()
                number, width = self._last.get(prefix, (0, 0))
                self._last[prefix] = (max(number, int(digits)), max(width, len(digits)))

    def next(self, prefix: str, width: int) -> str:
        """The number after the highest in use under this prefix.

        It has as many digits as the longest in use, `width` where there is none.
        """
        number, used_width = self._last.get(prefix, (0, width))
        while True:
            number += 1
            code = f"{prefix}{number:0{used_width}d}"
            if code not in self._taken:
                break
        self._last[prefix] = (number, used_width)
        self._taken.add(code)
        return code
