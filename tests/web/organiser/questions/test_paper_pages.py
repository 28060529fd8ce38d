"""Papers at the desk: a table in words, a paper put together, seen, taken out by two, used."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.exam.paper import read_paper
from compete.domain.exam.table import read_table
from compete.domain.values.roles import BankRole
from compete.models import BankRequest, ExamPaper, PaperTable, QuestionUse, db
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.questions import bank_jobs, papers
from compete.services.questions.sealing import codes_in
from tests.support.banks import administrator, example_bank, file_of_table, in_bank, too_many
from tests.support.signing_in import signed_in


class Desk:
    """The example's bank, with somebody of each role."""

    def __init__(self, app: Flask) -> None:
        self.app, self.bank = app, example_bank()
        admin = administrator()
        self.accounts = {role: in_bank(self.bank, role, role.value, admin) for role in BankRole}
        self.at = f"/desk/banks/{self.bank.id}"
        self.assembler = self.as_(BankRole.ASSEMBLER)

    def as_(self, role: BankRole) -> FlaskClient:
        return signed_in(self.app, self.accounts[role])

    def bring(self, content: bytes) -> str:
        """Bring a table; the address of its page."""
        sent = {"file": (io.BytesIO(content), "table.json")}
        answer = self.assembler.post(f"{self.at}/papers", data=sent)
        assert answer.status_code == 302
        return str(answer.location)

    def paper(self, content: bytes) -> str:
        """Put a paper together; the address of its page."""
        asked = self.assembler.post(f"{self.bring(content)}/assemble", data={"seed": "7"})
        assert asked.status_code == 302
        assert do_next(None)
        answer = self.assembler.get(asked.location)
        assert answer.status_code == 302
        return str(answer.location)


@pytest.fixture
def desk(here: Flask, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(queue, "wake", lambda _nobody: None)
    return Desk(here)


def test_a_table_is_brought_shown_in_words_and_taken_as_its_file(desk: Desk) -> None:
    assert "还没有方案" in desk.assembler.get(f"{desk.at}/papers").text
    assert "选一个组卷方案文件" in desk.assembler.post(f"{desk.at}/papers", data={}).text
    wrong = {"file": (io.BytesIO(file_of_table(total="21")), "table.json")}
    answer = desk.assembler.post(f"{desk.at}/papers", data=wrong)
    assert answer.status_code == 400
    assert "total：各行的题数乘分值加起来是 20" in answer.text
    at = desk.bring(file_of_table())
    page = desk.assembler.get(at).text
    for words in (
        "满分 20，30 分钟",
        "X 类（核心）至少 6 题",
        "平均难度 0.65，上下不超过 0.01",
        "各卷之间相差不超过 0.005",
        "2026年12月1日 开考，之前 12 个月里用过的题不用",
        "整个题库",
    ):
        assert words in page, words
    assert read_table(desk.assembler.get(f"{at}.json").data).code == "PUMP-3-T1"
    assert "三级理论 示例方案" in desk.assembler.get(f"{desk.at}/papers").text


def test_a_paper_that_meets_its_table_shows_its_forms_and_is_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk.paper(file_of_table())
    page = desk.assembler.get(at).text
    assert "A 卷" in page
    assert "B 卷" in page
    assert "HiGHS" in page
    assert "没有合方案的卷" not in page
    keeper = desk.as_(BankRole.KEEPER)
    assert "查过了，合题库和方案" in keeper.post(f"{at}/check").text
    monkeypatch.setattr(bank_jobs, "LARGE_BANK", 1)
    answer = keeper.post(f"{at}/check")
    assert "/jobs/" in answer.location
    assert "再查一遍" in keeper.get(answer.location).text


def test_a_short_paper_says_what_it_lacks(desk: Desk) -> None:
    page = desk.assembler.get(desk.paper(too_many())).text
    assert "没有合方案的卷" in page
    assert "A 卷 第 1 行 单选 少 " in page


def test_a_paper_whose_solver_was_stopped_says_what_may_yet_be_gained(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = papers.assembled_paper

    def stopped(*given: Any) -> bytes:
        tree = json.loads(made(*given))
        tree["short"] |= {"proven": False, "extra": {"fewer": 1}}
        return json.dumps(tree, ensure_ascii=False).encode()

    monkeypatch.setattr(papers, "assembled_paper", stopped)
    page = desk.assembler.get(desk.paper(too_many())).text
    assert "别的卷最多也只少缺 1" in page
    assert "限时里没能证明" not in page


def test_a_wrong_seed_stands_beside_its_field(desk: Desk) -> None:
    at = desk.bring(file_of_table())
    for seed in ("-1", "x", str(2**53)):
        answer = desk.assembler.post(f"{at}/assemble", data={"seed": seed})
        assert answer.status_code == 400
    assert db.session.scalars(select(ExamPaper)).all() == []


def test_a_paper_leaves_by_two_and_once(desk: Desk) -> None:
    at, keeper = desk.paper(file_of_table()), desk.as_(BankRole.KEEPER)
    assert desk.assembler.post(f"{at}/file", data={}).status_code == 400
    answer = desk.assembler.post(f"{at}/file", data={"form": "file", "reason": "印卷"})
    assert answer.location == f"{desk.at}/files"
    export = db.session.scalars(select(BankRequest)).one()
    assert export.paper is not None
    files = f"{desk.at}/files/{export.id}"
    assert "还没有第二个人同意" in desk.assembler.post(f"{files}/fetch").text
    assert desk.assembler.post(f"{desk.at}/asked/{export.id}/agree").status_code == 403
    assert f"试卷 {export.paper.name}" in keeper.get(f"{desk.at}/files").text
    assert keeper.post(f"{desk.at}/asked/{export.id}/agree").status_code == 302
    answer = desk.assembler.post(f"{files}/fetch")
    assert len(read_paper(answer.data).forms) == 2
    assert "取过了" in desk.assembler.post(f"{files}/fetch").text


def test_a_used_paper_marks_its_questions(desk: Desk) -> None:
    at = desk.paper(file_of_table())
    assert "写哪天考的" in desk.assembler.post(f"{at}/use", data={"day": ""}).text
    assert desk.assembler.post(f"{at}/use", data={"day": "2026-12-01"}).status_code == 302
    paper = db.session.scalars(select(ExamPaper)).one()
    uses = select(QuestionUse).where(QuestionUse.paper == paper.name)
    assert len(db.session.scalars(uses).all()) == len(codes_in(paper))
    again = desk.assembler.post(f"{at}/use", data={"day": "2026-12-01"})
    assert "已经写过用在哪天了" in again.text
    assert "2026-12-01 用过" in desk.assembler.get(at).text


def test_papers_are_for_who_assembles_and_who_keeps(desk: Desk) -> None:
    at = desk.paper(file_of_table())
    table = db.session.scalars(select(PaperTable)).one()
    pages = [f"{desk.at}/papers", at, f"{desk.at}/tables/{table.id}"]
    for role in BankRole.AUTHOR, BankRole.REVIEWER:
        client = desk.as_(role)
        assert [client.get(page).status_code for page in pages] == [404] * 3
        assert "/papers" not in client.get(desk.at).text
    keeper = desk.as_(BankRole.KEEPER)
    assert [keeper.get(page).status_code for page in pages] == [200] * 3
    assert keeper.post(f"{desk.at}/tables/{table.id}/assemble", data={}).status_code == 404
