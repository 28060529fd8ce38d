"""Two attempts on paper, typed in, and as they are published: which is which, and what counts."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from flask import Flask

from compete.domain import score
from compete.domain.bundle.attempts import UNCOUNTED, WAIVED
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.models import Slot
from compete.services.closing.attempt_waivers import waive_attempt
from compete.services.closing.typed_marks import TypedSheet, sheets_to_type, type_marks
from compete.services.judging.printed_sheets import print_sheet
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.contestants import verdict_for
from compete.services.results.published_sums import worked_totals
from compete.services.results.snapshots import read_snapshot
from compete.services.schedule.arrivals import arrivals_of
from compete.sheets.results_workbook.score_columns import score_titles, score_values, stage_rows
from compete.web.words import absence_word
from tests.documents.reading import pages
from tests.support.announced import announce
from tests.support.attempted import attempt, open_attempts
from tests.support.panels import Panel
from tests.support.signing_in import signed_in


@pytest.fixture
def published(here: Flask) -> Panel:
    """E1 did better at first, E2 at last; E3 had enough after one."""
    panel = open_attempts()
    for entrant, first, again in (("E1", "50", "20"), ("E2", "10", "40"), ("E3", "30", None)):
        attempt(panel, entrant, 1, first, "100")
        if again is not None:
            attempt(panel, entrant, 2, again, "100")
    waive_attempt(panel.sheet("J1", "E3", "run2"), "身体不适", panel.account("J1"))
    announce(panel.competition, panel.organiser)
    return panel


def lines(panel: Panel, entrant: str) -> list[tuple[str, str | None, str | None, bool]]:
    verdict = verdict_for(panel.entrant(entrant))
    assert verdict is not None
    return [(it.name, it.score, it.median, UNCOUNTED in it.flags) for it in verdict.modules]


def test_what_is_published_is_what_the_file_scores_and_says_what_counts(published: Panel) -> None:
    verdict = verdict_for(published.entrant("E1"))
    assert verdict is not None
    bundle, results = read_snapshot(verdict.publication)[:2]
    assert score(read_bundle(write_bundle(bundle, "json"))) == results
    # Of 90, 80 and 70 the median is 80: who waived one attempt has a score of the other.
    assert lines(published, "E1") == [
        ("叉车作业", "90", "80", False),
        ("叉车作业 1/2", "90", "70", False),
        ("叉车作业 2/2", "60", "70", True),
    ]
    assert [it[3] for it in lines(published, "E2")] == [False, True, False]
    assert [it[1] for it in lines(published, "E3")] == ["70", "70", "0"]


def test_papers_and_workbooks_say_which_attempt(here: Flask) -> None:
    panel = open_attempts()
    event = panel.competition.events[0]
    assert score_titles(rules_of(event)) == ["叉车作业 1/2", "叉车作业 2/2", "叉车作业"]
    (paper,) = pages(print_sheet(panel.sheet("J1", "E1", "run2")))
    assert "叉车作业2/2" in paper.replace(" ", "")
    assert module_title(event, "final", "run1") == "叉车作业 1/2"


def test_both_are_typed_in_from_paper(here: Flask) -> None:
    panel = open_attempts()
    event = panel.competition.events[0]
    rows = [
        TypedSheet(it, {"work": Decimal(int(it.module[-1]) * 10), "time": Decimal(100)})
        for it in sheets_to_type(event)
    ]
    assert len(rows) == 12
    type_marks(event, rows, reason="手机没电", evidence="当场念的", by=panel.organiser)
    announce(panel.competition, panel.organiser)
    assert lines(panel, "E1")[0][:2] == ("叉车作业", "60")


def test_what_does_not_count_is_named_in_papers_workbooks_and_on_the_desk(
    app: Flask, published: Panel
) -> None:
    verdict = verdict_for(published.entrant("E3"))
    assert verdict is not None
    bundle, results = read_snapshot(verdict.publication)[:2]
    rows = stage_rows(results.events[0])
    texts = {
        code: [str(it) for it in score_values(bundle.events[0], rows, code)]
        for code in ("E1", "E2", "E3")
    }
    assert texts == {
        "E1": ["90", "60（不计）", "90"],
        "E2": ["50（不计）", "80", "80"],
        "E3": ["70", "放弃这一次", "70"],
    }
    worked = worked_totals(bundle.events[0], results.events[0], {"E1"})["E1"]
    assert [it.name for it in worked if it.within] == ["叉车作业 1/2", "叉车作业 2/2"]
    # Who waived it is not absent, and has nothing else said of it.
    assert WAIVED in verdict.modules[-1].flags
    assert "dns" not in verdict.modules[-1].flags
    desk = signed_in(app, published.organiser)
    page = desk.get(f"/desk/{published.competition.code}/standings").text
    assert "60（不计）" in page
    assert "50（不计）" in page
    assert "放弃这一次" in page
    assert "缺考（叉车作业" not in page


def test_who_waived_an_attempt_is_not_absent_at_check_in(app: Flask, published: Panel) -> None:
    with unit_of_work() as session:
        for code, n in product(("E1", "E3"), (1, 2)):
            place = {"stage": "final", "module": f"run{n}", "session": f"第{n}场"}
            session.add(Slot(entrant_id=published.entrant(code).id, **place))
    arrivals = arrivals_of(published.competition)
    assert [
        (it.entrant.code, it.occasion.module or it.occasion.session) for it in arrivals if it.waived
    ] == [("E3", "第2场")]
    with app.test_request_context():
        assert absence_word("dns", waived=True) == "放弃这一次"
        assert absence_word("dns", waived=False) == "缺考"
