"""Personal data erased after their purpose: what goes, what stays, and that all still holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from compete.commands.verify import all_faults
from compete.domain.values.days import months_later
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Certificate,
    ClaimDocument,
    Competition,
    Entrant,
    Erasure,
    Job,
    Person,
    Portrait,
    ResultStand,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.appeals.filing import add_evidence, withdraw_appeal
from compete.services.certificates.claim_proposals import propose_claims
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.competitions import erasure_requests
from compete.services.competitions.erasure_requests import (
    agree_erasure,
    ask_erasure,
    erase_part,
    last_erasure,
    open_erasure,
    refuse_erasure,
    why_not_everybody,
)
from compete.services.competitions.retention import kept_by, kept_of, set_keep_months
from compete.services.directory.person_records import connect_people
from compete.services.jobs import queue
from compete.services.jobs.running import Run, do_next
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.corrections import correct_person
from compete.services.registration.person_record import records_about
from compete.services.registration.portraits import keep_picture
from compete.services.results.contestants import find_by_badge, verdict_for
from compete.services.results.snapshots import published_names, read_snapshot, snapshot_files
from compete.services.scoring.live import live_results
from tests.services.certificates.test_claims import claim
from tests.support.announced import body_for
from tests.support.appealing import appealed
from tests.support.films import film
from tests.support.pictures import photo
from tests.support.second_day import PRIZES, certify, person, with_prizes
from tests.support.small import all_marks, small


@pytest.fixture
def second(here: Flask) -> Account:
    return create_account("李监督")


@pytest.fixture
def over(
    here: Flask, load: Callable[..., Competition], organiser: Account, second: Account
) -> Competition:
    """Certified and final two years and more ago."""
    competition = with_prizes(load)
    certify(competition, organiser)
    grant_role(second, competition, Role.SUPERVISOR, by=organiser)
    end(competition, 800)
    return competition


def end(competition: Competition, days: int) -> None:
    with unit_of_work():
        competition.state = CompetitionState.FINAL
        day = utc_now() - timedelta(days=days)
        competition.starts = competition.ends = day.date()
        for stand in db.session.scalars(
            select(ResultStand).where(ResultStand.competition_id == competition.id)
        ):
            stand.changed_at = day
        # As every act does, so that what the process remembers is worked out anew.
        audit.record(competition, None, "competition.change", competition.code)


def erase(competition: Competition, organiser: Account, second: Account) -> int:
    gone = agree_erasure(ask_erasure(competition, None, "保存期到了", organiser), second)
    assert isinstance(gone, int)
    return gone


@pytest.mark.each_database
def test_what_was_personal_goes_and_results_certificates_and_verify_hold(
    over: Competition, organiser: Account, second: Account
) -> None:
    entrant = person(over, "P1")
    name, number, badge = entrant.name, entrant.id_number, entrant.badge_token
    with unit_of_work():
        keep_picture(over, entrant, b"a picture", "desk", organiser)
        audit.record(over, organiser, "portrait.put", entrant.code)
    publication = latest_publication(over)
    assert publication is not None
    files, results = snapshot_files(publication), live_results(over).results
    faces = {row.number: row.face for row in db.session.scalars(select(Certificate))}
    people = kept_of(over).people
    assert people
    assert name in published_names(publication).values()
    assert erase(over, organiser, second) == people
    db.session.expire_all()

    entrant = person(over, "P1")
    assert entrant.name == "选手P1"
    gone = (entrant.id_number, entrant.id_hash, entrant.phone, entrant.gender, entrant.birth)
    assert set(gone) == {None}
    assert (entrant.id_tail, entrant.certificate, entrant.person_id) == (None, None, None)
    assert name not in (entrant.name_key + (entrant.spoken or ""))
    assert db.session.scalar(select(Portrait.id)) is None
    assert db.session.scalars(select(Person.name).where(Person.id_number.is_not(None))).all() == []
    assert find_by_badge(badge) is None
    assert kept_of(over).people == 0

    publication = latest_publication(over)
    assert publication is not None
    assert snapshot_files(publication) == files
    assert live_results(over).results == results
    shown, _results = read_snapshot(publication)
    assert {row.name for row in shown.entrants} == {f"选手{row.code}" for row in shown.entrants}
    assert not {name} & set(published_names(publication).values())
    verdict = verdict_for(entrant)
    assert verdict is not None
    assert verdict.name == "选手P1"

    # The register keeps what stands on certificates, and asks nothing because of the pseudonym.
    kept = {row.number: row.face for row in db.session.scalars(select(Certificate))}
    assert kept == faces
    grade_paper = db.session.scalars(
        select(Certificate).where(Certificate.subject == "P1", Certificate.kind == "grade")
    ).first()
    assert grade_paper is not None
    assert grade_paper.id_number == number
    counts = count_certificates(over)
    assert (counts.corrections, counts.to_settle, counts.due) == ((), 0, 0)
    with pytest.raises(Refused, match="已经删除"):
        reissue_certificate(grade_paper, "换纸", organiser)
    assert all_faults() == []


def test_many_people_go_part_by_part_and_what_was_stopped_is_gone_on_with(
    over: Competition, organiser: Account, second: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    monkeypatch.setattr(erasure_requests, "PART", 1)
    monkeypatch.setattr(Run, "portion", 1)
    parts = []

    def stopped(asked: Erasure, by: Account, most: int) -> bool:
        parts.append(asked.people)
        assert len(parts) < 2, "stopped"
        return erase_part(asked, by, most)

    people = kept_of(over).people
    asked = ask_erasure(over, None, "保存期到了", organiser)
    with monkeypatch.context() as broken:
        broken.setattr(erasure_requests, "erase_part", stopped)
        assert isinstance(agree_erasure(asked, second), Job)
        assert do_next(over.id)
    assert (asked.people, kept_of(over).people, asked.ended_at) == (1, people - 1, None)
    assert all_faults() == []
    with pytest.raises(Refused, match="只能删完"):
        refuse_erasure(asked, "不删", second)

    assert isinstance(agree_erasure(asked, second), Job)
    assert do_next(over.id)
    db.session.expire_all()
    assert (asked.people, kept_of(over).people, asked.agreed) == (people, 0, True)
    assert all_faults() == []
    own = [row for row in records_about(person(over, "P1")) if row.action == "entrant.erase"]
    assert len(own) == 1


def test_nobody_is_connected_or_written_down_again(
    over: Competition, organiser: Account, second: Account
) -> None:
    erase(over, organiser, second)
    before = db.session.query(Person).count()
    with unit_of_work():
        connect_people(over, organiser)
    assert db.session.query(Person).count() == before
    with pytest.raises(Refused, match="已经删除"):
        correct_person(person(over, "P1"), {"name": "赵启明"}, "又写上", organiser)


def test_the_time_is_the_competitions_or_the_installations_and_two_decide(
    over: Competition, organiser: Account, second: Account
) -> None:
    (kept,) = kept_by(organiser)
    assert (kept.months, kept.is_past) == (24, True)
    set_keep_months(over, 60, organiser)
    assert not kept_of(over).is_past
    assert "还没到期" in str(why_not_everybody(over))
    with pytest.raises(Refused, match="还没到期"):
        ask_erasure(over, None, "保存期到了", organiser)
    set_keep_months(over, None, organiser)
    with pytest.raises(Refused, match="原因"):
        ask_erasure(over, None, " ", organiser)
    asked = ask_erasure(over, None, "保存期到了", organiser)
    with pytest.raises(Refused, match="已经有人提出"):
        ask_erasure(over, None, "再提一次", organiser)
    with pytest.raises(Refused, match="两个人"):
        agree_erasure(asked, organiser)
    with pytest.raises(Refused, match="才能同意"):
        agree_erasure(asked, create_account("过路人"))
    with pytest.raises(Refused, match="理由"):
        refuse_erasure(asked, "", second)
    refuse_erasure(asked, "还有人要开证明", second)
    assert open_erasure(over) is None
    assert kept_of(over).people
    assert all_faults() == []


def test_until_the_month_is_over_it_is_not_past() -> None:

    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_later(date(2026, 12, 5), 1) == date(2027, 1, 5)


def test_one_persons_wish_is_met_or_answered(
    judged: Competition, organiser: Account, second: Account
) -> None:
    grant_role(second, judged, Role.SUPERVISOR, by=organiser)
    entrant = db.session.scalars(select(Entrant).order_by(Entrant.id)).first()
    assert entrant is not None
    answered = ask_erasure(judged, entrant, "本人打电话", organiser)
    assert answered.agreed is False
    assert "还没有结束" in (answered.answer or "")
    assert entrant.erased_at is None
    end(judged, 1)
    others = kept_of(judged).people - 1
    asked = ask_erasure(judged, entrant, "本人书面提出", organiser)
    assert agree_erasure(asked, second) == 1
    assert (entrant.name, kept_of(judged).people) == (f"选手{entrant.code}", others)
    last = last_erasure(judged, entrant)
    assert last is not None
    assert last.people == 1
    with pytest.raises(Refused, match="已经删除"):
        ask_erasure(judged, entrant, "再来一次", organiser)
    assert all_faults() == []


def test_evidence_for_a_grade_goes_with_the_last_for_whom_it_speaks(
    load: Callable[..., Competition], organiser: Account, second: Account
) -> None:
    judged = load(small(all_marks(), event=PRIZES))
    grant_role(second, judged, Role.SUPERVISOR, by=organiser)
    body_for(judged)
    claims = propose_claims(judged, claim("P3", "P4"), organiser)
    end(judged, 1)

    def erase_person(code: str) -> None:
        agree_erasure(ask_erasure(judged, person(judged, code), "本人书面提出", organiser), second)

    erase_person("P3")
    assert (claims[0].facts, claims[0].document) == ("", None)
    assert claims[0].clause == claims[1].clause != ""
    assert claims[1].document is not None
    erase_person("P4")
    assert claims[1].facts == ""
    assert db.session.query(ClaimDocument).all() == []
    assert list(check_rows(judged)) == []
    assert list(verify_chain(judged)) == []


def test_evidence_of_an_appeal_goes_and_what_was_decided_stays(
    load: Callable[..., Competition], organiser: Account, second: Account
) -> None:
    judged = load(small(all_marks(), event=PRIZES))
    grant_role(second, judged, Role.SUPERVISOR, by=organiser)
    mine = appealed("P3", photos=[film()])
    add_evidence(mine, "旁边的赵启明看见了", [photo()], None)
    others = appealed("P4", photos=[photo()])
    for appeal in (mine, others):
        withdraw_appeal(appeal, None)
    end(judged, 1)
    agree_erasure(ask_erasure(judged, person(judged, "P3"), "本人书面提出", organiser), second)
    db.session.expire_all()
    assert [(row.words, row.photo, row.sha256) for row in mine.evidence] == [("", None, None)] * 3
    assert mine.matter
    assert others.evidence[0].photo is not None
    assert list(check_rows(judged)) == []
    assert list(verify_chain(judged)) == []
