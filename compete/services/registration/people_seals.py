"""A seal over who takes part, who judges and by which rules: whose a mark is, what it is worth.

Every act that writes people or rules puts the seal over all of them into its
record, under `people`. So marks cannot be given to another by changing the
name that stands beside them.

Entrants are sealed in parts, stretches of their numbers within one block. An act that
says who changed goes on from the record before it: it seals the blocks of these and
whoever is new, and the rest is not read again. With a hundred thousand on the list
reading it all took longer than everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select

from compete.domain.values.canonical import sealed_text
from compete.domain.values.messages import Message, msg
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
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.former_keys import is_keyed_hash

Seal = dict[str, Any]
"""`entrants` over the parts and the seal before, `last` the last entrant's number, `parts` what
this record sealed of the entrants (from, to, keyed hash), `before` the seal that it goes on from;
then `members`, `judges` and `rules`, each over all."""


def seal_people(competition: Competition, changed: Collection[int] | None = None) -> Seal:
    """Seal entrants, judges and rules by keyed hashes, for a record.

    Keyed, since they cover ID numbers, which nobody must be able to try out. `changed` are the
    numbers of all who were on the list already and say something else since the record before;
    without it everybody is read.
    """
    newest = _newest(competition) if changed is not None else None
    if newest is None or changed is None:
        parts = _parts(_rows(_entrants(competition)))
        sealed: Seal = {"entrants": _sealed("", parts), "parts": parts}
    else:
        before, last = newest
        blocks = sorted({number // _BLOCK for number in changed if number <= last})
        parts = []
        for block in blocks:
            here = Entrant.id.between(block * _BLOCK, min(last, (block + 1) * _BLOCK - 1))
            parts += _parts(_rows(_entrants(competition).where(here)))
        parts += _parts(_rows(_entrants(competition).where(Entrant.id > last)), last + 1)
        entrants = _sealed(before, parts) if parts else before
        sealed = {"entrants": entrants, "parts": parts, "before": before}
    known = max((part[1] for part in parts), default=0)
    sealed["last"] = max(known, newest[1] if newest is not None else 0)
    others = {kind: keyed_hash(text) for kind, text in _others(competition).items()}
    return {**sealed, **others}


def numbers_of_unit(unit: Unit) -> list[int]:
    """The numbers of all whom a unit sends: what changes with its name."""
    return list(db.session.scalars(select(Entrant.id).where(Entrant.unit_id == unit.id)))


def _parts(rows: Iterable[tuple[int, bytes]], begin: int = 0) -> list[list[Any]]:
    """The rows in order as parts, none beyond its block; the first from `begin`, if not before."""
    texts: dict[int, list[tuple[int, bytes]]] = {}
    for number, text in rows:
        texts.setdefault(number // _BLOCK, []).append((number, text))
    return [
        [max(block * _BLOCK, begin), part[-1][0], keyed_hash(_list(text for _n, text in part))]
        for block, part in texts.items()
    ]


def _sealed(before: str, parts: list[list[Any]]) -> str:
    return keyed_hash(sealed_text([before, parts]).decode())


def _newest(competition: Competition) -> tuple[str, int] | None:
    """The newest record's seal of the entrants and its last number; None from before there
    were parts."""
    query = (
        select(AuditEntry.after)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action.in_(SEALED_BY))
        .order_by(AuditEntry.seq.desc())
    )
    for after in db.session.scalars(query.execution_options(yield_per=_FEW)):
        if isinstance(after, dict) and isinstance(after.get("people"), dict):
            entrants, last = after["people"].get("entrants"), after["people"].get("last")
            known = isinstance(entrants, str) and isinstance(last, int)
            return (str(entrants), int(last)) if known else None
    return None


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


def _judges(competition: Competition) -> Select[Any]:
    return (
        select(Judge.id, Judge.code, Judge.name, Judge.role, Judge.unit_id)
        .where(Judge.competition_id == competition.id)
        .order_by(Judge.id)
    )


def _others(competition: Competition) -> dict[str, str]:
    return {
        "members": _text(_members(competition)),
        "judges": _text(_judges(competition)),
        "rules": _text(
            select(Event.code, RuleVersion.number, RuleVersion.sha256)
            .join(Event, Event.id == RuleVersion.event_id)
            .where(Event.competition_id == competition.id)
            .order_by(Event.code, RuleVersion.number)
        ),
    }


def _judges_unnamed(competition: Competition) -> str:
    """The judges as they were before those named themselves whose records seal nothing.

    So it was in small contests of the program's earlier versions: there the record's name has
    to be the one that stands.
    """
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition.id, AuditEntry.action.in_(SEALED_BY)
    )
    names = {judge.code: judge.name for judge in competition.judges}
    for entry in db.session.scalars(query.order_by(AuditEntry.seq.desc())):
        before, after = entry.before or {}, entry.after or {}
        if "people" in after:
            break
        if entry.action == "judge.named" and names.get(entry.subject) == after["name"]:
            names[entry.subject] = before["name"]
    rows = db.session.execute(_judges(competition)).tuples()
    return _list(
        sealed_text([_plain(value) for value in (number, code, names.get(code, name), *others)])
        for number, code, name, *others in rows
    )


def newest_seal(competition: Competition) -> Mapping[str, str] | None:
    """The newest record's seals on the list and the rules; None where there are none.

    Another one says that somebody changed them.
    """
    records = audit.record_contents(competition, *SEALED_BY)
    seals = [record["people"] for record in records if "people" in record]
    return {kind: seals[-1].get(kind, "") for kind in _OF_LIST} if seals else None


_OF_LIST = ("entrants", "members", "rules")
_CHUNK, _FEW = 500, 10
_BLOCK = 1000
"""The numbers in a block. Records are checked by it: it stays."""


SEALED_BY = (
    *("competition.load", "entrants.add", "entrants.import", "entrant.correct", "judge.add"),
    *("judge.correct", "judge.named", "judge.remove", "judges.import"),
    *("application.accept", "application.accept_undone", "entrant.erase"),
    *("event.add", "event.remove", "event.rules", "event.rules.change", "event.rules.alone"),
    *("unit.add", "unit.rename", "unit.remove", "unit.undo"),
)


def check_people(competition: Competition) -> Iterator[Message]:
    """Find what no longer fits the newest seal; nothing where none was ever written."""
    records = audit.record_contents(competition, *SEALED_BY)
    seals = [record["people"] for record in records if "people" in record]
    if not seals:
        return
    words = {
        "entrants": msg("选手名单"),
        "members": msg("组合的成员"),
        "judges": msg("裁判名单"),
        "rules": msg("评分规则"),
    }
    if not _entrants_fit(competition, seals):
        yield msg("%(what)s在登记以后被改过", what=words["entrants"])
    for kind, now in _others(competition).items():
        # A seal from before there were crews says nothing of members.
        if kind not in seals[-1] or is_keyed_hash(seals[-1][kind], now):
            continue
        if kind != "judges" or not is_keyed_hash(seals[-1][kind], _judges_unnamed(competition)):
            yield msg("%(what)s在登记以后被改过", what=words[kind])


def _entrants_fit(competition: Competition, seals: list[Seal]) -> bool:
    """True if each part is as the last record sealed it that says anything of it."""
    rows = _rows(_entrants(competition))
    begun = max((place for place, seal in enumerate(seals) if "before" not in seal), default=-1)
    if begun < 0:
        return False
    if "parts" not in seals[begun]:
        # From before there were parts: over all of them in one, and nothing goes on from it.
        whole = begun == len(seals) - 1
        return whole and is_keyed_hash(seals[begun].get("entrants"), _list(t for _n, t in rows))
    parts = _standing_parts(seals[begun:])
    if parts is None:
        return False
    waiting: list[bytes] = []
    at = 0
    for number, text in rows:
        while at < len(parts) and number > parts[at][1]:
            if not is_keyed_hash(parts[at][2], _list(waiting)):
                return False
            waiting, at = [], at + 1
        if at == len(parts) or number < parts[at][0]:
            # Nobody sealed this one.
            return False
        waiting.append(text)
    for part in parts[at:]:
        if not is_keyed_hash(part[2], _list(waiting)):
            return False
        waiting = []
    return True


def _standing_parts(seals: list[Seal]) -> list[list[Any]] | None:
    """The parts that stand, in order; None where a record does not go on from the one before."""
    standing: dict[int, list[list[Any]]] = {}
    before = ""
    for seal in seals:
        parts, entrants = seal.get("parts"), seal.get("entrants")
        if seal.get("before", "") != before or not isinstance(parts, list):
            return None
        text = sealed_text([before, parts]).decode()
        if parts or "before" not in seal:
            if not is_keyed_hash(entrants, text):
                return None
        elif entrants != before:
            return None
        for part in parts:
            block = part[0] // _BLOCK
            if part[0] == block * _BLOCK:
                # Sealed anew from its first number on.
                standing[block] = []
            standing.setdefault(block, []).append(part)
        before = str(entrants)
    return [part for block in sorted(standing) for part in standing[block]]


def _list(texts: Iterable[bytes]) -> str:
    return (b"[" + b",".join(texts) + b"]").decode()


def _text(query: Select[Any]) -> str:
    return _list(text for _number, text in _rows(query))


def _rows(query: Select[Any]) -> Iterator[tuple[int, bytes]]:
    """Read each row's number and canonical text; the list of them is that of the whole."""
    for row in db.session.execute(query.execution_options(yield_per=_CHUNK)):
        yield row[0], sealed_text([_plain(value) for value in row])


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
