"""File versions: the file format of a competition, and how one under way moves on.

Nothing moves by itself: what was begun under version 1 is read by it until somebody moves it, on
record and with what comes out otherwise in view, and never once results are published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from compete.domain.bundle.event_types import Event, Module
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import AwardRow
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.versions import NEWEST
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.rows import score_labour
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.canonical import short_mark
from compete.domain.values.kinds import Combine, RankStyle, Reduced
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.rules.rules_saving import put_rules
from compete.services.scoring.bundle_out import export_bundle


@dataclass(frozen=True, slots=True)
class Renewed:
    """A bundle in the newest version, and what the version wants written that was silent."""

    bundle: Bundle
    additions: Sequence[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A result that comes out otherwise: whose, what of it, before and after; null is nothing."""

    event: str
    """Its name; empty in a labour competition."""
    where: str
    """The stage's or period's name, or empty for what is of the whole event."""
    who: str
    what: str
    """`rank`, `goes_on`, `award`, `grade` or `honour`."""
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMove:
    """The effects of moving to the newest version, as the competition stands now."""

    refused: Sequence[Problem]
    """The problems of the version, by place in the file: to be put right before."""
    additions: Sequence[Message]
    moved: Sequence[Difference]

    @property
    def mark(self) -> str:
        """The mark of what was looked at."""
        rows = [[it.event, it.where, it.who, it.what, it.was, it.now] for it in self.moved]
        return short_mark([rows, [str(it) for it in self.additions], len(self.refused)])


def is_newest(competition: Competition) -> bool:
    """True if it goes by the newest version."""
    return competition.format == NEWEST


def renewed(bundle: Bundle) -> Renewed:
    """The same in the newest version; what it was silent about is written as it was meant."""
    if bundle.format == NEWEST:
        return Renewed(bundle, ())
    written: list[Message] = []
    events = tuple(_renewed_event(event, written) for event in bundle.events)
    if bundle.labour is not None:
        written.append(msg("一票否决的单位不排名次；要照旧排的，在规则里改"))
    return Renewed(replace(bundle, format=NEWEST, events=events), written)


def _renewed_event(event: Event, written: list[Message]) -> Event:
    ranking = event.ranking
    if ranking.style is RankStyle.ORDINAL and ranking.ordinal_by is None:
        written.append(msg("“%(event)s”：名次不并列，还一样的写明按编号", event=event.name))
        ranking = replace(ranking, ordinal_by="code")
    stages = tuple(
        replace(
            stage,
            modules=tuple(_renewed_module(event, module, written) for module in stage.modules),
        )
        for stage in event.stages
    )
    return replace(event, ranking=ranking, stages=stages)


def _renewed_module(event: Event, module: Module, written: list[Message]) -> Module:
    panel = module.panel
    short = panel.combine is Combine.SUM and panel.least_sheets < panel.size
    if not short or panel.reduced is not Reduced.SAME:
        return module
    written.append(
        msg(
            "“%(event)s”“%(module)s”：裁判的分相加，缺人的写明按人数折算",
            event=event.name,
            module=module.name,
        )
    )
    return replace(module, panel=replace(panel, reduced=Reduced.SCALE))


def passes_unreached(competition: Competition) -> list[str]:
    """List events in which some who reached no later stage may meet what asks to pass all.

    Their names; none in a competition that goes by the newest version.
    """
    if is_newest(competition):
        return []
    names = []
    for event in competition.events:
        rules = rules_of(event)
        lines = [module.pass_ for stage in rules.stages[1:] for module in stage.modules]
        lines += [part.pass_ for stage in rules.stages[1:] for part in stage.parts]
        asked = [
            *(rule.when.pass_modules for rule in rules.grades if not isinstance(rule, str)),
            *(award.pass_modules for award in rules.awards),
        ]
        if any(line is not None for line in lines) and any(asked):
            names.append(event.name)
    return names


def why_stays(competition: Competition) -> Message | None:
    """Say why it cannot move to the newest version; None where it can."""
    if is_newest(competition):
        return msg("已经是竞赛文件第 2 版")
    if latest_publication(competition) is not None:
        return msg("成绩公布过，一直照第 1 版算")
    if competition.state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return msg("评分锁定了，晋升照第 1 版提出来了：先解锁评分，换好再锁定")
    return None


