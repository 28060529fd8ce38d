"""The ways back to the board of the judging."""

from __future__ import annotations

from flask import Flask

from tests.support.panels import Panel, client_of


def test_the_ways_back_call_the_board_what_it_is_called(app: Flask, opened: Panel) -> None:
    with app.app_context():
        sheet = opened.sheet("J1").public_id
    shared = (f"sheets/{sheet}", f"panels/{sheet}", "judges?people=1", "decisions")
    for who, ways, title, other in (
        ("C1", (*shared, "recusals"), "裁判长工作台", "评分进度"),
        ("S1", shared, "评分进度", "裁判长工作台"),
    ):
        client = client_of(app, opened, who)
        for way in ways:
            page = client.get(f"/desk/PANEL/{way}").text
            assert title in page, (who, way)
            assert other not in page, (who, way)
