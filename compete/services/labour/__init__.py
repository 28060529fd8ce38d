"""A labour competition month after month: periods closed, corrected by two and announced."""

from compete.services.labour.closing import Closing, Lack, before_closing, close_period
from compete.services.labour.correcting import (
    Wanted,
    agree_correction,
    ask_correction,
    corrections_of,
    drop_correction,
    find_correction,
    what_it_moves,
)
from compete.services.labour.publishing import publish_closed, unpublished_periods
from compete.services.labour.stands import (
    closed_periods,
    period_stands,
    require_open_period,
    state_of,
)

__all__ = [
    "Closing",
    "Lack",
    "Wanted",
    "agree_correction",
    "ask_correction",
    "before_closing",
    "close_period",
    "closed_periods",
    "corrections_of",
    "drop_correction",
    "find_correction",
    "period_stands",
    "publish_closed",
    "require_open_period",
    "state_of",
    "unpublished_periods",
    "what_it_moves",
]
