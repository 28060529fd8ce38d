"""Paper sheets in words: who has typed in what, and the form for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from compete.models import Competition, PaperEntry, Sheet, db
from compete.services.closing import (
    module_of_sheet,
    paper_state,
)
from compete.services.sheets import OPEN_STATES
from compete.web import guard
from compete.web.organiser.recheck.entry_form import field_row
from compete.web.templating import state_word

_WORDS = {"none": "not_begun", "open": "begun", "waits": "complete", "settled": "submitted"}


def page_head(competition: Competition) -> dict[str, Any]:
    """What every paper page has at its head."""
    return {
        "name": competition.name,
        "url": guard.allowed_url("organiser.overview", code=competition.code),
    }


def sheets_by_label(competition: Competition, wanted: str) -> list[Sheet]:
    """The sheets with this label, in the order of modules and judges."""
    if not wanted:
        return []
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.competition_id == competition.id, Sheet.label == wanted[:80])
            .order_by(Sheet.module, Sheet.judge_id)
        )
    )


def begun_sheets(competition: Competition) -> list[Sheet]:
    """Sheets that somebody is reading from paper, the newest first."""
    newest = (
        select(PaperEntry.sheet_id)
        .where(PaperEntry.settled_at.is_(None))
        .order_by(PaperEntry.id.desc())
        .limit(200)
    )
    numbers = list(dict.fromkeys(db.session.scalars(newest)))
    rows = {
        sheet.id: sheet
        for sheet in db.session.scalars(
            select(Sheet).where(Sheet.id.in_(numbers), Sheet.competition_id == competition.id)
        )
    }
    return [rows[number] for number in numbers if number in rows]


def sheet_row(competition: Competition, sheet: Sheet) -> dict[str, Any]:
    """One paper sheet in the list: its state, and where it is typed in or settled."""
    state = paper_state(sheet, current_user)
    words = {
        "none": state_word(sheet.state),
        "open": _("另一位录了，等你录"),
        "waits": _("你录了，等另一位"),
        "differs": _("两个人录的不一样"),
        "settled": _("录完了"),
    }
    shut = state.word == "none" and sheet.state not in OPEN_STATES
    return {
        "code": sheet.label,
        "module": module_of_sheet(sheet).name,
        "judge": f"{sheet.judge.code} {sheet.judge.name}",
        "key": sheet.state.value if shut else _WORDS.get(state.word, "returned"),
        "word": words[state.word],
        "url": None
        if shut or state.settled
        else url_for("organiser.paper_sheet", code=competition.code, public_id=sheet.public_id),
    }


def entry_form(
    competition: Competition, sheet: Sheet, typed: Mapping[str, str], faults: Mapping[str, str]
) -> dict[str, Any]:
    """The recorder's fields, with what this recorder wrote before; never the other's."""
    state = paper_state(sheet, current_user)
    mine = state.mine
    if not typed and mine is not None:
        typed = {f"v-{code}": text for code, text in mine.values.items()}
        if mine.signed:
            typed = {**typed, "signed": "yes"}
    module = module_of_sheet(sheet)
    other = _("和另一位录的不一样，照着纸再看一眼")
    return {
        "competition": page_head(competition),
        "code": sheet.label,
        "module": module.name,
        "judge": f"{sheet.judge.code} {sheet.judge.name}",
        "fields": [
            field_row(
                aspect,
                typed,
                faults.get(aspect.code) or (other if aspect.code in state.differs else None),
            )
            for aspect in module.aspects
        ],
        "signed": "signed" in typed,
        "signature_differs": state.signature_differs,
        "faults": len(faults),
        "differs": len(state.differs) + state.signature_differs,
        "waits": state.word == "waits",
        "shut": sheet.state not in OPEN_STATES,
        "url": url_for("organiser.paper_sheet", code=competition.code, public_id=sheet.public_id),
        "back_url": url_for("organiser.paper", code=competition.code),
    }
