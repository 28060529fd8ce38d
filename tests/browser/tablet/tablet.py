"""What a judge does with a tablet, in the judge's words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.tablet.hall import Hall


class Tablet:
    """One tab of a tablet."""

    def __init__(self, page: Page, hall: Hall) -> None:
        self.page = page
        self.hall = hall

    def open_sheet(self, name: str = "k27") -> Tablet:
        """Open a sheet and wait until it takes marks."""
        self.page.goto(f"{self.hall.address}/judge/sheets/{name}")
        return self.ready()

    def open_home(self) -> Tablet:
        """Open the judge's home."""
        self.page.goto(f"{self.hall.address}/judge/")
        return self.ready()

    def ready(self) -> Tablet:
        """Wait for the scripts."""
        self.page.wait_for_selector("main[data-ready=yes]")
        return self

    def another_tab(self) -> Tablet:
        """A second tab of the same browser."""
        return Tablet(self.page.context.new_page(), self.hall)

    def aspect(self, code: str) -> Locator:
        """The control of an aspect."""
        return self.page.locator(f"[data-aspect={code}]")

    def count(self, code: str, times: int = 1) -> Tablet:
        """Tap ＋ so many times."""
        for _ in range(times):
            self.aspect(code).locator("[data-part=plus]").click()
        return self

    def counted(self, code: str, number: int) -> None:
        """The counter shows this number."""
        expect(self.aspect(code).locator("[data-part=count]")).to_have_text(str(number))

    def level(self, code: str, level: int) -> Tablet:
        """Tap a cell of a ladder."""
        self.aspect(code).locator(".ladder-cell").nth(level).click()
        return self

    def measure(self, code: str, text: str) -> Tablet:
        """Open a measured aspect, type on its keypad, confirm."""
        self.aspect(code).locator("[data-part=enter]").click()
        self.keys(text)
        self.key("confirm")
        return self

    def keys(self, text: str) -> Tablet:
        """Tap digits on the keypad that is open."""
        for digit in text:
            self.key(digit)
        return self

    def key(self, name: str) -> Tablet:
        """Tap one key."""
        self.page.locator(f'[data-key="{name}"]').click()
        return self

    def answer(self, yes: bool = True) -> Tablet:
        """Answer the question that is open."""
        self.page.locator(f"dialog [data-part={'yes' if yes else 'no'}]").click()
        return self

    def says(self, words: Any) -> None:
        """The connection chip says so."""
        expect(self.page.locator("[data-part=chip-words]")).to_have_text(words, timeout=20_000)

    def total(self, text: str) -> None:
        """The running total is so."""
        expect(self.page.locator("[data-part=total]").first).to_have_text(text)

    def count_photos(self, words: str) -> None:
        """The button of the photos says so."""
        expect(self.part("photowords")).to_have_text(words)

    def part(self, name: str) -> Locator:
        """An element by its part."""
        return self.page.locator(f"[data-part={name}]")
