"""The second instance: it upholds the first's decision, or says what holds instead.

Of an appeal that was decided already, 维持 alone would be read as the first decision and as the
mark that the judges gave. So each has a way of its own, and upholding repeats what the first
decided: it is carried out, worked out and told as that would be.
"""

from __future__ import annotations

from compete.domain.values.messages import Message, msg
from compete.models import Appeal, AppealDecision
from compete.services.appeals.appeal_states import ORDERING, OUTCOME_WORDS, Outcome
from compete.services.appeals.arbiter_recusals import FIRST, SECOND, instance_of

UPHELD = "upheld"
"""The outcome where the second instance leaves the first's decision as it is."""
_SAME = ("outcome", "value", "orders")


def first_decision(appeal: Appeal) -> AppealDecision | None:
    """The decision of the first instance that stands, or None."""
    stood = [row for row in appeal.decisions if row.stood_at and row.instance == FIRST]
    return stood[-1] if stood else None


def upholds(decision: AppealDecision) -> bool:
    """True if the second instance decided what the first had."""
    first = first_decision(decision.appeal) if decision.instance == SECOND else None
    return first is not None and all(getattr(decision, key) == getattr(first, key) for key in _SAME)


def outcome_words(decision: AppealDecision) -> Message:
    """The outcome in a word that leaves no doubt about which decision or mark holds."""
    return words_for(decision.outcome, decision.instance, upheld=upholds(decision))


def words_for(outcome: str, instance: int, *, upheld: bool) -> Message:
    """The same of what a record keeps."""
    if upheld:
        return msg("维持仲裁组的决定")
    if instance == SECOND and outcome == Outcome.KEPT:
        return msg("原来的分不改")
    return OUTCOME_WORDS[Outcome(outcome)]


def ways_to_decide(appeal: Appeal) -> dict[str, Message]:
    """The ways in which whose turn it is may decide, each with its words."""
    ways: dict[str, Message] = {str(way): words for way, words in OUTCOME_WORDS.items()}
    first = first_decision(appeal)
    if instance_of(appeal) != SECOND or first is None:
        return ways
    if first.outcome not in ORDERING:
        del ways[first.outcome]
    elif appeal.carried_at is not None:
        # The mark is the ordered one already: to leave it is to uphold the decision.
        del ways[Outcome.KEPT]
    if Outcome.KEPT in ways:
        ways[Outcome.KEPT] = msg("原来的分不改")
    return {UPHELD: msg("维持仲裁组的决定"), **ways}
