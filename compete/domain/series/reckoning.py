"""A series from its file to its results: counts, berths, who goes where, results from outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import groupby

import msgspec

from compete.domain.series.results import (
    BerthResults,
    BerthRow,
    Counts,
    Entries,
    NodeResults,
    OutsideOf,
    RowState,
    SeriesResults,
    Undecided,
)
from compete.domain.series.types import (
    HEIGHTS,
    Age,
    Berth,
    BerthTies,
    BerthWhen,
    Node,
    NominationState,
    OutsideResult,
    Person,
    Series,
    Settled,
    StandingRow,
)
from compete.domain.values.days import months_later
from compete.domain.values.points import round_half_up, show
from compete.domain.values.quotas import Quotas

_YEAR = 12


def unmet(when: BerthWhen, row: StandingRow, person: Person) -> Iterator[str]:
    """The keys that do not hold, in the order of `BerthWhen`. What is unknown does not hold."""
    if when.max_rank is not None and (row.rank is None or row.rank > when.max_rank):
        yield "max_rank"
    if when.min_total is not None and (row.total is None or row.total < when.min_total):
        yield "min_total"
    if when.groups and person.group not in when.groups:
        yield "groups"
    if when.holds is not None and not when.holds.met_by(person.grade):
        yield "holds"
    if when.age is not None and not _is_of_age(when.age, person.birth):
        yield "age"


def _is_of_age(wanted: Age, birth: date | None) -> bool:
    if birth is None:
        return False
    years = _years_completed(birth, wanted.on)
    return (wanted.from_ is None or years >= wanted.from_) and (
        wanted.to is None or years <= wanted.to
    )


def _years_completed(birth: date, on: date) -> int:
    years = on.year - birth.year
    return years - (months_later(birth, _YEAR * years) > on)


class Candidate(msgspec.Struct, frozen=True):
    """A person of the standings; `fit` to be given a place."""

    person: Person
    rank: int | None
    answer: NominationState | None
    short: list[str]
    fit: bool


class _Dealing:
    """Deals the places of a berth to groups of equals from the best down, then the substitutes.

    `states` are those of people who are fit, `PROPOSED` with a place; `undecided` are the
    places left open.
    """

    def __init__(self, berth: Berth, groups: Sequence[Sequence[Candidate]]) -> None:
        self.berth = berth
        include = berth.ties is BerthTies.INCLUDE
        self.quotas = Quotas(berth.places, berth.per_unit, include=include)
        self.substitutes = 0
        self.states: dict[str, RowState] = {}
        self.undecided: list[Undecided] = []
        for group in groups:
            self.take([candidate for candidate in group if candidate.fit])

    def take(self, fit: Sequence[Candidate]) -> None:
        """Take the fit people of the next group."""
        if not self.quotas.all_gone:
            self._deal(fit)
        elif self.substitutes < self.berth.substitutes:
            self._set_state(RowState.SUBSTITUTE, [candidate.person.code for candidate in fit])
            self.substitutes += len(fit)
        else:
            self._set_state(RowState.BELOW, [candidate.person.code for candidate in fit])

    def _deal(self, fit: Sequence[Candidate]) -> None:
        people = [candidate.person for candidate in fit]
        dealt = self.quotas.deal((person.code, person.unit) for person in people)
        self._set_state(RowState.PROPOSED, dealt.taken)
        self._set_state(RowState.OVER_QUOTA, dealt.full)
        for tie in dealt.kept_open:
            self.undecided.append(Undecided(fit[0].rank, tie.unit, tie.places, tie.people))
            self._set_state(RowState.UNDECIDED, tie.people)

    def _set_state(self, state: RowState, codes: Sequence[str]) -> None:
        self.states |= dict.fromkeys(codes, state)


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
    all_results = []
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
        all_results.append(results)
    return all_results


def _results_of(asked: _Asked) -> BerthResults:
    groups = _groups(asked)
    outcome = _Dealing(asked.berth, groups)
    rows: list[BerthRow] = []
    going = substitutes = 0
    for group in groups:
        states = [_state(candidate, asked, outcome) for candidate in group]
        for taker, state in zip(group, states, strict=True):
            before = (
                going if state in _GOING else substitutes if state is RowState.SUBSTITUTE else None
            )
            rows.append(
                BerthRow(
                    taker.person.code,
                    taker.rank,
                    state,
                    None if before is None else 1 + before,
                    taker.short,
                    taker.answer is NominationState.ACCEPTED
                    and outcome.states.get(taker.person.code) is not RowState.PROPOSED,
                )
            )
        going += sum(state in _GOING for state in states)
        substitutes += states.count(RowState.SUBSTITUTE)
    undecided = [] if asked.berth.begun else outcome.undecided
    vacant = asked.berth.places - going - sum(tie.places for tie in undecided)
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


def _state(candidate: Candidate, asked: _Asked, outcome: _Dealing) -> RowState:
    accepted = candidate.answer is NominationState.ACCEPTED
    if asked.berth.begun and accepted:
        return RowState.ACCEPTED
    if candidate.answer is NominationState.DECLINED:
        return RowState.DECLINED
    if asked.berth.begun:
        return RowState.BELOW
    if candidate.short:
        return RowState.INELIGIBLE
    if candidate.person.code in asked.elsewhere:
        return RowState.ELSEWHERE
    state = outcome.states[candidate.person.code]
    return RowState.ACCEPTED if accepted and state is RowState.PROPOSED else state


_PLACES = 2

Figures = tuple[int, ...]
"""Sessions, people, examined, passed."""


def node_results(series: Series) -> list[NodeResults]:
    """Each node's own counts, its total and the rate of those who passed, in the file's order."""
    own = _own(series)
    total = _totals(series.nodes, own)
    return [
        NodeResults(
            node.code, Counts(*own[node.code]), Counts(*total[node.code]), _rate(total[node.code])
        )
        for node in series.nodes
    ]


def _own(series: Series) -> dict[str, Figures]:
    own: dict[str, Figures] = {
        node.code: (node.here.sessions, node.here.entrants, 0, 0) if node.here else (0, 0, 0, 0)
        for node in series.nodes
    }
    replaced = {report.replaces for report in series.reports}
    for report in series.reports:
        if report.code not in replaced:
            counted = report.sessions, report.people, report.examined, report.passed
            own[report.node] = _sum(own[report.node], counted)
    return own


def _totals(nodes: Sequence[Node], own: dict[str, Figures]) -> dict[str, Figures]:
    """Add each node to its parent once all below it have been added to it."""
    total = dict(own)
    above = {node.code: node.parent for node in nodes}
    awaited = Counter(node.parent for node in nodes)
    complete = [node.code for node in nodes if not awaited[node.code]]
    for code in complete:
        parent = above[code]
        if parent is not None:
            total[parent] = _sum(total[parent], total[code])
            awaited[parent] -= 1
            if not awaited[parent]:
                complete.append(parent)
    return total


def _sum(these: Figures, those: Figures) -> Figures:
    return tuple(map(sum, zip(these, those, strict=True)))


def _rate(total: Figures) -> str | None:
    *_, examined, passed = total
    return show(round_half_up(100 * passed, examined, _PLACES), _PLACES) if examined else None


def series_results(series: Series) -> SeriesResults:
    """Work a series out. It has to come from `read_series`."""
    berths = berth_results(series)
    return SeriesResults(
        series.series.code,
        node_results(series),
        berths,
        _entries(series, berths),
        _outside(series.outside),
    )


def _entries(series: Series, results: Sequence[BerthResults]) -> list[Entries]:
    going: dict[tuple[str, str], dict[RowState, list[str]]] = {}
    for berth, outcome in zip(series.berths, results, strict=True):
        there = going.setdefault(berth.goal, {RowState.ACCEPTED: [], RowState.PROPOSED: []})
        for row in outcome.rows:
            if row.state in there:
                there[row.state].append(row.person)
    return [
        Entries(node, event, *(sorted(codes) for codes in there.values()))
        for (node, event), there in going.items()
    ]


def _outside(outside: Sequence[OutsideResult]) -> list[OutsideOf]:
    """By person: the results of each, of the highest level first, then by rank and code."""
    results: defaultdict[str, list[OutsideResult]] = defaultdict(list)
    for result in outside:
        results[result.person].append(result)
    return [
        OutsideOf(person, [result.code for result in sorted(results[person], key=_precedence)])
        for person in sorted(results)
    ]


def _precedence(result: OutsideResult) -> tuple[int, bool, int, str]:
    return -HEIGHTS[result.level], result.rank is None, result.rank or 0, result.code
