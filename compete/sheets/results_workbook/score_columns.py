"""Scores in a table of people: modules, parts and totals of every stage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from compete.domain.aspects.clock_times import clock_time
from compete.domain.bundle.attempts import attempt_flag, attempt_words
from compete.domain.bundle.event_types import Event, Stage
from compete.domain.bundle.naming import module_name, name_in_stage
from compete.domain.bundle.results import AwardRow, EventResults, FinalRow, ModuleResult, StageRow
from compete.domain.bundle.types import Bundle, Entrant, Team
from compete.domain.values.messages import Message, listed, msg

STATUS_WORDS = {
    "incomplete": msg("没评完"),
    "dns": msg("缺考"),
    "dnf": msg("中途退出"),
    "dsq": msg("取消成绩"),
}


def stopped_after(event: Event, row: FinalRow) -> str | None:
    """The name of an entrant's last stage, whose total counts; None if it is the event's last."""
    earlier = (stage.name for stage in event.stages[:-1] if stage.code == row.stage)
    return next(earlier, None)


class Names:
    """People, teams and units of a bundle by code."""

    def __init__(self, bundle: Bundle) -> None:
        self.entrants = {entrant.code: entrant for entrant in bundle.entrants}
        self.members = {
            member.code: member.name
            for known_entrant in bundle.entrants
            for member in known_entrant.members
        }
        self.teams = {team.code: team for team in bundle.teams}
        self._times = bundle.times
        self._units = {unit.code: unit.name for unit in bundle.units}

    def member(self, code: str | None) -> str:
        """A crew member's name with a space behind it; nothing for who is in no crew."""
        return "" if code is None else f"{self.members[code]} "

    def unit(self, code: str) -> str:
        """A unit's name; its code if the bundle doesn't list it."""
        return self._units.get(code, code)

    def team(self, code: str | None) -> str | None:
        """A team's name, or none for no team."""
        return None if code is None else self.teams[code].name

    def person(self, code: str) -> Entrant:
        """The entrant with that code."""
        return self.entrants[code]

    @cached_property
    def times(self) -> dict[tuple[str, str, str], Decimal]:
        """Working times in seconds by entrant, stage and module."""
        return {(t.entrant, t.stage, t.module): t.seconds for t in self._times}

    def time_of(
        self, event: Event, row: FinalRow, by_stage: Mapping[str, Mapping[str, StageRow]]
    ) -> str:
        """The time that parts equals in the last stage, as `7:32.5`; empty where none counts.

        Attempts that do not count are left out. An entrant without rank is parted from nobody:
        like the total, the time then says nothing.
        """
        stage, code = event.stages[-1], timed_module(event)
        last = by_stage.get(stage.code, {}).get(row.entrant)
        if row.rank is None or code is None or last is None:
            return ""
        named = [it.code for it in stage.modules] if code == "all" else code.split("+")
        counted = [
            module.code
            for module in stage.modules
            if module.code in ([code] if code == module.code else named)
            if attempt_flag(stage, last, module.code) is None
        ]
        times = [self.times.get((row.entrant, stage.code, module)) for module in counted]
        known = [seconds for seconds in times if seconds is not None]
        return clock_time(Decimal(sum(known))) if known and len(known) == len(times) else ""

    def team_of(self, code: str) -> Team:
        """The team with that code."""
        return self.teams[code]


def status_word(status: str) -> Message | str:
    """Say why somebody has no rank; nothing for those who have one."""
    return STATUS_WORDS.get(status, "")


def timed_module(event: Event) -> str | None:
    """The module whose time is first among the keys that part equals, or None."""
    keys = (key.partition(":") for key in event.ranking.ties)
    return next((code for kind, _colon, code in keys if kind == "time"), None)


def absent_word(result: ModuleResult) -> Message | None:
    """缺考 or 取消成绩 where a module's 0 means only that; None for a mark that was earned."""
    return next((STATUS_WORDS[flag] for flag in ("dns", "dsq") if flag in result.flags), None)


def points(text: str | None) -> Decimal | None:
    """Points with the places they were published with."""
    return None if text is None else Decimal(text)


def award_names(
    rows: Iterable[AwardRow] | None, named: dict[str, str], field: str
) -> dict[str, list[str]]:
    """The names of awards by the `entrant` or `team` that got them, single items aside."""
    names_of: dict[str, list[str]] = {}
    for row in rows or ():
        code = getattr(row, field)
        if code is not None and row.item is None:
            names_of.setdefault(code, []).append(named[row.award])
    return names_of


def stage_rows(results: EventResults) -> dict[str, dict[str, StageRow]]:
    """Rows by stage and entrant."""
    return {stage.code: {row.entrant: row for row in stage.standings} for stage in results.stages}


def score_titles(event: Event) -> list[Message | str]:
    """Heads of the columns of marks, without the final total."""
    scores: list[Message | str] = []
    for stage in event.stages:
        scores += [module_name(event, stage, module) for module in stage.modules]
        scores += [name_in_stage(event, stage.code, part.name) for part in stage.parts]
        if len(event.stages) > 1:
            scores.append(msg("%(stage)s 总分", stage=stage.name))
    return scores


def score_values(
    event: Event, by_stage: Mapping[str, Mapping[str, StageRow]], entrant: str
) -> list[Decimal | Message | None]:
    """The values under `score_titles`, as many; none where the stage was not reached."""
    values: list[Decimal | Message | None] = []
    for stage in event.stages:
        row = by_stage.get(stage.code, {}).get(entrant)
        for module in stage.modules:
            judged = row.modules.get(module.code) if row else None
            values.append(_of_module(stage, module.code, row, judged) if row and judged else None)
        for part in stage.parts:
            values.append(_of_part(stage, part.code, row) if row else None)
        if len(event.stages) > 1:
            values.append(_of_stage(row) if row else None)
    return values


def _of_module(
    stage: Stage, code: str, row: StageRow, judged: ModuleResult
) -> Decimal | Message | None:
    """The score; the word where it does not count, or means only that somebody was out."""
    return attempt_words(stage, row, code) or absent_word(judged) or points(judged.score)


def _of_stage(row: StageRow) -> Decimal | Message | None:
    """The stage's total; for the absent or disqualified, who have no result, the word."""
    return STATUS_WORDS[row.status] if row.status in ("dns", "dsq") else points(row.total)


def _of_part(stage: Stage, part: str, row: StageRow) -> Decimal | Message | None:
    """The joint score; the word where that is all that each of its modules has."""
    own = [row.modules.get(module.code) for module in stage.modules if module.part == part]
    words = [absent_word(judged) if judged else None for judged in own]
    if words and all(words):
        return words[0]
    return points(row.parts.get(part))


def remark(
    event: Event, final: FinalRow, appealed: Collection[str], tie: Message | None
) -> Message | str:
    """The remark on a person's place.

    Says why there is no rank, where it was over, an appeal that may still change it, what put
    it behind the same total.
    """
    words = status_word(final.status)
    if words:
        return words
    over = [
        msg("止步%(stage)s", stage=stage.name)
        for stage in event.stages[:-1]
        if stage.code == final.stage
    ]
    open_ = [msg("申诉中")] if final.entrant in appealed else []
    return listed([*over, *open_, *([tie] if tie is not None else [])])
