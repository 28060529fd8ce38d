"""What is refused in a question bank, and where that is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.exam.bank import read_bank
from tests.domain.bundle.sample import GONE, Plain, changed

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "exam-small.bank.json"
BANK: Plain = json.loads(EXAMPLE.read_bytes())
# Questions of the example by kind.
SINGLE, MULTIPLE, TRUE_FALSE, BLANK, NUMERIC, ESSAY = (
    f"questions[{number}].versions[0]" for number in (0, 10, 13, 17, 20, 22)
)
MEDIUM = {"name": "图1", "type": "image/png", "sha256": "0f" * 32}


def places(bank: Any) -> list[str]:
    """Where something is said to be wrong."""
    problems: list[Problem] = []
    try:
        read_bank(bank if isinstance(bank, bytes) else json.dumps(bank).encode())
    except BundleError as error:
        problems = error.problems
    assert all(str(problem.message) for problem in problems)
    return [problem.path for problem in problems]


def put(*pairs: Any) -> Plain:
    bank = BANK
    for path, value in zip(pairs[::2], pairs[1::2], strict=True):
        bank = changed(bank, path, value)
    return bank


def options(*texts: str) -> list[Plain]:
    return [{"id": "ABCDEFGHIJK"[number], "text": text} for number, text in enumerate(texts)]


def with_double(**version: Any) -> Plain:
    """The first question of a kind once more at the end, with a version that differs so."""
    number = int(version.pop("of"))
    double = json.loads(json.dumps(BANK["questions"][number]))
    double |= {"code": "Q99", **version.pop("question", {})}
    double["versions"][-1] |= version
    return {**BANK, "questions": [*BANK["questions"], double]}


def scopes(*nodes: tuple[str, str | None, Any]) -> Plain:
    """A bank of a syllabus alone: codes, parents, and weights or classes."""
    return {
        **BANK,
        "questions": [],
        "syllabus": [
            {
                "code": code,
                "name": code,
                "parent": parent,
                ("importance" if value in ("X", "Y", "Z") else "weight"): value,
            }
            for code, parent, value in nodes
        ],
    }


DOUBLE = "questions[28].versions[0].key"

REFUSED: list[tuple[Any, str]] = [
    (b"", ""),
    (b"\xff\xfe", ""),
    (b"{", ""),
    (b"[]", ""),
    (b"[" * 100_000, ""),
    (b'{"extra":' * 100_000, ""),
    (put("format", "compete-table/1"), "format"),
    (put("code", GONE), "code"),
    (put("code", "a\nb"), "code"),
    (put("name", ""), "name"),
    (put("syllabus", GONE), "syllabus"),
    (put("colour", 1), "colour"),
    (put("extra", 1.5), "extra"),
    (put("occupation", {"a": 1e3}), "occupation.a"),
    (put("grade", 2**53), "grade"),
    (EXAMPLE.read_bytes().replace(b'"grade": 3', b'"grade": 3, "grade": 3'), "grade"),
    # The syllabus.
    (put("syllabus[1].code", "A"), "syllabus[1].code"),
    (put("syllabus[1].parent", "Q"), "syllabus[1].parent"),
    (put("syllabus[1].importance", "X"), "syllabus[1]"),
    (put("syllabus[6].importance", GONE), "syllabus[6]"),
    (put("syllabus[6].importance", "W"), "syllabus[6].importance"),
    (put("syllabus[6].parent", GONE), "syllabus[6].parent"),
    (put("syllabus[7].parent", "A-A-001"), "syllabus[7].parent"),
    (put("syllabus[6].parent", "B"), "syllabus[3]"),
    (put("syllabus[0].weight", "24.999999999999"), "syllabus"),
    (put("syllabus[1].weight", "5.5"), "syllabus[0].weight"),
    (put("syllabus[1].weight", 0), "syllabus[1].weight"),
    (scopes(), "syllabus"),
    (scopes(("A", None, 100), ("B", "C", 5), ("C", "B", 5)), "syllabus[1].parent"),
    (
        scopes(("A", None, 100), ("B", "A", 100), ("C", "B", 100), ("D", "C", 100)),
        "syllabus[3].parent",
    ),
    # Questions.
    (put(f"{SINGLE}.options[3].text", ""), f"{SINGLE}.options[3].text"),
    (put(f"{SINGLE}.options[3]", "丁"), f"{SINGLE}.options[3]"),
    (put("questions[1].code", "Q01"), "questions[1].code"),
    (put("questions[1].node", "A-A-009"), "questions[1].node"),
    (put("questions[1].node", "A-A"), "questions[1].node"),
    (put("questions[1].kind", "matching"), "questions[1].kind"),
    (put("questions[1].family", ""), "questions[1].family"),
    (put("questions[1].pool", "open"), "questions[1].pool"),
    (put("questions[1].state", "old"), "questions[1].state"),
    (put("questions[12].uses[0].day", "2025-02-30"), "questions[12].uses[0].day"),
    (put("questions[12].uses[0].paper", 3), "questions[12].uses[0].paper"),
    (put("questions[1].versions", []), "questions[1].versions"),
    (put("questions[7].versions[1].number", 3), "questions[7].versions[1].number"),
    (put("questions[7].versions[0].number", 0), "questions[7].versions[0].number"),
    # Texts and their marks.
    (put(f"{SINGLE}.stem", ""), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "a < b"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "a & b"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "a &gt; b"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "<b>a</b>"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "<sub>a"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "a</sub>"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "<sub>a</sup>"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "<sub>a<sup>b</sup></sub>"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", "<math>a & b</math>"), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", '<img name="图2"/>', f"{SINGLE}.media", [MEDIUM]), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.stem", '<img name="图1">', f"{SINGLE}.media", [MEDIUM]), f"{SINGLE}.stem"),
    (put(f"{SINGLE}.explanation", "<u>"), f"{SINGLE}.explanation"),
    (put(f"{SINGLE}.options[1].text", "<u>"), f"{SINGLE}.options[1].text"),
    (put(f"{SINGLE}.media", [MEDIUM, MEDIUM]), f"{SINGLE}.media[1].name"),
    (put(f"{SINGLE}.media", [{**MEDIUM, "type": "image/gif"}]), f"{SINGLE}.media[0].type"),
    (put(f"{SINGLE}.media", [{**MEDIUM, "sha256": "0F" * 32}]), f"{SINGLE}.media[0].sha256"),
    # Difficulties.
    (put(f"{SINGLE}.difficulty", GONE), f"{SINGLE}.difficulty"),
    (put(f"{SINGLE}.difficulty", None), f"{SINGLE}.difficulty"),
    (put(f"{SINGLE}.difficulty", 0.5), f"{SINGLE}.difficulty"),
    (put(f"{SINGLE}.difficulty", "1.0001"), f"{SINGLE}.difficulty"),
    (put(f"{SINGLE}.difficulty", "-0.1"), f"{SINGLE}.difficulty"),
    (put(f"{SINGLE}.difficulty", "0.12345"), f"{SINGLE}.difficulty"),
    # Options.
    (put(f"{SINGLE}.options", GONE), f"{SINGLE}.options"),
    (put(f"{SINGLE}.options", options("一"), f"{SINGLE}.key", ["A"]), f"{SINGLE}.options"),
    (put(f"{SINGLE}.options", options(*"一二三四五六七八九十甲")), f"{SINGLE}.options"),
    (put(f"{SINGLE}.options[1].id", "A", f"{SINGLE}.key", ["A"]), f"{SINGLE}.options[1].id"),
    (put(f"{SINGLE}.options[1].text", "口头告诉接班人即可 "), f"{SINGLE}.options[1].text"),
    (
        put(f"{SINGLE}.options", options("KPa", "ｋpa"), f"{SINGLE}.key", ["A"]),
        f"{SINGLE}.options[1].text",
    ),
    (put(f"{SINGLE}.options[1].pin", 1), f"{SINGLE}.options[1].pin"),
    (put(f"{TRUE_FALSE}.options", options("对", "错")), f"{TRUE_FALSE}.options"),
    # Keys of each kind.
    (put(f"{SINGLE}.key", GONE), f"{SINGLE}.key"),
    (put(f"{SINGLE}.key", "B"), f"{SINGLE}.key"),
    (put(f"{SINGLE}.key", []), f"{SINGLE}.key"),
    (put(f"{SINGLE}.key", ["A", "B"]), f"{SINGLE}.key"),
    (put(f"{SINGLE}.key", ["E"]), f"{SINGLE}.key[0]"),
    (put(f"{MULTIPLE}.key", ["A"]), f"{MULTIPLE}.key"),
    (put(f"{MULTIPLE}.key", ["A", "B", "A"]), f"{MULTIPLE}.key[2]"),
    (put(f"{TRUE_FALSE}.key", None), f"{TRUE_FALSE}.key"),
    (put(f"{TRUE_FALSE}.key", "true"), f"{TRUE_FALSE}.key"),
    (put(f"{BLANK}.key", []), f"{BLANK}.key"),
    (put(f"{BLANK}.key", [["1"]] * 10), f"{BLANK}.key"),
    (put(f"{BLANK}.key", [[]]), f"{BLANK}.key[0]"),
    (put(f"{BLANK}.key", [["3600", "　"]]), f"{BLANK}.key[0][1]"),
    (put(f"{NUMERIC}.key", "1e3"), f"{NUMERIC}.key"),
    (put(f"{NUMERIC}.key", 39.2), f"{NUMERIC}.key"),
    (put(f"{ESSAY}.key", "水位"), f"{ESSAY}.key"),
    (put(f"{NUMERIC}.tolerance", "-0.1"), f"{NUMERIC}.tolerance"),
    (put(f"{NUMERIC}.relative", "0.1"), f"{NUMERIC}.relative"),
    (put(f"{BLANK}.tolerance", "0.1"), f"{BLANK}.tolerance"),
    (put(f"{SINGLE}.relative", "0.1"), f"{SINGLE}.relative"),
    (put(f"{NUMERIC}.case", True), f"{NUMERIC}.case"),
    (put(f"{BLANK}.fixed", True), f"{BLANK}.fixed"),
    (put(f"{BLANK}.guide", "看单位"), f"{BLANK}.guide"),
    # Doubles with another key.
    (with_double(of=0, key=["A"]), DOUBLE),
    (with_double(of=0, stem="交班时设备有未消除的缺陷,交班人应( )。", key=["A"]), DOUBLE),
    (with_double(of=10, key=["A", "B"]), DOUBLE),
    (with_double(of=13, key=True, question={"state": "draft"}), DOUBLE),
    (with_double(of=17, key=[["3600", "3601"]]), DOUBLE),
    (with_double(of=17, key=[["三千六百"]], case=True), DOUBLE),
    (with_double(of=20, key="39.3"), DOUBLE),
]


@pytest.mark.parametrize(("bank", "place"), REFUSED)
def test_what_breaks_a_sentence_is_refused_at_its_place(bank: Any, place: str) -> None:
    paths = places(bank)
    assert paths[0] == place
    # Only a syllabus is a whole in which a fault has others beside it.
    assert len(paths) == 1 or place.startswith("syllabus")


def test_the_rest_is_well() -> None:
    assert places(BANK) == []
    assert places(put("questions", GONE)) == []
    assert places(put("extra", {"a": [None]}, "grade", "三级", "occupation", [1])) == []
    assert places(put(f"{SINGLE}.media", [MEDIUM], f"{SINGLE}.options[0].pin", True)) == []
    marked = '&amp;&lt; > <sub>a</sub><sup>\n</sup><math>\\frac a b</math><img name="图1"/>'
    assert places(put(f"{SINGLE}.media", [MEDIUM], f"{SINGLE}.stem", marked)) == []
    assert places(put(f"{ESSAY}.key", None, f"{SINGLE}.guide", None)) == []
    assert places(put(f"{NUMERIC}.key", 39, f"{NUMERIC}.tolerance", None)) == []
    deep = scopes(("P", "C", "X"), ("C", "B", 100), ("B", "A", 100), ("A", None, 100))
    assert places(deep) == []


def test_doubles_with_the_same_key_and_those_that_do_not_count_are_well() -> None:
    shuffled = options(
        "等站长回来再说", "先消除缺陷，不必记录", "写入交接班记录并当面说明", "口头告诉接班人即可"
    )
    assert places(with_double(of=0, options=shuffled, key=["C"])) == []
    assert places(with_double(of=0, options=shuffled, key=["B"])) == [DOUBLE]
    assert places(with_double(of=0, key=["A"], question={"state": "withdrawn"})) == []
    assert places(with_double(of=0, key=["A"], options=options("甲", "乙"))) == []
    assert places(with_double(of=17, key=[["3600.0", "３６００", "+3600"]])) == []
    assert places(with_double(of=18, key=[["关", "全关", "关闭"], ["开", "打开", "开启"]])) == []
    assert places(with_double(of=18, key=[["打开", "开启", "开"], ["关闭", "全关", "关"]])) == [
        DOUBLE
    ]
    assert places(with_double(of=20, key="39.20", tolerance="0.2")) == []
    assert places(with_double(of=22, guide="别的")) == []


def test_a_later_double_is_told_whichever_of_the_earlier_it_differs_from() -> None:
    questions = [
        {**BANK["questions"][13], "code": f"D{number}", "versions": [{**version, "key": key}]}
        for number, key in enumerate((True, True, False, True))
        for version in BANK["questions"][13]["versions"]
    ]
    paths = places({**BANK, "questions": questions})
    assert paths == ["questions[2].versions[0].key", "questions[3].versions[0].key"]


def test_only_last_versions_are_doubles() -> None:
    earlier = json.loads(json.dumps(BANK["questions"][7]["versions"][0])) | {"key": ["A"]}
    assert places(put("questions[7].versions[0]", earlier)) == []
