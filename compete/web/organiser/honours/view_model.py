"""Honours in words: whose, approved by whom, by which document."""

from __future__ import annotations

from collections.abc import Set

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.awards import Won
from compete.domain.values import Right
from compete.models import Competition, HonourApproval
from compete.services.accounts import who_else
from compete.services.certificates import certified_honours, honours_won
from compete.services.publication import (
    HonourBook,
    honour_book,
    latest_publication,
    named_as_published,
    read_snapshot,
)
from compete.web.language import say
from compete.web.organiser.honours.shapes import HonourCard, HonourPerson
from compete.web.templating import day


def honour_cards(competition: Competition) -> list[HonourCard]:
    """Every honour of the version in force, in the published order."""
    publication = latest_publication(competition)
    if publication is None:
        return []
    groups: dict[tuple[str, str], list[Won]] = {}
    for event, won in honours_won(competition):
        groups.setdefault((event, won.award), []).append(won)
    bundle = named_as_published(read_snapshot(publication)[0], publication)
    units = {unit.code: unit.name for unit in bundle.units}
    names: dict[str, tuple[str, str]] = {}
    for entrant in bundle.entrants:
        names[entrant.code] = entrant.name, units[entrant.unit]
        for member in entrant.members or ():
            names[member.code] = f"{member.name}（{entrant.name}）", units[entrant.unit]
    book, issued = honour_book(competition), certified_honours(competition)
    events = {event.code: event.name for event in competition.events}
    cards = []
    for number, ((event, title), winners) in enumerate(groups.items(), 1):
        need = book.needs.get(title)
        barred = who_else(competition, Right.AGREE, need.by, current_user) if need else None
        people = [_person(competition, book, issued, event, won, names) for won in winners]
        cards.append(
            HonourCard(
                mark=f"honour-{number}",
                event=event,
                event_name=events[event],
                title=title,
                body=need.body if need else None,
                people=people,
                waiting=sum(person.open and person.state != "approved" for person in people),
                may_need=need is None and not any(award == title for _e, award, _c in issued),
                waive=need is not None and barred is None,
                waive_why_not=say(barred) if barred is not None else None,
            )
        )
    return cards


def _person(
    competition: Competition,
    book: HonourBook,
    issued: Set[tuple[str, str, str]],
    event: str,
    won: Won,
    names: dict[str, tuple[str, str]],
) -> HonourPerson:
    code = won.member or won.entrant or ""
    name, unit = names[code]
    word = book.word_on(event, won.award, code) if won.award in book.needs else None
    if (event, won.award, code) in issued:
        state, text = "issued", _("已发证")
    elif won.award not in book.needs:
        state, text = "own", _("可以发证")
    elif word is None:
        state, text = "proposed", _("等核准")
    else:
        state, text = ("approved", _("已核准")) if word.approved else ("refused", _("没有核准"))
    return HonourPerson(
        code=code,
        name=name,
        unit=unit,
        state=state,
        word=text,
        note=_note(word) if word is not None else "",
        document_url=url_for("organiser.honour_document", code=competition.code, number=word.id)
        if word is not None and word.sha256
        else None,
        open=won.award in book.needs and state != "issued",
    )


def _note(word: HonourApproval) -> str:
    if not word.approved:
        return word.reason or ""
    return _(
        "%(body)s %(number)s，%(on)s",
        body=word.body,
        number=word.number,
        on=day(word.dated, with_year=True),
    )
