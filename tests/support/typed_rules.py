"""Rules of an event as the form is typed, field by field, by the names of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Page

from compete.models import Event, db
from tests.support.browser import rest
from tests.support.databases import wait_until


def fill(page: Page, fields: dict[str, str], at: str = "") -> None:
    """Fill fields of the form, each by its name, all of them at one place where that is given."""
    for name, text in fields.items():
        field = page.locator(f'[name="{f"{at}.{name}" if at else name}"]:visible').first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
            field.blur()


def definition(code: str) -> dict[str, Any]:
    """The rules as they are stored now."""
    db.session.rollback()
    db.session.expire_all()
    rules: dict[str, Any] = db.session.query(Event).filter_by(code=code).one().rules.definition
    return rules


def saved(page: Page, code: str, fits: Callable[[dict[str, Any]], bool]) -> None:
    """Rest until what was typed is stored, on a page whose clock is ours."""

    def is_stored() -> bool:
        rest(page)
        try:
            page.evaluate("() => new Promise(requestAnimationFrame)")
        except Error:
            return False  # The page is being opened anew.
        # One that is still on its way would make a page that is opened anew an old one.
        on_its_way = page.locator('.typed-chip[data-state="saving"]').count()
        return fits(definition(code)) and not on_its_way

    wait_until(is_stored, "what was typed to be stored")
