"""Files of questions that are no tables: GIFT, Aiken, Moodle XML and QTI 3, by their content."""

from __future__ import annotations

from compete.sheets.headed_rows import OtherRows
from compete.sheets.questions.aiken import is_aiken, read_aiken
from compete.sheets.questions.brought import rows_of_questions
from compete.sheets.questions.gift import is_gift, read_gift
from compete.sheets.questions.moodle import is_moodle, read_moodle
from compete.sheets.questions.qti import is_package, is_qti, read_package, read_qti
from compete.sheets.workbook.opened import text_of

_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_FORMATS = (
    (is_moodle, read_moodle),
    (is_qti, read_qti),
    (is_aiken, read_aiken),
    (is_gift, read_gift),
)


def questions_in(content: bytes) -> OtherRows | None:
    """The questions of a file as rows, by lines or order; None for another kind of file.

    Raises `WorkbookError` for XML that is broken or has a document type, or has no item in it.
    """
    if is_package(content):
        return rows_of_questions(read_package(content))
    text = None if content.startswith(_BINARY) else text_of(content)
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    for is_it, read in _FORMATS:
        if is_it(text):
            return rows_of_questions(read(text))
    return None
