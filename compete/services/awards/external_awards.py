"""Honours that another body approves: proposed to it, and only then certified.

Rules give honours as they give awards, and awards given by hand may be another's too. Which of
them are not the organiser's to give is said here, by title; what by its name others commonly give
waits until it is said. The body's word comes with its document, for all or for some of those who
won or to whom it was granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from compete.domain.awards.won import Won, won_in
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import msg
from compete.domain.values.states import CertificateState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Event,
    HonourApproval,
    Member,
    db,
)
from compete.services.accounts.second_persons import SecondWord, asked_word, is_linked
from compete.services.awards.issuing_gate import issuable_events
from compete.services.awards.nominated_awards import certificates_of_distinctions
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import (
    HonourNeed,
    change_settings,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import kept_text, reason_text
from compete.services.kernel.transactions import changing
from compete.services.results.approved_external_awards import (
    BY_HAND,
    distinction_prize,
    honour_book,
)
from compete.services.results.consequences import withdrawn_with_version
from compete.services.results.nominated_awards_in_force import distinctions_in_force
from compete.services.results.snapshots import read_snapshot
from compete.services.sheets.sent_documents import read_document

LONGEST_BODY = LONGEST_NUMBER = 100
_MOST_PEOPLE = 2000


def honours_won(competition: Competition) -> list[tuple[str, Won]]:
    """The honours of the version in force, each with its event's code; none before the first."""
    publication = latest_publication(competition)
    if publication is None:
        return []
    bundle, results = read_snapshot(publication)
    return [
        (event.code, won)
        for event in results.events
        # Of many awards nothing is written out where there is no honour among them.
        if event.honours
        for won in won_in(bundle, event)
        if won.honour
    ]


def need_approval(competition: Competition, title: str, body: str, by: Account) -> None:
    """Set that from now on this honour is certified once `body` has approved it.

    Raises `Refused`: INVALID without the body's name, for no honour of the results or of those
    given by hand, CONFLICT where certificates for it are out.
    """
    body = kept_text(" ".join(body.split()), LONGEST_BODY, msg("要写由哪个机关核准"))
    with changing(competition) as competition:
        _check_title(competition, title)
        needs = settings_of(competition).honours
        need = needs.get(title)
        if need is not None and need.body and not need.own:
            raise Refused(msg("已经写了由%(body)s核准", body=need.body))
        if _is_out(competition, title):
            raise Refused(msg("这个荣誉称号的证书已经发了，先撤销再说要核准"))
        change_settings(competition, honours={**needs, title: HonourNeed(body=body, by=by.id)})
        audit.record(competition, by, "honour.need", title, after={"body": body})


def waive_approval(competition: Competition, title: str, reason: str, by: Account) -> None:
    """Make the honour the organiser's to give, with a reason, by another than who said whose.

    What nobody has said anything of takes two as well: `ask_own`, `agree_own`.
    """
    reason = reason_text(reason, msg("不用核准要写理由"))
    with changing(competition) as competition:
        needs = settings_of(competition).honours
        need = _need_of(needs, title)
        yours = msg("要核准是你写的，不用核准要另一位来定")
        asked_word(competition, need.by, yours, linked=is_linked("honour")).require(by)
        own = HonourNeed(body=need.body, by=by.id, own=True)
        change_settings(competition, honours={**needs, title: own})
        before = {"body": need.body}
        audit.record(competition, by, "honour.waive", title, before=before, reason=reason)


def ask_own(competition: Competition, title: str, reason: str, by: Account) -> None:
    """Ask, as one person, that a title others commonly give is the organiser's here, and why.

    Who asks again says it in other words; nothing changes before a second person agrees.
    """
    reason = reason_text(reason, msg("不用核准要写理由"))
    with changing(competition) as competition:
        book = honour_book(competition)
        if book.body_of(title) != "":
            raise Refused(msg("由谁授予已经写明了，请刷新"))
        _check_title(competition, title)
        asked = HonourNeed(body="", by=by.id, asked=reason)
        change_settings(competition, honours={**book.needs, title: asked})
        audit.record(competition, by, "honour.ask_own", title, reason=reason)


