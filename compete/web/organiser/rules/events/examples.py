"""The example beside the rules: fields for its marks, and its results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import type_of
from compete.domain.grades.ladder import grade_label
from compete.domain.values.numerals import whole_number
from compete.models import Event
from compete.services.competitions.worked_example import (
    AspectPosition,
    Moved,
    SamplePlace,
    TriedMark,
    WorkedExample,
    WorkedStage,
    earlier_editions,
    rank_anew,
    usual_mark,
    work_example,
    work_standing,
)
from compete.services.kernel.refusal import Refused
from compete.services.rules.rules_draft import (
    RulesDraft,
)
from compete.services.rules.stage_draft import (
    AspectDraft,
)
from compete.web.language import say
from compete.web.organiser.rules.events.ladder_fields import ladder_of_draft
from compete.web.organiser.shapes import WorkedRow
from compete.web.shapes import Choice

ExampleStanding = tuple[Sequence[tuple[int, str]], Sequence[SamplePlace], Mapping[int, str], str]
"""How many rise to which grade, the first of the ten, grades in words, and why somebody stays."""


_FIRST = 5


def example_card(
    event: Event, draft: RulesDraft, tried: Mapping[AspectPosition, TriedMark]
) -> dict[str, Any]:
    """The example with these marks; where there is none, with a usual one."""
    marks = {
        (s, m, a): tried.get((s, m, a)) or usual_mark(row)
        for s, stage in enumerate(draft.stages)
        for m, module in enumerate(stage.modules)
        for a, row in enumerate(module.aspects)
    }
    worked = work_example(event, draft, marks)
    problems = {place: say(message) for place, message in worked.problems.items()}
    return {
        "try_url": url_for("organiser.try_rules", code=event.competition.code, event=event.code),
        "modules": [
            {
                "name": stage.module_names[m],
                "fields": [
                    _field((s, m, a), row, marks[s, m, a], problems.get((s, m, a)))
                    for a, row in enumerate(module.aspects)
                ],
            }
            for s, stage in enumerate(draft.stages)
            for m, module in enumerate(stage.modules)
        ],
        "worked": _view(event, worked),
        "standing": _draft_standing(event, draft),
        "editions": [
            Choice(value=str(it.publication), label=it.name) for it in earlier_editions(event)
        ],
    }


def _draft_standing(event: Event, draft: RulesDraft) -> ExampleStanding | None:
    places = work_standing(event, draft)
    if not places:
        return None
    ladder = ladder_of_draft(draft)
    rising = Counter(it.grade for it in places if it.grade is not None)
    grades = {grade: say(grade_label(grade, ladder)) for grade in sorted(rising)}
    counts = [(rising[grade], _("人升%(grade)s", grade=name)) for grade, name in grades.items()]
    return counts, places[:_FIRST], grades, _why_not_risen(draft, places[:_FIRST], rising)


def _why_not_risen(draft: RulesDraft, first: Sequence[SamplePlace], rising: Collection[int]) -> str:
    """Say why somebody at the top stays, or everybody does; empty where that is no wonder."""
    if not rising:
        nobody = _("样例里谁都不升，看看竞赛级别、组别对不对")
        return nobody if draft.grade_rules else ""
    fails = next((it for it in first if it.grade is None and it.below), None)
    if fails is None:
        return ""
    module, score, least = fails.below[0]
    return _(
        "%(name)s第 %(rank)s 名不升：%(module)s %(score)s，要 %(least)s",
        name=fails.name,
        rank=fails.rank,
        module=module,
        score=score,
        least=least,
    )


def ranked_anew(event: Event, draft: RulesDraft, asked: str) -> tuple[Moved | None, str]:
    """An earlier edition's people by the form's rules, or why they cannot be ranked."""
    try:
        return rank_anew(event, draft, whole_number(asked) or 0), ""
    except Refused as refused:
        return None, say(refused.message)


def _field(
    place: AspectPosition, row: AspectDraft, mark: TriedMark, problem: str | None
) -> dict[str, Any]:
    example = class_of(type_of(row.type)).example(row.own, row.max)
    return {
        "name": "try.stages[{}].modules[{}].aspects[{}]".format(*place),
        "label": row.name,
        "type": row.type,
        "value": mark.values,
        "usual": usual_mark(row).values,
        "note": say(example.note) if example.note else "",
        "options": [Choice(value=value, label=say(label)) for value, label in example.choices],
        "most": example.most if _number(example.most) else "",
        "step": example.step if _number(example.step) else "",
        "best": None if example.best is None else mark.best,
        "problem": problem,
    }


def _number(text: str) -> Decimal | None:
    """A number above 0 that the text is, or None."""
    digits = text.replace(".", "", 1)
    number = Decimal(text) if digits.isascii() and digits.isdecimal() and len(text) < 20 else None
    return number or None


def _view(event: Event, worked: WorkedExample) -> dict[str, Any]:
    differs = any(stage.was is not None for stage in worked.stages)
    differs |= any(it.was is not None for stage in worked.stages for it in stage.modules)
    several = len(worked.stages) > 1
    return {
        "rows": [row for stage in worked.stages for row in _rows(stage, several=several)],
        "differs": differs,
        "version": event.rules.number,
        "steps": [(depth, say(text)) for depth, text in worked.steps],
        "notes": [say(note) for note in worked.notes],
    }


def _rows(stage: WorkedStage, *, several: bool) -> Iterator[WorkedRow]:
    for it in stage.modules:
        parts = {"full": it.full, "weight": it.weight}
        share = (
            _("满分 %(full)s，在“%(part)s”里占 %(weight)s", part=it.part, **parts)
            if it.part
            else _("满分 %(full)s，照打的分算", full=it.full)
            if it.full == it.weight and len(stage.modules) == 1
            else _("满分 %(full)s，权重 %(weight)s%%", **parts)
        )
        now = it.now or "—"
        yield WorkedRow(name=it.name, note=share, was=it.was or "—", now=now, is_total=False)
    yield WorkedRow(
        name=_("%(stage)s总成绩", stage=stage.name) if several else _("总成绩"),
        note="",
        was=stage.was or "—",
        now=stage.now or "—",
        is_total=True,
    )
