"""Declared ties (回避关系): one by one or as lines of a table, and taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.seating import ClashKind
from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.models import (
    Account,
    Competition,
    Entrant,
    Judge,
    JudgeTie,
    Member,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.settled_panels import claim_seating

KIND_WORDS = {
    ClashKind.KIN: msg("亲属"),
    ClashKind.MENTOR: msg("师徒"),
    ClashKind.COACH: msg("教练"),
    ClashKind.UNIT: msg("所在单位"),
}
"""The kinds that can be declared; a unit's name in the second place ties to all of it."""
LONGEST_NOTE = 200
MOST_LINES = 500
_OF_UNITS = (ClashKind.UNIT, ClashKind.COACH)
_SPLIT = str.maketrans("，、；;\t", ",,,,,")
_FIRST_YEAR, _YEAR_DIGITS = 1950, 4
Row = TypeVar("Row", Judge, Entrant, Unit)


class TieLinesError(Refused):
    """A refusal of lines that cannot be read; `faults` say which and why. Nothing was written."""

    def __init__(self, faults: Sequence[tuple[int, Message]]) -> None:
        super().__init__(msg("有 %(n)s 行要改，一行都没有记", n=len(faults)), kind=Refusal.INVALID)
        self.faults = faults


def ties_of(competition: Competition) -> Sequence[JudgeTie]:
    """List the ties that stand, the newest first."""
    query = (
        select(JudgeTie)
        .where(JudgeTie.competition_id == competition.id, JudgeTie.ended_at.is_(None))
        .options(
            joinedload(JudgeTie.judge), joinedload(JudgeTie.entrant), joinedload(JudgeTie.unit)
        )
        .order_by(JudgeTie.id.desc())
    )
    return db.session.scalars(query).all()


