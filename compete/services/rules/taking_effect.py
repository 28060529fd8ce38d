"""Taking effect of other rules: a version of their own, sheets follow, moves are kept.

What they score anew is told without anybody's name, rank or points: totals, ranks, awards, teams,
units, items, grades; and counted, by module, what was marked and by how many. Those whom a change
moved are named once it is in force, for who may see names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Any, Literal

import msgspec
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from compete.domain.aspects.types import Aspect
from compete.domain.bundle import event_types
from compete.domain.bundle.results import EventResults
from compete.domain.values.kinds import OverallBy
from compete.domain.values.messages import msg
from compete.domain.values.states import SHEET_MOVES, DecisionState, SheetState, move
from compete.models import (
    Account,
    Act,
    Competition,
    Decision,
    Entrant,
    Event,
    Member,
    PaperEntry,
    PenaltyEntry,
    RuleChange,
    Sheet,
    Team,
    Unit,
    db,
)
from compete.services.judging.signing import supersede_signature
from compete.services.kernel.participants import takes_part
from compete.services.kernel.row_seals import note
from compete.services.registration.people_seals import seal_people
from compete.services.rules.rules_saving import put_rules
from compete.services.scoring.live import Live, LiveStanding, live_by_new_rules, live_results
from compete.services.scoring.stages_to_come import without_promises
from compete.services.sheets.blind_codes import may_see_names
from compete.services.sheets.comments import COMMENTS
from compete.services.sheets.difficulties import attempts_in, factored_aspects
from compete.services.sheets.locks_in_force import standing_locks
from compete.services.sheets.values import VALUE_KINDS

ModuleCodes = tuple[str, str]
"""Codes of stage and module."""

_WHERE = (Sheet.stage, Sheet.module, Act.aspect)


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks ever made in an event; what was taken back since counts, it stays on record,
    and so does a paper of which one recorder read it.

    `sheets`: on how many sheets there is anything of an aspect, by place and its code. `judges`:
    the most who marked one entrant, by place. `locked`: places that are locked, or a session of
    which is.
    """

    sheets: dict[ModuleCodes, dict[str, int]]
    judges: dict[ModuleCodes, int]
    locked: frozenset[ModuleCodes]

    def of(self, stage: str, module: str) -> dict[str, int]:
        """Count the sheets of the module on which an aspect has anything, by aspect."""
        return self.sheets.get((stage, module), {})

    def in_stage(self, stage: str) -> bool:
        """True if anything was marked in the stage."""
        return any(place[0] == stage for place in self.sheets)


def marked_in(event: Event) -> Marked:
    """Count what was marked in the event, and what of it is locked."""
    sheets: dict[ModuleCodes, dict[str, int]] = defaultdict(dict)
    query = (
        _of_event(
            event, select(Sheet.stage, Sheet.module, Act.aspect, func.count(Sheet.id.distinct()))
        )
        .where(Act.aspect.is_not(None))
        .group_by(*_WHERE)
    )
    for stage, module, aspect, number in db.session.execute(query).tuples():
        assert aspect is not None  # asked for above
        sheets[stage, module][aspect] = number
    counts = (
        _of_event(
            event,
            select(
                Sheet.stage,
                Sheet.module,
                Sheet.entrant_id,
                func.count(Sheet.judge_id.distinct()).label("judges"),
            ),
        )
        .where(Act.kind.in_(VALUE_KINDS))
        .group_by(Sheet.stage, Sheet.module, Sheet.entrant_id)
        .subquery()
    )
    most = select(counts.c.stage, counts.c.module, func.max(counts.c.judges)).group_by(
        counts.c.stage, counts.c.module
    )
    for stage, module, aspect in _read_from_paper(event):
        sheets[stage, module].setdefault(aspect, 1)
    judges = {(stage, module): n for stage, module, n in db.session.execute(most).tuples()}
    locks = standing_locks(event.competition)
    locked = frozenset((lock.stage, lock.module) for lock in locks if lock.event_id == event.id)
    return Marked(dict(sheets), judges, locked)


