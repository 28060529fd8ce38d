"""Scorer of a competition, from a bundle to its results.

`score` works a competition out once. A `Scorer` keeps what it has worked out,
so that one more mark costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle, Entrant, Mark, WorkingTime
from compete.domain.kinds.kinds import competition_kind
from compete.domain.marking.stage_book import open_books
from compete.domain.scoring.event_scorer import EventScorer, Written
from compete.domain.scoring.overall import overall_results
from compete.domain.values.messages import Message

if TYPE_CHECKING:
    from compete.domain.evaluation.verdicts import Evaluations


def score(bundle: Bundle) -> Results:
    """The results of a competition that `read_bundle` has accepted.

    `BundleError` where one of its playoffs does not fit: that is known once all is scored.

    >>> from compete.domain import read_bundle, score
    >>> bundle = read_bundle(b'''{
    ...   "format": "compete-bundle/1",
    ...   "competition": {"code": "C", "name": "Welding", "kind": "skills", "level": "industry"},
    ...   "units": [{"code": "U", "name": "Works"}],
    ...   "judges": [{"code": "J1", "name": "Li"}, {"code": "J2", "name": "Wu"}],
    ...   "entrants": [{"code": "P1", "name": "Ma", "event": "W", "unit": "U"},
    ...                {"code": "P2", "name": "He", "event": "W", "unit": "U"}],
    ...   "events": [{"code": "W", "name": "Welding", "stages": [{"code": "final", "name": "Final",
    ...     "modules": [{"code": "seam", "name": "Seam", "weight": 100, "full": 10,
    ...       "panel": {"size": 2},
    ...       "aspects": [{"code": "a", "name": "Even", "type": "score", "max": 10}]}]}]}],
    ...   "marks": [
    ...     {"stage": "final", "module": "seam", "entrant": "P1", "judge": "J1", "aspect": "a",
    ...      "value": "8.5"},
    ...     {"stage": "final", "module": "seam", "entrant": "P1", "judge": "J2", "aspect": "a",
    ...      "value": "8.25"}]
    ... }''')
    >>> for row in score(bundle).events[0].standings:
    ...     print(row.entrant, row.rank, row.status, row.total)
    P1 1 ranked 83.80
    P2 None incomplete None

    One more mark does not need the whole again:

    >>> import decimal, msgspec
    >>> scorer = Scorer(bundle)
    >>> later = msgspec.structs.replace(bundle.marks[0], value=decimal.Decimal("9.5"))
    >>> scorer.change(later).events[0].standings[0].total
    '88.80'
    """
    if competition_kind(bundle.competition).has_periods:
        from compete.domain.labour.rows import score_labour

        return Results(
            competition=bundle.competition.code,
            events=[],
            labour=score_labour(bundle),
        )
    if competition_kind(bundle.competition).gives_verdicts:
        from compete.domain.evaluation.verdicts import evaluate

        return evaluate(bundle)
    scorer = Scorer(bundle)
    scorer.refuse_unfit()
    return scorer.results


def refuse_unfit_playoffs(bundle: Bundle) -> None:
    """Raise `BundleError` where a playoff of a bundle does not fit its marks."""
    if bundle.playoffs:
        Scorer(bundle).refuse_unfit()


class Scorer:
    """A skills competition or an evaluation that is being marked.

    `results` are those of the bundle with the `later` marks behind its own,
    the same as `score` would give, an evaluation's `unranked`. Results once handed out
    are never altered.
    """

    def __init__(self, bundle: Bundle) -> None:
        if any(isinstance(event.grades, str) for event in bundle.events):
            from compete.domain.bundle.packs.named import expand_packs

            bundle = expand_packs(bundle)
        self.bundle = bundle
        self.later: list[Mark] = []
        if competition_kind(bundle.competition).gives_verdicts:
            from compete.domain.evaluation.verdicts import weighed_bundle

            bundle = weighed_bundle(bundle)
        books_of = open_books(bundle)
        self._event_of = {entrant.code: entrant.event for entrant in bundle.entrants}
        entrants_of: dict[str, list[Entrant]] = {event.code: [] for event in bundle.events}
        for entrant in bundle.entrants:
            entrants_of[entrant.event].append(entrant)
        self.events = {
            event.code: EventScorer(bundle, event, entrants_of[event.code], books_of[event.code])
            for event in bundle.events
        }
        self._evaluations: Evaluations | None = None
        self.results = self._results()

    def change(self, mark: Mark) -> Results:
        """Add a mark, in place of an earlier one of the same judge for the same aspect.

        The mark must be one that the bundle could hold.
        """
        self.later.append(mark)
        self.event_of(mark.entrant).change(mark)
        self.results = self._results()
        return self.results

    def take(self, values: Iterable[Written], times: Iterable[WorkingTime] = ()) -> Results:
        """Put in many values, and working times, at once; a value of None is taken out.

        They must be such as the bundle could hold. `current` does not tell of them.
        """
        by_event: dict[str, tuple[list[Written], list[WorkingTime]]] = {}
        for value in values:
            by_event.setdefault(self._event_of[value.entrant], ([], []))[0].append(value)
        for at in times:
            by_event.setdefault(self._event_of[at.entrant], ([], []))[1].append(at)
        for event, (written, timed) in by_event.items():
            self.events[event].take(written, timed)
        self.results = self._results()
        return self.results

    @property
    def problems(self) -> list[Problem]:
        """Playoffs that do not fit the marks as they are now; they part nobody."""
        unfit: dict[int, Message] = {}
        for event in self.events.values():
            unfit |= event.unfit_playoffs
        return [Problem(f"playoffs[{index}].order", why) for index, why in sorted(unfit.items())]

    def refuse_unfit(self) -> None:
        """Raise `BundleError` where there are problems."""
        if problems := self.problems:
            raise BundleError(problems)

    def event_of(self, entrant: str) -> EventScorer:
        """The event that an entrant takes part in."""
        return self.events[self._event_of[entrant]]

    def current(self) -> Bundle:
        """The bundle with the later marks behind its own."""
        import msgspec

        if not self.later:
            return self.bundle
        return msgspec.structs.replace(self.bundle, marks=(*self.bundle.marks, *self.later))

    def has(self, entrant: str) -> bool:
        """True if anyone bears this code."""
        return entrant in self._event_of

    def _results(self) -> Results:
        if competition_kind(self.bundle.competition).gives_verdicts:
            from compete.domain.evaluation.unranked_results import unranked
            from compete.domain.evaluation.verdicts import Evaluations

            stages = {code: event.stages[0] for code, event in self.events.items()}
            self._evaluations = Evaluations(self.bundle, stages, self._evaluations)
            return unranked(self._evaluations.results, self.bundle)
        return Results(
            competition=self.bundle.competition.code,
            events=[event.results for event in self.events.values()],
            overall=overall_results(self.bundle, self.events.values()),
        )
