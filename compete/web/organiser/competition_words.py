"""A competition in words that the desk's pages share: its level, its state, its modules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.aspects.kinds import type_title
from compete.domain.aspects.types import AspectType
from compete.domain.bundle import event_types
from compete.domain.bundle.attempts import with_attempt
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Level
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Competition, Event
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.overview import with_events
from compete.services.competitions.set_up import Part
from compete.services.directory.expert_fields import EXPERT_LEVELS
from compete.services.kernel.clock import local_today
from compete.services.kernel.detail_fields import LEVELS
from compete.services.kernel.event_rules import module_key, module_title, modules_in, rules_of
from compete.services.labour.period_progress import periods_left_in
from compete.services.schedule.drawn_places import DrawnSoFar
from compete.web.language import say
from compete.web.shapes import Chip, Choice
from compete.web.templating import day, plain, state_word
from compete.web.words import heads_in, some_names

TICK_ORDER = (
    SheetState.SIGNED,
    SheetState.SUBMITTED,
    SheetState.COMPLETE,
    SheetState.BEGUN,
    SheetState.RETURNED,
    SheetState.NOT_BEGUN,
)

_CHIP = {
    CompetitionState.REGISTERING: "info",
    CompetitionState.JUDGING: "info",
    CompetitionState.LOCKED: "solid",
    CompetitionState.NOTICE: "warn",
    CompetitionState.FINAL: "ok",
}


def without_place(competition: Competition, draws: DrawnSoFar) -> str:
    """Count who has no place in a module in which there are places; of several, in which."""
    who = heads_in(draws.without_place, competition)
    events = {event.id: event for event in competition.events}
    if len(modules_in(competition)) < 2 or not draws.lacking:
        return who
    titles = [module_title(events[it[0]], *it[1:]) for it in draws.lacking]
    return _("%(who)s（%(modules)s）", who=who, modules=some_names(titles))


def level_word(level: str) -> str:
    """A level in words."""
    return say(LEVELS[Level(level)])


def expert_level_word(level: str) -> str:
    """An expert's level in words; a text of its own stays as it is."""
    return say(EXPERT_LEVELS[level]) if level in EXPERT_LEVELS else level


def with_text(competitions: Sequence[Competition], query: str) -> Sequence[Competition]:
    """Those whose name, code or venue has the text."""
    wanted = query.casefold()
    return [
        it
        for it in competitions
        if any(wanted in text.casefold() for text in (it.name, it.code, it.venue or ""))
    ]


def state_chip(competition: Competition) -> Chip:
    """The competition's state as a chip; of a labour competition, whether it still runs.

    That is over once every period is announced; past its last day it says what is still to do.
    """
    return state_chips_of([competition])[competition.id]


def state_chips_of(competitions: Collection[Competition]) -> Mapping[int, Chip]:
    """The same of each, by its number, in a few statements: for lists."""
    with_periods = [it for it in competitions if competition_kind(it).has_periods]
    left = periods_left_in(with_periods) if with_periods else {}
    early = [it for it in competitions if it.state is CompetitionState.REGISTERING]
    begun = with_events(early) if early else frozenset()
    return {it.id: _chip(it, left.get(it.id), has_events=it.id in begun) for it in competitions}


def _chip(competition: Competition, left: tuple[int, int] | None, *, has_events: bool) -> Chip:
    if is_put_away(competition):
        return Chip(text=_("收起了"), kind="")
    if left is not None:
        return _labour_chip(competition, *left)
    if competition.state is CompetitionState.REGISTERING and not has_events:
        return Chip(text=_("草稿"), kind="")
    return Chip(text=state_word(competition.state), kind=_CHIP[competition.state])


def _labour_chip(competition: Competition, still_open: int, unannounced: int) -> Chip:
    if not unannounced:
        return Chip(text=_("已结束"), kind="ok")
    if competition.ends is None or competition.ends >= local_today():
        return Chip(text=_("进行中"), kind="info")
    if still_open:
        text = ngettext("还有 %(num)s 期没结账", "还有 %(num)s 期没结账", still_open)
    else:
        text = ngettext("还有 %(num)s 期没公布", "还有 %(num)s 期没公布", unannounced)
    return Chip(text=text, kind="warn")


