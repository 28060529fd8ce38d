"""What the authority's system takes in, and the list of who signs, as workbooks."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask

from compete.models import Account, AuditEntry, Competition, db
from compete.services.certificates import (
    issue_grade_certificates,
    reissue_certificate,
)
from compete.services.certificates.authority_books import write_handing_out, write_upload
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel import Refused
from tests.support.announced import announce, approve_all, body_for


def sheets(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet by their header, under its title."""
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        _title, header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def test_the_authority_gets_what_stands_with_scores_and_what_has_to_come_out_again(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    with pytest.raises(Refused, match="还没有证书"):
        write_upload(forklift, organiser, str)
    made = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    void, lost, *others = made
    revoke_certificate(void, "发错了", organiser)
    (anew,) = reissue_certificate(lost, "丢了补办", organiser)

    with here.test_request_context():
        found = sheets(write_upload(forklift, organiser, str))
    uploaded, out = found["上传数据"], found["撤销和换发"]
    assert [row["证书编号"] for row in uploaded] == [each.number for each in (*others, anew)]
    assert [row["证件号码"] for row in uploaded] == [each.id_number for each in (*others, anew)]
    assert {row["证件类型"] for row in uploaded} == {"居民身份证"}
    assert {row["职业编码"] for row in uploaded} == {"6-30-05-01"}
    assert {row["评价机构"] for row in uploaded} == {others[0].face["body"]}
    by_name = {row["姓名"]: row for row in uploaded}
    fifth = by_name["周一凡"]
    # 91 × 20% + 95 × 80%
    assert (fifth["理论知识"], fifth["实操"], fifth["总成绩"]) == (91, 95, 94.2)
    assert fifth["依据"] == f"竞赛晋升，{forklift.name}"

    assert [(row["证书编号"], row["状态"], row["原因"], row["换成"]) for row in out] == [
        (void.number, "已撤销", "发错了", None),
        (lost.number, "已换发", "丢了补办", anew.number),
    ]
    record = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert record is not None
    assert record.action == "certificate.upload_book"
    assert record.after == {"people": len(uploaded), "void": 2}


def test_who_signs_for_them_as_a_workbook_has_masked_numbers_and_room_to_write(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    first, *others = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    revoke_certificate(first, "发错了", organiser)
    with here.test_request_context():
        content = write_handing_out(forklift, [first, *others], str)
    (rows,) = sheets(content).values()
    assert [row["证书编号"] for row in rows] == [each.number for each in others]
    assert all("****" in row["证件号码"] for row in rows)
    assert {row["领取人签名"] for row in rows} == {None}
