"""Names, judges and rules that were changed in the database are found by their seal."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from compete.models import Account, Competition, db
from compete.services.kernel import unit_of_work
from compete.services.registration import check_people

pytestmark = pytest.mark.each_database


def found(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(fault) for fault in check_people(competition)]


def spoil(sql: str) -> None:
    with unit_of_work() as session:
        session.execute(text(sql))


def test_what_was_left_alone_fits(judged: Competition) -> None:
    assert found(judged) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE entrant SET name = '王五' WHERE code = 'P1'", "选手名单"),
        ("UPDATE entrant SET unit_id = (SELECT max(unit_id) FROM entrant)", "选手名单"),
        ("UPDATE entrant SET id_number = NULL WHERE code = 'P2'", "选手名单"),
        ("UPDATE entrant SET grade = 1", "选手名单"),
        ("UPDATE judge SET name = '某人' WHERE code = 'J1'", "裁判名单"),
        ("UPDATE rule_version SET sha256 = 'x'", "评分规则"),
        ("DELETE FROM rule_version", "评分规则"),
    ],
)
def test_what_was_changed_behind_the_programs_back_is_found(
    judged: Competition, change: str, what: str
) -> None:
    spoil(change)
    assert found(judged) == [f"{what}在登记以后被改过"]


def test_a_record_without_a_seal_says_nothing(judged: Competition, organiser: Account) -> None:
    spoil("UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'")
    spoil("UPDATE entrant SET name = '王五' WHERE code = 'P1'")
    assert found(judged) == []
