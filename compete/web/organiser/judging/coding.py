"""Blind codes: for coders, who keep them, for the organiser, who names these, and their opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Event
from compete.services.accounts.card_handlers import signed_as
from compete.services.kernel.competition_settings import Coding
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.sheets.coding_form import print_coding_form
from compete.services.sheets.coding_layers import (
    MOST_LAYERS,
    CodedPerson,
    EventCoding,
    agree_unblinding,
    ask_unblinding,
    codes_are_out,
    coding_of,
    draw_codes_anew,
    drop_unblinding,
    layers_for,
    seats_of,
    set_keepers,
    show_codes,
    why_not_unblind,
    why_stay_closed,
)
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.pages import of_code
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment
from compete.web.words import heads_in


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindEvent:
    """A blind event: `drawn` codes for `people`; who keeps each layer of them."""

    code: str
    name: str
    people: str
    drawn: int
    kept: Sequence[str]
    """The keepers of each layer, a sentence each; none if nobody was named."""
    opened: bool
    prints: bool
    """True if the record is printed: not before the draw, nor for a viewer without the codes."""
    chosen: Sequence[str]
    """The values of the form's three fields."""
    anew: bool
    """True if there are codes and no sheet bears them yet: they can be drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedEvent:
    """A blind event whose codes are kept, and what the viewer may do about them."""

    name: str
    kept: Sequence[str]
    chip: Chip
    said: Sequence[str]
    """The people who asked and agreed, when; why not yet."""
    code: str
    may_ask: bool
    may_agree: bool
    may_drop: bool


def _coding_page(
    competition: Competition,
    refused: Refused | None = None,
    *,
    shown: Sequence[CodedPerson] | None = None,
    typed: Sequence[str] = (),
) -> str:
    """Render the count of codes of each blind event; `shown` is the list if it was asked for.

    `typed` are the keepers that were sent for the asked event and refused.
    """
    coded = coding_of(competition)
    known = {row.event.code: layers_for(row.event, current_user) for row in coded}
    return render_template(
        "organiser/judging/coding/coding.html",
        events=[
            BlindEvent(
                code=row.event.code,
                name=row.event.name,
                people=heads_in(row.people, competition, row.event),
                drawn=row.drawn,
                kept=_keeper_lines(competition, row.coding),
                opened=bool(row.coding.keepers) and not row.coding.closed,
                prints=bool(row.drawn) and known[row.event.code] != [],
                chosen=_layer_choices(
                    typed if typed and row.event == _event(competition) else row.coding.keepers
                ),
                anew=bool(row.drawn) and not codes_are_out(row.event),
            )
            for row in coded
        ],
        shown=shown,
        knows=any(layers != [] for layers in known.values()),
        coders=[Choice(value="", label=_("不设"))]
        + [
            Choice(value=judge.code, label=f"{judge.code} {judge.name}")
            for judge in competition.judges
            if judge.role is Role.CODER
        ],
        problem=problem_of(refused),
        kept=any(row.coding.keepers for row in coded),
    )


def _unblinding_page(competition: Competition, *, show: bool = False) -> str:
    """The blind events whose codes are kept, and how far each is from being opened; the list of
    codes is for whoever asked to see it, once any are open.
    """
    kept = [row for row in coding_of(competition) if row.coding.keepers]
    opened = any(
        not row.coding.closed and layers_for(row.event, current_user) is None for row in kept
    )
    if show and not opened:
        abort(404)
    return render_template(
        "organiser/judging/coding/unblinding.html",
        shown=show_codes(competition, current_user) if show else None,
        events=[_closed(competition, row) for row in kept],
        opened=opened,
    )


def _closed(competition: Competition, row: EventCoding) -> ClosedEvent:
    event, coding = row.event, row.coding
    fault = why_stay_closed(event) if coding.closed else None
    seat = bool(seats_of(competition, current_user))
    asked = coding.asked_by is not None
    barred = why_not_unblind(event, current_user) if asked and coding.closed else None
    lines = [
        words
        for words in (
            _("%(who)s 提出解密", who=_signed(coding.asked_by, coding.asked_at)) if asked else "",
            ""
            if coding.closed
            else _("%(who)s 同意", who=_signed(coding.agreed_by, coding.agreed_at)),
            say(fault) if fault is not None else "",
            say(barred) if barred is not None and seat else "",
        )
        if words
    ]
    acts = coding.closed and seat and fault is None
    return ClosedEvent(
        name=event.name,
        kept=_keeper_lines(competition, coding),
        chip=_chip(coding),
        said=lines,
        code=event.code,
        may_ask=acts and not asked,
        may_agree=acts and asked and barred is None,
        may_drop=coding.closed and seat and asked,
    )


def _signed(number: int | None, at: datetime | None) -> str:
    account = find(Account, number)
    return f"{say(signed_as(account)) if account is not None else '—'} {moment(at)}"


def _chip(coding: Coding) -> Chip:
    if not coding.closed:
        return Chip(text=_("已解密"), kind="ok", icon="unlock")
    if coding.asked_by is not None:
        return Chip(text=_("等第二个人同意"), kind="warn", icon="clock")
    return Chip(text=_("封存"), kind="", icon="lock")


def _keeper_lines(competition: Competition, coding: Coding) -> list[str]:
    names = {judge.code: f"{judge.code} {judge.name}" for judge in competition.judges}
    return [
        _("第 %(n)s 层：%(who)s", n=layer, who=names.get(keeper, keeper))
        for layer, keeper in enumerate(coding.keepers, 1)
    ]


def _layer_choices(keepers: Sequence[str]) -> list[str]:
    return [*keepers, *([""] * MOST_LAYERS)][:MOST_LAYERS]


@face.route("/<code>/coding", methods=["GET", "POST"])
@guard.may(Right.CODE)
def coding(competition: Competition) -> ResponseReturnValue:
    """Show the count of drawn codes; the list itself at a press, which is recorded."""
    shown = show_codes(competition, current_user) if request.method == "POST" else None
    return _coding_page(competition, shown=shown)


@face.post("/<code>/coding/keepers")
@guard.may(Right.APPOINT)
@refusal_on(lambda competition, refused: _coding_page(competition, refused, typed=_typed_layers()))
def coding_keepers(competition: Competition) -> ResponseReturnValue:
    """Name the keepers of each layer of an event's codes: one to three coders, or nobody."""
    keepers = [keeper for keeper in _typed_layers() if keeper]
    set_keepers(_event(competition), keepers, current_user)
    flash(_("存好了"), "ok")
    return redirect(url_for("organiser.coding"))


