"""换裁判, the act: another takes over a judge's seats and unsigned sheets, signed ones stay.

A sheet that the judge began is closed and kept with all that was said on it, and the
successor gets an empty one: nobody signs what another wrote. The judge's part in the
competition ends, and with it the card, the PIN and whatever is signed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.seating import Seat
from compete.domain.values import (
    HANDED_IN,
    SCORING_ROLES,
    CompetitionState,
    Role,
    SheetState,
    msg,
)
from compete.models import (
    Account,
    Assignment,
    Competition,
    Event,
    Judge,
    Membership,
    Sheet,
    db,
)
from compete.services.accounts import cancel_cards, take_role_back
from compete.services.judging.recusal import close_sheet, same_sheet_of
from compete.services.kernel import (
    Refusal,
    Refused,
    audit,
    for_update,
    reason_text,
    unit_of_work,
)
from compete.services.schedule import clashes_in, some_clashes
from compete.services.sheets import is_locked, must_sign

_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@dataclass(frozen=True, slots=True)
class Following:
    """What would go over to a successor, and what stays."""

    seats: Sequence[Assignment]
    sheets: Sequence[Sheet]
    """Unsigned ones, which follow."""
    begun: int
    """How many of those have something on them: the successor begins anew."""
    kept: int
    """Signed ones, and submitted ones where nobody signs: they stay the judge's."""
    locked: int
    """Unsigned ones under a lock, which stay as they are."""


def what_follows(judge: Judge) -> Following:
    """What a successor would get; where sheets must be signed, what was only submitted too."""
    competition = db.session.get_one(Competition, judge.competition_id)
    stay = (SheetState.SIGNED,) if must_sign(competition) else HANDED_IN
    rows = db.session.scalars(
        select(Sheet)
        .where(Sheet.judge_id == judge.id, Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.id)
        .execution_options(populate_existing=True)
    ).all()
    left = [sheet for sheet in rows if sheet.state not in stay]
    sheets = [sheet for sheet in left if not is_locked(sheet.entrant, sheet.stage, sheet.module)]
    seats = db.session.scalars(
        select(Assignment).where(Assignment.judge_id == judge.id).order_by(Assignment.id)
    ).all()
    return Following(
        seats=seats,
        sheets=sheets,
        begun=sum(bool(sheet.version) for sheet in sheets),
        kept=len(rows) - len(left),
        locked=len(left) - len(sheets),
    )


def replace_judge(judge: Judge, successor: Judge, reason: str, by: Account) -> Following:
    """Put the successor in the judge's place everywhere in the competition.

    Raises `Refused` (INVALID) without a reason and for who cannot judge, (CONFLICT) where
    the successor must not (回避), sits on the same panel, or has such a sheet already.
    """
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("换裁判要写理由"), kind=Refusal.INVALID)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        if competition.state not in _OPEN:
            raise Refused(msg("评分已经锁定，不能再换裁判"))
        _refuse_who_cannot(judge, successor)
        following = what_follows(judge)
        if not following.seats and not following.sheets:
            raise Refused(msg("%(name)s 没有席位，也没有没签的评分表，不用换", name=judge.name))
        _refuse_clashes(competition, successor, following)
        seats = _hand_seats(following.seats, successor)
        followed = _hand_sheets(following.sheets, successor, reason)
        session.flush()
        audit.record(
            competition,
            by,
            "judge.replace",
            judge.code,
            before={"seats": seats, "begun": following.begun, "kept": following.kept},
            after={"judge": successor.code, "sheets": followed},
            reason=reason,
        )
        _end_part(judge, by, reason)
    return following


def _refuse_who_cannot(judge: Judge, successor: Judge) -> None:
    if judge.id == successor.id or judge.competition_id != successor.competition_id:
        raise Refused(msg("选另一名裁判来换"), kind=Refusal.INVALID)
    for each in (judge, successor):
        role = each.role or Role.JUDGE
        if role not in SCORING_ROLES or role is Role.CHIEF:
            raise Refused(
                msg("%(name)s 不是裁判员，不能这样换", name=each.name), kind=Refusal.INVALID
            )


def _refuse_clashes(competition: Competition, successor: Judge, following: Following) -> None:
    events = {event.id: event for event in competition.events}
    stations: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    entrants: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for seat in following.seats:
        stations[seat.event_id, seat.stage, seat.module].add(seat.station)
    for sheet in following.sheets:
        entrants[sheet.entrant.event_id, sheet.stage, sheet.module].add(sheet.entrant_id)
    for key in stations.keys() | entrants.keys():
        event, stage, module = key
        _refuse_twice(events[event], stage, module, successor, stations[key])
        found = clashes_in(events[event], stage, module)
        hard = [
            clash
            for clash in found.at(successor.id, "")
            if clash.hard and _meets(clash.station, clash.entrant.id, stations[key], entrants[key])
        ]
        if hard:
            raise Refused(
                msg("%(name)s 不能替他评：%(why)s", name=successor.name, why=some_clashes(hard))
            )


def _meets(station: str, entrant: int, stations: set[str], entrants: set[int]) -> bool:
    return entrant in entrants or "" in stations or (station != "" and station in stations)


def _refuse_twice(
    event: Event, stage: str, module: str, successor: Judge, stations: Collection[str]
) -> None:
    own = set(
        db.session.scalars(
            select(Assignment.station).where(
                Assignment.event_id == event.id,
                Assignment.stage == stage,
                Assignment.module == module,
                Assignment.judge_id == successor.id,
            )
        )
    )
    if own and stations and ("" in own or "" in stations or own & set(stations)):
        raise Refused(msg("%(name)s 已经在同一组，选别人", name=successor.name))


def _hand_seats(seats: Sequence[Assignment], successor: Judge) -> list[Seat]:
    told: list[Seat] = []
    for seat in seats:
        told.append((seat.judge_id, seat.station))
        db.session.add(
            Assignment(
                event_id=seat.event_id,
                stage=seat.stage,
                module=seat.module,
                judge_id=successor.id,
                station=seat.station,
                timekeeper=seat.timekeeper,
            )
        )
        db.session.delete(seat)
    return told


def _hand_sheets(sheets: Sequence[Sheet], successor: Judge, reason: str) -> dict[str, list[str]]:
    there = {
        (sheet.entrant_id, sheet.stage, sheet.module)
        for sheet in db.session.scalars(select(Sheet).where(Sheet.judge_id == successor.id))
    }
    followed: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        if (sheet.entrant_id, sheet.stage, sheet.module) in there:
            raise Refused(
                msg(
                    "%(name)s 已经在评或者回避了 %(code)s",
                    name=successor.name,
                    code=sheet.label,
                )
            )
        close_sheet(sheet, reason)
        db.session.add(same_sheet_of(successor, sheet))
        followed[sheet.label].append(sheet.module)
    return dict(followed)


def _end_part(judge: Judge, by: Account, reason: str) -> None:
    """The role goes back; the card ends with it unless the account has another part."""
    for membership in db.session.scalars(
        select(Membership).where(Membership.judge_id == judge.id)
    ).all():
        account = db.session.get_one(Account, membership.account_id)
        take_role_back(membership, by, reason)
        others = select(Membership.id).where(Membership.account_id == account.id)
        if db.session.scalar(others.limit(1)) is None and not account.is_admin:
            cancel_cards(account, by, reason)
