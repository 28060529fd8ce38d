"""Honours that others give: who has to approve them, what they said, and how that is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.awards import Won
from compete.domain.bundle import EventResults
from compete.domain.values import Message, msg
from compete.models import Competition, HonourApproval, db
from compete.services.kernel import HonourNeed, settings_of


@dataclass(frozen=True, slots=True)
class HonourBook:
    """Which honours others approve, and the newest word on each person.

    `words` are by the event's code, the title and the person's code.
    """

    needs: Mapping[str, HonourNeed]
    words: Mapping[tuple[str, str, str], HonourApproval]

    def word_on(self, event: str, title: str, person: str) -> HonourApproval | None:
        """The newest word on a person's honour, or None while there is none."""
        return self.words.get((event, title, person))

    def waits(self, event: str, won: Won) -> bool:
        """Whether no certificate may go out: another body has to approve it, and has not."""
        return won.honour and self.waits_on(event, won.award, won.member or won.entrant or "")

    def waits_on(self, event: str, title: str, person: str) -> bool:
        """The same, of an honour by its title and whose it is."""
        if title not in self.needs:
            return False
        word = self.word_on(event, title, person)
        return word is None or not word.approved


def honour_book(competition: Competition) -> HonourBook:
    """As it stands now."""
    needs = settings_of(competition).honours
    words: dict[tuple[str, str, str], HonourApproval] = {}
    codes = {event.id: event.code for event in competition.events}
    for row in approvals_of(competition) if needs else ():
        for code in row.people:
            words[codes[row.event_id], row.title, str(code)] = row
    return HonourBook(needs, words)


def approvals_of(competition: Competition) -> Sequence[HonourApproval]:
    """Every word of another body, in the order in which it was entered."""
    return db.session.scalars(
        select(HonourApproval)
        .where(HonourApproval.competition_id == competition.id)
        .options(joinedload(HonourApproval.maker))
        .order_by(HonourApproval.id)
    ).all()


def honour_words(
    competition: Competition, events: Sequence[EventResults]
) -> dict[tuple[str, str, str], Message]:
    """By event, title and person, each honour that another body gives and has not approved.

    As `江苏省技术能手（等核准）`, or with 没有核准 once it said no.
    """
    book = honour_book(competition)
    told: dict[tuple[str, str, str], Message] = {}
    for event in events if book.needs else ():
        for row in event.honours or ():
            key = event.code, row.title, row.member or row.entrant
            if not book.waits_on(*key):
                continue
            told[key] = (
                msg("%(title)s（等核准）", title=row.title)
                if book.word_on(*key) is None
                else msg("%(title)s（没有核准）", title=row.title)
            )
    return told
