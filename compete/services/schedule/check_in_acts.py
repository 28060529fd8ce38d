"""Check-in acts, taken in: a row for each, never changed; sent twice counts once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import select

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CheckInKind, CompetitionState
from compete.models import Account, AuditEntry, CheckIn, Competition, Entrant, db, utc_now
from compete.services.accounts.access import may
from compete.services.kernel import audit
from compete.services.kernel.clock import clock_text
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.kernel.versions import CHECK_INS
from compete.services.schedule.admissions import is_admitted
from compete.services.schedule.arrivals import OccasionKey, act_time, occasions_of
from compete.services.schedule.away import Away

UNDO_WITHIN = timedelta(minutes=10)
"""The time in which the clerk's own device may take an act back; after that the desk does."""
LONGEST_NOTE = 200
MOST_ACTS, MOST_ITEMS, LONGEST_ITEM = 200, 20, 40
LONGEST_UUID = 36
_YEARS = range(1900, 2200)
"""An instant in any other can be told in no zone, and no clock said it."""
_WORDS = {
    CheckInKind.PASSED: "checkin.pass",
    CheckInKind.CAME: "checkin.came",
    CheckInKind.STOPPED: "checkin.stop",
    CheckInKind.UNDONE: "checkin.undo",
}


class CheckInIn(msgspec.Struct, frozen=True):
    """An act as a device sends it; `entrant` is a number, `at` the device's time.

    `seen` and `without` are numbers of a crew's members.
    """

    uuid: str
    kind: CheckInKind
    entrant: str
    stage: str
    at: datetime
    session: str | None = None
    module: str | None = None
    day: date | None = None
    undoes: str | None = None
    items: tuple[str, ...] = ()
    compared: bool = False
    seen: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    note: str | None = None
    tablet: str | None = None

    @property
    def occasion(self) -> OccasionKey:
        """The occasion for which it was done."""
        return self.stage, self.session, self.module, self.day


@dataclass(slots=True)
class CheckInsTaken:
    """The result of a batch: the uuids that are stored, those refused and why."""

    stored: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)


def take_check_ins(
    competition: Competition, acts: Sequence[CheckInIn], by: Account
) -> CheckInsTaken:
    """Take a device's acts in, in order; those stored before count as stored.

    Raises `Refused` (INVALID) for too many at a time, and once the competition is over.
    """
    if len(acts) > MOST_ACTS:
        raise invalid(msg("一次最多 %(most)s 条", most=MOST_ACTS))
    taken = CheckInsTaken()
    with unit_of_work() as session:
        competition = for_update(competition)
        if competition.state is CompetitionState.FINAL:
            raise Refused(msg("竞赛已经结束，不再检录"))
        for act in acts:
            if not _is_readable(act):
                taken.refused.append((act.uuid, msg("这一条读不懂，再检录一次")))
                continue
            known = session.scalar(select(CheckIn).where(CheckIn.uuid == act.uuid))
            if known is not None and known.competition_id == competition.id:
                taken.stored.append(act.uuid)
                continue
            entrant = _entrant(competition, act.entrant)
            why = (
                msg("这一条的编号别处用过了") if known else _why_not(competition, act, entrant, by)
            )
            if why is not None or entrant is None:
                taken.refused.append((act.uuid, why or msg("没有这个编号")))
                continue
            _store(competition, _settled(competition, act), entrant, by)
            taken.stored.append(act.uuid)
    return taken


def checked_in_since(competition: Competition, seq: int) -> Sequence[int] | None:
    """List ids of entrants of whom something was recorded since that record of the chain.

    None where something else was recorded too, of too many, or there is no such record.
    """
    if not 0 < seq <= audit.count(competition):
        return None
    rows = db.session.execute(
        select(AuditEntry.action, AuditEntry.subject).where(
            AuditEntry.competition_id == competition.id, AuditEntry.seq > seq
        )
    ).tuples()
    codes = set()
    for action, subject in rows:
        if action not in CHECK_INS:
            return None
        if action in _WORDS.values():
            codes.add(subject)
    if len(codes) > MOST_ACTS:
        return None
    return db.session.scalars(
        select(Entrant.id).where(Entrant.competition_id == competition.id, Entrant.code.in_(codes))
    ).all()


def undo_check_in(competition: Competition, stored: str, by: Account) -> CheckIn:
    """Take one act back from the desk, at any time. `stored` is its uuid.

    Raises `Refused` (UNKNOWN) where there is none, (CONFLICT) where it was taken back before.
    """
    with changing(competition) as competition:
        was = _act(competition, stored)
        if was is None:
            raise Refused(msg("没有这条检录记录"), kind=Refusal.UNKNOWN)
        act = CheckInIn(
            uuid=str(uuid.uuid4()),
            kind=CheckInKind.UNDONE,
            entrant=was.entrant.code,
            stage=was.stage,
            at=utc_now(),
            undoes=stored,
        )
        refuse_if(_why_not_undone(competition, act, was.entrant, by))
        return _store(competition, _settled(competition, act), was.entrant, by)


def _store(competition: Competition, act: CheckInIn, entrant: Entrant, by: Account) -> CheckIn:
    row = CheckIn(
        uuid=act.uuid,
        competition_id=competition.id,
        entrant_id=entrant.id,
        stage=act.stage,
        session=act.session,
        module=act.module,
        day=act.day,
        kind=act.kind,
        undoes=act.undoes,
        items=list(act.items),
        compared=act.compared,
        seen=list(act.seen) or None,
        without=list(act.without) or None,
        note=(act.note or "").strip() or None,
        account_id=by.id,
        tablet=act.tablet,
        said_at=act.at,
        received_at=utc_now(),
    )
    db.session.add(row)
    db.session.flush()
    after = {
        "uuid": act.uuid,
        "session": act.session or act.module,
        "day": act.day.isoformat() if act.day else None,
        "items": list(act.items),
        **({"seen": list(act.seen)} if act.seen else {}),
        **({"without": list(act.without)} if act.without else {}),
        "at": act.at.isoformat(),
    }
    audit.record(competition, by, _WORDS[act.kind], entrant.code, after=after, reason=row.note)
    return row


