"""Who takes no part is corrected: a new certificate bears it, and the desk lists it until then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.domain.values.states import CertificateState
from compete.models import Account, Competition, Examinee, IssuingBody, Person, db
from compete.services.certificates.examinees import correct_examinee
from compete.services.certificates.outdated_names import open_corrections
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.competitions.erasure_requests import agree_erasure, ask_erasure
from compete.services.kernel.refusal import Refused
from compete.services.results.record_checks import check_records
from tests.services.certificates.test_examinees import OTHER, approved, exam
from tests.support.announced import body_for
from tests.support.issuing import issue_claim_certificates
from tests.support.portraits import portrait
from tests.support.second_day import with_prizes
from tests.support.signing_in import official, signed_in


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    return with_prizes(load)


@pytest.fixture
def body(competition: Competition) -> IssuingBody:
    return body_for(competition)


def test_a_corrected_name_and_a_photo_come_onto_a_new_certificate(
    competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    row = approved(competition, organiser, exam())
    (old,) = issue_claim_certificates(competition, body, organiser)
    person = row.person
    assert isinstance(person, Examinee)
    nothing: dict[str, Any] = {"name": "", "id_number": "", "unit": "", "photo": b""}

    def correct(**fields: Any) -> bool:
        return correct_examinee(person, **(nothing | {"reason": "身份证"} | fields), by=organiser)

    for fields, match in (
        ({"reason": " "}, "理由"),
        ({"name": "张3"}, "姓名不对"),
        ({"id_number": OTHER[:-1] + "1"}, "最后一位"),
        ({"photo": b"MZ"}, "这不是照片"),
    ):
        with pytest.raises(Refused, match=match):
            correct(**fields)
    assert not correct(name="张三")
    plain = print_certificates([old])
    assert correct(name="张叁", photo=portrait())
    assert old.face["name"] == "张三"
    assert len(print_certificates([old])) > len(plain) + 500
    (new,) = reissue_certificate(old, "姓名写错", organiser)
    assert (new.face["name"], new.replaces, old.state) == ("张叁", old, CertificateState.REPLACED)
    assert db.session.query(Person).filter_by(name="张叁").count() == 1
    assert list(check_records(competition)) == []


def test_the_desk_lists_a_correction_until_the_certificate_follows(
    competition: Competition, body: IssuingBody, organiser: Account, app: Flask
) -> None:
    """Of who takes no part as of who does, by name and by number; not of who was erased."""
    row = approved(competition, organiser, exam())
    (old,) = issue_claim_certificates(competition, body, organiser)
    person, desk = row.person, signed_in(app, organiser)
    assert isinstance(person, Examinee)
    assert open_corrections(competition) == []
    kept: dict[str, Any] = {"unit": "南京港务", "photo": b"", "reason": "身份证", "by": organiser}
    # No certificate of a grade bears the unit.
    assert correct_examinee(person, name="", id_number="", **kept)
    assert open_corrections(competition) == []
    assert "还没改完" not in desk.get("/desk/X/").text
    for name, number in (("张叁", ""), ("", "110101199003070054")):
        assert correct_examinee(person, name=name, id_number=number, **kept)
        (waiting,) = open_corrections(competition)
        assert (waiting.holder, waiting.certificates, waiting.publication) == (person, 1, None)
        home = desk.get("/desk/X/").text
        assert "张叁 #1 更正以后还没改完" in home
        assert "1 张证书还是更正前的" in home
        assert 'href="/desk/X/claims/people/1"' in home
        assert "证书上还是原来的姓名或号码" in desk.get("/desk/X/claims/people/1").text
        (old,) = reissue_certificate(old, "更正", organiser)
        assert open_corrections(competition) == []
        assert "还没改完" not in desk.get("/desk/X/").text
    asked = ask_erasure(competition, person, "本人来信", organiser)
    assert agree_erasure(asked, official(competition, "S1")) == 1
    assert open_corrections(competition) == []
