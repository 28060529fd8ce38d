"""Rules problems: what a file may say of rules and a form may not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import type_of
from compete.domain.bundle.problems import Problem
from compete.domain.grades.ladder import LONGEST_RUNG, GradeError, read_ladder
from compete.domain.values.messages import msg
from compete.models import Assignment, Event, db
from compete.services.competitions.module_draft import ModuleDraft
from compete.services.competitions.rules_draft import RulesDraft, draft_of
from compete.services.competitions.stage_draft import StageDraft

LEAST_FOR_DROPPING = 5
"""So many judges there must be before the highest or lowest is left out."""
LEAST_PERCENT = 10
"""A factor of this much or more was meant as percent: the form asks for the weights so."""
_MOST_DIGITS = 9
"""The most digits of a panel's size; on longer ones the file's checks speak."""


def odd_problems(event: Event, draft: RulesDraft) -> list[Problem]:
    """Find names left empty, dropping from too few judges, fewer judges than are assigned, a factor
    that was meant as percent.

    What stands in the rules already and was not touched is let pass.
    """
    definition = draft.base.definition if draft.base else event.rules.definition
    old = draft_of(definition)
    stages = {stage.was: stage for stage in old.stages}
    was = {(stage.was, module.was): module for stage in old.stages for module in stage.modules}
    problems = [] if draft.name else [Problem("name", msg("名称要写"))]
    if (draft.ladder, draft.ladder_name) != (old.ladder, old.ladder_name):
        problems += _wrong_ladder(draft)
    for s, stage in enumerate(draft.stages):
        seats = _seats(event, stage.was)
        if not stage.name:
            problems.append(Problem(f"stages[{s}].name", msg("名称要写")))
        problems += _percent_problems(stage, stages.get(stage.was), f"stages[{s}].carry")
        problems += [
            Problem(f"stages[{s}].parts[{n}].name", msg("名称要写"))
            for n, part in enumerate(stage.parts)
            if not part.name
        ]
        for m, module in enumerate(stage.modules):
            path = f"stages[{s}].modules[{m}]"
            problems += _unnamed(module, path)
            before = was.get((stage.was, module.was))
            if before is None or _panel(before) != _panel(module):
                problems += _panel_problems(module, seats.get(module.was, 0), path)
            problems += _own_problems(module, before, path)
    named = {
        "items": [item.name for item in draft.items],
        "awards": [award.name for award in draft.awards],
    }
    problems += [
        Problem(f"{key}[{n}].name", msg("名称要写"))
        for key, names in named.items()
        for n, name in enumerate(names)
        if not name
    ]
    return problems


def new_module_problems(module: ModuleDraft, path: str) -> Iterator[Problem]:
    """The same of a module that is new, on whose panel nobody sits."""
    yield from _unnamed(module, path)
    yield from _own_problems(module, None, path)


def _wrong_ladder(draft: RulesDraft) -> Iterator[Problem]:
    if len(draft.ladder_name) > LONGEST_RUNG:
        yield Problem("ladder.name", msg("最长 %(most)s 个字", most=LONGEST_RUNG))
    if draft.ladder_name and not draft.ladder:
        yield Problem("ladder", msg("每一级叫什么要写；不用自己的叫法，名称也空着"))
    if draft.ladder:
        try:
            read_ladder(draft.ladder_name, draft.ladder)
        except GradeError as error:
            yield Problem("ladder", error.message)


def _unnamed(module: ModuleDraft, path: str) -> Iterator[Problem]:
    if not module.name:
        yield Problem(f"{path}.name", msg("名称要写"))
    for a, row in enumerate(module.aspects):
        if not row.name:
            yield Problem(f"{path}.aspects[{a}].name", msg("名称要写"))


def _percent_problems(stage: StageDraft, before: StageDraft | None, path: str) -> Iterator[Problem]:
    for key in ("weight", "own"):
        text = getattr(stage, f"carry_{key}")
        whole = text.partition(".")[0].lstrip("0")
        stood_so = before is not None and getattr(before, f"carry_{key}") == text
        if not stood_so and whole.isdecimal() and len(whole) >= len(str(LEAST_PERCENT)):
            fault = msg("这里是倍数：%(n)s 是 %(n)s 倍。百分之几写成 0.4 或者 40%%", n=text)
            yield Problem(f"{path}.{key}", fault)


def _panel(module: ModuleDraft) -> tuple[str, str, str]:
    return module.size, module.drop_high, module.drop_low


def _panel_problems(module: ModuleDraft, seated: int, path: str) -> Iterator[Problem]:
    if not module.size.isdecimal() or len(module.size) > _MOST_DIGITS:
        return
    size = int(module.size)
    for key in ("drop_high", "drop_low"):
        if getattr(module, key) not in ("", "0") and size < LEAST_FOR_DROPPING:
            yield Problem(
                f"{path}.panel.{key}",
                msg(
                    "%(least)s 人起才能去掉最高分、最低分，现在是 %(size)s 人；可以按“取中位数”",
                    least=LEAST_FOR_DROPPING,
                    size=size,
                ),
            )
    if size < seated:
        yield Problem(
            f"{path}.panel.size", msg("已经安排了 %(n)s 名裁判，先在“裁判”里去掉", n=seated)
        )


def _own_problems(module: ModuleDraft, before: ModuleDraft | None, path: str) -> Iterator[Problem]:
    """Find a row's faults by its own fields; what stood so may stay so."""
    stood = {row.was: row for row in before.aspects} if before else {}
    for a, row in enumerate(module.aspects):
        known = stood.get(row.was)
        for field, fault in class_of(type_of(row.type)).form_faults(row.own):
            stood_so = known is not None and (known.type, known.own.get(field)) == (
                row.type,
                row.own.get(field),
            )
            if not stood_so:
                yield Problem(f"{path}.aspects[{a}].{field}", fault)


def _seats(event: Event, stage: str) -> dict[str, int]:
    """The most judges that sit at one station, or everywhere, by module."""
    at: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    query = select(Assignment).where(Assignment.event_id == event.id, Assignment.stage == stage)
    for seat in db.session.scalars(query):
        at[seat.module][seat.station] += 1
    return {
        module: here.get("", 0) + max((n for name, n in here.items() if name), default=0)
        for module, here in at.items()
    }
