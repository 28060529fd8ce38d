"""A labour competition run month by month: entered by rows one owns, signed off by departments.

Periods are closed, then corrected by two alone, and announced.
"""

from compete.services.labour.cells import (
    Grid,
    GridUnit,
    asked_in,
    grid_of,
    history_of,
    leaves_of,
    needs_target,
)
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
from compete.services.labour.departments import (
    LONGEST_NAME,
    LONGEST_RECORDER,
    Recorder,
    department_link,
    departments_of,
    find_department,
    make_department_link,
    recorders_of,
    save_department,
)
from compete.services.labour.entering import CellAct, Entered, Writer, enter_cells
from compete.services.labour.publishing import publish_closed, unpublished_periods
from compete.services.labour.signing_off import (
    Lacking,
    lacking,
    lacking_in,
    sign_off,
    sign_offs,
    signed_off,
    withdraw_sign_off,
    without_reason,
)
from compete.services.labour.stands import (
    closed_periods,
    period_stands,
    require_open_period,
    state_of,
)

__all__ = [
    "LONGEST_NAME",
    "LONGEST_RECORDER",
    "CellAct",
    "Closing",
    "Entered",
    "Grid",
    "GridUnit",
    "Lack",
    "Lacking",
    "Recorder",
    "Wanted",
    "Writer",
    "agree_correction",
    "ask_correction",
    "asked_in",
    "before_closing",
    "close_period",
    "closed_periods",
    "corrections_of",
    "department_link",
    "departments_of",
    "drop_correction",
    "enter_cells",
    "find_correction",
    "find_department",
    "grid_of",
    "history_of",
    "lacking",
    "lacking_in",
    "leaves_of",
    "make_department_link",
    "needs_target",
    "period_stands",
    "publish_closed",
    "recorders_of",
    "require_open_period",
    "save_department",
    "sign_off",
    "sign_offs",
    "signed_off",
    "state_of",
    "unpublished_periods",
    "what_it_moves",
    "withdraw_sign_off",
    "without_reason",
]
