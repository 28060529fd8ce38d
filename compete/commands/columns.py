"""Plain tables for a terminal, in which Chinese takes two columns a character."""

from collections.abc import Sequence
from unicodedata import east_asian_width

_GAP = "  "


def width(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    """The rows under their head; the columns `numbers` are set to the right."""
    head, *rows = [[_printable(cell) for cell in row] for row in (head, *rows)]
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    rule = ["-" * column_width for column_width in widths]
    lines = [_line(row, widths, numbers) for row in (head, rule, *rows)]
    return "\n".join(lines) + "\n"


def _printable(text: str) -> str:
    """The text without line breaks and the like, which would break the table."""
    return "".join(character if character.isprintable() else " " for character in text)


def _line(row: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    cells = []
    for index, (text, wide) in enumerate(zip(row, widths, strict=True)):
        room = " " * (wide - width(text))
        cells.append(room + text if index in numbers else text + room)
    return _GAP.join(cells).rstrip()
