"""Rows of a workbook with headings: sent to be looked at, and once more to be written."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from flask import abort, request

from compete.domain.values import Message, msg
from compete.sheets.headed_rows import read_headed_rows
from compete.sheets.workbook import WorkbookError, read_upload


def sent_rows(
    headings: Mapping[str, Message], others: Mapping[str, str], most: int
) -> list[tuple[int, dict[str, str]]]:
    """The rows of the workbook that was sent, as `read_headed_rows` tells them.

    Raises `WorkbookError` where none was sent, too.
    """
    sent = request.files.get("workbook")
    if sent is None or not sent.filename:
        raise WorkbookError(msg("先选一个 Excel 文件"))
    content = read_upload(sent.stream, declared=request.content_length)
    return read_headed_rows(content, headings, others, most)


def looked_at_rows(fields: Collection[str]) -> list[dict[str, str]]:
    """The rows as the preview packed them; 400 for what it cannot have packed."""
    try:
        rows = json.loads(request.form.get("rows", ""))
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(rows, list) or not all(_is_row(row, fields) for row in rows):
        abort(400)
    return rows


def _is_row(row: object, fields: Collection[str]) -> bool:
    return isinstance(row, dict) and all(
        key in fields and isinstance(text, str) for key, text in row.items()
    )
