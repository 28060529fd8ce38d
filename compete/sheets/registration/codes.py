"""Codes for what is made on the way: a prefix and the next free number."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)


class CodeMaker:
    """Gives codes out in order; the same codes taken and the same calls give the same codes."""

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
