"""What the authority's system takes in, and the list of who signs, as workbooks."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import read_bundle
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.evaluation.verdicts import evaluate
from compete.models import Account, Act, AuditEntry, Competition, Entrant, Sheet, db
from compete.services.certificates.authority_books import write_handing_out, write_upload
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.rows import revoke_certificate
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.live import live_results
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.web.test_evaluations import numbered


def sheets(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """The rows of each sheet by their header, under its title."""
    tables = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        _title, header, *rows = sheet.iter_rows(values_only=True)
        tables[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return tables


def test_the_authority_gets_what_stands_with_scores_and_what_has_to_come_out_again(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    with pytest.raises(Refused, match="还没有证书"):
        write_upload(Asked(forklift, organiser, str, {}))
    made = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    void, lost, *others = made
    revoke_certificate(void, "发错了", organiser)
    (anew,) = reissue_certificate(lost, "丢了补办", organiser)

    with here.test_request_context():
        tables = sheets(write_upload(Asked(forklift, organiser, str, {})))
    uploaded, out = tables["上传数据"], tables["撤销和换发"]
    assert [row["证书编号"] for row in uploaded] == [
        certificate.number for certificate in (*others, anew)
    ]
    assert [row["证件号码"] for row in uploaded] == [
        certificate.id_number for certificate in (*others, anew)
    ]
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


def test_marks_of_an_evaluation_come_from_the_version_brought_ones_among_them(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(numbered())
    announce(competition, organiser)
    approve_all(competition, organiser)
    made = issue_grade_certificates(competition, body_for(competition), organiser, "急用")
    with here.test_request_context():
        rows = sheets(write_upload(Asked(competition, organiser, str, {})))["上传数据"]
    marks = {
        certificate.subject: tuple(row[name] for name in ("理论知识", "技能考核", "综合评审"))
        for certificate, row in zip(made, rows, strict=True)
    }
    results = evaluate(read_bundle(json.dumps(numbered()).encode()))
    assert marks == {
        row.entrant: tuple(
            float(judged.score or "nan")
            for judged in (row.modules["theory"], row.parts["practical"], row.modules["review"])
        )
        for event in results.events
        for row in event.verdicts
        if row.entrant in marks
    }
    assert marks["E04"][0] == 72.5
    assert marks["R03"][1:] == (84.4, 74.33)
    assert {row["依据"] for row in rows} == {"考核认定，职业标准（算例）4.2"}
    assert not {"总成绩", "名次"} & rows[0].keys()
    # What was put on a sheet since is nobody's business before it is published.
    put_on_a_sheet(competition, made[0].subject, 61)
    assert str(live_mark(competition, made[0].subject)) != str(marks[made[0].subject][0])
    with here.test_request_context():
        again = sheets(write_upload(Asked(competition, organiser, str, {})))["上传数据"]
    assert again == rows


def put_on_a_sheet(competition: Competition, code: str, value: int) -> None:
    """Another mark for every aspect of somebody's theory, past all locks."""
    with unit_of_work() as session:
        sheets_of = select(Sheet).join(Entrant, Entrant.id == Sheet.entrant_id)
        for sheet in session.scalars(
            sheets_of.where(Entrant.code == code, Sheet.module == "theory")
        ):
            stage = rules_of(sheet.entrant.event).stages[0]
            (module,) = (candidate for candidate in stage.modules if candidate.code == "theory")
            session.add_all(
                Act(
                    **{"uuid": str(uuid.uuid4()), "sheet_id": sheet.id, "judge_id": sheet.judge_id},
                    **{"kind": "mark", "aspect": aspect.code, "value": Decimal(value)},
                )
                for aspect in module.aspects
            )
        audit.record(competition, None, "acts.take", competition.code)


def live_mark(competition: Competition, code: str) -> str | None:
    """What somebody's theory comes to now."""
    events = live_results(competition).results.events
    rows = {row.entrant: row for event in events for row in verdicts_of(event).verdicts}
    return rows[code].modules["theory"].score


def test_who_signs_for_them_as_a_workbook_has_masked_numbers_and_room_to_write(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    first, *others = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    revoke_certificate(first, "发错了", organiser)
    with here.test_request_context():
        content = write_handing_out(
            Asked(forklift, organiser, str, {}), [row.id for row in (first, *others)]
        )
    (rows,) = sheets(content).values()
    assert [row["证书编号"] for row in rows] == [certificate.number for certificate in others]
    assert all("****" in row["证件号码"] for row in rows)
    assert {row["领取人签名"] for row in rows} == {None}
