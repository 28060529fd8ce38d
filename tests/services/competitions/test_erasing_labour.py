"""A labour competition past its purpose: contacts and evidence go, results stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.commands.verify import all_faults
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.period_states import PeriodState
from compete.domain.values.roles import Role
from compete.models import (
    Account,
    Competition,
    LabourNote,
    PeriodStand,
    SignInCard,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.roles import open_account
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.competitions.erasure_requests import (
    agree_erasure,
    ask_erasure,
    why_not_everybody,
)
from compete.services.competitions.retention import count_erased, kept_by, kept_of
from compete.services.kernel import audit
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.entry import Writer
from compete.services.labour.notes import add_note
from compete.services.labour.period_progress import period_stands
from compete.services.scoring.live import live_results
from tests.domain.labour.build import indicator, labour_bundle, quarter
from tests.services.labour.made_up import Contest, act, made_up
from tests.support.signing_in import signed_in

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ASKED = {"Accept": "application/json"}


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    """With a note of a department and a contact with a file."""
    made_up_contest = made_up(load, organiser)
    contact = create_account("钱联系")
    grant_role(
        contact,
        made_up_contest.competition,
        Role.CONTACT,
        unit=made_up_contest.competition.units[0],
    )
    issue_card(contact, one_time=False)
    own = Writer(made_up_contest.competition, contact, unit=made_up_contest.competition.units[0])
    for writer, keys in (
        (made_up_contest.writer(made_up_contest.safety), {"text": "王五当班"}),
        (own, {"filename": "王五的体检表.pdf", "content": PDF}),
    ):
        add_note(writer, "二月", ("甲", "安全"), uuid=str(uuid4()), **keys)  # type: ignore[arg-type]
    made_up_contest.enter(act("甲", "安全", "25"))
    return made_up_contest


@pytest.fixture
def second(contest: Contest, organiser: Account) -> Account:
    account = create_account("李监督")
    grant_role(account, contest.competition, Role.SUPERVISOR, by=organiser)
    return account


def announce(competition: Competition, days: int) -> None:
    """As if the last period had been announced so many days ago."""
    with unit_of_work() as session:
        known = period_stands(competition)
        for period in labour_of(competition).periods:
            row = known.get(period.code) or PeriodStand(
                competition_id=competition.id, period=period.code
            )
            row.state, row.changed_at = PeriodState.PUBLISHED, utc_now() - timedelta(days=days)
            session.add(row)
        session.flush()
        audit.record(competition, None, "competition.change", competition.code)


def erase(competition: Competition, organiser: Account, second: Account) -> int:
    return agree_erasure(ask_erasure(competition, None, "保存期到了", organiser), second)


@pytest.mark.each_database
def test_contacts_and_evidence_go_and_results_and_verify_hold(
    contest: Contest, organiser: Account, second: Account
) -> None:
    competition = contest.competition
    results = live_results(competition).results
    sums = set(db.session.scalars(select(LabourNote.sha256)))
    announce(competition, 800)
    (kept,) = kept_by(organiser)
    assert (kept.people, kept.is_past) == (3, True)
    assert erase(competition, organiser, second) == 3
    db.session.expire_all()

    notes = db.session.scalars(select(LabourNote)).all()
    assert {(note.text, note.filename, note.document) for note in notes} == {(None, None, None)}
    assert {note.sha256 for note in notes} == sums
    for account in (contest.zhou, contest.chen, *(note.maker for note in notes)):
        assert account.name == f"经办人{account.id}"
        assert (account.active, account.pin_hash, account.erased_at is None) == (
            *[False, None],
            False,
        )
    standing = select(SignInCard.id).where(SignInCard.cancelled_at.is_(None))
    assert db.session.scalars(standing).all() == []
    assert kept_of(competition).people == 0
    assert count_erased(competition.id) == 3
    assert live_results(competition).results == results
    assert (organiser.name, second.name) == ("吴敏", "李监督")
    assert all_faults() == []
    with pytest.raises(Refused, match="另建账号"):
        open_account(contest.zhou, organiser)


def test_whoever_another_competition_still_needs_keeps_the_name_until_that_is_erased_too(
    contest: Contest, load: Callable[..., Competition], organiser: Account, second: Account
) -> None:
    bundle = labour_bundle("甲", periods=quarter("一月"), indicators=[indicator("安全", 30)])
    file = json.loads(write_bundle(bundle))
    file["competition"]["code"] = "L2"
    other = load(file)
    grant_role(contest.zhou, other, Role.CONTACT, unit=other.units[0])
    grant_role(second, other, Role.SUPERVISOR)
    announce(contest.competition, 800)
    erase(contest.competition, organiser, second)
    assert (contest.zhou.name, contest.chen.active) == ("周茹", False)
    assert kept_of(contest.competition).people == 0
    announce(other, 800)
    assert kept_of(other).people == 1
    erase(other, organiser, second)
    assert contest.zhou.name == f"经办人{contest.zhou.id}"
    assert all_faults() == []


def test_it_waits_for_the_last_period_and_the_time(contest: Contest, organiser: Account) -> None:
    assert "还没有结束" in str(why_not_everybody(contest.competition))
    assert kept_by(organiser) == []
    announce(contest.competition, 30)
    assert "还没到期" in str(why_not_everybody(contest.competition))
    row = db.session.scalars(select(PeriodStand)).first()
    assert row is not None
    with unit_of_work():
        row.state = PeriodState.CORRECTED
        audit.record(contest.competition, None, "competition.change", contest.competition.code)
    assert "还没有结束" in str(why_not_everybody(contest.competition))


def test_the_pages_say_what_goes_and_what_is_gone(
    app: Flask, contest: Contest, organiser: Account, second: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk = signed_in(app, organiser)
    page = desk.get("/desk/L/personal-data").text
    assert "各期还没有都公布" in page
    assert "每一格的证据文件" in page
    assert "参赛证上的二维码" not in page
    assert 'href="/desk/L/personal-data"' in desk.get("/desk/L/details").text
    announce(contest.competition, 800)
    assert "个人资料过了保存期" in desk.get("/desk/L/labour").text
    assert "王五" in unit_page(desk)
    (note,) = db.session.scalars(select(LabourNote.uuid).where(LabourNote.document.is_not(None)))
    assert desk.get(f"/desk/L/labour/evidence/{note}").status_code == 200
    erase(contest.competition, organiser, second)
    gone = unit_page(desk)
    assert "王五" not in gone
    assert "保存期到了，已经删除" in gone
    assert desk.get(f"/desk/L/labour/evidence/{note}").status_code == 404
    assert "全部经办人" in desk.get("/desk/L/personal-data").text


def unit_page(desk: FlaskClient) -> str:
    answer = desk.get("/desk/L/labour/units/甲?period=二月")
    assert answer.status_code == 200
    return answer.text