def _read_from_paper(event: Event) -> Iterator[tuple[str, str, str]]:
    """Find aspects of papers that one recorder has read: the second is compared with it."""
    query = (
        select(Sheet.stage, Sheet.module, PaperEntry.values)
        .join(Sheet, Sheet.id == PaperEntry.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id, PaperEntry.settled_at.is_(None))
    )
    for stage, module, values in db.session.execute(query).tuples():
        for aspect in values:
            yield stage, module, aspect


def given_values(event: Event) -> dict[tuple[str, str, str], dict[Decimal, int]]:
    """Count the sheets for every value ever given, by stage, module and aspect."""
    counts: dict[tuple[str, str, str], dict[Decimal, int]] = defaultdict(dict)
    query = (
        _of_event(
            event,
            select(
                Sheet.stage, Sheet.module, Act.aspect, Act.value, func.count(Sheet.id.distinct())
            ),
        )
        .where(Act.kind.in_(VALUE_KINDS), Act.value.is_not(None), Act.aspect.is_not(None))
        .group_by(*_WHERE, Act.value)
    )
    for stage, module, aspect, value, number in db.session.execute(query).tuples():
        assert aspect is not None  # asked for above
        assert value is not None
        counts[stage, module, aspect][value] = number
    return counts


def most_taken_off(event: Event) -> dict[ModuleCodes, Decimal]:
    """The most points that a penalty takes off somebody, by place, standing or proposed."""
    most: dict[ModuleCodes, Decimal] = {}
    stands = PenaltyEntry.withdrawn_at.is_(None)
    proposed = Decision.state == DecisionState.PROPOSED
    for table, holds in ((PenaltyEntry, stands), (Decision, proposed)):
        query = (
            select(table.stage, table.module, table.points)
            .join(Entrant, Entrant.id == table.entrant_id)
            .where(Entrant.event_id == event.id, holds, table.points.is_not(None))
        )
        for stage, module, points in db.session.execute(query).tuples():
            if module is not None and points is not None:
                most[stage, module] = max(most.get((stage, module), points), points)
    return most


def _sheets_with(
    event: Event, stage: str, module: str, aspects: Iterable[str]
) -> Select[tuple[int]]:
    """The numbers of the module's sheets on which there is anything of one of the aspects."""
    return (
        _of_event(event, select(Sheet.id))
        .where(Sheet.stage == stage, Sheet.module == module, Act.aspect.in_(list(aspects)))
        .distinct()
    )


def _people_with_marks(event: Event, stages: Iterable[str]) -> int:
    """Count the entrants who were marked in one of the stages."""
    query = _of_event(event, select(func.count(Sheet.entrant_id.distinct())))
    marked = query.where(Act.kind.in_(VALUE_KINDS), Sheet.stage.in_(list(stages)))
    return db.session.scalar(marked) or 0


def modules_of(rules: event_types.Event) -> dict[ModuleCodes, event_types.Module]:
    """The modules of all stages."""
    return {(stage.code, module.code): module for stage in rules.stages for module in stage.modules}


def _of_event(event: Event, query: Select) -> Select:  # type: ignore[type-arg]
    return (
        query.select_from(Act)
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.event_id == event.id)
    )


class Redone(StrEnum):
    """The things that are worked out anew."""

    TOTALS = "totals"
    RANKS = "ranks"
    TEAMS = "teams"
    UNITS = "units"
    ITEMS = "items"
    AWARDS = "awards"
    GRADES = "grades"


@dataclass(frozen=True, slots=True)
class Touched:
    """The counts of what a change scores anew: told by the rules and never by who gains.

    `sheets` of which the marks are worked out otherwise, those of them that are `signed` lose
    their signature; `people` are all who were marked in a stage that is added up anew, `bare`
    those of whom a difficulty was told that is offered no more.
    """

    sheets: int
    signed: int
    people: int
    bare: int
    redone: tuple[Redone, ...]


