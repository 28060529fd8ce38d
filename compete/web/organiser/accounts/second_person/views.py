"""The second of two persons: who counts now; both there, or a signed paper, on the same day."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Account, Competition, SignedPaper
from compete.services.accounts.pins import check_pin
from compete.services.accounts.second_persons import say_present
from compete.services.closing.penalties_and_outcomes import photo_type
from compete.services.competitions.same_day_approvals import (
    agree_in_person,
    agree_on_paper,
    countersign,
    may_see_paper,
    seconds_for,
)
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.rows_by_number import find_own
from compete.web import guard
from compete.web.auth.passwords import require_password
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.accounts.second_person.view_model import second_page
from compete.web.organiser.blueprint import face
from compete.web.posted import posted_text
from compete.web.refusals import refusal_on


@face.get("/<code>/second")
@guard.may(Right.SAME_DAY, of=guard.ANY_KIND)
def second_person(competition: Competition) -> ResponseReturnValue:
    """Show who counts as the second person now, who not until when, and the ways of today."""
    return second_page(competition)


@face.post("/<code>/second/present")
@guard.may(Right.SAME_DAY, of=guard.ANY_KIND)
@refusal_on(second_page)
def say_present_here(competition: Competition) -> ResponseReturnValue:
    """Record that the signed-in person is there, as said by PIN or password."""
    _prove(current_user, request.form.get("secret", ""))
    say_present(competition, current_user)
    flash(_("记下了，半小时内算在场"), "ok")
    return redirect(url_for("organiser.second_person"))


@face.post("/<code>/second/in-person")
@guard.may(Right.SAME_DAY, of=guard.ANY_KIND)
@refusal_on(second_page)
def agree_together(competition: Competition) -> ResponseReturnValue:
    """Agree as the second person at this device; both give their own PIN or password."""
    form = request.form
    second = _chosen_second(competition)
    _prove(current_user, form.get("secret", ""))
    _prove(second, form.get("other_secret", ""))
    key, _space, seen = posted_text("act").partition(" ")
    act = agree_in_person(competition, key, second, current_user, seen=seen)
    flash(_("%(what)s：%(who)s 同意了", what=say(act.what), who=second.name), "ok")
    return redirect(url_for("organiser.second_person"))


@face.post("/<code>/second/paper")
@guard.may(Right.SAME_DAY, of=guard.ANY_KIND)
@only_once
@refusal_on(second_page)
def hand_in_paper(competition: Competition) -> ResponseReturnValue:
    """Hand in a paper that the second person signed, as a photo: done now, to be countersigned."""
    upload = request.files.get("photo")
    second = _chosen_second(competition)
    photo = upload.read() if upload else b""
    key, _space, seen = posted_text("act").partition(" ")
    agree_on_paper(competition, key, second, photo, current_user, seen=seen)
    flash(_("办了，等补签"), "ok")
    return redirect(url_for("organiser.second_person"))


@face.get("/<code>/second/papers/<int:number>/photo")
@guard.may(Right.SAME_DAY, of=guard.ANY_KIND)
def signed_paper_photo(competition: Competition, number: int) -> Response:
    """The paper as it was photographed."""
    photo = _paper(competition, number).photo
    return Response(photo, mimetype=photo_type(photo) or "image/jpeg")


@face.post("/<code>/second/papers/<int:number>/countersign")
@guard.may(Right.SAME_DAY, of=guard.ANY_KIND)
def countersign_paper(competition: Competition, number: int) -> ResponseReturnValue:
    """Sign, as another person, that the paper is right."""
    countersign(_paper(competition, number), current_user)
    flash(_("补签了"), "ok")
    return redirect(url_for("organiser.second_person"))


def _chosen_second(competition: Competition) -> Account:
    number = posted_text("second")
    for person in seconds_for(competition, current_user):
        if str(person.id) == number:
            return person
    raise invalid(msg("选第二个人是谁"))


def _prove(account: Account, secret: str) -> None:
    """Return if it is the account's own PIN or password; `Refused` for any other, or none yet."""
    if account.pin_hash is not None:
        check_pin(account, secret)
        return
    if account.password_hash is None:
        raise Refused(
            msg("%(name)s还没设 PIN 或密码，先用登录卡或链接设一个", name=account.name),
            kind=Refusal.NEEDED_FIRST,
        )
    require_password(account, secret)


def _paper(competition: Competition, number: int) -> SignedPaper:
    paper = find_own(SignedPaper, competition, number)
    if paper is None or not may_see_paper(paper, current_user):
        abort(404)
    return paper
