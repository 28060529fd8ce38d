"""Second look (二次抽查): drawn squares of a closed leaf period are held against their evidence.

Squares are drawn by rule. Another person than who entered or signed them looks. A difference asks
for a correction at once, so that by two it is agreed or dropped. Findings are added, never changed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.labour_types import Indicator
from compete.domain.labour.looks import look_draw
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import (
    CorrectionKind,
    CorrectionState,
    LookResult,
    PeriodState,
)
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
from compete.services.kernel.bends import looks_less
from compete.services.kernel.competition_settings import LookRules, change_settings, settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import kept_text, reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.labour.corrections import Wanted, ask_correction
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import closed_periods, period_stands, state_of
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import (
    grid_of,
    leaves_of,
    needs_target,
    require_leaf,
    sure_number,
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
    indicators = {known.code: known for known in labour_of(competition).indicators}
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
    if (why := _why_barred(square, competition, by)) is not None:
        return why
    faults = (why_not_second(account, by) for account in sorted(square.barred))
    return next((fault for fault in faults if fault is not None), None)


def _why_barred(square: LookedSquare, competition: Competition, by: Account) -> Message | None:
    if not may(by, competition, Right.RECHECK):
        return msg("这一步不归你办")
    if by.id in square.barred:
        return msg("这一格是你填的，或者是你签核的，要另一个人来核")
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
            correction = ask_correction(competition, _wanted_correction(look, square, finding), by)
            finding.correction_id = correction.id
        session.add(finding)
        session.flush()
        audit.record(
            competition,
            by,
            "labour.look.found",
            square.unit.name,
            after={
                "period": labour_of(competition).period_names[look.period],
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
    if (why := _why_barred(square, competition, by)) is not None:
        raise Refused(why, kind=Refusal.FORBIDDEN)
    for account in sorted(square.barred):
        require_second(competition, account, by)


def _read(
    square: LookedSquare, evidence: str, target: str
) -> tuple[Decimal | None, Decimal | None]:
    """The value and the target that the evidence has; the target that stands where none is said."""
    row = square.row
    stands = (row.value, row.target) if row is not None else (None, None)
    value = sure_number(evidence) if evidence.strip() else None
    aim: Decimal | None = None
    if value is not None and needs_target(square.indicator):
        aim = sure_number(target) if target.strip() else stands[1]
    if (value, aim if value is not None else None) == (
        stands[0],
        stands[1] if value is not None and needs_target(square.indicator) else None,
    ):
        raise invalid(msg("和现在的数一样：一致的选“一致”"))
    return value, aim


def _wanted_correction(look: LabourLook, square: LookedSquare, finding: LabourFinding) -> Wanted:
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


LONGEST_SAID = 200


def look_rules(competition: Competition) -> LookRules:
    """The rules on how many squares are drawn."""
    return settings_of(competition).look


def set_look_rules(
    competition: Competition, share: Decimal, least: int, first: bool, by: Account, why: str = ""
) -> None:
    """Set how many squares are drawn from now on; a draw that was made keeps its own.

    Raises `Refused` (INVALID) for a share outside 0 to 100, or a number below 0, and once a
    period is closed for less than before without a reason: everybody reads it.
    """
    if not 0 <= share <= 100 or not 0 <= least <= 10_000:
        problem = msg("抽的比例写 0 到 100，至少几格写 0 到 10000 的整数")
        raise invalid(problem)
    with changing(competition) as competition:
        before = look_rules(competition)
        after = LookRules(share, least, first)
        if after == before:
            return
        settings = _rules_told(before), _rules_told(after)
        lessens = bool(closed_periods(competition)) and looks_less(*settings)
        why = reason_text(why) if lessens else ""
        if lessens and not why:
            raise invalid(msg("结了账以后少抽、不等核完就公布，要写理由"))
        change_settings(competition, look=after)
        audit.record(
            competition,
            by,
            "labour.look.rules",
            competition.name,
            before=settings[0],
            after=settings[1],
            reason=why or None,
            bends=True,
        )


def look_of(competition: Competition, period: str) -> LabourLook | None:
    """The draw of a leaf period; None where nothing was drawn."""
    return db.session.scalar(
        select(LabourLook).where(
            LabourLook.competition_id == competition.id, LabourLook.period == period
        )
    )


def why_no_draw(competition: Competition, period: str) -> Message | None:
    """Say why nothing can be drawn of a leaf period now; None where it can."""
    if state_of(period_stands(competition), period) is PeriodState.OPEN:
        return msg("结了账再抽：没结账的还会变")
    return msg("这一期已经抽过了") if look_of(competition, period) is not None else None


def draw_look(competition: Competition, period: str, seed_text: str, by: Account) -> LabourLook:
    """Draw the squares of a closed leaf period that are looked at once more.

    `said` is a text that somebody impartial calls out; its SHA-256 is the seed. Without one the
    seed is random. Raises `Refused`: UNKNOWN for a period in which nothing is entered, CONFLICT
    for an open one, one that was drawn already, or one without any value.
    """
    seed_text = kept_text(seed_text, LONGEST_SAID)
    with unit_of_work() as session:
        competition = for_update(competition)
        labour = labour_of(competition)
        require_leaf(labour, period)
        why = why_no_draw(competition, period)
        if why is not None:
            raise Refused(why)
        grid = grid_of(competition, period)
        codes = {unit.id: unit.code for unit in grid.units}
        pool: dict[str, list[str]] = {}
        for (unit, indicator), row in sorted(grid.standing.items()):
            if row.value is not None and unit in codes:
                pool.setdefault(codes[unit], []).append(indicator)
        rules = look_rules(competition)
        seed = (
            hashlib.sha256(seed_text.encode()).hexdigest() if seed_text else secrets.token_hex(32)
        )
        drawn = look_draw(
            [(unit, code) for unit, indicators in pool.items() for code in indicators],
            seed,
            Fraction(rules.share),
            rules.least,
        )
        if not drawn:
            raise Refused(msg("没有可抽的格：这一期没有数，或者比例和至少几格都是 0"))
        look = LabourLook(
            competition_id=competition.id,
            period=period,
            share=rules.share,
            least=rules.least,
            seed=seed,
            seed_from=seed_text or None,
            pool=pool,
            drawn=[list(square) for square in drawn],
            drawn_by=by.id,
        )
        session.add(look)
        session.flush()
        after = {
            "period": period,
            "seed": seed,
            "said": seed_text or None,
            "pool": sum(len(indicators) for indicators in pool.values()),
            "drawn": look.drawn,
        }
        audit.record(competition, by, "labour.look", labour.period_names[period], after=after)
    return look


def counts_of(look: LabourLook) -> dict[str, int]:
    """Count what was found of the squares drawn, by result, and those `left`: not looked at yet."""
    newest = {(row.unit_id, row.indicator): row.result for row in look.findings}
    counts = Counter(newest.values())
    return {
        **{result.value: counts[result] for result in LookResult},
        "left": len(look.drawn) - len(newest),
    }


def look_file(look: LabourLook) -> bytes:
    """The file by which anybody can draw again, as JSON; what was found as numbers alone."""
    return msgspec.json.encode(
        {
            "period": look.period,
            "seed": look.seed,
            "seed_from": look.seed_from,
            "share": plain(look.share),
            "least": look.least,
            "drawn_at": look.drawn_at.isoformat(timespec="seconds"),
            "pool": look.pool,
            "drawn": look.drawn,
            "found": counts_of(look),
        }
    )


def second_looks_to_do(competition: Competition, periods: Sequence[str]) -> dict[str, int | None]:
    """The leaves of these periods whose second look is not done: how many squares are left.

    None where nothing was drawn.
    """
    leaves = set(leaves_of(labour_of(competition)))
    left_of: dict[str, int | None] = {}
    for period in periods:
        if period not in leaves:
            continue
        look = look_of(competition, period)
        left = None if look is None else counts_of(look)["left"]
        if left != 0:
            left_of[period] = left
    return left_of


def _rules_told(rules: LookRules) -> dict[str, str | int | bool]:
    return {"share": plain(rules.share), "least": rules.least, "first": rules.first}
