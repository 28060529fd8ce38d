"""The rules of a labour competition: periods, indicators, flags and the rest, with departments.

They change freely until the first value is in, or a period is closed; then by two alone, see
`rule_changes`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue, Period
from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.kept_flags import FLAG_KEEP, says_flag_keep
from compete.domain.labour.rule_versions import leaves_in_order
from compete.domain.labour.scores import Squares, score_cells
from compete.domain.labour.self_assessment import SELF_ASSESSED, self_assessed, with_self_assessed
from compete.domain.labour.unit_spans import WHOLE, UnitSpan, unit_spans, with_unit_spans
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.record import Extra
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
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import too_long
from compete.services.kernel.transactions import changing
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import period_states
from compete.services.labour.rule_fit import still_used
from compete.services.registration.units.unit_list import add_units
from compete.services.scoring.bundle_out import bundle_around

_ANY = Period(code="p", name="p")


def why_labour_rules_stay(competition: Competition) -> Message | None:
    """Say why one person alone cannot change the rules any more; None while one can."""
    if period_states(competition):
        return msg("已经结过账，改规则要写理由、要第二个人同意")
    for table in (LabourValueEntry, AdjustmentEntry, VetoEntry):
        query = (
            select(table.id)
            .join(Unit, Unit.id == table.unit_id)
            .where(Unit.competition_id == competition.id)
        )
        if db.session.scalar(query.limit(1)) is not None:
            return msg("已经有数了，改规则要写理由、要第二个人同意")
    return None


LONGEST_RULE_NAME = 200
"""Of headings, indicators, periods and groups: columns of the standings and papers bear them."""


def long_rule_names(labour: Labour, groups: Iterable[str] | None = None) -> list[Problem]:
    """Find every name that is too long, by its place in the rules.

    `groups` are those of the form's units in their order; None: as the rules say it.
    """
    of_groups = (
        [(f"groups.{unit}", group) for unit, group in (labour.groups or {}).items()]
        if groups is None
        else [(f"units[{n}].group", group) for n, group in enumerate(groups)]
    )
    names = [
        *((f"periods[{n}].name", period.name) for n, period in enumerate(labour.periods)),
        *(
            (f"indicators[{n}].name", indicator.name)
            for n, indicator in enumerate(labour.indicators)
        ),
        *(
            (f"indicators[{n}].heading", indicator.heading or "")
            for n, indicator in enumerate(labour.indicators)
        ),
        *((f"prizes[{n}].name", prize.name) for n, prize in enumerate(labour.prizes)),
        *of_groups,
    ]
    most = LONGEST_RULE_NAME
    return [Problem(path, too_long(name, most)) for path, name in names if len(name) > most]


def rules_problems(competition: Competition, labour: Labour) -> list[Problem]:
    """List what is wrong with rules, apart from units and their entries: names too long, what
    is gone and used by others, with what no form shows, or what the format finds.
    """
    before = labour_rules(competition).labour
    labour = _keeping_extras(before, labour)
    if long := long_rule_names(labour, (labour.groups or {}).values()):
        return long
    if used := still_used(before, json.loads(msgspec.json.encode(labour))):
        return [Problem("", use.why) for use in used]
    bare = msgspec.structs.replace(labour.without_entries(), groups=None)
    bundle = msgspec.structs.replace(bundle_around(competition, (), ()), labour=bare)
    try:
        read_bundle(write_bundle(bundle, "json"))
    except BundleError as error:
        return list(error.problems)
    return []


def save_labour_rules(
    competition: Competition, rules: LabourRules, by: Account, *, seen: str | None = None
) -> bool:
    """Put these in force; whether that changed anything. Units that are new are added.

    `seen` says which rules the form showed (`rules_mark`). Raises `Refused` (CONFLICT) once
    something was entered, where others changed the rules since, or where a department that was
    given a link would have nothing left to enter.
    """
    with changing(competition) as competition:
        why = why_labour_rules_stay(competition)
        if why is not None:
            raise Refused(why)
        require_same_rules(competition, seen)
        before = labour_rules(competition)
        put_in_force(competition, rules, by)
        after = labour_rules(competition)
        if after == before:
            return False
        audit.record(
            competition,
            by,
            "labour.rules",
            competition.name,
            before={"sha256": _hash(before.labour)},
            after={"sha256": _hash(after.labour), **rules_record(after)},
        )
    return True


def put_in_force(competition: Competition, rules: LabourRules, by: Account) -> None:
    """Write rules as those of the competition, within the unit of work of who calls.

    Units that are new are added. Raises `Refused`: INVALID where a name is too long, where some
    units have a group and others none, CONFLICT where a department that was given a link would
    enter nothing any more.
    """
    if long := long_rule_names(rules.labour, [group for _unit, group in rules.units]):
        raise invalid(long[0].message)
    session = db.session
    before = labour_rules(competition)
    groups = dict(before.units) | dict(rules.units)
    new = [name for name, _group in rules.units if name not in dict(before.units)]
    if problems := span_problems(rules, groups):
        raise invalid(problems[0].message)
    # Groups are set below, whole: until then the new ones stand in none.
    competition.labour = dict(competition.labour or {}) | {"groups": None}
    session.flush()
    if new:
        add_units(competition, new, by)
        session.refresh(competition, ["units"])
    labour = followed_labour(competition, before, rules, groups)
    competition.labour = json.loads(msgspec.json.encode(labour))
    _save_departments(competition, rules)
    session.flush()


def followed_labour(
    competition: Competition, before: LabourRules, rules: LabourRules, group_of: Mapping[str, str]
) -> Labour:
    """The labour part by which rules follow others: with what no form shows, and no entries."""
    labour = msgspec.structs.replace(
        _keeping_extras(before.labour, rules.labour).without_entries(),
        groups=_groups_with(competition, before, group_of, rules.away),
    )
    if rules.spans is None:
        return labour
    codes = {unit.name: unit.code for unit in competition.units}
    spans = {
        codes[name]: msgspec.structs.replace(span, into=codes.get(span.into or ""))
        for name, span in rules.spans.items()
        if name in codes
    }
    return with_unit_spans(labour, spans)


def span_problems(rules: LabourRules, names: Collection[str]) -> list[Problem]:
    """Find what is wrong with units' first and last periods, by the place among those told.

    `names` are all units that there are, or will be.
    """
    spans, leaves = rules.spans or {}, leaves_in_order(rules.labour)
    problems = []
    for n, (name, span) in enumerate(spans.items()):
        if name and name not in names:
            problems.append(Problem(f"spans[{n}].unit", msg("没有“%(text)s”", text=name[:40])))
        for key, leaf in (("first", span.first), ("last", span.last)):
            if leaf is not None and leaf not in leaves:
                why = msg("没有“%(text)s”这一期，或者这一期不直接打分", text=leaf[:40])
                problems.append(Problem(f"spans[{n}].{key}", why))
        if {span.first, span.last} <= {None, *leaves} and not any(
            span.holds(leaves, leaf) for leaf in leaves
        ):
            problems.append(Problem(f"spans[{n}].last", msg("最后一期在第一期前面")))
        if span.into is None:
            continue
        if span.into not in names or span.into == name:
            why = msg("并入的要是另一家参赛单位，没有“%(text)s”", text=span.into[:40])
            problems.append(Problem(f"spans[{n}].into", why))
        elif span.last is None:
            problems.append(Problem(f"spans[{n}].last", msg("并入别家的，写最后参加的一期")))
        elif span.last in leaves and _ended(spans.get(span.into, WHOLE), leaves, span.last):
            why = msg("%(unit)s那时已经退出了", unit=span.into)
            problems.append(Problem(f"spans[{n}].into", why))
    return problems


def _ended(span: UnitSpan, leaves: Sequence[str], last: str) -> bool:
    """True if a unit takes no part after a leaf."""
    return not any(span.holds(leaves, leaf) for leaf in leaves[leaves.index(last) + 1 :])


def _groups_with(
    competition: Competition,
    before: LabourRules,
    group_of: Mapping[str, str],
    now_away: Collection[str],
) -> dict[str, str] | None:
    """The groups by the units' codes, as a list of names says; None where all are one group.

    Who took no part, being in none, may stay so, and who is `now_away`. Raises `Refused`
    (INVALID) where others have a group and a unit has none.
    """
    grouped = {
        unit.code: group_of[unit.name]
        for unit in competition.units
        if group_of.get(unit.name) and unit.name not in now_away
    }
    away = set(now_away)
    if before.labour.groups:
        away |= {name for name, group in before.units if not group}
    without = [
        unit.name
        for unit in competition.units
        if unit.code not in grouped and unit.name not in away
    ]
    if grouped and without:
        why = msg("有的单位写了组，有的没有：%(names)s", names=some_of(without))
        raise invalid(why)
    return grouped or None


def _keeping_extras(before: Labour, after: Labour) -> Labour:
    """Keep in the rules what no form shows: what is beyond the keys."""
    replace = msgspec.structs.replace
    prizes = {prize.code: prize.extra for prize in before.prizes}
    periods = {period.code: period.extra for period in before.periods}
    indicators = {indicator.code: indicator for indicator in before.indicators}

    def with_old_scoring(indicator: Indicator) -> Indicator:
        old = indicators.get(indicator.code)
        if old is None:
            return replace(
                indicator, extra=with_self_assessed(indicator.extra, self_assessed(indicator))
            )
        # A workbook without that column says nothing about it.
        silent = (indicator.extra or {}).get(SELF_ASSESSED, True) is None
        extra = with_self_assessed(old.extra, self_assessed(old if silent else indicator))
        scoring = indicator.scoring
        if scoring.type is old.scoring.type:
            scoring = replace(scoring, extra=old.scoring.extra)
        return replace(indicator, extra=extra, scoring=scoring)

    flags = after.flags
    if flags is not None and before.flags is not None:
        flags = replace(flags, extra=before.flags.extra)
    return replace(
        after,
        periods=tuple(replace(period, extra=periods.get(period.code)) for period in after.periods),
        indicators=tuple(with_old_scoring(indicator) for indicator in after.indicators),
        flags=flags,
        prizes=tuple(replace(prize, extra=prizes.get(prize.code)) for prize in after.prizes),
        extra=_with_rules_beside(before, after),
    )


def _with_rules_beside(before: Labour, after: Labour) -> Extra | None:
    """The rules to stand beside those before; a form that shows them may change some of it."""
    if not says_flag_keep(after):
        return before.extra
    return {**(before.extra or {}), FLAG_KEEP: (after.extra or {})[FLAG_KEEP]}


def rules_record(rules: LabourRules) -> dict[str, Any]:
    """The rules as a record of the chain names them."""
    return {
        "indicators": [indicator.code for indicator in rules.labour.indicators],
        "periods": [period.code for period in rules.labour.periods],
        "departments": {name: list(codes) for name, codes in rules.departments.items()},
    }


@dataclass(frozen=True, slots=True)
class Example:
    """An example of an indicator's result for a value, with its target where it has one."""

    value: Decimal
    target: Decimal | None
    score: Fraction


