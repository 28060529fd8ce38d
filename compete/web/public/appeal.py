"""Appealing from a badge: its link and the ID number behind it say who it is."""

from __future__ import annotations

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from compete.models import Appeal, Entrant
from compete.services.appeals.appeal_states import appeals_of_entrant
from compete.web import guard
from compete.web.appeal_form.reading import ACTS, refuse, take_act, take_filing, typed
from compete.web.appeal_form.view_model import appeal_page
from compete.web.extensions import who_asks_by_link
from compete.web.kind_words import speak_of
from compete.web.once import only_once
from compete.web.public.blueprint import face
from compete.web.public.proof import not_proven
from compete.web.public.views import entrant_behind


@face.get("/c/<token>/appeal")
@guard.public
def appeal(token: str) -> ResponseReturnValue:
    """Show what can be appealed against until when, and what became of earlier appeals."""
    return _appeal_view(token, entrant_behind(token))


# It needs no session: who somebody is, is said in the form itself, so there is no token to check.
@face.post("/c/<token>/appeal")
@guard.public_post("30 per minute", who_asks_by_link)
def file_appeal(token: str) -> ResponseReturnValue:
    """Take an appeal in."""
    entrant = entrant_behind(token)

    def page(problem: str, status: int) -> ResponseReturnValue:
        return _appeal_view(token, entrant, problem, status)

    wrong = not_proven(entrant)
    if wrong is not None:
        return refuse(*wrong, page)
    return take_filing(
        entrant,
        None,
        lambda filed: _appeal_url(token, filed),
        lambda filed: _act_url(token, "add", filed.public_id),
        page,
    )


@face.post("/c/<token>/appeal/<public_id>/<act>")
@guard.public_post("30 per minute", who_asks_by_link)
@only_once
def appeal_act(token: str, public_id: str, act: str) -> ResponseReturnValue:
    """Add to an appeal, withdraw it, take it further, or accept what was decided."""
    entrant = entrant_behind(token)
    appeal = next((a for a in appeals_of_entrant(entrant) if a.public_id == public_id), None)
    if appeal is None or act not in ACTS:
        abort(404)

    def page(problem: str, status: int) -> ResponseReturnValue:
        return _appeal_view(token, entrant, problem, status, f"{act}-{public_id}")

    wrong = not_proven(entrant)
    if wrong is not None:
        return refuse(*wrong, page)
    return take_act(act, appeal, None, _appeal_url(token), page)


def _act_url(token: str, act: str, public_id: str) -> str:
    return url_for("public.appeal_act", token=token, public_id=public_id, act=act)


def _appeal_url(token: str, filed: Appeal | None = None) -> str:
    return url_for("public.appeal", token=token, got=filed.public_id if filed else None)


def _appeal_view(
    token: str,
    entrant: Entrant,
    problem: str | None = None,
    status: int = 200,
    acting: str | None = None,
) -> ResponseReturnValue:
    speak_of(entrant.competition)
    page = appeal_page(
        entrant,
        file_url=url_for("public.file_appeal", token=token),
        back_url=url_for("public.contestant", token=token),
        act_url=lambda act, public_id: _act_url(token, act, public_id),
        by=None,
        typed=typed(),
        received=request.args.get("got"),
        problem=problem,
        acting=acting,
    )
    return page, status
