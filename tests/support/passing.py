"""Passing applicants of an evaluation, as a reviewer does who has seen everything."""

from __future__ import annotations

from sqlalchemy import select

from compete.models import Account, Competition, Entrant, db
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.passing import mark_of_people, pass_ready, ready_people
from compete.services.schedule.admissions import admit


def pass_all(competition: Competition, by: Account) -> int:
    """Pass everybody who meets everything; how many that were."""
    people = ready_people(competition)
    return pass_ready(competition, "", mark_of_people(people), by) if people else 0


def passed(competition: Competition) -> Competition:
    """The same, with everybody on its list passed by nobody in particular."""
    with unit_of_work():
        here = select(Entrant.id).where(Entrant.competition_id == competition.id)
        admit(competition, db.session.scalars(here).all(), None)
        audit.record(competition, None, "test.passed", competition.code)
    return competition
