"""Sittings of one evaluation: who fails at the first tries the rest again at the second."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from compete.domain.bundle.results import VerdictRow
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.models import Account, Competition, Entrant, Event, PenaltyEntry, Publication, utc_now
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.writing import add_person
from compete.services.results.publishing import publish
from compete.services.scoring.live import live_results
from tests.sheets.reading.files import id_of
from tests.support.announced import lock, reopen
from tests.support.evaluation import evaluation, mark

Plain = dict[str, Any]
Load = Callable[..., Competition]


def sitting(code: str, starts: str, *, theory: Any = 72, hands: Any = 40, people: int = 1) -> Plain:
    """Build a sitting in one event, of people who pass the theory with 72 and not the rest."""
    plain = evaluation()
    plain["competition"] |= {"code": code, "name": f"认定 {code}", "starts": starts}
    plain["events"] = [plain["events"][0]]
    who = {key: it for key, it in plain["entrants"][0].items() if key != "carried"}
    plain["entrants"] = [
        who | {"code": f"P{n}", "name": f"王小{n}", "id_number": id_of(n)}
        for n in range(1, people + 1)
    ]
    plain["marks"] = [
        it
        for n in range(1, people + 1)
        for it in (
            mark("theory", f"P{n}", theory),
            mark("one", f"P{n}", hands),
            mark("two", f"P{n}", 59),
            *(mark("review", f"P{n}", 80, f"J{judge}") for judge in (1, 2, 3)),
        )
    ]
    return plain


def empty(code: str = "NEXT", starts: str = "2027-01-10") -> Plain:
    """Build a later sitting at which nobody is registered yet."""
    return sitting(code, starts, people=0)


def enter(competition: Competition, by: Account, n: int = 1, **fields: str) -> Entrant:
    """Register somebody of the first sitting, as anybody is."""
    typed = {
        "unit": "U",
        "name": f"王小{n}",
        "id_number": id_of(n),
        "event": "A",
        "grade": "五级",
        "grade_since": "2020-03-01",
    }
    return add_person(competition, typed | fields, by)


def of(competition: Competition, code: str) -> Entrant:
    """Find the entrant of that code."""
    entrant = entrant_by_code(competition, code)
    assert entrant is not None
    return entrant


def verdict(entrant: Entrant) -> VerdictRow:
    """The verdict on somebody as it stands now."""
    event: Event = entrant.event
    verdict_table = verdicts_of(live_results(entrant.competition).event(event.code))
    return next(row for row in verdict_table.verdicts if row.entrant == entrant.code)


def take_off(entrant: Entrant, module: str, points: int) -> PenaltyEntry:
    """Take points off a module of somebody, marks being open."""
    with unit_of_work() as session:
        row = PenaltyEntry(
            entrant_id=entrant.id, stage="s", module=module, points=Decimal(points), reason="更正"
        )
        session.add(row)
        audit.record(entrant.competition, None, "test.penalty", entrant.code)
    return row


def put_back(penalty: PenaltyEntry) -> None:
    """Put back points that were taken off."""
    with unit_of_work():
        penalty.withdrawn_at = utc_now()
        audit.record(penalty.entrant.competition, None, "test.penalty", penalty.entrant.code)


def correct(competition: Competition, by: Account, change: Callable[[], object]) -> Publication:
    """Open marks, change something, lock and publish as the next version."""
    reopen(competition, by)
    change()
    lock(competition, by)
    return publish(competition, by, "更正")
