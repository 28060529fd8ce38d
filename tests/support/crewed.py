"""Crewed competition: a small one with a crew, and what an earlier version issued for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from compete.domain.awards.won import prize_key
from compete.domain.identity.award_number import award_number_text
from compete.models import Account, Certificate, Competition, Entrant, Member, db
from compete.services.certificates.numbers import next_numbers
from compete.services.certificates.rows import Entitled, add_certificate, award_day
from compete.services.kernel import audit
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.results.record_checks import seal_certificate
from tests.sheets.people import citizen_id
from tests.support.second_day import PRIZES
from tests.support.small import all_marks, small

NAMES = {"P1a": "魏海燕", "P1b": "施雪梅"}


def with_a_crew(load: Callable[..., Competition], **keys: Any) -> Competition:
    """Set up `second_day.with_prizes`, but P1, who wins, is a crew of two: 第1组."""
    plain = small(all_marks(), event=PRIZES | keys)
    crew = plain["entrants"][0]
    crew.pop("id_number")
    crew["name"] = "第1组"
    crew["members"] = [
        {"code": code, "name": name, "id_number": citizen_id(date(1990, 1, 1), number)}
        for number, (code, name) in enumerate(NAMES.items(), start=51)
    ]
    return load(plain)


def member(competition: Competition, code: str) -> Member:
    """Find one of a crew by code."""
    return db.session.query(Member).filter_by(competition_id=competition.id, code=code).one()


def certified_as_one(crew: Entrant, award: str, rank: int, total: str, by: Account) -> Certificate:
    """Issue one certificate for the crew and its award, as earlier versions did; on record."""
    competition, event = crew.competition, crew.event.name
    with unit_of_work() as session:
        competition = for_update(competition)
        day = award_day(competition)
        face = {
            "award": award,
            "event": event,
            "rank": rank,
            "total": total,
            "name": crew.name,
            "unit": crew.unit.name,
            "competition": competition.name,
            "members": [crew_member.name for crew_member in crew.members],
        }
        due = Entitled(prize=prize_key(event, None, award), face=face, entrant=crew)
        number = award_number_text(day.year, next_numbers(f"award/{day.year}", 1)[0])
        made = add_certificate(competition, due, number, on=day)
        session.flush()
        audit.record(
            competition,
            by,
            "certificate.issue_awards",
            competition.code,
            after={"numbers": [made.number], "seals": [seal_certificate(made)], "replaces": {}},
        )
    return made
