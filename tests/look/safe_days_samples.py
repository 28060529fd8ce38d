"""Sample data of the page about days without an accident."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.safe_days.shapes import SafeDaysPage, SafeRow
from compete.web.pages import fields_of
from compete.web.shapes import Choice
from tests.look.labour_form_samples import LONG
from tests.look.months_samples import COMPETITION
from tests.look.people import SITE

Sample = dict[str, Any]


def _row(code: str, name: str, day: str, days: str, kind: str = "began", **keys: Any) -> SafeRow:
    given: dict[str, Any] = {"group": "土建", "problem": None, **keys}
    return SafeRow(code=code, name=name, day=day, days=days, kind=kind, **given)


def _page(**keys: Any) -> Sample:
    given: dict[str, Any] = {
        "competition": COMPETITION,
        "back_url": "#",
        "rows": [
            _row("U01", "一标", "2025-08-27", "412 天"),
            _row("U02", LONG, "2026-10-10", "3 天", "accident"),
            _row("U03", "三", "", "—", group=""),
        ],
        "kinds": [
            Choice(value="began", label="开工、进场"),
            Choice(value="accident", label="上次事故"),
        ],
        "today": "2026-10-13",
        "rest": "",
        "problem": None,
        "save_url": "#",
        "wall_url": "#",
        "book_url": "#",
    }
    return fields_of(SafeDaysPage(**{**given, **keys})) | {"site": SITE}


def days() -> Sample:
    return _page()


def refused() -> Sample:
    wrong = _row("U01", "一标", "2027-01-01", "—", problem="写今天或者以前的日子")
    return _page(rows=[wrong], problem="有 1 处要改，没有存")


def read_only() -> Sample:
    return _page(save_url=None, wall_url=None)
