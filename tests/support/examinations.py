"""A hall with two candidates, an examination of the theory module, and devices that send acts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import BankRole
from compete.models import Examination, ExamRoom, ExamSitting, Slot, db
from compete.services.examinations.paper_content import filed_content
from compete.services.examinations.rooms import open_room
from compete.services.examinations.setting_up import (
    ExamRules,
    examinations_of,
    modules_without,
    set_up_examination,
)
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_rights import put_in_bank
from compete.services.questions.papers import SeedFields, assemble_paper, bring_table
from compete.services.schedule.exam_rooms import planned_rooms, rooms_of
from tests.support.banks import PAPER_TABLE, administrator, example_bank, file_of_table
from tests.support.panels import Panel, bundle_of, open_panel

TOTAL = "17"
RULES = ExamRules(minutes=30, pass_line=Decimal("10"))


def _table(*, essay: bool) -> bytes:
    """The example's table, with or without its essay."""
    if essay:
        return file_of_table(importance={}, difficulty=None)
    lines = [line for line in PAPER_TABLE["lines"] if line["kind"] != "essay"]
    return file_of_table(lines=lines, total=TOTAL, importance={}, difficulty=None)


def exam_panel(total: str = TOTAL, *, evaluation: bool = False) -> Panel:
    """A competition that is judged, whose theory module has as many points as the paper."""
    bundle: dict[str, Any] = _as_evaluation(bundle_of()) if evaluation else bundle_of()
    theory = bundle["events"][0]["stages"][0]["modules"][0]
    theory["full"] = int(total)
    theory["aspects"][0] |= {"max": int(total), "step": "0.01"}
    return open_panel(bundle)


def _as_evaluation(bundle: dict[str, Any]) -> dict[str, Any]:
    """The same people, modules and judges, in an evaluation of 四级."""
    bundle["format"] = "compete-bundle/2"
    bundle["competition"] |= {"kind": "evaluation", "starts": "2026-12-01"}
    (event,) = bundle["events"]
    event |= {"verdict": "pass", "grade": 4, "cite": "4.2"}
    event["occupation"] = {"code": "6-30-05", "name": "叉车司机", "track": "内燃"}
    event["apply"] = [{"code": "any", "cite": "五级", "when": {"holds": {"at_least": 5}}}]
    for module in event["stages"][0]["modules"]:
        module.pop("weight")
    for person in bundle["entrants"]:
        person |= {"grade": 5, "grade_since": "2020-03-01"}
    return bundle


@dataclass
class Hall:
    """The competition with its examination set up; with an `essay` in its paper or without."""

    essay: bool = False
    evaluation: bool = False
    panel: Panel = field(init=False)

    def __post_init__(self) -> None:
        total = str(PAPER_TABLE["total"]) if self.essay else TOTAL
        self.panel = exam_panel(total, evaluation=self.evaluation)
        by = self.panel.organiser
        bank = example_bank()
        put_in_bank(bank, by, BankRole.ASSEMBLER, administrator())
        table = bring_table(bank, _table(essay=self.essay), by)
        paper = assemble_paper(table, SeedFields(7), by)
        place = next(
            it for it in modules_without(self.panel.competition) if it.module.code == "paper"
        )
        key = module_key(place.event, place.stage, place.module.code)
        rules = msgspec.structs.replace(RULES, essay_line=Decimal(1))
        set_up_examination(self.panel.competition, key, paper, rules, by)

    @property
    def exam(self) -> Examination:
        (row,) = examinations_of(self.panel.competition)
        return row

    @property
    def room(self) -> ExamRoom:
        (row,) = rooms_of(self.exam).values()
        return row

    def open(self) -> ExamRoom:
        (planned,) = planned_rooms(self.exam)
        return open_room(self.exam, planned.key, self.panel.organiser)

    def plan(self, **sessions: str) -> None:
        """Let the candidates sit in these sessions, in one room."""
        stage, module = self.exam.stage, self.exam.module
        with unit_of_work() as session:
            for code, when in sessions.items():
                place = {"session": when, "station": "201教室", "seat": 1}
                who = self.panel.entrant(code)
                session.add(Slot(entrant_id=who.id, stage=stage, module=module, **place))

    def open_session(self, when: str) -> ExamRoom:
        return open_room(self.exam, (when, "201教室"), self.panel.organiser)

    def sitting(self, code: str) -> ExamSitting:
        return (
            db.session.query(ExamSitting)
            .filter_by(entrant_id=self.panel.entrant(code).id)
            .populate_existing()
            .one()
        )


class Seat:
    """A browser at a seat, whose clock is off by so much; it keeps what it has made."""

    def __init__(self, app: Flask, code: str, number: str, off: timedelta = timedelta()) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.client: FlaskClient = app.test_client()
        self.code, self.number, self.off = code, number, off
        self.count = 0
        self.whole: dict[str, Any] = {}

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.off

    def headers(self) -> dict[str, str]:
        clock = self.clock().isoformat(timespec="milliseconds")
        return {"X-Clock": f"{clock} {self.count}"}

    def sit(
        self, *, confirm: bool = True, number: str | None = None, secret: str | None = None
    ) -> tuple[int, Any]:
        body = {
            "competition": "PANEL",
            "number": number or self.number,
            "code": self.code,
            "confirm": confirm,
            "secret": secret,
        }
        answer = self.client.post("/api/exam/seat", json=body, headers=self.headers())
        if answer.status_code == 200 and confirm:
            self.whole = answer.json or {}
            self.count = max(self.count, self.whole["number"])
        return answer.status_code, answer.json

    def look(self) -> Any:
        answer = self.client.get("/api/exam/sitting", headers=self.headers())
        assert answer.status_code == 200, answer.text
        return answer.json

    def act(self, kind: str, question: str | None = None, value: Any = None) -> dict[str, Any]:
        """Make an act; it is sent by `send`."""
        self.count += 1
        return {
            "uuid": str(uuid.uuid4()),
            "kind": kind,
            "question": question,
            "value": value,
            "at": self.clock().isoformat(timespec="milliseconds"),
            "number": self.count,
        }

    def send(self, *acts: dict[str, Any], **headers: str) -> Any:
        answer = self.client.post(
            "/api/exam/acts", json={"acts": acts}, headers=self.headers() | headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json


def right_answers(examination: Examination, form: str, essay: str = "") -> dict[str, Any]:
    """The right answers to a form, by question; `essay` answers its essays."""
    filed = filed_content(examination)
    codes = next(it["questions"] for it in filed["forms"] if it["form"] == form)
    keys = {row["code"]: row for row in filed["questions"]}
    answers: dict[str, Any] = {}
    for question in codes:
        row = keys[question]
        key = row.get("key", essay)
        if row["kind"] == "single":
            key = key[0]
        elif row["kind"] == "blank":
            key = [accepted[0] for accepted in key]
        elif row["kind"] == "numeric":
            key = str(key)
        answers[question] = key
    return answers