def _why_not(
    competition: Competition, act: CheckInIn, entrant: Entrant | None, by: Account
) -> Message | None:
    """Say why the act is not taken; None: it is."""
    if entrant is None:
        return msg("没有 %(code)s 这个编号", code=act.entrant[:40])
    if act.kind is CheckInKind.UNDONE:
        return _why_not_undone(competition, act, entrant, by)
    if standing_withdrawal(entrant) is not None:
        return msg("%(code)s 退赛了，找组委会", code=entrant.code)
    occasion = next(
        (candidate for candidate in occasions_of(entrant) if candidate.key == act.occasion), None
    )
    if occasion is None:
        return msg("%(code)s 的场次改过了，看过名单再检录一次", code=entrant.code)
    away = Away(competition).word(entrant, occasion)
    if away is not None:
        return msg("%(code)s 记了%(word)s，找组委会", code=entrant.code, word=away)
    note = (act.note or "").strip()
    if len(note) > LONGEST_NOTE or "\0" in note:
        return msg("写的话最多 %(most)s 个字", most=LONGEST_NOTE)
    if len(act.items) > MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in act.items):
        return msg("这一条读不懂，再检录一次")
    if act.kind is CheckInKind.STOPPED:
        return None if note else msg("没放行要写一句为什么")
    if not is_admitted(entrant):
        return msg("%(code)s 没有通过审核，找组委会", code=entrant.code)
    unseen = _why_unseen(act, entrant)
    if unseen is not None or act.kind is CheckInKind.CAME:
        return unseen
    closes_at = occasion.closes_at(settings_of(competition).check_in_closes)
    if closes_at is not None and min(act.at, utc_now()) > closes_at and not note:
        return msg(
            "%(code)s 过了 %(at)s 停止检录，写上组委会谁准的，再检录一次",
            code=entrant.code,
            at=clock_text(closes_at) or "",
        )
    return None


def _why_unseen(act: CheckInIn, entrant: Entrant) -> Message | None:
    """Say why the act does not tell of each who stands there that they were compared."""
    names = {member.code: member.name for member in entrant.members}
    seen, without = set(act.seen), set(act.without)
    if seen - names.keys() or without - names.keys() or seen & without:
        return msg("%(code)s 的成员改过了，看过名单再检录一次", code=entrant.code)
    if act.kind is CheckInKind.CAME:
        if seen and act.compared and len(seen) < len(names):
            return None
        return msg("%(code)s 谁到了还没对过", code=entrant.code)
    if not act.compared or (names and not seen):
        return msg("%(code)s 的本人还没对过", code=entrant.code)
    lacking = [name for code, name in names.items() if code not in seen | without]
    if lacking:
        return msg("%(code)s 还差 %(names)s 没对过本人", code=entrant.code, names=listed(lacking))
    if without and not (act.note or "").strip():
        absent = listed([name for code, name in names.items() if code in without])
        return msg("%(code)s 少 %(names)s，要写组委会谁准的", code=entrant.code, names=absent)
    return None


def _why_not_undone(
    competition: Competition, act: CheckInIn, entrant: Entrant, by: Account
) -> Message | None:
    was = _act(competition, act.undoes or "")
    if was is None or was.entrant_id != entrant.id or was.kind is CheckInKind.UNDONE:
        return msg("没有这条检录记录")
    if db.session.scalar(select(CheckIn.id).where(CheckIn.undoes == was.uuid).limit(1)):
        return msg("这条检录已经撤销了")
    late = min(act.at, utc_now()) - act_time(was) > UNDO_WITHIN
    if late and not may(by, competition, Right.CORRECT_CHECK_IN):
        return msg("检录过了 10 分钟，找组委会撤销")
    return None


def _settled(competition: Competition, act: CheckInIn) -> CheckInIn:
    """The act as it is stored: taking one back is told of its own occasion, and of nothing else.

    Under any other occasion the list would show who was let in, and the counts would not.
    """
    was = _act(competition, act.undoes or "") if act.kind is CheckInKind.UNDONE else None
    if was is None:
        return msgspec.structs.replace(act, undoes=None)
    occasion = {"stage": was.stage, "session": was.session, "module": was.module, "day": was.day}
    return msgspec.structs.replace(act, **occasion, items=(), seen=(), without=(), note=None)


def _entrant(competition: Competition, code: str) -> Entrant | None:
    return db.session.scalar(
        select(Entrant).where(Entrant.competition_id == competition.id, Entrant.code == code)
    )


def _act(competition: Competition, stored: str) -> CheckIn | None:
    return db.session.scalar(
        select(CheckIn).where(CheckIn.competition_id == competition.id, CheckIn.uuid == stored)
    )


def _is_readable(act: CheckInIn) -> bool:
    """True if the act can be looked up and kept at all, whatever it says."""
    members = (*act.seen, *act.without)
    texts = (act.entrant, act.undoes or "", act.tablet or "", *act.items, *members)
    return (
        _is_uuid(act.uuid)
        and act.at.tzinfo is not None
        and act.at.year in _YEARS
        and len(act.tablet or "") <= LONGEST_UUID
        and not any("\0" in text for text in texts)
    )


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
