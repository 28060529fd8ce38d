"""A small question bank and people with parts in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from compete.domain.values.roles import BankRole
from compete.models import Account, Question, QuestionBank, db
from compete.services.accounts.accounts import create_account
from compete.services.questions.bank_files import bring_bank
from compete.services.questions.bank_rights import put_in_bank

SYLLABUS: list[dict[str, Any]] = [
    {"code": "A", "name": "基本要求", "weight": "40"},
    {"code": "B", "name": "相关知识", "weight": "60"},
    {"code": "A-001", "parent": "A", "name": "交接班", "importance": "Y"},
    {"code": "B-001", "parent": "B", "name": "离心泵启动", "importance": "X"},
    {"code": "B-002", "parent": "B", "name": "轴承温度", "importance": "X"},
]
OPTIONS = [
    {"id": "A", "text": "全开"},
    {"id": "B", "text": "全关"},
    {"id": "C", "text": "半开"},
    {"id": "D", "text": "开关都可以"},
]


def single(code: str, stem: str, **more: Any) -> dict[str, Any]:
    """A single choice on starting pumps whose answer is B."""
    version = {"number": 1, "stem": stem, "difficulty": "0.72", "options": OPTIONS, "key": ["B"]}
    version |= {"explanation": "关阀启动电流小"}
    return {"code": code, "node": "B-001", "kind": "single", "versions": [version], **more}


QUESTIONS = [
    single("Q001", "离心泵启动前，应把出口阀门放在什么位置？"),
    single("Q002", "离心泵启动之前，应把出口阀门放在什么位置？", state="draft"),
    single("Q003", "练习：离心泵停机前出口阀门怎么办？", pool="practice"),
    {
        "code": "Q004",
        "node": "B-002",
        "kind": "numeric",
        "versions": [
            {
                "number": 1,
                "stem": "滚动轴承温度一般不超过多少 ℃？",
                "difficulty": "0.6",
                "key": "80",
                "tolerance": "5",
            }
        ],
    },
]


def small_bank() -> QuestionBank:
    """A bank of four questions: one in use, one to be reviewed, one for practice, one numeric."""
    tree = {
        "format": "compete-bank/1",
        "code": "PUMP-4",
        "name": "泵站运行工 四级",
        "syllabus": SYLLABUS,
        "questions": QUESTIONS,
    }
    return bring_bank(json.dumps(tree, ensure_ascii=False).encode(), None)


def administrator() -> Account:
    """An administrator."""
    return create_account("管理员", is_admin=True)


def in_bank(bank: QuestionBank, role: BankRole, username: str, by: Account) -> Account:
    """Somebody new with a role in the bank."""
    account = create_account(username, username=username)
    put_in_bank(bank, account, role, by)
    return account


def question(code: str) -> Question:
    """The question of that code."""
    return db.session.query(Question).filter_by(code=code).one()


def other_bank() -> QuestionBank:
    """A bank without questions."""
    tree = {"format": "compete-bank/1", "code": "OTHER", "name": "电工 三级", "syllabus": SYLLABUS}
    return bring_bank(json.dumps(tree, ensure_ascii=False).encode(), None)


EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PAPER_TABLE: dict[str, Any] = json.loads((EXAMPLES / "exam-small.table.json").read_bytes())


def example_bank() -> QuestionBank:
    """The bank of the example, from which its table can be met."""
    return bring_bank((EXAMPLES / "exam-small.bank.json").read_bytes(), None)


def file_of_table(**changed: Any) -> bytes:
    """The example's table as a file, with something changed."""
    return json.dumps({**PAPER_TABLE, **changed}, ensure_ascii=False).encode()


def too_many() -> bytes:
    """A table of the example's bank that asks for more than the bank has."""
    first, *rest = PAPER_TABLE["lines"]
    return file_of_table(code="MANY", total="136", lines=[{**first, "count": 60}, *rest])
