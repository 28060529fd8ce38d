"""Blind codes: for coders, who keep them, for the organiser, who names these, and their opening."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.kernel.refusal import Refused
from compete.services.sheets.coding_form import print_coding_form
from compete.services.sheets.coding_layers import (
    MOST_LAYERS,
    agree_unblinding,
    ask_unblinding,
    draw_codes_anew,
    drop_unblinding,
    set_keepers,
    show_codes,
)
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.coding.view_model import coding_page, unblinding_page
from compete.web.pages import fields_of, or_404
from compete.web.refusals import status_of

_UNBLINDING = "organiser/coding/unblinding.html"


@face.route("/<code>/coding", methods=["GET", "POST"])
@guard.may(Right.CODE)
def coding(competition: Competition) -> ResponseReturnValue:
    """How many codes are drawn; the list itself at the press of a button, which is recorded."""
    shown = show_codes(competition, current_user) if request.method == "POST" else None
    return coding_page(competition, shown)


@face.post("/<code>/coding/keepers")
@guard.may(Right.APPOINT)
def coding_keepers(competition: Competition) -> ResponseReturnValue:
    """Who keeps each layer of an event's codes: one to three coders, or nobody by name."""
    event = _event(competition)
    typed = [request.form.get(f"layer{n}", "") for n in range(1, MOST_LAYERS + 1)]
    try:
        set_keepers(event, [keeper for keeper in typed if keeper], current_user)
    except Refused as refused:
        page = coding_page(competition, None, say(refused.message), (event.code, typed))
        return page, status_of(refused)
    flash(_("存好了"), "ok")
    return redirect(url_for("organiser.coding"))


@face.post("/<code>/coding/anew")
@guard.may(Right.APPOINT)
def coding_anew(competition: Competition) -> ResponseReturnValue:
    """All codes of an event drawn again, before sheets bear them; with the reason."""
    event = _event(competition)
    try:
        draw_codes_anew(event, request.form.get("reason", ""), current_user)
    except Refused as refused:
        page = coding_page(competition, None, say(refused.message))
        return page, status_of(refused)
    flash(_("重抽了，以前印的加密记录作废"), "ok")
    return redirect(url_for("organiser.coding"))


@face.post("/<code>/coding/form.pdf")
@guard.may(Right.CODE)
def coding_form(competition: Competition) -> Response:
    """The record to sign and seal; asked for by a press, since each look is recorded."""
    event = _event(competition)
    if not event.blind:
        abort(404)
    content = print_coding_form(event, current_user, _)
    return send_pdf(content, f"加密记录_{competition.name}.pdf")


@face.get("/<code>/unblinding")
@guard.may(Right.SEE)
def unblinding(competition: Competition) -> ResponseReturnValue:
    """How far each blind event is from being opened by chief judge and supervisor."""
    return render_template(_UNBLINDING, **fields_of(unblinding_page(competition, None)))


@face.post("/<code>/unblinding/codes")
@guard.may(Right.SEE)
def show_unblinded(competition: Competition) -> ResponseReturnValue:
    """Who stood behind each code, layer by layer; the look is recorded."""
    page = unblinding_page(competition, None)
    if not page.opened:
        abort(404)
    page = unblinding_page(competition, show_codes(competition, current_user))
    return render_template(_UNBLINDING, **fields_of(page))


@face.post("/<code>/unblinding/ask", endpoint="ask_unblinding")
@guard.may(Right.SEE)
def post_ask_unblinding(competition: Competition) -> ResponseReturnValue:
    """The first of chief judge and supervisor."""
    ask_unblinding(_event(competition), current_user)
    flash(_("提出了，等另一个人同意"), "ok")
    return redirect(url_for("organiser.unblinding"))


@face.post("/<code>/unblinding/agree", endpoint="agree_unblinding")
@guard.may(Right.SEE)
def post_agree_unblinding(competition: Competition) -> ResponseReturnValue:
    """The second of them: the codes are open."""
    agree_unblinding(_event(competition), current_user)
    flash(_("解密了，可以锁定评分"), "ok")
    return redirect(url_for("organiser.unblinding"))


@face.post("/<code>/unblinding/drop", endpoint="drop_unblinding")
@guard.may(Right.SEE)
def post_drop_unblinding(competition: Competition) -> ResponseReturnValue:
    """It is not asked for any more."""
    drop_unblinding(_event(competition), current_user)
    flash(_("收回了"), "ok")
    return redirect(url_for("organiser.unblinding"))


def _event(competition: Competition) -> Event:
    wanted = request.args.get("event", "") or request.form.get("event", "")
    return or_404(next((known for known in competition.events if known.code == wanted), None))
