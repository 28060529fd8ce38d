"""A random competition day: every page, paper and workbook counts sheets, people, awards alike.

What is right is counted here straight from the rows, by the rule that the pages' one
function is documented with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from compete.documents import badges, lists, score_sheet
from compete.documents.standings_list import NONE
from compete.documents.typesetting import PrintedFile
from compete.domain.scoring.scorer import score
from compete.domain.values.states import SheetState
from compete.models import (
    Account,
    Competition,
    Decision,
    Entrant,
    LockEntry,
    OutcomeEntry,
    Sheet,
    db,
)
from compete.services.closing.module_locks import (
    ask_unlock,
    confirm_unlock,
    lock_module,
    set_must_sign,
)
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
    withdraw_proposal,
)
from compete.services.hall.board_table import board_table
from compete.services.judging.panels import module_watch
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.recusal import recuse_from_entrant
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.judging.tablet_view import home_data
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import allot_missing
from compete.services.schedule.away import NOT_COMING
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets import counts
from compete.services.sheets.counts import sheet_counts
from compete.services.sheets.locks_in_force import must_sign
from tests.services.schedule.test_late_sheets import register
from tests.sheets.people import citizen_id
from tests.support.judging import Tablet, seat_and_open
from tests.support.signing_in import official, signed_in
from tests.support.small import small

AWARDS = [
    {"code": "first", "name": "一等奖", "top": 1},
    {"code": "second", "name": "二等奖", "top": 1},
]
SAYS_NOTHING = (None, "", NONE)
IN = {SheetState.SUBMITTED, SheetState.SIGNED}


class Day:
    """What may happen on a competition day; whatever is refused did not happen."""

    def __init__(self, competition: Competition, organiser: Account, rng: Random) -> None:
        self.competition, self.organiser, self.rng = competition, organiser, rng
        self.tablets = {code: Tablet(competition, code) for code in ("J1", "J2", "J3")}
        self.chief, self.supervisor = official(competition, "C1"), official(competition, "S1")
        self.late = 0

    def step(self) -> str:
        """One thing that happens."""
        things: list[Callable[[], object]] = [
            *[self.hand_in] * 6,
            *(self.mark, self.send_back, self.stay_away, self.come_back, self.come_late),
            *(self.allot, self.recuse, self.lock, self.unlock),
        ]
        thing = self.rng.choice(things)
        try:
            thing()
        except Refused:
            db.session.rollback()
        return thing.__name__

    def a_sheet(self, *states: SheetState) -> tuple[Tablet, Sheet] | None:
        db.session.rollback()
        query = select(Sheet).where(Sheet.state.in_(states)).order_by(Sheet.id)
        sheets = db.session.scalars(query).all()
        if not sheets:
            return None
        sheet = self.rng.choice(sheets)
        return self.tablets[sheet.judge.code], sheet

    def hand_in(self) -> None:
        pair = self.a_sheet(SheetState.NOT_BEGUN, SheetState.BEGUN, SheetState.RETURNED)
        if pair:
            tablet, sheet = pair
            tablet.send(*tablet.full(sheet.entrant.code))

    def mark(self) -> None:
        pair = self.a_sheet(SheetState.NOT_BEGUN)
        if pair:
            tablet, sheet = pair
            value = {"a": "20", "s": "70"}[tablet.aspects[0]]
            tablet.send(tablet.mark(tablet.aspects[0], value, sheet.entrant.code))

    def send_back(self) -> None:
        pair = self.a_sheet(SheetState.SUBMITTED)
        if pair:
            send_sheet_back(pair[1], "再看一次", self.chief)

    def stay_away(self) -> None:
        person = self.rng.choice(db.session.scalars(select(Entrant)).all())
        kind = self.rng.choice(("dns", "dnf", "dsq"))
        module = self.rng.choice((None, "m", "t"))
        wanted = Proposal(kind, "S", module, "没来", "监督看到的")
        confirm_proposal(propose_decision(person, wanted, self.chief), self.supervisor)

    def come_back(self) -> None:
        decisions = db.session.scalars(select(Decision)).all()
        if decisions:
            decision = self.rng.choice(decisions)
            withdraw_proposal(decision, "记错了", self.chief, seen=decision.state.value)

    def come_late(self) -> None:
        self.late += 1
        number = citizen_id(date(1992, 3, 4), 500 + self.late)
        register(self.competition, self.organiser, f"晚到{self.late}", number)

    def allot(self) -> None:
        allot_missing(self.competition, self.organiser)

    def recuse(self) -> None:
        pair = self.a_sheet(SheetState.NOT_BEGUN, SheetState.SUBMITTED)
        if pair:
            recuse_from_entrant(pair[1], "同单位", pair[0].account)

    def lock(self) -> None:
        event = self.competition.events[0]
        lock_module(event, "S", self.rng.choice(("m", "t")), self.chief)

    def unlock(self) -> None:
        locks = db.session.scalars(select(LockEntry).where(LockEntry.unlocked_at.is_(None))).all()
        if locks:
            ask_unlock(locks[0], "要改", self.chief)
            confirm_unlock(locks[0], self.supervisor)


class Truth:
    """The sheets that count, from the rows."""

    def __init__(self, module: str | None = None, judge: str | None = None) -> None:
        db.session.rollback()
        away = {
            (entry.entrant_id, entry.module)
            for entry in db.session.scalars(select(OutcomeEntry))
            if entry.withdrawn_at is None
        }
        sheets = [
            sheet
            for sheet in db.session.scalars(select(Sheet))
            if sheet.state is not SheetState.WITHDRAWN
            and module in (None, sheet.module)
            and judge in (None, sheet.judge.code)
        ]
        excused = {
            sheet.id
            for sheet in sheets
            if {(sheet.entrant_id, None), (sheet.entrant_id, sheet.module)} & away
        }
        counted = [sheet for sheet in sheets if sheet.state in IN or sheet.id not in excused]
        left = [sheet for sheet in counted if sheet.state not in IN]
        self.states = Counter(sheet.state for sheet in counted)
        self.all, self.left = len(counted), len(left)
        self.done = self.all - self.left
        self.people_left = len({sheet.entrant_id for sheet in left})
        self.back = self.states[SheetState.RETURNED]
        self.unsigned = sum(
            sheet.state is SheetState.SUBMITTED and sheet.id not in excused for sheet in counted
        )


def number_in(page: str, pattern: str) -> int:
    """The number that a page says, 0 where it does not say it."""
    hit = re.search(pattern.replace("N", r"(\d+)"), re.sub(r"\s+", " ", page))
    return int(hit.group(1)) if hit else 0


def legend_of(page: str) -> dict[str, int]:
    part = re.search(r'<ul class="tick-legend">(.*?)</ul>', page, re.S)
    rows = re.findall(r"state-(\w+).*?<b>(\d+)</b>", part.group(1) if part else "", re.S)
    return {state: int(number) for state, number in rows}


def check_everything(client: FlaskClient, competition: Competition, tablets: list[str]) -> None:
    """Every page against the rows."""
    code = competition.code
    truth = Truth()
    home = client.get(f"/desk/{code}/").text
    judging = f"<b>{truth.done}</b>/ {truth.all} 张"
    assert judging in home
    assert number_in(home, "没交的评分表 N 张") == truth.left - truth.back
    assert number_in(home, "退回没改 N 张") == truth.back
    assert number_in(home, "催齐 N 张评分表") in (0, truth.left)
    lock_page = client.get(f"/desk/{code}/lock").text
    fixed = {lock.module for lock in db.session.scalars(select(LockEntry)) if not lock.unlocked_at}
    open_now = truth.all - sum(Truth(module=module).all for module in fixed)
    assert number_in(lock_page, "锁住 N 张评分表") in (0, open_now)
    people = client.get(f"/desk/{code}/judges?people=1").text
    for judge in tablets:
        own = Truth(judge=judge)
        row = re.search(rf'<tr id="judge-{judge}".*?</tr>', people, re.S)
        assert row is not None
        assert not own.all or f"<b>{own.done}</b> / {own.all}<" in row.group(0), judge
        account = next(
            known_judge for known_judge in competition.judges if known_judge.code == judge
        )
        sheets = home_data(account)["sheets"]
        awaited = [sheet for sheet in sheets if not sheet["excused"]]
        assert sum(SheetState(sheet["state"]) not in IN for sheet in awaited) == own.left
    bare = 0
    for module in ("m", "t"):
        here = Truth(module=module)
        page = client.get(f"/desk/{code}/progress?module=E|S|{module}").text
        assert legend_of(page) == {state.value: n for state, n in here.states.items() if n}
        assert number_in(page, "<b>N 张，一格一张</b>") == here.all
        cells = re.findall(r'<b class="station">(\d+) / (\d+)</b>', page)
        assert [sum(int(cell[at]) for cell in cells) for at in (0, 1)] == [here.done, here.all]
        lacking = re.search(r"谁还缺评分表.*?</section>", page, re.S)
        without = len(re.findall("没有评分表</td>", lacking.group(0))) if lacking else 0
        assert (number_in(lacking.group(0), "N 人") if lacking else 0) == here.people_left + without
        locked = db.session.scalar(
            select(LockEntry).where(LockEntry.unlocked_at.is_(None), LockEntry.module == module)
        )
        if locked is None:
            bare += here.unsigned
            assert number_in(page, "没交的评分表 N 张") == here.left - here.back
            assert number_in(page, "退回没改 N 张") == here.back
            if must_sign(competition):
                assert number_in(page, "没签名的评分表 N 张") == here.unsigned
            confirm = client.get(f"/desk/{code}/locks?module=E|S|{module}").text
            assert number_in(confirm, "锁住 N 张评分表") in (0, here.all)
    assert number_in(home, "没签名的评分表 N 张") == (bare if must_sign(competition) else 0)


class Printer:
    """In place of typesetting: what was to be set, without setting it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.shared: dict[str, Any] = {}
        self.sheets: list[dict[str, Any]] = []
        for module in (score_sheet, lists, badges):
            patch.setattr(module, "typeset", self._set)

    def _set(
        self, _template: str, shared: dict[str, Any], sheets: list[Any], *_: Any, **_also: Any
    ) -> PrintedFile:
        self.shared, self.sheets = shared, [dict(sheet.data) for sheet in sheets]
        return PrintedFile(b"%PDF")

    def printed(self, client: FlaskClient, address: str) -> list[dict[str, Any]]:
        """What stands on the paper at an address; nothing where it is refused."""
        self.sheets = []
        client.get(address)
        return self.sheets

    def column(self, title: str) -> list[str]:
        """The cells of the first table's column; none where it is left out as empty."""
        titles = [column["title"] for column in self.shared["sections"][0]["columns"]]
        if title not in titles:
            return []
        place = titles.index(title)
        return [sheet["cells"][place] for sheet in self.sheets if sheet["section"] == 0]


