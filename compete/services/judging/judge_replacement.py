"""Judge replacement (换裁判): another takes a judge's seats and unsigned sheets.

Everywhere, or in one module alone; of several attempts in all of them. A sheet that the judge
began is closed and kept with all that was said on it, and the successor gets an empty one: nobody
signs what another wrote. Where no other module is left, the judge's part in the competition ends,
and with it the card, the PIN and whatever is signed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from compete.domain.seating import Seat
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import Account, Assignment, Competition, Judge, Membership, Sheet, db
from compete.services.accounts.roles import take_role_back
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.services.judging.recusal import close_sheet, same_sheet_of
from compete.services.kernel import audit
from compete.services.kernel.event_rules import attempt_of, module_title, rules_of
from compete.services.kernel.module_keys import EventModule, of_event
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.schedule.allocation import seat_like
from compete.services.schedule.clashes import Clashes, clashes_in, some_clashes
from compete.services.schedule.settled_panels import seats_subject
from compete.services.sheets.locks_in_force import is_locked, must_sign


@dataclass(slots=True)
class _Place:
    """A module: the stations and people that would go over, and who judges there."""

    clashes: Clashes
    stations: set[str]
    entrants: set[int]
    seated: dict[int, set[str]]
    """{judge: the stations at which they sit}."""


class Succession:
    """The conditions that one judge's seats and sheets set for whoever is to have them."""

    def __init__(
        self, competition: Competition, seats: Sequence[Assignment], sheets: Sequence[Sheet]
    ) -> None:
        stations: dict[tuple[int, str, str], set[str]] = defaultdict(set)
        entrants: dict[tuple[int, str, str], set[int]] = defaultdict(set)
        for seat in seats:
            stations[seat.event_id, seat.stage, seat.module].add(seat.station)
        for sheet in sheets:
            entrants[sheet.entrant.event_id, sheet.stage, sheet.module].add(sheet.entrant_id)
        events = {event.id: event for event in competition.events}
        self._places = [
            _Place(
                clashes=clashes_in(events[key[0]], *key[1:]),
                stations=stations[key],
                entrants=entrants[key],
                seated=_seated(*key),
            )
            for key in sorted(stations.keys() | entrants.keys())
        ]
        self._labels = {
            (sheet.entrant_id, sheet.stage, sheet.module): sheet.label for sheet in sheets
        }
        self._begun: dict[int, set[tuple[int, str, str]]] = defaultdict(set)
        rows = db.session.execute(
            select(Sheet.judge_id, Sheet.entrant_id, Sheet.stage, Sheet.module).where(
                Sheet.competition_id == competition.id
            )
        )
        for judge, entrant, stage, module in rows.tuples() if sheets else ():
            if (entrant, stage, module) in self._labels:
                self._begun[judge].add((entrant, stage, module))

    def why_not(self, successor: Judge) -> Message | None:
        """Say why this judge must not have them; None where nothing stands in the way."""
        for place in self._places:
            own = place.seated.get(successor.id, set())
            there = place.stations
            if own and there and ("" in own or "" in there or own & there):
                return msg("%(name)s 已经在同一组", name=successor.name)
            hard = [
                clash
                for clash in place.clashes.at(successor.id, "")
                if clash.hard
                and (
                    clash.entrant.id in place.entrants
                    or "" in there
                    or (clash.station and clash.station in there)
                )
            ]
            if hard:
                return msg(
                    "%(name)s 不能替他评：%(why)s", name=successor.name, why=some_clashes(hard)
                )
        for what in sorted(self._begun.get(successor.id, ())):
            return msg(
                "%(name)s 已经在评或者回避了 %(code)s",
                name=successor.name,
                code=self._labels[what],
            )
        return None


def _seated(event_id: int, stage: str, module: str) -> dict[int, set[str]]:
    stations: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(
        select(Assignment.judge_id, Assignment.station).where(
            of_event(Assignment, event_id, stage, module)
        )
    )
    for judge, station in rows.tuples():
        stations[judge].add(station)
    return stations


_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@dataclass(frozen=True, slots=True)
class Following:
    """The seats and sheets that would go over to a successor, and those that stay."""

    seats: Sequence[Assignment]
    sheets: Sequence[Sheet]
    """Unsigned ones, which follow."""
    begun: int
    """The number of those with something on them: the successor begins anew."""
    kept: int
    """Signed ones, and submitted ones where nobody signs: they stay the judge's."""
    locked: int
    """Unsigned ones under a lock, which stay as they are."""
    signed: bool
    """A sheet stays once it is signed; False: once it is handed in."""
    elsewhere: bool
    """Seats or open sheets are left in other modules: the judge goes on with card and part."""


def states_that_stay(competition: Competition) -> Collection[SheetState]:
    """The states in which a sheet stays the judge's who filled it."""
    return (SheetState.SIGNED,) if must_sign(competition) else HANDED_IN


def what_follows(judge: Judge, at: EventModule | None = None) -> Following:
    """Work out what a successor would get, everywhere or in one module and its other attempts.

    Where sheets must be signed, submitted ones go over too.
    """
    competition = db.session.get_one(Competition, judge.competition_id)
    places = replaced_together(competition, at) if at else ()
    stay = states_that_stay(competition)
    query = (
        select(Sheet)
        .where(Sheet.judge_id == judge.id, Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.id)
        .execution_options(populate_existing=True)
    )
    everywhere = db.session.scalars(query).all()
    rows = [sheet for sheet in everywhere if at is None or _module_of(sheet) in places]
    left = [sheet for sheet in rows if sheet.state not in stay]
    sheets = [sheet for sheet in left if not is_locked(sheet.entrant, sheet.stage, sheet.module)]
    own_seats = _seats_of(judge)
    seats = [seat for seat in own_seats if at is None or _key_of(seat) in places]
    return Following(
        seats=seats,
        sheets=sheets,
        begun=sum(bool(sheet.version) for sheet in sheets),
        kept=len(rows) - len(left),
        locked=len(left) - len(sheets),
        signed=must_sign(competition),
        elsewhere=len(own_seats) > len(seats)
        or any(sheet.state not in stay and sheet not in rows for sheet in everywhere),
    )


