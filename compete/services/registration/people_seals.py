"""A seal over who takes part, who judges and by which rules: whose a mark is, what it is worth.

Every act that writes people or rules puts the seal over all of them into its
record, under `people`. So marks cannot be given to another by changing the
name that stands beside them.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from compete.domain.values import Message, msg, sealed_text
from compete.models import (
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Judge,
    Member,
    RuleVersion,
    Unit,
    db,
)
from compete.models.types import keyed_hash, keyed_hasher
from compete.services.kernel import audit, is_keyed_hash


def seal_people(competition: Competition) -> dict[str, str]:
    """Keyed hashes over entrants, judges and rules as they stand, for a record; after a flush.

    Keyed, since they cover ID numbers, which nobody must be able to try out.
    """
    return {kind: keyed_hash(text) for kind, text in _texts(competition).items()}


def _texts(competition: Competition) -> dict[str, str]:
    return {
        "entrants": _text(_entrants(competition)),
        "members": _text(_members(competition)),
        **_others(competition),
    }


def _entrants(competition: Competition) -> Select[Any]:
    return (
        select(
            *(Entrant.id, Entrant.code, Entrant.name, Entrant.id_number, Entrant.birth),
            *(Entrant.group, Entrant.grade, Entrant.promoted, Event.code, Unit.code, Unit.name),
        )
        .join(Event, Event.id == Entrant.event_id)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(Entrant.competition_id == competition.id)
        .order_by(Entrant.id)
    )


def _members(competition: Competition) -> Select[Any]:
    return (
        select(
            *(Member.id, Member.entrant_id, Member.position, Member.code, Member.name),
            *(Member.role, Member.id_number, Member.birth, Member.group, Member.grade),
            Member.promoted,
        )
        .where(Member.competition_id == competition.id)
        .order_by(Member.id)
    )


def _others(competition: Competition) -> dict[str, str]:
    return {
        "judges": _text(
            select(Judge.id, Judge.code, Judge.name, Judge.role, Judge.unit_id)
            .where(Judge.competition_id == competition.id)
            .order_by(Judge.id)
        ),
        "rules": _text(
            select(Event.code, RuleVersion.number, RuleVersion.sha256)
            .join(Event, Event.id == RuleVersion.event_id)
            .where(Event.competition_id == competition.id)
            .order_by(Event.code, RuleVersion.number)
        ),
    }


@dataclass(slots=True)
class _List:
    """The seal over a competition's entrants that this process worked out last: no data of them.

    `begun` has taken the list in but for its closing bracket; `last` is the last row's number.
    """

    begun: hmac.HMAC
    last: int = 0

    def take(self, number: int, text: bytes) -> None:
        self.begun.update(b"," + text if self.last else text)
        self.last = number

    def closed(self) -> str:
        whole = self.begun.copy()
        whole.update(b"]")
        return whole.hexdigest()


_LAST: dict[int, _List] = {}
"""By competition. A list counts where the newest record says the same of it, so that what
other processes wrote, or another database under this number, is never taken for it."""


def seal_added(competition: Competition) -> dict[str, str]:
    """The same as `seal_people`, where new entrants alone came to the list; after a flush.

    Who was sealed is not read again: with 20,000 on the list that took longer than all else.
    """
    was = _newest(competition)
    known = _LAST.pop(competition.id, None)
    stands = known is not None and known.closed() == was
    if known is not None:
        for number, text in _rows(_entrants(competition).where(Entrant.id > known.last)):
            known.take(number, text)
            # Another process added these, and recorded it.
            stands = stands or known.closed() == was
    if known is None or not stands:
        known = _List(keyed_hasher())
        known.begun.update(b"[")
        for number, text in _rows(_entrants(competition)):
            known.take(number, text)
    _LAST[competition.id] = known
    while len(_LAST) > _MOST_LISTS:
        _LAST.pop(next(iter(_LAST)))
    return {
        "entrants": known.closed(),
        "members": keyed_hash(_text(_members(competition))),
        **{kind: keyed_hash(text) for kind, text in _others(competition).items()},
    }


def _newest(competition: Competition) -> str | None:
    """What the newest record says of the entrants, without reading those before it."""
    query = (
        select(AuditEntry.after)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action.in_(_SEALED_BY))
        .order_by(AuditEntry.seq.desc())
    )
    for after in db.session.scalars(query.execution_options(yield_per=_FEW)):
        if isinstance(after, dict) and isinstance(after.get("people"), dict):
            said = after["people"].get("entrants")
            return said if isinstance(said, str) else None
    return None


class GrowingSeal:
    """The same seal over a list that one job writes part by part, without reading all each time.

    `begin` before a part, `of` after its flush for the record, `end` after the record. What
    somebody else recorded in between has everybody read anew.
    """

    def __init__(self) -> None:
        self._rows: dict[int, bytes] = {}
        self._end = -1
        self._begun = keyed_hasher()

    def begin(self, competition: Competition) -> None:
        """Read who is there, unless nobody wrote since `end`."""
        if audit.chain_head(competition)[0] != self._end:
            self._rows = dict(_rows(_entrants(competition)))
            self._again()

    def of(self, competition: Competition, changed: Collection[str]) -> dict[str, str]:
        """The seal, where entrants of these codes alone were added or changed."""
        db.session.flush()
        codes, last = list(changed), max(self._rows, default=0)
        part: dict[int, bytes] = {}
        for start in range(0, len(codes), _CHUNK):
            chosen = Entrant.code.in_(codes[start : start + _CHUNK])
            part.update(_rows(_entrants(competition).where(chosen)))
        begun = not self._rows
        self._rows.update(part)
        if all(number > last for number in part):
            # Whoever is new stands at the end: the rest need not be gone through again.
            for number in sorted(part):
                self._begun.update(part[number] if begun else b"," + part[number])
                begun = False
        else:
            self._again()
        whole = self._begun.copy()
        whole.update(b"]")
        return {
            "entrants": whole.hexdigest(),
            "members": keyed_hash(_text(_members(competition))),
            **{kind: keyed_hash(text) for kind, text in _others(competition).items()},
        }

    def _again(self) -> None:
        self._begun = keyed_hasher()
        self._begun.update(b"[" + b",".join(self._rows[number] for number in sorted(self._rows)))

    def end(self, competition: Competition) -> None:
        """The record was written. Its hash is another once the rows' seals are put into it."""
        self._end = audit.chain_head(competition)[0]


