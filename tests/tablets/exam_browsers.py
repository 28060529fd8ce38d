"""A room of real browsers: each answers by its own page, some are cut off one after another."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select

from compete.models import ExamAct, ExamSitting, db
from compete.services.examinations.rooms import start_room
from compete.services.kernel.chain_checks import verify_chain
from tests.support.browser import ARGUMENTS, SETTINGS, SIZES, find_chromium, wait_on_page
from tests.tablets.examination import ExamRoomPlan, make_examination, the_room
from tests.tablets.run import application, release
from tests.tablets.server import Server

RECORDS = """(() => {
  const real = window.fetch;
  window.trial = {made: {}, held: [], refused: []};
  window.fetch = async (path, options) => {
    const acts = String(path).endsWith('/api/exam/acts');
    if (acts) for (const act of JSON.parse(options.body).acts) window.trial.made[act.uuid] = act;
    const reply = await real(path, options);
    if (acts && reply.status === 200) {
      const data = await reply.clone().json();
      window.trial.held.push(...data.held);
      window.trial.refused.push(...data.refused);
    }
    return reply;
  };
})()"""
"""Keeps what the page sent, and what the server acknowledged to it."""
NOTHING_WAITS = """(answered) => {
  const {made, held} = window.trial;
  const there = new Set(held);
  const items = Object.values(made).filter((act) => act.kind === 'answer');
  return Object.keys(made).every((uuid) => there.has(uuid))
    && new Set(items.map((act) => act.question)).size >= answered;
}"""


@dataclass(frozen=True)
class RoomTrial:
    """How many browsers, how long, how many of them are cut off in turn; times in seconds."""

    browsers: int = 30
    questions: int = 40
    seconds: float = 600
    pace: float = 10
    cut: int = 10
    seed: int = 1


@dataclass
class RoomOutcome:
    """What does not agree, by kind, and how much there was of everything."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    made: int = 0
    acknowledged: int = 0
    in_database: int = 0
    while_cut: int = 0

    def fault(self, kind: str, what: str) -> None:
        """Note something that does not agree."""
        self.faults.setdefault(kind, []).append(what)


class _Candidate:
    """Whoever sits at one of the browsers."""

    def __init__(self, number: str, context: BrowserContext) -> None:
        self.number = number
        self.context = context
        self.page: Page = context.new_page()
        self.turn = 0
        self.questions: set[str] = set()
        self.is_cut = False

    def part(self, name: str) -> Any:
        return self.page.locator(f"[data-part={name}]").locator("visible=true").first

    def sit(self, address: str, code: str) -> None:
        """Sit down, and have the sealed paper."""
        self.page.goto(address)
        self.page.fill("#exam-number", self.number)
        self.page.fill("#exam-code", code)
        self.part("go").click()
        self.part("yes").click()
        self.page.check("[data-part=promise]")
        expect(self.part("paperhere")).to_be_visible()

    def answer(self) -> None:
        """Answer what is in front, and go on; after the last question back to the first."""
        self.turn += 1
        place = str(self.part("place").text_content()).split("题")[0]
        if self.page.locator(".exam-option").count():
            self.page.keyboard.press(str(self.turn % 2 + 1))
        else:
            self.page.locator("[data-part=work] input").first.fill(f"{self.turn}")
        self.questions.add(place)
        if self.part("handin").count():
            self.part("after").click()
        else:
            self.part("all").click()
            self.page.locator(".exam-map button").first.click()

    def cut_off(self, *, cut: bool) -> None:
        """Pull the browser's line, or put it back."""
        if cut is not self.is_cut:
            self.is_cut = cut
            self.context.set_offline(cut)