def worked_example(indicator: Indicator) -> Example:
    """Work out one telling value, and its score by the rule itself."""
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
    entry = LabourValue(unit="u", period="p", indicator=indicator.code, value=value, target=target)
    squares = Squares(Labour(periods=(_ANY,), indicators=(alone,)), {"u": None}, {cell: entry})
    return Example(value, target, score_cells(squares)[cell])


def _save_departments(competition: Competition, rules: LabourRules) -> None:
    """Save the departments of the rules; one that nobody names any more goes, if it may."""
    known = {indicator.code for indicator in rules.labour.indicators}
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


@dataclass(frozen=True)
class LabourRules:
    """The rules, the indicators of each department by its name, and units with their groups.

    A unit with an empty group is ranked with all others; one that is not named stays as it is.
    Where others have a group, those `away` are ranked in none, as those that were in none.
    """

    labour: Labour
    departments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Sequence[tuple[str, str]] = ()
    away: Collection[str] = ()
    spans: Mapping[str, UnitSpan] | None = None
    """By name of those that are not there all the time; `into` is a name. None: as it was."""

    @property
    def whose(self) -> dict[str, str]:
        """The name of the department that enters each indicator, by the indicator's code."""
        return {code: name for name, codes in self.departments.items() for code in codes}


def labour_rules(competition: Competition) -> LabourRules:
    """The rules in force."""
    labour = labour_of(competition)
    groups = labour.groups or {}
    names = {unit.code: unit.name for unit in competition.units}
    return LabourRules(
        labour,
        {row.name: tuple(row.indicators) for row in departments_of(competition)},
        [(unit.name, groups.get(unit.code, "")) for unit in competition.units],
        spans={
            names[code]: msgspec.structs.replace(span, into=names.get(span.into or ""))
            for code, span in unit_spans(labour).items()
            if code in names
        },
    )


def written_rules(rules: LabourRules) -> dict[str, Any]:
    """The rules as the database keeps them."""
    kept: dict[str, Any] = json.loads(msgspec.json.encode(rules))
    return kept


def rules_text(rules: LabourRules) -> str:
    """The rules as one text, to be read by `rules_of_text`."""
    return json.dumps(written_rules(rules), ensure_ascii=False)


def rules_of_text(text: str) -> LabourRules:
    """Read rules from a text, unchecked. Raises ValueError for a text that is none of rules."""
    return msgspec.json.decode(text, type=LabourRules)


def rules_mark(competition: Competition) -> str:
    """The mark by which a form tells whether others changed the rules since it was shown."""
    return canonical_sha256(written_rules(labour_rules(competition)))


def require_same_rules(competition: Competition, seen: str | None) -> None:
    """Raise `Refused` where a form showed other rules than those in force; None: it showed none."""
    if seen is not None and seen != rules_mark(competition):
        raise Refused(msg("你打开以后别人改过规则，你填的还在下面。另开一页看过再存"))