def declare_ties(competition: Competition, text: str, by: Account) -> int:
    """Declare ties, a line each: judge, contestant or unit, kind, last year (or none), a note.

    Judges, contestants and units are named by code or by a name that only one of them bears;
    a crew also by whoever is in it, which the note then says.
    What stands already is passed over. Returns how many are new. Raises `TieLinesError`.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise invalid(msg("还没有写"))
    if len(lines) > MOST_LINES:
        raise invalid(msg("一次最多 %(most)s 行，现在是 %(n)s 行", most=MOST_LINES, n=len(lines)))
    with unit_of_work() as session:
        competition = claim_seating(competition)
        names = _Names(competition)
        found: list[JudgeTie] = []
        faults: list[tuple[int, Message]] = []
        for number, line in lines:
            try:
                found.append(names.read(line, competition, by))
            except Refused as refused:
                faults.append((number, refused.message))
        if faults:
            raise TieLinesError(faults)
        there = {_key(tie) for tie in ties_of(competition)}
        fresh = []
        for tie in found:
            if _key(tie) not in there:
                there.add(_key(tie))
                fresh.append(tie)
        session.add_all(fresh)
        session.flush()
        for tie in fresh:
            # Nobody who reads the records learns here whom a judge will meet.
            after = {"id": tie.id, "kind": tie.kind.value, "unit": tie.unit_id is not None}
            audit.record(competition, by, "tie.declare", names.codes[tie.judge_id], after=after)
    return len(fresh)


def end_tie(tie: JudgeTie, by: Account) -> None:
    """End a tie that was a mistake, or is no more: it counts no longer."""
    number = tie.id
    with unit_of_work() as session:
        competition = claim_seating(session.get_one(Competition, tie.competition_id))
        tie = session.get_one(JudgeTie, number, populate_existing=True)
        if tie.ended_at is not None:
            return
        tie.ended_at, tie.ended_by = utc_now(), by.id
        session.flush()
        before = {"id": tie.id, "kind": tie.kind.value, "unit": tie.unit_id is not None}
        audit.record(competition, by, "tie.end", tie.judge.code, before=before)


def _key(tie: JudgeTie) -> tuple[object, ...]:
    return tie.judge_id, tie.entrant_id, tie.unit_id, tie.kind, tie.year


class _Names:
    """The people meant by a code or a name."""

    def __init__(self, competition: Competition) -> None:
        judges = [
            judge for judge in competition.judges if (judge.role or Role.JUDGE) in SCORING_ROLES
        ]
        entrants = db.session.scalars(
            select(Entrant).where(Entrant.competition_id == competition.id, takes_part())
        ).all()
        self.codes = {judge.id: judge.code for judge in judges}
        self._judges = _named(judges)
        self._entrants = _named(entrants)
        self._in_crews = self._name_crews(competition, entrants)
        self._units = _named(competition.units)

    def _name_crews(self, competition: Competition, entrants: Sequence[Entrant]) -> set[str]:
        """Let a member's name mean the whole crew: it is met as one. Returns their names."""
        by_id = {entrant.id: entrant for entrant in entrants}
        members = db.session.execute(
            select(Member.name, Member.entrant_id)
            .where(Member.competition_id == competition.id)
            .order_by(Member.id)
        ).tuples()
        names = set()
        for name, crew in members:
            if crew in by_id and by_id[crew] not in self._entrants[name]:
                self._entrants[name].append(by_id[crew])
                names.add(name)
        return names

    def read(self, line: str, competition: Competition, by: Account) -> JudgeTie:
        """A line as a row that is not yet in the session."""
        parts = [part.strip() for part in line.translate(_SPLIT).split(",")]
        if len(parts) < 3:
            raise _wrong(msg("要写裁判、选手或单位、关系，用逗号隔开"))
        kind = next((kind for kind, word in KIND_WORDS.items() if str(word) == parts[2]), None)
        if kind is None:
            raise _wrong(
                msg("“%(word)s”不是关系，写亲属、师徒、教练或所在单位", word=parts[2][:40])
            )
        judge = _single(self._judges, parts[0])
        if judge is None:
            raise _wrong(msg("没有裁判“%(name)s”", name=parts[0][:60]))
        entrant = None if kind is ClashKind.UNIT else _single(self._entrants, parts[1])
        unit = _single(self._units, parts[1]) if entrant is None and kind in _OF_UNITS else None
        if entrant is None and unit is None:
            raise _wrong(
                msg("没有单位“%(name)s”", name=parts[1][:60])
                if kind is ClashKind.UNIT
                else msg("没有选手“%(name)s”", name=parts[1][:60])
            )
        note = ",".join(parts[4:]).strip(", ")
        if entrant is not None and parts[1] in self._in_crews:
            note = ",".join(filter(None, (parts[1], note)))
        check_text(note, LONGEST_NOTE)
        return JudgeTie(
            competition_id=competition.id,
            judge_id=judge.id,
            entrant_id=entrant.id if entrant else None,
            unit_id=unit.id if unit else None,
            kind=kind,
            year=_year(parts[3] if len(parts) > 3 else ""),
            note=note,
            made_by=by.id,
        )


def _named(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.code].append(row)
        if row.name != row.code:
            found[row.name].append(row)
    return found


def _single(named: dict[str, list[Row]], text: str) -> Row | None:
    found = named.get(text, [])
    if len(found) > 1:
        raise _wrong(msg("“%(name)s”不止一个，写编号", name=text[:60]))
    return found[0] if found else None


def _year(text: str) -> int | None:
    text = text.removesuffix("年").strip()
    if not text:
        return None
    last = local_today().year
    plain = text.isascii() and text.isdigit() and len(text) == _YEAR_DIGITS
    if not (plain and _FIRST_YEAR <= int(text) <= last):
        raise _wrong(msg("年份“%(year)s”看不懂，写到哪一年为止，还在继续就空着", year=text[:20]))
    return int(text)


def _wrong(message: Message) -> Refused:
    return invalid(message)
