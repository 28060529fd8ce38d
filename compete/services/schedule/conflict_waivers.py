"""Conflict waivers: the sentence on record for a judge who sits in spite of a soft 回避."""

from __future__ import annotations

from sqlalchemy import select

from compete.models import AuditEntry, Event, db
from compete.services.schedule.seating import Panels
from compete.services.schedule.settled_panels import seats_subject


def seat_reasons(event: Event, stage: str, module: str) -> dict[tuple[int, str], str]:
    """The reasons given as judges were last put there, by judge and station; "" for none.

    Who comes back by taking a step back sits there by the reason given before.
    """
    rows = db.session.execute(
        select(AuditEntry.before, AuditEntry.after, AuditEntry.reason)
        .where(
            AuditEntry.competition_id == event.competition_id,
            AuditEntry.action == "judges.assign",
            AuditEntry.subject == seats_subject(event, stage, module),
        )
        .order_by(AuditEntry.seq)
    )
    found = {}
    for before, after, reason in rows.tuples():
        stood = {(judge, station) for judge, station in before or ()}
        for judge, station in after or ():
            if (judge, station) not in stood:
                found[judge, station] = reason or ""
    return found


def count_soft(event: Event, stage: str, module: str, panels: Panels) -> tuple[int, int]:
    """Count seats with nothing but soft clashes: how many were explained, and how many not.

    What came to be known after somebody sat down was never explained.
    """
    soft = [
        seat
        for seat in panels.seats
        if panels.clashes.at(*seat) and not panels.clashes.is_hard(*seat)
    ]
    reasons = seat_reasons(event, stage, module) if soft else {}
    explained = sum(bool(reasons.get(seat)) for seat in soft)
    return explained, len(soft) - explained
