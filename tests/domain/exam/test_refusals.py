"""What is refused in the file of a theory examination, and where that is said."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.exam.exam_reading import read_exam
from compete.domain.exam.exam_scoring import score_exam
from tests.domain.bundle.sample import GONE, changed
from tests.domain.exam.random_exams import Plain, random_exam

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "exam-small.exam.json"
EXAM: Plain = json.loads(EXAMPLE.read_bytes())
RANDOMS = st.integers(0, 2**32).map(Random)


def places(exam: Any) -> list[str]:
    """Where something is said to be wrong."""
    data = exam if isinstance(exam, bytes) else json.dumps(exam).encode()
    problems: list[Problem] = []
    try:
        score_exam(read_exam(data))
    except BundleError as error:
        problems = error.problems
    assert all(str(problem.message) for problem in problems)
    return [problem.path for problem in problems]


def put(*pairs: Any) -> Plain:
    exam = EXAM
    for path, value in zip(pairs[::2], pairs[1::2], strict=True):
        exam = changed(exam, path, value)
    return exam


ACT = EXAM["sittings"][0]["acts"][0]
DEVICE = "sittings[0].devices[0]"
OTHER = {"device": "T09", "from": "2026-12-01T08:50:00.001+08:00"}
MARK = EXAM["marks"][2]
KEY = EXAM["keys"][2]
GRANT = EXAM["sittings"][2]["grants"][0]

# Questions of the example by kind: 0 single, 8 multiple, 10 true_false, 13 blank (of two),
# 15 numeric, 17 essay. Sitting 0 sits form A, 1 form B; 3 is absent.
REFUSED: list[tuple[Plain, str]] = [
    (put("code", GONE), "code"),
    (put("code", ""), "code"),
    (put("code", "a\x7f"), "code"),
    (put("code", "a" * 101), "code"),
    (put("code", "a\ud800"), "code"),
    (put("name", ""), "name"),
    (put("pass", GONE), "pass"),
    (put("pass", "-1"), "pass"),
    (put("pass", "20.01"), "pass"),
    (put("pass", "19.005"), "pass"),
    (put("pass", 1.5), "pass"),
    (put("pass", 2**53), "pass"),
    (put("pass", "+1"), "pass"),
    (put("pass", "1."), "pass"),
    (put("pass", ".5"), "pass"),
    (put("pass", "1" * 19), "pass"),
    (put("extra", {"a": [1.0]}), "extra.a[0]"),
    (put("sections[0].extra", 2**53), "sections[0].extra"),
    (put("other", 1), "other"),
    (put("late_minutes", -1), "late_minutes"),
    (put("late_minutes", 1441), "late_minutes"),
    (put("late_minutes", "5"), "late_minutes"),
    (put("late_minutes", True), "late_minutes"),
    (put("paper.sha256", "A" * 64), "paper.sha256"),
    (put("paper.sha256", GONE), "paper.sha256"),
    (put("marking.multiple.part", GONE), "marking.multiple.part"),
    (put("marking.multiple.part", "0"), "marking.multiple.part"),
    (put("marking.multiple.part", "1.01"), "marking.multiple.part"),
    (put("marking.multiple", {"rule": "each"}), "marking.multiple.part"),
    (put("marking.multiple", {"rule": "each", "part": "-1"}), "marking.multiple.part"),
    (put("marking.multiple", {"rule": "all", "part": "1"}), "marking.multiple.part"),
    (put("marking.multiple", {"part": "1"}), "marking.multiple.part"),
    (put("marking.multiple.rule", "proportion"), "marking.multiple.part"),
    (put("marking.multiple.rule", "some"), "marking.multiple.rule"),
    (put("marking.essay.line", "-1"), "marking.essay.line"),
    (put("marking.essay.third", "mean"), "marking.essay.third"),
    (put("sections", []), "sections"),
    (put("sections[1].code", "A-A"), "sections[1].code"),
    (put("sections[0].name", GONE), "sections[0].name"),
    (put("questions", []), "questions"),
    (put("questions[1].code", "Q01"), "questions[1].code"),
    (put("questions[0].section", "X"), "questions[0].section"),
    (put("questions[0].version", 0), "questions[0].version"),
    (put("questions[0].version", "1"), "questions[0].version"),
    (put("questions[0].kind", "choice"), "questions[0].kind"),
    (put("questions[0].points", "0"), "questions[0].points"),
    (put("questions[0].points", "2.001"), "questions[0].points"),
    (put("questions[0].options", GONE), "questions[0].options"),
    (put("questions[0].options", ["A", "B", "B"]), "questions[0].options[2]"),
    (put("questions[0].options", ["B"]), "questions[0].options"),
    (put("questions[0].options", list("ABCDEFGHIJK")), "questions[0].options"),
    (put("questions[10].options", ["A", "B"]), "questions[10].options"),
    (put("questions[0].key", GONE), "questions[0].key"),
    (put("questions[0].key", "B"), "questions[0].key"),
    (put("questions[0].key", []), "questions[0].key"),
    (put("questions[0].key", ["A", "B"]), "questions[0].key"),
    (put("questions[0].key", ["X"]), "questions[0].key[0]"),
    (put("questions[0].key", [1]), "questions[0].key[0]"),
    (put("questions[8].key", ["A"]), "questions[8].key"),
    (put("questions[8].key", ["A", "A"]), "questions[8].key[1]"),
    (put("questions[10].key", "true"), "questions[10].key"),
    (put("questions[13].key", []), "questions[13].key"),
    (put("questions[14].key", [["a"]] * 10), "questions[14].key"),
    (put("questions[13].key", ["a", "b"]), "questions[13].key[0]"),
    (put("questions[13].key[1]", []), "questions[13].key[1]"),
    (put("questions[13].key[1][0]", "\u3000"), "questions[13].key[1][0]"),
    (put("questions[13].key[1][0]", 1), "questions[13].key[1][0]"),
    (put("questions[13].tolerance", "1"), "questions[13].tolerance"),
    (put("questions[15].key", "3,5"), "questions[15].key"),
    (put("questions[15].key", True), "questions[15].key"),
    (put("questions[15].key", 1.5), "questions[15].key"),
    (put("questions[15].tolerance", "-0.1"), "questions[15].tolerance"),
    (put("questions[15].relative", "0.1"), "questions[15].relative"),
    (put("questions[15].case", True), "questions[15].case"),
    (put("questions[17].key", ["A"]), "questions[17].key"),
    (put("forms", []), "forms"),
    (put("forms[1].form", "A"), "forms[1].form"),
    (put("forms[0].questions[0]", "Q99"), "forms[0].questions[0]"),
    (put("forms[0].questions[1]", "Q02"), "forms[0].questions[1]"),
    (put("questions[1].points", "3"), "forms[1].questions"),
    (put("keys[0].question", "Q99"), "keys[0].question"),
    (put("keys[1].number", 1), "keys[1].number"),
    (put("keys[2].number", 4), "keys[2].number"),
    (put("keys[1].number", 3, "keys[2].number", 2), "keys[1].number"),
    (put("keys[0].agreed_by", "命题组"), "keys[0].agreed_by"),
    (put("keys[0].agreed_by", "命题组\u3000"), "keys[0].agreed_by"),
    (put("keys[0].reason", GONE), "keys[0].reason"),
    (put("keys[0].key", True), "keys[0].key"),
    (put("keys[0].struck", GONE), "keys[0].key"),
    (put("keys[0].struck", False), "keys[0].key"),
    (put("keys[1].key", ["A", "X"]), "keys[1].key[1]"),
    (put("keys[1].key", []), "keys[1].key"),
    (put("keys[1].tolerance", "1"), "keys[1].tolerance"),
    (put("keys[3]", {**KEY, "question": "Q12", "number": 2, "key": []}), "keys[3].key"),
    (put("keys[3]", {**KEY, "question": "Q19", "number": 2, "key": [["a"]]}), "keys[3].key"),
    (put("keys[3]", {**KEY, "question": "Q23", "number": 2, "key": ["A"]}), "keys[3].key"),
    (
        put(
            "keys[3]",
            {**KEY, "question": "Q22", "number": 2, "key": 1, "relative": 0, "tolerance": 0},
        ),
        "keys[3].relative",
    ),
    (put("sittings", GONE), "sittings"),
    (put("sittings[1].code", "3F7K"), "sittings[1].code"),
    (put("sittings[0].form", "X"), "sittings[0].form"),
    (put("sittings[0].state", "gone"), "sittings[0].state"),
    (put("sittings[0].state", "void"), "sittings[0].reason"),
    (put("sittings[0].reason", "x"), "sittings[0].reason"),
    (put("sittings[0].starts_at", "2026-12-01T09:30:00+08:00"), "sittings[0].ends_at"),
    (put("sittings[0].starts_at", "2026-12-01T09:00:00"), "sittings[0].starts_at"),
    (put("sittings[0].starts_at", "2026-12-01 09:00:00Z"), "sittings[0].starts_at"),
    (put("sittings[0].starts_at", "2026-12-01T00:00:00.0001Z"), "sittings[0].starts_at"),
    (put("sittings[0].starts_at", "2026-02-30T00:00:00Z"), "sittings[0].starts_at"),
    (put("sittings[0].starts_at", "2026-12-01T08:00:00+0800"), "sittings[0].starts_at"),
    (put("sittings[0].starts_at", "2026-12-01T08:00:00+08:60"), "sittings[0].starts_at"),
    (put("sittings[4].devices", []), "sittings[4].devices"),
    (put("sittings[4].devices", GONE), "sittings[4].devices"),
    (put("sittings[3].devices", EXAM["sittings"][0]["devices"]), "sittings[3].devices"),
    (put("sittings[0].state", "absent"), "sittings[0].acts"),
    (put("sittings[0].state", "absent"), "sittings[0].hand_in"),
    (put("sittings[2].devices[1].from", EXAM["sittings"][2]["devices"][0]["from"]),
     "sittings[2].devices[1].from"),
    (put("sittings[2].grants[0].seconds", 0), "sittings[2].grants[0].seconds"),
    (put("sittings[2].grants[0].seconds", "60"), "sittings[2].grants[0].seconds"),
    (put("sittings[2].grants[0].by", GONE), "sittings[2].grants[0].by"),
    (put("sittings[0].hand_in.device", "T99"), "sittings[0].hand_in.device"),
    (put("sittings[0].hand_in.seq", -1), "sittings[0].hand_in.seq"),
    (put("sittings[0].hand_in.at", "2026-12-01T08:59:59.999+08:00"), "sittings[0].hand_in.at"),
    (put("sittings[0].readings[0].device", "T99"), "sittings[0].readings[0].device"),
    (put("sittings[0].readings[0].seq", -1), "sittings[0].readings[0].seq"),
    (put("sittings[0].acts[0].device", "T99"), "sittings[0].acts[0].device"),
    (put("sittings[0].acts[1].item", "Q01"), "sittings[0].acts[1].item"),
    (put("sittings[0].acts[1].seq", 0), "sittings[0].acts[1].seq"),
    (put("sittings[0].acts[1].seq", 1), "sittings[0].acts[1].seq"),
    (put("sittings[0].acts[1].held_at", "2026-12-01T08:59:59+08:00"),
     "sittings[0].acts[1].held_at"),
    (put("sittings[2].acts[7].held_at", "2026-12-01T09:14:59+08:00"),
     "sittings[2].acts[7].held_at"),
    (put("sittings[0].acts[1].brought_by", ["甲"]), "sittings[0].acts[1].brought_by"),
    (put("sittings[0].acts[1].brought_by", ["甲", "甲 "]), "sittings[0].acts[1].brought_by"),
    (put("sittings[0].acts[1].brought_by", list("甲乙丙")), "sittings[0].acts[1].brought_by"),
    (put("sittings[0].acts[12].value", "B"), "sittings[0].acts[12].uuid"),
    (put("sittings[0].acts[12].seq", 13), "sittings[0].acts[12].uuid"),
    (put("sittings[0].acts[12].said_at", "2026-12-01T09:01:00.001+08:00"),
     "sittings[0].acts[12].uuid"),
    (put("sittings[1].acts[0].uuid", ACT["uuid"]), "sittings[1].acts[0].uuid"),
    (put("sittings[0].acts[0].value", "X", "sittings[0].acts[12].value", "X"),
     "sittings[0].acts[0].value"),
    (put("sittings[0].acts[1].value", ["A"]), "sittings[0].acts[1].value"),
    (put("sittings[0].acts[1].value", ""), "sittings[0].acts[1].value"),
    (put("sittings[0].acts[1].value", 1.5), "sittings[0].acts[1].value"),
    (put("sittings[0].acts[4].value", "A"), "sittings[0].acts[4].value"),
    (put("sittings[0].acts[4].value", ["A", "A"]), "sittings[0].acts[4].value"),
    (put("sittings[0].acts[4].value", ["X"]), "sittings[0].acts[4].value"),
    (put("sittings[0].acts[4].value", [["A"]]), "sittings[0].acts[4].value"),
    (put("sittings[0].acts[5].value", "true"), "sittings[0].acts[5].value"),
    (put("sittings[0].acts[5].value", 1), "sittings[0].acts[5].value"),
    (put("sittings[0].acts[7].value", ["a", "b"]), "sittings[0].acts[7].value"),
    (put("sittings[0].acts[7].value", "a"), "sittings[0].acts[7].value"),
    (put("sittings[0].acts[7].value", [1]), "sittings[0].acts[7].value"),
    (put("sittings[0].acts[8].value", 39), "sittings[0].acts[8].value"),
    (put("sittings[0].acts[9].value", {"a": 1}), "sittings[0].acts[9].value"),
    (put("marks[0].sitting", "XXXX"), "marks[0].sitting"),
    (put("marks[0].sitting", "B4DD", "marks[0].question", "Q23"), "marks[0].sitting"),
    (put("marks[0].question", "Q23"), "marks[0].question"),
    (put("marks[0].question", "Q02"), "marks[0].question"),
    (put("marks[0].points", "3.01"), "marks[0].points"),
    (put("marks[0].points", "-0.5"), "marks[0].points"),
    (put("marks[0].points", "0.125"), "marks[0].points"),
    (put("marks[6]", {**MARK, "marker": "M4"}), "marks[6].marker"),
]  # fmt: skip


@pytest.mark.parametrize(("exam", "place"), REFUSED)
def test_what_is_refused_is_said_at_its_place(exam: Plain, place: str) -> None:
    assert place in places(exam)


def test_a_wrong_key_makes_no_answer_wrong() -> None:
    for key in ["关"], [], [["关"]] * 10:
        assert all(
            place.startswith("questions[18].key") for place in places(put("questions[18].key", key))
        )


TAKEN = [
    put(),
    put("sittings", [], "marks", []),
    put("keys", GONE, "marks", None, "marking", None, "name", None, "paper", GONE),
    put("extra", None, "sections[0].extra", "x", "marking.extra", [{"a": None}]),
    put("pass", 20),
    put("pass", "0.00"),
    put("late_minutes", 0),
    put("questions[0].code", " ", "forms[1].questions[0]", " ", "sittings", [], "marks", []),
    put("marking.multiple", {"rule": "each", "part": "1.5"}),
    put("questions[15].tolerance", None, "questions[15].relative", "0"),
    put("questions[10].options", []),
    put("keys[1].struck", False),
    put("keys[3]", {**KEY, "question": "Q12", "number": 2, "key": ["A"]}),
    put("keys[3]", {**KEY, "question": "Q17", "number": 3, "key": False}),
    put("keys[3]", {**KEY, "question": "Q22", "number": 2, "key": 1, "tolerance": 0}),
    put("keys[3]", {**KEY, "question": "Q23", "number": 2, "key": None, "struck": True}),
    put("sittings[0].state", "void", "sittings[0].reason", "…"),
    put("sittings[3].grants", [GRANT], "sittings[3].acts", []),
    put("sittings[2].devices[1].device", "T04", "sittings[2].devices[2]",
        {"device": "T03", "from": "2026-12-01T09:20:00Z"}),
    put("sittings[0].devices[1]", OTHER),
    put("sections[0].code", "\u2028" * 100, "questions", [
        {**row, "section": "\u2028" * 100} if row["section"] == "A-A" else row
        for row in EXAM["questions"]
    ]),
    put("sittings[0].acts[12].brought_by", ["甲", "乙"],
        "sittings[0].acts[12].said_at", "2026-12-01T01:01:00.0Z"),
    put("sittings[0].acts[1].value", None, "sittings[0].acts[2].value", GONE),
    put("sittings[0].acts[4].value", [], "sittings[0].acts[7].value", [" "]),
    put("sittings[0].acts[8].value", "", "sittings[0].acts[9].value", ""),
    put("marks[6]", {**MARK, "points": 3}),
    put("marks[0].points", "2.500"),
]  # fmt: skip


@pytest.mark.parametrize("exam", TAKEN)
def test_what_is_not_forbidden_is_taken(exam: Plain) -> None:
    assert places(exam) == []


def test_keys_that_stand_twice_are_refused_wherever_they_stand() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert places(text.replace('"pass"', '"code": "x", "pass"', 1).encode()) == ["code"]
    twice = text.replace('"pass"', '"extra": {"a": {"b": 1, "b": 1}}, "pass"', 1)
    assert places(twice.encode()) == ["extra.a.b"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'"compete-exam/1"',
        b"[" * 100_000,
        b'{"extra":' * 100_000,
        b'{"format": "compete-exam/1", "extra": ' + b"[" * 900 + b"]" * 900 + b"}",
        b"\x00" * 1000,
    ],
    ids=range(10),
)
def test_garbage_is_refused_like_any_other_file(data: bytes) -> None:
    assert places(data)


def test_another_format_is_the_only_thing_that_is_said_of_a_file() -> None:
    assert places(put("format", "compete-exam/2")) == ["format"]
    assert places(put("format", {})) == ["format"]


def _everything(value: Any, take: Callable[[Any], None]) -> None:
    if isinstance(value, dict | list):
        take(value)
        for item in value.values() if isinstance(value, dict) else value:
            _everything(item, take)


ODD: list[Any] = [None, True, 0, -1, 2**53, 1.5, "", "A", "Q02", "3F7K", [], [[]], ["A"], {}]
ODD += [{"a": 1}, "2026-12-01T09:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]


@settings(max_examples=150, deadline=None)
@given(RANDOMS)
def test_a_file_spoilt_anywhere_is_read_or_refused(rng: Random) -> None:
    exam = random_exam(rng, most_sittings=3) if rng.random() < 0.5 else copy.deepcopy(EXAM)
    for _ in range(rng.randint(1, 3)):
        parts: list[Any] = []
        _everything(exam, parts.append)
        part = rng.choice([part for part in parts if part] or [exam])
        key = rng.choice(list(part) if isinstance(part, dict) else range(len(part)))
        if rng.random() < 0.2:
            del part[key]
        else:
            part[key] = copy.deepcopy(rng.choice(ODD))
    places(exam)
