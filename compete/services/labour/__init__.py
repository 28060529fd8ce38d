"""A labour competition run month by month: entered by rows one owns, signed off by departments."""

from compete.services.labour.cells import (
    Grid,
    GridUnit,
    asked_in,
    grid_of,
    history_of,
    leaves_of,
    needs_target,
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

__all__ = [
    "LONGEST_NAME",
    "LONGEST_RECORDER",
    "CellAct",
    "Entered",
    "Grid",
    "GridUnit",
    "Lacking",
    "Recorder",
    "Writer",
    "asked_in",
    "department_link",
    "departments_of",
    "enter_cells",
    "find_department",
    "grid_of",
    "history_of",
    "lacking",
    "lacking_in",
    "leaves_of",
    "make_department_link",
    "needs_target",
    "recorders_of",
    "save_department",
    "sign_off",
    "sign_offs",
    "signed_off",
    "withdraw_sign_off",
    "without_reason",
]
