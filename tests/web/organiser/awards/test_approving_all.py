"""Approving all proposals: who has a grade on another ground stays, the others get theirs."""

from __future__ import annotations

from flask import Flask

from compete.domain.values.states import GradeState
from compete.models import Account, Competition, IssuingBody
from compete.services.closing.grade_proposals import grade_decisions_of, why_not_approved
from tests.services.certificates.test_claims import approved, body, claim, competition
from tests.support.announced import announce
from tests.support.issuing import issue_claim_certificates
from tests.support.signing_in import signed_in

__all__ = ["body", "competition"]


def states(these: Competition) -> dict[str, GradeState]:
    return {row.person.code: row.state for row in grade_decisions_of(these)}


def test_one_who_has_a_grade_does_not_stop_the_others(
    app: Flask, competition: Competition, body: IssuingBody, organiser: Account
) -> None:
    approved(competition, organiser, claim("P1"))
    issue_claim_certificates(competition, body, organiser)
    announce(competition, organiser)
    others = [code for code in states(competition) if code != "P1"]
    assert others
    assert list(why_not_approved(competition)) == ["P1"]
    desk = signed_in(app, organiser)
    address = f"/desk/{competition.code}/awards"
    everybody, sent = f"{address}/approve/proposed", {"checked": "yes"}
    answer = desk.post(everybody, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert f"批准了 {len(others)} 人" in answer.text
    assert "已经按别的依据认定了等级，这里写明理由不批准" in answer.text
    wanted = dict.fromkeys(others, GradeState.APPROVED) | {"P1": GradeState.PROPOSED}
    assert states(competition) == wanted
    # Nobody is left but them.
    assert "已经按别的依据认定了等级" in desk.post(everybody, data=sent).text
    refused = desk.post(f"{address}/refuse/P1", data={"reason": "已按考核认定"})
    assert refused.status_code == 302
    assert states(competition)["P1"] is GradeState.REFUSED
    assert why_not_approved(competition) == {}
