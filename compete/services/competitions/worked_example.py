"""Worked example: a made-up contestant's marks under a draft of rules, beside those in force.

The bundle is a file like any other: its reader says which values an aspect does not take, the
domain's scorer works the total out and its explanation says how. What has no part in a total
(awards, ties, grades) is left out, so that a mistake there keeps nobody from trying, and
nothing is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compete.domain.aspects.form_fields import NO, YES
from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType, type_of
from compete.domain.explanation.steps import StepKind, every_step
from compete.domain.explanation.tree import explain_entrant
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text, plain
from compete.models import Event
from compete.services.competitions.made_up_files import TriedRefusedError, read_tried, typed_text
from compete.services.competitions.module_draft import AspectDraft
from compete.services.competitions.rules_draft import RulesDraft, tree_of

MOST_JUDGES = 99
Place = tuple[int, int, int]
"""Stage, module and aspect, as a draft counts them."""
_Codes = tuple[str, str, str]
_WHO, _BEST = "X", "Y"
_PARTS = re.compile(r"[\s，、,;；/]+")
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?", re.ASCII)
_LEFT_OUT = (StepKind.RANK, StepKind.ADVANCE)


@dataclass(frozen=True, slots=True)
class TriedMark:
    """Judges' values to try: one, or each their own; and the best of the others."""

    values: str = ""
    best: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedModule:
    """A module's or a part's score under the rules in force and the draft; None for none."""

    name: str
    full: str
    weight: str
    part: str = ""
    """The name of the part within which a module's weight counts."""
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedStage:
    """A stage's modules, its parts and its total."""

    name: str
    modules: Sequence[WorkedModule]
    parts: Sequence[WorkedModule]
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedExample:
    """The result of the marks. `problems` are of values, by their place."""

    stages: Sequence[WorkedStage] = ()
    steps: Sequence[tuple[int, Message]] = ()
    """The steps to it, each sentence with how deep it stands."""
    problems: Mapping[Place, Message] = field(default_factory=dict)
    notes: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class _Scored:
    totals: Mapping[str, str | None]
    modules: Mapping[tuple[str, str], str | None]
    parts: Mapping[tuple[str, str], str | None]
    steps: Sequence[tuple[int, Message]] = ()


def usual_mark(aspect: AspectDraft) -> TriedMark:
    """A middling value of the aspect, to begin with; nothing where the row is not filled yet."""
    if _decimal(aspect.max) is None:
        return TriedMark()
    example = class_of(type_of(aspect.type)).example(aspect.own, aspect.max)
    return TriedMark(example.value, example.best or "")


def work_example(
    event: Event, draft: RulesDraft, tried: Mapping[Place, TriedMark]
) -> WorkedExample:
    """The example under the draft, and under the rules in force where they are other ones."""
    definition = event.rules.definition
    tree = tree_of(draft, definition)
    notes = list(_fill_up(tree))
    places = _places(draft, tree)
    marks = {places[place]: mark for place, mark in tried.items() if place in places}
    try:
        now = _score(tree, marks, event.competition.format)
    except TriedRefusedError as refused:
        back = {codes: place for place, codes in places.items()}
        of_values = {back[codes]: _beside_the_field(it) for codes, it in refused.values.items()}
        if refused.others:
            notes = [msg("规则还有 %(n)s 处要改，改好了才能试算", n=refused.others)]
        return WorkedExample(problems=of_values, notes=notes)
    before = dict(definition)
    list(_fill_up(before))
    was = None if tree == before else _in_force(event, draft, tried, before)
    return WorkedExample(stages=list(_stages(tree, was, now)), steps=now.steps, notes=notes)