def check_papers(client: FlaskClient, competition: Competition, printer: Printer) -> None:
    """Every paper, the workbook and the hall against the rows and what they score."""
    desk = f"/desk/{competition.code}"
    for module in ("m", "t"):
        blank = printer.printed(client, f"{desk}/paper.pdf?module=E|S|{module}")
        assert len(blank) == Truth(module=module).left
    db.session.rollback()
    people = len(db.session.scalars(select(Entrant.id)).all())
    out = {
        entry.entrant_id
        for entry in db.session.scalars(select(OutcomeEntry))
        if entry.withdrawn_at is None and entry.module is None and entry.status in NOT_COMING
    }
    assert len(printer.printed(client, f"{desk}/badges.pdf")) == people - len(out)
    assert len(printer.printed(client, f"{desk}/forms/attendance.pdf")) == people
    (event,) = score(export_bundle(competition)).events
    ranks = [row.rank for row in event.standings if row.rank is not None]
    winners = {row.entrant for row in event.awards if row.entrant}
    (table,) = load_workbook(BytesIO(client.get(f"{desk}/standings.xlsx").data)).worksheets
    lines = [[cell.value for cell in row] for row in table.iter_rows()]
    (head,) = [at for at, line in enumerate(lines) if "名次" in line]
    rank, code, prize = (lines[head].index(title) for title in ("名次", "编号", "奖项"))
    body = [line for line in lines[head + 1 :] if line[code]]
    assert len(body) == people
    assert [line[rank] for line in body if line[rank] not in SAYS_NOTHING] == ranks
    assert {line[code] for line in body if line[prize] not in SAYS_NOTHING} == winners
    assert len(printer.printed(client, f"{desk}/standings.pdf?event=E")) == people
    placed = [text for text in printer.column("名次") if text not in SAYS_NOTHING]
    assert placed == list(map(str, ranks))
    assert sum(text not in SAYS_NOTHING for text in printer.column("奖项")) == len(winners)
    assert [row.rank for row in board_table(competition, competition.events[0]).rows] == ranks


