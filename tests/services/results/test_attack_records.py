"""Publications, certificates and rules changed in the database are found against the chain."""

from __future__ import annotations

import json
import zlib

import pytest
from sqlalchemy import text

from compete.models import Account, Competition, Publication, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.record_checks import check_records
from compete.services.results.snapshots import digest, snapshot_files, stored_fault
from tests.support.announced import announce, approve_all, body_for
from tests.support.begun import copied
from tests.support.issuing import issue_grade_certificates

GRADE = "(SELECT min(id) FROM certificate WHERE kind = 'grade')"


@pytest.fixture
def done(forklift: Competition, organiser: Account) -> Competition:
    """Published and certified, one certificate revoked."""

    def make() -> None:
        announce(forklift, organiser)
        approve_all(forklift, organiser)
        issued = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
        issue_award_certificates(forklift, organiser, "急用")
        revoke_certificate(issued[-1], "材料不实", organiser)

    copied("published, certified, one revoked", make)
    return forklift


def faults_of(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(record) for record in check_records(competition)]


def spoil(sql: str) -> None:
    with unit_of_work() as session:
        session.execute(text(sql))


@pytest.mark.each_database
def test_what_was_left_alone_agrees_with_the_record(done: Competition) -> None:
    assert faults_of(done) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("DELETE FROM publication", "公布时的记录"),
        ("UPDATE publication SET version = 9", "公布时的记录"),
        (f"UPDATE certificate SET subject = 'B99' WHERE id = {GRADE}", "发出后被改过"),
        (f"UPDATE certificate SET issued_on = '2020-01-01' WHERE id = {GRADE}", "发出后被改过"),
        (f"UPDATE certificate SET id_number = NULL WHERE id = {GRADE}", "发出后被改过"),
        (
            f"UPDATE certificate SET face = json_set(face, '$.level', '一级') WHERE id = {GRADE}",
            "发出后被改过",
        ),
        ("UPDATE certificate SET state = 'valid'", "撤销和记录"),
        (f"UPDATE certificate SET state = 'revoked' WHERE id = {GRADE}", "撤销和记录"),
        (f"UPDATE certificate SET number = 'Y1' WHERE id = {GRADE}", "没有发证记录"),
        (f"DELETE FROM certificate WHERE id = {GRADE}", "不见了"),
        (
            "UPDATE rule_version SET definition = json_set(definition, '$.name', '改过')",
            "评分规则和核对词",
        ),
    ],
)
def test_what_was_changed_behind_the_programs_back_is_found(
    done: Competition, change: str, sentence: str
) -> None:
    spoil(change)
    assert any(sentence in fault for fault in faults_of(done))


def test_a_forged_publication_that_fits_its_own_hash_is_found(done: Competition) -> None:
    (row,) = db.session.query(Publication).all()
    bundle, results = snapshot_files(row)
    forged = json.dumps(json.loads(results) | {"forged": True}).encode()
    with unit_of_work():
        row.results, row.sha256 = zlib.compress(forged), digest(bundle, forged)
    assert stored_fault(row) is None
    assert any("公布时的记录" in fault for fault in faults_of(done))
