"""Rule changes of a labour competition after its first value: one asks, another agrees.

Until then nothing is scored by them, and nobody is told who would gain or lose: what a change
scores anew is told without names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.closed_periods import Shift, shifts_between
from compete.domain.labour.kept_flags import FlagKeep, with_flag_keep
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.rule_versions import (
    held_from,
    leaves_in_order,
    same_scoring,
    settings_changed,
)
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.messages import msg
from compete.domain.values.period_states import CORRECTION_MOVES, CorrectionState, PeriodState
from compete.domain.values.states import move
from compete.models import Account, Competition, LabourRuleChange, LabourSignOff, db, utc_now
from compete.services.accounts.second_persons import SecondWord, is_linked
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import claimed, for_update, unit_of_work
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import (
    closed_periods,
    mark_corrected,
    period_stands,
    state_of,
)
from compete.services.labour.rule_fit import (
    Fitting,
    Misfit,
    refuse_misfit,
    why_closed_moves,
    why_no_start,
    why_not_fit,
)
from compete.services.labour.rules import (
    LabourRules,
    followed_labour,
    labour_rules,
    put_in_force,
    require_same_rules,
    rules_of_text,
    rules_problems,
    rules_record,
    save_labour_rules,
    span_problems,
    why_labour_rules_stay,
    written_rules,
)
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import asked_in
from compete.services.scoring.journeys import LEAST_IN_A_ROW, flag_sorts, kept_after
from compete.services.scoring.live_labour import (
    LabourLive,
    keep_labour_live,
    labour_live,
    labour_of_bundle,
)


def changes_of_rules(competition: Competition) -> list[LabourRuleChange]:
    """List all changes, newest first."""
    query = _changes(competition).options(
        joinedload(LabourRuleChange.asker), joinedload(LabourRuleChange.ender)
    )
    return list(db.session.scalars(query))


def _changes(
    competition: Competition, *where: ColumnElement[bool]
) -> Select[tuple[LabourRuleChange]]:
    """Select changes, newest first."""
    return (
        select(LabourRuleChange)
        .where(LabourRuleChange.competition_id == competition.id, *where)
        .order_by(LabourRuleChange.id.desc())
    )


def waiting_rules(competition: Competition) -> LabourRuleChange | None:
    """The change that waits for a second person: never more than one."""
    waits = LabourRuleChange.state == CorrectionState.ASKED
    return db.session.scalar(_changes(competition, waits).limit(1))


def rules_version(competition: Competition) -> int:
    """The number of the version in force: 1 until a change of it was agreed."""
    newest = select(func.max(LabourRuleChange.number)).where(
        LabourRuleChange.competition_id == competition.id
    )
    return db.session.scalar(newest) or 1


def changes_from_a_period(competition: Competition) -> list[tuple[Labour, Labour, str]]:
    """The agreed changes that hold from a period on: rules before and after, and the period."""
    agreed = LabourRuleChange.state == CorrectionState.AGREED
    rows = db.session.scalars(_changes(competition, agreed, LabourRuleChange.starts.is_not(None)))
    return [
        (was.labour, rules.labour, change.starts or "")
        for change in reversed(rows.all())
        for was, rules in (both_rules(change),)
    ]


def rules_since(competition: Competition, at: datetime) -> LabourRuleChange | None:
    """The newest change that took effect after a moment, such as that of a publication."""
    agreed = LabourRuleChange.state == CorrectionState.AGREED
    later = LabourRuleChange.ended_at > at
    return db.session.scalar(_changes(competition, agreed, later).limit(1))


def ask_rules(
    competition: Competition,
    wanted: LabourRules,
    reason: str,
    by: Account,
    *,
    starts: str | None = None,
    seen: str | None = None,
) -> LabourRuleChange:
    """Write down what the rules are to be; they hold once another person agrees.

    `starts` is the leaf period from which they hold, None: every period is scored by them;
    `seen` says which rules a form showed (`rules_mark`).
    Raises `Refused` (INVALID) without a reason, where nothing differs, and for rules that what
    was entered or closed does not fit, (CONFLICT) while one person alone may still change them
    and where another change waits.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        if why_labour_rules_stay(competition) is None:
            raise Refused(msg("还没有数，规则直接改就行"))
        if waiting_rules(competition) is not None:
            raise Refused(msg("已经有一份规则改动在等第二个人，先同意或者撤回它"))
        reason = reason_text(reason, msg("写明为什么改规则"))
        require_same_rules(competition, seen)
        before, live = labour_rules(competition), labour_live(competition)
        rules = _following(competition, live, before, wanted, starts)
        if _are_same(before, rules):
            raise invalid(msg("和现在的规则一样，没有要改的"))
        _require_fit(competition, live, before, rules, starts, wanted.labour)
        change = LabourRuleChange(
            competition_id=competition.id,
            was=written_rules(before),
            wanted=written_rules(rules),
            sha256=canonical_sha256(written_rules(rules)),
            starts=starts,
            reason=reason,
            state=CorrectionState.ASKED,
            asked_by=by.id,
            asker=by,
        )
        session.add(change)
        session.flush()
        _note(competition, change, by, "labour.rules.ask", change.reason)
    return change


