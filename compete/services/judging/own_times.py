"""The working time as far as one judge may know it."""

from __future__ import annotations

from compete.models import Sheet
from compete.services.judging.panels.reveal import panel_of
from compete.services.sheets.working_times import TakenTime, taken_time


def known_time(sheet: Sheet) -> TakenTime:
    """The whole once the panel is in; before that this judge's own readings alone."""
    taken = taken_time(sheet.entrant, sheet.stage, sheet.module)
    panel = panel_of(sheet)
    if panel is None or panel.revealed:
        return taken
    mine = sheet.judge.code
    own = {
        aspect: {mine: values[mine]}
        for aspect, values in {**taken.aside, **taken.readings}.items()
        if mine in values
    }
    return TakenTime(readings=own)
