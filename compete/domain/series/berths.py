"""Berths: for every person of the standings, whether they go up, and why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import groupby

import msgspec

from compete.domain.series.conditions import unmet
from compete.domain.series.places import Candidate, Outcome, deal_places
from compete.domain.series.results import BerthResults, BerthRow, RowState
from compete.domain.series.types import (
    Berth,
    NominationState,
    Person,
    Series,
    Settled,
    StandingRow,
)

_GOING = (RowState.ACCEPTED, RowState.PROPOSED)
_TAKEN_UP = (*_GOING, RowState.UNDECIDED)
"""The states that keep somebody out of later berths to the same event."""


class _Asked(msgspec.Struct, frozen=True):
    """A berth with all that its results hang on."""

    berth: Berth
    rows: Sequence[StandingRow]
    people: Mapping[str, Person]
    settled: Sequence[Settled]
    answers: Mapping[str, NominationState]
    elsewhere: Set[str]


def berth_results(series: Series) -> list[BerthResults]:
    """The results of each berth, in the file's order."""
    people = {person.code: person for person in series.people}
    rows = {(standing.node, standing.event): standing.rows for standing in series.standings}
    settled: defaultdict[str, list[Settled]] = defaultdict(list)
    for order in series.settled:
        settled[order.berth].append(order)
    answers: defaultdict[str, dict[str, NominationState]] = defaultdict(dict)
    for nomination in series.nominations:
        answers[nomination.berth][nomination.person] = nomination.state
    taken_up: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    found = []
    for berth in series.berths:
        asked = _Asked(
            berth,
            rows.get((berth.from_, berth.event), ()),
            people,
            settled[berth.code],
            answers[berth.code],
            taken_up[berth.goal],
        )
        results = _results_of(asked)
        taken_up[berth.goal] |= {row.person for row in results.rows if row.state in _TAKEN_UP}
        found.append(results)
    return found


def _results_of(asked: _Asked) -> BerthResults:
    groups = _groups(asked)
    outcome = deal_places(asked.berth, groups)
    rows: list[BerthRow] = []
    going = substitutes = 0
    for group in groups:
        states = [_state(each, asked, outcome) for each in group]
        for each, state in zip(group, states, strict=True):
            before = (
                going if state in _GOING else substitutes if state is RowState.SUBSTITUTE else None
            )
            rows.append(
                BerthRow(
                    each.person.code,
                    each.rank,
                    state,
                    None if before is None else 1 + before,
                    each.short,
                    each.answer is NominationState.ACCEPTED
                    and outcome.states.get(each.person.code) is not RowState.PROPOSED,
                )
            )
        going += sum(state in _GOING for state in states)
        substitutes += states.count(RowState.SUBSTITUTE)
    undecided = [] if asked.berth.begun else outcome.undecided
    vacant = asked.berth.places - going - sum(each.places for each in undecided)
    return BerthResults(asked.berth.code, going, max(vacant, 0), undecided, rows)


def _groups(asked: _Asked) -> list[list[Candidate]]:
    """The groups that places are dealt to, best first: those without rank are the last."""
    place_of = _order_of(asked)
    ordered = sorted(asked.rows, key=lambda row: (place_of(row), row.person))
    return [
        [_candidate(row, asked) for row in group] for _, group in groupby(ordered, key=place_of)
    ]


def _order_of(asked: _Asked) -> Callable[[StandingRow], tuple[bool, int, int]]:
    """Order rows by rank, those who are settled before the others of their rank."""
    places = {code: place for settled in asked.settled for place, code in enumerate(settled.order)}
    return lambda row: (row.rank is None, row.rank or 0, places.get(row.person, len(places)))


def _candidate(row: StandingRow, asked: _Asked) -> Candidate:
    person = asked.people[row.person]
    answer = asked.answers.get(row.person)
    short = [] if row.rank is not None else ["rank"]
    short += unmet(asked.berth.when, row, person)
    if answer is NominationState.INELIGIBLE:
        short.append("ruled")
    fit = not (short or answer is NominationState.DECLINED or row.person in asked.elsewhere)
    return Candidate(person, row.rank, answer, short, fit)


def _state(each: Candidate, asked: _Asked, outcome: Outcome) -> RowState:
    accepted = each.answer is NominationState.ACCEPTED
    if asked.berth.begun and accepted:
        return RowState.ACCEPTED
    if each.answer is NominationState.DECLINED:
        return RowState.DECLINED
    if asked.berth.begun:
        return RowState.BELOW
    if each.short:
        return RowState.INELIGIBLE
    if each.person.code in asked.elsewhere:
        return RowState.ELSEWHERE
    state = outcome.states[each.person.code]
    return RowState.ACCEPTED if accepted and state is RowState.PROPOSED else state
