"""An examination of so many people in one room, and what a device needs to sit it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.values.roles import BankRole
from compete.models import Account, ExamRoom, db
from compete.services.examinations.paper_content import filed_content
from compete.services.examinations.rooms import open_room
from compete.services.examinations.setting_up import (
    ExamRules,
    examinations_of,
    modules_without,
    set_up_examination,
)
from compete.services.kernel.event_rules import module_key
from compete.services.questions.bank_files import bring_bank
from compete.services.questions.bank_rights import put_in_bank
from compete.services.questions.papers import SeedFields, assemble_paper, bring_table
from compete.services.schedule.exam_rooms import planned_rooms
from tests.support.banks import administrator
from tests.support.panels import Panel, bundle_of, open_panel
from tests.support.question_banks import random_bank

MINUTES = 300


class Asked(msgspec.Struct):
    """A question of the paper as far as an answer needs it."""

    code: str
    kind: str
    options: list[str]

    def answer(self, turn: int) -> Any:
        """A value that its kind takes; another each turn."""
        if self.kind == "single":
            return self.options[turn % len(self.options)]
        if self.kind == "multiple":
            return sorted({self.options[turn % len(self.options)], self.options[-1]})
        return turn % 2 == 0 if self.kind == "true_false" else [f"{turn}"]


class ExamRoomPlan(msgspec.Struct):
    """Where candidates sit down, and what they are asked."""

    competition: str
    code: str
    numbers: list[str]
    questions: list[Asked]


def make_examination(people: int, questions: int) -> ExamRoomPlan:
    """Set the examination up and open its room, on an empty database."""
    panel = _panel(people, questions)
    by = panel.organiser
    bank = bring_bank(json.dumps(_bank(questions), ensure_ascii=False).encode(), None)
    put_in_bank(bank, by, BankRole.ASSEMBLER, administrator())
    table = bring_table(bank, json.dumps(_table(questions)).encode(), by)
    paper = assemble_paper(table, SeedFields(7), by)
    place = next(it for it in modules_without(panel.competition) if it.module.code == "paper")
    key = module_key(place.event, place.stage, place.module.code)
    rules = ExamRules(minutes=MINUTES, pass_line=Decimal(questions) / 2)
    set_up_examination(panel.competition, key, paper, rules, by)
    (examination,) = examinations_of(panel.competition)
    (planned,) = planned_rooms(examination)
    room = open_room(examination, planned.key, by)
    content = filed_content(examination)
    asked = {it["code"]: it for it in content["questions"]}
    items = [asked[code] for code in content["forms"][0]["questions"]]
    return ExamRoomPlan(
        competition=panel.code,
        code=room.code,
        numbers=[who.code for who, _seat in planned.people],
        questions=[Asked(it["code"], it["kind"], it.get("options", [])) for it in items],
    )


def the_room() -> tuple[ExamRoom, Account]:
    """The one room there is, and who invigilates it."""
    return db.session.query(ExamRoom).populate_existing().one(), Panel().organiser


def _panel(people: int, questions: int) -> Panel:
    bundle: dict[str, Any] = bundle_of()
    bundle["entrants"] = [
        {"code": f"E{number:03}", "name": f"考生{number}", "event": "FORK", "unit": "U1"}
        for number in range(1, people + 1)
    ]
    theory = bundle["events"][0]["stages"][0]["modules"][0]
    theory["full"] = questions
    theory["aspects"][0] |= {"max": questions, "step": "0.01"}
    return open_panel(bundle)


def _bank(questions: int) -> dict[str, Any]:
    return random_bank(1, scopes=4, points=4 * questions, questions=8 * questions)


def _table(questions: int) -> dict[str, Any]:
    counts = {"multiple": questions // 4, "true_false": questions // 4, "blank": questions // 8}
    counts = {"single": questions - sum(counts.values()), **counts}
    return {
        **{"format": "compete-table/1", "code": "T", "name": "理论", "minutes": MINUTES},
        "total": questions,
        "forms": ["A"],
        "lines": [{"kind": kind, "count": n, "points": 1} for kind, n in counts.items() if n],
    }
