"""Difficulties (难度系数): what entrants attempted, by which marks of `factored` aspects count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import or_, select

from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.event_types import Module
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.messages import listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Act,
    Competition,
    DifficultyEntry,
    Entrant,
    Event,
    OutcomeEntry,
    Sheet,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of, module_title, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing
from compete.services.sheets.act_rules import typed_number
from compete.services.sheets.entry_seals import seal_rows_of
from compete.services.sheets.locks_in_force import require_all_unlocked, require_judging
from compete.services.sheets.values import VALUE_KINDS

Attempt: TypeAlias = tuple[int, str]
"""The row of an entrant, and the code of an aspect of one module."""

Attempts: TypeAlias = Mapping[Attempt, Decimal]


@dataclass(frozen=True, slots=True)
class Attempting:
    """An entrant in a module, the label that judges know, and the difficulty of each aspect."""

    entrant: Entrant
    label: str
    attempted: Mapping[str, Decimal]


def factored_aspects(module: Module) -> list[Aspect]:
    """The aspects whose marks are multiplied by a difficulty."""
    return [aspect for aspect in module.aspects if aspect.type is AspectType.FACTORED]


def attempts_in(stage: str, module: Module, entrants: Collection[int]) -> dict[Attempt, Decimal]:
    """What these entrants attempted in a module."""
    offered = {aspect.code: aspect.difficulties for aspect in factored_aspects(module)}
    if not offered:
        return {}
    rows = db.session.scalars(
        select(DifficultyEntry)
        .where(
            DifficultyEntry.entrant_id.in_(entrants),
            DifficultyEntry.stage == stage,
            DifficultyEntry.module == module.code,
        )
        .order_by(DifficultyEntry.id)
    )
    last = {(row.entrant_id, row.aspect): row.difficulty for row in rows}
    # One that the rules no longer offer counts for nothing.
    return {place: it for place, it in last.items() if it in offered.get(place[1], ())}


def difficulties_by_code(competition: Competition) -> dict[tuple[str, str, str, str], Decimal]:
    """What everybody attempted, by the codes of entrant, stage, module and aspect."""
    difficulties = {}
    for event in competition.events:
        places = [
            (stage.code, module)
            for stage in rules_of(event).stages
            for module in stage.modules
            if factored_aspects(module)
        ]
        if not places:
            continue
        people = select(Entrant.id, Entrant.code).where(Entrant.event_id == event.id)
        codes = dict(db.session.execute(people).tuples().all())
        for stage, module in places:
            for (entrant, aspect), it in attempts_in(stage, module, codes).items():
                difficulties[codes[entrant], stage, module.code, aspect] = it
    return difficulties


def attempting(event: Event, stage: str, module: str) -> list[Attempting]:
    """Everybody in the module by their label: who has a sheet, before there is any who takes part.

    In a blind event nobody is listed before there are codes on sheets.
    """
    sheets = select(Sheet.entrant_id, Sheet.label).distinct()
    labels = dict(
        db.session.execute(sheets.where(of_event(Sheet, event, stage, module))).tuples().all()
    )
    query = select(Entrant).where(Entrant.event_id == event.id)
    is_first = rules_of(event).stages[0].code == stage
    if labels or event.blind or not is_first:
        query = query.where(Entrant.id.in_(labels))
    people = db.session.scalars(query.where(takes_part())).all()
    attempted: dict[int, dict[str, Decimal]] = {}
    here = module_of(rules_of(event), stage, module)
    known = attempts_in(stage, here, [entrant.id for entrant in people])
    for (number, aspect), difficulty in known.items():
        attempted.setdefault(number, {})[aspect] = difficulty
    rows = [Attempting(it, labels.get(it.id, it.code), attempted.get(it.id, {})) for it in people]
    return sorted(rows, key=lambda row: (len(row.label), row.label))


def unattempted(event: Event, stage: str, module: str) -> set[str]:
    """The codes of those of whom it was not told what they attempt in some aspect.

    Without those for whom it would change nothing: absent, disqualified, or gone before any mark.
    """
    aspects = factored_aspects(module_of(rules_of(event), stage, module))
    if not aspects:
        return set()
    bare = [it for it in attempting(event, stage, module) if len(it.attempted) < len(aspects)]
    out = _worth_nothing(event, stage, module) if bare else set()
    return {row.entrant.code for row in bare if row.entrant.id not in out}


def _worth_nothing(event: Event, stage: str, module: str) -> set[int]:
    """The rows of those of whose module nothing counts, whatever they attempted."""
    outcomes = select(OutcomeEntry.entrant_id, OutcomeEntry.status)
    outcomes = outcomes.join(Entrant, Entrant.id == OutcomeEntry.entrant_id).where(
        of_event(OutcomeEntry, event, stage),
        or_(OutcomeEntry.module.is_(None), OutcomeEntry.module == module),
        OutcomeEntry.withdrawn_at.is_(None),
    )
    out = db.session.execute(outcomes).tuples().all()
    gone = {entrant for entrant, status in out if status == OutcomeStatus.DNF}
    marked = (
        select(Sheet.entrant_id)
        .join(Act, Act.sheet_id == Sheet.id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(of_event(Sheet, event, stage, module), Act.kind.in_(VALUE_KINDS))
        .distinct()
    )
    counted = gone & set(db.session.scalars(marked)) if gone else set()
    return {entrant for entrant, _status in out} - counted


def set_difficulties(
    event: Event, stage: str, module: str, wanted: Attempts, seen: Attempts, by: Account
) -> int:
    """Write what entrants attempted, where it is other than `seen`. Returns how many were written.

    Raises `Refused` (INVALID) for a difficulty that is not offered, (CONFLICT) under a lock, once
    marks are locked, and where another has written otherwise since the page was `seen`.
    """
    with changing(event.competition) as competition:
        if competition.state is not CompetitionState.REGISTERING:
            require_judging(competition)
        here = module_of(rules_of(event), stage, module)
        offered = {aspect.code: aspect for aspect in factored_aspects(here)}
        rows = {row.entrant.id: row for row in attempting(event, stage, module)}
        made = []
        for (number, code), difficulty in wanted.items():
            if seen.get((number, code)) == difficulty:
                continue
            row, aspect = rows.get(number), offered.get(code)
            if row is None or aspect is None:
                # Withdrawn, or the rules changed, since the form was read.
                raise Refused(msg("名单和刚才看到的不一样了，再看一遍"))
            before = row.attempted.get(code)
            if before == difficulty:
                continue
            if before != seen.get((number, code)):
                raise Refused(
                    msg(
                        "%(label)s 的“%(aspect)s”刚才已经记成 %(now)s，没有改。看过再改",
                        label=row.label,
                        aspect=aspect.name,
                        now=plain(before) if before is not None else "—",
                    )
                )
            if difficulty not in aspect.difficulties:
                raise invalid(
                    msg(
                        "“%(aspect)s”的难度系数是 %(offered)s 里的一个，这里是 %(found)s",
                        aspect=aspect.name,
                        offered=listed(plain(it) for it in aspect.difficulties),
                        found=plain(difficulty),
                    )
                )
            made.append((row, code, difficulty, before))
        if made:
            require_all_unlocked(event, stage, module, {row.entrant.id for row, *_it in made})
            _write(competition, event, (stage, module), made, by)
    return len(made)


def _write(
    competition: Competition,
    event: Event,
    place: tuple[str, str],
    made: Iterable[tuple[Attempting, str, Decimal, Decimal | None]],
    by: Account,
) -> None:
    entries = []
    before: dict[str, dict[str, str]] = {}
    after: dict[str, dict[str, str]] = {}
    for row, code, difficulty, was in made:
        entries.append(
            DifficultyEntry(
                entrant_id=row.entrant.id,
                stage=place[0],
                module=place[1],
                aspect=code,
                difficulty=difficulty,
            )
        )
        after.setdefault(row.label, {})[code] = plain(difficulty)
        if was is not None:
            before.setdefault(row.label, {})[code] = plain(was)
    db.session.add_all(entries)
    db.session.flush()
    audit.record(
        competition,
        by,
        "difficulty.set",
        module_title(event, *place),
        before=before or None,
        after={"people": len(after), "set": after, "entries": seal_rows_of(entries)},
    )


def typed_difficulty(text: str) -> Decimal | None:
    """The number that a text says; None for an empty one. Raises `Refused` for what is none."""
    if not text.strip():
        return None
    number = typed_number(text)
    if number is None:
        raise invalid(msg("“%(text)s”不是数", text=text.strip()[:20]))
    return number
