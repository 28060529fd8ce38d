"""A small competition with a panel of three, for tests of what judges and the chief do together."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain import read_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Judge, Sheet, db
from compete.services.accounts.accounts import account_of_judge, create_account, grant_role
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.competitions.loading import load_bundle
from compete.services.judging.act_intake import Taken, take_acts
from compete.services.kernel.installation import installation_here
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.sheets.act_rules import ActIn
from tests.support.begun import begun, is_untouched

SIGNATURE = {
    "path": "M10 80 L30 20 40 90 60 30 80 80 C90 20 120 20 140 70 L170 60 200 75",
    "width": 600,
    "height": 150,
}
PIN = "4827"
VALUES: Mapping[str, str] = {"smooth": "2", "work": "17.5"}


def bundle_of(
    *,
    blind: bool = False,
    level: str = "municipal",
    panel: Mapping[str, Any] | None = None,
    timed: bool = False,
) -> dict[str, Any]:
    """Build two entrants from two units; a paper module by one judge and a practice by three.

    `timed` gives the practice a watch, and the event a tie key on it.
    """
    practice = {
        "code": "practice",
        "name": "实操",
        "weight": 60,
        "full": 26,
        "panel": {"size": 3, "min": 2, "max_spread": 1, "at": "aspect", **(panel or {})},
        "aspects": [
            {
                "code": "smooth",
                "name": "操作平稳",
                "type": "judgement",
                "max": 6,
                "extra": {"descriptors": ["急停急转", "轻微晃动", "个别顿挫", "全程平稳"]},
            },
            {"code": "work", "name": "成品", "type": "score", "max": 20, "step": "0.5"},
        ],
    }
    if timed:
        watch = {"code": "run", "name": "用时", "type": "time", "max": 10}
        practice["aspects"].append(watch | {"full_at": 480, "zero_at": 580})
        practice["full"] = 36
    if practice["panel"].get("combine") == "sum":
        practice["full"] = 26 * practice["panel"]["size"]
    paper = {
        "code": "paper",
        "name": "理论",
        "weight": 40,
        "full": 100,
        "aspects": [{"code": "all", "name": "卷面", "type": "score", "max": 100}],
    }
    event: dict[str, Any] = {
        "code": "FORK",
        "name": "叉车司机",
        "stages": [{"code": "final", "name": "决赛", "modules": [paper, practice]}],
    }
    if timed:
        event["ranking"] = {"ties": ["time:practice"]}
    if blind:
        event["extra"] = {"blind": True}
    judges = [("J1", "许静"), ("J2", "邵建华"), ("J3", "季红"), ("J4", "顾文")]
    return {
        "format": "compete-bundle/1",
        "competition": {"code": "PANEL", "name": "样例竞赛", "kind": "skills", "level": level},
        "units": [{"code": "U1", "name": "甲港"}, {"code": "U2", "name": "乙港"}],
        "judges": [
            {"code": "C1", "name": "沈国梁", "role": "chief"},
            *({"code": code, "name": name, "role": "judge"} for code, name in judges),
            {"code": "R1", "name": "田春", "role": "recorder"},
            {"code": "R2", "name": "罗平", "role": "recorder"},
            {"code": "S1", "name": "卞志强", "role": "supervisor"},
        ],
        "entrants": [
            {"code": "E1", "name": "王一", "event": "FORK", "unit": "U1"},
            {"code": "E2", "name": "李二", "event": "FORK", "unit": "U2"},
        ],
        "events": [event],
    }


@dataclass
class Panel:
    """The competition while it is judged, found anew at each look."""

    code: str = "PANEL"

    @property
    def competition(self) -> Competition:
        return db.session.scalars(select(Competition).filter_by(code=self.code)).one()

    def judge(self, code: str) -> Judge:
        return next(judge for judge in self.competition.judges if judge.code == code)

    def account(self, code: str) -> Account:
        return account_of_judge(self.judge(code), self.competition, None)

    @property
    def organiser(self) -> Account:
        return db.session.scalars(select(Account).filter_by(username="organiser")).one()

    def entrant(self, code: str) -> Entrant:
        return db.session.scalars(select(Entrant).filter_by(code=code)).one()

    def sheet(self, judge: str, entrant: str = "E1", module: str = "practice") -> Sheet:
        return db.session.scalars(
            select(Sheet).where(
                Sheet.judge_id == self.judge(judge).id,
                Sheet.entrant_id == self.entrant(entrant).id,
                Sheet.module == module,
            )
        ).one()

    def act(self, sheet: Sheet, kind: str, **fields: Any) -> Taken:
        """Make one act of the sheet's judge."""
        judge = db.session.get_one(Judge, sheet.judge_id)
        act = ActIn(uuid=str(uuid.uuid4()), sheet=sheet.public_id, kind=kind, **fields)
        taken = take_acts(judge, [act], self.account(judge.code))
        assert not taken.refused, taken.refused[0][1]
        return taken

    def refusal(self, sheet: Sheet, kind: str, **fields: Any) -> str:
        """Say why an act of the sheet's judge is refused."""
        judge = db.session.get_one(Judge, sheet.judge_id)
        act = ActIn(uuid=str(uuid.uuid4()), sheet=sheet.public_id, kind=kind, **fields)
        taken = take_acts(judge, [act], self.account(judge.code))
        assert taken.refused
        return str(taken.refused[0][1])

    def fill(self, sheet: Sheet, values: Mapping[str, str] = VALUES) -> None:
        """Mark every aspect and submit."""
        for aspect, value in values.items():
            self.act(sheet, "mark", aspect=aspect, value=value)
        self.act(sheet, "submit")

    def fill_panel(self, *marks: str, entrant: str = "E1") -> None:
        """Submit the three judges' sheets with `smooth` marks."""
        for judge, smooth in zip(("J1", "J2", "J3"), marks, strict=True):
            self.fill(self.sheet(judge, entrant), {"smooth": smooth, "work": "17.5"})

    def fill_papers(self) -> None:
        """The paper module of both entrants."""
        for entrant in ("E1", "E2"):
            self.fill(self.sheet("J4", entrant, "paper"), {"all": "88"})


