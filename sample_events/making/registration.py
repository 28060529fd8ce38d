"""The filled registration workbook beside each competition of people."""

from __future__ import annotations

from collections.abc import Mapping

from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.grades.ladder import grade_face
from compete.domain.values.kinds import EntrantGroup, Kind
from compete.sheets.registration.people import (
    OfferedEvent,
    OfferedTeam,
    OfferedUnit,
    RegistrationOffer,
)
from compete.sheets.registration.template import write_registration_workbook

_GROUPS = {
    EntrantGroup.WORKER: "职工",
    EntrantGroup.TEACHER: "教师",
    EntrantGroup.STUDENT: "学生",
}
_OF_CONTESTS = frozenset({"team", "promoted", "crew", "role"})
"""Columns that no evaluation has."""
_GENDERS = {"male": "男", "female": "女"}

Changes = Mapping[str, Mapping[str, str]]
"""By entrant's code: cells that say something else than the bundle."""


def rows_of(bundle: Bundle, changes: Changes) -> list[dict[str, str]]:
    """A row for every entrant, in the bundle's order."""
    return [_row(bundle, entrant, changes.get(entrant.code, {})) for entrant in bundle.entrants]


def workbook(bundle: Bundle, changes: Changes) -> bytes:
    """The workbook as an organiser would upload it."""
    return write_registration_workbook(offer_of(bundle), rows_of(bundle, changes))


def offer_of(bundle: Bundle) -> RegistrationOffer:
    """What the drop-downs of the workbook hold."""
    return RegistrationOffer(
        competition=bundle.competition.name,
        events=[
            OfferedEvent(
                event.code, event.name, code_prefix=(event.extra or {}).get("code_prefix", "A")
            )
            for event in bundle.events
        ],
        units=[OfferedUnit(unit.code, unit.name) for unit in bundle.units],
        teams=[OfferedTeam(one.code, one.name, one.event, one.unit) for one in bundle.teams],
        kind=bundle.competition.kind,
        left_out=_OF_CONTESTS if bundle.competition.kind is Kind.EVALUATION else frozenset(),
    )


def _row(bundle: Bundle, entrant: Entrant, changed: Mapping[str, str]) -> dict[str, str]:
    units = {unit.code: unit.name for unit in bundle.units}
    teams = {team.code: team.name for team in bundle.teams}
    events = {event.code: event.name for event in bundle.events}
    cells = {
        "code": entrant.code,
        "name": entrant.name,
        "paper": "居民身份证",
        "id_number": entrant.id_number or "",
        "unit": units[entrant.unit],
        "gender": _GENDERS.get(entrant.gender or "", ""),
        "birth": entrant.birth.isoformat() if entrant.birth else "",
        "event": events[entrant.event],
        "team": teams[entrant.team] if entrant.team else "",
        "group": _GROUPS[entrant.group],
        "grade": grade_face(entrant.grade) if entrant.grade else "无",
        "phone": entrant.phone or "",
        "promoted": str(entrant.promoted or ""),
        "months": f"{entrant.trade.months}个月" if entrant.trade else "",
        "grade_since": entrant.grade_since.isoformat() if entrant.grade_since else "",
        "papers": "、".join(f"{paper.kind} {paper.since}" for paper in entrant.papers),
    }
    return {**cells, **changed}
