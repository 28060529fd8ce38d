"""State of a round of re-checking: worked out anew, never stored.

A sheet that was found right and changed afterwards waits again; one that was
wrong is mended as soon as it says what the second person read. Paper is
compared with what its judge gave: what the chief judge ruled stands above that,
and on no judge's paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module, Stage
from compete.domain.bundle.results import Results
from compete.domain.kinds.kinds import competition_kind
from compete.domain.recheck import Ruling, Why, error_rate, top_by_rank
from compete.domain.values.messages import msg
from compete.domain.values.states import HANDED_IN
from compete.models import Competition, Entrant, Event, RecheckEntry, RecheckRound, Sheet, db
from compete.services.closing.blockers import Blocker
from compete.services.closing.recheck_scope import recheck_settings
from compete.services.judging.panels.rulings import StandingRuling, standing_rulings
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.sheets.values import standing_values


class RecheckStanding(StrEnum):
    """The state of one re-checked sheet."""

    WAITING = "waiting"
    SAME = "same"
    DIFFERS = "differs"
    WRONG = "wrong"
    MENDED = "mended"
    MISREAD = "misread"


KIND = "recheck"
"""The kind of what re-checks keep from being announced."""
LEFT_TO_DO = (RecheckStanding.WAITING, RecheckStanding.DIFFERS, RecheckStanding.WRONG)


@dataclass(frozen=True)
class Difference:
    """An aspect on which sheet and second reading differ; decimals, or None for no value."""

    aspect: Aspect
    entered: Decimal | None
    found: Decimal | None


@dataclass(frozen=True)
class RecheckLine:
    """A sheet of the round as it stands now; `rulings` stand above its judge's own values."""

    entry: RecheckEntry
    module: Module
    standing: RecheckStanding
    differences: list[Difference]
    rulings: list[StandingRuling]


@dataclass(frozen=True)
class RoundState:
    """A round as it stands now.

    `moved` are labels of people with sheets that have to be on the list and are
    not: they have come into the top since, or a sheet of theirs came in later.
    """

    round: RecheckRound
    lines: list[RecheckLine]
    moved: list[str]

    def line_of(self, entry: RecheckEntry) -> RecheckLine:
        """The line of one of its sheets."""
        return next(line for line in self.lines if line.entry.id == entry.id)

    def count(self, *standings: RecheckStanding) -> int:
        """Count the sheets in this state."""
        return sum(line.standing in standings for line in self.lines)

    @property
    def drawn(self) -> int:
        """The sheets of the draw itself, without those that were forced later."""
        return sum(line.entry.why is not Why.ALL for line in self.lines)

    @property
    def wrong(self) -> int:
        """Count sheets of the draw that were ruled wrong, mended or not."""
        return sum(
            line.entry.ruling is Ruling.ERROR and line.entry.why is not Why.ALL
            for line in self.lines
        )

    @property
    def rate(self) -> Fraction:
        """The rate of wrong sheets among those of the draw, in per cent."""
        return error_rate(self.wrong, self.drawn)

    @property
    def left(self) -> int:
        """Count the sheets that wait for somebody."""
        return self.count(*LEFT_TO_DO)

    @property
    def done(self) -> bool:
        """True if nothing is left to do."""
        return not self.moved and not self.left


def recheck_round(event: Event, stage: str) -> RecheckRound | None:
    """The round of one stage, or None while nothing has been drawn."""
    return db.session.scalar(
        select(RecheckRound).where(RecheckRound.event_id == event.id, RecheckRound.stage == stage)
    )


def judged_stages(competition: Competition) -> list[tuple[Event, Stage]]:
    """The stages of which sheets have been submitted, in order."""
    rows = db.session.execute(
        select(Entrant.event_id, Sheet.stage)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Sheet.competition_id == competition.id, Sheet.state.in_(HANDED_IN))
        .distinct()
    ).tuples()
    seen = set(rows)
    return [
        (event, stage)
        for event in competition.events
        for stage in rules_of(event).stages
        if (event.id, stage.code) in seen
    ]


def _in_stage(stage: str) -> tuple[ColumnElement[bool], ...]:
    """The condition that a sheet of the stage is in."""
    return Sheet.stage == stage, Sheet.state.in_(HANDED_IN)


