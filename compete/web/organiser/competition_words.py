"""A competition in words that the desk's pages share: its level, its state, its modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from flask_babel import gettext as _

from compete.domain.values import CompetitionState, SheetState
from compete.models import Competition, Event
from compete.services.competitions import is_put_away
from compete.services.kernel import local_today, module_title, rules_of
from compete.web.organiser.shapes import Chip, Choice
from compete.web.templating import day, plain, state_word

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


def level_word(level: str) -> str:
    """A level in words."""
    return {
        "national-1": _("国家级一类"),
        "national-2": _("国家级二类"),
        "provincial-1": _("省级一类"),
        "provincial-2": _("省级二类"),
        "municipal": _("市级"),
        "industry": _("行业级"),
        "enterprise": _("企业级"),
    }[level]


def state_chip(competition: Competition) -> Chip:
    """The competition's state as a chip; of a labour competition, whether it still runs."""
    if is_put_away(competition):
        return Chip(text=_("收起了"), kind="")
    if competition.kind == "labour":
        over = competition.ends is not None and competition.ends < local_today()
        return Chip(text=_("已结束") if over else _("进行中"), kind="ok" if over else "info")
    if competition.state is CompetitionState.REGISTERING and not competition.events:
        return Chip(text=_("草稿"), kind="")
    return Chip(text=state_word(competition.state), kind=_CHIP[competition.state])


def subtitle_of(competition: Competition) -> list[str]:
    """Level, occupation, days, venue, weights."""
    parts = [level_word(competition.level)]
    events = [rules_of(event) for event in competition.events]
    occupations = [rules.occupation for rules in events if rules.occupation]
    named = [
        occupation.name + (f"（{occupation.track}）" if occupation.track else "")
        for occupation in occupations
    ]
    if named:
        parts.append(_("、").join(dict.fromkeys(named)))
    if competition.starts:
        days = day(competition.starts)
        if competition.ends and competition.ends != competition.starts:
            days = _("%(first)s至%(last)s", first=days, last=day(competition.ends))
        parts.append(days)
    if competition.venue:
        parts.append(competition.venue)
    # Of several events each has its own: which they are stands with the event.
    if len(events) == 1:
        stage = events[0].stages[-1]
        shares = [(part.name, part.weight) for part in stage.parts]
        shares += [(module.name, module.weight) for module in stage.modules if not module.part]
        parts.append(_("，").join(f"{name} {plain(weight)}%" for name, weight in shares))
    return parts


def module_choices(
    competition: Competition, fits: Callable[[Event, str, str], bool] = lambda *_place: True
) -> list[Choice]:
    """Every module that fits of every event, for a field that asks for one."""
    return [
        Choice(
            value=f"{event.code}|{stage.code}|{module.code}",
            label=module_title(event, stage.code, module.code),
        )
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
        if fits(event, stage.code, module.code)
    ]


def module_names(competition: Competition) -> dict[str, str]:
    """By event, stage and module code, as `FORK/final/theory`, what the module is called.

    With the stage's and the event's name where more than one bears the name.
    """
    places = [
        (event, stage, module)
        for event in competition.events
        for stage in rules_of(event).stages
        for module in stage.modules
    ]
    count = Counter(module.name for _event, _stage, module in places)
    return {
        f"{event.code}/{stage.code}/{module.code}": module.name
        if count[module.name] == 1
        else f"{event.name} {stage.name} {module.name}"
        for event, stage, module in places
    }