def agree_own(competition: Competition, title: str, seen: str, by: Account) -> None:
    """The second person agrees to the reason that was `seen`; from then on it is certified."""
    with changing(competition) as competition:
        needs = settings_of(competition).honours
        need = needs.get(title)
        if need is None or need.own or not need.asked or need.asked != reason_text(seen):
            raise Refused(msg("理由刚变过，请刷新后再看一次"))
        own_word(competition, need).require(by)
        own = HonourNeed(body="", by=by.id, own=True, asked=need.asked)
        change_settings(competition, honours={**needs, title: own})
        audit.record(competition, by, "honour.waive", title, reason=need.asked)


def _check_title(competition: Competition, title: str) -> None:
    """Check the title. Raises `Refused` (INVALID) if nothing here is given under it."""
    won = {won.award for _event, won in honours_won(competition)}
    by_hand = {rule.title for rule in distinction_rules_of(competition)}
    if title not in won | by_hand | {row.title for row in distinctions_in_force(competition)}:
        raise invalid(msg("公布的成绩里没有这个荣誉称号"))


def approve_honours(
    of: Event | Competition,
    title: str,
    people: Sequence[str],
    by: Account,
    *,
    number: str,
    dated: date | None,
    document: bytes,
) -> HonourApproval:
    """Enter that the body approved the honour of these people, with its document.

    `of` is the event in which it was won, or the competition for what was given by hand; then
    `people` are as in `HonourApproval`. Raises `Refused`: INVALID where number, date, document
    or people are missing or wrong.
    """
    number = kept_text(" ".join(number.split()), LONGEST_NUMBER, msg("要写核准文件的文号"))
    if dated is None or dated > local_today():
        raise invalid(msg("要写核准文件的日期，不能晚于今天"))
    if not document:
        raise invalid(msg("要附核准文件"))
    kept = read_document(document)
    return _enter(
        of,
        title,
        people,
        by,
        number=number,
        dated=dated,
        document=kept.content,
        media=kept.media,
        sha256=kept.sha256,
    )


def refuse_honours(
    of: Event | Competition, title: str, people: Sequence[str], reason: str, by: Account
) -> HonourApproval:
    """Enter that the body did not approve it. Raises `Refused` (INVALID) without a reason."""
    reason = reason_text(reason, msg("没有核准要写理由"))
    return _enter(of, title, people, by, reason=reason)


def _need_of(needs: Mapping[str, HonourNeed], title: str) -> HonourNeed:
    need = needs.get(title)
    if need is None or need.own or not need.body:
        raise Refused(msg("没有写要核准，请刷新"))
    return need


def _enter(
    of: Event | Competition, title: str, people: Sequence[str], by: Account, **details: Any
) -> HonourApproval:
    """Enter the body's word on people who have the honour and no certificate for it yet."""
    event = of if isinstance(of, Event) else None
    code, reason = event.code if event is not None else BY_HAND, details.get("reason")
    with changing(of.competition if isinstance(of, Event) else of) as competition:
        need = _need_of(settings_of(competition).honours, title)
        there = honours_there(competition)
        won = {
            honoured.key for honoured in there if (honoured.event, honoured.title) == (code, title)
        }
        wanted = list(dict.fromkeys(people))
        if not wanted or len(wanted) > _MOST_PEOPLE:
            raise invalid(msg("还没选人"))
        if not won.issuperset(wanted):
            raise Refused(msg("有人按现在的成绩没有这个荣誉称号，请刷新后再选"))
        if set(wanted) & _is_out(competition, title, code):
            raise Refused(msg("有人的证书已经发了，请刷新后再选"))
        row = HonourApproval(
            competition_id=competition.id,
            event_id=event.id if event is not None else None,
            title=title,
            body=need.body,
            approved=reason is None,
            people=wanted,
            made_by=by.id,
            **details,
        )
        db.session.add(row)
        db.session.flush()
        after = {
            "event": code,
            "people": row.people,
            "body": row.body,
            "number": row.number,
            "dated": row.dated.isoformat() if row.dated else None,
            "sha256": row.sha256,
        }
        action = "honour.approve" if row.approved else "honour.refuse"
        audit.record(competition, by, action, title, after=after, reason=reason)
    return row


