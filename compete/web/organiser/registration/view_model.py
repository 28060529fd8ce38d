"""A registration workbook in words: what would be added, changed or refused."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.models import Competition
from compete.sheets.registration import (
    PlannedRow,
    RegistrationPlan,
    RowStatus,
)
from compete.sheets.registration.columns import PEOPLE_COLUMNS
from compete.web.language import say

_ALWAYS = ("name", "id_number", "unit", "group", "grade")


STATES = {
    RowStatus.ADDED: "added",
    RowStatus.CHANGED: "changed",
    RowStatus.UNCHANGED: "same",
    RowStatus.REFUSED: "refused",
}


def page_head(competition: Competition) -> dict[str, str]:
    """What every page of an upload has at its head."""
    return {
        "name": competition.name,
        "url": url_for("organiser.overview", code=competition.code),
    }


def describe_columns(plan: RegistrationPlan) -> list[dict[str, str]]:
    """The columns that matter, and any other in which something is wrong or would change."""
    touched = {key for row in plan.rows for key in row.bad_columns}
    touched |= {change.column for row in plan.rows for change in row.changes}
    return [
        {"key": column.key, "label": say(column.title)}
        for column in PEOPLE_COLUMNS
        if column.key in _ALWAYS or column.key in touched
    ]


def plan_row(row: PlannedRow) -> dict[str, Any]:
    """One row of the workbook: what it would do, and what is wrong with it."""
    cells: dict[str, dict[str, Any]] = {
        key: {"text": say(value)} for key, value in row.shown.items()
    }
    for change in row.changes:
        cells[change.column] = {"text": say(change.new), "old": say(change.old)}
    for key in row.bad_columns:
        cells.setdefault(key, {"text": ""})["bad"] = True
    reasons = [say(problem.message) for problem in row.problems]
    if row.changes:
        names = [
            say(column.title)
            for column in PEOPLE_COLUMNS
            if any(change.column == column.key for change in row.changes)
        ]
        reasons.append(_("%(what)s改了", what="、".join(names)))
    return {
        "number": row.number,
        "state": STATES[row.status],
        "cells": cells,
        "reasons": reasons + [say(note) for note in row.notes],
    }