def touched(event: Event, before: event_types.Event, after: event_types.Event) -> Touched:
    """Work out what following `before` by `after` scores anew, as the event stands now."""
    others = _aspects_worth_otherwise(before, after)
    sheets = signed = 0
    for (stage, module), aspects in others.items():
        with_any = _sheets_with(event, stage, module, aspects)
        count = select(func.count(Sheet.id)).where(Sheet.id.in_(with_any))
        sheets += db.session.scalar(count) or 0
        signed += db.session.scalar(count.where(Sheet.state == SheetState.SIGNED)) or 0
    people = _people_with_marks(event, _stages(before, after))
    bare = len(_losing_a_difficulty(event, before, after))
    return Touched(sheets, signed, people, bare, _redone_by(before, after))


def _losing_a_difficulty(
    event: Event, before: event_types.Event, after: event_types.Event
) -> set[int]:
    """Find those of whom a difficulty was told that the new rules do not offer."""
    query = select(Entrant.id).where(Entrant.event_id == event.id, takes_part())
    people, now = db.session.scalars(query).all(), modules_of(after)
    losers: set[int] = set()
    for place, module in modules_of(before).items():
        aspects = factored_aspects(now[place]) if place in now else []
        offered = {aspect.code: aspect.difficulties for aspect in aspects}
        for (entrant, code), difficulty in attempts_in(place[0], module, people).items():
            if code in offered and difficulty not in offered[code]:
                losers.add(entrant)
    return losers


def _aspects_worth_otherwise(
    before: event_types.Event, after: event_types.Event
) -> dict[ModuleCodes, list[str]]:
    """The aspects by module of which a value brings other marks, or may be another."""
    now = modules_of(after)
    codes_at: dict[ModuleCodes, list[str]] = {}
    for place, module in modules_of(before).items():
        wanted = {aspect.code: aspect for aspect in now[place].aspects} if place in now else {}
        codes = [
            aspect.code
            for aspect in module.aspects
            if aspect.code in wanted and worth(aspect) != worth(wanted[aspect.code])
        ]
        if codes:
            codes_at[place] = codes
    return codes_at


def _sheets_changed(before: event_types.Event, after: event_types.Event) -> list[ModuleCodes]:
    """The modules whose sheets say anything else: judges have to see them anew."""
    now = modules_of(after)
    return [
        place
        for place, module in modules_of(before).items()
        if place in now and sheet_of(module) != sheet_of(now[place])
    ]


def sheet_of(module: event_types.Module) -> tuple[object, ...]:
    """The part of a module that stands on its sheets or makes its score of them."""
    extra = {key: value for key, value in (module.extra or {}).items() if key != COMMENTS}
    return module.full, module.panel, module.aspects, extra or None


def worth(aspect: Aspect) -> Aspect:
    """An aspect without its words: of two that are equal so a value brings the same marks."""
    return msgspec.structs.replace(aspect, name="", criterion=None, standard=None, extra=None)


def stage_scoring(stage: event_types.Stage) -> event_types.Stage:
    """A stage without words and pass marks: what its totals and who goes on hang on."""
    bare = msgspec.structs.replace
    modules = (
        bare(module, name="", pass_=None, extra=None, aspects=tuple(map(worth, module.aspects)))
        for module in stage.modules
    )
    parts = (bare(part, name="", pass_=None, extra=None) for part in stage.parts)
    return bare(stage, name="", modules=tuple(modules), parts=tuple(parts), extra=None)


def ranking_scoring(rules: event_types.Event) -> tuple[object, object]:
    """The event's rules for all its stages: how they are ranked and rounded."""
    return rules.ranking, rules.rounding


def _redone_by(before: event_types.Event, after: event_types.Event) -> tuple[Redone, ...]:
    """Say what is worked out anew; with totals and ranks also what hangs on them."""
    totals = _totals(before) != _totals(after)
    ranks = totals or before.ranking != after.ranking
    least = _pass_marks(before) != _pass_marks(after)

    def there(key: str, *, also: bool = False) -> bool:
        wanted = getattr(after, key)
        return getattr(before, key) != wanted or (bool(wanted) and (ranks or also))

    redone = {
        Redone.TOTALS: totals,
        Redone.RANKS: ranks,
        Redone.TEAMS: there("team_ranking"),
        Redone.UNITS: there("unit_ranking"),
        Redone.ITEMS: there("items"),
        Redone.AWARDS: there("awards", also=least or before.items != after.items),
        Redone.GRADES: there("grades", also=least or before.awards != after.awards),
    }
    return tuple(kind for kind, is_it in redone.items() if is_it)


