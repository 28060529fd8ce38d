"""What the demonstration shows beyond single competitions: a year's series, what came of a winner
elsewhere, mentors with their pupils; each is written as its page writes it.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from compete.domain.values.mentor_states import MentorOutcome
from compete.models import Account, Competition
from compete.services.directory.organisations import connect_units
from compete.services.mentors.mentorship_fields import EndFields, VisitFields
from compete.services.mentors.mentorships import (
    Wanted,
    end_pair,
    find_mentorships,
    note_visit,
    write_pairs,
)
from compete.services.series.report_rows import enter_reports
from compete.services.series.series_nodes import NodeFields, SeriesFields, add_node, make_series
from compete.services.workers.outside_results import OutsideFields, agree_outside, enter_outside

SERIES = "series/series.json"


def show_series(file: Path, by: Account) -> None:
    """Make the year's series out of what its unions reported; its first nodes stand in a row."""
    sample = _read(file)
    series = make_series(msgspec.convert(sample["series"], SeriesFields), by)
    above = None
    for node in sample["nodes"]:
        above = add_node(series, above, msgspec.convert(node, NodeFields), by)
    enter_reports(series, sample["reports"], by)


def show_outside_result(
    file: Path, competition: Competition, winner: str, by: Account, second: Account
) -> None:
    """Enter what the winner of a contest came to in the nation's, and have it agreed to."""
    fields = msgspec.convert(_read(file)["outside"], OutsideFields)
    agree_outside(enter_outside(competition, winner, fields, by), second)


def show_mentors(file: Path, competition: Competition, by: Account) -> None:
    """Connect the competition's units to organisations, and pair mentors with its people.

    The pairs are visited once, twice, three times in turn; the last ended well.
    """
    sample = _read(file)
    connect_units(by, {unit.id: None for unit in competition.units})
    write_pairs(sample["pairs"], by)
    rows, _total = find_mentorships(by, Wanted())
    pairs = sorted(rows, key=lambda it: it.id)
    for number, pair in enumerate(pairs):
        for visit in sample["visits"][: number % len(sample["visits"]) + 1]:
            note_visit(pair, msgspec.convert({"by": pair.mentor.name, **visit}, VisitFields), by)
    ended = date.fromisoformat(sample["ended"])
    end_pair(pairs[-1], EndFields(outcome=MentorOutcome.EXCELLENT, day=ended), by)


def _read(file: Path) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(file.read_bytes())
    return sample
