"""A ruling is told apart from the judge's own value, until the judge marks again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compete.models import Sheet
from compete.services.judging.disputes import rule_dispute, send_panel_back
from compete.services.judging.panels.rulings import StandingRuling, standing_rulings
from tests.support.panels import Panel


def rulings(sheet: Sheet) -> list[StandingRuling]:
    """The rulings that stand on one sheet."""
    return standing_rulings([sheet.id]).get(sheet.id, [])


@pytest.mark.each_database
def test_each_sheet_has_the_ruling_and_its_own_judges_value(panel: Panel) -> None:
    panel.fill_panel("3", "1", "1")
    assert rulings(panel.sheet("J1")) == []
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像里有一次急停", panel.account("C1"))
    value = StandingRuling("smooth", Decimal(2), Decimal(3), "录像里有一次急停")
    assert rulings(panel.sheet("J1")) == [value]
    assert [ruling.own for ruling in rulings(panel.sheet("J2"))] == [Decimal(1)]
    assert standing_rulings([]) == {}
    assert rulings(panel.sheet("J1", "E2")) == []


def test_a_ruling_stands_until_the_judge_marks_anew(panel: Panel) -> None:
    chief = panel.account("C1")
    panel.fill_panel("3", "1", "1")
    rule_dispute(panel.sheet("J1"), {"smooth": "2", "work": "18"}, "看了录像", chief)
    send_panel_back(panel.sheet("J1"), ["smooth"], "再看一次", chief)
    assert [ruling.aspect for ruling in rulings(panel.sheet("J1"))] == ["work"]
    panel.act(panel.sheet("J1"), "mark", aspect="work", value="18")
    assert rulings(panel.sheet("J1")) == []
