"""Grades with names of an event's own: in the workbook's list, its rows and what changed."""

from __future__ import annotations

from dataclasses import replace

from compete.domain.grades.ladder import read_ladder
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.template import choices
from tests.sheets.people import ID_2, ID_3, NOBODY, TODAY, one_row, port_offer, workbook_of

OWN = read_ladder("运行员等级", "5 一级运行员\n4 二级运行员")


def test_rows_are_read_by_their_events_ladder() -> None:
    offer = port_offer()
    fork, crane = offer.events
    offer = replace(offer, events=(replace(fork, ladder=OWN), crane))
    assert choices(offer)["grade"][:3] == ["无", "一级运行员", "二级运行员"]
    assert "五级/初级工" in choices(offer)["grade"]
    data = workbook_of(
        one_row(grade="一级运行员"),
        one_row(grade="一级", id_number=ID_2),
        one_row(grade="一级", event="门座式起重机司机", id_number=ID_3),
    )
    plan = plan_registration(read_registration(data), offer, NOBODY, today=TODAY)
    first, bare, other = sorted(plan.rows, key=lambda row: row.number)
    assert first.registration is not None
    assert first.registration.grade == 5
    assert bare.registration is not None
    assert bare.registration.grade is None
    assert any("一级运行员、二级运行员" in str(note) for note in bare.notes)
    assert other.registration is not None
    assert other.registration.grade == 1
