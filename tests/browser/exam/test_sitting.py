"""A candidate sits: network loss, a page loaded anew, a second tab, another device."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from compete.models import ExamAct, ExamSitting, db, utc_now
from compete.services.backups.generations import begin_generation_by_hand
from compete.services.examinations.rooms import add_time, start_room
from compete.services.examinations.seats import move_device, undo_hand_in
from compete.services.kernel.installation import installation_here
from tests.support.databases import wait_until
from tests.support.examinations import Hall

WRITTEN = 9
NO_SUBTLE = "Object.defineProperty(crypto, 'subtle', {value: undefined})"
KEPT = """async (key) => {
  const {Store} = await import('/static/js/keeping/store.js');
  const id = localStorage.getItem('exam PANEL');
  return new Store().get(`${id}:${key}`);
}"""


SHOWN = """(state) => {
  Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


class Candidate:
    """Whoever sits at a page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)

    def part(self, name: str) -> Any:
        return self.page.locator(f"[data-part={name}]").locator("visible=true").first

    def sit(self, number: str, code: str) -> Candidate:
        self.page.fill("#exam-number", number)
        self.page.fill("#exam-code", code)
        self.part("go").click()
        return self

    def confirm(self) -> Candidate:
        self.part("yes").click()
        return self

    def says(self, part: str, text: str) -> Candidate:
        expect(self.part(part)).to_have_text(re.compile(text))
        return self

    def wake(self) -> Candidate:
        self.page.evaluate("dispatchEvent(new Event('focus'))")
        return self

    def go(self, number: int) -> Candidate:
        self.part("all").click()
        self.page.locator(".exam-map button").nth(number - 1).click()
        return self.says("place", f"^第 {number} 题")

    def press(self, *keys: str) -> Candidate:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def chosen(self, letters: str) -> Candidate:
        expect(self.page.locator(".exam-option[aria-checked=true] .letter")).to_have_text(
            list(letters)
        )
        return self

    def cut(self) -> Candidate:
        """The server is not to be reached; what is open goes on."""
        self.page.context.route("**/api/exam/**", lambda route: route.abort())
        return self

    def mend(self) -> Candidate:
        self.page.context.unroute("**/api/exam/**")
        return self.wake()


def stored(code: str, hall: Hall) -> dict[str, Any]:
    """What the database holds of a sitting: the last value of each question."""
    db.session.rollback()
    rows = db.session.query(ExamAct).filter_by(sitting_id=hall.sitting(code).id)
    acts = rows.order_by(ExamAct.id).all()
    assert len({act.uuid for act in acts}) == len(acts)
    return {act.item: act.value for act in acts if act.kind == "answer"}


def kinds() -> list[str]:
    db.session.rollback()
    return [act.kind for act in db.session.query(ExamAct)]


@pytest.mark.slow
def test_nothing_answered_is_lost_on_the_way(
    app: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    with app.app_context():
        _sit_it(Hall(), live_url, visitor)
        db.session.rollback()


def _sit_it(hall: Hall, live_url: str, visitor: Callable[..., Any]) -> None:
    by, room = hall.panel.organiser, hall.open()
    address, code = f"{live_url}/exam/PANEL", room.code
    db.session.commit()
    holder = visitor("tablet")
    holder.expect(r"Failed to load resource")
    # A wrong number of the room tells nothing; the page says whose seat it is before it is taken.
    tablet = Candidate(holder.page(), address).sit("E1", "000001")
    tablet.says("problem", "不")
    tablet.sit("E1", code).says("name", hall.panel.entrant("E1").name).confirm()
    tablet.says("waithead", "等监考开考|还没开考").says("paperhere", "加密存在这台机")
    assert tablet.page.evaluate(KEPT, "sealed")
    assert not tablet.page.evaluate(KEPT, "opened")
    tablet.page.check("[data-part=promise]")
    start_room(room, by)
    tablet.wake().says("place", "^第 1 题")

    # By keyboard: the first option, flagged, on; the network goes and the page is loaded anew.
    tablet.press("1", "m", "ArrowRight", "b").says("chip-words", "2 题都已上传")
    tablet.cut().go(3).press("1").chosen("A").says("chip-words", "存在本机")
    tablet.page.reload()
    tablet.says("place", "^第 3 题").chosen("A").says("chip-words", "存在本机")
    tablet.says("marked", "1 想再看").mend().says("chip-words", "3 题都已上传")

    # A second tab is locked; who takes it over there goes on with all, and the first is locked.
    tab = Candidate(tablet.page.context.new_page(), address)
    tab.says("lockhead", "在另一个页签里答着").part("take").click()
    tab.says("place", "^第 3 题").chosen("A").go(4).press("2").chosen("B")
    tablet.says("lockhead", "在另一个页签里答着").part("take").click()
    tablet.go(4).chosen("B").says("chip-words", "4 题都已上传")
    tab.page.close()

    ends = tablet.part("subtitle").text_content()
    add_time([room], 10, "停电", by, alone=None)
    tablet.wake().says("newswords", "加了 10 分钟：停电")
    assert tablet.part("subtitle").text_content() != ends

    # It breaks with an answer on it; the next device has no WebCrypto, as in a hall by plain HTTP.
    tablet.cut().go(5).press("1").says("chip-words", "存在本机")
    move_device(hall.sitting("E1"), "屏幕坏了", by)
    spare = visitor("desk")
    spare.context.add_init_script(NO_SUBTLE)
    laptop = Candidate(spare.page(), address).sit("E1", code).confirm()
    laptop.page.check("[data-part=promise]")
    laptop.says("place", "^第 1 题").chosen("A").go(4).chosen("B")
    tablet.mend().says("lockhead", "换到别的机器上答了").says("lockwords", "答过的都在那边")
    laptop.wake().go(5).chosen("A")
    wait_until(lambda: len(stored("E1", hall)) == 5, "the last answer of the broken device")

    # The database is set back: what it lost of this device comes again, each act once.
    laptop.go(6).press("1").chosen("A").says("chip-words", "6 题都已上传")
    before = kinds()
    device = db.session.query(ExamAct).order_by(ExamAct.id.desc()).first()
    assert device is not None
    lost = delete(ExamAct).where(ExamAct.device == device.device)
    db.session.execute(lost.execution_options(noted=True))
    db.session.commit()
    assert len(kinds()) < len(before)
    begin_generation_by_hand()
    installation_here().memory.pop("compete.generation", None)
    laptop.wake()
    wait_until(lambda: len(kinds()) == len(before), "what the server had lost")
    assert len(stored("E1", hall)) == 6

    laptop.part("handin").click()
    number = laptop.page.locator("dialog .exam-map button").count()
    expect(laptop.page.locator("dialog [data-part=text]")).to_contain_text(f"还有 {number} 题没答")
    laptop.page.locator("dialog [data-part=yes]").click()
    laptop.says("endhead", "^交上了$").says("endcount", f"答了 6 题，{number} 题没答")
    expect(laptop.part("hash")).to_have_text(re.compile(r"^\S+( \S+){3}"))
    assert not laptop.page.evaluate(KEPT, "opened")

    # Undone by the head: the page brings the paper anew and goes on. The page is left for a while.
    undo_hand_in(hall.sitting("E1"), "按错了", by)
    laptop.wake().go(6).chosen("A")
    laptop.page.evaluate(SHOWN, "hidden")
    wait_until(lambda: "leave_page" in kinds(), "that the page was left")
    laptop.page.evaluate(SHOWN, "visible")
    wait_until(lambda: "return_page" in kinds(), "that it was come back to")

    # The end: what is being written counts as far as it came, and nothing is handed in by itself.
    field = laptop.go(WRITTEN).page.locator(".exam-answer input").first
    ends = utc_now() - timedelta(minutes=10) + timedelta(seconds=4)
    short = update(ExamSitting).values(ends_at=ends).execution_options(noted=True)
    db.session.execute(short)
    db.session.commit()
    laptop.wake()
    expect(laptop.page.locator("[data-part=clock]")).to_have_text(re.compile("^00:0"))
    field.press_sequentially("900", delay=50)
    laptop.says("endhead", "^时间到，收卷了$").says("endwords", "都已上传")
    assert "900" in str(list(stored("E1", hall).values()))
    assert kinds().count("hand_in") == 1
