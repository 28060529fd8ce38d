"""Workbooks as rules: a module's marking scheme into a draft of rules, and out again.

And competitions begun from one: the rules of a labour competition, or a marking scheme."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from compete.domain.bundle.labour_types import Indicator, Scoring
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.identity.names import same_name_key
from compete.domain.labour.self_assessment import SELF_ASSESSED
from compete.domain.values.kinds import Kind, ScoringType
from compete.domain.values.messages import Message, Translate, listed, msg, some_of
from compete.domain.values.numerals import plain
from compete.models import Account, Competition, Event
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import usual_awards
from compete.services.competitions.made_up_files import read_made_up
from compete.services.competitions.templates import labour_rules_over_months, make_labour_draft
from compete.services.kernel.text_limits import check_text
from compete.services.labour.rule_sheets import ReadRules, read_rules_book, says_rules
from compete.services.labour.rules import LabourRules, long_rule_names
from compete.services.rules.rules_draft import RulesDraft, draft_of
from compete.services.rules.rules_saving import (
    draft_problems,
    fine_difficulties,
    long_names,
    new_module_problems,
)
from compete.services.rules.stage_draft import AspectDraft, ModuleDraft, module_tree
from compete.sheets.reading.lines import fault_points
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.telling import of_sheet
from compete.sheets.registration.reading import says_registration
from compete.sheets.scheme_aspects import Scheme, SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import rule_words
from compete.sheets.schemes.reading import read_schemes, says_scheme
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError

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

    `place` is its place in the stage, `gone` are aspects of the form that the sheet lacks.
    """

    place: int
    module: ModuleDraft
    is_new: bool
    sheet: str
    form: SchemeForm
    rows: list[ProposedRow]
    warnings: Sequence[Message]
    gone: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProposedBook:
    """The modules that a workbook would make, and the draft with those that were `chosen`."""

    parts: Sequence[ProposedScheme]
    warnings: Sequence[Message]
    draft: RulesDraft


def propose_schemes(
    event: Event,
    draft: RulesDraft,
    stage: int,
    module: int,
    data: bytes,
    chosen: Collection[str] | None = None,
) -> ProposedBook:
    """Make a workbook into modules of the draft, checked as a file's rules are.

    Its only sheet is the scheme of this module. Of several each is that of the module it is called
    after; what is called after none is this module, if no sheet is called so, or a new one.
    `chosen` are the sheets that are taken, None: all. An aspect that has its heading and its name
    already stays the same one: what no sheet says of it is kept. Raises `WorkbookError` for what
    is no marking scheme.
    """
    book = read_schemes(data)
    modules, parts = list(draft.stages[stage].modules), list[ProposedScheme]()
    there, several = len(modules), len(book.schemes) > 1
    for scheme, called in zip(book.schemes, _places(book.schemes, modules, module), strict=True):
        if chosen is not None and scheme.sheet not in chosen:
            continue
        place = len(modules) if called is None else called
        is_new = place >= there
        target = replace(modules[module], was="", pass_="") if is_new else modules[place]
        before = () if is_new else target.aspects
        known = _matched(scheme.lines, before)
        rows = [_proposed_row(line, old) for line, old in zip(scheme.lines, known, strict=True)]
        target = replace(target, aspects=tuple(row.draft for row in rows))
        if several and same_name_key(target.name) != same_name_key(scheme.sheet):
            # What the sheet begins is called as it is and counts as many points as it has.
            full = _full(rows)
            target = replace(target, name=scheme.sheet, full=full, weight=full)
        modules[place : place + 1] = [target]
        used = {id(old) for old in known if old is not None}
        parts.append(
            ProposedScheme(
                place=place,
                module=target,
                is_new=is_new,
                sheet=scheme.sheet,
                form=scheme.form,
                rows=rows,
                warnings=[*scheme.warnings, *_sum_warnings(target, rows)],
                gone=[row.name for row in before if id(row) not in used],
            )
        )
    changed = _with_modules(draft, stage, modules)
    problems = draft_problems(event, changed)
    for part in parts:
        _put_problems(part, problems, f"stages[{stage}].modules[{part.place}].aspects[")
    return ProposedBook(parts, book.warnings, changed)


def _put_problems(part: ProposedScheme, problems: Sequence[Problem], path: str) -> None:
    """Say at each row what is wrong with its aspect."""
    for problem in problems:
        if not problem.path.startswith(path):
            continue
        place = int(problem.path.removeprefix(path).partition("]")[0])
        row = part.rows[place]
        if not row.problems or problem.path.endswith(".levels"):
            placed = _in_column(part.form, problem)
            part.rows[place] = replace(row, problems=[*row.problems, placed])


