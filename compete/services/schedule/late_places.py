"""Late places: the places of people added after places were given, and the rule for them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Assignment, AuditEntry, Competition, Entrant, Slot, db
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.schedule.drawn_places import drawn_so_far
from compete.services.schedule.stage_moves import in_later_stages


def rule_for_late(competition: Competition) -> Message | None:
    """The rule by which somebody added now gets a place; None where nobody has one yet."""
    known = drawn_so_far(competition)
    if competition.state is CompetitionState.JUDGING:
        return msg(
            "现在加的人没有抽签。裁判分工位的模块，写入时排到人最少的工位，场次到他那一页定；"
            "别的模块的场次和工位也到他那一页定"
        )
    if known.last_on is not None:
        return msg(
            "已经抽过签。现在加的人还没有场次和工位：有空位子的，到他那一页挪过去；"
            "没有的，写明理由结束那一次，再抽一次"
        )
    if known.placed:
        return msg(
            "别人的工位是随竞赛文件来的。现在加的人，文件的赛程里有他就照赛程，没有就还没有工位"
        )
    return None


def placed_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules of which somebody was given a station while judging, without a draw.

    Nobody's draw stands against giving them a time; empty once marks are locked. So it is of a
    place that was handed on to them at a station whose judges mark them.
    """
    if entrant.competition.state is not CompetitionState.JUDGING:
        return set()
    rows = db.session.scalars(
        select(AuditEntry.after).where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action == "entrants.place",
            AuditEntry.subject == entrant.event.code,
        )
    )
    return {
        (after["stage"], module)
        for after in rows
        for module in after["stations"].get(entrant.code, ())
    } | (_moved_late(entrant) & _judged_by_station(entrant))


def unplaced_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules in which others have places and this one has none, while judging.

    Of a later stage for who is in it alone.

    Where judges are told apart by station the program gives the place itself (`placed_late`);
    elsewhere any place can be chosen, since nobody else's draw changes by it.
    """
    if entrant.competition.state is not CompetitionState.JUDGING:
        return set()
    if standing_withdrawal(entrant) is not None:
        return set()
    planned = select(Slot.stage, Slot.module).join(Entrant, Entrant.id == Slot.entrant_id)
    others = planned.where(Entrant.event_id == entrant.event_id, takes_part()).distinct()
    known = {(stage, module) for stage, module in db.session.execute(others).tuples()}
    first, inside = rules_of(entrant.event).stages[0].code, in_later_stages(entrant.event)
    known = {it for it in known if it[0] == first or (entrant.id, it[0]) in inside}
    return known - _judged_by_station(entrant) - {(s.stage, s.module) for s in entrant.slots}


def chosen_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules in which a place was chosen by hand while judging (`unplaced_late`).

    Nobody drew it, so it can be chosen again; empty once marks are locked.
    """
    if entrant.competition.state is not CompetitionState.JUDGING:
        return set()
    if standing_withdrawal(entrant) is not None:
        return set()
    return _moved_late(entrant) - _judged_by_station(entrant)


def _moved_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules in which a place that somebody was given while judging still stands."""
    rows = db.session.scalars(
        select(AuditEntry.after).where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action == "entrant.move",
            AuditEntry.subject == entrant.code,
        )
    )
    chosen = {tuple(after["late"]) for after in rows if after.get("late")}
    return {(slot.stage, slot.module) for slot in entrant.slots} & chosen


def _judged_by_station(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules of the event whose judges are told apart by station."""
    apart = select(Assignment.stage, Assignment.module).where(
        Assignment.event_id == entrant.event_id, Assignment.station != ""
    )
    return {(stage, module) for stage, module in db.session.execute(apart).tuples()}


def places_given(competition: Competition, codes: Collection[str]) -> dict[str, list[str]]:
    """The stations that these entrants have, by code; nothing for who has none."""
    found: dict[str, list[str]] = {code: [] for code in sorted(codes)}
    rows = db.session.execute(
        select(Entrant.code, Slot.station)
        .outerjoin(Slot, Slot.entrant_id == Entrant.id)
        .where(Entrant.competition_id == competition.id, Entrant.code.in_(codes))
        .order_by(Entrant.code, Slot.id)
    ).tuples()
    for code, station in rows:
        if station and station not in found[code]:
            found[code].append(station)
    return found
