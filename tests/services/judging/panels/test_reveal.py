from __future__ import annotations

import pytest
from flask import Flask

from compete.models import OutcomeEntry
from compete.services.judging.panels.reveal import panel_of
from compete.services.kernel.transactions import unit_of_work
from tests.support.panels import Panel, bundle_of, open_panel


def apart(panel: Panel, entrant: str = "E1") -> list[str | None]:
    view = panel_of(panel.sheet("J1", entrant))
    assert view is not None
    return [dispute.aspect for dispute in view.apart]


@pytest.mark.each_database
def test_a_panel_is_revealed_only_when_all_are_in(panel: Panel) -> None:
    for judge, smooth in (("J1", "3"), ("J2", "1")):
        panel.fill(panel.sheet(judge), {"smooth": smooth, "work": "17.5"})
        view = panel_of(panel.sheet("J1"))
        assert view is not None
        assert not view.revealed
        assert view.apart == []
    panel.fill(panel.sheet("J3"), {"smooth": "1", "work": "17.5"})
    view = panel_of(panel.sheet("J1"))
    assert view is not None
    assert view.revealed
    assert apart(panel) == ["smooth"]


def test_one_who_marks_alone_has_no_panel(panel: Panel) -> None:
    assert panel_of(panel.sheet("J4", module="paper")) is None


def test_within_the_limit_nothing_is_apart(panel: Panel) -> None:
    panel.fill_panel("3", "2", "2")
    assert apart(panel) == []


def test_one_entrants_panel_says_nothing_of_anothers(panel: Panel) -> None:
    panel.fill_panel("3", "1", "1")
    panel.fill_panel("2", "2", "2", entrant="E2")
    assert apart(panel) == ["smooth"]
    assert apart(panel, "E2") == []


def test_sums_are_compared_where_sheets_are_combined(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(panel={"at": "sheet", "max_spread": 2}))
        for judge, work in (("J1", "10"), ("J2", "12.5"), ("J3", "11")):
            panel.fill(panel.sheet(judge), {"smooth": "2", "work": work})
        assert apart(panel) == [None]


@pytest.mark.parametrize(
    ("of_the_module", "of_the_stage", "outcomes"),
    [("dsq", "dnf", ["smooth"]), ("dnf", "dsq", [])],
)
def test_a_modules_own_outcome_comes_before_its_stages(
    panel: Panel, of_the_module: str, of_the_stage: str, outcomes: list[str]
) -> None:
    panel.fill_panel("3", "1", "1")
    entrant = panel.entrant("E1").id
    # Nobody looks at the spread of who did not finish. The stage's was written down later.
    with unit_of_work() as session:
        for module, status in (("practice", of_the_module), (None, of_the_stage)):
            session.add(
                OutcomeEntry(entrant_id=entrant, stage="final", module=module, status=status)
            )
            session.flush()
    assert apart(panel) == outcomes


def test_who_must_agree_is_told_on_what_they_do_not(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(bundle_of(panel={"combine": "agreed", "max_spread": None}))
        for judge, work in (("J1", "10"), ("J2", "10"), ("J3", "10.5")):
            panel.fill(panel.sheet(judge), {"smooth": "2", "work": work})
        assert apart(panel) == ["work"]
