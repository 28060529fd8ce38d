"""Papers in print: what stands on the paper, the answer sheet and the key, by every sample."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from compete.domain.values.roles import BankRole
from compete.models import ExamPaper
from compete.services.questions.papers import (
    SeedFields,
    assemble_paper,
    bring_table,
    forms_of_paper,
)
from compete.services.questions.printed_papers import PRINTED, printed_paper
from tests.support.banks import administrator, example_bank, file_of_table, in_bank


@pytest.fixture
def paper(here: Flask) -> ExamPaper:
    bank = example_bank()
    by = in_bank(bank, BankRole.ASSEMBLER, "assembler", administrator())
    return assemble_paper(bring_table(bank, file_of_table(), by), SeedFields(7), by)


def words_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_the_paper_has_no_key_and_the_key_none_of_the_questions(paper: ExamPaper) -> None:
    texts = {what: words_of(printed_paper(paper, what)) for what in PRINTED}
    for what in "paper_a4", "paper_a3":
        assert "密封线内不准答题" in texts[what]
        assert "注意事项" in texts[what]
        assert "一、单项选择题（第1～" in texts[what]
        assert "共20分" in texts[what] or "满分20分" in texts[what]
    for form in forms_of_paper(paper):
        for item in form.items:
            stem = re.sub(r"<[^>]*>|\s", "", item.version["stem"])[:8]
            assert stem in texts["paper_a4"], stem
            assert stem in texts["paper_a3"]
            assert stem not in texts["card"]
            if guide := item.version.get("guide"):
                assert re.sub(r"\s", "", guide)[:6] in texts["key"]
                assert re.sub(r"\s", "", guide)[:6] not in texts["paper_a4"]
    assert "答题卡" in texts["card"]
    assert "标准答案与评分细则" in texts["key"]