def subtitle_of(competition: Competition) -> list[str]:
    """Level, occupation, days, venue, weights."""
    parts = [level_word(competition.level)]
    events = [rules_of(event) for event in competition.events]
    occupations = [rules.occupation for rules in events if rules.occupation]
    named = [
        _("%(name)s（%(more)s）", name=occupation.name, more=occupation.track)
        if occupation.track
        else occupation.name
        for occupation in occupations
    ]
    if named:
        parts.append(_("、").join(dict.fromkeys(named)))
    if competition.starts:
        dates = [on for on in (competition.starts, competition.ends) if on]
        dated = any(on.year != local_today().year for on in dates)
        first, last = day(dates[0], dated), day(dates[-1], dated)
        days = first if first == last else _("%(first)s至%(last)s", first=first, last=last)
        parts.append(days)
    if competition.venue:
        parts.append(competition.venue)
    # Of several events each has its own: which they are stands with the event.
    if len(events) == 1:
        stages = events[0].stages
        alone = len(stages) == 1
        parts.append(_("，").join(shares_of(stages[0])) if alone else event_shares(events[0]))
    return parts


def shares_of(stage: event_types.Stage, *, named: bool = False) -> list[str]:
    """List the parts of the stage's total, each with its share; a part before lone modules.

    A module's weight within a part is no share of the total: with `named`, the part's
    modules stand behind it by name alone.
    """
    shares = []
    for part in stage.parts:
        share = _share(part)
        inside = _("、").join(
            with_attempt(stage, it.code, it.name) for it in stage.modules if it.part == part.code
        )
        shares.append(
            _("%(name)s（%(modules)s）", name=share, modules=inside) if named and inside else share
        )
    if stage.is_in_points:
        return [
            _("%(name)s %(full)s 分", name=module.name, full=plain(module.full))
            for module in stage.modules
        ]
    return shares + [_share(module) for module in stage.modules if not module.part]


def _share(scored: event_types.Module | event_types.Part) -> str:
    """Name a part with its weight; in an evaluation nothing has one."""
    return f"{scored.name} {plain(scored.weight)}%" if scored.weight else scored.name


def event_shares(event: event_types.Event) -> str:
    """Name each stage's shares, with its name if there are several."""
    if len(event.stages) == 1:
        return _("、").join(shares_of(event.stages[0], named=True))
    shares = {
        stage.name: [*carried(event, stage), *shares_of(stage, named=True)]
        for stage in event.stages
    }
    return _("；").join(
        _("%(what)s：%(detail)s", what=name, detail=_("、").join(parts))
        for name, parts in shares.items()
    )


def carried(event: event_types.Event, stage: event_types.Stage) -> list[str]:
    """List the shares of a total brought from an earlier stage; none if the stage stands alone."""
    if stage.carry is None:
        return []
    before = next(it.name for it in event.stages if it.code == stage.carry.from_)
    return [
        _("%(name)s成绩 × %(factor)s", name=before, factor=plain(stage.carry.weight)),
        _("本赛段成绩 × %(factor)s", factor=plain(stage.carry.own)),
    ]


def module_choices(
    competition: Competition, fits: Callable[[Event, str, str], bool] = lambda *_place: True
) -> list[Choice]:
    """Every module that fits of every event, for a field that asks for one."""
    return [
        Choice(
            value=module_key(event, stage.code, module.code),
            label=module_title(event, stage.code, module.code),
        )
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
        if fits(event, stage.code, module.code)
    ]


def module_names(competition: Competition) -> dict[str, str]:
    """Return the modules' names by event, stage and module code, as `FORK/final/theory`.

    With the event's and the stage's name where `module_title` has them.
    """
    return {
        f"{event.code}/{stage.code}/{module.code}": module_title(event, stage.code, module.code)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    }


def type_words() -> dict[AspectType, str]:
    """Return the names of the types of aspects."""
    return {kind: say(type_title(kind)) for kind in AspectType}


def part_words() -> dict[str, str]:
    """The parts of a set-up by name."""
    return {
        Part.BASICS: _("基本信息"),
        Part.EVENTS: _("赛项和职业"),
        Part.MODULES: _("模块和配分"),
        Part.PANELS: _("裁判组规则"),
        Part.AWARDS: _("设的奖项"),
        Part.GRADES: _("晋升办法"),
        Part.ENTRY: _("报名要求"),
        Part.SCHEDULE: _("日程"),
    }
