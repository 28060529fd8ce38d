"""Sample data of grades on other grounds."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.claims.shapes import ClaimRow, ExamineePage, GroundRow, StateFilter
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.public.claims import ClaimLine
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]


def claims() -> Sample:
    """Grades on other grounds in every state, and both forms."""

    def row(number: int, name: str, key: str, word: str, may: str, *notes: str) -> ClaimRow:
        return ClaimRow(
            id=number,
            name=name,
            code=f"B{number:02}",
            unit="江苏省港口集团江北港务有限公司",
            url="#" if key == "held" else None,
            job="起重装卸机械操作工" if key == "held" else "",
            present="五级/初级工",
            to="四级/中级工",
            ground="考核认定",
            clause="苏人社规〔2023〕1 号第八条",
            facts="2026-06-18 考核，理论 81、实操 77",
            state=key,
            word=word,
            notes=["吴敏 提出，9月21日 10:02", *notes],
            document_url="#",
            certificate=Link(label="Y0000 32 000123 22 4 000001", url="#")
            if key == "issued"
            else None,
            may=may,
            why_not="要另一个人来。现在能办的：沈国梁" if key == "review" and not may else None,
        )

    return {
        "site": SITE,
        "competition": COMPETITION,
        "rows": [
            row(1, "赵启明", "proposed", "已提出", "notice"),
            row(2, "吕䂮", "review", "公示中", "", "公示到 9月28日 17:00，期满以后才能批准"),
            row(3, "程国栋", "review", "公示中", "decide", "公示期满了，可以定"),
            row(4, "孙志远", "held", "缓办", "decide", "沈国梁 定的，9月29日", "等社保证明"),
            row(5, "李晓东", "issued", "已发证", ""),
        ],
        "any": True,
        "q": "",
        "state_now": "",
        "here_url": "#",
        "filters": [
            StateFilter(key="", label="全部", count=205, url="#"),
            StateFilter(key="proposed", label="已提出", count=203, url="#"),
            StateFilter(key="notice", label="公示中", count=2, url="#"),
        ],
        "page": Paging(number=1, pages=3, total=205, previous_url=None, next_url="#"),
        "under_way": [Link(label="提出等级认定", url="#")],
        "all_put_up": 203,
        "all_approve": 2,
        "may_put_up": True,
        "may_decide": True,
        "may_drop": True,
        "approved": 3,
        "issue_url": "#",
        "book_url": "#",
        "whole_url": "#",
        "list_url": "#",
        "proposes": True,
        "typed": None,
        "grounds": [
            GroundRow(key="employer", name="自主评定", document=True, days="5"),
            GroundRow(key="direct", name="直接认定", document=False, days="7"),
        ],
        "new_url": "#",
        "ground_choices": [Choice(value="employer", label="自主评定")],
        "grade_choices": [Choice(value="4", label="四级/中级工")],
        "occupation_choices": [
            Choice(value="0", label="起重装卸机械操作工 6-30-05-01（五级/初级工、四级/中级工）")
        ],
        "paper_choices": [Choice(value="citizen_id", label="居民身份证")],
        "others_url": "#",
        "public_url": "#",
        "propose_url": "#",
        "put_up_url": "#",
        "drop_url": "#",
        "decide_urls": {"approve": "#", "hold": "#", "refuse": "#"},
        "grounds_url": "#",
    }


def examinee() -> Sample:
    """Somebody who takes no part, whose name was corrected after the certificate was issued."""
    page = ExamineePage(
        competition=COMPETITION,
        claims_url="#",
        code="#4",
        name="孙志远",
        number="320***********1234",
        unit="江苏省港口集团江北港务有限公司",
        present="五级/初级工",
        grades=["自主评定 四级/中级工 已发证"],
        photo_url=None,
        erased=None,
        correct_url="#",
        old_papers=[Link(label="Y0000 32 000123 26 4 000004", url="#")],
        erase_url="#",
        erase_said=None,
        erase_why_not=None,
        typed={"name": "", "id_number": "", "unit": "", "reason": ""},
        problem=None,
        where="",
    )
    return {"site": SITE, **fields_of(page)}


def public_claims() -> Sample:
    """The notice of such grades, for anyone."""
    return {
        "site": SITE,
        "heading": "2022年全省港口叉车司机职业技能竞赛",
        "subheading": "等级认定公示",
        "contact": "省港口集团工会 025-0000 0000",
        "rows": [
            ClaimLine(
                name="赵*明",
                unit="江苏省港口集团江北港务有限公司",
                occupation="叉车司机",
                present="五级/初级工",
                to="四级/中级工",
                ground="考核认定，苏人社规〔2023〕1 号第八条",
                term="9月22日 至 9月28日 17:00",
            )
        ],
    }
