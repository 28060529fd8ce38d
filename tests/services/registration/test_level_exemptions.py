"""特准 by two: asked with a reason, agreed to by another, public; grade and file follow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from compete.domain import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.pending_approvals import pending_approvals
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.applicant_eligibility import (
    conditions_of_entrants,
    who_meets,
)
from compete.services.registration.level_exemptions import (
    agree_level_exemption,
    ask_level_exemption,
    end_level_exemption,
    level_exemption,
)
from compete.services.registration.opening import begin_judging
from compete.services.registration.passing import pass_person, why_not_passed
from compete.services.results.bends import bends_of
from compete.services.schedule.admissions import is_admitted
from compete.services.scoring.bundle_out import export_bundle
from tests.services.registration.test_issued_here import seat_judges
from tests.services.registration.test_passing import enter
from tests.support.evaluation import evaluation


@pytest.fixture
def batch(load: Callable[..., Competition]) -> Competition:
    plain = evaluation()
    plain["entrants"], plain["marks"] = [], []
    return load(plain)


@pytest.fixture
def second(batch: Competition, organiser: Account) -> Account:
    account = create_account("何立新")
    grant_role(account, batch, Role.ORGANISER, by=organiser)
    return account


def is_eligible(batch: Competition, who: Entrant) -> bool:
    eligible = conditions_of_entrants(batch, [who])[who.code].eligible
    assert [it.eligible for it in who_meets(batch) if it.entrant == who.code] == [eligible]
    return eligible


@pytest.mark.each_database
def test_one_asks_another_agrees_and_everybody_reads_why(
    batch: Competition, organiser: Account, second: Account
) -> None:
    short = enter(batch, organiser, "差时间", 12, grade_since="2024-03-01")
    with pytest.raises(Refused, match="特准要写原因"):
        ask_level_exemption(short, " ", organiser)
    db.session.rollback()
    row = ask_level_exemption(short, "援藏两年，按规定放宽", organiser)
    assert [it.kind for it in pending_approvals(batch)] == ["exempt"]
    assert not is_eligible(batch, short)
    with pytest.raises(Refused, match="已经有人提出"):
        ask_level_exemption(short, "再来", second)
    db.session.rollback()
    with pytest.raises(Refused, match="是你提出的"):
        agree_level_exemption(row, organiser)
    db.session.rollback()
    agree_level_exemption(row, second)
    assert is_eligible(batch, short)
    assert pending_approvals(batch) == []
    assert why_not_passed(short) is None
    pass_person(short, organiser)
    (bend,) = [it for it in bends_of(batch) if it.action == "entrant.level_exempt"]
    assert "特准一人报泵站运行工 四级" in str(bend.what)
    assert bend.why == "援藏两年，按规定放宽"
    assert short.code not in str(bend.what)
    # Its file says so, and a loaded one too.
    bundle = export_bundle(batch)
    assert [it.exempt for it in bundle.entrants] == [True]
    assert read_bundle(write_bundle(bundle)) == bundle
    # Taken back, the pass falls with it.
    end_level_exemption(row, organiser)
    assert not is_eligible(batch, short)
    assert not is_admitted(short)
    assert level_exemption(short) is None
    assert [*verify_chain(batch)] == []


def test_nobody_is_exempt_who_meets_a_line_or_once_it_has_begun(
    batch: Competition, organiser: Account, second: Account
) -> None:
    fits = enter(batch, organiser, "够的", 11)
    with pytest.raises(Refused, match="不用特准"):
        ask_level_exemption(fits, "想要", organiser)
    db.session.rollback()
    short = enter(batch, organiser, "差时间", 12, grade_since="2024-03-01")
    row = ask_level_exemption(short, "放宽", organiser)
    with unit_of_work():
        batch.state = CompetitionState.JUDGING
        audit.record(batch, organiser, "test.judging", batch.code)
    with pytest.raises(Refused, match="已经开考"):
        agree_level_exemption(row, second)
    db.session.rollback()
    with pytest.raises(Refused, match="已经开考"):
        end_level_exemption(row, second)
    db.session.rollback()
    assert not is_eligible(batch, short)


def test_a_loaded_file_keeps_who_is_exempt(load: Callable[..., Competition]) -> None:
    plain = evaluation()
    plain["entrants"][0]["exempt"] = True
    competition = load(plain)
    bundle = export_bundle(competition)
    assert [it.code for it in bundle.entrants if it.exempt] == [plain["entrants"][0]["code"]]
    own = Entrant.competition_id == competition.id
    who = db.session.scalars(select(Entrant).where(own).order_by(Entrant.id)).first()
    assert who is not None
    assert conditions_of_entrants(competition, [who])[who.code].exempt
    assert [*verify_chain(competition)] == []


def test_what_nobody_agreed_to_by_the_opening_is_dropped_and_waits_for_nobody(
    batch: Competition, organiser: Account, second: Account
) -> None:
    asked, agreed = (
        enter(batch, organiser, f"差时间{n}", 20 + n, grade_since="2024-03-01") for n in range(2)
    )
    row = ask_level_exemption(asked, "援藏两年", organiser)
    agree_level_exemption(ask_level_exemption(agreed, "援藏两年", organiser), second)
    for event in batch.events:
        seat_judges(batch, event, organiser)
    begin_judging(batch, organiser, "考评员少")
    assert pending_approvals(batch) == []
    assert row.ended_at is not None
    assert level_exemption(asked) is None
    assert level_exemption(agreed) is not None
    assert [*verify_chain(batch)] == []