def newest_seal(competition: Competition) -> dict[str, str] | None:
    """What the newest record says of the list and the rules; None where none does.

    Another one says that somebody changed them.
    """
    records = audit.told(competition, *_SEALED_BY)
    seals = [record["people"] for record in records if "people" in record]
    return {kind: seals[-1].get(kind, "") for kind in _OF_LIST} if seals else None


_OF_LIST = ("entrants", "members", "rules")
_CHUNK, _FEW, _MOST_LISTS = 500, 10, 8


_SEALED_BY = (
    *("competition.load", "entrants.add", "entrants.import", "entrant.correct", "judge.add"),
    *("judge.correct", "judge.remove", "judges.import"),
    *("application.accept", "entrant.erase"),
    *(
        "event.add",
        "event.remove",
        "event.rules",
        "event.rules.change",
        "unit.add",
        "unit.rename",
        "unit.remove",
        "unit.undo",
    ),
)


def check_people(competition: Competition) -> Iterator[Message]:
    """What of them no longer fits the newest seal; nothing where none was ever written."""
    records = audit.told(competition, *_SEALED_BY)
    seals = [record["people"] for record in records if "people" in record]
    if not seals:
        return
    words = {
        "entrants": msg("选手名单"),
        "members": msg("组合的成员"),
        "judges": msg("裁判名单"),
        "rules": msg("评分规则"),
    }
    for kind, now in _texts(competition).items():
        # A seal from before there were crews says nothing of members.
        if kind in seals[-1] and not is_keyed_hash(seals[-1][kind], now):
            yield msg("%(what)s在登记以后被改过", what=words[kind])


def _text(query: Select[Any]) -> str:
    return (b"[" + b",".join(text for _number, text in _rows(query)) + b"]").decode()


def _rows(query: Select[Any]) -> Iterator[tuple[int, bytes]]:
    """Each row's number and its canonical text; the list of them is that of the whole."""
    for row in db.session.execute(query.execution_options(yield_per=_CHUNK)):
        yield row[0], sealed_text([_plain(value) for value in row])


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
