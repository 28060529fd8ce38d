"""Departments as rows and forms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.domain.values.numerals import plain
from compete.models import Competition, LabourDepartment
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.signing_off import signed_periods
from compete.web.language import say


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department in the list, with what it enters, who for it, what it has signed off."""

    id: int
    name: str
    indicators: str
    recorder: str | None
    signed: str


@dataclass(frozen=True, slots=True)
class DepartmentForm:
    """What is set of a department, as it stands or as it was typed."""

    name: str = ""
    over: str = ""
    """Over what loss a reason is wanted."""
    ticked: Collection[str] = ()
    """The codes of its indicators."""
    problem: str | None = None


def department_rows(competition: Competition) -> list[DepartmentRow]:
    """All of them, with who enters for each."""
    known, labour = recorders_of(competition), labour_of(competition)
    indicators = {each.code: each.name for each in labour.indicators}
    periods = {each.code: each.name for each in labour.periods}
    return [
        DepartmentRow(
            row.id,
            row.name,
            say(listed(indicators.get(code, code) for code in row.indicators)),
            _("、").join(each.account.name for each in known.get(row.id, ())) or None,
            say(listed(periods.get(it.period, it.period) for it in reversed(signed_periods(row)))),
        )
        for row in departments_of(competition)
    ]


def form_of(department: LabourDepartment) -> DepartmentForm:
    """What stands in the form of a department."""
    over = "" if department.reason_over is None else plain(department.reason_over)
    return DepartmentForm(department.name, over, department.indicators)


def taken_by_others(
    competition: Competition, department: LabourDepartment | None = None
) -> dict[str, str]:
    """By indicator the other department that enters it."""
    return {
        code: row.name
        for row in departments_of(competition)
        if department is None or row.id != department.id
        for code in row.indicators
    }