@face.post("/<code>/coding/anew")
@guard.may(Right.APPOINT)
@refusal_on(_coding_page)
def coding_anew(competition: Competition) -> ResponseReturnValue:
    """Draw all codes of an event again, before sheets bear them; with the reason."""
    draw_codes_anew(_event(competition), posted_reason(), current_user)
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
    """Show how near each blind event is to being opened by chief judge and supervisor."""
    return _unblinding_page(competition)


@face.post("/<code>/unblinding/codes")
@guard.may(Right.SEE)
def show_unblinded(competition: Competition) -> ResponseReturnValue:
    """Show the person behind each code, layer by layer; the look is recorded."""
    return _unblinding_page(competition, show=True)


@face.post("/<code>/unblinding/ask", endpoint="ask_unblinding")
@guard.may(Right.SEE)
def post_ask_unblinding(competition: Competition) -> ResponseReturnValue:
    """Ask to open the codes, as the first of chief judge and supervisor."""
    ask_unblinding(_event(competition), current_user)
    flash(_("提出了，等另一个人同意"), "ok")
    return redirect(url_for("organiser.unblinding"))


@face.post("/<code>/unblinding/agree", endpoint="agree_unblinding")
@guard.may(Right.SEE)
def post_agree_unblinding(competition: Competition) -> ResponseReturnValue:
    """Agree, as the second of them: the codes are open."""
    agree_unblinding(_event(competition), current_user)
    flash(_("解密了，可以锁定评分"), "ok")
    return redirect(url_for("organiser.unblinding"))


@face.post("/<code>/unblinding/drop", endpoint="drop_unblinding")
@guard.may(Right.SEE)
def post_drop_unblinding(competition: Competition) -> ResponseReturnValue:
    """Withdraw the request to unblind."""
    drop_unblinding(_event(competition), current_user)
    flash(_("收回了"), "ok")
    return redirect(url_for("organiser.unblinding"))


def _typed_layers() -> list[str]:
    return [request.form.get(f"layer{n}", "") for n in range(1, MOST_LAYERS + 1)]


def _event(competition: Competition) -> Event:
    wanted = request.args.get("event", "") or posted_text("event")
    return of_code(competition.events, wanted)