def rehearse_room(
    trial: RoomTrial, url: str, folder: Path, browser: Browser | None = None
) -> RoomOutcome:
    """Run the trial in `folder` on an empty migrated database, and check it."""
    app = application(url, folder)
    with app.app_context():
        plan = make_examination(trial.browsers, trial.questions)
        release()
    server = Server(
        {"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}, folder / "server.log"
    )
    server.start()
    try:
        with _opened(browser) as opened:
            people = list(_come_in(plan, opened, server.port))
            with app.app_context():
                start_room(*the_room())
                release()
            outcome = _sit(trial, people)
            trials = {it.number: it.page.evaluate("window.trial") for it in people}
            for candidate in people:
                candidate.context.close()
    finally:
        server.stop()
    with app.app_context():
        _check(outcome, trials)
        release()
    return outcome


@contextmanager
def _opened(browser: Browser | None) -> Iterator[Browser]:
    if browser is not None:
        yield browser
        return
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


def _come_in(plan: ExamRoomPlan, browser: Browser, port: int) -> Iterator[_Candidate]:
    for number in plan.numbers:
        context = browser.new_context(**SETTINGS, **SIZES["tablet"])
        context.add_init_script(RECORDS)
        candidate = _Candidate(number, context)
        candidate.sit(f"http://127.0.0.1:{port}/exam/{plan.competition}", plan.code)
        yield candidate


def _sit(trial: RoomTrial, people: list[_Candidate]) -> RoomOutcome:
    """Let all of them answer; the first `cut` are without a line, one after another."""
    outcome, chance = RoomOutcome(), Random(trial.seed)
    for candidate in people:
        candidate.page.evaluate("dispatchEvent(new Event('focus'))")
    for candidate in people:
        expect(candidate.part("place")).to_be_visible(timeout=60_000)
    begun = time.monotonic()
    due = {it.number: begun + chance.uniform(0, trial.pace) for it in people}
    spell = trial.seconds * 0.9 / max(1, trial.cut)
    while (now := time.monotonic()) < begun + trial.seconds:
        turn = int((now - begun) / spell)
        for place, candidate in enumerate(people):
            candidate.cut_off(cut=place == turn < trial.cut)
        candidate = min(people, key=lambda it: due[it.number])
        if due[candidate.number] > now:
            candidate.page.wait_for_timeout(min(500, (due[candidate.number] - now) * 1000))
            continue
        candidate.answer()
        outcome.while_cut += candidate.is_cut
        due[candidate.number] += trial.pace * chance.uniform(0.7, 1.3)
    for candidate in people:
        candidate.cut_off(cut=False)
        candidate.page.evaluate("dispatchEvent(new Event('focus'))")
    for candidate in people:
        wait_on_page(candidate.page, NOTHING_WAITS, len(candidate.questions), seconds=120)
    return outcome


def _check(outcome: RoomOutcome, trials: dict[str, Any]) -> None:
    """Hold what the pages kept against the database; inside an application context."""
    sittings = {it.id: it.entrant.code for it in db.session.scalars(select(ExamSitting))}
    rows = list(db.session.scalars(select(ExamAct).order_by(ExamAct.id)))
    for uuid, count in Counter(row.uuid for row in rows).items():
        if count > 1:
            outcome.fault("doubled", uuid)
    acts = {row.uuid: row for row in rows}
    known: set[str] = set()
    for number, kept in trials.items():
        known |= kept["made"].keys()
        outcome.made += len(kept["made"])
        outcome.acknowledged += len(set(kept["held"]))
        for uuid in kept["held"]:
            row, made = acts.get(uuid), kept["made"][uuid]
            if row is None:
                outcome.fault("lost", f"{number}: {made}")
            elif (sittings[row.sitting_id], row.item, row.value) != (
                number,
                made.get("question"),
                made.get("value"),
            ):
                outcome.fault("misplaced", f"{number}: {made} is held as {row.item} {row.value}")
        for refused in kept["refused"]:
            outcome.fault("refused", f"{number}: {refused}")
    for uuid in acts.keys() - known:
        outcome.fault("unknown", uuid)
    outcome.in_database = len(rows)
    room, _by = the_room()
    for entry in verify_chain(room.examination.competition):
        outcome.fault("chain", f"{entry.seq}: {entry.fault}")
