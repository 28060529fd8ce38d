"""A tick is as large to a finger as its label, so each has one around it."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
TICK = re.compile(r'<input\b[^>]*?\btype="checkbox"')
OPENED = re.compile(r"<label\b[^>]*>(?:(?!</label>).)*$", re.S)


def test_every_tick_stands_in_a_label() -> None:
    """A label before it, or after it with `for`, is another thing to hit than the tick."""
    ticks, bare = 0, []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for tick in TICK.finditer(text):
            ticks += 1
            if not OPENED.search(text[max(0, tick.start() - 400) : tick.start()]):
                bare.append(f"{path.relative_to(TEMPLATES)}: {tick[0]}")
    assert ticks > 20
    assert bare == []