def _stages(before: event_types.Event, after: event_types.Event) -> list[str]:
    """The stages that are added up or ranked anew: those that differ, and all after them."""
    if ranking_scoring(before) != ranking_scoring(after):
        return [stage.code for stage in after.stages]
    was = {stage.code: stage_scoring(stage) for stage in before.stages}
    other = [stage_scoring(stage) != was.get(stage.code) for stage in after.stages]
    if True not in other:
        return []
    return [stage.code for stage in after.stages[other.index(True) :]]


def _totals(rules: event_types.Event) -> tuple[object, ...]:
    return rules.rounding, *map(stage_scoring, rules.stages)


def _pass_marks(rules: event_types.Event) -> list[object]:
    return [
        [(module.code, module.pass_) for module in stage.modules]
        + [(part.code, part.pass_) for part in stage.parts]
        for stage in rules.stages
    ]


class What(StrEnum):
    """The thing of somebody that is another than before."""

    AWARDS = "awards"
    TEAM_AWARDS = "team_awards"
    GRADE = "grade"
    ITEM = "item"
    TEAM = "team"
    UNIT = "unit"
    TABLE = "table"


class MovedBesides(msgspec.Struct, frozen=True):
    """A further move of an entrant, team or unit (its code): what it had and what it has.

    Awards are names; a grade is its number, or nothing where nobody is promoted; of items, teams,
    units and tables it is rank and score. `of` is the item's or table's name, or a crew's member.
    """

    what: What
    holder: str
    was: tuple[str, ...]
    now: tuple[str, ...]
    of: str = ""
    kind: Literal["besides"] = "besides"


_Said = Mapping[tuple[str, str], tuple[str, ...]]
"""By holder, and what of them it is."""


def moved_besides(
    rules: tuple[event_types.Event, event_types.Event], results: tuple[EventResults, EventResults]
) -> list[MovedBesides]:
    """List what is another after than before: rules and results of each."""
    return _moves_besides([_all(*side) for side in zip(rules, results, strict=True)])


def moved_in_tables(before: Live, after: Live) -> list[MovedBesides]:
    """List the units that stand otherwise in a table over several events, by its newest name."""
    names = {table.code: table.name for side in (before, after) for table in side.bundle.overall}
    return _moves_besides([{What.TABLE: dict(_in_tables(it, names))} for it in (before, after)])


