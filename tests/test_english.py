"""English as it ships: nothing is counted in the plural that may be one."""

from __future__ import annotations

import re
from pathlib import Path

from tools.translations import load

ROOT = Path(__file__).parents[1]

ONE_OF_THEM = re.compile(r"%\((?:n|count|apart|limit|left|entrants|sheets)\)s ([a-z]+s)\b")
"""A number that may be one, and a plural behind it."""
NO_PLURALS = {"is", "was", "has", "as", "does", "waits", "gives", "stays", "leaves", "touches"}
MANY = {
    # Limits, and what there is always more than one of.
    "characters", "units", "digits", "judges", "members", "sheets", "hours", "photos",
    "bits", "bytes", "rows", "columns",
}  # fmt: skip


def test_english_says_no_plural_of_what_may_be_one() -> None:
    found = {
        (entry.string, match[1])
        for entry in load(ROOT, "en")
        if isinstance(entry.id, str) and isinstance(entry.string, str)
        for match in ONE_OF_THEM.finditer(entry.string)
        if match[1] not in NO_PLURALS | MANY
    }
    assert found == set()
    assert not [e.string for e in load(ROOT, "en") if re.search(r"\brungs?\b", str(e.string))]