def agree_rules(change: LabourRuleChange, by: Account) -> LabourRuleChange:
    """The second person: the rules are in force, a version of their own; what moved is kept.

    Raises `Refused` for who asked, who counts as no second person, or has no right to, and where
    the rules in force, or what was entered, became others since.
    """
    # Worked out before the lock, where it is not kept already.
    labour_live(change.competition)
    with unit_of_work() as session:
        change, competition = claimed(change)
        to = move(change.state, CorrectionState.AGREED, CORRECTION_MOVES)
        rules_word(change).require(by)
        before, rules = both_rules(change)
        if not _still(competition, before):
            raise Refused(msg("提出以后规则、部门或分组又变过：撤回，照现在的再提一次"))
        was = labour_live(competition)
        signed = _signed_otherwise(competition, before, rules)
        _require_fit(competition, was, before, rules, change.starts, rules.labour)
        put_in_force(competition, rules, by)
        now = labour_live(competition)
        change.number = rules_version(competition) + 1
        shifts = shifts_between(was.outcome, now.outcome, list(now.outcome.field.tree.periods))
        change.moves = [msgspec.to_builtins(shift) for shift in shifts]
        change.state, change.ended_by, change.ended_at = to, by.id, utc_now()
        for row in signed:
            row.withdrawn_by, row.withdrawn_at = by.id, utc_now()
            row.withdrawn_why = msg("规则换成了第 %(n)s 版", n=change.number).render()
        mark_corrected(competition, _moved_periods(was.outcome, now.outcome, shifts))
        session.flush()
        done = {
            **rules_record(rules),
            "number": change.number,
            "asked": change.asker.name,
            "moved": len({shift.unit for shift in shifts}),
            "signed": len(signed),
        }
        _note(competition, change, by, "labour.rules.change", change.reason, done, bends=True)
    keep_labour_live(change.competition, now, "labour.rules.change")
    return change


def refuse_rules(change: LabourRuleChange, why: str, by: Account) -> LabourRuleChange:
    """The second person says no, and why (INVALID without)."""
    return _dropped(change, by, why)


def withdraw_rules(change: LabourRuleChange, by: Account) -> LabourRuleChange:
    """Take back a change by who asked for it; `Refused` (FORBIDDEN) for others."""
    return _dropped(change, by)


def _following(
    competition: Competition,
    live: LabourLive,
    before: LabourRules,
    wanted: LabourRules,
    starts: str | None,
) -> LabourRules:
    """The whole rules to be in force: groups and extras as they are, other rules until `starts`."""
    groups = dict(before.units) | dict(wanted.units)
    groups |= dict.fromkeys(wanted.away, "")
    labour = followed_labour(competition, before, wanted, groups)
    refuse_misfit([Misfit(problem.message) for problem in rules_problems(competition, labour)])
    if problems := span_problems(wanted, groups):
        raise invalid(problems[0].message)
    spans = before.spans if wanted.spans is None else wanted.spans
    rules = LabourRules(labour, wanted.departments, list(groups.items()), wanted.away, spans)
    if starts is None:
        return rules
    fitting = Fitting(competition, live, before.labour, labour, labour, starts)
    refuse_misfit(why_no_start(fitting))
    labour, made = held_from(before.labour, labour, starts)
    departments = _departments(before, rules, labour, made)
    return replace(rules, labour=labour, departments=departments)


def _departments(
    before: LabourRules, wanted: LabourRules, labour: Labour, made: Mapping[str, str]
) -> dict[str, list[str]]:
    """The departments for each wanted indicator; what stays as it was keeps its department."""
    codes_of = {
        name: [made.get(code, code) for code in codes] for name, codes in wanted.departments.items()
    }
    given = {code for codes in codes_of.values() for code in codes}
    for name, codes in before.departments.items():
        codes_of.setdefault(name, []).extend(code for code in codes if code not in given)
    order = [indicator.code for indicator in labour.indicators]
    return {
        name: [code for code in order if code in codes]
        for name, codes in codes_of.items()
        if not set(order).isdisjoint(codes)
    }


