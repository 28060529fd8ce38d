"""Checks of an event: its stages, how they are ranked, and what follows from a rank."""

from compete.domain.bundle.checks.amounts import note_above_zero
from compete.domain.bundle.checks.awards import note_awards
from compete.domain.bundle.checks.codes import Codes, note_repeats
from compete.domain.bundle.checks.grades import note_grades
from compete.domain.bundle.checks.items import note_items
from compete.domain.bundle.checks.stages import note_stage
from compete.domain.bundle.checks.ties import Names, note_team_ties, note_ties
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.versions import Version, version_of
from compete.domain.values.kinds import RankStyle
from compete.domain.values.messages import Message, msg


def note_events(bundle: Bundle, problems: Problems) -> None:
    units = Codes(bundle.units)
    for index, event in enumerate(bundle.events):
        if event is not UNREADABLE:
            _note_event(event, units, version_of(bundle), f"events[{index}]", problems)


def _note_event(
    event: Event, units: Codes, version: Version, path: str, problems: Problems
) -> None:
    _note_stages(event, path, problems)
    names = Names(event, version)
    note_ties(event.ranking.ties, names, f"{path}.ranking.ties", problems)
    if event.team_ranking is not None:
        ties = event.team_ranking.ties
        note_team_ties(ties, names, f"{path}.team_ranking.ties", problems)
    _note_unit_ranking(event, f"{path}.unit_ranking", problems)
    note_items(event, names, path, problems)
    if event.scale is not None:
        note_above_zero(event.scale.of, f"{path}.scale.of", problems)
    note_awards(event, path, problems)
    note_grades(event, names, units, f"{path}.grades", problems)


def _note_stages(event: Event, path: str, problems: Problems) -> None:
    note_repeats(event.stages, f"{path}.stages", problems)
    earlier: list[str] = []
    for index, stage in enumerate(event.stages):
        note_stage(stage, earlier, f"{path}.stages[{index}]", problems)
        earlier.append(stage.code)


def _note_unit_ranking(event: Event, path: str, problems: Problems) -> None:
    ranking = event.unit_ranking
    if ranking in (None, UNREADABLE) or UNREADABLE in (ranking.points, ranking.medals):
        return
    if (ranking.points is not None) == ranking.medals:
        problems.add(path, msg("points 和 medals 要写一个，也只能写一个"))
    if ranking.shared is None:
        return
    if ranking.points is None:
        problems.add(f"{path}.shared", msg("按名次给分（points）时才写 shared"))
    elif ranking.averages and event.ranking.style is RankStyle.DENSE:
        problems.add(f"{path}.shared", dense_ranks(event.code))


def dense_ranks(event: str) -> Message:
    """The sentence about points averaged over ranks that nobody fills."""
    return msg(
        "赛项 %(event)s 的名次是连着排的（dense），并列的不占后面的名次，分不能平均",
        event=event,
    )
