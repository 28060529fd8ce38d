"""Warnings: settings that the format allows, but an organiser rarely means."""

from collections.abc import Iterator

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.checks.aspects import warn_of_aspect
from compete.domain.bundle.event_types import Award, Event, Module, Stage
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.types import Bundle
from compete.domain.values.kinds import AwardScope, Combine
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain

_REVIEWED = (2, 1)
"""Grades for which a panel looks at the whole of somebody's work."""


def note_warnings(bundle: Bundle, warnings: Problems) -> None:
    days = bundle.competition
    if days.starts is not None and days.ends is not None and days.ends < days.starts:
        warnings.add("competition.ends", msg("结束日期早于开始日期"))
    for index, event in enumerate(bundle.events):
        _warn_of_event(event, f"events[{index}]", warnings)
        _warn_of_ties(event, bundle, f"events[{index}].ranking.ties", warnings)
        _warn_of_rounded_equals(event, f"events[{index}].ranking.ties", warnings)


def _warn_of_event(event: Event, path: str, warnings: Problems) -> None:
    for index, stage in enumerate(event.stages):
        is_judged = event.verdict is not None
        _warn_of_stage(stage, f"{path}.stages[{index}]", warnings, is_judged=is_judged)
        if event.grade in _REVIEWED and not any(module.review for module in stage.modules):
            warnings.add(path, msg("技师、高级技师的认定一般有综合评审（review），这里没有"))
    if event.stages[-1].advance is not None:
        last = len(event.stages) - 1
        warnings.add(
            f"{path}.stages[{last}].advance", msg("最后一个赛段之后没有赛段，advance 不起作用")
        )
    for index, award in enumerate(event.awards):
        _warn_of_award(event, award, f"{path}.awards[{index}]", warnings)


def _warn_of_ties(event: Event, bundle: Bundle, path: str, warnings: Problems) -> None:
    """Warn of tie keys by times that no aspect takes and that no file brought."""
    by_time = [
        (index, key.removeprefix("time:"))
        for index, key in enumerate(event.ranking.ties)
        if key.startswith("time:")
    ]
    if not by_time:
        return
    people = {entrant.code for entrant in bundle.entrants if entrant.event == event.code}
    brought = {time.module for time in bundle.times if time.entrant in people}
    modules = [module for stage in event.stages for module in stage.modules]
    for index, code in by_time:
        named = [module for module in modules if module.code == code]
        timed = any(
            kind_of(aspect).reckoning is Reckoning.TIME
            for module in named
            for aspect in module.aspects
        )
        if named and not timed and code not in brought:
            warnings.add(
                f"{path}[{index}]",
                msg(
                    "同分比“%(module)s”的用时，但它没有计时的评分点：平板上没有秒表，"
                    "用时只能随竞赛文件来",
                    module=named[0].name,
                ),
            )


def rounded_equals(event: Event) -> Iterator[tuple[Module, Aspect]]:
    """Modules reckoned against the best, where nearly equal quantities become equal once rounded.

    Each comes with the aspect that should part its equals, since no tie key parts them.
    """
    ties = set(event.ranking.ties)
    for module in (module for stage in event.stages for module in stage.modules):
        raced = [
            aspect for aspect in module.aspects if kind_of(aspect).reckoning is Reckoning.FIELD
        ]
        parted = {"time:all", f"time:{module.code}"}
        parted |= {key for key in ties if module.code in key.removeprefix("time:").split("+")}
        for aspect in raced:
            parted |= {f"aspect:{aspect.code}", f"criterion:{aspect.criterion}"}
        if raced and module.weight and not parted & ties:
            yield module, raced[0]


def _warn_of_rounded_equals(event: Event, path: str, warnings: Problems) -> None:
    for module, aspect in rounded_equals(event):
        warnings.add(
            path,
            msg(
                "模块“%(module)s”和最好的比：差得很少的，取整以后同分。"
                "同分再比 aspect:%(aspect)s（不取整的得分）或 time:%(code)s（用时）才分得开",
                module=module.name,
                aspect=aspect.code,
                code=module.code,
            ),
        )


def _warn_of_stage(stage: Stage, path: str, warnings: Problems, *, is_judged: bool) -> None:
    """Warn of odd weights, where totals count (in no evaluation), and of the modules."""
    if not is_judged and stage.odd_weight is not None:
        total = plain(stage.odd_weight)
        warnings.add(path, msg("各部分和模块的权重合计 %(sum)s，不是 100", sum=total))
    for index, module in enumerate(stage.modules):
        _warn_of_module(module, f"{path}.modules[{index}]", warnings)


def _warn_of_module(module: Module, path: str, warnings: Problems) -> None:
    panel = module.panel
    if panel.combine != Combine.TRIMMED_MEAN and (panel.drop_high or panel.drop_low):
        warnings.add(
            f"{path}.panel", msg("combine 不是 trimmed_mean，drop_high 和 drop_low 不起作用")
        )
    for index, aspect in enumerate(module.aspects):
        warn_of_aspect(aspect, f"{path}.aspects[{index}]", warnings)


def _warn_of_award(event: Event, award: Award, path: str, warnings: Problems) -> None:
    if award.scope == AwardScope.TEAMS and event.team_ranking is None:
        warnings.add(f"{path}.scope", msg("这个赛项不排团体名次（team_ranking），这个奖发不出去"))
