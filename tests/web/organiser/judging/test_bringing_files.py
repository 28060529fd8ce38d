"""What the page says of a file that no tablet's key proves: counted once, or not at all."""

from __future__ import annotations

from io import BytesIO

from flask import Flask

from tests.services.judging.test_package_intake import act, unproven
from tests.support.panels import Panel, client_of

COUNTED = "算一位记分员录的。"


def test_a_file_that_counts_for_nobody_is_not_called_a_reading(app: Flask, opened: Panel) -> None:
    with app.app_context():
        sheet = opened.sheet("J1").public_id
        data = unproven(opened, [act(sheet, "smooth", "2"), act(sheet, "work", "17.5")])

    def brought(who: str) -> str:
        form = {"package": (BytesIO(data), "marks.json")}
        return client_of(app, opened, who).post("/desk/PANEL/handover", data=form).text

    first, second = brought("R1"), brought("R2")
    assert COUNTED in first
    assert COUNTED not in second
    assert "没有收下。" in second
    assert "照着平板自己录" in second
