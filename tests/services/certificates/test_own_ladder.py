"""An employer's own names of grades, from the standings to the certificate; scores stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from compete.domain.scoring.scorer import score
from compete.models import Account, AuditEntry, Certificate, Competition, db
from compete.services.certificates.promotions import write_promotions
from compete.services.jobs.papers.kinds import Asked
from compete.services.scoring.bundle_out import export_bundle
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import PRIZES
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, read, small

JOB = {"occupation": {"code": "6-28-03-03", "name": "泵站运行工"}}
RUNGS = [
    {"key": f"L{grade}", "name": f"{name}运行员", "grade": grade}
    for grade, name in ((5, "一级"), (4, "二级"), (3, "三级"), (2, "四级"), (1, "五级"))
]
OWN: dict[str, Any] = {"extra": {"ladder": {"name": "运行员", "rungs": RUNGS}}}
NATIONAL = ("高级工", "二级/技师", "一级/高级技师")


def test_its_words_stand_wherever_a_grade_is_shown(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=PRIZES | JOB)
    named = small(all_marks(), event=PRIZES | JOB | OWN)
    assert score(read(plain)) == score(read(named))
    competition = load(named)
    announce(competition, organiser)
    approve_all(competition, organiser)
    decided = db.session.query(AuditEntry).filter_by(action="grade.decide").all()
    called = [row.after["called"] for row in decided if row.after is not None]
    assert called
    assert all(name.endswith("级运行员") for name in called)
    sentences = [str(step.text) for _, step in every_step(explain(read(named), "P1").steps)]
    assert any("级运行员" in text for text in sentences)
    assert not any(text for text in sentences if "高级工" in text or "技师" in text)
    exported = export_bundle(competition)
    assert exported.events[0].extra is not None
    assert exported.events[0].extra["ladder"] == OWN["extra"]["ladder"]
    body = body_for(competition)
    assert write_promotions(Asked(competition, organiser, str, {}))
    issued = issue_grade_certificates(competition, body, organiser, "急用")
    assert issued
    faces = [
        certificate.face for certificate in db.session.query(Certificate).filter_by(kind="grade")
    ]
    assert all(face["level"].endswith("级运行员") for face in faces)
    desk = signed_in(app, organiser)
    code = competition.code
    who = db.session.query(Certificate).filter_by(kind="grade").first()
    assert who is not None
    assert who.entrant is not None
    for page in (
        f"/desk/{code}/standings",
        f"/desk/{code}/awards",
        f"/desk/{code}/conditions",
        f"/desk/{code}/claims",
        f"/desk/{code}/entrants/{who.entrant.code}/",
        f"/p/{code}",
        f"/c/{who.entrant.badge_token}",
    ):
        page_text = desk.get(page, follow_redirects=True).text
        assert "级运行员" in page_text, page
        left = [
            page_text[max(0, page_text.find(w) - 60) : page_text.find(w) + 20]
            for w in NATIONAL
            if w in page_text
        ]
        assert left == [], page
