"""What the pages of departments show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from compete.web.organiser.shapes import CompetitionLink, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorChoice:
    """An indicator that may be ticked; `taken` is the other department that enters it."""

    code: str
    name: str
    ticked: bool
    taken: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """A department in the list."""

    name: str
    url: str
    indicators: str
    recorder: str | None
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPeriod:
    """A sign-off that stands, and where it is given back, unless the period is closed."""

    period: str
    words: str
    back_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentForm:
    """What is set of a department."""

    name: str
    over: str
    indicators: Sequence[IndicatorChoice]
    problem: str | None
    save_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentsPage:
    """What `organiser/departments/departments.html` wants."""

    competition: CompetitionLink
    rows: Sequence[DepartmentRow]
    form: DepartmentForm
    free: str | None
    """The indicators that no department enters."""
    units_url: str
    """Where the links stand by which units enter what they think of themselves."""
    text_url: str
    """All links, the departments' and the units', as one text."""
    book_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderCard:
    """One who enters for the department, with the link."""

    name: str
    standing: bool
    address: str | None
    """None once somebody has opened it."""
    picture: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentPage:
    """What `organiser/departments/department.html` wants."""

    competition: CompetitionLink
    back: Link
    name: str
    form: DepartmentForm
    recorders: Sequence[RecorderCard]
    recorder: str
    """What was typed for one more."""
    problem: str | None
    link_url: str
    end_url: str
    end_problem: str | None
    signed: Sequence[SignedPeriod]
    back_problem: str | None
