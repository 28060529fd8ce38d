"""Who is put forward to the bodies that approve honours, as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask

from compete.models import Account, AuditEntry, Competition, db
from compete.services.awards.external_award_list import write_honours
from compete.services.awards.external_awards import need_approval, refuse_honours
from compete.services.kernel.refusal import Refused
from tests.support.announced import announce
from tests.support.second_day import PRIZES
from tests.support.signing_in import signed_in
from tests.support.small import IDS, all_marks, small

TITLE, BODY = "江苏省技术能手", "省人社厅"


@pytest.fixture
def announced(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    grades: list[dict[str, Any]] = [
        {"code": "title", "when": {"max_rank": 2}, "grant": {"titles": [TITLE]}}
    ]
    competition = load(small(all_marks(), event={**PRIZES, "grades": grades}))
    announce(competition, organiser)
    return competition


def test_who_is_put_forward_stands_with_number_rank_score_and_the_bodys_word(
    announced: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="先写明称号由谁核准"):
        write_honours(announced, organiser, str)
    need_approval(announced, TITLE, BODY, organiser)
    refuse_honours(announced.events[0], TITLE, ["P2"], "名额不够", organiser)
    sheet = openpyxl.load_workbook(io.BytesIO(write_honours(announced, organiser, str))).active
    (title, *_rest), heads, *rows = sheet.iter_rows(values_only=True)
    assert "第 1 版" in title
    first, second = [dict(zip(heads, row, strict=True)) for row in rows]
    assert (first["姓名"], first["证件号码"], first["名次"]) == ("赵启明", IDS["P1"], 1)
    assert (first["荣誉称号"], first["由谁核准"], first["状态"]) == (TITLE, BODY, "等核准")
    assert first["总成绩"] > second["总成绩"] > 0
    assert (second["姓名"], second["状态"], second["文号"]) == ("钱文", "没有核准", None)
    record = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert record is not None
    assert (record.action, record.after) == ("honour.export", {"people": 2})


def test_the_page_offers_the_list_once_it_is_said_who_approves(
    app: Flask, announced: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert "报送名单" not in desk.get("/desk/X/honours").text
    need_approval(announced, TITLE, BODY, organiser)
    assert "报送名单 Excel" in desk.get("/desk/X/honours").text
    answer = desk.post("/desk/X/honours/list.xlsx")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
