"""Who is expected when and where, who marks whom, and sheets for those who come late."""

from compete.services.schedule.allocation import assign_judges, make_sheets, open_judging
from compete.services.schedule.late_sheets import allot_missing
from compete.services.schedule.missing_sheets import sheetless
from compete.services.schedule.slots import place_entrants, seat_judges
from compete.services.schedule.timekeepers import name_timekeeper

__all__ = [
    "allot_missing",
    "assign_judges",
    "make_sheets",
    "name_timekeeper",
    "open_judging",
    "place_entrants",
    "seat_judges",
    "sheetless",
]
