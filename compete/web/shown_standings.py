"""Results to read: by kind, and of a blind event only once its marks are locked."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Event
from compete.services.sheets.blind_codes import may_see_names
from compete.web.guard import may_open, page_instead

STANDINGS, AWARDS, VERDICTS = "organiser.standings", "organiser.awards", "organiser.verdicts"


def own_page(competition: Competition, page: str) -> str:
    """The page that a competition of this kind has in the place of that one."""
    return page_instead(page) or page if competition_kind(competition).gives_verdicts else page


def own_url(competition: Competition, page: str, **values: Any) -> str:
    """The address of that page."""
    return url_for(own_page(competition, page), code=competition.code, **values)


def shown_events(competition: Competition) -> list[Event]:
    """The events whose standings the reader may see with their names."""
    return [
        event for event in competition.events if may_see_names(competition, [event], current_user)
    ]


def standings_url(competition: Competition) -> str | None:
    """The standings, or verdicts, of the first event that the reader may see, or None."""
    code, page = competition.code, own_page(competition, STANDINGS)
    if not may_open(page) or not competition.events:
        return None
    if not any(event.blind for event in competition.events):
        return url_for(page, code=code)
    shown = shown_events(competition)
    if not shown:
        return None
    if shown[0] is competition.events[0]:
        return url_for(page, code=code)
    return url_for(page, code=code, event=shown[0].code)
