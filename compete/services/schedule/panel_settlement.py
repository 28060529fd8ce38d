"""Panel settlement (定下来) by an organiser and the chief judge; and the changes since then.

Nothing waits for it. Once they are settled, every change of a seat wants a reason and is
listed beside them.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import or_, select

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Entrant, Event, db, utc_now
from compete.services.accounts.second_persons import SecondWord
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import SettledPanels, change_settings, settings_of
from compete.services.kernel.event_rules import module_key, module_title, modules_in
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.seating import Panels, panels_in
from compete.services.schedule.settled_panels import (
    claim_seating,
    panels_settled,
    replaced_at,
    seats_subject,
    settled_at,
)

_MOST_CHANGES = 200
_SEATS = ("judges.assign", "judges.undo")
_DRAWS = ("draw.end", "draw.void", "draw.result", "draw.paper")
"""After another draw the same judges meet other people."""


def asked_panels(
    event: Event, stage: str, module: str, panels: Panels | None = None
) -> SettledPanels | None:
    """The panels that wait for the chief judge; None also if seats or who comes changed since.

    `panels` are the module's, for whoever has worked them out already.
    """
    settlement = settings_of(event.competition).panels.get(module_key(event, stage, module))
    if settlement is None or settlement.agreed_at is not None or settlement.event != event.id:
        return None
    panels = panels or panels_in(event, stage, module)
    return settlement if settlement.mark == panels.mark else None


def waiting_panels(competition: Competition) -> list[tuple[tuple[Event, str, str], SettledPanels]]:
    """List every module whose panels wait for the chief judge."""
    kept = settings_of(competition).panels
    places = modules_in(competition) if kept else ()
    asked = ((place, asked_panels(*place)) for place in places if module_key(*place) in kept)
    return [(place, settlement) for place, settlement in asked if settlement is not None]


def why_not_settled(event: Event, panels: Panels) -> list[Message]:
    """List what these panels lack before anybody may ask for them to be settled."""
    lacks: list[Message] = []
    empty = sum(panels.empty_at(station) for station in panels.stations)
    hard = sum(panels.clashes.is_hard(judge, station) for judge, station in panels.seats)
    if empty:
        lacks.append(msg("还差 %(n)s 席", n=empty))
    if hard:
        lacks.append(msg("必须回避 %(n)s 处", n=hard))
    if not any(judge.role is Role.CHIEF for judge in event.competition.judges):
        lacks.append(msg("还没有裁判长"))
    return lacks


def ask_settled(event: Event, stage: str, module: str, seen: str, by: Account) -> None:
    """Ask the chief judge to settle the panels as they were seen.

    Raises `Refused` (CONFLICT) while they lack something, are settled or asked for already, or
    are others than `seen` says.
    """
    with unit_of_work():
        claim_seating(event.competition)
        panels = panels_in(event, stage, module)
        if panels_settled(event, stage, module) is not None:
            raise Refused(msg("分工已经定下来了"))
        if asked_panels(event, stage, module, panels) is not None:
            raise Refused(msg("已经提了，等裁判长点头"))
        _require_complete(event, panels, seen)
        settlement = SettledPanels(event=event.id, by=by.id, at=utc_now(), mark=panels.mark)
        _note((event, stage, module), settlement, panels, by, "panels.ask")


def agree_settled(event: Event, stage: str, module: str, seen: str, by: Account) -> None:
    """The chief judge, another person than who asked: the panels are settled.

    Raises `Refused` (CONFLICT) where nothing waits, the panels are others than were asked for
    or must not sit so any more (declared since), and as the second word does.
    """
    with unit_of_work():
        competition = claim_seating(event.competition)
        settlement, panels = _waiting(event, stage, module)
        panels_word(competition, settlement).require(by)
        _require_complete(event, panels, seen)
        agreed = msgspec.structs.replace(settlement, agreed_by=by.id, agreed_at=utc_now())
        _note((event, stage, module), agreed, panels, by, "panels.settle")


def refuse_settled(event: Event, stage: str, module: str, reason: str, by: Account) -> None:
    """The chief judge does not agree, and says why. Raises `Refused` as `agree_settled` does."""
    reason = reason_text(reason, msg("不同意要写理由"))
    with unit_of_work():
        competition = claim_seating(event.competition)
        settlement, panels = _waiting(event, stage, module)
        panels_word(competition, settlement).require(by)
        _note((event, stage, module), None, panels, by, "panels.refuse", reason)


def drop_settled(event: Event, stage: str, module: str, by: Account) -> None:
    """Take back what was asked, before the chief judge said a word."""
    with unit_of_work():
        claim_seating(event.competition)
        _said, panels = _waiting(event, stage, module)
        _note((event, stage, module), None, panels, by, "panels.keep")


def asker_name(settlement: SettledPanels) -> str:
    """The name of who wants them settled."""
    return db.session.get_one(Account, settlement.by).name


def panels_word(competition: Competition, settlement: SettledPanels) -> SecondWord:
    """The conditions of agreeing to them: a chief judge."""
    return SecondWord(competition, settlement.by, right=Right.RULE)


def last_refusal(event: Event, stage: str, module: str) -> AuditEntry | None:
    """The chief judge's last refusal, if nobody has asked or agreed since; else None."""
    last = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.competition_id == event.competition_id,
            AuditEntry.action.in_(("panels.ask", "panels.settle", "panels.refuse")),
            AuditEntry.subject == seats_subject(event, stage, module),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return last if last is not None and last.action == "panels.refuse" else None


