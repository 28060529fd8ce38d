"""Blanks as a cell writes them: `甲|乙;丙`, with a backslash before a sign that is only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BETWEEN_BLANKS, _BETWEEN_TEXTS = ";", "|"


def blanks_in(text: str) -> list[list[str]]:
    """The blanks of a cell with their accepted texts."""
    blanks, part = [[""]], 0
    for match in re.finditer(r"\\(.)|[;；]|[|｜]|[^\\;；|｜]+|\\", text, re.DOTALL):
        whole = match[0]
        if match[1] is not None:
            blanks[-1][part] += match[1]
        elif whole in ";；":
            blanks.append([""])
            part = 0
        elif whole in "|｜":
            blanks[-1].append("")
            part += 1
        else:
            blanks[-1][part] += whole
    return [[it.strip() for it in accepted] for accepted in blanks]


def blanks_text(blanks: Iterable[Iterable[str]]) -> str:
    """The cell that writes the blanks."""
    return _BETWEEN_BLANKS.join(_BETWEEN_TEXTS.join(map(_escaped, it)) for it in blanks)


def _escaped(text: str) -> str:
    return re.sub(r"([\\;；|｜])", r"\\\1", text)