def _places(
    schemes: Sequence[Scheme], modules: Sequence[ModuleDraft], module: int
) -> list[int | None]:
    """The place of each sheet's module in the stage; None for a new one."""
    if len(schemes) == 1:
        return [module]
    names = [same_name_key(it.name) for it in modules]
    called = [same_name_key(it.sheet) for it in schemes]
    free = [] if names[module] in called else [module]
    return [names.index(name) if name in names else free.pop() if free else None for name in called]


def _in_column(form: SchemeForm, problem: Problem) -> Message:
    """Say what is wrong with an aspect, with the column of the sheet that says it."""
    key = problem.path.rpartition("].")[2].partition("[")[0].rpartition(".")[2]
    trade, other = _COLUMNS.get(key, ("评分标准", "Extra Aspect Description"))
    column = trade if form is SchemeForm.TRADE else other
    return msg("“%(column)s”列：%(what)s", column=column, what=problem.message)


def _with_modules(draft: RulesDraft, stage: int, modules: Sequence[ModuleDraft]) -> RulesDraft:
    """The draft with other modules in one of its stages."""
    stages = list(draft.stages)
    stages[stage] = replace(stages[stage], modules=tuple(modules))
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
    matches: list[AspectDraft | None] = [None] * len(lines)
    names = Counter(row.name for row in rows)
    counts = Counter(line.aspect.name for line in lines)
    for place, line in enumerate(lines):
        both = (line.aspect.criterion, line.aspect.name)
        row = next((row for row in left if (row.criterion, row.name) == both), None)
        if row is not None:
            matches[place] = row
            left = [other for other in left if other is not row]
    for place, line in enumerate(lines):
        name = line.aspect.name
        if matches[place] is None and name and names[name] == counts[name] == 1:
            matches[place] = next((row for row in left if row.name == name), None)
    return matches


def _proposed_row(line: SchemeLine, old: AspectDraft | None = None) -> ProposedRow:
    """A line as a row of the form; `old` is the row that it was before."""
    shared = {name: getattr(line.aspect, name) for name in _SHARED}
    row = AspectDraft(**shared)
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


