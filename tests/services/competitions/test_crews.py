"""A crew in the database: loaded and written out unchanged, graded and certified by member."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import current_app

from compete.domain import score
from compete.domain.grades.ladder import grade_label
from compete.domain.values.states import GradeState
from compete.models import Account, Competition, Entrant, GradeDecision, Member, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.closing.grade_proposals import decide_grades
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.people_seals import check_people
from compete.services.results.contestants import verdict_for
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.bundle_out import export_bundle
from tests.support.announced import announce, approve_all, body_for, give_as_own
from tests.support.issuing import issue_grade_certificates
from tests.support.varied import varied, varied_bundle, varied_marks


@pytest.fixture
def raced(load: Callable[..., Competition]) -> Competition:
    """The varied competition with every mark."""
    return load(varied(varied_marks()))


@pytest.mark.each_database
def test_a_crew_is_written_out_as_it_was_loaded(raced: Competition) -> None:
    assert export_bundle(raced) == varied_bundle()


def test_what_is_published_has_no_private_data_of_members(raced: Competition) -> None:
    public = export_bundle(raced, private=False)
    crew = public.entrants[0]
    assert [member.name for member in crew.members] == ["赵*明", "钱*"]
    assert {(member.id_number, member.phone) for member in crew.members} == {(None, None)}
    assert score(public).events[0].grades == score(varied_bundle()).events[0].grades


def test_one_person_is_not_in_a_crew_and_alone(load: Callable[..., Competition]) -> None:
    plain = varied()
    plain["entrants"][1]["id_number"] = plain["entrants"][0]["members"][1]["id_number"]
    with pytest.raises(Refused, match=r"C1b.*P1"):
        load(plain)


def test_a_changed_member_is_noticed(raced: Competition) -> None:
    assert list(check_people(raced)) == []
    with unit_of_work():
        member = db.session.query(Member).filter_by(code="C1b").one()
        member.grade = 1
    assert ["组合的成员" in str(notice) for notice in check_people(raced)] == [True]


@pytest.mark.each_database
def test_grades_and_honours_go_to_each_member(raced: Competition, organiser: Account) -> None:
    announce(raced, organiser)
    decisions = {decision.person.code: decision for decision in db.session.query(GradeDecision)}
    assert sorted(decisions) == ["C1a", "C1b", "P1", "P2", "P3"]
    assert decisions["C1b"].rule == "A-help"
    approve_all(raced, organiser)
    decide_grades(raced, ["C1b"], GradeState.DEFERRED, organiser, "补材料")
    body = body_for(raced)
    issued = issue_grade_certificates(raced, body, organiser, "急用")
    assert {certificate.subject for certificate in issued} == {"C1a", "P1", "P2", "P3"}
    decide_grades(raced, ["C1b"], GradeState.APPROVED, organiser)
    [late] = issue_grade_certificates(raced, body, organiser, "急用")
    assert (late.face["name"], late.subject, late.member.code) == ("钱文", "C1b", "C1b")
    with current_app.test_request_context():
        assert print_certificates([late]).startswith(b"%PDF")
    revoke_certificate(late, "证件有误", organiser)
    states = {decision.person.code: decision.state for decision in db.session.query(GradeDecision)}
    assert (states["C1a"], states["C1b"]) == (GradeState.ISSUED, GradeState.REVOKED)


def test_a_crews_page_tells_of_each_member_by_name(raced: Competition, organiser: Account) -> None:
    announce(raced, organiser)
    approve_all(raced, organiser)
    decide_grades(raced, ["C1b"], GradeState.DEFERRED, organiser, "补材料")
    issue_grade_certificates(raced, body_for(raced), organiser, "急用")
    crew = db.session.query(Entrant).filter_by(code="C1").one()
    verdict = verdict_for(crew)
    assert verdict is not None
    assert [(grade.member, grade.name) for grade in verdict.grades] == [
        ("C1a", "赵启明"),
        ("C1b", "钱文"),
    ]
    page = current_app.test_client().get(f"/c/{crew.badge_token}").text
    for member, grade in zip(crew.members, verdict.grades, strict=True):
        assert grade.before == member.grade
        section = page.split(f'<span class="under">{member.name}</span>')[1].split("</section>")[0]
        became = "缓办" if member.code == "C1b" else "已晋升"
        assert f"<span>{became} {grade_label(grade.grade)}</span>" in section
        had = f"是{grade_label(member.grade)}" if member.grade else "没有等级"
        assert f"参赛时{had}。" in section
    assert "赵启明 " in page.split("技能等级证书")[1].split("</section>")[0]


def test_awards_and_titles_go_to_each_member(raced: Competition, organiser: Account) -> None:
    announce(raced, organiser)
    give_as_own(raced, "技术能手", organiser)
    issued = issue_award_certificates(raced, organiser, "急用")
    faces = [
        (certificate.face["award"], certificate.face["name"], certificate.face.get("crew"))
        for certificate in issued
    ]
    assert faces[:3] == [
        ("一等奖", "赵启明", "甲一组"),
        ("一等奖", "钱文", "甲一组"),
        ("技术能手", "赵启明", "甲一组"),
    ]
    assert ("技术能手", "钱文", "甲一组") not in faces
    publication = latest_publication(raced)
    assert publication is not None
    assert read_snapshot(publication)[0].entrants[0].members
    with current_app.test_request_context():
        assert print_certificates(issued).startswith(b"%PDF")
    crew = db.session.query(Entrant).filter_by(code="C1").one()
    assert [member.code for member in crew.members] == ["C1a", "C1b"]
