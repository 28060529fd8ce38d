"""Second look (二次抽查): drawn squares of a closed leaf period are held against their evidence.

Another person than who entered or signed them looks. A difference asks for a correction at
once, so that by two it is agreed or dropped. Findings are added, never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.labour_types import Indicator
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionKind, CorrectionState, LookResult
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    Competition,
    LabourFinding,
    LabourLook,
    LabourValueEntry,
    Unit,
    db,
)
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import require_second, why_not_second
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.corrections import Wanted, ask_correction
from compete.services.labour.departments import departments_of
from compete.services.labour.look_draws import period_name
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import (
    grid_of,
    needs_target,
    read_number,
)

_REASON_WANTED = {
    LookResult.DIFFERS: msg("写明证据里是怎么写的"),
    LookResult.UNPROVEN: msg("写明找过哪里、缺什么证据"),
}
_SETTLED = (CorrectionState.ASKED, CorrectionState.AGREED)


@dataclass(frozen=True, slots=True)
class LookedSquare:
    """A square that was drawn: what stands in it now, and what was found, if it was looked at."""

    unit: Unit
    indicator: Indicator
    row: LabourValueEntry | None
    finding: LabourFinding | None
    barred: frozenset[int]
    """The accounts that entered or signed it."""

    @property
    def waits(self) -> bool:
        """True if a correction was asked for or made, so that it is no time to say otherwise."""
        correction = self.finding.correction if self.finding is not None else None
        return correction is not None and correction.state in _SETTLED


def looked_squares(competition: Competition, look: LabourLook) -> Sequence[LookedSquare]:
    """List all squares that were drawn, in the order of the draw."""
    grid = grid_of(competition, look.period)
    units = {unit.code: unit for unit in competition.units}
    indicators = {each.code: each for each in labour_of(competition).indicators}
    findings = {(row.unit_id, row.indicator): row for row in _findings(look)}
    signed = _signers(competition, look.period)
    squares = []
    for code, indicator in look.drawn:
        if code not in units or indicator not in indicators:
            continue
        unit = units[code]
        row = grid.standing.get((unit.id, indicator))
        barred = {signed.get(indicator), row.made_by if row is not None else None}
        squares.append(
            LookedSquare(
                unit,
                indicators[indicator],
                row,
                findings.get((unit.id, indicator)),
                frozenset(account for account in barred if account is not None),
            )
        )
    return squares


def why_not_look(square: LookedSquare, competition: Competition, by: Account) -> Message | None:
    """Say why this account cannot look at a square; None where it can."""
    if not may(by, competition, Right.RECHECK):
        return msg("这一步不归你办")
    if by.id in square.barred:
        return msg("这一格是你填的，或者是你签核的，要另一个人来核")
    for account in sorted(square.barred):
        fault = why_not_second(account, by)
        if fault is not None:
            return fault
    return None


def add_finding(
    look: LabourLook,
    place: int,
    result: str,
    by: Account,
    *,
    found: str = "",
    target: str = "",
    reason: str = "",
) -> LabourFinding:
    """Add a finding on the square at that place of the draw, from 0.

    A difference asks for the correction too; no `found` with it: the square should be empty.
    Raises `Refused`: UNKNOWN for a place that was not drawn, FORBIDDEN for who has no right to
    or entered it, INVALID for no result, no reason where one is wanted, a number that is none or
    the one that stands, CONFLICT where its correction waits or was agreed.
    """
    if result not in list(LookResult):
        raise invalid(msg("选一种结果"))
    kind = LookResult(result)
    number = look.id
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, look.competition_id))
        look = session.get_one(LabourLook, number, populate_existing=True)
        squares = looked_squares(competition, look)
        if not 0 <= place < len(squares):
            raise Refused(msg("没有这一格"), kind=Refusal.UNKNOWN)
        square = squares[place]
        _require_looker(square, competition, by)
        before = square.finding
        if square.waits:
            raise Refused(msg("这一格的更正已经提出，先同意或者不更正"))
        reason = reason_text(reason) if reason.strip() else ""
        if not reason and (kind is not LookResult.AGREES or before is not None):
            why = _REASON_WANTED[kind] if before is None else msg("改结论要写理由")
            raise invalid(why)
        row = square.row
        finding = LabourFinding(
            look_id=number,
            unit_id=square.unit.id,
            indicator=square.indicator.code,
            result=kind,
            value=row.value if row is not None else None,
            target=row.target if row is not None else None,
            reason=reason or None,
            made_by=by.id,
        )
        if kind is LookResult.DIFFERS:
            finding.found, finding.found_target = _read(square, found, target)
            correction = ask_correction(competition, _wanted(look, square, finding), by)
            finding.correction_id = correction.id
        session.add(finding)
        session.flush()
        audit.record(
            competition,
            by,
            "labour.look.found",
            square.unit.name,
            after={
                "period": period_name(labour_of(competition), look.period),
                "indicator": square.indicator.name,
                "result": kind.value,
                "value": None if finding.value is None else plain(finding.value),
                "found": None if finding.found is None else plain(finding.found),
                "correction": finding.correction_id,
            },
            reason=reason or None,
        )
    return finding


def _require_looker(square: LookedSquare, competition: Competition, by: Account) -> None:
    if not may(by, competition, Right.RECHECK):
        raise Refused(msg("这一步不归你办"), kind=Refusal.FORBIDDEN)
    if by.id in square.barred:
        why = msg("这一格是你填的，或者是你签核的，要另一个人来核")
        raise Refused(why, kind=Refusal.FORBIDDEN)
    for account in sorted(square.barred):
        require_second(competition, account, by)


def _read(square: LookedSquare, found: str, target: str) -> tuple[Decimal | None, Decimal | None]:
    """The value and the target that the evidence has; the target that stands where none is said."""
    row = square.row
    stands = (row.value, row.target) if row is not None else (None, None)
    value = _number(found) if found.strip() else None
    aim: Decimal | None = None
    if value is not None and needs_target(square.indicator):
        aim = _number(target) if target.strip() else stands[1]
    if (value, aim if value is not None else None) == (
        stands[0],
        stands[1] if value is not None and needs_target(square.indicator) else None,
    ):
        raise invalid(msg("和现在的数一样：一致的选“一致”"))
    return value, aim


def _number(text: str) -> Decimal:
    value = read_number(text)
    if value is None:
        raise invalid(msg("“%(text)s”不是数", text=text[:20]))
    return value


def _wanted(look: LabourLook, square: LookedSquare, finding: LabourFinding) -> Wanted:
    empty = finding.found is None
    return Wanted(
        kind=(CorrectionKind.EMPTY if empty else CorrectionKind.VALUE).value,
        period=look.period,
        unit=square.unit.code,
        indicator=square.indicator.code,
        points="" if finding.found is None else plain(finding.found),
        target="" if finding.found_target is None else plain(finding.found_target),
        reason=finding.reason or "",
    )


def _findings(look: LabourLook) -> Sequence[LabourFinding]:
    """List findings, oldest first, with what is asked of each."""
    return db.session.scalars(
        select(LabourFinding)
        .where(LabourFinding.look_id == look.id)
        .options(
            joinedload(LabourFinding.correction),
            joinedload(LabourFinding.maker),
        )
        .order_by(LabourFinding.id)
    ).all()


def _signers(competition: Competition, period: str) -> Mapping[str, int]:
    """The account that signed each indicator off."""
    signed = sign_offs(competition, period)
    return {
        code: signed[row.id].signed_by
        for row in departments_of(competition)
        if row.id in signed
        for code in row.indicators
    }