def stage_sheets(event: Event, stage: str) -> list[Sheet]:
    """The sheets of a stage that are in, by label, module and judge."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(*_in_stage(stage), Sheet.entrant.has(event_id=event.id))
            .order_by(Sheet.label, Sheet.module, Sheet.judge_id)
        )
    )


def ranking_of(event: Event, stage: str, results: Results) -> list[tuple[str, int | None]]:
    """List label and rank of everybody with a sheet of the stage, in rank order.

    Where nobody is ranked there is no top: all are drawn from alike.
    """
    query = (
        select(Entrant.code, func.max(Sheet.label))
        .join(Sheet, Sheet.entrant_id == Entrant.id)
        .where(Entrant.event_id == event.id, *_in_stage(stage))
        .group_by(Entrant.code)
    )
    labels = dict(db.session.execute(query).tuples().all())
    of_event = next(it for it in results.events if it.code == event.code)
    rows = next(it.standings for it in of_event.stages if it.code == stage)
    unranked = competition_kind(event.competition).gives_verdicts
    ranked = [
        (labels[row.entrant], None if unranked else row.rank)
        for row in rows
        if row.entrant in labels
    ]
    return sorted(ranked, key=lambda placed: (placed[1] is None, placed[1] or 0, placed[0]))


def recheck_state_of(round: RecheckRound, results: Results | None = None) -> RoundState:
    """The round with what every sheet says now; who `moved` needs the results of now."""
    rules = rules_of(round.event)
    sheet_ids = [entry.sheet_id for entry in round.entries]
    rulings = standing_rulings(sheet_ids)
    values = _own_values(sheet_ids, rulings)
    lines = []
    for entry in round.entries:
        if not is_listed(entry):
            continue
        module = module_of(rules, entry.sheet.stage, entry.sheet.module)
        now = values[entry.sheet_id]
        differences = differences_of(module, decimals(entry.entered or {}), now)
        standing = _entry_standing(entry, now, bool(differences))
        shown = [] if standing is RecheckStanding.WAITING else differences
        above = rulings.get(entry.sheet_id, [])
        lines.append(RecheckLine(entry, module, standing, shown, above))
    return RoundState(round, lines, _missing_labels(round, results) if results else [])


def own_values(sheet_id: int) -> dict[str, Decimal]:
    """The judge's own values on a sheet, as the paper has it: rulings on it put aside."""
    return _own_values([sheet_id], standing_rulings([sheet_id]))[sheet_id]


def _own_values(
    sheet_ids: Sequence[int], rulings: Mapping[int, Sequence[StandingRuling]]
) -> dict[int, dict[str, Decimal]]:
    values = standing_values(sheet_ids)
    for sheet_id, given in rulings.items():
        values[sheet_id] |= {
            ruling.aspect: ruling.own for ruling in given if ruling.own is not None
        }
    return values


def is_listed(entry: RecheckEntry) -> bool:
    """True if it is to be re-checked, or was.

    What was forced is not, before somebody entered it, once a ruling was corrected and with it
    the reason to force it fell away.
    """
    forced = entry.why is not Why.ALL or entry.round.forced_at is not None
    return forced or entry.entered is not None


def differences_of(
    module: Module, entered: Mapping[str, Decimal], own: Mapping[str, Decimal]
) -> list[Difference]:
    """The aspects on which the two differ, in the sheet's order."""
    return [
        Difference(aspect, entered.get(aspect.code), own.get(aspect.code))
        for aspect in module.aspects
        if entered.get(aspect.code) != own.get(aspect.code)
    ]


def decimals(kept: Mapping[str, str]) -> dict[str, Decimal]:
    """The values kept in JSON, as numbers again."""
    return {aspect: Decimal(text) for aspect, text in kept.items()}


def _entry_standing(
    entry: RecheckEntry, now: Mapping[str, Decimal], differs: bool
) -> RecheckStanding:
    if entry.entered is None:
        return RecheckStanding.WAITING
    if not differs:
        return RecheckStanding.MENDED if entry.ruling is Ruling.ERROR else RecheckStanding.SAME
    if entry.ruling is Ruling.ERROR:
        return RecheckStanding.WRONG
    if decimals(entry.found or {}) != dict(now):
        # Changed after it was compared: what was found then says nothing of it.
        return RecheckStanding.WAITING
    return RecheckStanding.MISREAD if entry.ruling is Ruling.MISREAD else RecheckStanding.DIFFERS


def _missing_labels(round: RecheckRound, results: Results) -> list[str]:
    """List who is in the top now, was drawn, or is forced, and has a sheet not on the list."""
    ranking = ranking_of(round.event, round.stage, results)
    codes = [code for code, _rank in ranking]
    ranks = [rank for _code, rank in ranking]
    top = top_by_rank(codes, Fraction(round.top_share), ranks)
    wanted = {entry.sheet.label for entry in round.entries}
    wanted |= set(codes if round.forced_at else top)
    listed = {entry.sheet_id for entry in round.entries}
    there = db.session.execute(
        select(Sheet.id, Sheet.label)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == round.event_id, *_in_stage(round.stage))
    ).tuples()
    missing = {label for number, label in there if label in wanted and number not in listed}
    return sorted(missing)


def recheck_blockers(competition: Competition, results: Results) -> list[Blocker]:
    """List one blocker for each thing left to do; none where re-checking is not required."""
    if competition_kind(competition).has_periods or not recheck_settings(competition).required:
        return []
    blockers = []
    for event, stage in judged_stages(competition):
        where = f"{event.name} {stage.name}"
        round = recheck_round(event, stage.code)
        if round is None:
            blockers.append(Blocker(KIND, msg("还没抽复核"), where))
        else:
            blockers += _of_round(recheck_state_of(round, results), where)
    return blockers


def _of_round(state: RoundState, where: str) -> list[Blocker]:
    differs, wrong = state.count(RecheckStanding.DIFFERS), state.count(RecheckStanding.WRONG)
    waiting, moved = state.count(RecheckStanding.WAITING), len(state.moved)
    left = [
        (msg("复核有 %(count)s 张出入没裁定", count=differs), differs),
        (msg("复核查出的 %(count)s 张错表还没改", count=wrong), wrong),
        (msg("复核还剩 %(count)s 张没录", count=waiting), waiting),
        (msg("名次变了，要补进复核的 %(count)s 个", count=moved), moved),
    ]
    return [Blocker(KIND, what, where, count=count) for what, count in left if count]
