"""Sign-off: a department says by name and PIN that its indicators of a period are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.models import (
    Account,
    Competition,
    LabourDepartment,
    LabourSignOff,
    db,
    utc_now,
)
from compete.services.accounts.pins import check_pin
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import require_open_period
from compete.services.labour.squares import Grid, grid_of


@dataclass(frozen=True, slots=True)
class Lacking:
    """The lacks between a department and its sign-off of one leaf period.

    `department` None: indicators that no department enters. `empty` squares, `refused` ones with
    a text that was not accepted, `reasons` wanted for points that were taken; `signed` or None.
    """

    department: LabourDepartment | None
    period: str
    units: int
    cells: int
    empty: int
    refused: int
    reasons: int
    signed: LabourSignOff | None

    @property
    def open(self) -> int:
        """Count the squares that hold the sign-off up."""
        return self.empty + self.refused + self.reasons


def lacking_by_department(competition: Competition, grid: Grid) -> list[Lacking]:
    """List what is missing in a leaf period, for each department that is asked.

    With it the indicators that no department enters, where there are any.
    """
    departments, signed = departments_of(competition), sign_offs(competition, grid.period)
    asked = {indicator.code for indicator in grid.indicators}
    free = asked - {code for row in departments for code in row.indicators}
    gaps = [
        lacking_in(grid, row, row.indicators, signed.get(row.id))
        for row in departments
        if asked & set(row.indicators)
    ]
    return [*gaps, lacking_in(grid, None, sorted(free), None)] if free else gaps


def sign_offs(competition: Competition, period: str) -> Mapping[int, LabourSignOff]:
    """The sign-offs of a leaf period that stand, by the department's number."""
    rows = db.session.scalars(
        select(LabourSignOff)
        .join(LabourDepartment, LabourDepartment.id == LabourSignOff.department_id)
        .where(
            LabourDepartment.competition_id == competition.id,
            LabourSignOff.period == period,
            LabourSignOff.withdrawn_at.is_(None),
        )
        .order_by(LabourSignOff.id)
    )
    return {row.department_id: row for row in rows}


def signer_of(row: LabourSignOff) -> str:
    """The name of who signed."""
    return db.session.get_one(Account, row.signed_by).name


def signed_periods(department: LabourDepartment) -> Sequence[LabourSignOff]:
    """The department's sign-offs that stand, the newest first."""
    query = (
        select(LabourSignOff)
        .where(LabourSignOff.department_id == department.id, LabourSignOff.withdrawn_at.is_(None))
        .order_by(LabourSignOff.id.desc())
    )
    return db.session.scalars(query).all()


def lacking_in(
    grid: Grid,
    department: LabourDepartment | None,
    codes: Sequence[str],
    signed: LabourSignOff | None,
) -> Lacking:
    """Find what is missing of these indicators; units that came in later are not asked."""
    units = [unit for unit in grid.units if unit.joined is None]
    asked = [indicator.code for indicator in grid.indicators if indicator.code in codes]
    squares = [(unit.id, code) for unit in units for code in asked]
    refused = [square for square in squares if grid.problem(square) is not None]
    empty = [square for square in squares if not grid.filled(square)]
    reasons = without_reason(grid, department) if department is not None else []
    return Lacking(
        department,
        grid.period,
        len(units),
        len(squares),
        len(empty) - len(refused),
        len(refused),
        len(reasons),
        signed,
    )


def without_reason(grid: Grid, department: LabourDepartment) -> list[tuple[int, str]]:
    """List squares that lost more points than the department's limit, and say no reason."""
    if department.reason_over is None:
        return []
    over = Fraction(department.reason_over)
    most = {indicator.code: Fraction(indicator.max) for indicator in grid.indicators}
    return [
        square
        for square, score in grid.scores().items()
        if square[1] in department.indicators
        and square[1] in most
        and most[square[1]] - score > over
        and not grid.standing[square].reason
    ]


def sign_off(
    department: LabourDepartment, period: str, *, pin: str, name: str, by: Account
) -> LabourSignOff:
    """Sign a leaf period off. Signing again what is signed gives the sign-off that stands.

    Raises `Refused`: INVALID for another's name; WRONG_SECRET, LOCKED_OUT or NEEDED_FIRST for
    the PIN; CONFLICT while something is missing, with how many, or the period is closed.
    """
    if "".join(name.split()) != "".join(by.name.split()):
        raise invalid(msg("写的不是 %(name)s，再写一次", name=by.name))
    number = department.id
    check_pin(by, pin)
    with unit_of_work() as session:
        department = session.get_one(LabourDepartment, number)
        competition = for_update(department.competition)
        standing = sign_offs(competition, period).get(number)
        if standing is not None:
            return standing
        require_open_period(competition, period)
        grid = grid_of(competition, period, department.indicators)
        left = lacking_in(grid, department, department.indicators, None)
        if not left.cells:
            raise Refused(msg("这一期没有由%(name)s打分的指标", name=department.name))
        if left.open:
            raise Refused(
                msg(
                    "还有 %(n)s 格，签核不了：缺 %(empty)s，没写入 %(refused)s，"
                    "没写原因 %(reasons)s",
                    n=left.open,
                    empty=left.empty,
                    refused=left.refused,
                    reasons=left.reasons,
                )
            )
        row = LabourSignOff(
            department_id=number,
            period=period,
            units=left.units,
            cells=left.cells,
            sha256=canonical_sha256(_square_values(grid)),
            signed_by=by.id,
        )
        session.add(row)
        session.flush()
        after = {"period": period, "units": row.units, "cells": row.cells, "sha256": row.sha256}
        audit.record(competition, by, "labour.sign", department.name, after=after)
    return row


def withdraw_sign_off(
    department: LabourDepartment, period: str, reason: str, by: Account
) -> LabourSignOff:
    """The department's squares of the period can be entered again; the sign-off is kept.

    Raises `Refused`: INVALID without a reason, CONFLICT where nothing is signed or the period is
    closed.
    """
    reason = reason_text(reason, msg("退回签核要写理由"))
    with unit_of_work() as session:
        competition = for_update(department.competition)
        require_open_period(competition, period)
        row = sign_offs(competition, period).get(department.id)
        if row is None:
            raise Refused(msg("这一期没有签核，或者已经退回了"))
        row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = by.id, utc_now(), reason
        session.flush()
        before = {"period": period, "sha256": row.sha256}
        audit.record(
            competition, by, "labour.sign.withdraw", department.name, before=before, reason=reason
        )
    return row


def _square_values(grid: Grid) -> list[list[str | None]]:
    """The values in the squares, in order, as they are signed."""
    codes = {unit.id: unit.code for unit in grid.units}
    asked = {indicator.code for indicator in grid.indicators}
    return sorted(
        [
            codes[unit],
            code,
            plain(row.value),
            None if row.target is None else plain(row.target),
        ]
        for (unit, code), row in grid.standing.items()
        if row.value is not None and unit in codes and code in asked
    )
