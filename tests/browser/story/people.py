"""What each person does, in that person's words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Page, expect

COMPETITION = "2022年全省港口叉车司机职业技能竞赛"
DESK = "/desk/FORK-2022/"


class Person:
    """Somebody with one page open."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.address + path)

    def sign_in(self, link: str) -> None:
        """Open a sign-in link and press the button."""
        self.page.goto(link)
        self.page.get_by_role("button", name=re.compile("登录")).click()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """The words stand on the page."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()


class Organiser(Person):
    """At a desk with a keyboard."""

    def open_competition(self) -> None:
        """From the list to the competition's page."""
        self.go("/desk/")
        self.follow(COMPETITION)

    def download(self, name: str | re.Pattern[str]) -> Download:
        """Press a link that gives a file."""
        with self.page.expect_download() as waiting:
            self.follow(name)
        return waiting.value

    def upload(self, workbook: Path) -> None:
        """Send a registration workbook to be looked at."""
        self.go(f"{DESK}entrants/upload")
        self.page.set_input_files("#workbook", workbook)
        self.press("上传并核对")

    def file(self, path: str) -> bytes:
        """A file that the desk hands out."""
        answer = self.page.context.request.get(self.address + path)
        assert answer.status == 200, answer.text()
        return answer.body()


class Judge(Person):
    """With a tablet in one hand."""

    def home(self) -> None:
        """What is left for me to do."""
        self.go("/judge/")
        self.ready()

    def ready(self) -> None:
        """Wait for the scripts of the page."""
        self.page.wait_for_selector("main[data-ready=yes]")

    def sheet(self) -> dict[str, Any]:
        """The sheet that is open, as the server gave it."""
        return json.loads(self.page.locator("#sheet-data").text_content() or "")

    def open_next(self) -> bool:
        """Open the next sheet; False when all are done."""
        self.home()
        go = self.page.locator("[data-part=nextgo]")
        if not go.is_visible():
            return False
        go.click()
        self.ready()
        return True

    def open_by_code(self, code: str) -> None:
        """Open a sheet by what stands on the badge."""
        self.go(f"/judge/scan?code={code}")
        self.ready()

    def fill(self, first: int = 0, last: int | None = None) -> None:
        """Give the aspects of the open sheet a value, or some of them by their places."""
        for aspect in self.sheet()["aspects"][first:last]:
            getattr(self, f"_{aspect['type']}")(aspect["code"])

    def submit(self) -> None:
        """Submit, and say yes when asked."""
        self.page.locator("[data-part=submit]").click()
        self.page.locator("dialog [data-part=yes]").click()
        expect(self.page.locator("[data-part=state]").last).to_have_text("已提交")

    def says(self, words: str | re.Pattern[str]) -> None:
        """The connection chip says so."""
        chip = self.page.locator("[data-part=chip-words]")
        expect(chip).to_have_text(words, timeout=30_000)

    def aspect(self, code: str) -> Any:
        """The control of an aspect."""
        return self.page.locator(f"[data-aspect={code}]")

    def give(self, code: str, text: str) -> None:
        """Give an aspect this value on the keypad; faults are tapped one by one."""
        own = self.aspect(code)
        asked = next(aspect for aspect in self.sheet()["aspects"] if aspect["code"] == code)
        if asked["type"] == "deduction":
            for _fault in range(int(text)):
                own.locator("[data-part=plus]").click()
            return
        own.locator("button[data-part=value], [data-part=enter]").first.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def hand_in(self) -> None:
        """Submit, and wait until the server has it."""
        self.submit()
        self.says(re.compile("都已上传"))

    def _keys(self, text: str) -> None:
        for key in text:
            self.page.locator(f'[data-key="{key}"]').click()
        self.page.locator('[data-key="confirm"]').click()

    def _score(self, code: str) -> None:
        self.aspect(code).locator("[data-part=value]").click()
        self._keys("88.5")

    def _deduction(self, code: str) -> None:
        if code == "pole-hit":
            self.aspect(code).locator("[data-part=plus]").click()

    def _judgement(self, code: str) -> None:
        self.aspect(code).locator(".ladder-cell").nth(2).click()

    def _measurement(self, code: str) -> None:
        self.aspect(code).locator("[data-part=enter]").click()
        self._keys("12")

    def _time(self, code: str) -> None:
        self.page.locator("[data-part=start]").click()
        # A second tap within half a second is taken for a bounce of the finger.
        self.page.wait_for_timeout(700)
        self.page.locator("[data-part=stop]").click()
        asked = next(aspect for aspect in self.sheet()["aspects"] if aspect["code"] == code)
        if (least := asked.get("plausible")) and float(least["least"]) > 3:
            # No work is done in a second: the tablet asks, once.
            self.page.locator("dialog [data-part=yes]").click()


class Contestant(Person):
    """With a phone, for five seconds."""

    def scan(self, token: str) -> None:
        """Scan a badge."""
        self.go(f"/c/{token}")