def open_panel(bundle: dict[str, Any] | None = None, papers: Sequence[str] = ("J4",)) -> Panel:
    """Load the competition and begin judging; inside an application context.

    `papers` are the judges of the paper module. Where nothing else stands, once a worker.
    """
    plain = json.dumps(bundle or bundle_of())
    if installation_here().memory or not is_untouched():
        _open(plain, papers)
    else:
        begun(f"panel {papers} {plain}", lambda: _open(plain, papers))
    return Panel()


def _open(plain: str, papers: Sequence[str]) -> None:
    read = read_bundle(plain.encode())
    organiser = create_account("吴敏", username="organiser")
    competition = load_bundle(read, by=organiser)
    grant_role(organiser, competition, Role.ORGANISER)
    panel = Panel()
    event = panel.competition.events[0]
    by = panel.organiser
    assign_judges(event, "final", "paper", [(panel.judge(code), "") for code in papers], by)
    event = panel.competition.events[0]
    seats = [(panel.judge(code), "") for code in ("J1", "J2", "J3")]
    assign_judges(event, "final", "practice", seats, by)
    open_judging(panel.competition, panel.organiser, "人手不够")


@pytest.fixture
def panel(app: Flask) -> Iterator[Panel]:
    """A competition that is being judged by a panel of three."""
    with app.app_context():
        yield open_panel()


def client_of(app: Flask, panel: Panel, who: str) -> FlaskClient:
    """Sign in a device as an official by code, or as the organiser for ""."""
    with app.app_context():
        account = panel.account(who) if who else panel.organiser
        token = issue_card(account, one_time=True)[1]
    client = app.test_client()
    assert client.post(f"/sign-in/{token}").status_code == 302
    return client


@pytest.fixture
def opened(app: Flask) -> Panel:
    """Open the same competition for tests of pages: each request needs its own context."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel()
        db.session.remove()
    return panel
