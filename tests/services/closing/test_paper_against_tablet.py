"""Paper and tablet say different things: which counts, and that the chief judge sees the other."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask

from compete.services.closing.conflicting_files import (
    Way,
    brought_otherwise,
    sheets_brought_otherwise,
)
from compete.services.closing.paper_entry import enter_paper
from tests.support.panels import Panel, client_of

READ = {"smooth": Decimal(2), "work": Decimal("17.5")}


def read(panel: Panel, who: str) -> None:
    enter_paper(panel.sheet("J1"), READ, signed=True, by=panel.account(who))


def test_a_paper_read_once_that_the_tablet_contradicts_is_told(panel: Panel) -> None:
    read(panel, "R1")
    panel.fill(panel.sheet("J1"), {"smooth": "2", "work": "12"})
    (line,) = brought_otherwise(panel.sheet("J1"))
    assert (line.way, line.aspect, line.value) == (Way.PAPER, "work", Decimal("17.5"))
    assert sheets_brought_otherwise(panel.competition) == [panel.sheet("J1")]


def test_what_the_tablet_had_sent_before_the_paper_is_told(panel: Panel) -> None:
    for aspect, value in {"smooth": "2", "work": "12"}.items():
        panel.act(panel.sheet("J1"), "mark", aspect=aspect, value=value)
    read(panel, "R1")
    assert sheets_brought_otherwise(panel.competition) == []
    read(panel, "R2")
    (line,) = brought_otherwise(panel.sheet("J1"))
    assert (line.way, line.aspect, line.value) == (Way.TABLET, "work", Decimal(12))
    assert sheets_brought_otherwise(panel.competition) == [panel.sheet("J1")]


def test_where_they_agree_nothing_is_told(panel: Panel) -> None:
    read(panel, "R1")
    panel.fill(panel.sheet("J1"), {"smooth": "2", "work": "17.5"})
    assert sheets_brought_otherwise(panel.competition) == []


def test_the_chief_judge_is_told_at_home_and_on_the_sheet(app: Flask, opened: Panel) -> None:
    with app.app_context():
        read(opened, "R1")
        opened.fill(opened.sheet("J1"), {"smooth": "2", "work": "12"})
        number = opened.sheet("J1").public_id
    chief = client_of(app, opened, "C1")
    assert "1 张评分表，平板、纸质表或文件上的不一样" in chief.get("/desk/PANEL/").text
    assert "和评分表上算的不一样 1 张" in chief.get("/desk/PANEL/paper").text
    assert "照纸质表录的是 17.5" in chief.get(f"/desk/PANEL/sheets/{number}").text
    recorder = client_of(app, opened, "R2")
    assert "纸质表或文件上的不一样" not in recorder.get("/desk/PANEL/").text
