"""Away: who stands in the plan and does not come: absent or out by an outcome, or not passed.

Every list, paper and door asks here; who withdrew before judging is on none (`takes_part`).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.bundle.attempts import waived_word
from compete.domain.explanation.modules import OUTCOME_WORDS
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.messages import Message, msg
from compete.models import Competition, Entrant, db
from compete.services.kernel.event_rules import attempt_of, rules_of
from compete.services.schedule.admissions import unpassed_in
from compete.services.schedule.arrivals import Occasion, has_waived, outcome_of, outcomes_of
from compete.services.sheets.absences import waived_among

NOT_COMING = (OutcomeStatus.DNS.value, OutcomeStatus.DSQ.value)
"""The outcomes by which somebody does not come; who breaks off has come, and was drawn."""
NOT_PASSED_WORD = msg("没有通过审核")


class Away:
    """The people of a competition who do not come, by the outcomes and passes that stand now."""

    def __init__(self, competition: Competition | None) -> None:
        self._outcomes = outcomes_of(competition) if competition is not None else {}
        self._unpassed = unpassed_in(competition) if competition is not None else frozenset()

    def word(self, entrant: Entrant, occasion: Occasion) -> Message | None:
        """The word for who does not come to any module of the occasion; None for who does."""
        outcomes = self._outcomes.get(entrant.id, {})
        status = outcome_of(occasion, outcomes)
        if status not in NOT_COMING:
            return NOT_PASSED_WORD if entrant.id in self._unpassed else None
        if has_waived(entrant.event, occasion, outcomes):
            attempts = [
                attempt_of(rules_of(entrant.event), occasion.stage, it) for it in occasion.modules
            ]
            numbers = [it.number for it in attempts if it is not None]
            return waived_word(*numbers)
        return OUTCOME_WORDS[OutcomeStatus(status)]

    def word_in(self, entrant: Entrant, stage: str, module: str) -> Message | None:
        """The same of one module."""
        return self.word(entrant, Occasion(stage, module=module, modules=(module,)))

    def marked(self, entrant: Entrant, text: str, stage: str, module: str) -> Message | str:
        """The text on a paper about somebody's module, marked where they do not come to it."""
        return marked(text, self.word_in(entrant, stage, module))

    def left(self, entrant: Entrant) -> Message | None:
        """The word for who is out of a whole stage, or not passed: they are expected nowhere."""
        for (_stage, module), status in self._outcomes.get(entrant.id, {}).items():
            if module is None and status in NOT_COMING:
                return OUTCOME_WORDS[OutcomeStatus(status)]
        return NOT_PASSED_WORD if entrant.id in self._unpassed else None

    def all_left(self) -> set[int]:
        """The rows of all who are out of a whole stage."""
        return {
            number
            for number, outcomes in self._outcomes.items()
            if any(module is None and it in NOT_COMING for (_s, module), it in outcomes.items())
        }


def all_away(competition: Competition) -> set[int]:
    """The rows of all who are out of a module or a stage; who waived an attempt is not."""
    rules = {event.id: rules_of(event) for event in competition.events}
    outcomes = outcomes_of(competition)
    query = select(Entrant.id, Entrant.event_id).where(Entrant.id.in_(outcomes))
    return {
        number
        for number, event in db.session.execute(query).tuples()
        for (stage, module), status in outcomes[number].items()
        if status in NOT_COMING
        if module is None or not waived_among(rules[event], outcomes[number], stage, module)
    }


def away_among(people: Sequence[Entrant]) -> Away:
    """Those of one competition's people."""
    return Away(people[0].competition if people else None)


def marked(text: str, word: Message | None) -> Message | str:
    """The text with the word behind it, where there is one."""
    return text if word is None else msg("%(text)s（%(word)s）", text=text, word=word)
