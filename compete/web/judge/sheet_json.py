"""A sheet as the tablet gets it: marks, and what the panel's rules add for this judge."""

from __future__ import annotations

from typing import Any

from compete.domain.values import SheetState
from compete.models import Account, Event, Judge, Sheet, db
from compete.services.judging import (
    SigningState,
    answer_data,
    home_data,
    my_sheets,
    panel_obstacle,
    previous_values,
    sheet_data,
    signature_words,
    signing_state,
)
from compete.services.kernel import module_of, rules_of
from compete.services.panels import panel_key_of, panel_of, panels_of, standing_rulings
from compete.services.sheets import OpenSheet, photos_of
from compete.web.judge.panel_json import describe_dispute, describe_panel
from compete.web.judge.rulings_json import describe_rulings
from compete.web.language import say
from compete.web.templating import clock

_DONE = (SheetState.SUBMITTED, SheetState.SIGNED)


def whole_sheet(sheet: Sheet, account: Account) -> dict[str, Any]:
    """What `GET /api/sheets/<id>` answers and the page of the sheet carries.

    To the keys of `tablet.sheet_data` it adds `panel` and `dispute`
    (`panel_json.describe_panel`), and

    - `previous`: `{aspect: value}`, what this judge gave in the round before of
      the aspects to be marked anew; they have no value now;
    - `signing`: `{"ready": bool, "why": text or null, "pin": bool, "signed":
      null or {"words", "hash", "at", "clock"}}`; `pin` says whether a PIN is
      chosen yet, `clock` is `at` by the hall's clock;
    - `ruled`: what the chief judge ruled (`ruled_json.describe_rulings`);
    - `photos`: `[{"uuid", "aspect": code or null}]`, oldest first.
    """
    event = db.session.get_one(Event, sheet.entrant.event_id)
    module = module_of(rules_of(event), sheet.stage, sheet.module)
    return {
        **sheet_data(sheet),
        **describe_panel(panel_of(sheet), sheet),
        "previous": {} if sheet.state in _DONE else previous_values(sheet, module),
        "signing": describe_signing(signing_state(sheet), account),
        "ruled": describe_rulings(module, standing_rulings([sheet.id]).get(sheet.id, [])),
        "photos": [{"uuid": photo.uuid, "aspect": photo.aspect} for photo in photos_of(sheet)],
    }


def short_answer(opened: OpenSheet, account_id: int) -> dict[str, Any]:
    """What `POST /api/acts` answers of a sheet; once it is in, with panel and signing too."""
    answer = answer_data(opened)
    if opened.row.state not in _DONE:
        return answer
    sheet = db.session.get_one(Sheet, opened.row.id)
    account = db.session.get_one(Account, account_id)
    return {
        **answer,
        **describe_panel(panel_of(sheet), sheet),
        "previous": {},
        "signing": describe_signing(signing_state(sheet), account),
        "ruled": describe_rulings(opened.module, standing_rulings([sheet.id]).get(sheet.id, [])),
    }


def whole_home(judge: Judge) -> dict[str, Any]:
    """What `GET /api/home` answers.

    To the rows of `tablet.home_data` it adds `dispute` (`panel_json.describe_dispute`),
    `ruled` (`ruled_json.describe_rulings`) and `ready`, whether the judge can sign the
    sheet now.
    """
    data = home_data(judge)
    sheets = my_sheets(judge)
    panels = panels_of([sheet for sheet in sheets if sheet.state in _DONE])
    rulings = standing_rulings([sheet.id for sheet in sheets if sheet.state in _DONE])
    ruled = {sheet.public_id: rulings.get(sheet.id, []) for sheet in sheets}
    views = {sheet.public_id: panels.get(panel_key_of(sheet)) for sheet in sheets}
    rows = []
    for row in data["sheets"]:
        view = views[row["id"]]
        rows.append(
            {
                **row,
                "dispute": describe_dispute(view) if view else None,
                "ruled": describe_rulings(view.module, ruled[row["id"]]) if view else [],
                "ready": data["open"]
                and not row["locked"]
                and row["state"] == SheetState.SUBMITTED
                and panel_obstacle(view) is None,
            }
        )
    return {**data, "sheets": rows}


def describe_signing(state: SigningState, account: Account) -> dict[str, Any]:
    """The key `signing` of a sheet."""
    signed = state.signed
    return {
        "ready": state.ready,
        "why": say(state.why) if state.why else None,
        "pin": account.pin_hash is not None,
        "signed": {
            "words": signature_words(signed.sha256),
            "hash": signed.sha256,
            "at": signed.signed_at.isoformat(),
            "clock": clock(signed.signed_at),
        }
        if signed
        else None,
    }
