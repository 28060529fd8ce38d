"""Conflicts with marks: marked things that other rules would take the meaning from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle import event_types
from compete.domain.bundle.checks.values import accepts, wanted_value
from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.numerals import plain
from compete.models import Event
from compete.services.kernel.event_rules import module_title
from compete.services.rule_changes.impact_on_scores import (
    Marked,
    given_values,
    marked_in,
    most_taken_off,
    ranking_scoring,
    sheet_of,
    stage_scoring,
)


@dataclass(frozen=True, slots=True)
class _Here:
    """A module before and after, with its place in the rules and in words."""

    path: str
    place: tuple[str, str]
    title: str
    before: event_types.Module
    after: event_types.Module


def marks_lost(event: Event, before: event_types.Event, after: event_types.Event) -> list[Problem]:
    """Find why `after` does not fit what was marked by `before`, each with its place in `after`."""
    found = list(_structure(before, after))
    if found:
        return found
    marked = marked_in(event)
    if _is_blind(before) != _is_blind(after):
        found.append(Problem("blind", msg("评分已经开始，盲评不能改")))
    for s, stage in enumerate(after.stages):
        was = next(known for known in before.stages if known.code == stage.code)
        for m, module in enumerate(stage.modules):
            old = next(known for known in was.modules if known.code == module.code)
            here = _Here(
                f"stages[{s}].modules[{m}]",
                (stage.code, module.code),
                module_title(event, stage.code, module.code),
                old,
                module,
            )
            found += _locked(here, marked)
            found += _judges(here, marked)
            found += _aspects(here, marked)
    found += _locked_rounding(event, before, after, marked)
    found += _gone_on(before, after, marked)
    # Values are only compared with aspects that stayed what they were.
    return found or [*_values(event, after), *_penalties(event, after)]


def _structure(before: event_types.Event, after: event_types.Event) -> Iterator[Problem]:
    """Find changes of stages and modules: sheets, draws and the plan hang on them."""
    was = {stage.code: stage for stage in before.stages}
    if list(was) != [stage.code for stage in after.stages]:
        yield Problem("stages", msg("评分已经开始，赛段不能增减，也不能换次序"))
        return
    for s, stage in enumerate(after.stages):
        old = {module.code: module.name for module in was[stage.code].modules}
        new = {module.code for module in stage.modules}
        gone = [name for code, name in old.items() if code not in new]
        if gone:
            what = msg("%(names)s已经有评分表，不能去掉", names=some_of(gone))
            yield Problem(f"stages[{s}].modules", what)
        for m, module in enumerate(stage.modules):
            if module.code not in old:
                why = msg("评分已经开始，不能再加模块：没有人有它的评分表")
                yield Problem(f"stages[{s}].modules[{m}].name", why)


def _locked(here: _Here, marked: Marked) -> Iterator[Problem]:
    if here.place in marked.locked and sheet_of(here.before) != sheet_of(here.after):
        why = msg(
            "“%(module)s”锁着：评分点、满分、裁判怎么合分都不能改，先由两个人解锁",
            module=here.title,
        )
        yield Problem(f"{here.path}.name", why)


def _judges(here: _Here, marked: Marked) -> Iterator[Problem]:
    most = marked.judges.get(here.place, 0)
    if here.after.panel.size < most:
        why = msg("“%(module)s”里有人已经由 %(n)s 名裁判评了", module=here.title, n=most)
        yield Problem(f"{here.path}.panel.size", why)


def _aspects(here: _Here, marked: Marked) -> Iterator[Problem]:
    """Find aspects gone, new or made into something else where there are marks."""
    sheets = marked.of(*here.place)
    old = {aspect.code: aspect for aspect in here.before.aspects}
    new = {aspect.code for aspect in here.after.aspects}
    for code, aspect in old.items():
        if code not in new and sheets.get(code):
            why = msg(
                "“%(module)s”的“%(name)s”已经评了 %(n)s 张，不能去掉",
                module=here.title,
                name=aspect.name,
                n=sheets[code],
            )
            yield Problem(f"{here.path}.aspects", why)
    for a, aspect in enumerate(here.after.aspects):
        path = f"{here.path}.aspects[{a}]"
        if aspect.code not in old:
            if sheets:
                why = msg("“%(module)s”已经评了，不能再加评分点", module=here.title)
                yield Problem(f"{path}.name", why)
        elif sheets.get(aspect.code):
            yield from _remade(path, old[aspect.code], aspect)


def _remade(path: str, old: Aspect, new: Aspect) -> Iterator[Problem]:
    """Find what was marked and would mean something else, whatever it is worth."""

    def told(field: str, why: Message) -> Problem:
        return Problem(f"{path}.{field}", why)

    if old.type is not new.type:
        yield told("type", msg("“%(name)s”已经评了，类型不能改", name=old.name))
        return
    if kind_of(old).is_yes_no != kind_of(new).is_yes_no:
        why = msg("“%(name)s”已经评了，合格不合格和量偏差不能互换", name=old.name)
        yield told("bands", why)
    if kind_of(old).levels != kind_of(new).levels:
        yield told("levels", msg("“%(name)s”已经评了，分几档不能改", name=old.name))
    if old.checks != new.checks:
        yield told("checks", msg("“%(name)s”已经评了，清单的条目不能改", name=old.name))
    if (old.extra or {}).get("unit") != (new.extra or {}).get("unit"):
        yield told("unit", msg("“%(name)s”已经评了，单位不能改", name=old.name))


def _locked_rounding(
    event: Event, before: event_types.Event, after: event_types.Event, marked: Marked
) -> Iterator[Problem]:
    """Find changes of rounding under a lock: it makes the score of every module."""
    titles = [module_title(event, *place) for place in sorted(marked.locked)]
    for key in ("aspect", "module"):
        if titles and getattr(before.rounding, key) != getattr(after.rounding, key):
            why = msg("%(modules)s锁着，小数位数不能改，先由两个人解锁", modules=some_of(titles))
            yield Problem(f"rounding.{key}", why)


def _gone_on(
    before: event_types.Event, after: event_types.Event, marked: Marked
) -> Iterator[Problem]:
    """Find changes of what decided who went on, once the later stage was marked."""
    later = [n for n, stage in enumerate(after.stages) if n and marked.in_stage(stage.code)]
    if not later:
        return
    name = after.stages[later[-1]].name
    for s in range(later[-1]):
        if stage_scoring(before.stages[s]) != stage_scoring(after.stages[s]):
            why = msg(
                "“%(later)s”已经评了，“%(stage)s”的分怎么算、谁晋级不能再改",
                later=name,
                stage=after.stages[s].name,
            )
            yield Problem(f"stages[{s}].name", why)
    if ranking_scoring(before) != ranking_scoring(after):
        why = msg("“%(later)s”已经评了，名次、同分和小数不能再改：晋级是照它定的", later=name)
        yield Problem("ranking.style", why)


def _values(event: Event, after: event_types.Event) -> Iterator[Problem]:
    """Find values that the new rules do not let stand."""
    given = given_values(event)
    for s, stage in enumerate(after.stages):
        for m, module in enumerate(stage.modules):
            for a, aspect in enumerate(module.aspects):
                values = given.get((stage.code, module.code, aspect.code), {})
                kind, fits = kind_of(aspect), accepts(aspect)
                wrong = sum(n for value, n in values.items() if not fits(kind.as_given(value)))
                if wrong:
                    yield Problem(
                        f"stages[{s}].modules[{m}].aspects[{a}].max",
                        msg(
                            "“%(name)s”要 %(wanted)s，已经评的有 %(n)s 张放不进去",
                            name=aspect.name,
                            wanted=wanted_value(aspect),
                            n=wrong,
                        ),
                    )


def _penalties(event: Event, after: event_types.Event) -> Iterator[Problem]:
    """Find points taken off, or proposed to be, that are more than a module can be worth."""
    most = most_taken_off(event)
    for s, stage in enumerate(after.stages):
        for m, module in enumerate(stage.modules):
            taken = most.get((stage.code, module.code))
            if taken is not None and taken > module.full:
                yield Problem(
                    f"stages[{s}].modules[{m}].full",
                    msg(
                        "“%(module)s”有人扣了 %(points)s 分，满分不能比它少，先撤回那份扣罚",
                        module=module_title(event, stage.code, module.code),
                        points=plain(taken),
                    ),
                )


def _is_blind(rules: event_types.Event) -> tuple[object, object]:
    extra = rules.extra or {}
    return bool(extra.get("blind")), extra.get("code_prefix")
