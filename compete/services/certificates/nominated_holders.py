"""Nominated holders: a row of the competition, or a name of a unit."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import msg
from compete.models import Competition, Distinction, Entrant, Member, Unit, db
from compete.services.certificates.rows import whose
from compete.services.kernel.competition_settings import DistinctionRule
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_name
from compete.sheets.texts import same_name_key

_LACKING = {
    DistinctionKind.COACH: (msg("要写教练或领队的姓名"), msg("要选教练或领队的单位")),
    DistinctionKind.TEAM: (msg("要写班组的名称"), msg("要选班组的单位")),
    DistinctionKind.WORKER: (msg("要写姓名"), msg("要选这个人的单位")),
}
"""The words, by kind of holder given by name, where the name or the unit is lacking."""


@dataclass(frozen=True, slots=True)
class Nominee:
    """A nominee: a row of the competition by its code, or a name and unit.

    `full_name`: an official, a coach or a unit's worker agreed to be named in full.
    """

    code: str = ""
    name: str = ""
    unit: str = ""
    full_name: bool = False


def holder_row(competition: Competition, rule: DistinctionRule, nominee: Nominee) -> Distinction:
    """A row that says whose it is, and nothing more yet."""
    gone = Refused(msg("名单刚变过，请刷新后再选"))
    if rule.kind is DistinctionKind.UNIT:
        unit = next((u for u in competition.units if u.code == nominee.code), None)
        if unit is None:
            raise gone
        return Distinction(unit=unit, holder=f"unit:{unit.id}")
    if rule.kind is DistinctionKind.OFFICIAL:
        judge = next((j for j in competition.judges if j.code == nominee.code), None)
        if judge is None:
            raise gone
        return Distinction(
            judge=judge,
            unit_id=judge.unit_id,
            holder=f"judge:{judge.id}",
            full_name=nominee.full_name,
        )
    if rule.kind in _LACKING:
        no_name, no_unit = _LACKING[rule.kind]
        name = " ".join(nominee.name.split())
        check_name(name)
        if not name:
            raise invalid(no_name)
        unit = next((u for u in competition.units if u.code == nominee.unit), None)
        if unit is None:
            raise invalid(no_unit)
        key = named_holder(rule.kind, unit, name)
        return Distinction(unit=unit, name=name, holder=key, full_name=nominee.full_name)
    found = _person(competition, nominee.code)
    if found is None:
        raise gone
    entrant, member = found
    return Distinction(
        entrant=entrant, member=member, event_id=entrant.event_id, holder=whose(member or entrant)
    )


def _person(competition: Competition, code: str) -> tuple[Entrant, Member | None] | None:
    entrant = db.session.scalar(
        select(Entrant).where(
            Entrant.competition_id == competition.id, Entrant.code == code, takes_part()
        )
    )
    if entrant is not None:
        return (entrant, None) if entrant.erased_at is None else None
    member = db.session.scalar(
        select(Member)
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(Member.competition_id == competition.id, Member.code == code, takes_part())
    )
    return (member.entrant, member) if member is not None and member.erased_at is None else None


def named_holder(kind: DistinctionKind, unit: Unit, name: str) -> str:
    """The `Distinction.holder` of who is known by name and unit alone."""
    return f"{kind.value}:{unit.id}:{same_name_key(name)}"


def told_of(row: Distinction) -> str:
    """The holder as the chain tells it: by number where there is one, so no name is kept there."""
    if row.kind is DistinctionKind.WORKER and row.unit is not None:
        return f"{row.unit.code}-{row.id}"
    if row.name is not None:
        return row.called
    holder = row.member or row.entrant or row.judge or row.unit
    assert holder is not None
    return holder.code
