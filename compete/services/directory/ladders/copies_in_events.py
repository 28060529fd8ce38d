"""Copies in events: what they took of the table on a day, and how it differs later."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from compete.domain.grades.ladder import NATIONAL, Ladder
from compete.domain.values.messages import Message, msg
from compete.models import (
    Account,
    Competition,
    ConditionEdition,
    Event,
    GradeClaim,
    GradeLadder,
    RuleVersion,
    db,
)
from compete.services.directory.ladders.conditions import CONDITIONS
from compete.services.directory.ladders.fields import ladder_of_row
from compete.services.directory.ladders.table import find_ladders
from compete.services.directory.own_competitions import own_competitions


def ladders_offered() -> Sequence[GradeLadder]:
    """List the ladders an event may take; the national one only where it was corrected here."""
    return [row for row in find_ladders() if not _is_national(ladder_of_row(row))]


def ladder_to_take(key: str) -> Ladder | None:
    """The ladder of a key as the table has it now, closed or not; None for another's."""
    query = select(GradeLadder).where(GradeLadder.key == key)
    row = db.session.scalar(query)
    return ladder_of_row(row) if row is not None else None


def ladder_differs(taken: Ladder) -> Ladder | None:
    """The table's ladder where an event's copy differs; None where it says the same.

    A ladder that an event wrote itself, or that comes from elsewhere, differs from nothing.
    """
    now = ladder_to_take(taken.source) if taken.source else None
    return now if now is not None and now != taken else None


def why_no_new_names(event: Event) -> Message | None:
    """Say why an event cannot take new names by itself any more, or None."""
    if db.session.scalar(select(GradeClaim.id).where(GradeClaim.event_id == event.id).limit(1)):
        return msg("已经有人申请认定等级，照原来的叫法")
    return None


def events_with(row: GradeLadder | ConditionEdition, account: Account) -> list[Event]:
    """The events whose rules in force have a copy of it, of the account's competitions."""
    copied = "ladder" if isinstance(row, GradeLadder) else CONDITIONS
    newest = (
        select(func.max(RuleVersion.number))
        .where(RuleVersion.event_id == Event.id)
        .correlate(Event)
        .scalar_subquery()
    )
    source = RuleVersion.definition["extra"][copied]["id"].as_string()
    query = (
        select(Event)
        .join(RuleVersion, RuleVersion.event_id == Event.id)
        .join(Competition, Competition.id == Event.competition_id)
        .where(RuleVersion.number == newest, source == row.key)
        .where(Competition.id.in_(own_competitions(account)))
    )
    return list(db.session.scalars(query.order_by(Competition.id.desc(), Event.id)))


def _is_national(ladder: Ladder) -> bool:
    return (ladder.name, ladder.rungs) == (NATIONAL.name, NATIONAL.rungs)
