"""Pasted blocks at any grid: a page sends a block and its own names and learns what goes where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.services.kernel.untrusted_json import read_json
from compete.sheets.reading.blocks import (
    PLACES,
    Placed,
    Remark,
    Target,
    place_texts,
    place_values,
)
from compete.sheets.workbook.refusal import WorkbookError
from compete.web.errors import answer
from compete.web.language import say

_MOST_TEXT, _MOST_NAMES = 400_000, 6_000
_READERS = {"values": place_values, "texts": place_texts}


class BlockBody(msgspec.Struct):
    """A block with the grid that it is pasted into; `at` is the cursor's row and column."""

    kind: str
    text: str
    rows: list[list[str]]
    columns: list[list[str]]
    at: tuple[int, int] = (0, 0)
    answers: dict[str, int | None] = {}


def answer_block() -> ResponseReturnValue:
    """Read the block of the request, and say what goes where."""
    body = read_json(request.get_data(), BlockBody)
    if body is None or body.kind not in _READERS or not body.columns or not body.rows:
        return answer(400, _("这次粘贴读不懂，再贴一次"))
    if len(body.text) > _MOST_TEXT or len(body.rows) + len(body.columns) > _MOST_NAMES:
        return answer(413, _("贴的太多，分几次贴"))
    chosen = {
        cell: at for cell, at in body.answers.items() if at is None or 0 <= at < len(body.columns)
    }
    target = Target(body.rows, body.columns, (max(body.at[0], 0), max(body.at[1], 0)))
    try:
        placed = _READERS[body.kind](body.text, target, chosen)
    except WorkbookError as error:
        return answer(400, say(error.message))
    return jsonify(_as_json(placed))


def _as_json(placed: Placed) -> dict[str, Any]:
    return {
        "by": placed.by,
        "as_it_stands": placed.by == PLACES,
        "rows": placed.rows,
        "wide": placed.wide,
        "squares": [
            {"row": it.row, "column": it.column, "text": it.text, "cell": it.cell}
            for it in placed.squares
        ],
        "columns": [
            {
                "cell": it.cell,
                "heading": it.heading,
                "place": it.place,
                "state": it.state,
                "why": say(it.why) or "",
                "samples": list(it.samples),
                "may": list(it.may),
            }
            for it in placed.columns
        ],
        "asked": _remarks(placed.asked),
        "out": _remarks(placed.out),
    }


def _remarks(remarks: Sequence[Remark]) -> list[dict[str, str]]:
    return [{"place": it.place, "text": it.text, "why": say(it.why)} for it in remarks]
