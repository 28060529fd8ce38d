"""A sheet that the chief judge ruled on is re-checked against what its judge gave on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.recheck import RecheckShares, Ruling
from compete.models import RecheckEntry, db
from compete.services.closing.recheck import (
    LookAgainError,
    draw_recheck,
    enter_recheck,
    rule_difference,
)
from compete.services.closing.recheck_state import RecheckStanding, recheck_state_of
from compete.services.judging.disputes import rule_dispute
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.transactions import unit_of_work
from tests.documents.reading import pages
from tests.support.begun import copied
from tests.support.panels import Panel, open_panel
from tests.support.signing_in import signed_in

PAPER = {"smooth": Decimal(3), "work": Decimal("17.5")}
"""What J1 wrote."""


@pytest.fixture
def panel(app: Flask) -> Iterator[Panel]:
    """All sheets are in; E1's panel was too far apart on `smooth`, and the chief judge ruled."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel()

        def hand_in() -> None:
            panel.fill_panel("3", "1", "1")
            panel.fill_panel("2", "2", "2", entrant="E2")
            panel.fill_papers()
            rule(panel)

        copied("one sheet of all ruled on", hand_in)
        yield panel


def rule(panel: Panel) -> None:
    """The chief judge has 2 stand on all three sheets."""
    rule_dispute(panel.sheet("J1"), {"smooth": "2"}, "录像里有一次急停", panel.account("C1"))


def entry_of(panel: Panel) -> RecheckEntry:
    """J1's sheet of E1, drawn: with two contestants everybody is."""

    def draw() -> None:
        with unit_of_work():
            shares = RecheckShares(True, Decimal(100), Decimal(0), Decimal(100))
            change_settings(panel.competition, recheck=shares)
        draw_recheck(panel.competition.events[0], "final", panel.account("S1"), "8848")

    copied("everybody drawn", draw)
    entry = select(RecheckEntry).where(RecheckEntry.sheet_id == panel.sheet("J1").id)
    return db.session.scalars(entry).one()


def standing(entry: RecheckEntry) -> RecheckStanding:
    lines = recheck_state_of(entry.round).lines
    return next(line.standing for line in lines if line.entry.id == entry.id)


@pytest.mark.each_database
def test_what_the_judge_wrote_is_no_difference(panel: Panel) -> None:
    entry = entry_of(panel)
    assert enter_recheck(entry, PAPER, panel.account("R1")) is RecheckStanding.SAME
    assert standing(entry) is RecheckStanding.SAME


def test_the_ruled_value_is_on_no_judges_paper(panel: Panel) -> None:
    with pytest.raises(LookAgainError) as asked:
        enter_recheck(entry_of(panel), PAPER | {"smooth": Decimal(2)}, panel.account("R1"))
    assert asked.value.aspects == ["smooth"]


def test_a_wrong_figure_beside_the_ruling_still_goes_back_to_its_judge(panel: Panel) -> None:
    entry = entry_of(panel)
    enter_recheck(entry, PAPER | {"work": Decimal(15)}, panel.account("R1"), looked_again=True)
    line = next(line for line in recheck_state_of(entry.round).lines if line.entry.id == entry.id)
    assert [(difference.aspect.code, difference.found) for difference in line.differences] == [
        ("work", Decimal("17.5"))
    ]
    rule_difference(entry, Ruling.ERROR, "纸上是 15", panel.account("S1"))
    panel.act(panel.sheet("J1"), "mark", aspect="work", value="15")
    panel.act(panel.sheet("J1"), "submit")
    assert standing(entry) is RecheckStanding.MENDED


def test_the_pages_say_that_a_ruling_stands(panel: Panel, app: Flask) -> None:
    entry = entry_of(panel)
    recorder, supervisor = (signed_in(app, panel.account(who)) for who in ("R1", "S1"))
    address = f"/desk/PANEL/recheck/{entry.id}"
    page = recorder.get(address).text
    smooth, work = page.split("成品")
    assert "裁判长裁定过，照录纸上裁判自己给的" in smooth
    assert "裁判长裁定过" not in work
    typed = {"v-smooth": "3", "v-work": "15", "looked_again": "1"}
    assert recorder.post(address, data=typed).status_code == 302
    result = supervisor.get(f"{address}/result").text
    rows = dict(re.findall(r'<th scope="row">(\w+)(.*?)</tr>', result))
    assert "裁判长裁定为 2，" in rows["操作平稳"]
    assert re.findall(r"<td[^>]*>(.*?)</td>", rows["操作平稳"]) == ["3", "3", "3"]
    assert "cell-changed" not in rows["操作平稳"]
    assert "裁判长裁定" not in rows["成品"]
    assert re.findall(r"<td[^>]*>(.*?)</td>", rows["成品"]) == ["17.5", "15", "17.5"]


def test_paper_and_explanation_tell_the_ruling_from_what_the_judge_gave(
    panel: Panel, app: Flask
) -> None:
    desk = signed_in(app, panel.organiser)
    printed = desk.get(f"/desk/PANEL/sheets/{panel.sheet('J1').public_id}.pdf").data
    row = "".join(pages(printed)[0].split()).split("操作平稳")[1].split("成品")[0]
    assert "3档" in row
    assert "裁定2档" in row
    text = unescape(desk.get("/desk/PANEL/standings?open=E1").text)
    assert "裁判 J1：裁判长 C1 裁定，评 2 档：" in text
    assert "裁判 J1：17.5 分" in text
