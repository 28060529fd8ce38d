"""A module's marking scheme from a workbook into a draft of rules, and out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.models import Event
from compete.services.competitions.rules_draft import RulesDraft, draft_of
from compete.services.competitions.rules_saving import draft_problems
from compete.services.competitions.stage_draft import AspectDraft, ModuleDraft
from compete.sheets.scheme_aspects import SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import rule_words
from compete.sheets.schemes.reading import read_scheme

_SHARED = tuple(
    field.name for field in fields(SchemeAspect) if field.name in AspectDraft.__dataclass_fields__
)


_COLUMNS = {
    "max": ("配分", "Max Mark"),
    "name": ("考核要点", "Aspect - Description"),
    "criterion": ("项目", "Sub Criteria Name or Description"),
    "standard": ("职业标准", "WSOS Section"),
}
"""The columns of an aspect's keys in either form; all else goes into the words on marking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRow:
    """A row of the sheet as a row of the form, with what is wrong with it or was guessed."""

    number: int
    draft: AspectDraft
    words: str
    """The words on how marks are given, with what judges read."""
    is_new: bool
    problems: Sequence[Message]
    notes: Sequence[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedScheme:
    """A module as a sheet would make it; nothing is written.

    `gone` are aspects of the form that the sheet lacks.
    """

    sheet: str
    form: SchemeForm
    rows: Sequence[ProposedRow]
    warnings: Sequence[Message]
    gone: Sequence[str]

    @property
    def aspects(self) -> tuple[AspectDraft, ...]:
        """The rows of the form that they are."""
        return tuple(row.draft for row in self.rows)


def propose_scheme(
    event: Event, draft: RulesDraft, stage: int, module: int, data: bytes
) -> ProposedScheme:
    """Make a workbook into a module of the draft, checked as a file's rules are.

    An aspect that has its heading and its name already stays the same one: what no sheet
    says of it is kept. Raises `WorkbookError` for what is no marking scheme.
    """
    target = draft.stages[stage].modules[module]
    scheme = read_scheme(data, target.name)
    known = _matched(scheme.lines, target.aspects)
    rows = [proposed_row(line, old) for line, old in zip(scheme.lines, known, strict=True)]
    changed = with_aspects(draft, stage, module, tuple(row.draft for row in rows))
    path = f"stages[{stage}].modules[{module}].aspects["
    for problem in draft_problems(event, changed):
        if not problem.path.startswith(path):
            continue
        place = int(problem.path.removeprefix(path).partition("]")[0])
        if not rows[place].problems or problem.path.endswith(".levels"):
            told = in_column(scheme.form, problem)
            rows[place] = replace(rows[place], problems=[*rows[place].problems, told])
    used = {id(old) for old in known if old is not None}
    return ProposedScheme(
        sheet=scheme.sheet,
        form=scheme.form,
        rows=rows,
        warnings=[*scheme.warnings, *_sum_warnings(target, rows)],
        gone=[row.name for row in target.aspects if id(row) not in used],
    )


def in_column(form: SchemeForm, problem: Problem) -> Message:
    """Say what is wrong with an aspect, with the column of the sheet that says it."""
    key = problem.path.rpartition("].")[2].partition("[")[0].rpartition(".")[2]
    trade, other = _COLUMNS.get(key, ("评分标准", "Extra Aspect Description"))
    column = trade if form is SchemeForm.TRADE else other
    return msg("“%(column)s”列：%(what)s", column=column, what=problem.message)


def with_aspects(
    draft: RulesDraft, stage: int, module: int, aspects: tuple[AspectDraft, ...]
) -> RulesDraft:
    """The draft with other aspects in one of its modules."""
    old = draft.stages[stage]
    modules = list(old.modules)
    modules[module] = replace(modules[module], aspects=aspects)
    stages = list(draft.stages)
    stages[stage] = replace(old, modules=tuple(modules))
    return replace(draft, stages=tuple(stages))


def scheme_workbook(event: Event, stage: str, module: str, form: SchemeForm) -> bytes | None:
    """The module's aspects in force as a workbook; None for a module that there is not."""
    definition = event.rules.definition
    drafts = draft_of(definition)
    for s, plain_stage in enumerate(definition["stages"]):
        for m, plain_module in enumerate(plain_stage["modules"]):
            if (plain_stage["code"], plain_module["code"]) == (stage, module):
                shown = drafts.stages[s].modules[m]
                aspects = [_as_scheme(row) for row in shown.aspects]
                # Where it is used, for the sake of what only loads.
                from compete.sheets.schemes.writing import write_scheme

                return write_scheme(form, event.name, shown.name, aspects)
    return None


def _as_scheme(row: AspectDraft) -> SchemeAspect:
    return SchemeAspect(**{name: getattr(row, name) for name in _SHARED})


def _words(row: AspectDraft) -> str:
    words = rule_words(_as_scheme(row))
    return f"{words}\n{row.hint}" if row.hint else words


def _matched(lines: Sequence[SchemeLine], rows: Sequence[AspectDraft]) -> list[AspectDraft | None]:
    """The row for each line: by heading and name, else by a name that there is once."""
    left = list(rows)
    found: list[AspectDraft | None] = [None] * len(lines)
    names = Counter(row.name for row in rows)
    said = Counter(line.aspect.name for line in lines)
    for place, line in enumerate(lines):
        both = (line.aspect.criterion, line.aspect.name)
        row = next((row for row in left if (row.criterion, row.name) == both), None)
        if row is not None:
            found[place] = row
            left = [other for other in left if other is not row]
    for place, line in enumerate(lines):
        name = line.aspect.name
        if found[place] is None and name and names[name] == said[name] == 1:
            found[place] = next((row for row in left if row.name == name), None)
    return found


def proposed_row(line: SchemeLine, old: AspectDraft | None = None) -> ProposedRow:
    """A line as a row of the form; `old` is the row that it was before."""
    said = {name: getattr(line.aspect, name) for name in _SHARED}
    row = AspectDraft(**said)
    notes = list(line.notes)
    if old is None and not line.says_type and row.hint:
        notes.append(msg("没认出怎么给分，先当直接给分，评分标准给裁判看"))
    if old is not None:
        row = replace(row, was=old.was, standard=row.standard or old.standard)
        if not line.says_type and old.type != row.type:
            notes.append(msg("没写怎么给分，照原来的"))
        if not line.says_type:
            row = replace(row, type=old.type, own=old.own)
            row = replace(row, hint=row.hint or old.hint)
        if row.type == old.type:
            factor = old.factor if row.factor == "1" else row.factor
            row = replace(row, unit=row.unit or old.unit, factor=factor)
    return ProposedRow(
        number=line.number,
        draft=row,
        words=_words(row),
        is_new=old is None,
        problems=list(line.problems),
        notes=notes,
    )


def _sum_warnings(module: ModuleDraft, rows: Sequence[ProposedRow]) -> list[Message]:
    """Warn where the maxima do not add up to what the module says."""
    total = Decimal(0)
    for row in rows:
        if (most := _decimal(row.draft.max)) is None or (f := _decimal(row.draft.factor)) is None:
            return []  # the row says so
        total += most * f
    full, judges = _decimal(module.full), _decimal(module.size)
    if module.combine == "sum" and judges is not None:
        total *= judges
    if full is None or full == total:
        return []
    return [
        msg(
            "配分加起来是 %(found)s，模块“%(module)s”满分 %(full)s",
            found=plain(total),
            module=module.name,
            full=plain(full),
        )
    ]


def _decimal(text: str) -> Decimal | None:
    digits = text.replace(".", "", 1)
    return Decimal(text) if digits.isascii() and digits.isdecimal() and len(text) < 32 else None


def gone_words(gone: Sequence[str]) -> Message | None:
    """Name the aspects that would go, or None."""
    if not gone:
        return None
    return msg("表里没有、会去掉的评分点：%(names)s", names=listed(gone))
