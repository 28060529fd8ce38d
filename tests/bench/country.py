"""The whole country's year on one database, drawn by lot from what the other benches measured.

    .venv/bin/python -m tests.bench.country [provinces]

31 provinces, each with the competitions of `year_filling.py`, on the days and in the hours on
which such are held: seven in ten from May to October, six in ten of a week's on its last three
days; judges mark by day, contestants and visitors look when results come out. What one mark, one
page and one row take is told at the head, and has to be changed where a bench says otherwise.
Printed are marks, pages and processor seconds of the busiest minute of the year, and what a
year leaves.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random

from tests.bench.year_filling import COUNTED, ENTRANTS, WHOLE

PROVINCES, MARKS_OF_ONE = 31, 90
"""Marks of an entrant, as in `events.py`: five judges, eighteen aspects."""
WEB_MARK, DATABASE_MARK, DATABASE_PAGE = 1.3e-3, 1.2e-3, 0.3e-3
"""Seconds of the processor: of a web host for a mark, of PostgreSQL for it, of it for a page."""
VERIFY_ROW, COPY_ROW, ROW_BYTES = 53e-6, 34e-6, 440
ROWS_OF_PROVINCE = 5_750_000
VIEWS_OF_ONE = 20
"""Pages that are opened for each entrant in the hour after results come out."""
_SEASON, _IN_SEASON = range(5, 11), 0.7
_LATE_IN_WEEK = 0.6


def day_of(rng: Random, days: list[date], weights: list[float]) -> date:
    """A day on which a competition is held."""
    return rng.choices(days, weights)[0]


def weights_of(days: list[date]) -> list[float]:
    """How often competitions are held on each of these days."""
    season = sum(day.month in _SEASON for day in days)
    return [
        (_IN_SEASON / season if day.month in _SEASON else (1 - _IN_SEASON) / (len(days) - season))
        * (_LATE_IN_WEEK / 3 if day.weekday() >= 4 else (1 - _LATE_IN_WEEK) / 4)
        for day in days
    ]


def main(provinces: int) -> int:
    """Draw the year and print what its busiest minute asks."""
    rng = Random(2026)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    weights = weights_of(days)
    held_on: Counter[date] = Counter()
    marks: defaultdict[tuple[date, int], float] = defaultdict(float)
    pages: defaultdict[tuple[date, int], float] = defaultdict(float)
    for _number in range(provinces * (WHOLE + COUNTED)):
        day = day_of(rng, days, weights)
        held_on[day] += 1
        first = 8 * 60 + 30 + rng.randrange(60)
        # From half past eight to five, an hour of rest at noon; results in the evening.
        minutes = [first + number for number in (*range(210), *range(270, 480))]
        of_minute = ENTRANTS * MARKS_OF_ONE / len(minutes)
        for minute in minutes:
            marks[day, minute] += of_minute
        results = first + 480 + rng.randrange(120)
        for minute in range(results, results + 60):
            pages[day, minute] += ENTRANTS * VIEWS_OF_ONE / 60
    busiest = max(marks.values()) / 60
    looked = max(pages.values()) / 60
    # What `year_filling.py` leaves, and a row more for each mark.
    rows = provinces * ROWS_OF_PROVINCE + round(sum(marks.values()))
    figures = [
        ("competitions in the year", f"{sum(held_on.values()):,}"),
        ("on its busiest day", f"{max(held_on.values()):,}"),
        ("marks a second in its busiest minute", f"{busiest:,.0f}"),
        ("cores of web hosts for them", f"{busiest * WEB_MARK:.1f}"),
        ("cores of PostgreSQL for them", f"{busiest * DATABASE_MARK:.1f}"),
        ("published pages a second in the busiest minute", f"{looked:,.0f}"),
        ("cores of PostgreSQL for them without a CDN", f"{looked * DATABASE_PAGE:.1f}"),
        ("rows that the year leaves, millions", f"{rows / 1e6:,.0f}"),
        ("GB with indexes", f"{rows * ROW_BYTES / 1e9:,.0f}"),
        ("hours of one core to verify all of them", f"{rows * VERIFY_ROW / 3600:.1f}"),
        ("hours to move them", f"{rows * COPY_ROW * 3.5 / 3600:.1f}"),
    ]
    print("| what | of a year |\n|---|--:|")
    for name, figure in figures:
        print(f"| {name} | {figure} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROVINCES))
