"""In a blind event a judge begins with the first day, not with the first code of the alphabet."""

from __future__ import annotations

from typing import Any

from flask import Flask

from compete.models import db
from compete.services.judging.tablet_view import home_data
from tests.support.panels import bundle_of, open_panel

DAYS = {"practice": "2022-09-16", "paper": "2022-09-17"}


def scheduled() -> dict[str, Any]:
    bundle = bundle_of(blind=True)
    bundle["competition"]["extra"] = {
        "schedule": [
            {
                "event": "FORK",
                "stage": "final",
                "module": module,
                "session": f"{module} {number}",
                "starts": f"{DAYS[module]}T0{8 + number}:00",
                "entrants": [entrant],
            }
            for module in DAYS
            for number, entrant in enumerate(("E2", "E1"))
        ]
    }
    return bundle


def test_the_first_day_comes_first_and_within_it_the_codes(app: Flask) -> None:
    with app.app_context():
        panel = open_panel(scheduled())
        judge = panel.judge("J4")
        # J4 marks the paper; the first day's practice too.
        for sheet in (panel.sheet("J1", "E1"), panel.sheet("J1", "E2")):
            from compete.services.kernel.transactions import unit_of_work

            with unit_of_work():
                sheet.judge_id = judge.id
        db.session.expire_all()
        rows = home_data(panel.judge("J4"))["sheets"]
    assert [row["module"] for row in rows] == ["实操", "实操", "理论", "理论"]
    codes = [row["code"] for row in rows]
    assert codes == sorted(codes[:2]) + sorted(codes[2:])
    assert {row["date"] for row in rows} == {None}
