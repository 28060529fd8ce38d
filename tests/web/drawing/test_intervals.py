"""Intervals on one axis: 0 in the middle, everything inside the drawing."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from compete.web.drawing.intervals import Span, intervals, signed

NUMBERS = st.floats(-80, 80, allow_nan=False)


def spans(*values: tuple[float, float, float], note: str = "") -> list[Span]:
    return [Span(f"J{n}", value, low, high, note) for n, (low, value, high) in enumerate(values)]


def test_the_middle_line_is_the_panels_mean(app: Flask) -> None:
    with app.test_request_context():
        drawn = intervals(spans((-1, 0, 1), (-5, -4, -3)))
    texts = [tick.text for tick in drawn.ticks]
    assert texts == ["严 −5 分", "−2.5", "同组均值", "+2.5", "宽 +5 分"]
    middle = next(tick.x for tick in drawn.ticks if tick.middle)
    assert drawn.rows[0].x == middle
    assert drawn.rows[1].x2 < middle


def test_a_note_that_would_stick_out_stands_on_the_other_side(app: Flask) -> None:
    with app.test_request_context():
        drawn = intervals(spans((-5, -4, -3), (3, 4, 5), note="偏严，建议赛间复述标准"))
    assert [row.note_anchor for row in drawn.rows] == ["start", "end"]
    assert drawn.rows[1].note_x < drawn.rows[1].x1


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted).map(tuple), max_size=12))
def test_nothing_sticks_out(values: list[tuple[float, float, float]]) -> None:
    plain = Flask("plain")
    Babel(plain)
    with plain.app_context():
        drawn = intervals(spans(*values))
    for row in drawn.rows:
        assert 0 <= row.x1 <= row.x <= row.x2 <= drawn.width
        assert 0 < row.y < drawn.height
    assert len({tick.x for tick in drawn.ticks}) == 5


def test_a_long_name_is_cut_before_the_lines_and_kept_whole_for_who_points_at_it() -> None:
    plain, name = Flask("plain"), "J3 " + "阿卜杜热依木·" * 8
    Babel(plain)
    with plain.app_context():
        (row,) = intervals([Span(name, 0.0, -1.0, 1.0)]).rows
        (short,) = intervals([Span("J3 许静", 0.0, -1.0, 1.0)]).rows
    assert row.whole == name
    assert row.label.endswith("…")
    assert len(row.label) < 15
    assert short.label == short.whole == "J3 许静"


def test_signs_are_real_minus_signs_and_nothing_has_none() -> None:
    assert signed(1.25) == "+1.2"
    assert signed(-0.5) == "−0.5"
    assert signed(-0.04) == "0.0"
    assert signed(2.5, 2) == "+2.5"
    assert signed(100, 2) == "+100"
