"""Honours that another body approves: which they are, its word, its document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Account, Competition, Event, HonourApproval
from compete.services.certificates.honour_list import write_honours
from compete.services.certificates.honours import (
    agree_own,
    approve_honours,
    ask_own,
    need_approval,
    refuse_honours,
    waive_approval,
)
from compete.services.kernel.finding import find_own
from compete.services.kernel.refusal import Refused
from compete.services.publication.honours_approved import BY_HAND
from compete.services.publication.snapshots import latest_publication
from compete.services.sheets.sent_documents import LARGEST_DOCUMENT
from compete.web import guard
from compete.web.downloads import send_file_bytes, send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.honours.view_model import HonourTyped, honour_cards
from compete.web.pages import or_404
from compete.web.refusals import status_of

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


@face.get("/<code>/honours")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.SEE)
def honours(competition: Competition) -> ResponseReturnValue:
    """Every honour, who has it, and by whom it is approved."""
    return _page(competition)


@face.post("/<code>/honours/need")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
def need_honour(competition: Competition) -> ResponseReturnValue:
    """Another body approves this honour."""
    title, body = request.form.get("title", ""), request.form.get("body", "")
    return _settled(competition, need_approval, title, body, _("写明了，核准以后才能发证"))


@face.post("/<code>/honours/waive")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.AGREE)
def waive_honour(competition: Competition) -> ResponseReturnValue:
    """A second person: nobody else has to approve it."""
    title, why = request.form.get("title", ""), request.form.get("reason", "")
    return _settled(competition, waive_approval, title, why, _("定了，不用核准"))


@face.post("/<code>/honours/own")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
def ask_own_honour(competition: Competition) -> ResponseReturnValue:
    """One person: the organiser gives this honour itself."""
    title, why = request.form.get("title", ""), request.form.get("reason", "")
    return _settled(competition, ask_own, title, why, _("提出了，等另一位同意"))


@face.post("/<code>/honours/own/agree")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.AGREE)
def agree_own_honour(competition: Competition) -> ResponseReturnValue:
    """A second person agrees that the organiser gives it."""
    title, seen = request.form.get("title", ""), request.form.get("seen", "")
    return _settled(competition, agree_own, title, seen, _("定了，由组委会自己授予"))


@face.post("/<code>/honours/decide")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
@only_once
def decide_honour(competition: Competition) -> ResponseReturnValue:
    """Enter the body's word on some of those who won the honour."""
    form, of = request.form, _event(competition)
    title, people = form.get("title", ""), form.getlist("people")
    try:
        if form.get("word") == "refused":
            refuse_honours(of, title, people, form.get("reason", ""), current_user)
            flash(_("记下了，没有核准"), "ok")
        else:
            approve_honours(
                of,
                title,
                people,
                current_user,
                number=form.get("number", ""),
                dated=_date(form.get("dated", "")),
                document=_sent(),
            )
            flash(_("核准录入了，可以发证"), "ok")
    except Refused as refused:
        return _page(competition, _typed(refused)), status_of(refused)
    return _back(competition)


@face.post("/<code>/honours/list.xlsx")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
def honours_book(competition: Competition) -> Response:
    """Who is put forward; asked for by a press, since whole ID numbers are recorded."""
    content = write_honours(competition, current_user, _)
    return send_workbook(content, f"荣誉称号报送名单_{competition.name}.xlsx")


@face.get("/<code>/honours/<int:number>/document")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.SEE)
def honour_document(competition: Competition, number: int) -> Response:
    """The document of approval as it was sent, to be saved."""
    found = find_own(HonourApproval, competition, number)
    if found is None or found.document is None or found.media not in _ENDINGS:
        abort(404)
    name = f"核准文件_{found.number}.{_ENDINGS[found.media]}"
    return send_file_bytes(found.document, name, found.media, show=False)


def _page(competition: Competition, typed: HonourTyped | None = None) -> str:
    return render_template(
        "organiser/honours/honours.html",
        competition=competition,
        cards=honour_cards(competition),
        published=latest_publication(competition) is not None,
        typed=typed,
    )


def _typed(refused: Refused) -> HonourTyped:
    form = request.form
    return HonourTyped(
        event=form.get("event", ""),
        title=form.get("title", ""),
        problem=say(refused.message),
        body=form.get("body", ""),
        number=form.get("number", ""),
        dated=form.get("dated", ""),
        reason=form.get("reason", ""),
        people=form.getlist("people"),
    )


def _sent() -> bytes:
    """The file, read no further than one may be long and a byte more."""
    sent = request.files.get("document")
    return sent.stream.read(LARGEST_DOCUMENT + 1) if sent is not None else b""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _event(competition: Competition) -> Event | Competition:
    """Where it was won; the competition itself for what was given by hand."""
    wanted = request.form.get("event", "")
    if wanted == BY_HAND:
        return competition
    return or_404(next((event for event in competition.events if event.code == wanted), None))


def _settled(
    competition: Competition,
    act: Callable[[Competition, str, str, Account], object],
    title: str,
    said: str,
    done: str,
) -> ResponseReturnValue:
    """Do it to the honour of that title, with what was said of it; the page again where refused."""
    try:
        act(competition, title, said, current_user)
    except Refused as refused:
        return _page(competition, _typed(refused)), status_of(refused)
    flash(done, "ok")
    return _back(competition)


def _back(competition: Competition) -> ResponseReturnValue:
    return redirect(url_for("organiser.honours", code=competition.code))