def changed_since(event: Event, stage: str, module: str, panels: Panels) -> Sequence[AuditEntry]:
    """List records of what changed after they were settled, newest first.

    Seats, judges who were replaced, and who comes to the stations: drawn anew, or moved.
    """
    settled = settled_at(event, stage, module)
    if settled is None:
        return []
    sitting = {judge.code for judge in panels.judges}
    people = select(Entrant.code).where(Entrant.event_id == event.id, takes_part())
    title = module_title(event, stage, module)
    subject = seats_subject(event, stage, module)
    rows = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.competition_id == event.competition_id,
            AuditEntry.seq > settled,
            or_(
                AuditEntry.action.in_((*_SEATS, *_DRAWS)) & (AuditEntry.subject == subject),
                AuditEntry.action == "judge.replace",
                (AuditEntry.action == "entrant.move") & AuditEntry.subject.in_(people),
            ),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(_MOST_CHANGES)
    ).all()
    return [
        row
        for row in rows
        if (
            row.action != "judge.replace"
            or (
                _record_word(row, "judge") in sitting
                and subject in (replaced_at(row.after) or (subject,))
            )
        )
        and (row.action != "entrant.move" or _record_word(row, "module") == title)
    ]


def _record_word(row: AuditEntry, what: str) -> str:
    return str(row.after.get(what, "")) if isinstance(row.after, dict) else ""


def _waiting(event: Event, stage: str, module: str) -> tuple[SettledPanels, Panels]:
    if panels_settled(event, stage, module) is not None:
        raise Refused(msg("分工已经定下来了"))
    panels = panels_in(event, stage, module)
    settlement = asked_panels(event, stage, module, panels)
    if settlement is None:
        raise Refused(msg("没有等你点头的分工：收回了，或者提了以后又改过"))
    return settlement, panels


def _require_complete(event: Event, panels: Panels, seen: str) -> None:
    """Return if these are the panels that were `seen`, and lack nothing; else `Refused`."""
    if panels.mark != seen:
        raise Refused(msg("分工或工位刚改过，看一看现在的样子再定"))
    if lacks := why_not_settled(event, panels):
        raise Refused(msg("还不能定下来：%(what)s", what=lacks[0]))


def _note(
    place: tuple[Event, str, str],
    settlement: SettledPanels | None,
    panels: Panels,
    by: Account,
    action: str,
    reason: str | None = None,
) -> None:
    """Keep what was said of the module's panels, on record; None: nothing stands."""
    competition = place[0].competition
    kept = dict(settings_of(competition).panels)
    kept.pop(module_key(*place), None)
    change_settings(
        competition,
        panels=kept | ({module_key(*place): settlement} if settlement is not None else {}),
    )
    after = {"seats": sorted(panels.seats), "mark": panels.mark}
    audit.record(competition, by, action, seats_subject(*place), after=after, reason=reason)


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
    reasons = {}
    for before, after, reason in rows.tuples():
        stood = {(judge, station) for judge, station in before or ()}
        for judge, station in after or ():
            if (judge, station) not in stood:
                reasons[judge, station] = reason or ""
    return reasons


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
