"""Plain tables for a terminal, in which Chinese takes two columns a character."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

_GAP = "  "
# Narrower than this no column of words is made: three characters and a sign.
_LEAST = 8
# These say whose a row is, wherever it goes on.
_FIRST = 2


def width(text: str) -> int:
    """The number of columns that the text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@dataclass(frozen=True, slots=True)
class Table:
    """A title over rows under their heads; the columns `numbers` are set to the right."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]

    def drawn(self, room: int | None) -> str:
        """Draw the table in `room` columns, or as wide as it is.

        Words that are too long go on in the next line. A number is never broken: what does
        not fit beside the others stands below, beside the first columns once more.
        """
        head, *rows = [[_printable(cell) for cell in row] for row in (self.head, *self.rows)]
        widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
        if room is None:
            return f"{self.title}\n" + self._block(head, rows, widths, range(len(head)))
        least = self._least_widths(widths, rows)
        blocks = [
            self._block(head, rows, _fitted(widths, least, places, room), places)
            for places in _places(least, room)
        ]
        return f"{self.title}\n" + "\n".join(blocks)

    def _block(
        self, head: list[str], rows: list[list[str]], widths: list[int], places: Sequence[int]
    ) -> str:
        """Draw these columns of all rows under their heads."""
        rule = ["-" * column_width for column_width in widths]
        return "".join(f"{self._lines(row, widths, places)}\n" for row in (head, rule, *rows))

    def _least_widths(self, widths: list[int], rows: list[list[str]]) -> list[int]:
        """The least width of each column: of numbers the head alone can go on in the next line."""
        return [
            min(
                widths[i],
                max(4, *(width(row[i]) for row in rows)) if i in self.numbers and rows else _LEAST,
            )
            for i in range(len(widths))
        ]

    def _lines(self, row: Sequence[str], widths: Sequence[int], places: Sequence[int]) -> str:
        cells = {index: _wrapped(row[index], widths[index]) for index in places}
        return "\n".join(
            _GAP.join(
                self._padded(index, cell[number] if number < len(cell) else "", widths[index])
                for index, cell in cells.items()
            ).rstrip()
            for number in range(max(map(len, cells.values())))
        )

    def _padded(self, index: int, text: str, wide: int) -> str:
        room = " " * (wide - width(text))
        return room + text if index in self.numbers else text + room


def _table_width(widths: Sequence[int], places: Sequence[int]) -> int:
    """The number of columns of the terminal that these of the table take."""
    return sum(widths[i] for i in places) + len(_GAP) * (len(places) - 1)


def _places(least: Sequence[int], room: int) -> list[list[int]]:
    """Group columns that stand beside each other: all, or as many as fit beside the first two."""
    every = list(range(len(least)))
    if _table_width(least, every) <= room:
        return [every]
    first, blocks = every[:_FIRST], [every[: _FIRST + 1]]
    for i in every[_FIRST + 1 :]:
        if _table_width(least, [*blocks[-1], i]) <= room:
            blocks[-1].append(i)
        else:
            blocks.append([*first, i])
    return blocks


def _fitted(
    widths: Sequence[int], least: Sequence[int], places: Sequence[int], room: int
) -> list[int]:
    """Fit columns: the widest made narrower until all fit, or none can give more."""
    fitted = list(widths)
    while _table_width(fitted, places) > room:
        giving = [i for i in places if fitted[i] > least[i]]
        if not giving:
            break
        fitted[max(giving, key=lambda i: fitted[i])] -= 1
    return fitted


def _printable(text: str) -> str:
    """Make text printable: without line breaks and the like, which would break the table."""
    return "".join(character if character.isprintable() else " " for character in text)


def _wrapped(text: str, wide: int) -> list[str]:
    """Wrap text in lines of at most `wide` columns, broken at a space where the line has one."""
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
