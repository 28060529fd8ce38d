"""Date forms for readers: 9月16日 14:05 and 16 Sep 14:05, with the year where in doubt.

`domain/values/days.py` and `static/js/shared/days.js` write it. What writes a date its own
way into a sentence or on a page is named here; numbers of machines (an address, a file's name,
the value of a field, a record) are no sentence and are not asked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

SENTENCES = {"msg", "_", "_l", "gettext", "ngettext", "lazy_gettext"}
OWN_WAY = {"isoformat", "strftime", "date_text"}
# A calendar's lines are typed, and told of, as 2026-10-01 休.
TYPED = {"compete/services/kernel/working_calendar.py"}
_MENTIONED = re.compile(r"isoformat|strftime|date_text|:%")
_IN_TEMPLATES = re.compile(r"isoformat|strftime")
_IN_SCRIPTS = re.compile(r"\.toLocale(?:Date|Time)?String\(|DateTimeFormat\(")
# The helpers themselves, and the worker that no page's script can be brought into.
SCRIPTS_THAT_MAY = {"static/js/shared/dom.js", "static/js/sw.js"}
_IN_ENGLISH = re.compile(
    r"%\(months?\)s[/-]%\(days?\)s|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?,? \d{1,2}:\d\d"
)


def odd_dates(root: Path, names: Iterable[Path]) -> Iterator[str]:
    """List each place where a date is written for readers in another form."""
    for name in names:
        if "vendor" in name.parts or str(name) in TYPED | SCRIPTS_THAT_MAY:
            continue
        if name.parts[0] == "compete" and name.suffix == ".py":
            yield from _in_python(name, (root / name).read_text(encoding="utf-8"))
        elif name.parts[0] == "templates":
            yield from _in_lines(name, (root / name).read_text(encoding="utf-8"), _IN_TEMPLATES)
        elif name.parts[:2] == ("static", "js") and name.suffix == ".js":
            yield from _in_lines(name, (root / name).read_text(encoding="utf-8"), _IN_SCRIPTS)


def odd_english_dates(text: str) -> Iterator[str]:
    """List figures of dates that an English text puts in an order of its own."""
    yield from (hit.group() for hit in _IN_ENGLISH.finditer(text))


def _in_python(name: Path, text: str) -> Iterator[str]:
    if not _MENTIONED.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _called(node) in SENTENCES:
            for hole in node.keywords:
                if any(_is_own_way(part) for part in ast.walk(hole.value)):
                    yield _fault(name, hole.value.lineno, ast.unparse(hole.value))


def _in_lines(name: Path, text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for hit in pattern.finditer(text):
        yield _fault(name, text.count("\n", 0, hit.start()) + 1, hit.group())


def _called(node: ast.Call) -> str:
    called = node.func
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _is_own_way(part: ast.AST) -> bool:
    if isinstance(part, ast.Attribute):
        return part.attr in OWN_WAY
    if isinstance(part, ast.Name):
        return part.id in OWN_WAY
    if isinstance(part, ast.FormattedValue) and part.format_spec is not None:
        return bool(re.search(r"%[YymdBbj]", ast.unparse(part.format_spec)))
    return False


def _fault(name: Path, line: int, date_text: str) -> str:
    return f"{name}:{line}: “{date_text}”: dates are written by date_words, day_words or dayWords"
