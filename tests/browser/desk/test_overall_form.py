"""Each key of a table over several events is set by the form from nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
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
    page.locator('[name="overall[4].name"]').blur()
    expect(page.locator(".typed-chip [data-part=text]")).to_contain_text("已存")
    db.session.rollback()
    db.session.expire_all()
    competition = db.session.query(Competition).one()
    assert stored_tables(competition) == tables_as_stored(every_table())


def stored_names() -> list[str]:
    # What the server's threads wrote since.
    db.session.rollback()
    return [table["name"] for table in stored_tables(db.session.query(Competition).one())]


def test_two_at_one_desk_are_asked_of_what_both_set_and_typing_is_kept(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    load(two_events(tables=every_table()))

    def opened(name: str, *expected: str) -> Page:
        someone = visitor("desk")
        for response in expected:
            someone.expect(response)
        page: Page = someone.page()
        carry_in(page.context, app, create_account(name, is_admin=True), live_url)
        page.clock.install()
        page.goto(f"{live_url}/desk/D/events/overall")
        return page

    def typed(page: Page, n: int, text: str) -> None:
        page.locator(f'[name="overall[{n}].name"]').fill(text)
        page.locator(f'[name="overall[{n}].name"]').blur()
        rest(page)

    chip = ".typed-chip [data-part=text]"
    late = "409 .CONFLICT."
    later, earlier = opened("钱文", late, "ERR_FAILED"), opened("孙青", late)
    typed(earlier, 1, "孙青改的")
    expect(earlier.locator(chip)).to_contain_text("已存")
    # What only one of the two changed is both theirs.
    typed(later, 2, "钱文改的")
    expect(later.locator(chip)).to_contain_text("已存")
    expect(later.locator('[name="overall[1].name"]')).to_have_value("孙青改的")
    assert stored_names()[1:3] == ["孙青改的", "钱文改的"]
    # What both changed is asked.
    later.reload()
    with earlier.expect_response(lambda answer: answer.status == 302):
        typed(earlier, 3, "孙青的总分")
    typed(later, 3, "钱文的总分")
    asked = later.locator(".whose[data-typed-said]")
    expect(asked).to_contain_text("孙青")
    expect(asked).to_contain_text("改成“孙青的总分”")
    assert stored_names()[3] == "孙青的总分"
    later.get_by_role("button", name="用他的").click()
    rest(later)
    expect(later.locator('[name="overall[3].name"]')).to_have_value("孙青的总分")
    # What was just typed and left is there again.
    later.locator('[name="overall[0].name"]').fill("还没存的")
    later.route("**/events/overall", lambda route: route.abort())
    later.get_by_role("link", name="回赛项").click()
    later.unroute("**/events/overall")
    later.goto(f"{live_url}/desk/D/events/overall")
    expect(later.locator('[name="overall[0].name"]')).to_have_value("还没存的")
