"""The ladders of skill grades (等级体系) of the installation, which events take copies of."""

from compete.services.ladders.fields import (
    FIELDS,
    OTHER_HEADINGS,
    LadderTexts,
    ladder_of_row,
    rows_of,
    texts_of,
)
from compete.services.ladders.shipped import NATIONAL_KEY, fill_ladders
from compete.services.ladders.table import (
    LadderView,
    add_ladder,
    change_ladder,
    close_ladder,
    find_ladder,
    find_ladders,
    plan_ladders,
    reopen_ladder,
    write_ladders,
)
from compete.services.ladders.taken import (
    events_with,
    ladder_differs,
    ladder_to_take,
    ladders_offered,
    why_not_taken,
)

__all__ = [
    "FIELDS",
    "NATIONAL_KEY",
    "OTHER_HEADINGS",
    "LadderTexts",
    "LadderView",
    "add_ladder",
    "change_ladder",
    "close_ladder",
    "events_with",
    "fill_ladders",
    "find_ladder",
    "find_ladders",
    "ladder_differs",
    "ladder_of_row",
    "ladder_to_take",
    "ladders_offered",
    "plan_ladders",
    "reopen_ladder",
    "rows_of",
    "texts_of",
    "why_not_taken",
    "write_ladders",
]
