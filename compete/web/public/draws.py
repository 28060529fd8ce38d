"""Draws that anybody can check: the check and the sealing of a share, in the visitor's browser.

The pages are the same for everybody and set no cookie. What is typed or chosen on them stays in
the browser; only who was given a link of their own sends their seal, and later their share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from compete.domain.values.states import CeremonyState
from compete.models import DrawCeremony
from compete.services.kernel.public_reasons import masked_words
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import competition_by_code, find_own
from compete.services.schedule.draw_ceremonies import (
    PartyLink,
    latest_ceremony,
    open_by_link,
    open_party_link,
    published_draws,
    seal_by_link,
)
from compete.services.schedule.draw_changes import DrawChange, changes_since
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.language import say
from compete.web.posted import posted_text
from compete.web.refusals import status_of
from compete.web.script_translations import script_words

face = Blueprint("draws", __name__, url_prefix="/draw")


_SHOWN = 20
_FILE = re.compile(r"/draw/([^/?#]{1,80})/(\d{1,9})\.json\Z")


@face.get("/check")
@guard.public
def check() -> ResponseReturnValue:
    """Work a draw out again in the browser; `?file=` names one that this site published."""
    named = _named(request.args.get("file", ""))
    ended = named if named and named.state is CeremonyState.ENDED else None
    return render_template(
        "public/draw_check.html",
        words=script_words("draw", "public/draw"),
        ended=ended,
        newer=_newer(ended) if ended is not None else None,
        changes=_changes(named) if named is not None else [],
        published=published_draws(_SHOWN),
    )


def _named(address: str) -> DrawCeremony | None:
    """The draw whose file is at this address; one that was ended comes out as well."""
    named = _FILE.search(address)
    competition = competition_by_code(named[1]) if named else None
    return find_own(DrawCeremony, competition, int(named[2])) if named and competition else None


def _changes(named: DrawCeremony) -> list[DrawChange]:
    """The moves since, whoever a reason names masked."""
    competition = named.event.competition
    return [
        replace(change, reason=masked_words(change.reason, competition))
        for change in changes_since(named)
    ]


def _newer(ended: DrawCeremony) -> DrawCeremony | None:
    """The one held in its place; None while there is none yet."""
    newest = latest_ceremony(ended.event, ended.stage, ended.module)
    if newest is None or newest.id == ended.id or newest.file is None:
        return None
    return newest


@face.get("/<code>/<int:number>.json")
@guard.public
def file(code: str, number: int) -> Response:
    """The draw file as it was last published, byte for byte."""
    competition = competition_by_code(code)
    ceremony = find_own(DrawCeremony, competition, number) if competition else None
    if ceremony is None or ceremony.file is None:
        abort(404)
    return send_json(ceremony.file.encode(), f"{code}-draw-{number}.json")


@face.get("/seal")
@guard.public
def seal() -> ResponseReturnValue:
    """Seal a share on the party's own device."""
    return render_template("public/draw_seal.html", words=script_words("draw", "public/draw"))


# They need no session: the link says whose they are, and a page of this site has it in its address
# behind the #, which no browser sends along.
@face.post("/party")
@guard.public_post("60 per minute")
def party() -> ResponseReturnValue:
    """Show the state of the ceremony of a party's link; nothing changes by it."""
    link = open_party_link(posted_text("to"))
    ceremony, share = link.ceremony, link.share
    return jsonify(
        phase=ceremony.state.value,
        spare=link.spare,
        seal=share.seal if share else None,
        opened=share is not None and share.opened_at is not None,
        file=url_for("draws.file", code=ceremony.event.competition.code, number=ceremony.id)
        if ceremony.file is not None
        else None,
    )


@face.post("/party/seal")
@guard.public_post("20 per minute")
def party_seals() -> ResponseReturnValue:
    """Take a party's seal from its phone: the share stays where it is."""
    return _do_draw_act(lambda link: seal_by_link(link, posted_text("seal")))


@face.post("/party/open")
@guard.public_post("20 per minute")
def party_opens() -> ResponseReturnValue:
    """Open a party's share from its phone, once that is asked for."""
    share, key = posted_text("share"), request.form.get("key", "")
    return _do_draw_act(lambda link: open_by_link(link, share, key))


def _do_draw_act(act: Callable[[PartyLink], None]) -> ResponseReturnValue:
    try:
        act(open_party_link(posted_text("to")))
    except Refused as refused:
        return jsonify(error=say(refused.message)), status_of(refused)
    return jsonify(done=True)
