"""Opening workbooks that strangers send, and writing ones that people open."""

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
    open_workbook,
)
from compete.sheets.workbook.refusal import WorkbookError

__all__ = [
    "DEFAULT_LIMITS",
    "LARGE_LIMITS",
    "MAX_BYTES",
    "Limits",
    "OpenedSheet",
    "OpenedWorkbook",
    "WorkbookError",
    "check_upload",
    "open_workbook",
    "read_upload",
]
