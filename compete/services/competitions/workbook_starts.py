"""Competitions begun from a workbook: the rules of a labour competition, or a marking scheme."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from compete.domain.bundle import types
from compete.domain.bundle.labour_types import Indicator
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.versions import NEWEST
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.self_assessment import SELF_ASSESSED
from compete.domain.values.kinds import Kind, Level
from compete.domain.values.messages import Message, Translate, msg, some_of
from compete.domain.values.numerals import plain
from compete.models import Account, Competition
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.event_setup import usual_awards
from compete.services.competitions.labour_starts import make_labour_draft
from compete.services.competitions.made_up_files import read_made_up
from compete.services.competitions.module_draft import ModuleDraft, module_tree
from compete.services.competitions.rule_texts import fine_difficulties, long_names
from compete.services.competitions.rules_problems import new_module_problems
from compete.services.competitions.schemes import ProposedRow, in_column, proposed_row
from compete.services.kernel.text_limits import check_text
from compete.services.labour.rule_sheets import ReadRules, read_rules_book, says_rules
from compete.services.labour.rules import LabourRules, long_rule_names
from compete.sheets.registration.reading import says_registration
from compete.sheets.scheme_aspects import SchemeForm
from compete.sheets.schemes.reading import read_scheme, says_scheme
from compete.sheets.workbook.refusal import WorkbookError

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
class SchemeStart:
    """A marking scheme, as the one module of the one event."""

    sheet: str
    form: SchemeForm
    rows: Sequence[ProposedRow]
    full: str
    """The sum of the maxima."""
    warnings: Sequence[Message]
    title: str
    """The text above the scheme, else the sheet's name if somebody gave it one; may be empty."""
    heading: str
    """The text above the scheme alone."""


def read_start(data: bytes, others: Sequence[Translate] = ()) -> RulesStart | SchemeStart:
    """Read what a workbook would begin; nothing is written.

    Rules are read in Chinese and in what the `others` make of their words. Raises
    `WorkbookError` for what is neither, saying what it is, `StartError` for what is wrong in it.
    """
    if says_rules(data, others):
        return _rules(read_rules_book(data, others))
    if says_scheme(data):
        return _scheme(data)
    raise WorkbookError(_PEOPLE if says_registration(data) else _OTHER)


def make_labour_start(start: RulesStart, wanted: Beginnings, of: str, by: Account) -> Competition:
    """A labour competition with these rules. Raises as `make_draft` does."""
    return make_labour_draft(start.rules, wanted, by, Origin.FILE, of)


def make_scheme_start(
    start: SchemeStart, wanted: Beginnings, event: str, module: str, of: str, by: Account
) -> Competition:
    """A skills competition with one event of one module, which is marked by the scheme.

    Raises as `make_draft` does, and `Refused` (INVALID) for names that are too long.
    """
    for name in (event, module):
        check_text(name, LONGEST_PART)
    bundle = types.Bundle(
        format=NEWEST,
        competition=_competition(Kind.SKILLS, wanted),
        events=read_made_up(
            "skills", events=[_event(event, module, start.full, start.rows)]
        ).events,
    )
    return make_draft(bundle, Origin.FILE, of, by)


def _competition(kind: Kind, wanted: Beginnings) -> types.Competition:
    return types.Competition(
        code=wanted.code,
        name=wanted.name,
        kind=kind,
        level=wanted.level or Level.ENTERPRISE,
        year=wanted.year or (wanted.starts.year if wanted.starts else None),
        starts=wanted.starts,
        ends=wanted.ends,
    )


def _rules(read: ReadRules) -> RulesStart:
    if read.rules is None:
        faults = [StartFault(each.why, each.place, each.what, each.sheet) for each in read.problems]
        raise StartError(faults or [StartFault(msg("“指标”和“期次”两页都要有一行"))])
    labour = msgspec.structs.replace(
        read.rules.labour, indicators=tuple(map(_settled, read.rules.labour.indicators))
    )
    problems = [*long_rule_names(labour, [group for _unit, group in read.rules.units])]
    bare = types.Bundle(
        format=NEWEST,
        competition=_competition(Kind.LABOUR, Beginnings(name="X", code="X")),
        labour=labour,
    )
    try:
        read_bundle(write_bundle(bare, "json"))
    except BundleError as error:
        problems += error.problems
    faults = [_at_row(each, read.rows) for each in problems] + _wrong_units(read)
    if faults:
        raise StartError(faults)
    rules = LabourRules(labour, read.rules.departments, read.rules.units)
    return RulesStart(title=read.title, rules=rules, warnings=read.notices)


