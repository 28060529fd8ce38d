"""Blind codes as the coder's page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from compete.models import Competition
from compete.services.sheets import CodedPerson, coding_of
from compete.web.organiser.coding.shapes import (
    BlindEvent,
    CodedCompetition,
    CodingPage,
    CodingUrls,
)


def coding_page(competition: Competition, shown: Sequence[CodedPerson] | None) -> CodingPage:
    """How many codes each blind event has; `shown` is the list where it was asked for."""
    return CodingPage(
        competition=CodedCompetition(name=competition.name),
        events=[
            BlindEvent(
                name=row.name,
                people=row.people,
                drawn=row.drawn,
                print_url=url_for("organiser.coding_form", code=competition.code, event=row.event)
                if row.drawn
                else None,
            )
            for row in coding_of(competition)
        ],
        shown=shown,
        urls=CodingUrls(show=url_for("organiser.coding", code=competition.code)),
    )
