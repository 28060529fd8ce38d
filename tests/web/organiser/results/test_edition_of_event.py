"""What is said of an event's results is so of that event, whatever became of the others."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from flask import Flask

from compete.models import Account, Competition, db
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.results.shown_version import edition_of
from compete.services.scoring.live import live_results
from tests.support.announced import announce, reopen
from tests.support.second_day import person
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

CHANGED = "公布以后改过"


def two_events() -> dict[str, Any]:
    """P1 to P4 in the first event, Q1 to Q4 with the same marks in a second one."""
    bundle = small(all_marks())
    (first,) = bundle["events"]
    code = first["code"]
    bundle["events"].append(copy.deepcopy(first) | {"code": "F2", "name": "第二项"})
    for kind in ("entrants", "marks", "times"):
        for row in list(bundle.get(kind, ())):
            other = copy.deepcopy(row) | ({"event": "F2"} if row.get("event") == code else {})
            key = "code" if kind == "entrants" else "entrant"
            other[key] = row[key].replace("P", "Q")
            other.pop("id_number", None)
            bundle[kind].append(other)
    return bundle


def test_an_event_that_nobody_changed_is_not_said_to_be_changed(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(two_events())
    announce(competition, organiser)
    desk = signed_in(app, organiser)
    changed, other = competition.events
    names = changed.code, other.code
    reopen(competition, organiser)

    def page(code: str) -> str:
        db.session.rollback()
        return desk.get(f"/desk/X/standings?event={code}").text

    assert [CHANGED in page(code) for code in names] == [False, False], "open, and still so"
    wanted = Proposal("dsq", "S", None, "工龄不符", "报名表和社保记录")
    decision = propose_decision(person(competition, "P1"), wanted, official(competition, "C1"))
    confirm_proposal(decision, official(competition, "S1"))
    assert [CHANGED in page(code) for code in names] == [True, False]
    assert "第 1 版</" in page(names[1])
    results = live_results(competition).results
    assert str(edition_of(competition, results)[1]) == f"暂定，第 1 版{CHANGED}{changed.name}"
    assert edition_of(competition, results, names[1])[0] is not None
