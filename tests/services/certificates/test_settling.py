"""A new version and what was certified by the old one: nothing new before all is settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from compete.domain.values.states import CertificateState, ConsequenceState, GradeState
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    Consequence,
    Decision,
    GradeDecision,
    db,
)
from compete.services.certificates.award_certificates import (
    awards_due,
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.grades_due import grades_ready
from compete.services.certificates.issuing_bodies import body_for
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.register import read_register
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import agree, asked_mark, settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_decisions import kept_certificates
from compete.services.closing.grade_proposals import decide_grades
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.change_counts import version_changes
from compete.services.results.consequences import (
    compare_again,
    consequences_of,
    doubts_about,
    open_consequences,
)
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_records
from tests.documents.reading import pages
from tests.support.announced import announce, announce_again, approve_all, reopen
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import (
    certify,
    person,
    second_version,
    strike_out,
    with_prizes,
)
from tests.support.signing_in import official, signed_in
from tests.support.undoing import undo_decision

_Q = ConsequenceState


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def waiting(competition: Competition) -> dict[tuple[str, str], Consequence]:
    """Open rows by kind and who."""
    return {
        (row.kind, row.entrant.code): row
        for row in consequences_of(competition)
        if row.state is _Q.OPEN and row.entrant is not None
    }


def valid(competition: Competition) -> dict[tuple[str, str], list[str]]:
    """What is valid: titles by kind and who."""
    titles: dict[tuple[str, str], list[str]] = {}
    for certificate in db.session.query(Certificate).filter_by(state=CertificateState.VALID):
        title = (
            certificate.face["award"] if certificate.kind == "award" else certificate.face["level"]
        )
        titles.setdefault((certificate.kind, certificate.subject), []).append(title)
    return titles


def settle_all(competition: Competition, by: Account) -> None:
    for row in waiting(competition).values():
        settle([row], "withdraw" if row.now is None else "replace", by)


def take_back(competition: Competition, by: Account) -> None:
    """Take every disqualification back, and publish the version that follows."""
    reopen(competition, by)
    for struck in db.session.query(Decision):
        undo_decision(struck, "核实无误", official(competition, "C1"))
    lock_marks(competition, by)
    publish(competition, by)


def grade_states(competition: Competition) -> dict[str, tuple[int, GradeState]]:
    """The grade decided on each person, and its state."""
    rows = db.session.query(GradeDecision).all()
    return {row.person.code: (row.grade, row.state) for row in rows}


def test_the_same_results_again_leave_nothing_to_settle(
    certified: Competition, organiser: Account
) -> None:
    announce_again(certified, organiser)
    assert list(consequences_of(certified)) == []


def test_what_no_longer_follows_is_listed_and_keeps_new_certificates_back(
    certified: Competition, organiser: Account
) -> None:
    publication = second_version(certified, organiser)
    rows = waiting(certified)
    assert {
        key: (row.was.get("award"), row.now and row.now["award"])
        for key, row in rows.items()
        if key[0] == "award"
    } == {
        ("award", "P1"): ("一等奖", None),
        ("award", "P2"): ("二等奖", "一等奖"),
        ("award", "P3"): ("三等奖", "二等奖"),
    }
    assert {
        key: (row.was["grade"], row.now and row.now["grade"])
        for key, row in rows.items()
        if key[0] == "grade"
    } == {("grade", "P1"): (2, None), ("grade", "P2"): (3, 2)}
    assert rows["award", "P1"].why == {"status": "dsq"}
    assert rows["award", "P2"].why["rank"] == [2, 1]
    assert rows["grade", "P2"].why["rank"] == [2, 1]
    changed = version_changes(publication)
    assert changed is not None
    assert (changed.ranks, changed.awards, changed.grades) == (4, 4, 3)
    with pytest.raises(Refused, match="第 2 版公布以后还有 5 件没办"):
        issue_award_certificates(certified, organiser, "急用")
    body = body_for(certified)
    assert body is not None
    with pytest.raises(Refused, match="还有 5 件没办"):
        issue_grade_certificates(certified, body, organiser, "急用")


def test_settled_and_issued_anew_everything_follows_again(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle_all(certified, organiser)
    assert open_consequences(certified) == 0
    made = issue_award_certificates(certified, organiser, "急用")
    assert {
        certificate.subject: certificate.replaces and certificate.replaces.subject
        for certificate in made
    } == {
        "P2": "P2",
        "P3": "P3",
        "P4": None,
    }
    # Another grade is approved like any; until then the old certificate is the valid one.
    assert valid(certified)["grade", "P2"] == ["三级/高级工"]
    decide_grades(certified, ["P2", "P4"], GradeState.APPROVED, organiser)
    body = body_for(certified)
    assert body is not None
    issue_grade_certificates(certified, body, organiser, "急用")
    assert valid(certified) == {
        ("award", "P2"): ["一等奖"],
        ("award", "P3"): ["二等奖"],
        ("award", "P4"): ["三等奖"],
        ("grade", "P2"): ["二级/技师"],
        ("grade", "P3"): ["三级/高级工"],
        ("grade", "P4"): ["三级/高级工"],
    }
    assert unissued_awards(certified) == 0
    states = {
        certificate.state for certificate in db.session.query(Certificate).filter_by(subject="P1")
    }
    assert states == {CertificateState.REVOKED}
    assert list(check_records(certified)) == []


def test_a_paper_says_what_its_check_page_says(certified: Competition, organiser: Account) -> None:
    issued = {
        (certificate.kind, certificate.subject): certificate
        for certificate in db.session.query(Certificate).filter_by(state=CertificateState.VALID)
    }

    def words() -> dict[tuple[str, str], str]:
        papers = {
            who: pages(print_certificates([certificate]))[0] for who, certificate in issued.items()
        }
        marks = ("复核中", "待换发", "已撤销", "已换发")
        return {who: mark for who, text in papers.items() for mark in marks if mark in text}

    assert words() == {}
    second_version(certified, organiser)
    assert words() == dict.fromkeys(waiting(certified), "复核中")
    settle_all(certified, organiser)
    words_of_papers = words()
    assert [words_of_papers["award", "P1"], words_of_papers["award", "P2"]] == ["已撤销", "待换发"]
    assert words_of_papers["grade", "P2"] == "待换发"
    issue_award_certificates(certified, organiser, "急用")
    assert words()["award", "P2"] == "已换发"


def test_only_what_fits_the_results_can_be_chosen(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    rows = waiting(certified)
    with pytest.raises(Refused, match="没有可以换的"):
        settle([rows["award", "P1"]], "replace", organiser)
    with pytest.raises(Refused, match="不能只收不发"):
        settle([rows["grade", "P2"], rows["grade", "P1"]], "withdraw", organiser)
    assert open_consequences(certified) == 5
    settle([rows["award", "P1"]], "withdraw", organiser)
    certificate = rows["award", "P1"].certificate
    assert certificate is not None
    assert certificate.revoke_reason == "成绩更正，第 2 版：取消成绩"


def test_keeping_takes_a_reason_and_a_second_person(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["award", "P2"]
    with pytest.raises(Refused, match="要写理由"):
        settle([row], "keep", organiser)
    settle([row], "keep", organiser, "仲裁维持")
    assert open_consequences(certified) == 5
    with pytest.raises(Refused, match="另一位"):
        agree(row, organiser)
    # To a reason that came after the page was shown nobody has agreed.
    seen = asked_mark(row)
    settle([row], "replace", organiser)
    settle([row], "keep", organiser, "领导同意")
    with pytest.raises(Refused, match="请刷新"):
        agree(row, official(certified, "S1"), seen=seen)
    agree(row, official(certified, "S1"), seen=asked_mark(row))
    assert (row.state, open_consequences(certified)) == (_Q.KEPT, 4)
    settle_all(certified, organiser)
    # Kept, it holds its own place; a third version with the same results asks no second time.
    announce_again(certified, organiser)
    assert row.state is _Q.KEPT
    assert waiting(certified) == {}


def test_in_place_of_a_kept_certificate_no_other_goes_out(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["award", "P2"]
    assert (row.was["award"], row.now and row.now["award"]) == ("二等奖", "一等奖")
    settle([row], "keep", organiser, "本人书面要求")
    agree(row, official(certified, "S1"))
    settle_all(certified, organiser)
    subjects = {paper.subject for paper in issue_award_certificates(certified, organiser, "急用")}
    assert "P2" not in subjects
    assert subjects
    assert unissued_awards(certified) == 0
    valid = [
        paper.face["award"]
        for paper in db.session.query(Certificate).filter_by(kind="award", subject="P2")
        if paper.state is CertificateState.VALID
    ]
    assert valid == ["二等奖"]
    # Given anew under another number it is still what was kept.
    assert row.certificate is not None
    reissue_certificate(row.certificate, "丢了补办", organiser)
    assert unissued_awards(certified) == 0
    assert list(check_records(certified)) == []


def test_what_is_replaced_a_second_time_is_foreseen(
    certified: Competition, organiser: Account
) -> None:
    for name in ("孙一", "孙二"):
        with unit_of_work():
            person(certified, "P3").name = name
        announce_again(certified, organiser)
        assert ("award", "P3") in waiting(certified)
        # Of the same prize: what the version before had replaced is history.
        assert awards_due(certified) == ([name], [])
        settle_all(certified, organiser)
        assert awards_due(certified) == ([name], [])
        issue_award_certificates(certified, organiser, "急用")
        assert awards_due(certified) == ([], [])


def test_a_kept_grade_is_one_while_its_certificate_stands(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["grade", "P2"]
    settle([row], "keep", organiser, "仲裁维持")
    assert kept_certificates(certified) == set()
    agree(row, official(certified, "S1"))
    assert kept_certificates(certified) == {(row.entrant_id, None)}
    assert row.certificate is not None
    revoke_certificate(row.certificate, "材料不实", organiser)
    assert kept_certificates(certified) == set()


def test_what_was_settled_may_be_settled_otherwise_and_both_stay(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    rows = waiting(certified)
    row = rows["award", "P2"]
    settle([row], "replace", organiser, "按新的名次")
    settle([row], "keep", organiser, "仲裁维持")
    assert open_consequences(certified) == 5
    agree(row, official(certified, "S1"))
    settle([row], "replace", organiser)
    assert row.earlier is not None
    assert [
        (decision["state"], decision["by"], decision["reason"]) for decision in row.earlier
    ] == [
        ("replaced", organiser.name, "按新的名次"),
        ("kept", organiser.name, "仲裁维持"),
    ]
    assert row.earlier[1]["agreed"] == official(certified, "S1").name
    settle([rows["award", "P1"]], "withdraw", organiser)
    with pytest.raises(Refused, match="不能再改"):
        settle([rows["award", "P1"]], "keep", organiser, "再看")
    # Another grade has been proposed: that is decided on its own list.
    settle([rows["grade", "P2"]], "replace", organiser)
    with pytest.raises(Refused, match="不能再改"):
        settle([rows["grade", "P2"]], "keep", organiser, "再看")
    settle_all(certified, organiser)
    made = issue_award_certificates(certified, organiser, "急用")
    assert "P2" in {certificate.subject for certificate in made if certificate.replaces}
    with pytest.raises(Refused, match="不能再改"):
        settle([row], "keep", organiser, "再看")
    assert list(check_records(certified)) == []


def test_a_version_that_takes_it_back_leaves_the_certificates_as_they_are(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    replaced = waiting(certified)["grade", "P2"]
    settle([replaced], "replace", organiser)
    take_back(certified, organiser)
    assert open_consequences(certified) == 0
    assert {row.state for row in consequences_of(certified)} == {_Q.OVERTAKEN}
    states = {decision.entrant.code: decision.state for decision in db.session.query(GradeDecision)}
    assert states["P2"] is GradeState.ISSUED
    assert unissued_awards(certified) == 0


def test_nothing_is_to_settle_where_the_right_certificate_is_valid(
    certified: Competition, organiser: Account
) -> None:
    before = valid(certified)
    second_version(certified, organiser)
    settle([waiting(certified)["grade", "P2"]], "replace", organiser)
    decide_grades(certified, ["P2"], GradeState.APPROVED, organiser)
    take_back(certified, organiser)
    assert waiting(certified) == {}
    assert [row.kind for row in consequences_of(certified) if row.state is not _Q.OVERTAKEN] == []
    assert grade_states(certified)["P2"] == (3, GradeState.ISSUED)
    assert (valid(certified), grades_ready(certified)) == (before, 0)


def test_a_grade_whose_certificate_stayed_valid_is_not_approved_a_second_time(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle([waiting(certified)["grade", "P2"]], "replace", organiser)
    # A version that gives nothing takes back what was proposed; nobody settles it.
    strike_out(certified, "P2", organiser)
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P2 取消成绩。")
    assert waiting(certified)["grade", "P2"].now is None
    assert "P2" not in grade_states(certified)
    take_back(certified, organiser)
    assert ("grade", "P2") not in waiting(certified)
    assert grade_states(certified)["P2"] == (3, GradeState.ISSUED)


def test_a_grade_kept_after_another_was_proposed_is_the_one_that_stands(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle([waiting(certified)["grade", "P2"]], "replace", organiser)
    strike_out(certified, "P2", organiser)
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P2 取消成绩。")
    row = waiting(certified)["grade", "P2"]
    settle([row], "keep", organiser, "仲裁维持")
    assert "P2" not in grade_states(certified)
    agree(row, official(certified, "S1"))
    decision = db.session.query(GradeDecision).filter_by(entrant_id=row.entrant_id).one()
    assert (decision.grade, decision.state) == (3, GradeState.ISSUED)
    assert (decision.rule, decision.rank) == ("top-3", 2)
    assert kept_certificates(certified) == {(row.entrant_id, None)}
    settle_all(certified, organiser)
    assert row.certificate is not None
    (new,) = reissue_certificate(row.certificate, "丢了补办", organiser)
    assert new.face["level"] == "三级/高级工"
    assert list(check_records(certified)) == []


def test_what_was_approved_instead_of_a_kept_grade_goes_on_record(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle([waiting(certified)["grade", "P2"]], "replace", organiser)
    decide_grades(certified, ["P2"], GradeState.APPROVED, organiser)
    with unit_of_work():
        person(certified, "P2").name = "钱文文"
    announce_again(certified, organiser)
    row = waiting(certified)["grade", "P2"]
    settle([row], "keep", organiser, "仲裁维持")
    agree(row, official(certified, "S1"))
    assert grade_states(certified)["P2"] == (3, GradeState.ISSUED)
    entry = db.session.query(AuditEntry).filter_by(action="grade.lapse", subject="P2").all()[-1]
    assert entry.before == {"grade": 2, "state": "approved"}


@pytest.mark.parametrize("earlier", ["open", "replaced"])
def test_a_request_to_keep_outlives_a_version_with_the_same_outcome(
    certified: Competition, organiser: Account, earlier: str
) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["award", "P2"]
    if earlier == "replaced":
        settle([row], "replace", organiser)
        announce_again(certified, organiser)
    settle([row], "keep", organiser, "仲裁维持")
    announce_again(certified, organiser) if earlier == "open" else compare_again(
        certified, organiser
    )
    assert (row.state, row.reason) == (_Q.KEEPING, "仲裁维持")
    assert ("award", "P2") not in waiting(certified)
    published = db.session.query(AuditEntry).filter_by(action="results.publish").all()[-1]
    if earlier == "open":
        assert published.after["waiting"] == open_consequences(certified) == 5
    agree(row, official(certified, "S1"))
    assert row.state is _Q.KEPT


def test_a_request_to_keep_that_a_version_ends_is_on_record(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["award", "P2"]
    settle([row], "keep", organiser, "仲裁维持")
    strike_out(certified, "P2", organiser)
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P2 取消成绩。")
    assert row.state is _Q.OVERTAKEN
    anew = waiting(certified)["award", "P2"]
    assert [(decision["state"], decision["reason"]) for decision in anew.earlier or []] == [
        ("keeping", "仲裁维持")
    ]
    entry = db.session.query(AuditEntry).filter_by(action="consequence.lapse").one()
    assert (entry.subject, entry.reason) == (row.certificate and row.certificate.number, "仲裁维持")
    page = signed_in(here, organiser).get("/desk/X/consequences").text
    assert "先定的是保留，没等到同意" in page
    # Nothing is left to keep: told on record alone.
    settle([anew], "keep", organiser, "再看")
    take_back(certified, organiser)
    assert ("award", "P2") not in waiting(certified)
    assert db.session.query(AuditEntry).filter_by(action="consequence.lapse").count() == 2


def test_an_approved_grade_that_is_gone_is_acknowledged(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    approve_all(competition, organiser)
    second_version(competition, organiser)
    rows = waiting(competition)
    assert {key: row.now and row.now["grade"] for key, row in rows.items()} == {
        ("approval", "P1"): None,
        ("approval", "P2"): 2,
    }
    with pytest.raises(Refused, match="按新的一版办"):
        settle([rows["approval", "P1"]], "keep", organiser, "再看")
    settle_all(competition, organiser)
    assert open_consequences(competition) == 0


def test_revoking_by_hand_settles_it_too(certified: Competition, organiser: Account) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["award", "P1"]
    assert row.certificate is not None
    revoke_certificate(row.certificate, "冒名", organiser)
    assert (row.state, row.settler) == (_Q.WITHDRAWN, organiser)


@pytest.mark.each_database
def test_one_place_of_a_prize_has_one_valid_certificate_whoever_writes(
    certified: Competition, organiser: Account
) -> None:
    first = db.session.query(Certificate).filter_by(kind="award", subject="P1").one()
    other = db.session.query(Certificate).filter_by(kind="award", subject="P2").one()
    grade = db.session.query(Certificate).filter_by(kind="grade", subject="P1").one()

    def slip_in(**keys: object) -> None:
        with unit_of_work() as session:
            for key, value in keys.items():
                setattr(other, key, value)
            session.flush()

    with pytest.raises(IntegrityError):
        slip_in(prize=first.prize, place=1)
    with pytest.raises(IntegrityError):
        slip_in(prize=first.prize, place=2, entrant_id=first.entrant_id)
    with pytest.raises(IntegrityError):
        slip_in(prize=grade.prize)
    revoke_certificate(first, "冒名", organiser)
    slip_in(prize=first.prize, place=1)


def test_a_version_from_before_there_were_consequences_is_compared_by_hand(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    with unit_of_work() as session:
        for row in consequences_of(certified):
            session.delete(row)
    assert open_consequences(certified) == 0
    assert compare_again(certified, organiser) == 5
    settle([waiting(certified)["award", "P1"]], "withdraw", organiser)
    assert compare_again(certified, organiser) == 4
    assert len(consequences_of(certified)) == 5


@pytest.mark.each_database
@pytest.mark.parametrize("asked", [False, True])
def test_comparing_again_takes_up_what_moved_since(
    certified: Competition, organiser: Account, *, asked: bool
) -> None:
    second_version(certified, organiser)
    row = waiting(certified)["award", "P2"]
    if asked:
        settle([row], "keep", organiser, "仲裁维持")
    with unit_of_work():
        person(certified, "P2").name = "钱文文"
    assert compare_again(certified, organiser) == 5
    anew = waiting(certified)["award", "P2"]
    assert anew.now is not None
    assert anew.now["name"] == "钱文文"
    assert [decision["reason"] for decision in anew.earlier or []] == ["仲裁维持"] * asked
    lapsed = db.session.query(AuditEntry).filter_by(action="consequence.lapse").count()
    assert lapsed == int(asked)
    settle([anew], "replace", organiser)


@pytest.mark.parametrize("state", [_Q.OPEN, _Q.REPLACED, _Q.KEPT])
def test_the_register_doubts_what_the_certificate_itself_doubts(
    certified: Competition, organiser: Account, state: ConsequenceState
) -> None:
    """What was settled last is what counts, wherever it is asked."""
    first = latest_publication(certified)
    assert first is not None
    second_version(certified, organiser)
    row = next(row for row in consequences_of(certified) if row.certificate is not None)
    assert row.certificate is not None
    with unit_of_work():
        row.state = _Q.REPLACED
        columns = {
            column.key: getattr(row, column.key)
            for column in Consequence.__table__.columns
            if column.key != "id"
        }
        row.publication_id = first.id
        db.session.flush()
        db.session.add(Consequence(**columns | {"state": state}))
    page = read_register(certified)
    doubts = doubts_about(page.rows)
    expected = {_Q.OPEN: "review", _Q.REPLACED: "replacing"}.get(state)
    assert doubts.get(row.certificate.id) == expected
    for doubt, numbers in (("review", page.in_review), ("replacing", page.to_replace)):
        assert numbers == {number for number, what in doubts.items() if what == doubt}
