"""Verdicts on modules, parts and the whole, what may be carried on, and who gets the grade.

The bundle format, section “Evaluations”. Scores of modules and parts come as
they do in skills competitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

import msgspec

from compete.domain.bundle.evaluation_facts import attempt_of, day_of, line_of, resat_by
from compete.domain.bundle.evaluation_types import Carried
from compete.domain.bundle.event_types import Event, Module, Part
from compete.domain.bundle.results import (
    Assessed,
    EvaluationEvent,
    EvaluationResults,
    Judged,
    VerdictRow,
)
from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.evaluation.conditions import LineState, iso, lines_of
from compete.domain.marking.stage_book import EventBooks, open_books
from compete.domain.ranking.stage import StageState
from compete.domain.values.days import months_later
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.points import exact, shortest, show_or_none, whole

VERDICTS = ("pass", "fail", "absent", "incomplete", "dsq")
CARRIED, CARRY_VOID = "carried", "carry_void"
_OF_FLAG = {"dsq": "dsq", "dns": "absent", "incomplete": "incomplete"}
"""The verdict that a module's flag makes, the first before the others."""


class Score(msgspec.Struct, frozen=True):
    """A module or part in units of its last place, with its flags and its verdict."""

    scored: Module | Part
    score: int | None
    flags: tuple[str, ...]
    verdict: str | None

    @property
    def is_carried(self) -> bool:
        """True if it was brought along, itself or with the whole part."""
        return CARRIED in self.flags

    @property
    def in_part(self) -> bool:
        return getattr(self.scored, "part", None) is not None


class EvaluationScorer:
    """The scorer of an evaluation's event. Its parts may be read, not changed."""

    def __init__(
        self,
        bundle: Bundle,
        event: Event,
        stage: StageState,
        before: EvaluationScorer | None = None,
    ) -> None:
        """Score the event; `before` is the same event some marks ago, whose other rows are kept."""
        self.event = event
        self.stage = stage
        self.scores = dict(stage.scores)
        """By code what each row is worked out of: another object once something was marked."""
        self._standing = {} if before is None else _standing_rows(before, stage)
        self.entrants = {
            entrant.code: entrant for entrant in bundle.entrants if entrant.event == event.code
        }
        day = day_of(event, bundle.competition)
        assert day is not None
        self.day: date = day
        self.places = event.rounding.module

    def carried(self, code: str) -> dict[str, Carried]:
        """Marks that somebody brought along, void or not, by what they are the marks of."""
        return {carried.of: carried for carried in self.entrants[code].carried}

    def lines(self, code: str) -> LineState:
        """The conditions as they stand for somebody."""
        return lines_of(self.event.apply, self.entrants[code], self.day)

    def is_disqualified(self, code: str) -> bool:
        """True if somebody is disqualified, in the whole stage."""
        return self.stage.book.outcomes.get(code) is OutcomeStatus.DSQ

    def modules(self, code: str) -> list[Score]:
        """Every module, in the stage's order."""
        module_scores = []
        carried = self.carried(code)
        scores = self.stage.scores[code].modules
        for module, scored in zip(self.stage.plan.stage.modules, scores, strict=True):
            brought = _valid_mark(carried.get(module.part or module.code))
            if brought is None:
                flags = scored.flags
                if module.code in carried and "dns" not in flags:
                    flags = tuple(sorted((*flags, CARRY_VOID)))
                module_scores.append(self._score(module, scored.score, flags))
            else:
                mark = self._units(brought) if module.part is None else None
                module_scores.append(self._score(module, mark, self._brought_flags(code)))
        return module_scores

    def parts(self, code: str, modules: Iterable[Score]) -> list[Score]:
        """Every part, by what its modules have come to."""
        part_scores = []
        carried = self.carried(code)
        known = {score.scored.code: score for score in modules}
        scores = self.stage.scores[code].parts
        for part, plan, score in zip(
            self.stage.plan.stage.parts, self.stage.plan.parts, scores, strict=True
        ):
            brought = _valid_mark(carried.get(part.code))
            if brought is not None:
                verdict = "dsq" if self.is_disqualified(code) else None
                part_scores.append(self._score(part, self._units(brought), (CARRIED,), verdict))
                continue
            inside = [
                known[self.stage.plan.stage.modules[place].code].verdict for place in plan.members
            ]
            fallen = next((outcome for outcome in _OF_FLAG.values() if outcome in inside), None)
            flags = (CARRY_VOID,) if part.code in carried else ()
            part_scores.append(self._score(part, score, flags, fallen))
        return part_scores

    def _brought_flags(self, code: str) -> tuple[str, ...]:
        return (CARRIED, "dsq") if self.is_disqualified(code) else (CARRIED,)

    def _units(self, carried: Carried) -> int:
        return int(whole(exact(carried.mark) * 10**self.places))

    def _score(
        self,
        scored: Module | Part,
        score: int | None,
        flags: tuple[str, ...],
        fallen: str | None = None,
    ) -> Score:
        """The score with its verdict: what it has fallen by, else what its line makes of it."""
        verdict = fallen or next((_OF_FLAG[flag] for flag in _OF_FLAG if flag in flags), None)
        least = line_of(scored)
        if verdict is None and least is not None and score is not None:
            verdict = "pass" if score >= least * 10**self.places else "fail"
        return Score(scored, score, flags, verdict)

    def whole(self, code: str, scores: Iterable[Score]) -> str:
        """The verdict on somebody, from those on all modules and parts."""
        fallen = self.stage.book.fallen.get(code)
        if fallen is not None:
            return _OF_FLAG[fallen.value]
        verdicts = {score.verdict for score in scores}
        return next(verdict for verdict in ("incomplete", "fail", "pass") if verdict in verdicts)

    @cached_property
    def rows(self) -> dict[str, VerdictRow]:
        """Rows of everybody, by code."""
        known, self._standing = self._standing, {}
        return {code: known.get(code) or self._row(code) for code in sorted(self.entrants)}

    def _row(self, code: str) -> VerdictRow:
        modules = self.modules(code)
        parts = self.parts(code, modules)
        verdict = self.whole(code, [*modules, *parts])
        state = self.lines(code)
        return VerdictRow(
            entrant=code,
            verdict=verdict,
            attempt=attempt_of(self.entrants[code]),
            modules={score.scored.code: self._judged(score) for score in modules},
            parts={score.scored.code: self._judged(score) for score in parts},
            keeps=self._keeps(verdict, [*modules, *parts]),
            eligible=state.eligible,
            applies=None if state.applies is None else state.applies.line.code,
            earliest=iso(state.earliest),
            reasons=[line.reason() for line in state.lines],
        )

    def _judged(self, score: Score) -> Judged:
        least = line_of(score.scored)
        return Judged(
            show_or_none(score.score, self.places),
            None if least is None else shortest(least),
            score.verdict,
            list(score.flags),
        )

    def _keeps(self, verdict: str, scores: Iterable[Score]) -> dict[str, str]:
        months = self.event.carry_months
        if months is None or verdict not in ("fail", "absent"):
            return {}
        try:
            until = months_later(self.day, months)
        except ValueError:
            until = date.max
        return {
            score.scored.code: until.isoformat()
            for score in scores
            if score.verdict == "pass" and not score.is_carried and not score.in_part
        }


