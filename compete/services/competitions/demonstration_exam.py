"""The examination of the demonstration: a theory module sat on screen, to the sample's marks."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import select

from compete.domain.bundle.types import Bundle
from compete.models import Account, Competition, Examination, ExamSitting, QuestionBank, db, utc_now
from compete.services.examinations.acts import (
    ANSWER,
    HAND_IN,
    MOST_ACTS,
    ExamActIn,
    take_exam_acts,
)
from compete.services.examinations.exam_marks import take_exam_marks
from compete.services.examinations.paper_content import filed_content
from compete.services.examinations.rooms import close_room, open_room, start_room
from compete.services.examinations.seats import look_for_seat, seated_by, sit_down
from compete.services.examinations.setting_up import (
    ExamRules,
    modules_without,
    set_up_examination,
)
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused
from compete.services.questions.papers import SeedFields, assemble_paper, bring_table
from compete.services.schedule.exam_rooms import planned_rooms

_COMPETITION, _EVENT, _MODULE, _BANK = "PUMP-EVAL-2026", "PUMP-3", "theory", "PUMP-3"
EXAM_BANK = "banks/pump-3.json"
"""The file of its bank, beside the samples: without it nobody is examined."""
_LINES = (
    *(("A", "single", 10, 2), ("B", "single", 10, 2), ("A", "true_false", 5, 1)),
    *(("B", "true_false", 5, 1), ("A", "multiple", 1, 3), ("B", "multiple", 9, 3)),
    *(("A", "blank", 2, 2), ("B", "blank", 3, 2), ("A", "numeric", 4, 2), ("B", "numeric", 1, 2)),
)
"""Scope of the syllabus, kind, how many, points of each: a hundred points."""
_SEED, _LEFT_OPEN = 147, 5
"""One of so many wrong answers is none at all."""


def marks_by_exam(bundle: Bundle) -> dict[str, Decimal]:
    """The marks of the sample that its examination is to give, by entrant; none of others."""
    if bundle.competition.code != _COMPETITION:
        return {}
    people = {it.code for it in bundle.entrants if it.event == _EVENT}
    marks = (it for it in bundle.marks if it.module == _MODULE and it.entrant in people)
    return {it.entrant: it.value for it in marks if isinstance(it.value, Decimal)}


def to_be_examined(bundle: Bundle) -> Bundle:
    """The bundle without the marks that its examination gives."""
    people = marks_by_exam(bundle)
    kept = tuple(it for it in bundle.marks if it.module != _MODULE or it.entrant not in people)
    return msgspec.structs.replace(bundle, marks=kept)


def sit_examination(competition: Competition, bundle: Bundle, organiser: Account) -> None:
    """Set the examination up, let everybody sit it in their rooms, and put the marks.

    Raises `Refused` where the sample does not go so far.
    """
    totals = marks_by_exam(bundle)
    bank = db.session.scalars(select(QuestionBank).where(QuestionBank.code == _BANK)).one()
    paper = assemble_paper(bring_table(bank, _table(), organiser), SeedFields(_SEED), organiser)
    place = next(
        it
        for it in modules_without(competition)
        if (it.event.code, it.module.code) == (_EVENT, _MODULE)
    )
    key = module_key(place.event, place.stage, place.module.code)
    examination = set_up_examination(competition, key, paper, ExamRules(), organiser)
    for planned in planned_rooms(examination):
        room = open_room(examination, planned.key, organiser)
        here = [person.code for person, _seat in planned.people if person.code in totals]
        tokens = {
            code: sit_down(look_for_seat(competition, code, room.code), None, None, None)
            for code in here
        }
        start_room(room, organiser)
        for code, token in tokens.items():
            _answer(examination, token, code, totals[code])
        close_room(room, organiser)
    taken = take_exam_marks(examination, "", organiser)
    for _code, why in taken.left_out:
        raise Refused(why)


def _table() -> bytes:
    lines = [
        {"node": node, "kind": kind, "count": count, "points": str(points)}
        for node, kind, count, points in _LINES
    ]
    table = {
        "format": "compete-table/1",
        "code": "PUMP-3-2026",
        "name": "三级理论 机考",
        "total": "100",
        "minutes": 90,
        "forms": ["A"],
        "lines": lines,
        "one_per_point": False,
    }
    return json.dumps(table, ensure_ascii=False).encode()


def _answer(examination: Examination, token: str, code: str, total: Decimal) -> None:
    seated = seated_by(token)
    assert seated is not None, "sat down before"
    answers = dict(_answers(examination, seated.sitting, code, total))
    moment = utc_now().isoformat(timespec="milliseconds")
    acts = [
        ExamActIn(str(uuid.uuid4()), ANSWER, question, value, moment, number)
        for number, (question, value) in enumerate(answers.items(), 1)
    ]
    acts.append(ExamActIn(str(uuid.uuid4()), HAND_IN, at=moment, number=len(acts) + 1))
    for part in in_chunks(acts, MOST_ACTS):
        for _uuid, why in take_exam_acts(seated, part, None).refused:
            raise Refused(why)


def _answers(
    examination: Examination, sitting: ExamSitting, code: str, total: Decimal
) -> Iterator[tuple[str, Any]]:
    """Answers to a form that give this total: the easy ones mostly right, others by chance."""
    filed = filed_content(examination)
    asked = next(it["questions"] for it in filed["forms"] if it["form"] == sitting.form)
    rows = {row["code"]: row for row in filed["questions"]}
    right = _right(code, {it: Decimal(rows[it]["points"]) for it in asked}, total)
    for question in asked:
        row = rows[question]
        if question in right:
            yield question, _key(row)
        elif _chance(code, question, "open") % _LEFT_OPEN:
            yield question, _wrong(row, _chance(code, question, "wrong"))


def _chance(*words: str) -> int:
    return int.from_bytes(hashlib.sha256(" ".join(words).encode()).digest()[:4])


def _right(code: str, points: Mapping[str, Decimal], total: Decimal) -> set[str]:
    """The questions that somebody with this total has right."""
    # A question is as hard to all, and somewhat easier or harder to each.
    order = sorted(points, key=lambda it: 2 * _chance(it, "hard") + _chance(code, it, "own"))
    right: set[str] = set()
    left = total
    for question in order:
        if points[question] <= left:
            right.add(question)
            left -= points[question]
    if left:
        # All that is left open gives more than is wanted: one of those gives way to it.
        less, more = next(
            (less, more)
            for less in reversed(order)
            for more in order
            if less in right and more not in right and points[more] - points[less] == left
        )
        right = right - {less} | {more}
    return right


def _key(row: Mapping[str, Any]) -> Any:
    key = row["key"]
    if row["kind"] == "single":
        return key[0]
    if row["kind"] == "blank":
        return [accepted[0] for accepted in key]
    return str(key) if row["kind"] == "numeric" else key


def _wrong(row: Mapping[str, Any], chance: int) -> Any:
    key = row["key"]
    if row["kind"] == "true_false":
        return not key
    if row["kind"] == "blank":
        return ["不清楚" for _blank in key]
    if row["kind"] == "numeric":
        return "-1000000"
    others = [it for it in row["options"] if it not in key]
    other = others[chance % len(others)] if others else key[0]
    return other if row["kind"] == "single" else [other]
