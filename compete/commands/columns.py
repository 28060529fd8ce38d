"""Plain tables for a terminal, in which Chinese takes two columns a character."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

_GAP = "  "
# Narrower than this no column of words is made: three characters and a sign.
_LEAST = 8


def width(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@dataclass(frozen=True, slots=True)
class Table:
    """A title over rows under their heads; the columns `numbers` are set to the right."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]

    def drawn(self, room: int | None) -> str:
        """The table in `room` columns, or as wide as it is.

        Words that are too long go on in the next line; a number is never broken, so a
        table of many numbers may stay wider than the room.
        """
        head, *rows = [[_printable(cell) for cell in row] for row in (self.head, *self.rows)]
        widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
        if room is not None:
            widths = self._fitted(widths, rows, room)
        rule = ["-" * column_width for column_width in widths]
        lines = [self._lines(head, widths), self._lines(rule, widths)]
        lines += [self._lines(row, widths) for row in rows]
        return f"{self.title}\n" + "\n".join(lines) + "\n"

    def _fitted(self, widths: list[int], rows: list[list[str]], room: int) -> list[int]:
        """The widest columns made narrower until all fit, or none can give more."""
        widths = list(widths)
        # Of a column of numbers the head alone can go on in the next line.
        least = [
            max((width(row[i]) for row in rows), default=0) if i in self.numbers else _LEAST
            for i in range(len(widths))
        ]
        over = sum(widths) + len(_GAP) * (len(widths) - 1) - room
        while over > 0:
            giving = [i for i, wide in enumerate(widths) if wide > max(least[i], 4)]
            if not giving:
                break
            widths[max(giving, key=lambda i: widths[i])] -= 1
            over -= 1
        return widths

    def _lines(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = [_wrapped(text, wide) for text, wide in zip(row, widths, strict=True)]
        return "\n".join(
            _GAP.join(
                self._padded(index, cell[number] if number < len(cell) else "", widths[index])
                for index, cell in enumerate(cells)
            ).rstrip()
            for number in range(max(map(len, cells)))
        )

    def _padded(self, index: int, text: str, wide: int) -> str:
        room = " " * (wide - width(text))
        return room + text if index in self.numbers else text + room


def _printable(text: str) -> str:
    """The text without line breaks and the like, which would break the table."""
    return "".join(character if character.isprintable() else " " for character in text)


def _wrapped(text: str, wide: int) -> list[str]:
    """The text in lines of at most `wide` columns, broken at a space where the line has one."""
    lines = []
    while width(text) > wide:
        end, taken = 0, width(text[0])
        while taken <= wide:
            end += 1
            taken += width(text[end])
        space = text.rfind(" ", 1, end + 1)
        cut = space if space > 0 else max(end, 1)
        lines.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*lines, text]
