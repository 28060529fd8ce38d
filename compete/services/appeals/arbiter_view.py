"""The arbiters' view: the sheets concerned, without totals, ranks, awards or grades."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.aspects.kinds import kind_of, type_title
from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle.event_types import Module
from compete.domain.explanation.relevant_words import Part, numbered, telling_parts
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import SheetState
from compete.models import (
    Act,
    Appeal,
    AppealDecision,
    AppealEvidence,
    FieldRecord,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    SheetPhoto,
    db,
)
from compete.services.appeals.windows import module_and_aspect
from compete.services.judging.field_records import standing_record
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import own_module_name, rules_of
from compete.services.kernel.module_keys import same_place
from compete.services.sheets.difficulties import attempts_in
from compete.services.sheets.sheet_photos import photos_of
from compete.services.sheets.values import standing_values
from compete.services.sheets.wording import rule_text, shown_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A rule: its number or what it is about, and its text in parts."""

    label: str
    parts: Sequence[Part]


def _clauses_of(
    appeal: Appeal, aspect: Aspect | None, translate: Translate | None = None
) -> list[Clause]:
    """List the clauses by which the aspect is marked, and what may be appealed at all."""
    asked = "\n".join([appeal.matter, *(row.words for row in appeal.evidence if row.words)])
    clauses = []
    if aspect is not None:
        for line in rule_text(aspect, translate).splitlines():
            if line:
                number, clause = numbered(line)
                label = number or aspect.standard or aspect.name
                clauses.append(Clause(label=label, parts=telling_parts(clause, asked)))
    if what := _appealable(appeal):
        label = settings_of(appeal.competition).appeals.clause.strip()
        label = label or msg("申诉办法").render(translate)
        clauses.append(Clause(label=label, parts=[Part(what.render(translate), lit=False)]))
    return clauses