def _in_tables(
    live: Live, names: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """The rank and value of each unit in each table; of medals their three numbers."""
    by_medals = {it.code for it in live.bundle.overall if it.by is OverallBy.MEDALS}
    for table in live.results.overall or ():
        for row in table.standings:
            medals = "-".join(map(str, row.medals)) if table.code in by_medals else ""
            yield (row.unit, names[table.code]), (_rank(row.rank), row.value or medals)


def _moves_besides(sides: Sequence[Mapping[What, _Said]]) -> list[MovedBesides]:
    moves = []
    for what in What:
        was, now = (side.get(what, {}) for side in sides)
        for key in sorted({*was, *now}):
            if was.get(key, ()) != now.get(key, ()):
                holder, of = key
                moves.append(MovedBesides(what, holder, was.get(key, ()), now.get(key, ()), of))
    return moves


def _all(rules: event_types.Event, results: EventResults) -> Mapping[What, _Said]:
    return {
        What.AWARDS: _awards(rules, results, team=False),
        What.TEAM_AWARDS: _awards(rules, results, team=True),
        What.GRADE: {
            (row.entrant, row.member or ""): (str(row.grade),)
            for row in results.grades or ()
            if row.change == "promoted"
        },
        What.ITEM: dict(_items(rules, results)),
        What.TEAM: {(row.team, ""): (_rank(row.rank), row.total) for row in results.teams or ()},
        What.UNIT: {(row.unit, ""): (_rank(row.rank), row.points) for row in results.units or ()},
    }


def _awards(rules: event_types.Event, results: EventResults, *, team: bool) -> _Said:
    names = {award.code: award.name for award in rules.awards}
    items = {item.code: item.name for item in rules.items}
    won: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in results.awards or ():
        holder = row.team if team else row.entrant
        if holder is not None:
            named = [items.get(row.item, row.item)] if row.item else []
            won[holder, ""].append(" ".join([*named, names[row.award]]))
    for honour in () if team else results.honours or ():
        won[honour.entrant, honour.member or ""].append(honour.title)
    return {key: tuple(sorted(titles)) for key, titles in won.items()}


def _items(
    rules: event_types.Event, results: EventResults
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    names = {item.code: item.name for item in rules.items}
    for item in results.items or ():
        for row in item.standings:
            yield (row.entrant, names.get(item.item, item.item)), (str(row.rank), row.score)


def _rank(rank: int | None) -> str:
    return "" if rank is None else str(rank)


class Moved(msgspec.Struct, frozen=True):
    """The move of one entrant in one stage, before and after; totals are published texts."""

    stage: str
    entrant: str
    ranks: tuple[int | None, int | None]
    totals: tuple[str | None, str | None]


def put_in_force(
    change: RuleChange,
    before: event_types.Event,
    after: event_types.Event,
    by: Account,
    standing: LiveStanding | None,
) -> dict[str, Any]:
    """Make the wanted rules the event's next version, inside a unit of work; what is told of it.

    `standing` is what stood just before, if anybody has worked it out.

    What judges signed under marks that come out otherwise loses its signature: who signs says
    what a sheet comes to. Sheets that read otherwise get a new version, so that no tablet signs
    what it has not shown.
    """
    event = change.event
    stood = live_results(change.competition)
    change.number = put_rules(event, after, change.reason)
    signed = _follow(event, before, after, change.number)
    db.session.flush()
    stands = live_by_new_rules(change.competition, standing)
    was, now = stood.event(event.code), stands.event(event.code)
    moves = _moves_between(was, now)
    promised = (
        without_promises(change.competition, was),
        without_promises(change.competition, now),
    )
    besides = [*moved_besides((before, after), promised), *moved_in_tables(stood, stands)]
    change.moves = [msgspec.to_builtins(move) for move in (*moves, *besides)]
    return {
        "version": change.number,
        "moved": len({move.entrant for move in moves}),
        "signed": signed,
        "people": seal_people(change.competition, ()),
    }


def moved_by(change: RuleChange) -> list[Moved]:
    """List people moved as it took effect; nobody of one that is not in force."""
    return [msgspec.convert(move, Moved) for move in change.moves or [] if "kind" not in move]


def besides_of(change: RuleChange) -> list[MovedBesides]:
    """List other moves than totals and ranks; nothing of a change that was made before this."""
    return [msgspec.convert(move, MovedBesides) for move in change.moves or [] if "kind" in move]


def _moves_between(before: EventResults, after: EventResults) -> list[Moved]:
    """List those whose rank or total changed, stage by stage in the order of the new ranks."""
    moves = []
    old = {
        (stage.code, row.entrant): (row.rank, row.total)
        for stage in before.stages
        for row in stage.standings
    }
    for stage in after.stages:
        for row in stage.standings:
            rank, total = old.pop((stage.code, row.entrant), (None, None))
            if (rank, total) != (row.rank, row.total):
                moves.append(Moved(stage.code, row.entrant, (rank, row.rank), (total, row.total)))
    return moves + [
        Moved(stage, entrant, (rank, None), (total, None))
        for (stage, entrant), (rank, total) in old.items()
        if rank is not None or total is not None
    ]


def changed_entrants(before: EventResults, after: EventResults) -> list[str]:
    """The codes of the entrants of whom anything is said otherwise, in order."""
    sides = [_said_of(results) for results in (before, after)]
    return [code for code in sorted({*sides[0], *sides[1]}) if sides[0][code] != sides[1][code]]


def _said_of(results: EventResults) -> dict[str, list[Any]]:
    """All rows that name an entrant, by code."""
    rows: dict[str, list[Any]] = defaultdict(list)
    lists: list[Sequence[Any] | None] = [
        results.standings,
        results.awards,
        results.grades,
        results.honours,
        *(stage.standings for stage in results.stages),
    ]
    for row in chain.from_iterable(it or () for it in lists):
        if row.entrant is not None:
            rows[row.entrant].append(msgspec.to_builtins(row))
    return rows


def _follow(event: Event, before: event_types.Event, after: event_types.Event, number: int) -> int:
    """Bring the event's sheets after the rules; how many signatures lapsed."""
    other = _aspects_worth_otherwise(before, after)
    lapsed = 0
    for place in _sheets_changed(before, after):
        stage, module = place
        entrants = select(Entrant.id).where(Entrant.event_id == event.id)
        here = Sheet.entrant_id.in_(entrants), Sheet.stage == stage, Sheet.module == module
        # One statement for all: there may be ten thousand, of which few are signed.
        for sheet in db.session.scalars(select(Sheet.id).where(*here)):
            note("sheet", sheet, "version")
        db.session.execute(
            update(Sheet)
            .where(*here)
            .values(version=Sheet.version + 1)
            .execution_options(noted=True, synchronize_session="fetch")
        )
        signed = select(Sheet).where(*here, Sheet.state == SheetState.SIGNED).order_by(Sheet.id)
        for row in db.session.scalars(signed).all() if place in other else ():
            supersede_signature(row, msg("规则换成了第 %(n)s 版", n=number).render())
            row.state = move(row.state, SheetState.SUBMITTED, SHEET_MOVES)
            lapsed += 1
    return lapsed


@dataclass(frozen=True, slots=True)
class MovedPerson:
    """The moves of one entrant in one stage, as called now."""

    moved: Moved
    name: str
    unit: str


def moved_people(change: RuleChange, by: Account) -> list[MovedPerson] | None:
    """List who moved most places first; None for who may not see a blind event's names yet."""
    if not may_see_names(change.competition, [change.event], by):
        return None
    people = db.session.scalars(
        select(Entrant).where(Entrant.event_id == change.event_id).options(joinedload(Entrant.unit))
    )
    called = {row.code: (row.name, row.unit.name) for row in people}
    return [
        MovedPerson(move, *called.get(move.entrant, (move.entrant, "")))
        for move in sorted(moved_by(change), key=_step)
    ]


def _step(moved: Moved) -> tuple[bool, int, int]:
    was, now = moved.ranks
    return was == now, -abs((was or 0) - (now or 0)), now or 10**9


@dataclass(frozen=True, slots=True)
class NamedBesides:
    """A further change of a person, team or unit, as called now."""

    moved: MovedBesides
    name: str


def other_moves(change: RuleChange, by: Account) -> list[NamedBesides]:
    """List awards, items, teams, tables and the like that moved; none for who may not see names."""
    if not may_see_names(change.competition, [change.event], by):
        return []
    besides = besides_of(change)
    # A table adds up other events too, of which one may still be blind.
    if not may_see_names(change.competition, change.competition.events, by):
        besides = [move for move in besides if move.what is not What.TABLE]
    return named_besides(change.competition, besides)


def named_besides(competition: Competition, besides: Sequence[MovedBesides]) -> list[NamedBesides]:
    """Name the holder of each move as it is called now."""
    of = competition.id
    people, members, teams, units = (
        {
            row.code: row.name
            for row in db.session.execute(
                select(table.code, table.name).where(table.competition_id == of)
            )
        }
        for table in (Entrant, Member, Team, Unit)
    )
    named = {What.TEAM: teams, What.TEAM_AWARDS: teams, What.UNIT: units, What.TABLE: units}
    moves = []
    for moved in besides:
        name = named.get(moved.what, people).get(moved.holder, moved.holder)
        if moved.what in (What.AWARDS, What.GRADE) and moved.of:
            name = members.get(moved.of, name)
        moves.append(NamedBesides(moved, name))
    return moves
