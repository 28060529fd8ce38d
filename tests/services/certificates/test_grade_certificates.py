"""Certificates: numbers without gaps, issued once, void for good, found by whoever holds them."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.identity.errors import IdentityError
from compete.domain.values.states import CertificateState, GradeState
from compete.models import Account, Certificate, Competition, GradeDecision, IssuingBody, db
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.issuing_bodies import create_body
from compete.services.certificates.numbers import next_numbers
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.rows import Entitled, add_certificate, revoke_certificate
from compete.services.certificates.search import find_by_number, find_by_token
from compete.services.closing.grade_proposals import decide_grades
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.portraits import put_portrait
from tests.support.announced import announce, approve_all, body_for, lock
from tests.support.begun import copied
from tests.support.issuing import issue_grade_certificates
from tests.support.portraits import portrait
from tests.support.together import together


@pytest.fixture
def published(forklift: Competition, organiser: Account) -> Competition:
    """The forklift competition, published, with every proposed grade approved."""
    announce(forklift, organiser)
    copied("all approved", lambda: approve_all(forklift, organiser))
    return forklift


@pytest.fixture
def body(published: Competition) -> IssuingBody:
    """A body that is filed for everything."""
    return body_for(published)


@pytest.mark.each_database
def test_numbers_of_one_body_year_and_grade_run_on_without_gaps(
    published: Competition, body: IssuingBody, organiser: Account
) -> None:
    issued = issue_grade_certificates(published, body, organiser, "急用")
    numbers = [CertificateNumber.parse(certificate.number) for certificate in issued]
    year = f"{local_today():%y}"
    for grade in (1, 2, 3):
        serials = [number.serial for number in numbers if number.level == str(grade)]
        assert serials == list(range(1, len(serials) + 1))
    assert {
        (number.kind, number.body, number.province, number.site, number.year) for number in numbers
    } == {("Y", "0000", "32", "000123", year)}
    assert {decision.state for decision in db.session.query(GradeDecision)} == {GradeState.ISSUED}


def test_a_certificate_bears_the_photo_of_its_holder_and_of_nobody_else(
    app: Flask, published: Competition, body: IssuingBody, organiser: Account
) -> None:
    issued = issue_grade_certificates(published, body, organiser, "急用")
    entrant = entrant_by_code(published, issued[0].subject)
    assert entrant is not None
    put_portrait(entrant, portrait(), "none", organiser)
    with app.test_request_context():
        first, second = (print_certificates([certificate]) for certificate in issued[:2])
    assert (first.count(b"/DCTDecode"), second.count(b"/DCTDecode")) == (1, 0)
    assert not first.left_out


def test_only_the_approved_get_one_and_only_once(
    published: Competition, body: IssuingBody, organiser: Account
) -> None:
    decide_grades(published, ["B01"], GradeState.DEFERRED, organiser, "补材料")
    issued = issue_grade_certificates(published, body, organiser, "急用")
    assert "B01" not in {certificate.subject for certificate in issued}
    with pytest.raises(Refused, match="没有已批准"):
        issue_grade_certificates(published, body, organiser, "急用")
    decide_grades(published, ["B01"], GradeState.APPROVED, organiser)
    assert [
        certificate.subject
        for certificate in issue_grade_certificates(published, body, organiser, "急用")
    ] == ["B01"]


@pytest.mark.each_database
def test_two_who_press_at_once_issue_once(
    here: Flask, published: Competition, body: IssuingBody, organiser: Account
) -> None:
    numbers = published.id, body.id, organiser.id

    def press() -> int:
        competition = db.session.get_one(Competition, numbers[0])
        issuer = db.session.get_one(IssuingBody, numbers[1])
        return len(
            issue_grade_certificates(
                competition, issuer, db.session.get_one(Account, numbers[2]), "急用"
            )
        )

    answers = together(here, press, press)
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert db.session.query(Certificate).count() == db.session.query(GradeDecision).count()


@pytest.mark.each_database
def test_a_series_that_many_begin_at_once_has_no_gap_and_no_double(here: Flask) -> None:
    def take() -> list[int]:
        taken = []
        for _ in range(5):
            with unit_of_work():
                taken.append(next_numbers("grade/1/2026/3", 1)[0])
        return taken

    answers = together(here, take, take, take, take)
    assert sorted(number for answer in answers for number in answer) == list(range(1, 21))


def test_a_number_taken_in_vain_is_given_again(here: Flask) -> None:
    def fail() -> None:
        with unit_of_work():
            assert next_numbers("s", 1)[0] == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with unit_of_work():
        assert next_numbers("s", 1)[0] == 1


def test_nothing_is_issued_before_publication(forklift: Competition, organiser: Account) -> None:
    lock(forklift, organiser)
    approve_all(forklift, organiser)
    with pytest.raises(Refused, match="还没公布"):
        issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    with pytest.raises(Refused, match="还没公布"):
        issue_award_certificates(forklift, organiser, "急用")
    assert db.session.query(Certificate).count() == 0


def test_a_grade_outside_the_bodys_scope_is_refused_and_nothing_issued(
    published: Competition, organiser: Account
) -> None:
    narrow = body_for(published, grades=(3,))
    with pytest.raises(Refused, match="没有备案"):
        issue_grade_certificates(published, narrow, organiser, "急用")
    assert db.session.query(Certificate).count() == 0
    assert {decision.state for decision in db.session.query(GradeDecision)} == {GradeState.APPROVED}


def test_who_has_no_id_number_is_named(
    published: Competition, body: IssuingBody, organiser: Account
) -> None:
    person = db.session.query(GradeDecision).first().entrant  # type: ignore[union-attr]
    with unit_of_work():
        person.id_number = None
    with pytest.raises(Refused, match=f"{person.name} 没有证件号码"):
        issue_grade_certificates(published, body, organiser, "急用")
    assert db.session.query(Certificate).count() == 0


def test_a_revoked_certificate_is_void_for_good_with_its_reason(
    published: Competition, body: IssuingBody, organiser: Account
) -> None:
    certificate = issue_grade_certificates(published, body, organiser, "急用")[0]
    with pytest.raises(Refused, match="要写原因"):
        revoke_certificate(certificate, "  ", organiser)
    revoke_certificate(certificate, "材料不实", organiser)
    assert (certificate.state, certificate.revoke_reason) == (CertificateState.REVOKED, "材料不实")
    decision = db.session.query(GradeDecision).filter_by(entrant_id=certificate.entrant_id).one()
    assert decision.state is GradeState.REVOKED
    with pytest.raises(Refused, match="已经撤销过"):
        revoke_certificate(certificate, "再来", organiser)
    assert find_by_number(certificate.number, certificate.face["name"]) == certificate


def test_a_certificate_is_found_by_number_and_name_together(
    published: Competition, body: IssuingBody, organiser: Account
) -> None:
    certificate = issue_grade_certificates(published, body, organiser, "急用")[0]
    name = certificate.face["name"]
    spaced = CertificateNumber.parse(certificate.number).spaced
    for number in (certificate.number, spaced, f" {certificate.number.lower()} "):
        assert find_by_number(number, f" {name} ") == certificate
    for wrong in ("别人", "", name[:-1], name + "二"):
        assert find_by_number(certificate.number, wrong) is None
    unknown = certificate.number[:-6] + "999999"
    assert find_by_number(unknown, name) is None


@pytest.mark.parametrize(
    "number", ["Y0000", "123456789", "Y0000320001232630000012", "yes", "第007号"]
)
def test_a_slip_of_the_finger_is_told_from_a_forgery(here: Flask, number: str) -> None:
    with pytest.raises(IdentityError):
        find_by_number(number, "某人")


@pytest.mark.parametrize("number", ["", "〔2026〕第999号", "没有", "’ OR 1=1"])
def test_a_number_of_another_kind_is_just_not_found(here: Flask, number: str) -> None:
    assert find_by_number(number, "某人") is None


@pytest.mark.each_database
def test_the_link_of_a_certificate_is_random_and_sealed(
    published: Competition, body: IssuingBody, organiser: Account
) -> None:
    certificate = issue_grade_certificates(published, body, organiser, "急用")[0]
    assert find_by_token(certificate.token) == certificate
    assert find_by_token(certificate.number) is None
    assert find_by_token("") is None
    row = db.session.connection().exec_driver_sql("SELECT token, id_number, face FROM certificate")
    token, id_number, face = row.first() or (b"", b"", "")
    assert certificate.token.encode() not in bytes(token)
    assert (certificate.id_number or "?").encode() not in bytes(id_number)
    assert (certificate.id_number or "?") not in str(face)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("〔2026〕第007号", "阿依·买买提"),
        (" ［２０２６］第００７号 ", "阿依•买买提"),
        ("[2026] 第7号", "阿依．买买提"),
        ("(2026)第007号", "阿依 ・ 买买提 "),
        ("2026年第7号", "阿依.买买提"),
    ],
)
def test_a_number_and_a_name_are_read_as_an_import_reads_them(
    here: Flask, fresh: Competition, typed: str, name: str
) -> None:
    with unit_of_work():
        due = Entitled(prize="x", face={"name": "阿依·买买提", "award": "一等奖"})
        certificate = add_certificate(fresh, due, "〔2026〕第007号", on=local_today())
    assert find_by_number(typed, name) == certificate
    assert find_by_number(typed.replace("7", "8").replace("７", "8"), name) is None
    # The dot left out; and put in where the certificate has none.
    assert find_by_number(typed, "阿依买买提") == certificate
    assert find_by_number(typed, "阿依·买") is None


def test_awards_of_the_published_results_get_one_certificate_each(
    published: Competition, organiser: Account
) -> None:
    due = unissued_awards(published)
    issued = issue_award_certificates(published, organiser, "急用")
    assert len(issued) == due > 0
    assert len({certificate.number for certificate in issued}) == due
    assert unissued_awards(published) == 0
    with pytest.raises(Refused, match="都已经发了"):
        issue_award_certificates(published, organiser, "急用")
    face = next(
        certificate.face
        for certificate in issued
        if certificate.subject == "B01" and "award" in certificate.face
    )
    assert face["rank"] == 1
    assert all(certificate.id_number is None for certificate in issued)


def test_a_revoked_award_is_not_issued_again_by_the_next_press(
    published: Competition, organiser: Account
) -> None:
    certificate = issue_award_certificates(published, organiser, "急用")[0]
    revoke_certificate(certificate, "冒名", organiser)
    assert unissued_awards(published) == 0


@pytest.mark.parametrize(
    "keys", [{"kind": "机"}, {"body_code": "12"}, {"province": "3"}, {"site": "12345x"}]
)
def test_a_body_whose_parts_make_no_number_is_refused(here: Flask, keys: dict[str, str]) -> None:
    good = {"kind": "Y", "body_code": "0000", "province": "32", "site": "000123"}
    with pytest.raises(Refused) as refused:
        create_body(name="某机构", phone=None, scope=[], by=None, **(good | keys))
    assert refused.value.kind is Refusal.INVALID
    create_body(name="某机构", phone=None, scope=[], by=None, **good)
    with pytest.raises(Refused, match="已经有"):
        create_body(name="某机构", phone=None, scope=[], by=None, **good)
