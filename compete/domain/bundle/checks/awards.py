"""Checks of awards: how many there are, and for whom."""

from compete.domain.bundle.checks.amounts import note_below_zero
from compete.domain.bundle.checks.codes import note_repeats
from compete.domain.bundle.event_types import Award, Event
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.kinds import AwardScope
from compete.domain.values.messages import msg


def note_awards(event: Event, path: str, problems: Problems) -> None:
    note_repeats(event.awards, f"{path}.awards", problems)
    for index, award in enumerate(event.awards):
        where = f"{path}.awards[{index}]"
        _note_number(award, where, problems)
        note_below_zero(award.within, f"{where}.within", problems)
        _note_scaled(event, award, f"{where}.min_scaled", problems)
        if award.scope == AwardScope.ITEMS:
            _note_for_items(event, award, where, problems)


def _note_number(award: Award, path: str, problems: Problems) -> None:
    note_below_zero(award.ratio, f"{path}.ratio", problems)
    if UNREADABLE not in (award, award.top, award.ratio) and (
        (award.top is None) == (award.ratio is None)
    ):
        problems.add(path, msg("top 和 ratio 要写一个，也只能写一个"))


def _note_for_items(event: Event, award: Award, path: str, problems: Problems) -> None:
    if award.pass_modules:
        problems.add(
            f"{path}.pass_modules", msg("按单项发的奖（scope 是 items）不能写 pass_modules")
        )
    if event.items is not UNREADABLE and not event.items:
        problems.add(f"{path}.scope", msg("这个赛项没有单项（items），奖不能按单项发"))


def _note_scaled(event: Event, award: Award, path: str, problems: Problems) -> None:
    """Note `min_scaled` in an award that is not people's, or without standard scores."""
    if award.min_scaled in (None, UNREADABLE):
        return
    if award.scope not in (AwardScope.ENTRANTS, UNREADABLE):
        problems.add(path, msg("给选手个人的奖才能写 min_scaled"))
    elif event.scale is None:
        problems.add(path, msg("这个赛项没有标准分（scale），奖不能写 min_scaled"))
