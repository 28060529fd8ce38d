"""Honours that another body approves: which they are, its word, its document."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_DOCUMENT
from compete.models import Account, Competition, Event, HonourApproval
from compete.services.accounts.second_persons import asked_word, is_linked
from compete.services.awards.external_award_list import write_honours
from compete.services.awards.external_awards import (
    agree_own,
    approve_honours,
    ask_own,
    certified_honours,
    honours_there,
    need_approval,
    refuse_honours,
    waive_approval,
)
from compete.services.awards.issuing_gate import check_issue
from compete.services.awards.prize_money_payments import lost_honours
from compete.services.kernel.competition_settings import distinction_rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import get_row
from compete.services.results.approved_external_awards import BY_HAND, HonourBook, honour_book
from compete.services.results.shown_version import named_as_published
from compete.services.results.snapshots import read_snapshot
from compete.web import guard
from compete.web.downloads import send_document, send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.pages import of_code, own_row, sent_file
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import day


def _honour_cards(competition: Competition) -> list[dict[str, Any]]:
    """Every honour of the version in force, in the published order, then those given by hand.

    Of the latter, titles that somebody granted, of which it is said who approves them, or that by
    their name others give.
    """
    book, issued = honour_book(competition), certified_honours(competition)
    lost, blocked = lost_honours(competition), _blocked(competition)
    events = {event.code: event.name for event in competition.events}
    groups = _groups(competition, book)
    cards = []
    for number, ((event, title), holders) in enumerate(groups.items(), 1):
        body, need = book.body_of(title), book.needs.get(title)
        declared = need is not None and bool(body)
        asked = need.asked if need is not None and body == "" else ""
        barred = (
            asked_word(competition, need.by, linked=is_linked("honour")).why_not(current_user)
            if need is not None and (declared or asked)
            else None
        )
        people = [
            _person(book, issued, event, title, holder)
            if why is None
            else _lost_person(holder, why)
            for holder in holders
            for why in (lost.get((event, title, holder[0])),)
        ]
        for person in people if event in blocked else ():
            # What might go out by itself says what it waits for.
            if person["state"] == "own":
                person |= {"state": "waiting", "word": _("等发证"), "note": blocked[event]}
        out = any(award == title for _event, award, _whose in issued)
        cards.append(
            {
                "mark": f"honour-{number}",
                "event": event,
                "event_name": events[event] if event else _("评选"),
                "title": title,
                "body": body or None,
                "unsaid": body == "",
                "people": people,
                "waiting": sum(
                    person["state"] in ("proposed", "refused", "unsaid") for person in people
                ),
                "may_need": not declared and not out,
                "asked": asked,
                "asked_by": get_row(Account, need.by).name if asked and need is not None else "",
                "second": bool(body or asked) and barred is None and guard.may_do(Right.AGREE),
                "why_not": say(barred),
            }
        )
    return cards


_Holder = tuple[str, str, str]
"""A holder of an honour: as the services name them, and name and unit as shown."""
_Groups = dict[tuple[str, str], list[_Holder]]


def _groups(competition: Competition, book: HonourBook) -> _Groups:
    names, there = _published(competition), honours_there(competition)
    groups: _Groups = {(row.event, row.title): [] for row in there if row.won is not None}
    groups |= {
        (BY_HAND, rule.title): []
        for rule in distinction_rules_of(competition)
        if rule.title in book.needs or book.body_of(rule.title) is not None
    }
    for honour in there:
        given = honour.given
        name, unit = (given.called, given.of_unit) if given is not None else names[honour.key]
        groups.setdefault((honour.event, honour.title), []).append((honour.key, name, unit))
    return groups


def _published(competition: Competition) -> dict[str, tuple[str, str]]:
    """The names and units under which the results went out, by code."""
    publication = latest_publication(competition)
    if publication is None:
        return {}
    bundle = named_as_published(read_snapshot(publication)[0], publication)
    units = {unit.code: unit.name for unit in bundle.units}
    names: dict[str, tuple[str, str]] = {}
    for entrant in bundle.entrants:
        names[entrant.code] = entrant.name, units[entrant.unit]
        for member in entrant.members or ():
            name = _("%(name)s（%(more)s）", name=member.name, more=entrant.name)
            names[member.code] = name, units[entrant.unit]
    return names


def _person(
    book: HonourBook,
    issued: Set[tuple[str, str, str]],
    event: str,
    title: str,
    holder: _Holder,
) -> dict[str, Any]:
    key, name, unit = holder
    body = book.body_of(title)
    word = book.word_on(event, title, key) if body is not None else None
    if (event, title, key) in issued:
        state, text = "issued", _("已发证")
    elif body is None:
        state, text = "own", _("可以发证")
    elif not body:
        state, text = "unsaid", _("等写明由谁核准")
    elif word is None:
        state, text = "proposed", _("等核准")
    else:
        state, text = ("approved", _("已核准")) if word.approved else ("refused", _("没有核准"))
    return {
        "code": key,
        "name": name,
        "unit": unit,
        "state": state,
        "word": text,
        "note": _note(word) if word is not None else "",
        "document": word.id if word is not None and word.sha256 else None,
        "open": bool(body) and state != "issued",
    }


def _lost_person(holder: _Holder, why: Message) -> dict[str, Any]:
    """Somebody who has the honour no more, though the results in force list it."""
    key, name, unit = holder
    return {
        "code": key,
        "name": name,
        "unit": unit,
        "state": "revoked",
        "word": say(why),
        "note": "",
        "document": None,
        "open": False,
    }


def _blocked(competition: Competition) -> dict[str, str]:
    """Why nothing of an event is issued now, by its code; nothing where it may."""
    reasons: dict[str, str] = {}
    for code in (BY_HAND, *(event.code for event in competition.events)):
        try:
            check_issue(competition, "-", code or None)
        except Refused as refused:
            reasons[code] = say(refused.message)
    return reasons


def _note(word: HonourApproval) -> str:
    if not word.approved:
        return word.reason or ""
    return _(
        "%(body)s %(number)s，%(on)s",
        body=word.body,
        number=word.number,
        on=day(word.dated, with_year=True),
    )


def _page(competition: Competition, refused: Refused | None = None) -> str:
    """Render the page; after a refusal what was sent stands where it was typed."""
    return render_template(
        "organiser/awards/external.html",
        competition=competition,
        cards=_honour_cards(competition),
        published=latest_publication(competition) is not None,
        problem=problem_of(refused),
    )


@face.get("/<code>/honours")
@guard.may(Right.SEE, of=guard.SKILLS | guard.LABOUR)
def honours(competition: Competition) -> ResponseReturnValue:
    """Every honour, who has it, and by whom it is approved."""
    return _page(competition)


@face.post("/<code>/honours/need")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@refusal_on(_page)
def need_honour(competition: Competition) -> ResponseReturnValue:
    """Record that another body approves this honour."""
    need_approval(competition, *_title_and("body"), current_user)
    return _flash_and_return(_("写明了，核准以后才能发证"))


@face.post("/<code>/honours/waive")
@guard.may(Right.AGREE, of=guard.SKILLS | guard.LABOUR)
@refusal_on(_page)
def waive_honour(competition: Competition) -> ResponseReturnValue:
    """Record, as the second person, that nobody else has to approve it."""
    waive_approval(competition, *_title_and("reason"), current_user)
    return _flash_and_return(_("定了，不用核准"))


@face.post("/<code>/honours/own")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@refusal_on(_page)
def ask_own_honour(competition: Competition) -> ResponseReturnValue:
    """Ask, as the first person, that the organiser gives this honour itself."""
    ask_own(competition, *_title_and("reason"), current_user)
    return _flash_and_return(_("提出了，等另一位同意"))


@face.post("/<code>/honours/own/agree")
@guard.may(Right.AGREE, of=guard.SKILLS | guard.LABOUR)
@refusal_on(_page)
def agree_own_honour(competition: Competition) -> ResponseReturnValue:
    """Agree, as the second person, that the organiser gives it."""
    agree_own(competition, *_title_and("seen"), current_user)
    return _flash_and_return(_("定了，由组委会自己授予"))


@face.post("/<code>/honours/decide")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@only_once
@refusal_on(_page)
def decide_honour(competition: Competition) -> ResponseReturnValue:
    """Enter the body's word on some of those who won the honour."""
    form, of = request.form, _event(competition)
    title, people = form.get("title", ""), form.getlist("people")
    if form.get("word") == "refused":
        refuse_honours(of, title, people, form.get("reason", ""), current_user)
        return _flash_and_return(_("记下了，没有核准"))
    approve_honours(
        of,
        title,
        people,
        current_user,
        number=form.get("number", ""),
        dated=_date(form.get("dated", "")),
        document=sent_file("document", LARGEST_DOCUMENT),
    )
    return _flash_and_return(_("核准录入了，可以发证"))


@face.post("/<code>/honours/list.xlsx")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def honours_book(competition: Competition) -> Response:
    """Download the people put forward; by a press, since whole ID numbers are recorded."""
    content = write_honours(competition, current_user, _)
    return send_workbook(content, f"荣誉称号报送名单_{competition.name}.xlsx")


@face.get("/<code>/honours/<int:number>/document")
@guard.may(Right.SEE, of=guard.SKILLS | guard.LABOUR)
def honour_document(competition: Competition, number: int) -> Response:
    """The document of approval as it was sent, to be saved."""
    approval = own_row(HonourApproval, competition, number)
    return send_document(approval.document, approval.media, f"核准文件_{approval.number}")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _event(competition: Competition) -> Event | Competition:
    """Find the event where it was won; the competition itself for honours given by hand."""
    wanted = posted_text("event")
    if wanted == BY_HAND:
        return competition
    return of_code(competition.events, wanted)


def _title_and(field: str) -> tuple[str, str]:
    return request.form.get("title", ""), request.form.get(field, "")


def _flash_and_return(done: str) -> ResponseReturnValue:
    flash(done, "ok")
    return redirect(url_for("organiser.honours"))
