"""Checks of evaluations: lines of pass, conditions, carried marks and re-sits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from compete.domain.bundle.checks.codes import (
    Codes,
    note_reference,
    note_repeats,
    nowhere,
    used_twice,
)
from compete.domain.bundle.evaluation_facts import attempt_of, day_of, line_of, resat_by
from compete.domain.bundle.evaluation_types import Carried, Resit
from compete.domain.bundle.event_types import Event, Module, Part, Stage
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import exact, shortest

_FEWEST_REVIEWERS = 3


def note_evaluations(bundle: Bundle, problems: Problems) -> None:
    for index, event in enumerate(bundle.events):
        _note_event(event, bundle, f"events[{index}]", problems)
    events, entrants = Codes(bundle.events), Codes(bundle.entrants)
    for index, entrant in enumerate(bundle.entrants):
        its = events.by_code.get(entrant.event)
        if its is not None:
            path = f"entrants[{index}]"
            _note_facts(entrant, its, bundle, path, problems)
            _note_carried(entrant, its, bundle, path, problems)
            if entrant.resit is not None:
                _note_resit(entrant.resit, its, bundle, (events, entrants), path, problems)
    _note_twice(bundle, events, entrants, problems)
    _note_carried_over(bundle, events, problems)


def _note_event(event: Event, bundle: Bundle, path: str, problems: Problems) -> None:
    if event.stages is not UNREADABLE and len(event.stages) != 1:
        problems.add(f"{path}.stages", msg("等级认定的赛项只有一个赛段"))
    if day_of(event, bundle.competition) is None:
        problems.add(f"{path}.on", msg("竞赛没有写 starts，这里要写 on：条件看到哪一天为止"))
    note_repeats(event.apply, f"{path}.apply", problems)
    for index, line in enumerate(event.apply):
        when = line.when
        asked = (when.holds, when.years_in_grade, when.years_in_trade, when.min_age, when.papers)
        if when is not UNREADABLE and asked == (None,) * len(asked) and when.groups == ():
            problems.add(f"{path}.apply[{index}].when", msg("至少要写一个条件"))
    for at, stage in enumerate(event.stages):
        _note_stage(stage, f"{path}.stages[{at}]", problems)


def _note_stage(stage: Stage, path: str, problems: Problems) -> None:
    modules = Codes(stage.modules)
    for index, part in enumerate(stage.parts):
        if part.code is not UNREADABLE and part.code in modules.by_code:
            same = [module.code for module in stage.modules].index(part.code)
            where = f"{path}.modules[{same}]"
            problems.add(f"{path}.parts[{index}].code", used_twice(part.code, where))
    for index, module in enumerate(stage.modules):
        where = f"{path}.modules[{index}]"
        if module.part is None and module.weight not in (None, UNREADABLE):
            problems.add(f"{where}.weight", msg("不属于部分的模块不写“weight”：不算总成绩"))
        if module.part is not None and module.weight is None:
            problems.add(f"{where}.weight", msg("少了“%(key)s”", key="weight"))
        if module.review and module.review is not UNREADABLE:
            _note_review(module, f"{where}.panel", problems)


def _note_review(module: Module, path: str, problems: Problems) -> None:
    size, least = module.panel.size, module.panel.min
    if size < _FEWEST_REVIEWERS or size % 2 == 0:
        problems.add(
            f"{path}.size", msg("综合评审的裁判要是单数，至少 %(n)s 位", n=_FEWEST_REVIEWERS)
        )
    if least is not None and (least < size or least > size):
        problems.add(f"{path}.min", msg("综合评审的裁判要到齐：min 要和 size 一样"))


def _note_facts(
    entrant: Entrant, event: Event, bundle: Bundle, path: str, problems: Problems
) -> None:
    """Note a grade or work record dated after the day on which conditions are looked at."""
    day, since, trade = day_of(event, bundle.competition), entrant.grade_since, entrant.trade
    if entrant.grade is None and since not in (None, UNREADABLE):
        problems.add(f"{path}.grade_since", msg("没有等级（grade），就没有取得它的日期"))
    if entrant.grade is not None and event.grade is not None and entrant.grade <= event.grade:
        problems.add(f"{path}.grade", msg("现有等级不低于要认定的等级，不用再认定"))
    too_late = msg("这一天在看条件的那一天（%(day)s）之后", day=str(day))
    if day is not None and since is not None and since > day:
        problems.add(f"{path}.grade_since", too_late)
    if day is not None and trade is not None and trade.at > day:
        problems.add(f"{path}.trade.at", too_late)


def _portable(event: Event) -> Iterator[Module | Part]:
    """Modules without a part and parts, whose marks may be carried; `UNREADABLE` if more may be."""
    unknown: Any = UNREADABLE
    lists: list[Any] = [event.stages]
    for stage in event.stages:
        lists += [stage.modules, stage.parts]
        yield from (module for module in stage.modules if module.part is None)
        yield from stage.parts
        if any(module.part is UNREADABLE for module in stage.modules):
            yield unknown
    if UNREADABLE in lists:
        yield unknown


def _note_carried(
    entrant: Entrant, event: Event, bundle: Bundle, path: str, problems: Problems
) -> None:
    if entrant.carried and event.carry_months is None:
        problems.add(f"{path}.carried", msg("赛项没有写 carry_months，不能带成绩来"))
    known = Codes(_portable(event))
    seen: dict[Any, str] = {}
    for index, carried in enumerate(entrant.carried):
        where = f"{path}.carried[{index}]"
        portable = msg("部分和不属于部分的模块")
        note_reference(carried.of, known, f"{where}.of", portable, problems)
        if carried.of in seen and carried.of is not UNREADABLE:
            problems.add(f"{where}.of", used_twice(carried.of, seen[carried.of]))
        seen.setdefault(carried.of, where)
        scored = known.by_code.get(carried.of)
        if scored is not None:
            _note_mark(carried, scored, event, f"{where}.mark", problems)
        day = day_of(event, bundle.competition)
        if carried.void is None and day is not None and carried.until < day:
            problems.add(
                f"{where}.until", msg("这个成绩留到 %(day)s 为止，已经过了", day=str(carried.until))
            )


def _note_mark(
    carried: Carried, scored: Module | Part, event: Event, path: str, problems: Problems
) -> None:
    mark, places = carried.mark, event.rounding.module
    if UNREADABLE in (mark, places, scored.full, scored.pass_, getattr(scored, "part", None)):
        return
    least = line_of(scored)
    assert least is not None
    if exact(mark) < least or mark > scored.full:
        problems.add(
            path,
            msg(
                "带来的成绩是 %(found)s，应当在合格线 %(least)s 到满分 %(full)s 之间",
                found=plain(mark),
                least=shortest(least),
                full=plain(scored.full),
            ),
        )
    if (exact(mark) * 10**places).denominator != 1:
        problems.add(path, msg("带来的成绩最多 %(n)s 位小数", n=places))


def _note_resit(
    resit: Resit,
    event: Event,
    bundle: Bundle,
    known: tuple[Codes, Codes],
    path: str,
    problems: Problems,
) -> None:
    """Note a re-sit in this competition whose earlier attempt is missing or of another kind."""
    if resit.competition not in (None, bundle.competition.code):
        return
    path, (events, entrants) = f"{path}.resit", known
    note_reference(resit.event, events, f"{path}.event", "events", problems)
    note_reference(resit.entrant, entrants, f"{path}.entrant", "entrants", problems)
    before, whose = events.by_code.get(resit.event), entrants.by_code.get(resit.entrant)
    if before is event:
        problems.add(f"{path}.event", msg("补考要另开一个赛项"))
    elif before is not None and (
        _occupation(before) != _occupation(event) or before.grade != event.grade
    ):
        problems.add(f"{path}.event", msg("补考的职业、工种、等级要和原来的一样"))
    if whose is None:
        return
    if before is not None and whose.event != before.code:
        problems.add(
            f"{path}.entrant", nowhere(resit.entrant, msg("赛项 %(event)s", event=before.code))
        )
    attempt = attempt_of(whose) + 1
    if resit.attempt != attempt:
        problems.add(
            f"{path}.attempt",
            msg("这里是第 %(found)s 次，应当是第 %(n)s 次", found=resit.attempt, n=attempt),
        )


def _occupation(event: Event) -> Any:
    """The code of an occupation and the track within it, to tell occupations apart."""
    occupation = event.occupation
    if occupation in (None, UNREADABLE) or UNREADABLE in (occupation.code, occupation.track):
        return UNREADABLE
    return occupation.code, occupation.track


def _note_twice(bundle: Bundle, events: Codes, entrants: Codes, problems: Problems) -> None:
    """Note people who are tried twice in an occupation without a re-sit."""
    first: dict[Any, list[str]] = {}
    resat: Counter[tuple[Any, str]] = Counter()
    for index, entrant in enumerate(bundle.entrants):
        event = events.by_code.get(entrant.event)
        if entrant.id_number is None or event is None:
            continue
        key = entrant.id_number, _occupation(event)
        if UNREADABLE in (*key, entrant.code):
            continue
        others = first.setdefault(key, [])
        before = {
            former.code for former in resat_by(entrant, entrants.by_code, bundle.competition.code)
        }
        if sum(other in before for other in others) + resat[key, entrant.code] < len(others):
            problems.add(
                f"entrants[{index}].id_number",
                msg("%(other)s 是同一个证件号码、同一个职业；补考的要写 resit", other=others[0]),
            )
        resat.update((key, code) for code in before)
        others.append(entrant.code)


def _note_carried_over(bundle: Bundle, events: Codes, problems: Problems) -> None:
    """Note entries here about what somebody has brought along."""
    brought_by: dict[str, set[str]] = {}
    for entrant in bundle.entrants:
        event = events.by_code.get(entrant.event)
        codes = {carried.of for carried in entrant.carried if carried.void is None}
        if event is not None and codes:
            brought_by[entrant.code] = {
                module.code
                for stage in event.stages
                for module in stage.modules
                if module.code in codes or module.part in codes
            }
    for name in ("marks", "penalties", "outcomes") if brought_by else ():
        for index, entry in enumerate(getattr(bundle, name)):
            if entry.module in brought_by.get(entry.entrant, ()):
                problems.add(
                    f"{name}[{index}].module",
                    msg(
                        "“%(module)s”的成绩是 %(entrant)s 带来的，这里不能再写",
                        module=entry.module,
                        entrant=entry.entrant,
                    ),
                )
