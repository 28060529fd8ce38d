"""A flag from period to period: how long a unit has had it, and whether it may keep it for good.

After so many periods in a row (`flag_keep`) people decide, and write the day; the flag of the
next period is a new one, and counting begins again.
"""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.flags import flag_periods
from compete.domain.labour.kept_flags import FlagKeep, flag_keep_of, says_flag_keep
from compete.domain.labour.period_kinds import alike, sorts_of, span_of
from compete.domain.labour.shares import before_of
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, msg
from compete.models import Competition
from compete.services.kernel.competition_settings import FlagDays, settings_of
from compete.services.scoring.live_labour import LabourLive, closed_periods

LEAST_IN_A_ROW = 2
"""One period by itself is no row."""
_NOTHING = FlagDays()


@dataclass(frozen=True, slots=True)
class FlagJourney:
    """The journey of the flags that `live` gives: what was written down of them."""

    live: LabourLive
    days: dict[str, dict[str, FlagDays]]
    keep: FlagKeep | None
    closed: frozenset[str]
    """Nobody decides on a period that is still open."""

    def days_of(self, period: str, unit: str) -> FlagDays:
        """The days it was given, came back, or was left for good; nothing for who has it not."""
        if (period, unit) not in self.live.outcome.flagged:
            return _NOTHING
        return self.days.get(period, {}).get(unit, _NOTHING)

    def after(self, period: str) -> int | None:
        """The number of such periods in a row that it takes to keep it; None if no flag is kept."""
        if self.keep is None or self.keep.of not in self.live.outcome.field.tree.periods:
            return None
        tree = self.live.outcome.field.tree
        periods = alike(tree, self.keep.of, flag_periods(self.live.outcome.field))
        return self.keep.after if period in periods else None

    def running(self, period: str, unit: str) -> int:
        """Count the periods of its kind that a unit has had this flag by now, one after another."""
        outcome, count, at = self.live.outcome, 0, period
        while (at, unit) in outcome.flagged:
            count += 1
            before = before_of(outcome, at)
            if before is None or self.days_of(before, unit).kept is not None:
                break
            at = before
        return count

    def may_keep(self, period: str, unit: str) -> bool:
        """True if a unit has had it long enough to keep it, and nobody has said so yet."""
        after = self.after(period)
        return (
            after is not None
            and period in self.closed
            and self.days_of(period, unit).kept is None
            and self.running(period, unit) >= after
        )

    def running_words(self, period: str, unit: str) -> Message:
        """The words of a run: 连续第 3 季."""
        count = self.running(period, unit)
        match span_of(self.live.outcome.field.tree.periods[period].name):
            case "quarter":
                return msg("连续第 %(n)s 季", n=count)
            case "month":
                return msg("连续第 %(n)s 个月", n=count)
        return msg("连续第 %(n)s 期", n=count)

    def kept_words(self, period: str, unit: str) -> Message | None:
        """Say that it stays for good, or may; None where neither."""
        kept = self.days_of(period, unit).kept
        if kept is not None:
            return msg("%(day)s起永久保留", day=day_words(kept))
        if self.may_keep(period, unit):
            return msg("可以永久保留，由组委会定")
        return None

    def sentence(self, period: str, unit: str) -> Message | None:
        """Say in one sentence for how long, and that it stays; None where it does not stay."""
        words = self.kept_words(period, unit)
        if words is None:
            return None
        return msg("%(running)s，%(stays)s", running=self.running_words(period, unit), stays=words)


def flag_journey(competition: Competition, live: LabourLive) -> FlagJourney:
    """The flag journey of now, or of a version, with what is written down today."""
    settings = settings_of(competition)
    keep = kept_after(competition, live.labour)
    return FlagJourney(live, settings.flag_days, keep, closed_periods(competition))


def kept_after(competition: Competition, labour: Labour) -> FlagKeep | None:
    """The rules on flags that are kept; where they say nothing, the setting of before."""
    if says_flag_keep(labour):
        return flag_keep_of(labour)
    return settings_of(competition).flag_keep


def flag_sorts(live: LabourLive) -> list[list[str]]:
    """The periods in which flags go, by sort; only sorts in which one can come after another."""
    field = live.outcome.field
    sorts = sorts_of(field.tree, flag_periods(field))
    return [sort for sort in sorts if len(sort) >= LEAST_IN_A_ROW]