def _in_force(
    event: Event, draft: RulesDraft, tried: Mapping[Place, TriedMark], tree: Mapping[str, Any]
) -> _Scored | None:
    """The same marks under the rules in force; None where they do not take them."""
    marks = {}
    for (s, m, a), mark in tried.items():
        stage = draft.stages[s]
        module = stage.modules[m]
        marks[stage.was, module.was, module.aspects[a].was] = mark
    known = {
        (stage["code"], module["code"], aspect["code"])
        for stage in tree["stages"]
        for module in stage["modules"]
        for aspect in module["aspects"]
    }
    try:
        known_marks = {codes: mark for codes, mark in marks.items() if codes in known}
        return _score(tree, known_marks, event.competition.format)
    except TriedRefusedError:
        return None


def _stages(tree: Mapping[str, Any], was: _Scored | None, now: _Scored) -> Iterator[WorkedStage]:
    for stage in tree["stages"]:
        code = stage["code"]
        parts = {part["code"]: part for part in stage.get("parts") or ()}
        yield WorkedStage(
            name=stage["name"],
            modules=[
                WorkedModule(
                    name=module["name"],
                    full=str(module["full"]),
                    weight=plain(Decimal(module["weight"])),
                    part=parts[module["part"]]["name"] if module.get("part") in parts else "",
                    was=was.modules.get((code, module["code"])) if was else None,
                    now=now.modules.get((code, module["code"])),
                )
                for module in stage["modules"]
            ],
            parts=[
                WorkedModule(
                    name=part["name"],
                    full=str(part["full"]),
                    weight=plain(Decimal(part["weight"])),
                    was=was.parts.get((code, part["code"])) if was else None,
                    now=now.parts.get((code, part["code"])),
                )
                for part in parts.values()
            ],
            was=was.totals.get(code) if was else None,
            now=now.totals.get(code),
        )


def _places(draft: RulesDraft, tree: Mapping[str, Any]) -> dict[Place, _Codes]:
    """The codes under which the tree has what the draft counts."""
    return {
        (s, m, a): (stage["code"], module["code"], module["aspects"][a]["code"])
        for s, stage in enumerate(tree["stages"])
        for m, module in enumerate(stage["modules"])
        for a in range(len(draft.stages[s].modules[m].aspects))
    }


def _fill_up(tree: dict[str, Any]) -> Iterator[Message]:
    """Make the tree one that can be tried; what had to be assumed for it."""
    stages = []
    for stage in tree["stages"]:
        modules = []
        for module in stage["modules"]:
            total = _full_of(module)
            if total is not None and total != _decimal(str(module["full"])):
                yield msg(
                    "“%(module)s”的配分加起来是 %(sum)s，先当满分是它",
                    module=module["name"],
                    sum=plain(total),
                )
            aspects = [
                {**aspect, "name": aspect["name"] or aspect["code"]} for aspect in module["aspects"]
            ]
            filled = {**module, "name": module["name"] or module["code"], "aspects": aspects}
            filled["full"] = module["full"] if total is None else plain(total)
            filled.pop("pass", None)
            modules.append(filled)
        kept = {key: it for key, it in stage.items() if key not in ("advance", "parts")}
        kept["name"] = stage["name"] or stage["code"]
        if stage.get("parts"):
            kept["parts"] = [
                {key: it for key, it in part.items() if key != "pass"}
                | {"name": part["name"] or part["code"]}
                for part in stage["parts"]
            ]
        stages.append({**kept, "modules": modules})
    kept = {key: tree[key] for key in ("code", "rounding") if key in tree}
    tree.clear()
    tree |= {**kept, "name": "X", "stages": stages}


def _full_of(module: Mapping[str, Any]) -> Decimal | None:
    total = Decimal(0)
    for aspect in module["aspects"]:
        most, factor = _decimal(str(aspect["max"])), _decimal(str(aspect.get("factor", "1")))
        if most is None or factor is None:
            return None
        total += most * factor
    panel = module.get("panel") or {}
    if panel.get("combine") == "sum":
        size = panel.get("size", 1)
        total *= size if isinstance(size, int) else 1
    return total