def _require_fit(
    competition: Competition,
    live: LabourLive,
    before: LabourRules,
    rules: LabourRules,
    starts: str | None,
    wanted: Labour,
) -> None:
    """Raise `Refused` (INVALID) where what was entered or closed does not fit the rules."""
    known = {unit.code for unit in live.bundle.units}
    fitting = Fitting(competition, live, before.labour, wanted, rules.labour, starts)
    labour = msgspec.structs.replace(
        rules.labour,
        groups={code: group for code, group in rules.labour.groups.items() if code in known}
        if rules.labour.groups
        else None,
        values=live.labour.values,
        adjustments=live.labour.adjustments,
        vetoes=live.labour.vetoes,
    )
    refuse_misfit(why_not_fit(fitting))
    if starts is None:
        return
    after = labour_of_bundle(msgspec.structs.replace(live.bundle, labour=labour))
    refuse_misfit(why_closed_moves(fitting, after.outcome))


def rules_word(change: LabourRuleChange) -> SecondWord:
    """The conditions of agreeing to a change of rules, or of refusing it."""
    return SecondWord(change.competition, change.asked_by, linked=is_linked("labour-rules"))


def _dropped(change: LabourRuleChange, by: Account, refused: str | None = None) -> LabourRuleChange:
    """Drop a change: refused by another with a reason, or taken back (None)."""
    with unit_of_work() as session:
        change, competition = claimed(change)
        to = move(change.state, CorrectionState.DROPPED, CORRECTION_MOVES)
        if refused is not None:
            rules_word(change).require(by)
            change.ended_why = reason_text(refused, msg("写明为什么不同意"))
        elif change.asked_by != by.id:
            raise Refused(msg("提出的人才能撤回"), kind=Refusal.FORBIDDEN)
        change.state, change.ended_by, change.ended_at = to, by.id, utc_now()
        session.flush()
        action = "labour.rules.withdraw" if refused is None else "labour.rules.refuse"
        _note(competition, change, by, action, change.ended_why)
    return change


def _still(competition: Competition, before: LabourRules) -> bool:
    """True if what was in force then is in force; units that came since are let be."""
    now = labour_rules(competition)
    groups = dict(now.units)
    bare = msgspec.structs.replace
    return (
        bare(now.labour, groups=None) == bare(before.labour, groups=None)
        and entered_by(now) == entered_by(before)
        and all(groups.get(name) == group for name, group in before.units)
    )


def _are_same(before: LabourRules, after: LabourRules) -> bool:
    return (
        before.labour == after.labour
        and entered_by(before) == entered_by(after)
        and dict(before.units) == dict(after.units)
        and (before.spans or {}) == (after.spans or {})
    )


def _note(
    competition: Competition,
    change: LabourRuleChange,
    by: Account,
    action: str,
    reason: str | None,
    done: Mapping[str, Any] | None = None,
    *,
    bends: bool = False,
) -> None:
    """The record of it; with what was `done` where it came into force."""
    facts = {"change": change.id, "sha256": change.sha256, "starts": change.starts}
    audit.record(
        competition,
        by,
        action,
        competition.name,
        before={"sha256": canonical_sha256(change.was)} if done else None,
        after={**facts, **(done or {})},
        reason=reason,
        bends=bends,
    )


@dataclass(frozen=True, slots=True)
class Touched:
    """The effects of a change without anybody's name: counts, and codes of periods.

    `values` are the squares scored otherwise, in `units` units; `periods` are those whose totals
    are added up anew, in the bundle's order; `signed` sign-offs of open periods lapse.
    """

    values: int
    units: int
    periods: Sequence[str]
    closed: int
    published: int
    signed: int


def both_rules(change: LabourRuleChange) -> tuple[LabourRules, LabourRules]:
    """The rules in force as the change was asked for, and those that follow."""
    was, wanted = (rules_of_text(json.dumps(kept)) for kept in (change.was, change.wanted))
    return was, wanted


def moved_by(change: LabourRuleChange) -> list[Shift]:
    """List what it moved as it took effect; nothing of one that is not in force."""
    return [msgspec.convert(move, Shift) for move in change.moves or []]