class Evaluations:
    """A whole evaluation worked out: its events, and who got the grade tried for."""

    def __init__(
        self,
        bundle: Bundle,
        stages: Mapping[str, StageState] | None = None,
        before: Evaluations | None = None,
    ) -> None:
        """`stages` are those of the events, by code, where somebody has scored them already.

        `before` is the same bundle with fewer marks in the same stages.
        """
        self.bundle = bundle
        weighed = weighed_bundle(bundle)
        known = stages or {}
        books_of = {} if known else open_books(weighed)
        self.events: dict[str, EvaluationScorer] = {
            event.code: EvaluationScorer(
                *(weighed, event, known.get(event.code) or _entered(weighed, event, books_of)),
                None if before is None else before.events[event.code],
            )
            for event in weighed.events
        }
        self.entrants = {entrant.code: entrant for entrant in bundle.entrants}
        self.got: set[str] = set()
        """Whoever got a grade. Those are looked at first whom others re-sit."""
        for entrant in sorted(bundle.entrants, key=attempt_of):
            row = self.events[entrant.event].rows[entrant.code]
            passed = row.verdict == "pass" and row.eligible
            if passed and self.got_before(entrant) is None:
                self.got.add(entrant.code)

    def got_before(self, entrant: Entrant) -> Entrant | None:
        """Find an entrant whom this one re-sits and who got the grade already."""
        before = resat_by(entrant, self.entrants, self.bundle.competition.code)
        return next((former for former in before if former.code in self.got), None)

    @cached_property
    def results(self) -> EvaluationResults:
        return EvaluationResults(
            competition=self.bundle.competition.code,
            events=[self._event(scorer) for scorer in self.events.values()],
        )

    def _event(self, scorer: EvaluationScorer) -> EvaluationEvent:
        event, rows = scorer.event, list(scorer.rows.values())
        assert event.grade is not None
        counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in VERDICTS}
        return EvaluationEvent(
            code=event.code,
            verdicts=rows,
            counts={"entered": len(rows), **counts},
            grades=[
                Assessed(row.entrant, event.grade, "assessment", event.cite, row.applies)
                for row in rows
                if row.entrant in self.got
            ],
        )


def _standing_rows(before: EvaluationScorer, stage: StageState) -> dict[str, VerdictRow]:
    """The rows of people of whom nothing was marked since."""
    scores = stage.scores
    return {code: row for code, row in before.rows.items() if before.scores[code] is scores[code]}


def _entered(bundle: Bundle, event: Event, books_of: Mapping[str, EventBooks]) -> StageState:
    """Put everybody into the event's stage."""
    stage = StageState(event, 0, books_of[event.code][event.stages[0].code], (), {})
    stage.enter(entrant.code for entrant in bundle.entrants if entrant.event == event.code)
    return stage


def evaluate(bundle: Bundle) -> EvaluationResults:
    """The results of an evaluation that `read_bundle` has accepted."""
    return Evaluations(bundle).results


def weighed_bundle(bundle: Bundle) -> Bundle:
    """The bundle with such events, as scoring wants it."""
    events = tuple(_weighed_event(event) for event in bundle.events)
    return msgspec.structs.replace(bundle, events=events)


def _weighed_event(event: Event) -> Event:
    """Give the event weights of 0 where an evaluation has none: no total comes of them."""
    nothing = Decimal(0)
    stage = event.stages[0]
    modules = tuple(
        module if module.part is not None else msgspec.structs.replace(module, weight=nothing)
        for module in stage.modules
    )
    parts = tuple(msgspec.structs.replace(part, weight=nothing) for part in stage.parts)
    stages = (msgspec.structs.replace(stage, modules=modules, parts=parts),)
    return msgspec.structs.replace(event, stages=stages)


def _valid_mark(carried: Carried | None) -> Carried | None:
    """The mark that was brought, unless it is void."""
    return carried if carried is not None and carried.void is None else None
