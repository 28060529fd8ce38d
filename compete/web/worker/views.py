"""One's own record: proving who one is, the record, leaving it, and letting others see it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from compete.models import PersonLink
from compete.services.kernel.refusal import Refused
from compete.services.rewards.points import let_be_named, lets_be_named, own_points
from compete.services.workers.own_links import (
    MOST_TRIES,
    REST,
    SHARED_DAYS,
    choose_pin,
    count_look,
    enter,
    is_in,
    leave,
    link_behind,
    prove_first,
    share,
    shared_person,
    shares_of,
    take_share_back,
)
from compete.services.workers.printed_record import print_record
from compete.services.workers.record import record_of
from compete.services.workers.record_credential import has_record_credential, record_credential
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.downloads import send_file_bytes, send_pdf
from compete.web.extensions import limiter, who_asks_by_link
from compete.web.language import say
from compete.web.once import only_once
from compete.web.pages import fields_of
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on, status_of
from compete.web.worker.view_model import show_record

face = Blueprint("worker", __name__)
_ENTRY = "record"
_RATE = "30 per minute"


def _ended(refused: Refused) -> ResponseReturnValue:
    page = render_template("worker/ended.html", why=say(refused.message))
    return page, status_of(refused)


def _page(token: str, refused: Refused | None = None, **_values: object) -> ResponseReturnValue:
    """The record for who is in; before that what proves who somebody is."""
    try:
        link = link_behind(token)
    except Refused as gone:
        return _ended(gone)
    problem = problem_of(refused)
    status = status_of(refused) if refused is not None else 200
    entered = is_in(link, session.get(_ENTRY))
    if not entered or link.pin_hash is None:
        page = render_template(
            "worker/enter.html",
            link=token,
            step="enter" if link.pin_hash is not None else "choose" if entered else "first",
            given=link.made_at,
            tries=MOST_TRIES,
            minutes=int(REST.total_seconds() // 60),
            problem=problem,
        )
        return page, status
    record = record_of(link.person)
    return render_template(
        "worker/record.html",
        **fields_of(show_record(record)),
        has_file=has_record_credential(record),
        link=token,
        shares=[(it, public_url("worker.shared", token=it.token)) for it in shares_of(link)],
        days=SHARED_DAYS,
        points=own_points(link.person),
        is_named=lets_be_named(link.person),
        problem=problem,
    ), status


@face.get("/w/<token>")
@guard.public
def own(token: str) -> ResponseReturnValue:
    """Show the record, or ask who is there."""
    return _page(token)


# These need no token of a session: the link stands on its holder's paper alone.
@face.post("/w/<token>/first")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
def first(token: str) -> ResponseReturnValue:
    """Take the last four characters of the ID number."""
    return _in(token, prove_first(link_behind(token), posted_text("four")))


@face.post("/w/<token>/pin")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
def choose(token: str) -> ResponseReturnValue:
    """Take the PIN that its holder chose."""
    link = link_behind(token)
    choose_pin(link, session.get(_ENTRY, ""), posted_text("pin"), posted_text("again"))
    return redirect(url_for("worker.own", token=token), 303)


@face.post("/w/<token>/enter")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
def enter_again(token: str) -> ResponseReturnValue:
    """Take the PIN."""
    return _in(token, enter(link_behind(token), posted_text("pin")))


def _in(token: str, entry: str) -> ResponseReturnValue:
    session[_ENTRY] = entry
    return redirect(url_for("worker.own", token=token), 303)


@face.post("/w/<token>/leave")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
def leave_again(token: str) -> ResponseReturnValue:
    """Let this device out."""
    leave(_entered(token))
    session.pop(_ENTRY, None)
    return redirect(url_for("worker.own", token=token), 303)


@face.post("/w/<token>/points")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
def say_of_points(token: str) -> ResponseReturnValue:
    """Let the own unit's list of points name its holder, or do so no more."""
    let_be_named(_entered(token).person, agrees=posted_text("agrees") == "yes")
    return redirect(url_for("worker.own", token=token, _anchor="points"), 303)


@face.post("/w/<token>/share")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
@only_once
def make_share(token: str) -> ResponseReturnValue:
    """Let others see the record for some days."""
    share(_entered(token))
    return redirect(url_for("worker.own", token=token, _anchor="shares"), 303)


@face.post("/w/<token>/shares/<int:number>/back")
@guard.public_post(_RATE, who_asks_by_link)
@refusal_on(_page)
def end_share(token: str, number: int) -> ResponseReturnValue:
    """Take a share back."""
    take_share_back(_entered(token), number)
    return redirect(url_for("worker.own", token=token, _anchor="shares"), 303)


@face.get("/w/seen/<token>")
@guard.public
def shared(token: str) -> ResponseReturnValue:
    """Show the record to whoever has a share of it, while it stands."""
    try:
        row = shared_person(token)
    except Refused as gone:
        return _ended(gone)
    count_look(row)
    return render_template(
        "worker/shared.html",
        **fields_of(show_record(record_of(row.owner.person))),
        until=row.until,
    )


@face.get("/w/<token>/record.pdf")
@guard.public
def record_paper(token: str) -> ResponseReturnValue:
    """Print the record, for who is in."""
    record = record_of(_entered(token).person)
    shown = show_record(record)
    rows = [(line.day, line.title, _("，").join(line.texts)) for line in shown.lines]
    printed = print_record(record, [lead.sentence for lead in shown.leads], rows, gettext)
    return send_pdf(printed, _("技能档案_%(name)s.pdf", name=shown.name))


@face.get("/w/<token>/record.json")
@guard.public
@limiter.limit("20 per minute")
@refusal_on(_page)
def record_file(token: str) -> ResponseReturnValue:
    """Send the credentials of the record as one, for who is in."""
    record = record_of(_entered(token).person)
    name = _("技能档案_%(name)s.json", name=record.person.name)
    return send_file_bytes(record_credential(record), name, "application/json", show=False)


def _entered(token: str) -> PersonLink:
    """The link, for who is in; else they are asked who they are."""
    link = link_behind(token)
    if not is_in(link, session.get(_ENTRY)) or link.pin_hash is None:
        abort(redirect(url_for("worker.own", token=token), 303))
    return link
