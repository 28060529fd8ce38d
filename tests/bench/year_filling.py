"""A province's year put into a database, at any share of its size: the loader of `year.py`.

A whole year is 2,000 sessions (300 competitions with 200 entrants each, the rest as counts),
a labour competition of 130 units in twelve months with 60,000 workers as head counts, 6,500
applicants of evaluations, 179,000 certificates. A share takes so much of each.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.bench.evaluations import evaluation_of
from tests.bench.events import event_of
from tests.bench.labour import bundle_of as labour_of
from tests.sheets.people import citizen_id

WHOLE, ENTRANTS, COUNTED, COUNTED_ENTRANTS = 300, 200, 1700, 8
UNITS, WORKERS, APPLICANTS, CERTIFICATES = 130, 60_000, 6500, 179_000
ASPECTS = (2, 1)
"""Of the two modules of a competition; five judges make fifteen marks a person of them."""
BATCH = 600
"""Applicants of a batch of earlier times, of which the certificates are."""
LEAST_UNITS = 4
FIRST_CONTEST, FIRST_BATCH = 500, 10
"""The first turns of ID numbers of one day of birth: those of applicants are below."""


@dataclass(frozen=True)
class Year:
    """How much of each there is at a share of the whole."""

    share: float

    def of(self, whole: int) -> int:
        """So many of so many, at least one."""
        return max(1, round(whole * self.share))

    @property
    def units(self) -> int:
        """The units of the labour competition: one for each of its groups at least."""
        return max(LEAST_UNITS, self.of(UNITS))


def contest(number: int, entrants: int, *, marked: bool) -> dict[str, Any]:
    """A competition of the year with so many entrants, each marked or nobody."""
    plain = event_of(entrants, aspects=ASPECTS)
    plain["competition"] |= {"code": f"C{number:04d}", "name": f"第{number}场竞赛"}
    _be_others(plain, FIRST_CONTEST + number if marked else None)
    if not marked:
        plain["marks"] = []
        plain["competition"].pop("extra")
    return plain


def _be_others(plain: dict[str, Any], turn: int | None) -> None:
    """Make its people others than those of other competitions: of another turn, or unknown."""
    for person in plain["entrants"]:
        born = date.fromisoformat(person["birth"])
        person["id_number"] = citizen_id(born, turn) if turn is not None else None
        person["name"] = f"{person['name']}{plain['competition']['code']}"


def fill(year: Year) -> Iterator[tuple[str, int]]:
    """Put all of it into the application's database; what was done, and how many of it."""
    from compete.domain.values.roles import Role
    from compete.models import Certificate, db
    from compete.services.accounts.accounts import create_account, grant_role

    organiser = create_account("吴敏", username="organiser")
    second = create_account("周颖", username="second")
    create_account("管理员", username="administrator", is_admin=True)
    recorder = create_account("记录", username="recorder")

    def loaded(plain: dict[str, Any]) -> Any:
        from compete.domain import read_bundle
        from compete.services.competitions.loading import load_bundle

        competition = load_bundle(read_bundle(json.dumps(plain).encode()), by=organiser)
        for account in (organiser, second):
            grant_role(account, competition, Role.ORGANISER, by=organiser)
        return competition

    for number in range(year.of(COUNTED)):
        loaded(contest(WHOLE + number, COUNTED_ENTRANTS, marked=False))
    yield "competitions as counts", year.of(COUNTED)

    labour = loaded(labour_of(year.units))
    _labour(labour, year, organiser, recorder)
    yield "units of a labour competition", year.units

    contests = [loaded(contest(number, ENTRANTS, marked=True)) for number in range(year.of(WHOLE))]
    yield "competitions whole", len(contests)
    body = body_of_year()
    for row in contests:
        end(row, organiser, second, body)
    yield "competitions locked, published, certified", len(contests)

    evaluation = loaded(evaluation_of(year.of(APPLICANTS), code="TRY"))
    end(evaluation, organiser, second, body)
    yield "applicants", year.of(APPLICANTS)
    batch = 0
    while (there := db.session.query(Certificate).count()) < year.of(CERTIFICATES):
        missing = year.of(CERTIFICATES) - there
        plain = evaluation_of(min(BATCH, missing * 10 // 9 + 2), code=f"B{batch:03d}")
        _be_others(plain, FIRST_BATCH + batch)
        row = loaded(plain)
        end(row, organiser, second, body)
        batch += 1
        assert db.session.query(Certificate).count() > there, "no certificate of a batch"
    yield "certificates", there


def _labour(competition: Any, year: Year, organiser: Any, recorder: Any) -> None:
    """Its departments, a recorder of the first, and its workers as head counts of each month."""
    from decimal import Decimal

    from compete.domain.values.roles import Role
    from compete.services.accounts.accounts import grant_role
    from compete.services.labour.departments import save_department
    from compete.services.labour.head_counts import set_heads
    from tests.bench.labour import EACH, INDICATORS, MONTHS

    for first in range(0, INDICATORS, EACH):
        codes = [f"i{number:02d}" for number in range(first, first + EACH)]
        department = save_department(competition, f"部门{first}", codes, Decimal(1), organiser)
        if not first:
            grant_role(recorder, competition, Role.RECORDER, department=department)
    workers = year.of(WORKERS) // year.units
    for month in range(1, MONTHS + 1):
        heads = {f"U{unit:03d}": workers + month for unit in range(year.units)}
        set_heads(competition, f"M{month:02d}", heads, organiser)


def body_of_year() -> Any:
    """The issuing body of the occupations of both."""
    from compete.services.certificates.issuing_bodies import create_body
    from compete.services.kernel.transactions import unit_of_work

    plains = (event_of(1), evaluation_of(1))
    occupations = [plain["events"][0]["occupation"] for plain in plains]
    with unit_of_work():
        return create_body(
            name="省评价机构",
            kind="Y",
            body_code="0000",
            province="32",
            site="000123",
            phone=None,
            scope=[{**occupation, "grades": [5, 4, 3, 2, 1]} for occupation in occupations],
            by=None,
        )


def end(competition: Any, by: Any, second: Any, body: Any) -> None:
    """Lock it, publish, approve grades by two, and issue its certificates."""
    from compete.domain.values.states import GradeState
    from compete.models import db
    from compete.services.certificates.award_certificates import DUE_AWARDS
    from compete.services.certificates.grade_certificates import DUE_GRADES
    from compete.services.certificates.waiting_lists import issue_waiting
    from compete.services.closing.approving_jobs import agree_to_approval, asked_approvals
    from compete.services.closing.grade_approval_gate import two_approve
    from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
    from compete.services.results.publishing import publish
    from tests.support.announced import end_notice, lock

    lock(competition, by)
    publish(competition, by, "")
    codes = [
        decision.person.code
        for decision in grade_decisions_of(competition)
        if decision.state is GradeState.PROPOSED
    ]
    if codes:
        decide_grades(competition, codes, GradeState.APPROVED, by)
        if two_approve(competition):
            for asked in asked_approvals(competition):
                agree_to_approval(asked, second)
            # Of many it is a job, which a thread of ours does.
            for thread in threading.enumerate():
                if thread.name.startswith("jobs-"):
                    thread.join()
            db.session.rollback()
    end_notice(competition)
    for waiting in (DUE_AWARDS, DUE_GRADES):
        if waiting.count(competition):
            issue_waiting(
                waiting, competition, by, "年度", body=body if waiting is DUE_GRADES else None
            )
