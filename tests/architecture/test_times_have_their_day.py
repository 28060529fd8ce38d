"""What happened is told with its day once that is past; bare hours are for plans of one day."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

COMPETE = Path(__file__).resolve().parents[2] / "compete"
BARE = {"clock", "clock_text"}
MAY_BE_BARE = re.compile(r"\bclock(?:_text)?\(")
ALLOWED = {
    # The functions themselves.
    "services/kernel/clock.py",
    "web/templating.py",
    # Kept or shown with the day beside it.
    "services/judging/field_records.py",
    "services/judging/tablet_view.py",
    "services/registration/badges.py",
    "services/registration/day_forms.py",
    "services/registration/room_papers.py",
    "services/schedule/check_in_acts.py",
    "services/schedule/delays.py",
    "services/schedule/rooms.py",
    "services/schedule/station_moves.py",
    "services/schedule/double_bookings.py",
    "web/judge/field.py",
    "web/organiser/competitions/details/sessions.py",
    "web/judge/sheet_json.py",
    "web/organiser/schedule/draws/view_model.py",
    "web/organiser/schedule/draws/draws_model.py",
    "web/organiser/schedule/plan/view_model.py",
    "web/public/badge_plan.py",
    "web/unit/home.py",
    # Of the present day, or of hours that are near.
    "web/hall/views.py",
    "web/organiser/schedule/arrivals/view_model.py",
    "web/organiser/schedule/arrivals/views.py",
    "web/organiser/examinations/board.py",
    "web/organiser/hall/floor/views.py",
    "web/organiser/hall/floor/view_model.py",
    "web/public/badge.py",
}


def bare_hours(source: str) -> Iterator[int]:
    """The lines of a file that tell hours without their day."""
    if not MAY_BE_BARE.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in BARE:
            yield node.lineno


def test_bare_hours_are_told_where_the_list_says() -> None:
    telling = {
        file.relative_to(COMPETE).as_posix()
        for file in COMPETE.rglob("*.py")
        if next(bare_hours(file.read_text(encoding="utf-8")), None)
    }
    assert telling == ALLOWED


def test_bare_hours_are_found() -> None:
    source = "at = moment_in_sentence(row.at)\nlabel(clock(row.at))\nclock_text(row.ended_at) or ''"
    assert list(bare_hours(source)) == [2, 3]