LONGEST_PART = 200
"""Characters of the names of the event and of the module."""
_OTHER = msg(
    "没认出这张表。能建竞赛的有两种：劳动竞赛的规则表（“指标和规则”里下载的），评分标准"
    "（项目、考核要点、配分、评分标准，或者 11 列的）。"
    "名单和各部门的数，建好竞赛以后在它的“选手”“裁判”“打分表”里传"
)
_PEOPLE = msg(
    "这是报名表，里面是人，没有规则。先建好竞赛、加好赛项，再在它的“选手”页点“上传报名表”"
)
_UNNAMED = re.compile(r"(?i)(sheet|工作表|表) ?\d{0,4}")
_EVENT = re.compile(r"events\[0\]\.?")
_ROW = re.compile(r"(periods|indicators|units|aspects)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class StartFault:
    """A fault that keeps a workbook from beginning a competition, and its place: a `cell` below the
    heading `what`, in a row of a sheet, or at a place of the file that it would be."""

    why: Message
    cell: str = ""
    what: str = ""
    sheet: str = ""
    row: int = 0
    path: str = ""


class StartError(Exception):
    """The workbook is of a kind that is known, and cannot be taken as it is."""

    def __init__(self, faults: Sequence[StartFault]) -> None:
        super().__init__(len(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesStart:
    """A labour competition's rules with its departments and units; `title` stands above them."""

    title: str
    rules: LabourRules
    warnings: Sequence[Message] = ()
    """The notes on what of the workbook was filled, and what was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedModule:
    """A marking scheme as a module of the event; `full` is the sum of the maxima."""

    sheet: str
    form: SchemeForm
    rows: Sequence[ProposedRow]
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeStart:
    """A workbook of marking schemes, as the modules of the one event."""

    modules: Sequence[StartedModule]
    warnings: Sequence[Message]
    title: str
    """The text above the scheme, else the only sheet's name if somebody gave it one; or empty."""
    heading: str
    """The text above the scheme alone."""


def read_start(data: bytes, others: Sequence[Translate] = ()) -> RulesStart | SchemeStart:
    """Read what a workbook would begin; nothing is written.

    Rules are read in Chinese and in what the `others` make of their words. Raises
    `WorkbookError` for what is neither, saying what it is, `StartError` for what is wrong in it.
    """
    if says_rules(data, others):
        return _rules(read_rules_book(data, others))
    if (labour := _labour_scheme(data)) is not None:
        return labour
    if says_scheme(data):
        return _schemes(data)
    raise WorkbookError(_PEOPLE if says_registration(data) else _OTHER)


def _labour_scheme(data: bytes) -> RulesStart | None:
    """A scheme of departments and cycles (考核细则) as a labour competition's rules, or None.

    Rows that say no full marks are named: they are asked about in the file, not left out.
    """
    reading = read_sheets(open_workbook(data), "scheme")
    if reading.of != "labour" or not reading.rows:
        return None
    lacking = [
        StartFault(msg("没写满分"), what=str(it.values.get("name", "")), sheet=it.sheet, row=it.row)
        for it in reading.rows
        if not it.values.get("max")
    ]
    if lacking:
        raise StartError(lacking)
    asked = []
    for row in reading.rows:
        values = row.values
        off = fault_points(str(values.get("rule", "")))
        scoring = (
            Scoring(type=ScoringType.DEDUCTION, points=off)
            if values.get("type") == "deduction" and off is not None
            else Scoring(type=ScoringType.SCORE)
        )
        asked.append(
            (
                str(values.get("criterion") or ""),
                str(values.get("name") or ""),
                Decimal(str(values["max"])),
                scoring,
                str(values.get("department") or ""),
                _often(str(values.get("cycle") or "")),
            )
        )
    words = [of_sheet(it.sheet, _at(f"{it.column}{it.row}", it.why)) for it in reading.asked]
    words += [
        of_sheet(it.sheet, msg("第 %(row)s 行：%(why)s", row=it.row, why=it.why))
        for it in reading.left_out
    ]
    if any(row.values.get("rule") for row in reading.rows):
        words.append(msg("评分标准的文字没有带过来，在“指标和规则”里写怎么算"))
    return RulesStart(title="", rules=labour_rules_over_months(asked), warnings=words)


def _at(cell: str, why: Message) -> Message:
    return msg("%(cell)s：%(why)s", cell=cell, why=why)


def _often(cycle: str) -> str:
    """How often an indicator is asked: by month, but where the sheet says a quarter or a year."""
    if "季" in cycle:
        return "quarter"
    return "year" if "年" in cycle and "月" not in cycle else "month"


def make_labour_start(start: RulesStart, wanted: Beginnings, of: str, by: Account) -> Competition:
    """A labour competition with these rules. Raises as `make_draft` does."""
    return make_labour_draft(start.rules, wanted, by, Origin.FILE, of)


def make_scheme_start(
    start: SchemeStart, wanted: Beginnings, event: str, module: str, of: str, by: Account
) -> Competition:
    """A skills competition with one event, a module for each scheme; an only one is `module`.

    Raises as `make_draft` does, and `Refused` (INVALID) for names that are too long.
    """
    for name in (event, module):
        check_text(name, LONGEST_PART)
    names = [module] if len(start.modules) == 1 else [it.sheet for it in start.modules]
    trees = _event(event, dict(zip(names, start.modules, strict=True)))
    events = read_made_up("skills", events=[trees]).events
    return make_draft(blank(wanted, events=events), Origin.FILE, of, by)


def _rules(read: ReadRules) -> RulesStart:
    if read.rules is None:
        faults = [
            StartFault(problem.why, problem.place, problem.what, problem.sheet)
            for problem in read.problems
        ]
        raise StartError(faults or [StartFault(msg("“指标”和“期次”两页都要有一行"))])
    labour = msgspec.structs.replace(
        read.rules.labour, indicators=tuple(map(_settled, read.rules.labour.indicators))
    )
    problems = [*long_rule_names(labour, [group for _unit, group in read.rules.units])]
    bare = blank(Beginnings(name="X", code="X"), Kind.LABOUR, labour=labour)
    try:
        read_bundle(write_bundle(bare, "json"))
    except BundleError as error:
        problems += error.problems
    faults = [_at_row(problem, read.rows) for problem in problems] + _wrong_units(read)
    if faults:
        raise StartError(faults)
    rules = LabourRules(labour, read.rules.departments, read.rules.units)
    return RulesStart(title=read.title, rules=rules, warnings=read.notices)


def _settled(indicator: Indicator) -> Indicator:
    """Let units assess themselves where a workbook is silent about it."""
    silent = (indicator.extra or {}).get(SELF_ASSESSED, True) is None
    return msgspec.structs.replace(indicator, extra=None) if silent else indicator


def _wrong_units(read: ReadRules) -> list[StartFault]:
    """Find units that stand there twice or are too long, or without a group beside others."""
    assert read.rules is not None
    units = list(zip(read.rows["units"], read.rules.units, strict=True))
    faults, seen = [], dict[str, int]()
    for (sheet, number), (name, _group) in units:
        if name in seen:
            why = msg("“%(name)s”在第 %(n)s 行有了", name=name, n=seen[name])
            faults.append(StartFault(why, sheet=sheet, row=number))
        if len(name) > LONGEST_PART:
            why = msg("最多 %(most)s 个字", most=LONGEST_PART)
            faults.append(StartFault(why, sheet=sheet, row=number))
        seen.setdefault(name, number)
    without = [(*at, name) for at, (name, group) in units if not group]
    if without and len(without) < len(units):
        names = some_of([name for _sheet, _number, name in without])
        why = msg("有的单位写了组，有的没有：%(names)s", names=names)
        faults.append(StartFault(why, sheet=without[0][0], row=without[0][1]))
    return faults


def _at_row(problem: Problem, rows: Mapping[str, Sequence[tuple[str, int]]]) -> StartFault:
    place = _ROW.search(problem.path)
    if place is not None and place[1] in rows:
        lines = rows[place[1]]
        if int(place[2]) < len(lines):
            sheet, row = lines[int(place[2])]
            return StartFault(problem.message, sheet=sheet, row=row)
    return StartFault(problem.message, path=problem.path)


def _schemes(data: bytes) -> SchemeStart:
    book = read_schemes(data)
    modules = [
        StartedModule(sheet=it.sheet, form=it.form, rows=rows, full=_full(rows))
        for it in book.schemes
        for rows in [[_proposed_row(line) for line in it.lines]]
    ]
    if faults := [fault for it in modules for fault in _faults(it)]:
        raise StartError(faults)
    # The sheet's own name stands for the module already.
    headings = [it.title.removesuffix(it.sheet).strip() or it.title for it in book.schemes]
    heading, sheet = next(filter(None, headings), ""), book.schemes[0].sheet
    unnamed = len(modules) > 1 or _UNNAMED.fullmatch(sheet.strip())
    return SchemeStart(
        modules=modules,
        warnings=[*(why for it in book.schemes for why in it.warnings), *book.warnings],
        title=heading or ("" if unnamed else sheet),
        heading=heading,
    )


def _faults(module: StartedModule) -> list[StartFault]:
    """What keeps a sheet from being a module, by its rows."""
    rows, sheet = module.rows, module.sheet
    where = {"aspects": [(sheet, row.number) for row in rows]}
    faults = [StartFault(why, sheet=sheet, row=row.number) for row in rows for why in row.problems]
    draft = ModuleDraft(name="X", aspects=tuple(row.draft for row in rows))
    problems = list(new_module_problems(draft, "stages[0].modules[0]"))
    try:
        (event,) = read_made_up("skills", events=[_event("X", {"X": module})]).events
        problems += [*long_names(event), *fine_difficulties(event)]
    except BundleError as error:
        problems += [
            Problem(_EVENT.sub("", problem.path, count=1), problem.message)
            for problem in error.problems
        ]
    faulty = {fault.row for fault in faults}
    late_faults = [
        replace(fault, why=_in_column(module.form, problem)) if fault.row else fault
        for problem in problems
        for fault in [_at_row(problem, where)]
    ]
    # Of a row that cannot be read, and of what it leaves of the rest, nothing more is said.
    faults += [
        it for it in dict.fromkeys(late_faults) if it.row not in faulty and (it.row or not faulty)
    ]
    return sorted(faults, key=lambda fault: fault.row)


def _full(rows: Sequence[ProposedRow]) -> str:
    """The sum of the rows; 0 where one is no number, which its row then says."""
    try:
        return plain(
            sum((Decimal(row.draft.max) * Decimal(row.draft.factor) for row in rows), Decimal(0))
        )
    except InvalidOperation:
        return "0"


def _event(name: str, modules: Mapping[str, StartedModule]) -> dict[str, Any]:
    """An event with these modules by their names; of several each counts its points."""
    alone = len(modules) == 1
    trees = [
        module_tree(
            ModuleDraft(
                name=called,
                weight="100" if alone else it.full,
                full=it.full,
                aspects=tuple(row.draft for row in it.rows),
            ),
            *(None, "practical" if alone else f"m{n}", (), set()),
        )
        for n, (called, it) in enumerate(modules.items(), start=1)
    ]
    return {
        "code": "E1",
        "name": name,
        "stages": [{"code": "final", "name": "决赛", "modules": trees}],
        "awards": [json.loads(msgspec.json.encode(award)) for award in usual_awards()],
    }
