"""The example beside the rules: fields for its marks, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import assert_never

from flask import url_for
from flask_babel import gettext as _

from compete.domain.aspects import AspectType, type_of
from compete.domain.values import listed
from compete.models import Event
from compete.services.competitions import (
    NO,
    YES,
    AspectDraft,
    EarlierPlace,
    Place,
    RulesDraft,
    TriedMark,
    WorkedExample,
    WorkedStage,
    earlier_editions,
    rank_anew,
    usual_mark,
    work_example,
)
from compete.services.kernel import Refused
from compete.web.language import say
from compete.web.organiser.events.shapes import (
    ExampleCard,
    MovedRow,
    MovedView,
    TriedField,
    TriedModule,
    WorkedView,
)
from compete.web.organiser.shapes import Choice, WorkedRow
from compete.web.templating import plain

_SHOWN = 30
"""So many who moved are named."""
_FINEST = "0.5"
"""What a slider gives where marks go down to hundredths."""


def example_card(event: Event, draft: RulesDraft, tried: Mapping[Place, TriedMark]) -> ExampleCard:
    """The example with these marks; where there is none, with a usual one."""
    marks = {
        (s, m, a): tried.get((s, m, a)) or usual_mark(row)
        for s, stage in enumerate(draft.stages)
        for m, module in enumerate(stage.modules)
        for a, row in enumerate(module.aspects)
    }
    worked = work_example(event, draft, marks)
    problems = {place: say(message) for place, message in worked.problems.items()}
    return ExampleCard(
        try_url=url_for("organiser.try_rules", code=event.competition.code, event=event.code),
        modules=[
            TriedModule(
                name=module.name,
                fields=[
                    _field((s, m, a), row, marks[s, m, a], problems.get((s, m, a)))
                    for a, row in enumerate(module.aspects)
                ],
            )
            for s, stage in enumerate(draft.stages)
            for m, module in enumerate(stage.modules)
        ],
        worked=_view(event, worked),
        editions=[
            Choice(value=str(it.publication), label=it.name) for it in earlier_editions(event)
        ],
    )


def moved_view(event: Event, draft: RulesDraft, asked: str) -> MovedView:
    """An earlier edition's people by the form's rules, or why they cannot be ranked."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0
    try:
        moved = rank_anew(event, draft, number)
    except Refused as refused:
        return MovedView(
            title=_("照这样重排"),
            ranks=0,
            awards=0,
            rows=[],
            more=0,
            notes=[],
            problem=say(refused.message),
        )
    return MovedView(
        title=_("%(edition)s %(n)s 人，照这样重排", edition=moved.edition, n=moved.people),
        ranks=moved.ranks,
        awards=moved.awards,
        rows=[
            MovedRow(
                name=person.name,
                ranks=(_rank(person.was), _rank(person.now)),
                awards=(_awards(person.was), _awards(person.now)),
            )
            for person in moved.moved[:_SHOWN]
        ],
        more=max(len(moved.moved) - _SHOWN, 0),
        notes=[say(note) for note in moved.notes],
    )


def _rank(place: EarlierPlace) -> str:
    return _("没有名次") if place.rank is None else _("第 %(n)s", n=place.rank)


def _awards(place: EarlierPlace) -> str:
    return say(listed(place.awards)) if place.awards else _("没有奖")


def _field(place: Place, row: AspectDraft, mark: TriedMark, problem: str | None) -> TriedField:
    options, most, step, note = [], "", "", ""
    match type_of(row.type):
        case AspectType.MEASUREMENT if not row.bands:
            options = [Choice(value=YES, label=_("合格")), Choice(value=NO, label=_("不合格"))]
        case AspectType.MEASUREMENT:
            note = _("偏差")
        case AspectType.JUDGEMENT:
            most = str(len(row.levels.splitlines()) - 1) if row.levels else "3"
            step, note = "1", _("档")
        case AspectType.CHECKLIST:
            most, step, note = str(len(row.checks.splitlines())), "1", _("达到几条")
        case AspectType.DEDUCTION:
            most, step, note = _most_faults(row), "1", _("错几次")
        case AspectType.TIME:
            note = _("秒")
        case AspectType.RELATIVE:
            note = _("本人")
        case AspectType.SCORE:
            most, step, note = row.max, row.step or _FINEST, _("分")
        case other:
            assert_never(other)
    return TriedField(
        name="try.stages[{}].modules[{}].aspects[{}]".format(*place),
        label=row.name,
        type=row.type,
        value=mark.values,
        note=note,
        options=options,
        most=most if _number(most) else "",
        step=step if _number(step) else "",
        best=mark.best if row.type == "relative" else None,
        problem=problem,
    )


def _most_faults(row: AspectDraft) -> str:
    """As many as use the marks up."""
    most, points = _number(row.max), _number(row.points)
    if not most or not points:
        return ""
    return plain((most / points).to_integral_value(ROUND_CEILING))


def _number(text: str) -> Decimal | None:
    """A number above 0 that the text is, or None."""
    digits = text.replace(".", "", 1)
    found = Decimal(text) if digits.isascii() and digits.isdecimal() and len(text) < 20 else None
    return found or None


def _view(event: Event, worked: WorkedExample) -> WorkedView:
    differs = any(stage.was is not None for stage in worked.stages)
    differs |= any(it.was is not None for stage in worked.stages for it in stage.modules)
    several = len(worked.stages) > 1
    return WorkedView(
        rows=[row for stage in worked.stages for row in _rows(stage, several=several)],
        differs=differs,
        version=event.rules.number,
        steps=[(depth, say(text)) for depth, text in worked.steps],
        notes=[say(note) for note in worked.notes],
    )


def _rows(stage: WorkedStage, *, several: bool) -> Iterator[WorkedRow]:
    for it in (*stage.modules, *stage.parts):
        share = (
            _(
                "满分 %(full)s，在“%(part)s”里占 %(weight)s",
                full=it.full,
                part=it.part,
                weight=it.weight,
            )
            if it.part
            else _("满分 %(full)s，权重 %(weight)s%%", full=it.full, weight=it.weight)
        )
        yield WorkedRow(
            name=it.name,
            note=share,
            was=it.was or "—",
            now=it.now or "—",
            is_total=False,
        )
    yield WorkedRow(
        name=_("%(stage)s总成绩", stage=stage.name) if several else _("总成绩"),
        note="",
        was=stage.was or "—",
        now=stage.now or "—",
        is_total=True,
    )
