"""Comparing workbooks by what stands in them: their bytes hold the time of writing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook


def same_cells(one: bytes, other: bytes) -> bool:
    """Whether two workbooks have the same sheets with the same values."""
    return _cells(one) == _cells(other)


def _cells(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(BytesIO(data), read_only=True)
    try:
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    finally:
        book.close()