def check_what_is_kept(competition: Competition) -> None:
    """What is kept in memory and followed is what a fresh look finds."""
    db.session.rollback()
    kept, anew = sheet_counts(competition), counts._fresh(competition)
    assert kept == anew
    assert live_results(competition).results == score(export_bundle(competition))
    (event,) = competition.events
    for module in ("m", "t"):
        watch, fresh = watch_module(event, "S", module), module_watch._fresh(event, "S", module)
        assert (watch.disputes, watch.outliers) == (fresh.disputes, fresh.outliers)
        assert watch.implausible == fresh.implausible
        assert {judge: totals for judge, totals in watch.totals.items() if totals} == fresh.totals


@pytest.mark.parametrize("seed", range(3))
def test_all_pages_count_alike_whatever_happens(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition = load(small(event={"awards": AWARDS}))
    seat_and_open(competition, organiser)
    set_must_sign(competition, seed % 2 == 0, organiser)
    day = Day(competition, organiser, Random(seed))
    client = signed_in(app, organiser)
    printer = Printer(monkeypatch)
    happened = []
    for _round in range(5):
        try:
            for _step in range(7):
                happened.append(day.step())
                check_what_is_kept(competition)
            check_everything(client, competition, list(day.tablets))
            check_papers(client, competition, printer)
        except AssertionError as wrong:
            raise AssertionError(f"after {happened}: {wrong}") from wrong
