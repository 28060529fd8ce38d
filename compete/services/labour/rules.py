"""The rules of a labour competition: periods, indicators, flags and the rest, with departments.

They change freely until the first value is in, or a period is closed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import msgspec
from sqlalchemy import select

from compete.domain import BundleError, read_bundle, write_bundle
from compete.domain.bundle import Indicator, Labour, LabourValue, Period, Problem
from compete.domain.labour import Squares, score_cells
from compete.domain.values import Message, ScoringType, canonical_sha256, msg, some_of
from compete.models import (
    Account,
    AdjustmentEntry,
    Competition,
    LabourDepartment,
    LabourSignOff,
    LabourValueEntry,
    Membership,
    Unit,
    VetoEntry,
    db,
)
from compete.services.kernel import Refusal, Refused, audit, for_update, labour_of, unit_of_work
from compete.services.labour.departments import departments_of
from compete.services.labour.stands import period_stands
from compete.services.registration import add_units
from compete.services.scoring import bundle_around

_ANY = Period(code="p", name="p")


@dataclass(frozen=True)
class LabourRules:
    """The rules, the indicators of each department by its name, and units with their groups.

    A unit with an empty group is ranked with all others; one that is not named stays as it is.
    """

    labour: Labour
    departments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Sequence[tuple[str, str]] = ()


def labour_rules(competition: Competition) -> LabourRules:
    """What is in force."""
    labour = labour_of(competition)
    groups = labour.groups or {}
    return LabourRules(
        labour,
        {row.name: tuple(row.indicators) for row in departments_of(competition)},
        [(unit.name, groups.get(unit.code, "")) for unit in competition.units],
    )


def why_labour_rules_stay(competition: Competition) -> Message | None:
    """Why the rules cannot be changed any more; None while they can."""
    if period_stands(competition):
        return msg("已经结过账，规则不能再换")
    for table in (LabourValueEntry, AdjustmentEntry, VetoEntry):
        found = (
            select(table.id)
            .join(Unit, Unit.id == table.unit_id)
            .where(Unit.competition_id == competition.id)
        )
        if db.session.scalar(found.limit(1)) is not None:
            return msg("已经有数了，规则不能再换：换了以后，填过的数说的就不是原来的事")
    return None


def rules_problems(competition: Competition, labour: Labour) -> list[Problem]:
    """What the format finds wrong with rules, without units and what is entered of them."""
    bare = msgspec.structs.replace(labour, groups=None, values=(), adjustments=(), vetoes=())
    bundle = msgspec.structs.replace(bundle_around(competition, ()), labour=bare)
    try:
        read_bundle(write_bundle(bundle, "json"))
    except BundleError as error:
        return list(error.problems)
    return []


def save_labour_rules(competition: Competition, rules: LabourRules, by: Account) -> bool:
    """Put these in force; whether that changed anything. Units that are new are added.

    Raises `Refused` (CONFLICT) once something was entered, or where a department that was
    given a link would have nothing left to enter.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        why = why_labour_rules_stay(competition)
        if why is not None:
            raise Refused(why)
        before = labour_rules(competition)
        groups = dict(before.units) | dict(rules.units)
        new = [name for name, _group in rules.units if name not in dict(before.units)]
        # Groups are set below, whole: until then the new ones stand in none.
        competition.labour = dict(competition.labour or {}) | {"groups": None}
        session.flush()
        if new:
            add_units(competition, new, by)
            session.refresh(competition, ["units"])
        grouped = {
            unit.code: groups[unit.name] for unit in competition.units if groups.get(unit.name)
        }
        without = [unit.name for unit in competition.units if unit.code not in grouped]
        if grouped and without:
            why = msg("有的单位写了组，有的没有：%(names)s", names=some_of(without))
            raise Refused(why, kind=Refusal.INVALID)
        labour = msgspec.structs.replace(
            rules.labour, groups=grouped or None, values=(), adjustments=(), vetoes=()
        )
        written = json.loads(msgspec.json.encode(labour))
        competition.labour = written
        _save_departments(competition, rules)
        session.flush()
        after = labour_rules(competition)
        if after == before:
            return False
        audit.record(
            competition,
            by,
            "labour.rules",
            competition.name,
            before={"sha256": _hash(before.labour)},
            after={
                "sha256": _hash(after.labour),
                "indicators": [each.code for each in labour.indicators],
                "periods": [each.code for each in labour.periods],
                "departments": {name: list(codes) for name, codes in after.departments.items()},
            },
        )
    return True


@dataclass(frozen=True, slots=True)
class Example:
    """What an indicator gives for a value, with its target where it has one."""

    value: Decimal
    target: Decimal | None
    score: Fraction


def worked_example(indicator: Indicator) -> Example:
    """One value that is telling, and its score by the rule itself."""
    scoring, target = indicator.scoring, None
    match scoring.type:
        case ScoringType.DEDUCTION:
            value = Decimal(2)
        case ScoringType.COMPLETION:
            value, target = Decimal(90), Decimal(100)
        case ScoringType.LINEAR:
            assert scoring.zero_at is not None  # the reader makes sure
            assert scoring.full_at is not None
            value = (scoring.zero_at + scoring.full_at) / 2
        case ScoringType.RANK:
            value = Decimal(1)
        case _:
            value = indicator.max
    alone = msgspec.structs.replace(indicator, periods=())
    cell = "u", "p", indicator.code
    said = LabourValue(unit="u", period="p", indicator=indicator.code, value=value, target=target)
    squares = Squares(Labour(periods=(_ANY,), indicators=(alone,)), {"u": None}, {cell: said})
    return Example(value, target, score_cells(squares)[cell])


def _save_departments(competition: Competition, rules: LabourRules) -> None:
    """Departments as the rules have them; one that nobody names any more goes, if it may."""
    known = {each.code for each in rules.labour.indicators}
    given = set(
        db.session.scalars(
            select(Membership.department_id).where(
                Membership.competition_id == competition.id, Membership.department_id.is_not(None)
            )
        )
    )
    standing = {row.name: row for row in departments_of(competition)}
    for name, codes in rules.departments.items():
        row = standing.pop(name, None)
        if row is None:
            row = LabourDepartment(competition_id=competition.id, name=name)
            db.session.add(row)
        row.indicators = [code for code in codes if code in known]
    for row in standing.values():
        signed = select(LabourSignOff.id).where(LabourSignOff.department_id == row.id).limit(1)
        if row.id in given or db.session.scalar(signed) is not None:
            raise Refused(
                msg("%(name)s的打分链接已经发了，至少要有一项它打分的指标", name=row.name)
            )
        db.session.delete(row)


def _hash(labour: Labour) -> str:
    return canonical_sha256(json.loads(msgspec.json.encode(labour)))
