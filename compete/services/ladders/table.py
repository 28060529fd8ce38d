"""The table of ladders: looked through, added to, corrected, closed, brought as rows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from compete.domain.values import Message, msg
from compete.models import Account, GradeLadder, db, utc_now
from compete.services.kernel import Refusal, Refused, audit, unit_of_work
from compete.services.ladders.fields import (
    CheckedLadder,
    LadderTexts,
    WrongLadderError,
    check_ladder,
    put,
    recorded,
)
from compete.sheets.registration.texts import same_name_key

MOST_ROWS = 2000


class LadderView(StrEnum):
    """Which part of the table is looked at."""

    STANDING = "standing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PlannedLadder:
    """A ladder of a workbook: what its rows would do, or what is wrong with them."""

    number: int
    """Of its first row in the sheet."""
    texts: LadderTexts
    faults: Mapping[str, Message]
    changes: Mapping[str, str] | None
    """What of a known one would be another: {field: as it stands}; None for one that is new."""


def find_ladders(view: LadderView = LadderView.STANDING) -> Sequence[GradeLadder]:
    """The table: the state's first, then by name."""
    closed = GradeLadder.ended_at.is_not(None)
    query = select(GradeLadder).where(closed if view is LadderView.CLOSED else ~closed)
    order = (GradeLadder.organisation_id.is_not(None), GradeLadder.name, GradeLadder.id)
    return db.session.scalars(query.order_by(*order)).all()


def find_ladder(number: int) -> GradeLadder | None:
    """One of the table, closed or not."""
    return db.session.get(GradeLadder, number)


def add_ladder(texts: LadderTexts, by: Account) -> GradeLadder:
    """One more. Raises `WrongLadderError`; `Refused` (CONFLICT) for a name that is there;
    FORBIDDEN for who is no administrator.
    """
    _require_administrator(by)
    checked = _checked(texts)
    with unit_of_work() as session:
        audit.claim_chain(None)
        key = _free_key(checked)
        row = _new(by)
        put(row, checked, key)
        session.add(row)
        session.flush()
        audit.record(None, by, "ladder.add", str(row.id), after=recorded(row))
    return row


def change_ladder(row: GradeLadder, texts: LadderTexts, by: Account) -> bool:
    """Correct one; whether anything is another. Events that took it stay as they are."""
    _require_administrator(by)
    checked, number = _checked(texts), row.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = session.get_one(GradeLadder, number, populate_existing=True)
        if row.ended_at is not None:
            raise Refused(msg("%(name)s 停用了，恢复以后再改", name=row.name))
        before, key = recorded(row), _free_key(checked, but=number)
        put(row, checked, key)
        after = recorded(row)
        if after == before:
            return False
        session.flush()
        audit.record(None, by, "ladder.change", str(number), before=before, after=after)
    return True


def close_ladder(row: GradeLadder, by: Account) -> None:
    """Offer it no more; events that took it stay as they are."""
    _require_administrator(by)
    number = row.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = session.get_one(GradeLadder, number, populate_existing=True)
        if row.ended_at is not None:
            return
        row.ended_at, row.ended_by = utc_now(), by.id
        session.flush()
        audit.record(None, by, "ladder.close", str(number), after=recorded(row))


def reopen_ladder(row: GradeLadder, by: Account) -> None:
    """Offer it again. Raises `Refused` (CONFLICT) where another has its name by now."""
    _require_administrator(by)
    number = row.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = session.get_one(GradeLadder, number, populate_existing=True)
        if row.ended_at is None:
            return
        _refuse_taken(row.name, row.name_key, number)
        row.ended_at = row.ended_by = None
        session.flush()
        audit.record(None, by, "ladder.reopen", str(number), after=recorded(row))


def plan_ladders(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[PlannedLadder]:
    """What the rows of a workbook would do, ladder by ladder; nothing is written."""
    return [planned for planned, _checked_one, _known in _planned(rows)]


def write_ladders(rows: Sequence[Mapping[str, str]], by: Account) -> tuple[int, int]:
    """Add what is new and correct what differs; how many of each. One wrong row, and nothing is.

    What stands in the table and in none of the rows stays.
    """
    _require_administrator(by)
    if len(rows) > MOST_ROWS:
        raise Refused(msg("一次最多 %(most)s 行", most=MOST_ROWS), kind=Refusal.INVALID)
    with unit_of_work() as session:
        audit.claim_chain(None)
        added = changed = 0
        told = []
        for plan, checked, known in _planned(list(enumerate(rows, 1))):
            if checked is None or plan.faults:
                raise Refused(msg("有的行要改，一行都没有写"), kind=Refusal.INVALID)
            if known is None:
                known = _new(by)
                session.add(known)
                added += 1
            elif plan.changes:
                changed += 1
            else:
                continue
            put(known, checked, same_name_key(checked.ladder.name))
            told.append(known)
        if added or changed:
            session.flush()
            after = {"added": added, "changed": changed, "ladders": list(map(recorded, told))}
            audit.record(None, by, "ladder.import", "table", after=after)
    return added, changed


def _planned(
    rows: Sequence[tuple[int, Mapping[str, str]]],
) -> list[tuple[PlannedLadder, CheckedLadder | None, GradeLadder | None]]:
    known = {row.name_key: row for row in find_ladders()}
    grouped: dict[str, LadderTexts] = {}
    for number, texts in rows:
        key = same_name_key(texts.get("name", ""))
        told = grouped.get(key, LadderTexts(name=texts.get("name", "")))
        grouped[key] = replace(
            told,
            whose=told.whose or texts.get("whose", ""),
            note=told.note or texts.get("note", ""),
            rungs=[*told.rungs, (number, texts)],
        )
    found = []
    for key, told in grouped.items():
        checked, faults = check_ladder(told)
        row = known.get(key)
        changes = None
        if checked is not None and row is not None:
            changes = _differences(row, checked)
        planned = PlannedLadder(told.rungs[0][0], told, faults, changes)
        found.append((planned, checked, row))
    return found


def _differences(row: GradeLadder, checked: CheckedLadder) -> dict[str, str]:
    before = recorded(row)
    # A row that belongs to nobody's session: what would stand there, in the same words.
    wanted = GradeLadder()
    put(wanted, checked, row.name_key)
    after = recorded(wanted)
    return {key: was for key, was in before.items() if after[key] != was}


def _new(by: Account) -> GradeLadder:
    return GradeLadder(key=secrets.token_hex(8), made_by=by.id)


def _checked(texts: LadderTexts) -> CheckedLadder:
    checked, faults = check_ladder(texts)
    if checked is None:
        raise WrongLadderError(faults)
    return checked


def _free_key(checked: CheckedLadder, but: int | None = None) -> str:
    key = same_name_key(checked.ladder.name)
    _refuse_taken(checked.ladder.name, key, but)
    return key


def _refuse_taken(name: str, key: str, but: int | None) -> None:
    query = select(GradeLadder.id).where(
        GradeLadder.ended_at.is_(None), GradeLadder.name_key == key
    )
    if but is not None:
        query = query.where(GradeLadder.id != but)
    if db.session.scalar(query.limit(1)) is not None:
        raise Refused(msg("已经有叫“%(name)s”的等级体系", name=name))


def _require_administrator(by: Account) -> None:
    if not by.is_admin:
        raise Refused(msg("等级体系由管理员改"), kind=Refusal.FORBIDDEN)
