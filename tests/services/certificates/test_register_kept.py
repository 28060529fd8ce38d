"""What the register counts of a whole competition: once for what is on record, then anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.values.states import CertificateState
from compete.models import Account, Certificate, Competition, Entrant, db
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.register import kinds_issued, register_counts, register_frame
from compete.services.certificates.revocation_requests import open_revocations
from compete.services.certificates.rows import revoke_certificate
from compete.services.registration.portraits import put_portrait
from compete.services.results.approved_external_awards import honour_book
from tests.support.portraits import portrait
from tests.support.second_day import certify, with_prizes
from tests.support.statements import statements


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def look(competition: Competition) -> tuple[dict[str, int], int, frozenset[str]]:
    """What the page asks of all certificates at each look."""
    honour_book(competition).out()
    counts = register_counts(competition)
    count_certificates(competition)
    frame = register_frame(competition)
    return counts, frame.aside.no_photo, frozenset(kinds_issued(competition))


def test_a_second_look_reads_no_certificate_that_was_counted(certified: Competition) -> None:
    first = look(certified)
    assert first[0]["valid"]
    assert first[2] == {"grade", "award"}
    with statements(db.engine) as asked:
        assert look(certified) == first
        assert not open_revocations(certified)
    of_register = [statement for statement in asked if "FROM certificate" in statement]
    # Those of awards by hand have an index, and are few.
    of_all = [
        statement for statement in of_register if "distinction_id IS NOT NULL" not in statement
    ]
    assert [
        statement for statement in of_all if "face" in statement or "GROUP BY" in statement
    ] == []


def test_what_is_made_void_or_gets_a_photo_is_counted_anew(
    certified: Competition, organiser: Account
) -> None:
    counts, without, _ = look(certified)
    grade = (
        db.session.query(Certificate)
        .filter_by(kind="grade", state=CertificateState.VALID)
        .order_by(Certificate.id)
        .first()
    )
    assert without
    assert grade is not None
    assert grade.entrant_id is not None
    put_portrait(db.session.get_one(Entrant, grade.entrant_id), portrait(1), "none", organiser)
    assert look(certified)[:2] == (counts, without - 1)
    revoke_certificate(grade, "发错了", organiser)
    assert look(certified)[0] == counts | {
        "valid": counts["valid"] - 1,
        "revoked": counts["revoked"] + 1,
    }
