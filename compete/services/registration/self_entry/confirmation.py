"""Self-entries: a unit confirms or gives back, the desk gives a unit or clears a flood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import Account, Application, Competition, Unit, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.acceptance import decide
from compete.services.registration.applications import (
    changed_meanwhile,
    chosen_of,
    record_people,
    refresh,
    unit_name_of,
)
from compete.services.registration.crews import crews_around, require_whole
from compete.services.registration.documents import drop_files_of
from compete.services.registration.self_entry.own_entry import UNSEEN
from compete.services.registration.self_entry.settings import MOST_OF_ONE_UNIT, is_decided_still
from compete.services.registration.submission import require_entered_once
from compete.services.registration.units.unit_list import add_units

_S = ApplicationState
_UNDECIDED = (_S.SUBMITTED, _S.UNCONFIRMED)
_Seen = Mapping[str, int]
"""By public number the version that the page showed."""


def confirm_own(unit: Unit, competition: Competition, seen: _Seen, by: Account) -> int:
    """The unit says that these are its people; they go on to the organiser. How many.

    All of them or none. Raises `Refused`: INVALID for nobody, CONFLICT where somebody changed
    it meanwhile, for who is entered already, and for a part of a crew.
    """
    with changing(competition) as competition:
        chosen = _chosen_waiting(unit, competition, seen)
        require_whole(chosen, (_S.UNCONFIRMED, _S.RETURNED))
        require_entered_once(unit, chosen, msg("退回这一份"))
        for application in chosen:
            application.state = move(application.state, _S.SUBMITTED, APPLICATION_MOVES)
            application.confirmed_by, application.confirmed_at = by.id, utc_now()
            application.version += 1
        record_people(competition, by, "application.confirm", unit.code, chosen)
    return len(chosen)


def return_own(unit: Unit, competition: Competition, seen: _Seen, reason: str, by: Account) -> int:
    """The unit gives these back to whom they are about, with a reason that they read.

    Raises `Refused` as `confirm_own`, and (INVALID) without a reason.
    """
    reason = reason_text(reason, msg("退回要写原因，本人看得到"))
    with changing(competition) as competition:
        chosen = _chosen_waiting(unit, competition, seen)
        require_whole(chosen, (_S.UNCONFIRMED,))
        for application in chosen:
            decide(application, _S.RETURNED, by, reason)
        record_people(competition, by, "application.unit_return", unit.code, chosen, reason)
    return len(chosen)


def find_own_application(competition: Competition, public_id: str) -> Application | None:
    """Find somebody who entered themselves, or was put forward without a unit here; or None."""
    return db.session.scalar(
        select(Application).where(
            Application.competition_id == competition.id,
            Application.public_id == public_id,
            Application.by_person | Application.unit_id.is_(None),
        )
    )


def assign_unit(application: Application, code: str, seen: int, by: Account) -> Unit:
    """The organiser says whose somebody is who wrote a unit that is not on the list; the unit.

    `code` is a unit's; none: the one that was written joins the list, unless it stands there.
    Raises `Refused`: INVALID for another code, CONFLICT where somebody has a unit, was decided,
    or changed meanwhile.
    """
    with changing(application.competition) as competition:
        refresh(application)
        unit = _meant(competition, application, code, by)
        if application.version != seen or application.unit_id is not None:
            raise changed_meanwhile()
        if application.state not in _UNDECIDED:
            raise Refused(msg("已经定了，不能再改单位"))
        # A crew has one unit: what is said of one is said of those who came with it.
        [people] = crews_around([application], _UNDECIDED).values() or [[application]]
        for person in people:
            person.unit_id = unit.id
            person.version += 1
        record_people(competition, by, "application.unit", unit.code, people)
    return unit


def _meant(competition: Competition, application: Application, code: str, by: Account) -> Unit:
    if not code:
        name = unit_name_of(application)
        made = add_units(competition, [name], by)
        key = same_name_key(name)
        units = (unit for unit in made or competition.units if same_name_key(unit.name) == key)
    else:
        units = (unit for unit in competition.units if unit.code == code)
    unit = next(units, None)
    if unit is None:
        raise invalid(msg("选一个单位"))
    return unit


def _chosen_waiting(unit: Unit, competition: Competition, seen: _Seen) -> Sequence[Application]:
    """The chosen who wait for the unit and are as they were seen."""
    if not seen:
        raise invalid(msg("先选人"))
    if not is_decided_still(competition):
        raise Refused(msg("比赛已经开始评分，要改找组委会"))
    rows = chosen_of(unit, seen, by_person=True, most=MOST_OF_ONE_UNIT)
    if any(row.state is not _S.UNCONFIRMED or row.version != seen[row.public_id] for row in rows):
        raise changed_meanwhile()
    return rows


NO_UNIT = "*"
"""The mark of those whose unit is not on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """The people who came for a unit (its code, `NO_UNIT`, empty for any) between two moments."""

    unit: str
    since: datetime | None
    until: datetime | None


def count_unseen(competition: Competition, flood: Flood) -> int:
    """Count those of whom neither unit nor organiser has said anything."""
    query = select(func.count(Application.id)).where(*_of(competition, flood))
    return db.session.scalar(query) or 0


def clear_unseen(
    competition: Competition, flood: Flood, seen: int, reason: str, by: Account
) -> int:
    """Delete all of them with their photos; their links open nothing then. How many.

    `seen` is the number that was shown. Raises `Refused`: INVALID for none or without a
    reason, CONFLICT where the number is another now.
    """
    reason = reason_text(reason, msg("为什么清掉，要写上"))
    with changing(competition) as competition:
        rows: Sequence[Application] = db.session.scalars(
            select(Application).where(*_of(competition, flood)).order_by(Application.id)
        ).all()
        if not rows:
            raise invalid(msg("没有要清掉的人"))
        if len(rows) != seen:
            raise Refused(msg("刚又有人报名，或者有人处理了，再看一遍是几个人"))
        for row in rows:
            drop_files_of(row)
            db.session.delete(row)
        audit.record(
            competition,
            by,
            "application.clear",
            flood.unit or competition.code,
            after={
                "people": len(rows),
                "since": flood.since.isoformat() if flood.since else None,
                "until": flood.until.isoformat() if flood.until else None,
            },
            reason=reason,
        )
    return len(rows)


def _of(competition: Competition, flood: Flood) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Application.competition_id == competition.id,
        Application.by_person.is_(True),
        Application.state.in_(UNSEEN),
        Application.confirmed_at.is_(None),
    ]
    if flood.unit == NO_UNIT:
        conditions.append(Application.unit_id.is_(None))
    elif flood.unit:
        own = select(Unit.id).where(Unit.competition_id == competition.id, Unit.code == flood.unit)
        conditions.append(Application.unit_id.in_(own))
    if flood.since is not None:
        conditions.append(Application.submitted_at >= flood.since)
    if flood.until is not None:
        conditions.append(Application.submitted_at <= flood.until)
    return conditions