def _appealable(appeal: Appeal) -> Message | None:
    barred = settings_of(appeal.competition).appeals.barred
    if not barred:
        return None
    titles = listed([type_title(AspectType(key)) for key in barred])
    return msg("%(types)s的评分点不受理申诉，其余的可以申诉", types=titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectLine:
    """An aspect: what each judge gave, in the order of the judges, and what they noted."""

    code: str
    name: str
    values: list[str]
    notes: list[str]
    concerned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The record of the module that an appeal is about."""

    module: str
    aspect: str | None
    judges: list[str]
    lines: list[AspectLine]
    photos: list[SheetPhoto]
    record: FieldRecord | None
    penalties: list[str]
    digest: str
    clauses: list[Clause] = field(default_factory=list)
    """The clauses of the rules on it."""


def matter_of(appeal: Appeal, translate: Translate | None = None) -> Matter:
    """The record as it stands now."""
    sheets = sheets_of(appeal)
    values = standing_values([sheet.id for sheet in sheets])
    module, aspect = module_and_aspect(appeal)
    notes = _notes(sheets)
    attempted = _attempted(appeal, module)
    lines = []
    for own in module.aspects:
        shown = []
        for sheet in sheets:
            value = values[sheet.id].get(own.code)
            given = kind_of(own).judge_value(value) if value is not None else None
            text = given if isinstance(given, bool) or given is None else f"{given:f}"
            shown.append(shown_value(own, text, translate) or "—")
        lines.append(
            AspectLine(
                code=own.code,
                name=_aspect_name(own, attempted.get(own.code), translate),
                values=shown,
                notes=notes.get(own.code, []),
                concerned=aspect is None or own.code == aspect.code,
            )
        )
    return Matter(
        module=own_module_name(rules_of(appeal.entrant.event), appeal.stage, module.code),
        aspect=aspect.name if aspect else None,
        judges=[f"{sheet.judge.code} {sheet.judge.name}" for sheet in sheets],
        lines=sorted(lines, key=lambda line: not line.concerned),
        photos=[photo for sheet in sheets for photo in photos_of(sheet)],
        record=standing_record(sheets[0]) if sheets else None,
        penalties=[row.reason or "" for row in _penalties(appeal)],
        digest=digest_of(appeal),
        clauses=_clauses_of(appeal, aspect, translate),
    )


def _attempted(appeal: Appeal, module: Module) -> dict[str, Decimal]:
    """What the contestant attempted in the module, by aspect."""
    difficulties = attempts_in(appeal.stage, module, [appeal.entrant_id])
    return {aspect: difficulty for (_entrant, aspect), difficulty in difficulties.items()}


def _aspect_name(aspect: Aspect, difficulty: Decimal | None, translate: Translate | None) -> str:
    """The aspect's name, with the difficulty where marks are multiplied by one."""
    if aspect.type is not AspectType.FACTORED:
        return aspect.name
    factor = plain(difficulty) if difficulty is not None else "—"
    words = msg("%(aspect)s，难度系数 %(difficulty)s", aspect=aspect.name, difficulty=factor)
    return words.render(translate)


def decided_value(row: AppealDecision, translate: Translate | None = None) -> str:
    """The value that a decision orders, as people read it; empty if it orders none."""
    if row.value is None:
        return ""
    appeal = row.appeal
    _module, aspect = module_and_aspect(appeal)
    if aspect is None:
        return plain(row.value)
    given = kind_of(aspect).judge_value(row.value)
    return shown_value(aspect, given if isinstance(given, bool) else plain(given), translate)


def sheets_of(appeal: Appeal) -> Sequence[Sheet]:
    """The sheets of the module concerned, by judge; without those closed by 回避."""
    return db.session.scalars(
        select(Sheet)
        .where(*same_place(Sheet, appeal), Sheet.state != SheetState.WITHDRAWN)
        .options(joinedload(Sheet.judge))
        .order_by(Sheet.judge_id)
    ).all()


def find_evidence(appeal: Appeal, number: int) -> AppealEvidence | None:
    """The appeal's own piece of evidence of that number, or None."""
    row = db.session.get(AppealEvidence, number)
    return row if row is not None and row.appeal_id == appeal.id else None


def film_of(row: AppealEvidence) -> Callable[[], bytes]:
    """Make the function that reads the film; who waits for that holds nothing of the database."""
    query = select(AppealEvidence.photo).where(AppealEvidence.id == row.id)
    db.session.rollback()
    return lambda: db.session.scalars(query).one() or b""


def find_sheet_photo(appeal: Appeal, uuid: str) -> SheetPhoto | None:
    """A photo of one of the sheets concerned, or None."""
    return db.session.scalar(
        select(SheetPhoto)
        .join(Sheet, Sheet.id == SheetPhoto.sheet_id)
        .where(SheetPhoto.uuid == uuid, *same_place(Sheet, appeal))
    )


def digest_of(appeal: Appeal) -> str:
    """The digest that tells states of the appealed matter apart.

    Of marks, difficulties, penalties and outcomes.
    """
    sheets = sheets_of(appeal)
    module, _aspect = module_and_aspect(appeal)
    values = standing_values([sheet.id for sheet in sheets])
    lines = [
        f"{sheet.public_id}/{code}={value:f}"
        for sheet in sheets
        for code, value in sorted(values[sheet.id].items())
        if appeal.aspect in (None, code)
    ]
    lines += [
        f"d{code}={difficulty:f}"
        for code, difficulty in sorted(_attempted(appeal, module).items())
        if appeal.aspect in (None, code)
    ]
    lines += [f"p{row.id}" for row in _penalties(appeal)]
    lines += [
        f"o{row.id}"
        for row in db.session.scalars(
            select(OutcomeEntry)
            .where(
                OutcomeEntry.entrant_id == appeal.entrant_id,
                OutcomeEntry.stage == appeal.stage,
                OutcomeEntry.withdrawn_at.is_(None),
            )
            .order_by(OutcomeEntry.id)
        )
        if row.module in (None, appeal.module)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _penalties(appeal: Appeal) -> Sequence[PenaltyEntry]:
    return db.session.scalars(
        select(PenaltyEntry)
        .where(*same_place(PenaltyEntry, appeal), PenaltyEntry.withdrawn_at.is_(None))
        .order_by(PenaltyEntry.id)
    ).all()


def _notes(sheets: Sequence[Sheet]) -> dict[str, list[str]]:
    """The judges' notes beside their marks by aspect, each with the judge's code."""
    codes = {sheet.id: sheet.judge.code for sheet in sheets}
    notes: dict[str, list[str]] = {}
    rows = db.session.scalars(
        select(Act)
        .where(Act.sheet_id.in_(list(codes)), Act.note.is_not(None), Act.aspect.is_not(None))
        .order_by(Act.id)
    )
    for act in rows:
        if act.note and act.aspect:
            notes.setdefault(act.aspect, []).append(f"{codes[act.sheet_id]} {act.note}")
    return notes
