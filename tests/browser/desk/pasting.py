"""Blocks pasted into fields, and a small contest's page of marks to paste into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page

from compete.services.accounts.accounts import create_account
from compete.services.competitions.small_contest import SmallContest, start_small_contest
from compete.services.competitions.small_lines import read_people, read_points
from tests.support.signing_in import carry_in

_PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def paste_into(field: Locator, text: str) -> None:
    """Paste a text where the cursor stands in a field."""
    field.evaluate(_PASTE, text)


def small_grid(app: Flask, live_url: str, visitor: Callable[..., Any]) -> Page:
    """The page of marks of four people and two judges, one item."""
    app.config["WTF_CSRF_ENABLED"] = True
    by = create_account("吴敏", is_admin=True)
    contest = start_small_contest(
        SmallContest(
            name="钳工小比武",
            day=date(2026, 11, 28),
            people=read_people("何立军 一班\n王芳 一班\n李强 二班\n陈洁 三班"),
            points=read_points("锉削 100"),
            judges=2,
            prizes=(1, 0, 0),
            as_written=True,
        ),
        by,
    )
    page: Page = visitor("desk").page()
    carry_in(page.context, app, by, live_url)
    page.goto(f"{live_url}/desk/{contest.code}/small")
    return page


def field_of(page: Page, name: str, judge: int) -> Locator:
    """The field of somebody's mark by a judge."""
    return page.locator(f'tr[data-name="{name}"] td[data-cell]').nth(judge).locator("input")