def version_move(competition: Competition) -> VersionMove:
    """Work out what moving it would refuse, write and change, from all that stands now."""
    before = export_bundle(competition)
    after = renewed(before)
    try:
        read_bundle(write_bundle(after.bundle, "json"))
    except BundleError as error:
        return VersionMove(refused=error.problems, additions=after.additions, moved=())
    return VersionMove(
        refused=(),
        additions=after.additions,
        moved=_moved_units(before, after.bundle)
        if before.labour is not None
        else _moved_people(before, after.bundle),
    )


def move_to_newest(competition: Competition, reason: str, seen: str, by: Account) -> None:
    """Let it go by the newest version from now on; its rules say what they were silent about.

    Raises `Refused` (INVALID) without a reason, (CONFLICT) where it stays (`why_stays`), where the
    version refuses something, and where other results would move than were shown (`seen`).
    """
    reason = reason_text(reason, msg("写明为什么换"))
    with unit_of_work() as session:
        competition = for_update(competition)
        refuse_if(why_stays(competition))
        move = version_move(competition)
        if move.refused:
            raise Refused(msg("先改好不收的，再换"))
        if move.mark != seen:
            raise Refused(msg("要变的和刚才看到的不一样了，再看一遍"))
        before, after = {"format": competition.format}, {"format": NEWEST, "moved": len(move.moved)}
        competition.format = NEWEST
        for event in competition.events:
            rules = rules_of(event)
            if (wanted := _renewed_event(rules, [])) != rules:
                put_rules(event, wanted, reason)
        session.flush()
        audit.record(
            competition,
            by,
            "competition.format",
            competition.code,
            before=before,
            after=after,
            reason=reason,
            bends=True,
        )


def _moved_people(before: Bundle, after: Bundle) -> list[Difference]:
    differences: list[Difference] = []
    names = {entrant.code: f"{entrant.code} {entrant.name}" for entrant in before.entrants}
    members = {
        member.code: f"{member.code} {member.name}"
        for entrant in before.entrants
        for member in entrant.members
    }
    old, new = Scorer(before), Scorer(after)
    for was, now in zip(old.results.events, new.results.events, strict=True):
        rules = new.events[now.code].event
        stages = {stage.code: stage.name for stage in rules.stages}
        awards = {award.code: award.name for award in rules.awards}
        sides = [
            {
                **{
                    (stages[stage.code], names[row.entrant], "rank"): row.rank
                    for stage in event.stages
                    for row in stage.standings
                },
                **{
                    (stages[stage.code], names[row.entrant], "goes_on"): row.advanced or None
                    for stage in event.stages
                    for row in stage.standings
                },
                **{("", names[row.entrant], "rank"): row.rank for row in event.standings},
                **{
                    ("", _holder(row, names), "award"): awards[row.award]
                    for row in event.awards or ()
                },
                **{
                    ("", (names | members)[row.member or row.entrant], "grade"): row.grade
                    for row in event.grades or ()
                    if row.change == "promoted"
                },
                **{
                    ("", (names | members)[row.member or row.entrant], "honour"): row.title
                    for row in event.honours or ()
                },
            }
            for event in (was, now)
        ]
        differences += _between(rules.name, *sides)
    return differences


def _holder(row: AwardRow, names: dict[str, str]) -> str:
    holder = row.team or names[row.entrant or ""]
    return f"{row.item} {holder}" if row.item else holder


def _moved_units(before: Bundle, after: Bundle) -> list[Difference]:
    names = {unit.code: unit.name for unit in before.units}
    labour = before.labour
    assert labour is not None
    periods = {period.code: period.name for period in labour.periods}
    sides = [
        {
            (periods[period.code], names[row.unit], "rank"): row.rank
            for period in score_labour(bundle).periods
            for row in period.standings
        }
        for bundle in (before, after)
    ]
    return _between("", *sides)


_Said = Mapping[tuple[str, str, str], object]


def _between(event: str, was: _Said, now: _Said) -> list[Difference]:
    return [
        Difference(
            event=event,
            where=where,
            who=who,
            what=what,
            was=None if was.get(key) is None else str(was[key]),
            now=None if now.get(key) is None else str(now[key]),
        )
        for key in dict.fromkeys([*was, *now])
        for where, who, what in [key]
        if was.get(key) != now.get(key)
    ]
