"""Each key of a table over several events is set by the form from nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition, db
from compete.services.rules.rules_saving import stored_tables
from tests.support.browser import rest
from tests.support.every_table import every_table, tables_as_stored, two_events
from tests.support.signing_in import carry_in


def fill(page: Page, path: str, table: dict[str, Any]) -> None:
    """Type a table of the contract into its card, as somebody would who reads it there."""
    page.locator(f'[name="{path}.by"]').select_option(table["by"])
    for key, value in table.items():
        field = page.locator(f'[name="{path}.{key}"]')
        match key, value:
            case "code" | "by", _:
                continue
            case "points", dict() if table["by"] == "awards":
                for code, points in value.items():
                    page.locator(f'[name="{path}.points.{code}"]').fill(points)
            case "points", dict():
                field.fill("\n".join(f"{rank} {points}" for rank, points in value.items()))
            case "events", list():
                for code in value:
                    page.locator(f'[name="{path}.events.{code}"]').check()
            case "ties", list():
                for n, tie in enumerate(value):
                    page.locator(f'[name="{path}.ties[{n}]"]').select_option(tie)
            case (("who" | "method" | "shared"), str()):
                field.select_option(value)
            case _:
                field.fill(str(value))


def test_every_key_of_a_table_is_set_from_nothing(
    app: Flask,
    here: Flask,
    organiser: Account,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    load(two_events())
    page: Page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/D/events")
    page.get_by_role("link", name="写总表").click()
    for n, table in enumerate(every_table()):
        if n:
            page.get_by_role("button", name="再加一张总表").click()
        fill(page, f"overall[{n}]", table)
    # What a way of counting does not ask is not shown.
    expect(page.locator('[name="overall[2].best"]')).to_be_hidden()
    expect(page.locator('[name="overall[2].points"]')).to_be_hidden()
    expect(page.locator('[name="overall[1].points.w1"]')).to_be_visible()
    expect(page.locator('[name="overall[1].points"]')).to_be_hidden()
    page.locator('[name="try.table"]').select_option("2")
    expect(page.locator("#example")).to_contain_text("第 1 名，1、1、0")
    picture(page, "overall-form")
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_text("存下了")).to_be_visible()
    rest(page)
    db.session.rollback()
    db.session.expire_all()
    competition = db.session.query(Competition).one()
    assert stored_tables(competition) == tables_as_stored(every_table())