def certified_honours(competition: Competition) -> set[tuple[str, str, str]]:
    """The event's code, title and holder, as in `HonourBook.words`, of valid certificates."""
    certified = _certified_by_place(competition, Certificate.state == CertificateState.VALID)
    return certified | {
        (BY_HAND, paper.face["award"], distinction_prize(paper.distinction))
        for paper in certificates_of_distinctions(competition).values()
        if paper.state is CertificateState.VALID and paper.distinction is not None
    }


def _certified_by_place(
    competition: Competition, which: ColumnElement[bool]
) -> set[tuple[str, str, str]]:
    """The same of which certificates of honours by place."""
    rows = db.session.execute(
        select(Event.code, Certificate.face, Entrant.code, Member.code)
        .join(Entrant, Entrant.id == Certificate.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .outerjoin(Member, Member.id == Certificate.member_id)
        .where(Certificate.competition_id == competition.id, Certificate.kind == "award", which)
    ).tuples()
    return {
        (event, face["award"], member or entrant)
        for event, face, entrant, member in rows
        if face.get("honour")
    }


def _made_void() -> ColumnElement[bool]:
    """The condition on certificates that two made void: what they are for is not due again."""
    withdrawn = withdrawn_with_version()
    return (Certificate.state == CertificateState.REVOKED) & Certificate.id.not_in(withdrawn)


@dataclass(frozen=True, slots=True)
class Honoured:
    """An honour and whose it is, as in `HonourBook.words`: won by place, or granted by hand."""

    event: str
    title: str
    key: str
    won: Won | None = None
    given: Distinction | None = None


def honours_there(competition: Competition) -> list[Honoured]:
    """List the honours that somebody has: won in the version in force, then granted by hand."""
    won = [
        Honoured(code, won.award, won.member or won.entrant or "", won=won)
        for code, won in honours_won(competition)
    ]
    return won + [
        Honoured(BY_HAND, row.title, distinction_prize(row), given=row)
        for row in distinctions_in_force(competition)
        if row.state is DistinctionState.GRANTED and not row.is_erased
    ]


def honours_as_own(competition: Competition) -> tuple[list[str], int]:
    """List titles due a certificate with no other body's word, and how many people's.

    Of events whose certificates wait while those of others go out there are none.
    """
    book, ready = honour_book(competition), issuable_events(competition)
    own = [
        (event, won)
        for event, won in honours_won(competition)
        if book.body_of(won.award) is None and (ready is None or event in ready)
    ]
    # Without one there is no certificate to be read.
    out = certified_honours(competition) if own else set()
    out |= _certified_by_place(competition, _made_void()) if own else set()
    due = [w.award for event, w in own if (event, w.award, w.member or w.entrant or "") not in out]
    return sorted({*due}), len(due)


def own_word(competition: Competition, need: HonourNeed) -> SecondWord:
    """The conditions of agreeing that a title is the organiser's own."""
    own = msg("是你提出的，请另一位来定")
    return asked_word(competition, need.by, own, linked=is_linked("honour"))


def own_honours_asked(competition: Competition) -> list[tuple[str, HonourNeed]]:
    """List each title that somebody asked for as the organiser's own and nobody has agreed to."""
    needs = settings_of(competition).honours
    return [(title, need) for title, need in needs.items() if need.asked and not need.own]


def honours_to_approve(competition: Competition) -> int:
    """Count the honours that wait for another body's first word, or for whose they are to give.

    What a body refused waits no more.
    """
    book = honour_book(competition)
    return sum(
        book.waits_on(honoured.event, honoured.title, honoured.key)
        and book.word_on(honoured.event, honoured.title, honoured.key) is None
        for honoured in honours_there(competition)
    )


def _is_out(competition: Competition, title: str, event: str | None = None) -> set[str]:
    return {
        person
        for code, award, person in certified_honours(competition)
        if award == title and (event is None or code == event)
    }