def _score(tree: Mapping[str, Any], marks: Mapping[_Codes, TriedMark], version: str) -> _Scored:
    rows, owners, wrong = _rows(tree, marks)
    if wrong:
        raise TriedRefusedError(wrong)
    judges = [str(n) for n in range(1, MOST_JUDGES + 1)]
    bundle = read_tried(
        "marks",
        owners,
        "skills",
        version=version,
        units=[{"code": "U", "name": "U"}],
        judges=[{"code": code, "name": code} for code in judges],
        entrants=[
            {"code": code, "name": code, "event": tree["code"], "unit": "U"}
            for code in (_WHO, _BEST)
        ],
        events=[tree],
        marks=rows,
    )
    scorer = Scorer(bundle)
    totals, modules, parts = {}, {}, {}
    for stage in scorer.results.events[0].stages:
        for row_of in stage.standings:
            if row_of.entrant == _WHO:
                totals[stage.code] = row_of.total
                for code, module in row_of.modules.items():
                    modules[stage.code, code] = module.score
                for code, score in row_of.parts.items():
                    parts[stage.code, code] = score
    steps = [
        (depth - 1, step.text)
        for depth, step in every_step(explain_entrant(scorer, _WHO).steps)
        if depth > 0 and step.kind not in _LEFT_OUT
    ]
    return _Scored(totals, modules, parts, steps)


def _beside_the_field(problem: Message) -> Message:
    """The reader names judge, entrant and aspect by codes that nobody but this file gave."""
    wanted = problem.params.get("wanted")
    return problem if wanted is None else msg("应当是%(wanted)s", wanted=wanted)


def _rows(
    tree: Mapping[str, Any], marks: Mapping[_Codes, TriedMark]
) -> tuple[list[dict[str, Any]], list[_Codes], dict[_Codes, Message]]:
    """The marks as a file has them, whose value each is, and what is no value at all."""
    rows: list[dict[str, Any]] = []
    owners: list[_Codes] = []
    wrong: dict[_Codes, Message] = {}
    for stage in tree["stages"]:
        for module in stage["modules"]:
            size = (module.get("panel") or {}).get("size", 1)
            judges = min(size, MOST_JUDGES) if isinstance(size, int) else 1
            for aspect in module["aspects"]:
                codes = (stage["code"], module["code"], aspect["code"])
                mark = marks.get(codes, TriedMark())
                difficulty = _tried_difficulty(aspect)
                for who, text, count in ((_WHO, mark.values, judges), (_BEST, mark.best, 1)):
                    values = _values(text)
                    if values is None or len(values) > count:
                        wrong[codes] = (
                            msg("“%(text)s”不是数", text=text)
                            if values is None
                            else msg("只有 %(n)s 名裁判", n=count)
                        )
                        continue
                    for judge, value in enumerate(_of_each(values, count), start=1):
                        owners.append(codes)
                        rows.append(
                            {
                                "stage": codes[0],
                                "module": codes[1],
                                "entrant": who,
                                "judge": str(judge),
                                "aspect": codes[2],
                                "value": value,
                                **difficulty,
                            }
                        )
    return rows, owners, wrong


def _tried_difficulty(aspect: Mapping[str, Any]) -> dict[str, str]:
    """The greatest difficulty, which makes full marks; none where the aspect has none."""
    offered = [it for it in aspect.get("difficulties") or () if number_in_text(it) is not None]
    if aspect["type"] != AspectType.FACTORED or not offered:
        return {}
    return {"difficulty": max(offered, key=Decimal)}


def _of_each(values: Sequence[str | bool], count: int) -> list[str | bool]:
    """A value for each judge: those that were not written give what the last one gave."""
    return [*values, *[values[-1]] * (count - len(values))] if values else []


def _values(text: str) -> list[str | bool] | None:
    """The values that a field says; None where one of them is no value."""
    found: list[str | bool] = []
    for part in _PARTS.split(typed_text(text)):
        if part in (YES, NO):
            found.append(part == YES)
        elif _NUMBER.fullmatch(part):
            found.append(part)
        elif part:
            return None
    return found


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None
