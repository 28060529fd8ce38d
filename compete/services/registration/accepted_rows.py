"""Who they are on the list who are accepted, and whose the teams are that stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from compete.models import Application, Competition, Entrant, Member, Team, db
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.texts import same_name_key


def own_codes(taken: Sequence[Application], plan: RegistrationPlan) -> set[str]:
    """The numbers of those who said themselves whether their whole name may be published."""
    return {
        row.registration.code
        for application, row in zip(taken, plan.rows, strict=True)
        if application.by_person and row.registration
    }


def persons_of(plan: RegistrationPlan, entrants: Mapping[str, Entrant]) -> list[Entrant | Member]:
    """Of each row who it is: an entrant, or one of a crew's people."""
    members = {member.code: member for crew in entrants.values() for member in crew.members}
    rows = [row.registration for row in plan.rows if row.registration]
    return [members[row.code] if row.crew_code else entrants[row.code] for row in rows]


def codes_of(plan: RegistrationPlan) -> list[str]:
    """Of each row the code of the entrant whom it is or joins."""
    rows = [row.registration for row in plan.rows if row.registration]
    return [row.crew_code or row.code for row in rows]


def teams_of_others(competition: Competition) -> dict[tuple[int, str], set[int]]:
    """By event and name of a team: whose it is."""
    found: dict[tuple[int, str], set[int]] = {}
    for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id)):
        found.setdefault((team.event_id, same_name_key(team.name)), set()).add(team.unit_id)
    return found
