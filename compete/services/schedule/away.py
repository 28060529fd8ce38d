"""Away: who stands in the plan and does not come, since they are absent or out by an outcome.

Every list, paper and door asks here; who withdrew before judging is on none (`takes_part`).
"""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.explanation.modules import OUTCOME_WORDS
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.messages import Message, msg
from compete.models import Competition, Entrant
from compete.services.schedule.arrivals import Occasion, outcome_of, outcomes_of

NOT_COMING = (OutcomeStatus.DNS.value, OutcomeStatus.DSQ.value)
"""The outcomes by which somebody does not come; who breaks off has come, and was drawn."""


class Away:
    """The people of a competition who do not come, by the outcomes that stand now."""

    def __init__(self, competition: Competition | None) -> None:
        self._outcomes = outcomes_of(competition) if competition is not None else {}

    def word(self, entrant: Entrant, occasion: Occasion) -> Message | None:
        """The word for who does not come to any module of the occasion; None for who does."""
        status = outcome_of(occasion, self._outcomes.get(entrant.id, {}))
        return OUTCOME_WORDS[OutcomeStatus(status)] if status in NOT_COMING else None

    def word_in(self, entrant: Entrant, stage: str, module: str) -> Message | None:
        """The same of one module."""
        return self.word(entrant, Occasion(stage, module=module, modules=(module,)))

    def marked(self, entrant: Entrant, text: str, stage: str, module: str) -> Message | str:
        """The text on a paper about somebody's module, marked where they do not come to it."""
        return marked(text, self.word_in(entrant, stage, module))

    def left(self, entrant: Entrant) -> Message | None:
        """The word for who is out of a whole stage: they are expected nowhere any more."""
        for (_stage, module), status in self._outcomes.get(entrant.id, {}).items():
            if module is None and status in NOT_COMING:
                return OUTCOME_WORDS[OutcomeStatus(status)]
        return None

    def all_left(self) -> set[int]:
        """The rows of all who are out of a whole stage."""
        return {
            number
            for number, outcomes in self._outcomes.items()
            if any(module is None and it in NOT_COMING for (_s, module), it in outcomes.items())
        }


def away_among(people: Sequence[Entrant]) -> Away:
    """Those of one competition's people."""
    return Away(people[0].competition if people else None)


def marked(text: str, word: Message | None) -> Message | str:
    """The text with the word behind it, where there is one."""
    return text if word is None else msg("%(text)s（%(word)s）", text=text, word=word)
