"""Honours that others give: who has to approve them, what they said, and how that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.awards.others import is_of_others
from compete.domain.awards.won import Won
from compete.domain.bundle.results import EventResults
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState
from compete.models import Certificate, Competition, Distinction, HonourApproval, db
from compete.services.kernel.competition_settings import HonourNeed, settings_of
from compete.services.kernel.versions import remembered_beside_check_ins

BY_HAND = ""
"""Stands for the event's code where an award was given by hand."""


def distinction_prize(row: Distinction) -> str:
    """The holder of an award given by hand, as in an approval and on its certificate."""
    return f"distinction/{row.id}"


@dataclass(frozen=True, slots=True)
class HonourBook:
    """The honours that others approve, and the newest word on each person.

    `words` are by the event's code (`BY_HAND` for none), the title and whose it is; `out` are
    titles under which certificates are in force, looked up only where it is asked.
    """

    needs: Mapping[str, HonourNeed]
    words: Mapping[tuple[str, str, str], HonourApproval]
    out: Callable[[], frozenset[str]]

    def body_of(self, title: str) -> str | None:
        """The body that approves it; empty if nobody has said yet, None if it is the organiser's.

        What by its name others give waits until somebody says whose it is, unless certificates
        went out before that was asked.
        """
        need = self.needs.get(title)
        if need is not None:
            return None if need.own else need.body
        return "" if is_of_others(title) and title not in self.out() else None

    def word_on(self, event: str, title: str, person: str) -> HonourApproval | None:
        """The newest word on a person's honour, or None while there is none."""
        return self.words.get((event, title, person))

    def approving(self, event: str, title: str, person: str) -> HonourApproval | None:
        """The word by which another body gave it; None where it is the organiser's to give."""
        word = self.word_on(event, title, person)
        given = word is not None and word.approved and self.body_of(title) is not None
        return word if given else None

    def waits(self, event: str, won: Won) -> bool:
        """True if no certificate may go out: another body has to approve it, and has not."""
        return won.honour and self.waits_on(event, won.award, won.member or won.entrant or "")

    def waits_on(self, event: str, title: str, person: str) -> bool:
        """The same, of an honour by its title and whose it is."""
        if self.body_of(title) is None:
            return False
        word = self.word_on(event, title, person)
        return word is None or not word.approved

    def waits_by_hand(self, row: Distinction) -> bool:
        """The same, of an award that was given by hand."""
        return self.waits_on(BY_HAND, row.title, distinction_prize(row))

    def called(self, event: str, title: str, person: str) -> Message | None:
        """The title as long as it is not approved: `江苏省技术能手（等核准）`; None once it is."""
        if not self.waits_on(event, title, person):
            return None
        if self.word_on(event, title, person) is None:
            return msg("%(title)s（等核准）", title=title)
        return msg("%(title)s（没有核准）", title=title)


def honour_book(competition: Competition) -> HonourBook:
    """The book of honours as it stands now."""
    honours = settings_of(competition).honours
    words: dict[tuple[str, str, str], HonourApproval] = {}
    codes = {event.id: event.code for event in competition.events}
    for row in _approvals_of(competition) if honours else ():
        for code in row.people:
            event = codes[row.event_id] if row.event_id is not None else BY_HAND
            words[event, row.title, str(code)] = row
    return HonourBook(honours, words, cache(lambda: _out(competition)))


def _approvals_of(competition: Competition) -> Sequence[HonourApproval]:
    """List every word of another body, in the order in which it was entered."""
    return db.session.scalars(
        select(HonourApproval)
        .where(HonourApproval.competition_id == competition.id)
        .options(joinedload(HonourApproval.maker))
        .order_by(HonourApproval.id)
    ).all()


def honour_words(
    competition: Competition, events: Sequence[EventResults]
) -> dict[tuple[str, str, str], Message]:
    """The honours that another body gives and has not approved, by event, title and person."""
    if not any(event.honours for event in events):
        return {}
    book = honour_book(competition)
    words: dict[tuple[str, str, str], Message] = {}
    for event in events:
        for row in event.honours or ():
            key = event.code, row.title, row.member or row.entrant
            called = book.called(*key)
            if called is not None:
                words[key] = called
    return words


def _out(competition: Competition) -> frozenset[str]:
    """The titles that others commonly give under which certificates are in force."""

    def read() -> frozenset[str]:
        faces = db.session.scalars(
            select(Certificate.face["award"].as_string())
            .where(
                Certificate.competition_id == competition.id,
                Certificate.kind == "award",
                Certificate.state == CertificateState.VALID,
            )
            .distinct()
        )
        return frozenset(title for title in faces if title and is_of_others(title))

    return remembered_beside_check_ins(competition, "titles of others", read)
