"""Questions as rows of a workbook: every way of writing an answer, each fault at its field."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from compete.domain.exam.bank import Pool, QuestionState, read_bank
from compete.domain.values.roles import BankRole
from compete.models import Account, QuestionBank
from compete.resources import resource_dir
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError
from compete.services.questions.bank_files import bring_bank, write_bank
from compete.services.questions.exports import write_rows
from compete.services.questions.question_fields import QUESTION_ROWS
from compete.services.questions.question_writing import (
    plan_questions,
    rows_of_bank,
    write_question,
    write_questions,
)
from compete.sheets.headed_rows import read_headed_rows
from tests.support.banks import administrator, in_bank, question, small_bank

OPTIONS = {"option_a": "甲", "option_b": "乙", "option_c": "丙", "option_d": "丁"}


@pytest.fixture
def bank(here: Flask) -> QuestionBank:
    return small_bank()


@pytest.fixture
def author(bank: QuestionBank) -> Account:
    return in_bank(bank, BankRole.AUTHOR, "author", administrator())


def row(**texts: str) -> dict[str, str]:
    return {"stem": "说的是哪一个？", "node": "B-001", **texts}


def planned(bank: QuestionBank, *rows: dict[str, str]) -> list[dict[str, Any]]:
    """The questions that rows make; none may be wrong."""
    plans = plan_questions(bank, list(enumerate(rows, 1)))
    assert [{key: str(it) for key, it in plan.faults.items()} for plan in plans] == [{}] * len(rows)
    return [plan.checked.question for plan in plans if plan.checked]


@pytest.mark.parametrize(
    ("texts", "kind", "key"),
    [
        (OPTIONS | {"key": "B"}, "single", ["B"]),
        (OPTIONS | {"key": "ＡＢＤ"}, "multiple", ["A", "B", "D"]),
        (OPTIONS | {"key": "a、c"}, "multiple", ["A", "C"]),
        (OPTIONS | {"key": "A,B,C,D", "kind": "多选题"}, "multiple", ["A", "B", "C", "D"]),
        ({"key": "√"}, "true_false", True),
        ({"key": "×"}, "true_false", False),
        ({"key": "对。"}, "true_false", True),
        ({"key": "0", "kind": "判断"}, "true_false", False),
        ({"key": "1", "kind": "判断题"}, "true_false", True),
        ({"key": "绝缘；接地|保护接地"}, "blank", [["绝缘"], ["接地", "保护接地"]]),
        ({"key": r"a\;b|\|"}, "blank", [["a;b", "|"]]),
        ({"key": "１２．５", "kind": "计算"}, "numeric", "12.5"),
        ({"key": "", "kind": "简答", "guide": "三点"}, "essay", None),
    ],
)
def test_an_answer_is_read_as_people_write_it(
    bank: QuestionBank, texts: dict[str, str], kind: str, key: Any
) -> None:
    (made,) = planned(bank, row(**texts))
    assert made["kind"] == kind
    assert made["versions"][0].get("key") == key
    assert made["state"] == "draft"


def test_deviations_are_absolute_or_a_share(bank: QuestionBank) -> None:
    first, second = planned(
        bank,
        row(stem="一", key="10", kind="计算", tolerance="±0.5"),
        row(stem="二", key="10", kind="计算", tolerance="2％"),
    )
    assert first["versions"][0]["tolerance"] == "0.5"
    assert second["versions"][0]["relative"] == "0.02"


def test_a_point_is_known_by_code_or_name(bank: QuestionBank) -> None:
    nodes = [planned(bank, row(key="对", node=it))[0]["node"] for it in ("A-001", "交接班")]
    assert nodes == ["A-001", "A-001"]


@pytest.mark.parametrize(
    ("texts", "field", "why"),
    [
        ({"stem": "", "key": "对"}, "stem", "题干要写"),
        ({"key": "对", "node": "没有"}, "node", "细目表里没有"),
        ({"key": "对", "node": "基本要求"}, "node", "细目表里没有"),
        ({"key": "大概对", "kind": "判断"}, "key", "判断题的答案写对或错"),
        (OPTIONS | {"key": "E"}, "key", "没有选项 E"),
        (OPTIONS | {"key": "甲"}, "key", "写选项的字母"),
        (OPTIONS | {"key": "AB", "kind": "单选"}, "key", "最多 1 项"),
        ({"option_a": "甲", "option_c": "丙", "key": "A"}, "option_b", "中间空了"),
        ({"option_a": "甲", "option_b": "甲", "key": "A"}, "option_b", "文字一样"),
        ({"option_a": "甲", "key": "A"}, "option_a", "选项要 2 到 10 个"),
        ({"key": "约十", "kind": "计算"}, "key", "要写数"),
        ({"key": "10", "kind": "计算", "tolerance": "大概"}, "tolerance", "误差写成"),
        ({"key": "对", "difficulty": "2"}, "difficulty", "0 到 1"),
        ({"key": "对", "kind": "看图"}, "kind", "题型写"),
        ({"key": "对", "stem": "<sub>没有完"}, "stem", "没有结束"),
        ({"key": "错", "code": "Q001"}, "kind", "题型不能改"),
        ({"key": ";", "kind": "填空"}, "key", "不能是空的"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    bank: QuestionBank, texts: dict[str, str], field: str, why: str
) -> None:
    (plan,) = plan_questions(bank, [(7, row(**texts))])
    assert why in str(plan.faults[field])
    assert plan.state == "refused"


def test_every_fault_of_every_row_is_told_at_once(bank: QuestionBank) -> None:
    rows = [
        (number, row(stem=f"第 {number} 题", key="对", difficulty="9")) for number in range(150)
    ]
    assert all(plan.faults for plan in plan_questions(bank, rows))
    wrong = [
        (number, row(stem="同一题", key="对" if number % 2 else "错")) for number in range(150)
    ]
    plans = plan_questions(bank, wrong)
    assert sum(bool(plan.faults) for plan in plans) == 149


def test_the_same_question_with_another_answer_is_refused_by_the_code_of_the_other(
    bank: QuestionBank,
) -> None:
    texts = row(
        stem="离心泵启动前，应把出口阀门放在什么位置？",
        **{f"option_{key}": it for key, it in zip("abcd", OF_PUMP, strict=True)},
        key="A",
    )
    (plan,) = plan_questions(bank, [(2, texts)])
    assert str(plan.faults["key"]) == "和 Q001 同一道题，答案不同"


OF_PUMP = ("全开", "全关", "半开", "开关都可以")


def test_rows_are_written_as_drafts_and_a_known_code_makes_a_new_version(
    bank: QuestionBank, author: Account
) -> None:
    changed = next(it for it in rows_of_bank(bank) if it["code"] == "Q001")
    changed |= {"explanation": "换了解析"}
    new = row(key="对", stem="H<sub>2</sub>O 比 R<5 重 & 冷")
    assert write_questions(bank, [changed, new], author) == (1, 1)
    assert question("Q001").version == 2
    assert question("Q001").state is QuestionState.DRAFT
    assert question("Q00005").made_by == author.id
    file = read_bank(write_bank(bank))
    again = file.questions[0].versions
    assert [it.explanation for it in again] == ["关阀启动电流小", "换了解析"]
    assert file.questions[4].last.stem == "H<sub>2</sub>O 比 R&lt;5 重 &amp; 冷"
    assert write_questions(bank, [changed], author) == (0, 0)
    # What is secret does not become practice by one author's row.
    (plan,) = plan_questions(bank, [(1, {**changed, "pool": "练习"})])
    assert "两个保密员" in str(plan.faults["pool"])
    # Nor is what everybody has practised secret again, by a word or without one.
    practised = next(it for it in rows_of_bank(bank) if it["code"] == "Q003")
    (plan,) = plan_questions(bank, [(1, {**practised, "pool": "正式"})])
    assert "不能再当正式题" in str(plan.faults["pool"])
    assert write_questions(bank, [{**practised, "pool": "", "explanation": "新"}], author) == (0, 1)
    assert question("Q003").pool is Pool.PRACTICE


def test_one_wrong_row_and_nothing_is_written_and_only_authors_write(
    bank: QuestionBank, author: Account
) -> None:
    with pytest.raises(Refused, match="一行都没有写"):
        write_questions(bank, [row(key="对"), row(key="对", node="没有")], author)
    assert len(rows_of_bank(bank)) == 4
    with pytest.raises(Refused) as refused:
        write_questions(bank, [row(key="对")], administrator_again())
    assert refused.value.kind is Refusal.FORBIDDEN


def administrator_again() -> Account:
    return administrator()


@pytest.mark.parametrize("name", ["pump-3", "crane-3", "electric-3"])
def test_what_a_workbook_has_of_a_sample_comes_back_as_the_same(here: Flask, name: str) -> None:
    content = (resource_dir("sample_events") / "banks" / f"{name}.json").read_bytes()
    bank = bring_bank(content, None)
    rows = read_headed_rows(write_rows(rows_of_bank(bank)), QUESTION_ROWS)
    assert len(rows) == len(read_bank(content).questions)
    plans = plan_questions(bank, rows)
    assert [(it.texts["code"], it.faults) for it in plans if it.faults] == []
    assert {it.state for it in plans} == {"same"}


def test_columns_of_others_are_found_by_what_they_are_called(bank: QuestionBank) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["某某公司题库"])
    page.append(["序号", "题型", "试题内容", "A", "B", "C", "D", "正确答案", "知识点", "难度"])
    page.append([1, "单选题", "阀门放在哪里？", "开", "关", "半", "都行", "B", "离心泵启动", 0.5])
    page.append([2, "判断题", "交接班要签字。", None, None, None, None, "√", "A-001", None])
    out = io.BytesIO()
    book.save(out)
    rows = read_headed_rows(out.getvalue(), QUESTION_ROWS)
    first, second = planned(bank, *(dict(texts) for _number, texts in rows))
    assert (first["node"], first["versions"][0]["key"]) == ("B-001", ["B"])
    assert first["versions"][0]["difficulty"] == "0.5"
    assert (second["kind"], second["versions"][0]["difficulty"]) == ("true_false", "0.7")


def test_rows_without_a_code_that_were_written_are_the_same_the_next_time(
    bank: QuestionBank, author: Account
) -> None:
    rows = [row(stem="一", key="对"), row(stem="一", key="对"), row(stem="二", key="错")]
    assert write_questions(bank, rows, author) == (3, 0)
    assert write_questions(bank, rows, author) == (0, 0)
    more = [*rows, row(stem="一", key="对"), row(stem="二", key="错", explanation="另说")]
    assert write_questions(bank, more, author) == (2, 0)
    codes = [it["code"] for it in rows_of_bank(bank) if it["stem"] in "一二"]
    assert codes == ["Q00005", "Q00006", "Q00007", "Q00008", "Q00009"]


def test_a_question_typed_twice_is_told_by_the_code_of_the_other(
    bank: QuestionBank, author: Account
) -> None:
    write_question(bank, row(key="对"), author)
    with pytest.raises(WrongFieldsError) as refused:
        write_question(bank, row(key="对"), author)
    assert "Q00005" in str(refused.value.faults["stem"])
