"""The tablet in front of the whole application, with a panel of three."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page

from compete.models import Account, db
from compete.services.accounts.pins import set_pin
from compete.services.accounts.sign_in_cards import issue_card
from tests.support.panels import PIN, Panel, open_panel
from tests.support.signing_in import carry_in


class Desk:
    """One official's tablet at the real address."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def go(self, path: str) -> Desk:
        """Open an address and wait for its scripts."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("main[data-ready=yes]")
        return self

    def part(self, name: str) -> Any:
        """An element by its part."""
        return self.page.locator(f"[data-part={name}]")

    def sheet(self) -> dict[str, Any]:
        """The sheet that is open, as the page carries it."""
        sheet: dict[str, Any] = json.loads(self.page.locator("#sheet-data").text_content() or "")
        return sheet


class RealHall:
    """The application with the competition open; each look at it has a context of its own."""

    def __init__(
        self,
        app: Flask,
        address: str,
        visitor: Callable[..., Any],
        opens: Callable[[], Panel] = open_panel,
    ) -> None:
        self.app = app
        self.address = address
        self.visitor = visitor
        with app.app_context():
            self.panel = opens()
            db.session.remove()

    def tablet(self, who: str, **size: Any) -> Desk:
        """A tablet of an official who is signed in."""
        desk = self._blank(**size)
        with self.app.app_context():
            carry_in(desk.page.context, self.app, self._account(who), self.address)
        return desk

    def tablet_by_card(self, who: str, **size: Any) -> Desk:
        """A tablet of an official, who signs in on its page."""
        desk = self._blank(**size)
        with self.app.app_context():
            token = issue_card(self._account(who), one_time=True)[1]
        page = desk.page
        page.goto(f"{self.address}/sign-in/{token}")
        page.get_by_role("button", name="登录").last.click()
        page.wait_for_load_state()
        return desk

    def _blank(self, **size: Any) -> Desk:
        holder = self.visitor("tablet", **size)
        holder.expect("Failed to load resource")
        return Desk(holder.page(), self.address)

    def _account(self, who: str) -> Account:
        return self.panel.account(who) if who else self.panel.organiser

    def choose_pin(self, who: str) -> None:
        """The PIN of the tests, chosen beforehand."""
        with self.app.app_context():
            set_pin(self.panel.account(who), PIN, PIN)

    def sheet_id(self, judge: str, entrant: str = "E1", module: str = "practice") -> str:
        """The public id of a sheet."""
        with self.app.app_context():
            return self.panel.sheet(judge, entrant, module).public_id
