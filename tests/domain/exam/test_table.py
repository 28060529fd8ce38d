"""What is refused in a table, and which questions rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.exam.bank import read_bank
from compete.domain.exam.exam_words import table_words
from compete.domain.exam.table import read_table, refuse_unknown_nodes, why_not
from tests.domain.bundle.sample import GONE, Plain, changed

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TABLE: Plain = json.loads((EXAMPLES / "exam-small.table.json").read_bytes())
BANK: Plain = json.loads((EXAMPLES / "exam-small.bank.json").read_bytes())


def read(table: Plain) -> Any:
    return read_table(json.dumps(table).encode())


def places(table: Plain) -> list[str]:
    problems: list[Problem] = []
    try:
        refuse_unknown_nodes(read(table), read_bank(json.dumps(BANK).encode()))
    except BundleError as error:
        problems = error.problems
    assert all(str(problem.message) for problem in problems)
    return [problem.path for problem in problems]


def put(*pairs: Any) -> Plain:
    table = TABLE
    for path, value in zip(pairs[::2], pairs[1::2], strict=True):
        table = changed(table, path, value)
    return table


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (put("format", "compete-bank/1"), "format"),
        (put("code", "\x00"), "code"),
        (put("name", GONE), "name"),
        (put("extra", 0.5), "extra"),
        (put("seed", 7), "seed"),
        (put("total", "20.01"), "total"),
        (put("total", 20.0), "total"),
        (put("minutes", 0), "minutes"),
        (put("minutes", 601), "minutes"),
        (put("minutes", "30"), "minutes"),
        (put("forms", []), "forms"),
        (put("forms", ["A", "B", "C", "D"]), "forms"),
        (put("forms", ["A", "A"]), "forms[1]"),
        (put("forms", [""]), "forms[0]"),
        (put("lines", []), "lines"),
        (put("lines[1].node", "A"), "lines[1]"),
        (put("lines[1].node", "C"), "lines[1].node"),
        (put("lines[3].kind", "open"), "lines[3].kind"),
        (put("lines[3].count", 0), "lines[3].count"),
        (put("lines[3].count", "2"), "lines[3].count"),
        (put("lines[3].points", 0, "total", 18), "lines[3].points"),
        (put("lines[3].points", "1.005", "total", "20.01"), "lines[3].points"),
        (put("importance.X", {}), "importance.X"),
        (put("importance.Z.at_least", 3), "importance.Z.at_least"),
        (put("importance.X.at_least", -1), "importance.X.at_least"),
        (put("importance.W", {"at_most": 1}), "importance.W"),
        (put("difficulty.target", "1.1"), "difficulty.target"),
        (put("difficulty.target", "0.65001"), "difficulty.target"),
        (put("difficulty.band", GONE), "difficulty.band"),
        (put("difficulty.band", "-0.1"), "difficulty.band"),
        (put("difficulty.apart", "0.00001"), "difficulty.apart"),
        (put("rest.months", -1), "rest.months"),
        (put("rest.day", "2026-13-01"), "rest.day"),
        (put("rest.day", GONE), "rest.day"),
        (put("pool", "all"), "pool"),
        (put("one_per_family", "true"), "one_per_family"),
        (put("one_per_point", 1), "one_per_point"),
    ],
)
def test_what_breaks_a_sentence_is_refused_at_its_place(table: Plain, place: str) -> None:
    assert places(table) == [place]


def test_two_lines_over_the_whole_tree_are_refused_and_one_in_another_is_well() -> None:
    twice = [*TABLE["lines"], {"kind": "true_false", "count": 1, "points": 1}]
    assert places(put("lines", twice, "total", 21)) == ["lines[7]"]
    twice[-1]["node"] = "A-A-002"
    assert places(put("lines", twice, "total", 21)) == []


def test_what_may_be_left_out_is_filled() -> None:
    gone = [
        member for name in ("forms", "importance", "difficulty", "rest") for member in (name, None)
    ]
    table = read(put(*gone))
    assert table.forms == ("A",)
    assert (table.importance, table.difficulty, table.rest) == (None, None, None)
    assert (table.pool, table.one_per_family, table.one_per_point) == ("secret", True, True)


@pytest.mark.parametrize(
    ("day", "months", "use", "rested"),
    [
        ("2026-12-01", 12, "2025-12-01", True),
        ("2026-12-01", 12, "2025-12-02", False),
        ("2026-12-01", 0, "2026-12-01", True),
        ("2026-12-01", 0, "2026-12-02", False),
        ("2026-03-31", 1, "2026-02-28", True),
        ("2026-03-31", 1, "2026-03-01", False),
        ("2024-03-31", 1, "2024-02-29", True),
        ("2024-02-29", 12, "2023-02-28", True),
        ("2026-01-31", 2, "2025-11-30", True),
        ("2026-01-31", 2, "2025-12-01", False),
        ("2026-12-01", 2**53 - 1, "0001-01-01", False),
        ("2026-12-01", 2025 * 12 + 11, "0001-01-01", True),
    ],
)
def test_a_question_rests_to_the_same_day_or_the_last_of_a_month(
    day: str, months: int, use: str, rested: bool
) -> None:
    bank = changed(BANK, "questions[0].uses", [{"day": "0001-01-01"}, {"day": use}])
    question = read_bank(json.dumps(bank).encode()).questions[0]
    table = read(put("rest", {"months": months, "day": day}))
    assert (why_not(question, table) is None) is rested


def words(**changes: Any) -> list[str]:
    return [str(sentence) for sentence in table_words(read({**TABLE, **changes}))]


def test_what_a_table_wants_is_told_in_words() -> None:
    assert words() == [
        "A、B 卷",
        "满分 20，30 分钟",
        "X 类（核心）至少 6 题",
        "Z 类（辅助）最多 2 题",
        "平均难度 0.65，上下不超过 0.01",
        "各卷之间相差不超过 0.005",
        "2026年12月1日 开考，之前 12 个月里用过的题不用",
        "只用正式题",
        "一套卷里一个鉴定点最多一题",
        "一套卷里一个题组最多一题",
    ]
    assert words(
        forms=["A"],
        importance=None,
        rest=None,
        pool="practice",
        one_per_point=False,
        one_per_family=False,
    ) == ["A 卷", "满分 20，30 分钟", "平均难度 0.65，上下不超过 0.01", "只用练习题"]
    assert "平均难度" not in " ".join(words(difficulty=None))
