"""The form of an appeal: read it, and answer the browser or the page's own script."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue

from compete.domain.values.states import MoveError
from compete.domain.values.upload_limits import LARGEST_FILM
from compete.models import Account, Appeal, Entrant
from compete.services.appeals.evidence import MOST_AT_ONCE
from compete.services.appeals.filing import (
    Filing,
    accept_decision,
    add_evidence,
    file_appeal,
    go_on,
    withdraw_appeal,
)
from compete.services.kernel.refusal import Refused
from compete.web.appeal_form.view_model import files_until_words
from compete.web.errors import by_script
from compete.web.language import say
from compete.web.refusals import status_of

Shown = Callable[[str, int], ResponseReturnValue]
"""The page again, with the fault and the status."""

ACTS = ("add", "withdraw", "go_on", "accept")
FIELDS = ("uuid", "item", "kind", "matter", "words", "why")


def typed() -> dict[str, str]:
    """Return the typed values by the field's name; never the number's last characters."""
    return {key: request.form[key] for key in FIELDS if key in request.form}


def refuse(problem: str, status: int, shown: Shown) -> ResponseReturnValue:
    """Say what is wrong, with everything typed kept."""
    return (jsonify(problem=problem), status) if by_script() else shown(problem, status)


def _next_page(
    url: str, add_url: str | None = None, until: str | None = None
) -> ResponseReturnValue:
    """Go on to the page that follows; the page's own script may put more with it first."""
    return jsonify(url=url, add=add_url, until=until) if by_script() else redirect(url, 303)


def take_filing(
    entrant: Entrant,
    by: Account | None,
    url_after: Callable[[Appeal], str],
    add_url: Callable[[Appeal], str],
    shown: Shown,
) -> ResponseReturnValue:
    """File what was sent."""
    form = request.form
    wanted = Filing(
        uuid=form.get("uuid", ""),
        item=form.get("item", ""),
        kind=form.get("kind", ""),
        matter=form.get("matter", ""),
        photos=sent_files(),
    )
    try:
        appeal = file_appeal(entrant, wanted, by)
    except Refused as refused:
        return refuse(say(refused.message), status_of(refused), shown)
    return _next_page(url_after(appeal), add_url(appeal), files_until_words(appeal))


def take_act(
    act: str, appeal: Appeal, by: Account | None, url_after: str, shown: Shown
) -> ResponseReturnValue:
    """Add to it, withdraw it, take it to the second instance, or accept what was decided."""
    form = request.form
    try:
        if act == "add":
            add_evidence(appeal, form.get("words", ""), sent_files(), by)
        elif act == "withdraw":
            withdraw_appeal(appeal, by)
        elif act == "accept":
            accept_decision(appeal, by)
        else:
            go_on(appeal, form.get("why", ""), by)
    except Refused as refused:
        return refuse(say(refused.message), status_of(refused), shown)
    except MoveError as error:
        return refuse(say(error.message), 409, shown)
    return _next_page(url_after)


def sent_files() -> list[bytes]:
    """Return the files, each read to the size limit and a byte more; one more than allowed."""
    sent = [file for file in request.files.getlist("photos") if file.filename]
    return [file.stream.read(LARGEST_FILM + 1) for file in sent[: MOST_AT_ONCE + 1]]
