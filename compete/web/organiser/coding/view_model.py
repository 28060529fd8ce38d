"""Blind codes as the coder's page and the page of their opening show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
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
from compete.web.language import say
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
    """A sentence for each layer: who keeps it; none where nobody was named."""
    opened: bool
    prints: bool
    """Whether the record is printed: not before codes were drawn, nor for who knows none."""
    chosen: Sequence[str]
    """What stands in each of the three fields of the form."""
    anew: bool
    """Whether there are codes and no sheet bears them yet: they can be drawn again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedEvent:
    """A blind event whose codes are kept, and what who looks may do about them."""

    name: str
    kept: Sequence[str]
    chip: Chip
    said: Sequence[str]
    """Who asked and agreed, when; why not yet."""
    code: str
    may_ask: bool
    may_agree: bool
    may_drop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblindingPage:
    """What `organiser/coding/unblinding.html` wants; `shown` once the list was asked for."""

    events: Sequence[ClosedEvent]
    shown: Sequence[CodedPerson] | None
    opened: bool
    """Whether the codes of any are."""


def coding_page(
    competition: Competition,
    shown: Sequence[CodedPerson] | None,
    problem: str | None = None,
    typed: tuple[str, Sequence[str]] = ("", ()),
) -> str:
    """How many codes each blind event has; `shown` is the list where it was asked for.

    `typed` are the keepers that were sent for an event and refused.
    """
    coded = coding_of(competition)
    known = {row.event.code: layers_for(row.event, current_user) for row in coded}
    return render_template(
        "organiser/coding/coding.html",
        events=[
            BlindEvent(
                code=row.event.code,
                name=row.event.name,
                people=heads_in(row.people, competition, row.event),
                drawn=row.drawn,
                kept=_kept(competition, row.coding),
                opened=bool(row.coding.keepers) and not row.coding.closed,
                prints=bool(row.drawn) and known[row.event.code] != [],
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
        kept=any(row.coding.keepers for row in coded),
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
        events=[_closed(competition, row) for row in kept], shown=shown, opened=opened
    )


def _closed(competition: Competition, row: EventCoding) -> ClosedEvent:
    event, coding = row.event, row.coding
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
        code=event.code,
        may_ask=acts and not asked,
        may_agree=acts and asked and barred is None,
        may_drop=coding.closed and seat and asked,
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
