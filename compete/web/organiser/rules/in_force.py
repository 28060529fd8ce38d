"""What the rules in force put into each field of a form, beside which it stands once changed.

The script that shows it is static/js/organiser/rules/in_force.js.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from compete.services.rules.draft_fields import Draft, UnsaidField, rule_fields

_ROW = re.compile(r"(stages|modules|parts|aspects|items|awards|grades|overall)\[(\d{1,9})\](?=\.)")


def texts_by_codes(
    texts: Mapping[str, str],
    codes: Mapping[str, str],
    usual: Mapping[str, str],
    meant: Callable[[str, str], str] = lambda _path, text: text,
) -> dict[str, str]:
    """Return the texts with each row named by its code, as `awards{w1}.name`.

    `codes` are those of the rows by their paths, `usual` what a list shows where nothing is said,
    by a field's path or its last key; `meant` says what a text that is sent means. A row itself
    has its place, counted from 1. Empty fields are left out.
    """
    named = {_codes_in_path(f"{path}.", codes)[:-1]: str(_place(path)) for path in codes}
    for path, text in texts.items():
        shown = (meant(path, text) if text else "") or _usual(path, usual)
        if shown:
            named[_codes_in_path(path, codes)] = shown
    return named


def usual_choices(kind: type[Draft]) -> dict[str, str]:
    """Return the usual choice of each list of a draft that stays unsaid, by its place."""
    return {
        field.place: field.usual or ""
        for field in rule_fields(kind).values()
        if isinstance(field, UnsaidField)
    }


def _place(path: str) -> int:
    return int(path.rpartition("[")[2].rstrip("]")) + 1


def _usual(path: str, usual: Mapping[str, str]) -> str:
    return usual.get(path) or usual.get(f".{path.rpartition('.')[2]}", "")


def _codes_in_path(path: str, codes: Mapping[str, str]) -> str:
    return _ROW.sub(lambda row: f"{row[1]}{{{codes[path[: row.end()]]}}}", path)