def _settled(each: Indicator) -> Indicator:
    """Let units assess themselves where a workbook is silent about it."""
    silent = (each.extra or {}).get(SELF_ASSESSED, True) is None
    return msgspec.structs.replace(each, extra=None) if silent else each


def _wrong_units(read: ReadRules) -> list[StartFault]:
    """Find units that stand there twice or are too long, or without a group beside others."""
    assert read.rules is not None
    units = list(zip(read.rows["units"], read.rules.units, strict=True))
    found, seen = [], dict[str, int]()
    for (sheet, number), (name, _group) in units:
        if name in seen:
            why = msg("“%(name)s”在第 %(n)s 行有了", name=name, n=seen[name])
            found.append(StartFault(why, sheet=sheet, row=number))
        if len(name) > LONGEST_PART:
            why = msg("最多 %(most)s 个字", most=LONGEST_PART)
            found.append(StartFault(why, sheet=sheet, row=number))
        seen.setdefault(name, number)
    without = [(*at, name) for at, (name, group) in units if not group]
    if without and len(without) < len(units):
        names = some_of([name for _sheet, _number, name in without])
        why = msg("有的单位写了组，有的没有：%(names)s", names=names)
        found.append(StartFault(why, sheet=without[0][0], row=without[0][1]))
    return found


def _at_row(problem: Problem, rows: Mapping[str, Sequence[tuple[str, int]]]) -> StartFault:
    place = _ROW.search(problem.path)
    if place is not None and place[1] in rows:
        found = rows[place[1]]
        if int(place[2]) < len(found):
            sheet, row = found[int(place[2])]
            return StartFault(problem.message, sheet=sheet, row=row)
    return StartFault(problem.message, path=problem.path)


def _scheme(data: bytes) -> SchemeStart:
    scheme = read_scheme(data)
    rows = [proposed_row(line) for line in scheme.lines]
    where = {"aspects": [(scheme.sheet, row.number) for row in rows]}
    faults = [
        StartFault(why, sheet=scheme.sheet, row=row.number) for row in rows for why in row.problems
    ]
    full = _full(rows)
    draft = ModuleDraft(name="X", aspects=tuple(row.draft for row in rows))
    problems = list(new_module_problems(draft, "stages[0].modules[0]"))
    try:
        (event,) = read_made_up("skills", events=[_event("X", "X", full, rows)]).events
        problems += [*long_names(event), *fine_difficulties(event)]
    except BundleError as error:
        problems += [
            Problem(_EVENT.sub("", each.path, count=1), each.message) for each in error.problems
        ]
    told = {fault.row for fault in faults}
    found = [
        replace(fault, why=in_column(scheme.form, each)) if fault.row else fault
        for each in problems
        for fault in [_at_row(each, where)]
    ]
    # Of a row that cannot be read, and of what it leaves of the rest, nothing more is said.
    faults += [it for it in dict.fromkeys(found) if it.row not in told and (it.row or not told)]
    faults.sort(key=lambda fault: fault.row)
    if faults:
        raise StartError(faults)
    # The sheet's own name stands for the module already.
    heading = scheme.title.removesuffix(scheme.sheet).strip() or scheme.title
    return SchemeStart(
        sheet=scheme.sheet,
        form=scheme.form,
        rows=rows,
        full=full,
        warnings=scheme.warnings,
        title=heading or ("" if _UNNAMED.fullmatch(scheme.sheet.strip()) else scheme.sheet),
        heading=heading,
    )


def _full(rows: Sequence[ProposedRow]) -> str:
    """The sum of the rows; 0 where one is no number, which its row then says."""
    try:
        return plain(
            sum((Decimal(row.draft.max) * Decimal(row.draft.factor) for row in rows), Decimal(0))
        )
    except InvalidOperation:
        return "0"


def _event(name: str, module: str, full: str, rows: Sequence[ProposedRow]) -> dict[str, Any]:
    draft = ModuleDraft(
        name=module, weight="100", full=full, aspects=tuple(row.draft for row in rows)
    )
    return {
        "code": "E1",
        "name": name,
        "stages": [
            {
                "code": "final",
                "name": "决赛",
                "modules": [module_tree(draft, None, "practical", (), set())],
            }
        ],
        "awards": [json.loads(msgspec.json.encode(award)) for award in usual_awards()],
    }
