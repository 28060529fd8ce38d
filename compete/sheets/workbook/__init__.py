"""Opening workbooks that strangers send, and writing ones that people open."""

from compete.sheets.workbook.cells import Cell, Fault, Percent
from compete.sheets.workbook.limits import (
    DEFAULT_LIMITS,
    LARGE_LIMITS,
    MAX_BYTES,
    Limits,
    read_upload,
)
from compete.sheets.workbook.opened import (
    OpenedSheet,
    OpenedWorkbook,
    check_upload,
    open_text,
    open_workbook,
)
from compete.sheets.workbook.refusal import WorkbookError

__all__ = [
    "DEFAULT_LIMITS",
    "LARGE_LIMITS",
    "MAX_BYTES",
    "Cell",
    "Fault",
    "Limits",
    "OpenedSheet",
    "OpenedWorkbook",
    "Percent",
    "WorkbookError",
    "check_upload",
    "open_text",
    "open_workbook",
    "read_upload",
]
