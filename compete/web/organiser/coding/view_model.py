"""Blind codes as the coder's page and the page of their opening show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.roles import Role
from compete.models import Competition
from compete.services.accounts.card_handling import signed_as
from compete.services.kernel.competition_settings import Coding
from compete.services.sheets.coding_layers import (
    MOST_LAYERS,
    CodedPerson,
    EventCoding,
    codes_are_out,
    coding_of,
    layers_for,
    person_of,
    seats_of,
    why_not_unblind,
    why_stay_closed,
)
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.coding.shapes import (
    BlindEvent,
    ClosedEvent,
    CodedCompetition,
    CodingPage,
    CodingUrls,
    UnblindingPage,
)
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment
from compete.web.words import heads_in


def coding_page(
    competition: Competition,
    shown: Sequence[CodedPerson] | None,
    problem: str | None = None,
    typed: tuple[str, Sequence[str]] = ("", ()),
) -> CodingPage:
    """How many codes each blind event has; `shown` is the list where it was asked for.

    `typed` are the keepers that were sent for an event and refused.
    """
    coded, code = coding_of(competition), competition.code
    known = {row.event.code: layers_for(row.event, current_user) for row in coded}
    return CodingPage(
        competition=CodedCompetition(name=competition.name),
        events=[
            BlindEvent(
                code=row.event.code,
                name=row.event.name,
                people=heads_in(row.people, competition, row.event),
                drawn=row.drawn,
                kept=_kept(competition, row.coding),
                opened=bool(row.coding.keepers) and not row.coding.closed,
                print_url=url_for("organiser.coding_form", code=code, event=row.event.code)
                if row.drawn and known[row.event.code] != []
                else None,
                chosen=_chosen(typed[1] if typed[0] == row.event.code else row.coding.keepers),
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
        problem=problem,
        urls=CodingUrls(
            unblinding=allowed_url("organiser.unblinding", code=code)
            if any(row.coding.keepers for row in coded)
            else None
        ),
    )


def unblinding_page(
    competition: Competition, shown: Sequence[CodedPerson] | None
) -> UnblindingPage:
    """The blind events whose codes are kept, and how far each is from being opened."""
    kept = [row for row in coding_of(competition) if row.coding.keepers]
    opened = any(
        not row.coding.closed and layers_for(row.event, current_user) is None for row in kept
    )
    return UnblindingPage(
        events=[_closed(competition, row) for row in kept],
        shown=shown,
        show_url=url_for("organiser.show_unblinded", code=competition.code) if opened else None,
    )


def _closed(competition: Competition, row: EventCoding) -> ClosedEvent:
    event, coding, code = row.event, row.coding, competition.code
    fault = why_stay_closed(event) if coding.closed else None
    seat = bool(seats_of(competition, current_user))
    asked = coding.asked_by is not None
    barred = why_not_unblind(event, current_user) if asked and coding.closed else None
    said = [
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
        kept=_kept(competition, coding),
        chip=_chip(coding),
        said=said,
        ask_url=url_for("organiser.ask_unblinding", code=code, event=event.code)
        if acts and not asked
        else None,
        agree_url=url_for("organiser.agree_unblinding", code=code, event=event.code)
        if acts and asked and barred is None
        else None,
        drop_url=url_for("organiser.drop_unblinding", code=code, event=event.code)
        if coding.closed and seat and asked
        else None,
    )


def _signed(number: int | None, at: datetime | None) -> str:
    account = person_of(number)
    return f"{say(signed_as(account)) if account is not None else '—'} {moment(at)}"


def _chip(coding: Coding) -> Chip:
    if not coding.closed:
        return Chip(text=_("已解密"), kind="ok", icon="unlock")
    if coding.asked_by is not None:
        return Chip(text=_("等第二个人同意"), kind="warn", icon="clock")
    return Chip(text=_("封存"), kind="", icon="lock")


def _kept(competition: Competition, coding: Coding) -> list[str]:
    names = {judge.code: f"{judge.code} {judge.name}" for judge in competition.judges}
    return [
        _("第 %(n)s 层：%(who)s", n=layer, who=names.get(keeper, keeper))
        for layer, keeper in enumerate(coding.keepers, 1)
    ]


def _chosen(keepers: Sequence[str]) -> list[str]:
    return [*keepers, *([""] * MOST_LAYERS)][:MOST_LAYERS]
