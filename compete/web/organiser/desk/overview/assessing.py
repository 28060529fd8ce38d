"""An evaluation on its own page: five steps in place of six, its levels, examiners it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.competitions.overview import Overview
from compete.services.kernel.event_rules import rules_of
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.schedule.examiners import Mend, examiners_short
from compete.services.scoring.live import live_results
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.awards.verdicts.views import scored_of
from compete.web.organiser.competition_words import TICK_ORDER
from compete.web.organiser.desk.overview.issuing import issuing_step, notice_step
from compete.web.organiser.desk.overview.shapes import Missing, Step
from compete.web.organiser.results.blocker_pages import mend_examiners

_ICONS = {Mend.SEATS: "people", Mend.RULES: "diamond-alert", Mend.PERSON: "clock"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """A level of an evaluation: who applied, who was passed, what is examined."""

    event: Event
    passed: int
    waiting: int
    """Those who are not passed; `ready` are those of them who meet everything."""
    ready: int
    modules: str
    counts: Mapping[str, int]
    """The number of people with each verdict."""


def evaluation_steps(competition: Competition, seen: Overview, past: int) -> list[Step]:
    """申报, 审核, 考核, 公示, 发证; `past` is how many states lie behind."""
    levels = describe_levels(competition)
    passed = sum(level.passed for level in levels)
    waiting = sum(level.waiting for level in levels)
    registering, begun = past == 0, past > 0
    judging = competition.state is CompetitionState.JUDGING
    total = sum(seen.sheets.values())
    entrants = allowed_url("organiser.entrants")
    return [
        Step(
            name=_("申报"),
            state="done" if begun or seen.people else "now",
            count=seen.people,
            unit=_("人"),
            note=_("%(n)s 个单位", n=seen.units),
            url=entrants,
        ),
        Step(
            name=_("审核"),
            state="now" if registering and seen.people else "done" if begun else "later",
            count=passed,
            of=seen.people,
            unit=_("人"),
            note=_review_note(sum(level.ready for level in levels), waiting, passed),
            url=allowed_url("organiser.review"),
        ),
        Step(
            name=_("考核"),
            state="now" if judging else "done" if begun else "later",
            count=seen.submitted if begun else 0,
            of=total if begun else None,
            unit=_("张"),
            note="",
            url=(allowed_url("organiser.day_plan") if registering else None)
            or url_for("organiser.judges"),
            tick_counts={state.value: seen.sheets[state] for state in TICK_ORDER}
            if begun and total
            else None,
        ),
        notice_step(competition, seen),
        issuing_step(competition, seen.certificates),
    ]


def _review_note(ready: int, waiting: int, passed: int) -> str:
    """Say how many one press passes and how many are decided alone, as the review counts them."""
    alone = waiting - ready
    parts = [
        _("%(n)s 人要来定", n=alone) if alone else "",
        _("%(n)s 人都齐了", n=ready) if ready else "",
    ]
    return _("，").join(filter(None, parts)) or (_("都通过了") if passed else "")


def describe_levels(competition: Competition) -> list[LevelRow]:
    """List the events, each with the count of applicants and of outcomes."""
    results, levels = _counts(competition), []
    people = who_meets(competition)
    met = Counter((meet.event, meet.passed) for meet in people)
    ready = Counter(meet.event for meet in people if meet.ready)
    for event in competition.events:
        levels.append(
            LevelRow(
                event=event,
                passed=met[event.code, True],
                waiting=met[event.code, False],
                ready=ready[event.code],
                modules=_("、").join(module.name for module in scored_of(rules_of(event))),
                counts=results.get(event.code, {}),
            )
        )
    return levels


def describe_examiners(competition: Competition) -> list[Missing]:
    """Examiners that an evaluation lacks before it opens, each with where that is put right."""
    lacking = []
    for short in examiners_short(competition):
        link = mend_examiners(competition, short)
        lacking.append(
            Missing(
                *(_ICONS[short.mend], say(short.what), say(short.detail)),
                link.url if link else None,
                label=link.label if link else "",
                blocker=short.firm,
            )
        )
    return lacking


def _counts(competition: Competition) -> dict[str, dict[str, int]]:
    """Count each verdict by event; nothing while people are still entered."""
    if competition.state is CompetitionState.REGISTERING:
        return {}
    events = live_results(competition).results.events
    return {event.code: verdicts_of(event).counts for event in events}