def replaced_together(competition: Competition, at: EventModule) -> tuple[EventModule, ...]:
    """A module, with the other attempts of its part: whoever marks one of them marks all."""
    number, stage, module = at
    event = next(event for event in competition.events if event.id == number)
    attempt = attempt_of(rules_of(event), stage, module)
    return tuple((number, stage, it) for it in (attempt.modules if attempt else (module,)))


def modules_of_judge(judge: Judge) -> list[EventModule]:
    """List the modules in which the judge has a seat, or a sheet that would go over."""
    return _modules_in(what_follows(judge))


def _modules_in(following: Following) -> list[EventModule]:
    keys = [_key_of(seat) for seat in following.seats]
    return list(dict.fromkeys([*keys, *map(_module_of, following.sheets)]))


def _seats_of(judge: Judge) -> Sequence[Assignment]:
    query = select(Assignment).where(Assignment.judge_id == judge.id).order_by(Assignment.id)
    return db.session.scalars(query).all()


def _key_of(seat: Assignment) -> EventModule:
    return seat.event_id, seat.stage, seat.module


def _module_of(sheet: Sheet) -> EventModule:
    return sheet.entrant.event_id, sheet.stage, sheet.module


def why_needless(judge: Judge, following: Following) -> Message | None:
    """Say that there is nothing a successor would get; None where there is."""
    if following.seats or following.sheets:
        return None
    if following.signed:
        return msg("%(name)s 没有席位，也没有没签的评分表，不用换", name=judge.name)
    return msg("%(name)s 没有席位，也没有没交的评分表，不用换", name=judge.name)


def replace_judge(
    judge: Judge, successor: Judge, reason: str, by: Account, *, at: EventModule | None = None
) -> Following:
    """Put the successor in the judge's place, everywhere in the competition or in one module.

    With a module go the other attempts of its part.

    Raises `Refused` (INVALID) without a reason and for who cannot judge, (CONFLICT) where
    the successor must not (回避), sits on the same panel, or has such a sheet already.
    """
    reason = reason_text(reason, msg("换裁判要写理由"))
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        if competition.state not in _OPEN:
            raise Refused(msg("评分已经锁定，不能再换裁判"))
        _refuse_who_cannot(judge, successor)
        following = what_follows(judge, at)
        refuse_if(why_needless(judge, following))
        asked = Succession(competition, following.seats, following.sheets)
        refuse_if(asked.why_not(successor))
        seats = _hand_seats(following.seats, successor)
        followed = _hand_sheets(following.sheets, successor, reason)
        session.flush()
        only = _only(competition, _modules_in(following)) if at and following.elsewhere else {}
        audit.record(
            competition,
            by,
            "judge.replace",
            judge.code,
            before={"seats": seats, "begun": following.begun, "kept": following.kept},
            after={"judge": successor.code, "sheets": followed, **only},
            reason=reason,
            bends=True,
        )
        if not following.elsewhere:
            _end_part(judge, by, reason)
    return following


def _only(competition: Competition, places: Collection[EventModule]) -> dict[str, Any]:
    """Name the modules of a judge who is replaced there alone, for the record."""
    events = {event.id: event for event in competition.events}
    own = [(events[number], stage, module) for number, stage, module in sorted(places)]
    return {
        "at": [seats_subject(*place) for place in own],
        "only": str(listed([module_title(*place) for place in own])),
    }


def _refuse_who_cannot(judge: Judge, successor: Judge) -> None:
    if judge.id == successor.id or judge.competition_id != successor.competition_id:
        raise invalid(msg("选另一名裁判来换"))
    for person in (judge, successor):
        if not is_replaceable(person):
            raise invalid(msg("%(name)s 不是裁判员，不能这样换", name=person.name))


def successors(judge: Judge, at: EventModule | None = None) -> list[tuple[Judge, Message | None]]:
    """List everybody else on the list who marks, and why one must not take over."""
    competition = db.session.get_one(Competition, judge.competition_id)
    following = what_follows(judge, at)
    asked = Succession(competition, following.seats, following.sheets)
    return [
        (other, asked.why_not(other))
        for other in competition.judges
        if other.id != judge.id and is_replaceable(other)
    ]


def is_replaceable(judge: Judge) -> bool:
    """True if somebody marks and does not lead."""
    role = judge.role or Role.JUDGE
    return role in SCORING_ROLES and role is not Role.CHIEF


def _hand_seats(seats: Sequence[Assignment], successor: Judge) -> list[Seat]:
    handed: list[Seat] = []
    for seat in seats:
        handed.append((seat.judge_id, seat.station))
        db.session.add(seat_like(seat, judge=successor.id))
        db.session.delete(seat)
    return handed


def _hand_sheets(sheets: Sequence[Sheet], successor: Judge, reason: str) -> dict[str, list[str]]:
    followed: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
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
        take_role_back(membership, by, reason, replaced=True)
        others = select(Membership.id).where(Membership.account_id == account.id)
        if db.session.scalar(others.limit(1)) is None and not account.is_admin:
            cancel_cards(account, by, reason)
