"""A grade that two made void stands on home and above the register until it is given again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.revoking import agree_revocation, ask_again
from compete.services.certificates.rows import revoke_certificate
from tests.support.second_day import certify, with_prizes
from tests.support.signing_in import official, signed_in

TOLD = "1 人的等级证书撤销了，没有重新发"
REGISTER = "/desk/X/certificates"


def test_a_grade_made_void_and_not_given_again_is_told(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    desk = signed_in(app, organiser)
    grade, prize = (
        db.session.query(Certificate).filter_by(kind=kind, subject="P2").one()
        for kind in ("grade", "award")
    )
    revoke_certificate(prize, "打错了", organiser)
    assert TOLD not in desk.get("/desk/X/").text + desk.get(REGISTER).text
    revoke_certificate(grade, "材料不实", organiser)
    home = desk.get("/desk/X/").text.partition("6 发证")[2].partition("</li>")[0]
    assert TOLD in home
    page = desk.get(REGISTER).text
    assert TOLD in page
    assert f"{REGISTER}?kind=grade&amp;state=revoked" in page
    assert f'id="certificate-{grade.id}"' in desk.get(f"{REGISTER}?kind=grade&state=revoked").text
    ask_again(grade, "撤销错了", organiser)
    agree_revocation(grade, official(competition, "S1"))
    assert TOLD not in desk.get("/desk/X/").text + desk.get(REGISTER).text
