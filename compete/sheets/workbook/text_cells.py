"""Cells of a text: csv, tsv, a pasted block; a lone quote is a character."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

_SEPARATORS = ("\t", ",", ";")
_LOOKED_AT = 50
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_QUOTES = re.compile('"+')


def text_rows(text: str) -> Iterator[list[str]]:
    """The cells of each row."""
    return _Cells(text, separator_of(text)).rows()


def separator_of(text: str) -> str:
    """The sign between the cells: the one that cuts most lines alike."""
    lines = [line for line in _LINE_ENDS.split(text)[:_LOOKED_AT] if line.strip()]

    def cut(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        most = max(counts, default=0)
        return (sum(count == most for count in counts) if most else 0, most)

    best = max(_SEPARATORS[1:], key=cut)
    guards = re.compile(rf"(?:^|{best})\t|\t(?=$|{best})")
    # Tabs that keep numbers from being rounded stand at the ends of cells only.
    usual = Counter(line.count(best) for line in lines if best in line).most_common(1)
    apart = bool(usual) and usual[0][1] > 1 and usual[0][0] >= cut("\t")[1]
    if apart and not any("\t" in guards.sub(best, line) for line in lines):
        return best
    return max(_SEPARATORS, key=lambda sign: (sign == "\t" and cut(sign)[0] > 0, *cut(sign)))


class _Cells:
    """The cells of a text, cut at one sign."""

    def __init__(self, text: str, sign: str) -> None:
        self.text, self.sign = text, sign
        self.starts = [0, *(match.end() for match in _LINE_ENDS.finditer(text))]
        ends = [*self.starts[1:], len(text)]
        counts = [text.count(sign, start, end) for start, end in zip(self.starts, ends, strict=True)]
        usual = Counter(count for count in counts if count).most_common(1)
        self.usual = usual[0][0] if usual else 0
        """Signs in most lines."""
        self.whole = [0, *accumulate(bool(usual) and count >= self.usual for count in counts)]
        """How many lines before each are rows by themselves."""
        self.closers = [
            match.end() - 1
            for match in _QUOTES.finditer(text)
            if (match.end() - match.start()) % 2 and self._ends(match.end())
        ]

    def _ends(self, at: int) -> bool:
        return at >= len(self.text) or self.text[at] in f"{self.sign}\r\n"

    def _closing(self, opening: int) -> int | None:
        """Where the quote closes that opens a cell; None where it is a character."""
        run = _QUOTES.match(self.text, opening)
        assert run is not None
        length = run.end() - run.start()
        if length > 1:
            if self._ends(run.end()):
                return run.end() - 1 if length % 2 == 0 else self._next(opening, run.end())
            return self._next(opening, run.end()) if length % 2 else None
        if self._ends(opening + 1) and self.text[opening + 1 : opening + 2] not in ("\r", "\n"):
            return None
        return self._next(opening, opening + 1)

    def _next(self, opening: int, after: int) -> int | None:
        place = bisect_left(self.closers, after)
        if place == len(self.closers):
            return None
        closing = self.closers[place]
        first, last = (bisect_right(self.starts, at) - 1 for at in (opening, closing))
        if first == last:
            return closing
        swallowed = self.whole[last + 1] - self.whole[first]
        inside = self.whole[last] - self.whole[first + 1]
        return None if swallowed > 1 or inside else closing

    def rows(self) -> Iterator[list[str]]:
        text, sign, at, row = self.text, self.sign, 0, list[str]()
        plain = re.compile(rf"[^{re.escape(sign)}\r\n]*")
        while at < len(text):
            closing = self._closing(at) if text[at] == '"' else None
            if closing is not None:
                row.append(text[at + 1 : closing].replace('""', '"') if closing > at else "")
                at = closing + 1
            else:
                match = plain.match(text, at)
                assert match is not None
                row.append(match.group())
                at = match.end()
            if text[at : at + 1] == sign:
                at += 1
                if at == len(text) or text[at] in "\r\n":
                    row.append("")
                    if at == len(text):
                        break
                else:
                    continue
            if end := _LINE_ENDS.match(text, at):
                at = end.end()
                yield row if row != [""] else []
                row = []
        if row:
            yield row