def touched_by(competition: Competition, change: LabourRuleChange) -> Touched:
    """Work out what the change scores anew, as the competition stands now."""
    before, rules = both_rules(change)
    live, stands = labour_live(competition), period_stands(competition)
    was = {indicator.code: indicator for indicator in before.labour.indicators}
    others = {
        indicator.code
        for indicator in rules.labour.indicators
        if indicator.code in was and not same_scoring(was[indicator.code], indicator)
    }
    tree = live.outcome.field.tree
    cells = [cell for cell in live.outcome.field.values if cell[2] in others]
    touched = {around for _unit, leaf, _code in cells for around in tree.around(leaf)}
    if change.starts is None and settings_changed(before.labour, rules.labour):
        touched |= {period for (period, _unit) in live.outcome.ranks}
    wholes = {period.code: (period.part_of, period.weight) for period in rules.labour.periods}
    for former in before.labour.periods:
        if (
            wholes.get(former.code) != (former.part_of, former.weight)
            and former.part_of is not None
        ):
            touched |= set(tree.around(former.part_of))
    periods = [code for code in tree.periods if code in touched]
    closed = [code for code in periods if state_of(stands, code) is not PeriodState.OPEN]
    published = (PeriodState.PUBLISHED, PeriodState.CORRECTED)
    return Touched(
        values=len(cells),
        units=len({unit for unit, _leaf, _code in cells}),
        periods=periods,
        closed=len(closed),
        published=sum(state_of(stands, code) in published for code in closed),
        signed=len(_signed_otherwise(competition, before, rules)),
    )


def _signed_otherwise(
    competition: Competition, before: LabourRules, after: LabourRules
) -> list[LabourSignOff]:
    """List sign-offs of open leaves by departments asked, or scored, otherwise there."""
    closed = set(closed_periods(competition))
    there = set(leaves_in_order(after.labour))
    outdated = []
    for leaf in leaves_in_order(before.labour):
        if leaf in closed:
            continue
        standing = sign_offs(competition, leaf)
        for row in departments_of(competition) if standing else ():
            was = _asked_of(before, row.name, leaf)
            now = _asked_of(after, row.name, leaf) if leaf in there else {}
            if row.id in standing and was != now:
                outdated.append(standing[row.id])
    return outdated


def _moved_periods(before: Outcome, after: Outcome, shifts: Sequence[Shift]) -> list[str]:
    """List periods in which somebody moved, or a square's points did, in the bundle's order."""
    moved = {shift.period for shift in shifts}
    tree = before.field.tree
    for cell in {*before.scores, *after.scores}:
        if before.scores.get(cell) != after.scores.get(cell) and cell[1] in tree.periods:
            moved |= set(tree.around(cell[1]))
    return [code for code in tree.periods if code in moved]


def entered_by(rules: LabourRules) -> dict[str, list[str]]:
    """The departments' codes, in an order of their own; who enters nothing is left out."""
    return {name: sorted(codes) for name, codes in rules.departments.items() if codes}


def _asked_of(rules: LabourRules, department: str, leaf: str) -> dict[str, Any]:
    codes = rules.departments.get(department, ())
    return {
        indicator.code: (indicator.max, indicator.scoring)
        for indicator in asked_in(rules.labour, leaf)
        if indicator.code in codes
    }


def set_flag_keep(
    competition: Competition, wanted: FlagKeep | None, by: Account, reason: str = ""
) -> LabourRuleChange | None:
    """Set it, None: a flag is always handed on. What waits for a second person, once there are
    values; what was left to a unit by then stays with it.

    Raises `Refused`: UNKNOWN for periods in which no flags go one after another, INVALID for a
    number that they cannot reach, where nothing differs, and without a reason once it wants one;
    CONFLICT while another change of the rules waits.
    """
    _require_reached(competition, wanted)
    rules = labour_rules(competition)
    if kept_after(competition, rules.labour) == wanted:
        raise invalid(msg("和现在的一样，没有要改的"))
    rules = replace(rules, labour=with_flag_keep(rules.labour, wanted))
    if why_labour_rules_stay(competition) is not None:
        return ask_rules(competition, rules, reason, by)
    save_labour_rules(competition, rules, by)
    return None


def _require_reached(competition: Competition, wanted: FlagKeep | None) -> None:
    if wanted is None:
        return
    sorts = flag_sorts(labour_live(competition))
    sort = next((sort for sort in sorts if wanted.of in sort), None)
    if sort is None:
        raise Refused(msg("这样的期次没有流动红旗"), kind=Refusal.UNKNOWN)
    if not LEAST_IN_A_ROW <= wanted.after <= len(sort):
        why = msg("连续几期：%(least)s 到 %(most)s", least=LEAST_IN_A_ROW, most=len(sort))
        raise invalid(why)
