"""One certificate issued anew, a name corrected, and the register that tells of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from compete.domain.values.states import CertificateState
from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.award_certificates import (
    set_award_date,
    unissued_awards,
)
from compete.services.certificates.outdated_names import touched_by
from compete.services.certificates.register import read_register, register_counts
from compete.services.certificates.reissuing import numbers_to_come, reissue_certificate
from compete.services.certificates.revocation_requests import open_revocations
from compete.services.certificates.revoking import (
    agree_revocation,
    ask_again,
    ask_revocation,
    drop_revocation,
)
from compete.services.certificates.rows import award_day, revoke_certificate
from compete.services.certificates.settling import settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.clock import local_today
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.registration.person_record import records_about
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish_names
from compete.services.results.record_checks import check_records
from compete.services.results.snapshots import published_names
from tests.support.announced import reopen
from tests.support.people import correct_identity
from tests.support.second_day import PRIZES, certify, person, second_version, with_prizes
from tests.support.signing_in import official, signed_in
from tests.support.small import IDS, all_marks, small


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def certificate(kind: str, subject: str) -> Certificate:
    """The newest of a kind that somebody has."""
    query = db.session.query(Certificate).filter_by(kind=kind, subject=subject)
    return query.order_by(Certificate.id.desc()).first()  # type: ignore[return-value]


def rename(competition: Competition, code: str, name: str, by: Account) -> None:
    correct_identity(
        person(competition, code), name=name, id_number="", reason="身份证上是这个字", by=by
    )


@pytest.mark.each_database
@pytest.mark.parametrize("kind", ["grade", "award"])
def test_a_new_one_takes_the_stead_of_the_old_under_the_number_that_was_shown(
    certified: Competition, organiser: Account, kind: str
) -> None:
    rename(certified, "P1", " 赵启朙 ", organiser)
    old = certificate(kind, "P1")
    with pytest.raises(Refused, match="要写原因"):
        reissue_certificate(old, " ", organiser)
    shown = numbers_to_come(old)[0].replace(" ", "")
    (new,) = reissue_certificate(old, "姓名写错", organiser)
    assert (new.number, new.face["name"], new.replaces) == (shown, "赵启朙", old)
    assert (old.state, old.replaced_by) == (CertificateState.REPLACED, [new])
    assert (new.prize, new.place, new.replaced_why) == (old.prize, old.place, "姓名写错")
    with pytest.raises(Refused, match="已经换成"):
        reissue_certificate(old, "再来", organiser)
    with pytest.raises(Refused, match="已经换发"):
        revoke_certificate(old, "再来", organiser)
    assert unissued_awards(certified) == 0
    assert list(check_records(certified)) == []


@pytest.mark.parametrize("kind", ["grade", "award"])
def test_what_two_took_away_two_give_again(
    certified: Competition, organiser: Account, kind: str
) -> None:
    second = official(certified, "S1")
    old = certificate(kind, "P2")
    with pytest.raises(Refused, match="没有撤销"):
        ask_again(old, "姓名写错", organiser)
    ask_revocation(old, "姓名有误", organiser)
    agree_revocation(old, second)
    # Alone, who issues cannot: not at once, and not as the second word to the own first.
    with pytest.raises(Refused, match="一个人不能重新发"):
        reissue_certificate(old, "姓名写错", organiser)
    asked = ask_again(old, "姓名写错", organiser)
    assert open_revocations(certified) == [asked]
    with pytest.raises(Refused, match="等第二个人同意"):
        ask_again(old, "再来", organiser)
    with pytest.raises(Refused, match="你是提出的人"):
        agree_revocation(old, organiser)
    with pytest.raises(Refused, match="请刷新"):
        agree_revocation(old, second, seen="0")
    assert certificate(kind, "P2") is old
    (new,) = agree_revocation(old, second, seen=str(asked.id))
    assert (old.state, new.state) == (CertificateState.REVOKED, CertificateState.VALID)
    assert (new.replaces, new.replaced_why) == (old, "姓名写错")
    assert list(check_records(certified)) == []


def test_giving_again_can_be_dropped_and_ends_where_the_results_give_none(
    certified: Competition, organiser: Account
) -> None:
    second, old = official(certified, "S1"), certificate("award", "P1")
    revoke_certificate(old, "姓名有误", organiser)
    ask_again(old, "姓名写错", organiser)
    drop_revocation(old, second)
    assert open_revocations(certified) == []
    ask_again(old, "姓名写错", organiser)
    second_version(certified, organiser)
    for row in consequences_of(certified):
        settle([row], "replace" if row.now is not None else "withdraw", organiser)
    with pytest.raises(Refused, match="按第 2 版没有这一项"):
        agree_revocation(old, second)
    assert old.replaced_by == []


def test_what_the_results_do_not_give_is_not_issued_anew(
    certified: Competition, organiser: Account
) -> None:
    old = certificate("award", "P1")
    second_version(certified, organiser)
    with pytest.raises(Refused, match="还有 5 件没办"):
        reissue_certificate(old, "丢了补办", organiser)
    rows = list(consequences_of(certified))
    for row in rows:
        if row.now is not None:
            settle([row], "replace", organiser)
        elif row.certificate is not None:
            revoke_certificate(row.certificate, "更正", organiser)
    for row in rows:
        if row.now is not None and row.certificate is not None:
            with pytest.raises(Refused, match="已经定了换发"):
                reissue_certificate(row.certificate, "丢了补办", organiser)
    for kind in ("award", "grade"):
        with pytest.raises(Refused, match="按第 2 版没有这一项"):
            ask_again(certificate(kind, "P1"), "丢了补办", organiser)


def test_a_correction_lists_what_it_touches_until_all_of_it_follows(
    certified: Competition, organiser: Account
) -> None:
    who = person(certified, "P3")
    assert touched_by(who).certificates == []
    rename(certified, "P3", "孙龑", organiser)
    touched = touched_by(who)
    assert [certificate.kind for certificate in touched.certificates] == ["grade", "award"]
    assert touched.published_name == "孙䶮"
    for certificate in touched.certificates:
        reissue_certificate(certificate, "姓名写错", organiser)
    before = latest_publication(certified)
    assert before is not None
    version = publish_names(certified, organiser, "选手 P3 姓名更正")
    assert (version.version, version.notice_until) == (2, before.notice_until)
    assert published_names(before)["P3"] == "孙䶮"
    assert published_names(version)["P3"] == "孙龑"
    assert touched_by(who).publication is None
    # Issued anew before the version came out: nothing is left to settle.
    assert list(consequences_of(certified)) == []
    with pytest.raises(Refused, match="第 2 版已经公布了"):
        publish_names(certified, organiser, "再来一次")
    assert list(check_records(certified)) == []


def test_a_version_of_names_alone_leaves_old_names_to_be_settled(
    certified: Competition, organiser: Account
) -> None:
    rename(certified, "P3", "孙龑", organiser)
    publish_names(certified, organiser, "选手 P3 姓名更正")
    assert {(row.kind, tuple(row.why["name"])) for row in consequences_of(certified)} == {
        ("grade", ("孙䶮", "孙龑")),
        ("award", ("孙䶮", "孙龑")),
    }


def test_names_alone_are_not_published_while_marks_are_open_or_locked_anew(
    certified: Competition, organiser: Account
) -> None:
    rename(certified, "P3", "孙龑", organiser)
    with pytest.raises(Refused, match="写明更正了什么"):
        publish_names(certified, organiser, " ")
    reopen(certified, organiser)
    for _ in range(2):
        with pytest.raises(Refused, match="锁定以后一起公布"):
            publish_names(certified, organiser, "姓名更正")
        lock_marks(certified, organiser) if _ == 0 else None


def test_a_correction_that_cannot_be_right_is_refused(
    certified: Competition, organiser: Account
) -> None:
    who = person(certified, "P1")

    def correct(**keys: str) -> None:
        given = {"name": who.name, "id_number": "", "reason": "核对"} | keys
        correct_identity(who, **given, by=organiser)  # type: ignore[arg-type]

    for keys, why in (
        ({"name": "新名", "reason": " "}, "要写原因"),
        ({"name": "　"}, "请写姓名"),
        ({}, "没有要更正的"),
        ({"id_number": IDS["P1"][:-1] + "0"}, "最后一位"),
        ({"id_number": IDS["P2"]}, "这个号码是 P2"),
    ):
        with pytest.raises(Refused, match=why):
            correct(**keys)
    assert who.name == "赵启明"


@pytest.mark.each_database
def test_the_register_is_found_by_state_number_name_and_the_end_of_the_id_number(
    certified: Competition, organiser: Account
) -> None:
    revoke_certificate(certificate("award", "P1"), "冒名", organiser)
    reissue_certificate(certificate("award", "P2"), "丢了补办", organiser)
    counts = {"all": 7, "valid": 5, "review": 0, "replacing": 0, "replaced": 1, "revoked": 1}
    assert register_counts(certified) == counts
    named = {"all": 2, "valid": 1, "review": 0, "replacing": 0, "replaced": 0, "revoked": 1}
    assert register_counts(certified, q="赵启") == named
    assert register_counts(certified, q=IDS["P3"][-4:])["all"] == 1
    grade = certificate("grade", "P2")
    assert [row.id for row in read_register(certified, q=f" {grade.number.lower()} ").rows] == [
        grade.id
    ]
    assert register_counts(certified, q="%")["all"] == 0
    everything = read_register(certified)
    assert (everything.first, everything.last, everything.total) == (1, 7, 7)
    later = read_register(certified, after=everything.rows[2].id)
    assert (later.first, later.before) == (4, everything.rows[3].id)
    earlier = read_register(certified, before=later.before)
    assert [row.id for row in earlier.rows] == [row.id for row in everything.rows[:3]]


def test_the_year_of_an_awards_number_is_that_of_the_date_printed_below(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=PRIZES)
    plain["competition"] |= {"year": 2019, "starts": "2019-09-15", "ends": "2019-09-17"}
    competition = load(plain)
    with pytest.raises(Refused, match="还没到"):
        set_award_date(competition, local_today() + timedelta(1), organiser)
    with pytest.raises(Refused, match="不能早于竞赛结束的那天"):
        set_award_date(competition, date(2019, 9, 16), organiser)
    certify(competition, organiser)
    old = certificate("award", "P1")
    assert old.issued_on == local_today()
    assert old.number.startswith(f"〔{local_today().year}〕")
    set_award_date(competition, date(2019, 10, 12), organiser)
    assert numbers_to_come(old) == ["〔2019〕第001号"]
    (new,) = reissue_certificate(old, "写错", organiser)
    assert (new.number, new.issued_on) == ("〔2019〕第001号", date(2019, 10, 12))
    set_award_date(competition, None, organiser)
    assert award_day(competition) == local_today()


def test_a_persons_page_tells_what_became_of_each_certificate(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    old = certificate("award", "P1")
    reissue_certificate(old, "纸质证书遗失", organiser)
    ask_revocation(certificate("award", "P2"), "姓名有误", organiser)
    entries = [
        [row.action for row in records_about(person(certified, code)) if "certif" in row.action]
        for code in ("P1", "P2", "P4")
    ]
    assert entries == [
        ["certificate.reissue", "certificate.issue_awards", "certificate.issue"],
        ["certificate.ask_revoke", "certificate.issue_awards", "certificate.issue"],
        [],
    ]
    page = signed_in(here, organiser).get("/desk/X/entrants/P1/").text
    assert f"换发证书 {old.number}，新号 {certificate('award', 'P1').number}" in page
    assert "发获奖证书" in page
