"""A bank comes in whole, lies sealed, and goes out as it came."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from compete.domain.exam.bank import read_bank
from compete.models import AuditEntry, Question, QuestionVersion, db
from compete.services.accounts.accounts import create_account
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.questions import bank_files
from compete.services.questions.bank_files import WrongFileError, bring_bank, write_bank
from compete.services.questions.bank_questions import banks_of
from tests.support.question_banks import random_bank


def file_of(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


def bank_tree() -> dict[str, Any]:
    """A bank with every kind, several versions, uses, a family and what nobody checks."""
    tree = random_bank(7, scopes=4, points=12, questions=40, families=5, kinds=ALL_KINDS)
    tree |= {"grade": 3, "edition": "2026", "source": "自编", "extra": {"kept": [1, None]}}
    first = tree["questions"][0]
    first["uses"] = [{"day": "2025-06-01", "paper": "2025-A"}, {"day": "2025-07-01"}]
    first["pool"], first["state"] = "practice", "withdrawn"
    again = {**first["versions"][0], "number": 2, "stem": "H<sub>2</sub>O 的沸点（　）℃"}
    again["explanation"] = "1 &lt; 2"
    first["versions"].append(again)
    return tree


ALL_KINDS = ("single", "multiple", "true_false", "blank", "numeric", "essay")


def plain(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with what a file need not say written out."""
    questions = [
        {"pool": "secret", "state": "in_use", **question} for question in tree["questions"]
    ]
    for question in questions:
        if not question.get("uses"):
            question.pop("uses", None)
    nodes = [
        {**node, **({"weight": str(node["weight"])} if "weight" in node else {})}
        for node in tree["syllabus"]
    ]
    return {**tree, "questions": questions, "syllabus": nodes}


@pytest.mark.each_database
def test_what_came_in_goes_out_and_the_checks_hold_of_it(here: Flask) -> None:
    tree = bank_tree()
    bank = bring_bank(file_of(tree), None)
    written = write_bank(bank)
    assert json.loads(written) == plain(tree)
    assert len(read_bank(written).questions) == 40
    assert list(verify_chain(None)) == []
    assert list(check_rows(None)) == []


def test_answers_stand_readable_nowhere_in_the_database(here: Flask) -> None:
    tree = bank_tree()
    tree["questions"][1]["versions"][0]["explanation"] = "只有命题人知道的道理"
    bring_bank(file_of(tree), None)
    db.session.commit()
    for table in db.session.scalars(text("select name from sqlite_master where type = 'table'")):
        rows = db.session.execute(text(f'select * from "{table}"')).all()
        assert "道理" not in str(rows), table
    assert "道理" in str(db.session.scalars(select(QuestionVersion.answer)).all())


def test_the_chain_tells_numbers_and_a_hash_and_no_word_of_a_question(here: Flask) -> None:
    bring_bank(file_of(bank_tree()), None)
    entries = db.session.scalars(select(AuditEntry)).all()
    written = json.dumps([[it.subject, it.before, it.after, it.reason] for it in entries])
    assert "\\u8bbe\\u5907" not in written
    brought = next(it for it in entries if it.action == "bank.bring")
    assert brought.after is not None
    assert brought.after["questions"] == 40


def test_a_wrong_file_writes_nothing_and_says_where(here: Flask) -> None:
    tree = bank_tree()
    tree["questions"][3]["versions"][0]["difficulty"] = "1.5"
    tree["questions"][5]["node"] = "nowhere"
    with pytest.raises(WrongFileError) as wrong:
        bring_bank(file_of(tree), None)
    assert [it.path for it in wrong.value.problems] == [
        "questions[3].versions[0].difficulty",
        "questions[5].node",
    ]
    assert db.session.scalar(select(func.count()).select_from(Question)) == 0


def test_a_code_is_brought_once_and_by_administrators_alone(here: Flask) -> None:
    bring_bank(file_of(bank_tree()), None)
    with pytest.raises(Refused, match="已经有"):
        bring_bank(file_of(bank_tree()), create_account("管", is_admin=True))
    with pytest.raises(Refused) as refused:
        bring_bank(file_of(bank_tree()), create_account("旁人"))
    assert refused.value.kind is Refusal.FORBIDDEN


def test_a_bank_that_broke_off_is_shown_to_nobody_and_gone_on_with(
    here: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, file = create_account("管", is_admin=True), file_of(bank_tree())
    monkeypatch.setattr(bank_files, "_PORTION", 15)
    written = bank_files.insert_questions

    def breaks_off(questions: Any, *rest: Any) -> list[int]:
        if questions[0]["code"] == "Q00030":
            raise OSError("the disk is full")
        return written(questions, *rest)

    monkeypatch.setattr(bank_files, "insert_questions", breaks_off)
    with pytest.raises(OSError, match="full"):
        bring_bank(file, admin)
    assert db.session.scalar(select(func.count()).select_from(Question)) == 30
    assert banks_of(admin) == []
    monkeypatch.setattr(bank_files, "insert_questions", written)
    with pytest.raises(Refused, match="另一个文件"):
        bring_bank(file_of({**bank_tree(), "name": "别的"}), admin)
    bank = bring_bank(file, admin)
    assert json.loads(write_bank(bank)) == plain(bank_tree())
    assert [line.questions for line in banks_of(admin)] == [40]
    assert list(check_rows(None)) == []
