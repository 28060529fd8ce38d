"""Explanations of parted ties, for everybody who stands behind another with the same total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from compete.domain.bundle.results import EventResults, FinalRow, TeamRow
from compete.domain.explanation.ranks import deciding_key, separated_by, tie_name
from compete.domain.explanation.steps import behind_words
from compete.domain.explanation.team_ranks import team_tie_sentence
from compete.domain.ranking.stage import StageState
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.messages import Message, msg


class TieSentences(msgspec.Struct, frozen=True):
    """Sentences by the code of who stands behind: 在第 1 名之后：总分相同，…. No birth date."""

    people: Mapping[str, Message] = {}
    teams: Mapping[str, Message] = {}


def any_parted(event: EventResults) -> bool:
    """True if somebody stands behind another with the same total; to be asked before scoring."""
    return any(True for _pair in _people(event)) or any(True for _pair in _teams(event))


def explain_ties(scorer: EventScorer, event: EventResults) -> TieSentences:
    """Explain what parted equal totals; `event` are the results that the scorer gives."""
    states = {state.plan.code: state for state in scorer.stages}
    people = {
        worse.entrant: behind_words(better.rank, _why(states[worse.stage], better, worse))
        for better, worse in _people(event)
    }
    teams = {
        worse.team: behind_words(better.rank, why)
        for better, worse in _teams(event)
        if (why := team_tie_sentence(scorer, better.team, worse.team)) is not None
    }
    return TieSentences(people, teams)


def _people(event: EventResults) -> Iterator[tuple[FinalRow, FinalRow]]:
    for better, worse in pairwise(event.standings):
        if _is_parted(better, worse) and better.stage == worse.stage:
            yield better, worse


def _teams(event: EventResults) -> Iterator[tuple[TeamRow, TeamRow]]:
    rows: Sequence[TeamRow] = event.teams or ()
    for better, worse in pairwise(rows):
        if _is_parted(better, worse):
            yield better, worse


def _is_parted(better: FinalRow | TeamRow, worse: FinalRow | TeamRow) -> bool:
    if better.rank is None or worse.rank is None:
        return False
    return better.total == worse.total and better.rank != worse.rank


def _why(state: StageState, better: FinalRow, worse: FinalRow) -> Message:
    place = deciding_key(state.standing, better.entrant, worse.entrant)
    if (
        place
        and place <= len(state.ties)
        and (tie := state.ties[place - 1]).text.startswith("age:")
    ):
        return msg("总分相同，%(key)s", key=tie_name(state, tie))
    return separated_by(state, better.entrant, worse.entrant)
