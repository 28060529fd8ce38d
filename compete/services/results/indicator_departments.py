"""Indicator departments: who gave an indicator's points, by a version, else as it is today."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy import select

from compete.domain.bundle.labour_types import Labour
from compete.models import Competition, LabourDepartment, Publication, db
from compete.services.results.snapshots import read_snapshot

DEPARTMENTS = "departments"
"""In the `extra` of a published `labour`: each department's `name` and `indicators`."""


def with_departments(competition: Competition, labour: Labour) -> Labour:
    """Add the departments of today, so that a version goes on telling them when they change."""
    departments = [
        {"name": row.name, "indicators": list(row.indicators)} for row in _departments(competition)
    ]
    return replace(labour, extra=(labour.extra or {}) | {DEPARTMENTS: departments})


def departments_of_indicators(
    competition: Competition, publication: Publication | None
) -> dict[str, str]:
    """The department that gives an indicator's points, by indicator; of several the first.

    Today's where nothing is published, or where an older program published the version.
    """
    labour = read_snapshot(publication)[0].labour if publication is not None else None
    departments = (labour.extra or {}).get(DEPARTMENTS) if labour is not None else None
    if not isinstance(departments, list):
        rows = [(row.name, row.indicators) for row in _departments(competition)]
    else:
        rows = [(department["name"], department["indicators"]) for department in departments]
    return {code: name for name, codes in reversed(rows) for code in codes}


def _departments(competition: Competition) -> list[LabourDepartment]:
    return list(
        db.session.scalars(
            select(LabourDepartment)
            .where(LabourDepartment.competition_id == competition.id)
            .order_by(LabourDepartment.id)
        )
    )
