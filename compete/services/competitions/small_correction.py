"""A correction of a published small contest, worked out before it goes out: whose award changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle, Mark, Outcome
from compete.domain.scoring.scorer import score
from compete.domain.values.kinds import OutcomeStatus
from compete.models import Competition
from compete.services.closing.typed_marks import TypedSheet
from compete.services.competitions.small_contest import with_items
from compete.services.competitions.small_lines import PointLine
from compete.services.kernel.event_rules import rules_of
from compete.services.scoring.bundle_out import export_bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardChange:
    """A person whose award or place is another: names of awards, empty for none."""

    code: str
    name: str
    was_rank: int | None
    now_rank: int | None
    was: str
    now: str

    @property
    def loses(self) -> bool:
        """True if an award is taken away, or becomes another."""
        return bool(self.was) and self.was != self.now


def changes_by_sheets(competition: Competition, rows: Sequence[TypedSheet]) -> list[AwardChange]:
    """List whose award or place changes once these sheets say so; nothing is written."""
    bundle = export_bundle(competition)
    return _changes(competition, bundle, _corrected(bundle, rows))


def changes_by_items(competition: Competition, items: Sequence[PointLine]) -> list[AwardChange]:
    """List whose award or place changes once the items are these; nothing is written."""
    bundle = export_bundle(competition)
    rules = with_items(bundle.events[0], items)
    return _changes(competition, bundle, msgspec.structs.replace(bundle, events=(rules,)))


def _changes(competition: Competition, bundle: Bundle, corrected: Bundle) -> list[AwardChange]:
    before, after = (score(it).events[0] for it in (bundle, corrected))
    names = {award.code: award.name for award in rules_of(competition.events[0]).awards}
    was, now = (_standing(results, names) for results in (before, after))
    nobody = (None, "")
    changes = [
        AwardChange(
            code=entrant.code,
            name=entrant.name,
            was_rank=was.get(entrant.code, nobody)[0],
            now_rank=now.get(entrant.code, nobody)[0],
            was=was.get(entrant.code, nobody)[1],
            now=now.get(entrant.code, nobody)[1],
        )
        for entrant in bundle.entrants
        if was.get(entrant.code, nobody) != now.get(entrant.code, nobody)
    ]
    return sorted(changes, key=lambda it: (not it.loses, it.now_rank is None, it.now_rank or 0))


def _standing(results: EventResults, names: Mapping[str, str]) -> dict[str, tuple[int | None, str]]:
    awards = {row.entrant: names[row.award] for row in results.awards or () if row.entrant}
    return {row.entrant: (row.rank, awards.get(row.entrant, "")) for row in results.standings}


def _corrected(bundle: Bundle, rows: Sequence[TypedSheet]) -> Bundle:
    """The file as it would be: marks of these sheets anew, 缺考 put in or taken back."""
    typed = {(it.sheet.entrant.code, it.sheet.judge.code): it for it in rows}
    away = {code for (code, _judge), it in typed.items() if it.values is None}
    came = {code for (code, _judge), it in typed.items() if it.values is not None} - away
    marks = [mark for mark in bundle.marks if (mark.entrant, mark.judge) not in typed]
    for (code, judge), it in typed.items():
        marks += [
            Mark(
                stage=it.sheet.stage,
                module=it.sheet.module,
                entrant=code,
                judge=judge,
                aspect=aspect,
                value=value,
            )
            for aspect, value in (it.values or {}).items()
        ]
    outcomes = [it for it in bundle.outcomes if it.entrant not in came | away]
    stage = rows[0].sheet.stage if rows else ""
    outcomes += [
        Outcome(stage=stage, entrant=code, status=OutcomeStatus.DNS) for code in sorted(away)
    ]
    return msgspec.structs.replace(bundle, marks=tuple(marks), outcomes=tuple(outcomes))
